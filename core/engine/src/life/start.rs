//! From the queue to a running process: worktree, setup script, agent.

use crate::{
    book::{Prompt, Run},
    cx::Cx,
    life::{conflicts, finish, recipient, stop, turn},
};
use anyon_model::*;

/// Puts an execution of a session's agent into the queue.
pub fn enqueue(cx: &mut Cx<'_>, attempt: &Attempt, session_id: SessionId, prompt: String) -> ExecutionId {
    let execution = Execution {
        session_id: Some(session_id),
        prompt,
        ..blank(
            cx,
            attempt,
            RunReason::CodingAgent,
            ExecutionState::Queued { why: None },
        )
    };
    let execution_id = execution.id;
    cx.book
        .runs
        .insert(execution_id, Run::new(attempt.id, RunReason::CodingAgent));
    cx.book.queue.push(execution_id);
    cx.put(execution);
    conflicts::forget(cx, attempt.id);
    cx.move_task(attempt.task_id, TaskStatus::InProgress);
    execution_id
}

/// Puts an execution that waited before a restart into the queue again, with the draft that is its prompt.
pub fn wait(cx: &mut Cx<'_>, execution: &Execution, draft_id: Option<DraftId>) {
    let mut run = Run::new(execution.attempt_id, RunReason::CodingAgent);
    run.prompt = Prompt::Launched { draft_id };
    cx.book.runs.insert(execution.id, run);
    cx.book.queue.push(execution.id);
}

/// Makes a session.
pub fn put_session(
    cx: &mut Cx<'_>,
    attempt: &Attempt,
    profile: ExecutorProfileId,
    model: Option<String>,
) -> SessionId {
    let session = Session {
        id: cx.ids.make(),
        project_id: attempt.project_id,
        attempt_id: attempt.id,
        profile,
        model,
        agent_session: None,
        resume_point: None,
        created_at: cx.now,
    };
    let session_id = session.id;
    cx.put(session);
    session_id
}

/// Starts what waited: first the worktree, if there is none.
pub fn begin(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let Some((_, attempt)) = with_attempt(cx, execution_id) else {
        return;
    };
    match attempt.worktree.state {
        WorktreeState::Planned | WorktreeState::Creating => make_worktree(cx, execution_id, &attempt),
        WorktreeState::Ready => prepare(cx, execution_id),
        WorktreeState::Removed => fail(cx, execution_id, FailureKind::Worktree, "The worktree is gone"),
    }
}

fn make_worktree(cx: &mut Cx<'_>, execution_id: ExecutionId, attempt: &Attempt) {
    let Some(shard) = cx.shard(attempt.project_id) else {
        return;
    };
    set_state(
        cx,
        execution_id,
        ExecutionState::Queued {
            why: Some(QueueReason::Worktree),
        },
    );
    cx.edit_attempt(attempt.id, |attempt| {
        attempt.worktree.state = WorktreeState::Creating
    });
    cx.effect(Effect::CreateWorktree {
        attempt_id: attempt.id,
        plan: WorktreePlan {
            repo: shard.project.repo_path.clone(),
            path: attempt.worktree.path.clone(),
            branch: attempt.branch.clone(),
            base: attempt.base.clone(),
            copy_files: shard.project.copy_files.clone(),
        },
    });
}

/// The worktree is there, or could not be made.
pub fn worktree_created(cx: &mut Cx<'_>, attempt_id: AttemptId, result: Result<WorktreeMade, Problem>) {
    let Some(attempt) = cx
        .attempt(attempt_id)
        .filter(|a| a.worktree.state == WorktreeState::Creating)
    else {
        return;
    };
    cx.edit_attempt(attempt.id, |attempt| match &result {
        Ok(made) => {
            attempt.worktree.path = made.path.clone();
            attempt.base_commit = made.base_commit.clone();
            attempt.worktree.state = WorktreeState::Ready;
        }
        Err(_) => attempt.worktree.state = WorktreeState::Planned,
    });
    let Some(execution_id) = cx.book.live_agent(attempt_id) else {
        return;
    };
    cx.edit_live(execution_id, |live| live.worktree_percent = None);
    match (cancelled(cx, execution_id), result) {
        (Some(reason), _) => finish::finish(cx, execution_id, ExecutionState::Killed { reason }),
        (None, Ok(_)) => prepare(cx, execution_id),
        (None, Err(problem)) => fail(cx, execution_id, FailureKind::Worktree, &problem.to_string()),
    }
}

