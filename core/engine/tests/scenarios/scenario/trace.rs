//! Changes and effects in short lines: attempts are `A1`, executions `A1.2`, questions by their key.

use anyon_model::*;
use std::collections::BTreeMap;

/// Short names, given in the order of appearance.
#[derive(Default)]
pub struct Names {
    attempts: BTreeMap<AttemptId, usize>,
    executions: BTreeMap<ExecutionId, String>,
}

impl Names {
    fn attempt(&mut self, attempt_id: AttemptId) -> String {
        let next = self.attempts.len() + 1;
        format!("A{}", self.attempts.entry(attempt_id).or_insert(next))
    }

    fn execution(&mut self, execution_id: ExecutionId, state: &State) -> String {
        if let Some(name) = self.executions.get(&execution_id) {
            return name.clone();
        }
        let shard = state.shard_of_execution(execution_id);
        let found = shard.and_then(|shard| shard.executions.get(&execution_id).cloned());
        let Some(execution) = found else {
            return "A?".into();
        };
        let name = format!("{}.{}", self.attempt(execution.attempt_id), execution.number);
        self.executions.insert(execution_id, name.clone());
        name
    }

    pub fn input(&mut self, input: &Input, state: &State) -> String {
        match input {
            Input::Command { command, actor, .. } => {
                let who = if *actor == Actor::Person {
                    String::new()
                } else {
                    format!("{actor:?} ")
                };
                format!("{who}{}", word(command))
            }
            Input::Agent { execution_id, events } => {
                let events: Vec<_> = events.iter().map(event).collect();
                format!(
                    "{} says {}",
                    self.execution(*execution_id, state),
                    events.join(", ")
                )
            }
            Input::Spawned { execution_id, result } => {
                let how = result
                    .as_ref()
                    .map_or_else(|failure| format!("not: {}", failure.message), |_| String::new());
                format!("{} spawned {how}", self.execution(*execution_id, state))
                    .trim_end()
                    .into()
            }
            Input::Exited {
                execution_id, status, ..
            } => {
                format!("{} exited {status:?}", self.execution(*execution_id, state))
            }
            Input::TimerFired { key } => format!("timer {}", self.timer(key, state)),
            other => word(other),
        }
    }

    pub fn change(&mut self, change: &Change, state: &State) -> String {
        match change {
            Change::Put(entity) => self.entity(entity, state),
            Change::Remove(key) => format!("remove {}", word(key)),
            Change::Live { execution_id, live } => {
                let name = self.execution(*execution_id, state);
                match live {
                    None => format!("live {name} gone"),
                    Some(live) => format!("live {name}{}", live_line(live)),
                }
            }
            other => self.volatile(other),
        }
    }

    fn volatile(&mut self, change: &Change) -> String {
        match change {
            Change::Clone {
                clone: Some(clone), ..
            } => {
                let cancelled = if clone.cancelled { " cancelled" } else { "" };
                format!("clone {} {}%{cancelled}", clone.folder, clone.percent)
            }
            Change::Clone { .. } => "clone gone".into(),
            Change::Confirmation { confirmation, .. } => match confirmation {
                Some(asked) => format!("confirmation {}", word(&asked.command)),
                None => "confirmation gone".into(),
            },
            Change::Conflicts {
                attempt_id,
                conflicts,
            } => {
                let files = conflicts.as_ref().map_or(0, |conflicts| conflicts.files.len());
                format!("conflicts {} {files}", self.attempt(*attempt_id))
            }
            _ => String::new(),
        }
    }

    fn entity(&mut self, entity: &Entity, state: &State) -> String {
        match entity {
            Entity::Project(project) => format!("project {} {}", project.short_prefix, project.name),
            Entity::Task(task) => {
                let unread = if task.unread { " unread" } else { "" };
                format!("task {} {}{unread}", task.number, task.status)
            }
            Entity::Attempt(attempt) => {
                let flags = [(attempt.dropped, " dropped"), (attempt.worktree.keep, " keep")];
                let flags: String = flags
                    .iter()
                    .filter(|(is, _)| *is)
                    .map(|(_, flag)| *flag)
                    .collect();
                let worktree = format!("{:?}", attempt.worktree.state).to_lowercase();
                format!(
                    "attempt {} {} worktree {worktree}{flags}",
                    self.attempt(attempt.id),
                    attempt.branch
                )
            }
            Entity::Session(session) => {
                let agent_session = session.agent_session.as_deref().unwrap_or("unnamed");
                let model = session.model.as_ref().map(|model| format!(" model {model}"));
                format!(
                    "session {}{} {agent_session}",
                    session.profile,
                    model.unwrap_or_default()
                )
            }
            Entity::Execution(execution) => {
                let name = self.execution(execution.id, state);
                let script = if execution.run_reason == RunReason::CodingAgent {
                    ""
                } else {
                    " script"
                };
                format!("execution {name}{script} {}", execution_state(&execution.state))
            }
            Entity::Approval(approval) => {
                format!(
                    "approval {} {}",
                    approval.request.key,
                    approval_state(&approval.state)
                )
            }
            Entity::Draft(draft) => {
                let to = draft.to.profile.as_ref().map(|profile| format!(" to {profile}"));
                format!("draft {:?}{}", draft.text, to.unwrap_or_default())
            }
            Entity::Merge(merge) => format!("merge into {}", merge.target),
            Entity::Snapshot(snapshot) => format!("snapshot {} {:?}", snapshot.number, snapshot.reason),
            Entity::History(entry) => format!("history {} ({} refs)", entry.what, entry.refs.len()),
            Entity::Rule(rule) => format!("rule {:?} {:?}", rule.kind, rule.pattern),
            other => word(&other.key()),
        }
    }

