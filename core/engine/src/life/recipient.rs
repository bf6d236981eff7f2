//! Whom a prompt goes to: the agent that is there, the same one set up differently, or another one that takes over.

use crate::{cx::Cx, handlers::start_attempt, life::start, problems, prompt};
use anyon_model::*;
use std::sync::Arc;

/// What a living process has to do with a prompt.
pub enum Route {
    /// It takes it as it is.
    Here,
    /// It takes it once its model or mode is another.
    Switched(Box<Switch>),
    /// Another process takes it: of another agent, or of the same one started differently.
    Elsewhere,
}

/// Another setting of a living agent.
pub struct Switch {
    session: Arc<Session>,
    profile: ExecutorProfileId,
    model: Option<String>,
    config: ProfileConfig,
}

/// Agent, variant and model that a prompt asks for.
struct Wish {
    profile: ExecutorProfileId,
    model: Option<String>,
}

impl Wish {
    /// What is not named stays; the model goes with the agent it was chosen for.
    fn of(to: &Recipient, session: &Session) -> Self {
        let profile = to.profile.clone().unwrap_or_else(|| session.profile.clone());
        let kept = || {
            let same_agent = profile.executor == session.profile.executor;
            session.model.clone().filter(|_| same_agent)
        };
        let model = match &to.model {
            Some(model) => Some(model.clone()).filter(|model| !model.is_empty()),
            None => kept(),
        };
        Self { profile, model }
    }
    fn is_of(&self, session: &Session) -> bool {
        same_profile(&self.profile, &session.profile) && self.model == session.model
    }
}

/// `DEFAULT` is the same variant, named or not.
fn same_profile(a: &ExecutorProfileId, b: &ExecutorProfileId) -> bool {
    a.executor == b.executor && a.variant_name() == b.variant_name()
}

/// Refuses an agent or a variant that there is not.
pub fn check(cx: &Cx<'_>, to: &Recipient) -> Result<(), Problem> {
    match &to.profile {
        Some(profile) => start_attempt::known_config(cx, profile).map(|_| ()),
        None => Ok(()),
    }
}

/// What a living process has to do with a prompt for this recipient.
pub fn route(cx: &Cx<'_>, execution: &Execution, to: &Recipient) -> Route {
    let Some(session) = cx.session_of(execution) else {
        return Route::Here;
    };
    let wish = Wish::of(to, &session);
    if wish.is_of(&session) {
        return Route::Here;
    }
    let agent = cx.agents.get(&session.profile.executor);
    let switches = agent.is_some_and(|agent| agent.capabilities.switches);
    let (old, new) = (cx.config_of_session(&session), cx.config_of(&wish.profile));
    match (old, new) {
        (Some(old), Some(new))
            if switches
                && wish.profile.executor == session.profile.executor
                && as_started(&old) == as_started(&new) =>
        {
            let config = with_model(new, wish.model.clone());
            Route::Switched(Box::new(Switch {
                session,
                profile: wish.profile,
                model: wish.model,
                config,
            }))
        }
        _ => Route::Elsewhere,
    }
}

/// A configuration without what can be changed while the process lives.
fn as_started(config: &ProfileConfig) -> ProfileConfig {
    ProfileConfig {
        model: None,
        plan: false,
        append_prompt: None,
        ..config.clone()
    }
}

/// A configuration with the model that was chosen for a session.
pub fn with_model(mut config: ProfileConfig, model: Option<String>) -> ProfileConfig {
    config.model = model.or(config.model);
    config
}

/// Tells a living agent its new model and mode.
pub fn switch(cx: &mut Cx<'_>, execution_id: ExecutionId, switch: Switch) {
    let Switch {
        session,
        profile,
        model,
        config,
    } = switch;
    let session_id = settled(cx, &session, profile, model);
    cx.edit_execution(execution_id, |execution| execution.session_id = Some(session_id));
    cx.effect(Effect::Send {
        execution_id,
        request: AgentRequest::Switch {
            model: config.model,
            plan: config.plan,
        },
    });
}

/// The session under these settings. Another variant makes another one, which goes on with the same conversation: what
/// was allowed under the old variant, such as a plan, does not hold under the new.
fn settled(
    cx: &mut Cx<'_>,
    session: &Session,
    profile: ExecutorProfileId,
    model: Option<String>,
) -> SessionId {
    if same_profile(&profile, &session.profile) {
        if model != session.model {
            cx.put(Session {
                model,
                ..session.clone()
            });
        }
        return session.id;
    }
    continued(cx, session, profile, model)
}

/// A session that goes on with the conversation of another one.
fn continued(
    cx: &mut Cx<'_>,
    session: &Session,
    profile: ExecutorProfileId,
    model: Option<String>,
) -> SessionId {
    let next = Session {
        id: cx.ids.make(),
        profile,
        model,
        created_at: cx.now,
        ..session.clone()
    };
    let session_id = next.id;
    cx.put(next);
    session_id
}