/// Runs the setup script if it has to run, else the agent.
fn prepare(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let Some((_, attempt)) = with_attempt(cx, execution_id) else {
        return;
    };
    match due_setup_script(cx, &attempt) {
        Some(script) => {
            set_state(
                cx,
                execution_id,
                ExecutionState::Queued {
                    why: Some(QueueReason::Worktree),
                },
            );
            run_setup(cx, &attempt, script);
        }
        None => spawn_agent(cx, execution_id),
    }
}

/// The setup script, unless it is blank, went well before, or an agent worked here before.
fn due_setup_script(cx: &Cx<'_>, attempt: &Attempt) -> Option<String> {
    let shard = cx.shard(attempt.project_id)?;
    let script = shard.project.setup_script.clone();
    let mut executions = shard.executions_of(attempt.id);
    let is_done = executions.any(|execution| match execution.run_reason {
        RunReason::SetupScript => execution.state == ExecutionState::Completed,
        _ => execution.started_at.is_some(),
    });
    (!script.trim().is_empty() && !is_done).then_some(script)
}

fn run_setup(cx: &mut Cx<'_>, attempt: &Attempt, script: String) {
    let mut execution = blank(cx, attempt, RunReason::SetupScript, ExecutionState::Starting);
    execution.prompt.clone_from(&script);
    let execution_id = execution.id;
    cx.put(execution);
    let mut run = Run::new(attempt.id, RunReason::SetupScript);
    run.spawning = true;
    cx.book.runs.insert(execution_id, run);
    cx.effect(Effect::Spawn(Box::new(LaunchRequest {
        execution_id,
        attempt_id: attempt.id,
        run_reason: RunReason::SetupScript,
        worktree: attempt.worktree.path.clone(),
        launch: Launch::Script { script },
    })));
}

/// The setup script of an attempt is over: its agent starts, or fails with it.
pub fn setup_ended(cx: &mut Cx<'_>, attempt_id: AttemptId, state: &ExecutionState) {
    let Some(execution_id) = cx.book.live_agent(attempt_id) else {
        return;
    };
    match (cancelled(cx, execution_id), state) {
        (Some(reason), _) => finish::finish(cx, execution_id, ExecutionState::Killed { reason }),
        (None, ExecutionState::Completed) => spawn_agent(cx, execution_id),
        (None, ExecutionState::Failed { message, .. }) => {
            fail(
                cx,
                execution_id,
                FailureKind::Setup,
                &format!("The setup script failed: {message}"),
            );
        }
        (None, _) => fail(
            cx,
            execution_id,
            FailureKind::Setup,
            "The setup script was stopped",
        ),
    }
}

fn spawn_agent(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let Some((execution, attempt)) = with_attempt(cx, execution_id) else {
        return;
    };
    let Some(launch) = agent_launch(cx, &execution, &attempt) else {
        let message = "The agent or its variant does not exist any more";
        return fail(cx, execution_id, FailureKind::Spawn, message);
    };
    let head = head_now(cx, &attempt);
    cx.edit_execution(execution_id, |execution| {
        execution.state = ExecutionState::Starting;
        execution.head_before = head;
    });
    if let Some(run) = cx.book.runs.get_mut(&execution_id) {
        run.spawning = true;
        run.resumes = launch.resume.is_some();
    }
    cx.effect(Effect::Spawn(Box::new(LaunchRequest {
        execution_id,
        attempt_id: attempt.id,
        run_reason: RunReason::CodingAgent,
        worktree: attempt.worktree.path.clone(),
        launch: Launch::Agent(Box::new(launch)),
    })));
}

fn agent_launch(cx: &Cx<'_>, execution: &Execution, attempt: &Attempt) -> Option<AgentLaunch> {
    let session = cx.session_of(execution)?;
    let is_first = execution.number == 1;
    let images = cx
        .task(attempt.task_id)
        .filter(|_| is_first)
        .map(|task| task.images.clone());
    let resumes = cx.agents.get(&session.profile.executor)?.capabilities.resumes;
    let agent_session = session.agent_session.clone().filter(|_| resumes);
    Some(AgentLaunch {
        profile: session.profile.clone(),
        config: ProfileConfig {
            // Every prompt has it already.
            append_prompt: None,
            ..cx.config_of_session(&session)?
        },
        prompt: execution.prompt.clone(),
        images: images.unwrap_or_default(),
        approve: attempt.approve,
        resume: agent_session.map(|agent_session| ResumeFrom {
            agent_session,
            at: None,
            fork: false,
        }),
        // Not the session's id: an agent refuses a name that an earlier, failed start has used.
        session_name: execution.id.to_string(),
        handover: recipient::handover(cx, attempt, &session),
        mcp: cx.state.settings.mcp_in_attempts,
    })
}