    pub fn effect(&mut self, effect: &Effect, state: &State) -> String {
        match effect {
            Effect::Reply {
                result: Ok(outcome), ..
            } => format!("reply {}", word(outcome)),
            Effect::Reply {
                result: Err(problem), ..
            } => format!("reply {:?}: {}", problem.code, problem.title),
            Effect::CreateWorktree { plan, .. } => {
                format!(
                    "create worktree {} on {} from {}",
                    plan.path, plan.branch, plan.base
                )
            }
            Effect::Spawn(request) => {
                format!(
                    "spawn {} {}",
                    self.execution(request.execution_id, state),
                    launch(&request.launch)
                )
            }
            Effect::Attach { execution_id } => format!("attach {}", self.execution(*execution_id, state)),
            Effect::Send {
                execution_id,
                request,
            } => {
                format!(
                    "send {} {}",
                    self.execution(*execution_id, state),
                    agent_request(request)
                )
            }
            Effect::Stop { execution_id, step } => {
                format!("stop {} {step:?}", self.execution(*execution_id, state))
            }
            Effect::SetTimer { key, .. } => format!("timer {}", self.timer(key, state)),
            Effect::RemoveWorktree { reason, place, .. } => {
                format!("remove worktree {reason:?} (snapshot {})", place.next_snapshot)
            }
            Effect::Land {
                message,
                work_message,
                ..
            } => format!("land {message:?} after {work_message:?}"),
            Effect::CommitWork { message, .. } => format!("commit {message:?}"),
            Effect::Notify { title, body, .. } => format!("notify {title}: {body}"),
            other => word(other),
        }
    }

    fn timer(&mut self, key: &TimerKey, state: &State) -> String {
        match key {
            TimerKey::StopStep { execution_id, step } => {
                format!("{step:?} of {}", self.execution(*execution_id, state))
            }
            TimerKey::Idle { execution_id } => format!("idle of {}", self.execution(*execution_id, state)),
            TimerKey::Confirmation { .. } => "confirmation".into(),
            TimerKey::Queue => "queue".into(),
            TimerKey::Limit { execution_id } => format!("limit of {}", self.execution(*execution_id, state)),
        }
    }
}

/// The name of a variant.
fn word(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    text[..end].to_owned()
}

fn event(event: &AgentEvent) -> String {
    match event {
        AgentEvent::TurnEnded(TurnOutcome::Failed { kind, .. }) => format!("TurnEnded({kind:?})"),
        AgentEvent::TurnEnded(outcome) => format!("TurnEnded({outcome:?})"),
        AgentEvent::Approval(request) => format!("Approval({})", request.key),
        other => word(other),
    }
}

fn live_line(live: &Live) -> String {
    let mut line = String::new();
    if let Some(percent) = live.worktree_percent {
        line.push_str(&format!(" {percent}%"));
    }
    if !live.activity.is_empty() {
        line.push_str(&format!(" {:?}", live.activity));
    }
    if let Some(retrying) = &live.retrying {
        line.push_str(&format!(" retrying {retrying:?}"));
    }
    line
}

fn execution_state(state: &ExecutionState) -> String {
    match state {
        ExecutionState::Queued { why: None } => "queued".into(),
        ExecutionState::Queued { why: Some(why) } => format!("queued {why:?}"),
        ExecutionState::Running {
            activity: Activity::Waiting { approvals },
        } => format!("waiting for {approvals}"),
        ExecutionState::Stopping { step, reason } => format!("stopping {step:?} for {reason:?}"),
        ExecutionState::Failed { kind, message } => {
            format!("failed {kind:?}: {message}").replace('\n', " / ")
        }
        ExecutionState::Killed { reason } => format!("killed {reason:?}"),
        other => other.as_str().into(),
    }
}

fn approval_state(state: &ApprovalState) -> String {
    match state {
        ApprovalState::Answered { answer, by } => format!("{} by {}", answer_line(answer), word(by)),
        other => word(other).to_lowercase(),
    }
}

fn answer_line(answer: &ApprovalAnswer) -> String {
    match answer {
        ApprovalAnswer::Approved { scope } => format!("approved {scope:?}").to_lowercase(),
        ApprovalAnswer::Denied { reason } => format!("denied {:?}", reason.as_deref().unwrap_or("")),
        ApprovalAnswer::Answered { answers } => format!("answered {answers:?}"),
    }
}

fn launch(launch: &Launch) -> String {
    match launch {
        Launch::Script { script } => format!("script {script:?}"),
        Launch::Agent(launch) => {
            let resume = launch
                .resume
                .as_ref()
                .map(|resume| format!(" resume {}", resume.agent_session));
            let model = launch
                .config
                .model
                .as_ref()
                .map(|model| format!(" model {model}"));
            let after = launch.handover.as_ref().map(|handover| {
                let names = handover.earlier.iter().map(|told| told.agent_name.as_str());
                format!(" after {}", names.collect::<Vec<_>>().join(", "))
            });
            format!(
                "{}{}{} {:?}{}",
                launch.profile,
                model.unwrap_or_default(),
                resume.unwrap_or_default(),
                launch.prompt,
                after.unwrap_or_default()
            )
        }
    }
}

fn agent_request(request: &AgentRequest) -> String {
    match request {
        AgentRequest::Prompt { text, .. } => format!("prompt {text:?}"),
        AgentRequest::Answer { key, answer } => format!("answer {key} {}", answer_line(answer)),
        AgentRequest::Switch { model, plan } => {
            format!("switch model {} plan {plan}", model.as_deref().unwrap_or("own"))
        }
        AgentRequest::Interrupt => "interrupt".into(),
    }
}