/// Puts a further prompt of an attempt without a process into the queue: its session is gone on with where that is
/// possible, else a new conversation is told the task too. Another agent than the last one gets a session of its own
/// and is told what was done. Without a text the agent is told to continue.
pub fn enqueue(
    cx: &mut Cx<'_>,
    attempt: &Attempt,
    text: Option<&str>,
    to: &Recipient,
) -> Result<ExecutionId, Problem> {
    let shard = cx.find_shard(attempt.project_id)?;
    let task = cx.find_task(attempt.task_id)?;
    let last = shard
        .last_session(attempt.id)
        .cloned()
        .ok_or_else(|| problems::not_found("session"))?;
    let wish = Wish::of(to, &last);
    let agent = cx.agents.get(&wish.profile.executor);
    let (Some(agent), Some(config)) = (agent, cx.config_of(&wish.profile)) else {
        return Err(start_attempt::unknown_profile(cx, &wish.profile));
    };
    let can_resume = agent.capabilities.resumes;
    let own = own_session(&shard, &last, &wish.profile.executor);
    let known = own.as_ref().is_some_and(|own| own.agent_session.is_some());
    let resumes = known && can_resume;
    let takes_over = !resumes && worked_elsewhere(&shard, attempt.id, &wish.profile.executor);
    let text = match text {
        Some(text) if resumes || takes_over => text.to_owned(),
        None if resumes => prompt::CONTINUE.to_owned(),
        None if takes_over => prompt::TAKE_OVER.to_owned(),
        text => prompt::joined(&prompt::of_task(&task), text.unwrap_or("")),
    };
    let session_id = match own {
        Some(own) if own.id == last.id && (resumes || !known) => settled(cx, &own, wish.profile, wish.model),
        // It is the attempt's last session again.
        Some(own) if resumes => continued(cx, &own, wish.profile, wish.model),
        _ => start::put_session(cx, attempt, wish.profile, wish.model),
    };
    let text = prompt::finished(cx, &text, &config);
    Ok(start::enqueue(cx, attempt, session_id, text))
}

/// The session of this agent that nobody else's work came after.
fn own_session(shard: &ProjectShard, last: &Arc<Session>, executor: &str) -> Option<Arc<Session>> {
    if last.profile.executor == executor {
        return Some(last.clone());
    }
    let mut worked: Vec<_> = shard
        .executions_of(last.attempt_id)
        .filter(|execution| execution.started_at.is_some() && !execution.dropped)
        .filter_map(|execution| Some((execution.number, execution.session_id?)))
        .collect();
    worked.sort_unstable_by_key(|(number, _)| *number);
    let (_, session_id) = worked.last()?;
    let session = shard.sessions.get(session_id)?;
    (session.profile.executor == executor).then(|| session.clone())
}

/// A new session with a summary of what was done does what the one that is lost was to do.
pub fn begin_anew(cx: &mut Cx<'_>, attempt: &Attempt, execution: &Execution) {
    let Some(lost) = cx.session_of(execution) else {
        return;
    };
    let session_id = start::put_session(cx, attempt, lost.profile.clone(), lost.model.clone());
    let prompt = match execution.prompt.strip_prefix(prompt::CONTINUE) {
        Some(rest) => format!("{}{rest}", prompt::TAKE_OVER),
        None => execution.prompt.clone(),
    };
    start::enqueue(cx, attempt, session_id, prompt);
}

/// Work was done in the attempt that a new conversation of this agent knows nothing of: by another agent, or in a
/// session that it cannot go on with.
fn worked_elsewhere(shard: &ProjectShard, attempt_id: AttemptId, executor: &str) -> bool {
    let mut worked = shard.executions_of(attempt_id).filter(|one| has_worked(one));
    worked.any(|execution| {
        let session = execution
            .session_id
            .and_then(|session_id| shard.sessions.get(&session_id));
        session.is_some_and(|session| is_elsewhere(session, executor))
    })
}

/// It was started and did something.
fn has_worked(execution: &Execution) -> bool {
    let lost = matches!(
        execution.state,
        ExecutionState::Failed {
            kind: FailureKind::SessionLost,
            ..
        }
    );
    execution.started_at.is_some() && !execution.dropped && !lost
}

fn is_elsewhere(session: &Session, executor: &str) -> bool {
    session.profile.executor != executor || session.agent_session.is_some()
}

/// What an agent is told whose conversation is new, of the work that was done before in others.
pub fn handover(cx: &Cx<'_>, attempt: &Attempt, session: &Session) -> Option<Handover> {
    let executor = &session.profile.executor;
    let shard = cx.shard(attempt.project_id)?;
    if session.agent_session.is_some() || !worked_elsewhere(&shard, attempt.id, executor) {
        return None;
    }
    let mut earlier: Vec<(u32, EarlierExecution)> = shard
        .executions_of(attempt.id)
        .filter(|execution| has_worked(execution))
        .filter_map(|execution| {
            let of = shard.sessions.get(&execution.session_id?)?;
            let executor = of.profile.executor.clone();
            let told = EarlierExecution {
                execution_id: execution.id,
                agent_name: cx
                    .agents
                    .get(&executor)
                    .map_or_else(|| executor.clone(), |agent| agent.name.clone()),
                executor,
                began: execution.started_at?,
                log: execution.log,
            };
            Some((execution.number, told))
        })
        .collect();
    earlier.sort_by_key(|(number, _)| *number);
    let lost = earlier.last().is_some_and(|(_, told)| told.executor == *executor);
    Some(Handover {
        task: prompt::of_task(&*cx.task(attempt.task_id)?),
        base_commit: attempt.base_commit.clone(),
        earlier: earlier.into_iter().map(|(_, told)| told).collect(),
        lost,
    })
}