/// Where the worktree's `HEAD` stood when anything last looked.
fn head_now(cx: &Cx<'_>, attempt: &Attempt) -> Option<String> {
    let shard = cx.shard(attempt.project_id)?;
    let ended = shard
        .executions_of(attempt.id)
        .filter(|execution| execution.head_after.is_some());
    let last = ended.max_by_key(|execution| execution.number);
    let base = Some(attempt.base_commit.clone()).filter(|commit| !commit.is_empty());
    last.and_then(|execution| execution.head_after.clone()).or(base)
}

/// The process is there, or could not be started.
pub fn spawned(cx: &mut Cx<'_>, execution_id: ExecutionId, result: Result<ProcessRecord, LaunchFailure>) {
    let is_expected = cx.book.runs.get(&execution_id).is_some_and(|run| run.spawning);
    match (is_expected, result) {
        (true, Ok(process)) => attach(cx, execution_id, process),
        (true, Err(failure)) => not_spawned(cx, execution_id, failure),
        // Given up on meanwhile: nothing may run that is not recorded.
        (false, Ok(_)) if !cx.book.runs.contains_key(&execution_id) => {
            cx.effect(Effect::Stop {
                execution_id,
                step: StopStep::Kill,
            });
        }
        (false, _) => {}
    }
}

fn attach(cx: &mut Cx<'_>, execution_id: ExecutionId, process: ProcessRecord) {
    if let Some(run) = cx.book.runs.get_mut(&execution_id) {
        run.spawning = false;
    }
    let (now, mut in_turn) = (cx.now, false);
    cx.edit_execution(execution_id, |execution| {
        execution.process = Some(process);
        execution.started_at = Some(now);
        if execution.state == ExecutionState::Starting {
            execution.state = ExecutionState::Running {
                activity: Activity::Turn,
            };
            in_turn = execution.run_reason == RunReason::CodingAgent;
        }
    });
    if in_turn {
        turn::begins(cx, execution_id);
    }
    cx.effect(Effect::Attach { execution_id });
    stop::go_on_after_spawn(cx, execution_id);
}

fn not_spawned(cx: &mut Cx<'_>, execution_id: ExecutionId, failure: LaunchFailure) {
    let state = cx
        .execution(execution_id)
        .map(|execution| execution.state.clone());
    match state {
        Some(ExecutionState::Stopping { reason, .. }) => {
            finish::finish(cx, execution_id, ExecutionState::Killed { reason });
        }
        _ => fail(cx, execution_id, failure.kind, &failure.message),
    }
}

fn fail(cx: &mut Cx<'_>, execution_id: ExecutionId, kind: FailureKind, message: &str) {
    let message = message.to_owned();
    finish::finish(cx, execution_id, ExecutionState::Failed { kind, message });
}

fn cancelled(cx: &Cx<'_>, execution_id: ExecutionId) -> Option<StopReason> {
    cx.book.runs.get(&execution_id)?.cancelled
}

fn set_state(cx: &mut Cx<'_>, execution_id: ExecutionId, state: ExecutionState) {
    cx.edit_execution(execution_id, |execution| execution.state = state);
}

fn with_attempt(
    cx: &Cx<'_>,
    execution_id: ExecutionId,
) -> Option<(std::sync::Arc<Execution>, std::sync::Arc<Attempt>)> {
    let execution = cx.execution(execution_id)?;
    let attempt = cx.attempt(execution.attempt_id)?;
    Some((execution, attempt))
}

fn blank(cx: &mut Cx<'_>, attempt: &Attempt, run_reason: RunReason, state: ExecutionState) -> Execution {
    let shard = cx.shard(attempt.project_id);
    let numbers = shard.iter().flat_map(|shard| shard.executions_of(attempt.id));
    let last_number = numbers.map(|execution| execution.number).max().unwrap_or(0);
    Execution {
        id: cx.ids.make(),
        project_id: attempt.project_id,
        attempt_id: attempt.id,
        session_id: None,
        number: last_number + 1,
        run_reason,
        prompt: String::new(),
        state,
        process: None,
        log: LogLengths::default(),
        head_before: None,
        head_after: None,
        usage: TokenUsage::default(),
        model: None,
        dropped: false,
        turn_stopped: false,
        created_at: cx.now,
        started_at: None,
        ended_at: None,
    }
}
