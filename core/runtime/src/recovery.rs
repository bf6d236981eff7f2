//! At the start: finds out what an earlier end left behind. Inventory first, then the store's word; only what carries
//! our marks is touched.

use crate::{
    clock,
    drivers::{git::GitShared, process::ScriptOutput},
};
use anyon_executors::{
    agents,
    protocols::{Output, Protocol},
};
use anyon_model::{
    AgentEvent, Attempt, AttemptId, Entity, EntryChange, Execution, ExecutionId, FilePath, Input, LogLengths,
    LogLine, ProjectId, Recovered, Session, SessionId, Timestamp, WorktreeState,
};
use anyon_storage::logs::{self, LogFolder};
use std::{collections::HashMap, sync::Arc};

/// Ends survivors, makes logs whole again, takes half-made worktrees back, and tells the engine. Blocks.
pub fn recover(entities: &[Entity], log_folder: &LogFolder, git: &GitShared) -> Input {
    let unfinished: Vec<_> = executions(entities)
        .filter(|execution| !execution.state.is_final())
        .collect();
    let records: Vec<_> = unfinished
        .iter()
        .map(|execution| (execution.id, execution.process.clone()))
        .collect();
    // Looks through the system's processes: only when something may be left.
    let killed: HashMap<ExecutionId, u32> = if records.is_empty() {
        HashMap::new()
    } else {
        anyon_executors::process::end_survivors(&records)
            .into_iter()
            .collect()
    };
    let unswept = sweep_half_made(entities, git);
    let sessions = sessions(entities);
    let recovered = unfinished
        .into_iter()
        .map(|execution| Recovered {
            execution_id: execution.id,
            log: recover_log_or_leave(&readable(execution, &sessions), log_folder),
            killed: killed.get(&execution.id).copied().unwrap_or(0),
        })
        .collect();
    Input::Started { recovered, unswept }
}

fn readable(execution: &Execution, sessions: &HashMap<SessionId, Arc<Session>>) -> Readable {
    let session = execution
        .session_id
        .and_then(|session_id| sessions.get(&session_id));
    Readable::new(execution, session.map(|session| &**session))
}

fn executions(entities: &[Entity]) -> impl Iterator<Item = &Arc<Execution>> {
    entities.iter().filter_map(|entity| match entity {
        Entity::Execution(execution) => Some(execution),
        _ => None,
    })
}

fn sessions(entities: &[Entity]) -> HashMap<SessionId, Arc<Session>> {
    entities
        .iter()
        .filter_map(|entity| match entity {
            Entity::Session(session) => Some((session.id, session.clone())),
            _ => None,
        })
        .collect()
}

/// Who wrote a log.
enum Source {
    /// The agent with this id.
    Agent(String),
    /// This script.
    Script(String),
}

impl Source {
    fn protocol(&self) -> Option<Box<dyn Protocol>> {
        match self {
            Self::Agent(executor) => agents::log_protocol(executor),
            Self::Script(script) => Some(Box::new(ScriptOutput::new(script.clone()))),
        }
    }
}

/// What reading an execution's log again takes.
pub struct Readable {
    /// Whose log.
    pub id: ExecutionId,
    source: Source,
    began: Timestamp,
    durable: LogLengths,
}

impl Readable {
    /// For an execution of this agent.
    pub fn of_agent(id: ExecutionId, executor: String, began: Timestamp, durable: LogLengths) -> Self {
        Self {
            id,
            source: Source::Agent(executor),
            began,
            durable,
        }
    }
    /// For an execution and the session it speaks for.
    pub fn new(execution: &Execution, session: Option<&Session>) -> Self {
        Self {
            id: execution.id,
            source: match session {
                Some(session) => Source::Agent(session.profile.executor.clone()),
                None => Source::Script(execution.prompt.clone()),
            },
            began: execution.started_at.unwrap_or(execution.created_at),
            durable: execution.log,
        }
    }
}

/// Makes a log whole again: cuts what was half written, and makes the entries anew from the raw lines.
pub fn recover_log(execution: &Readable, folder: &LogFolder) -> std::io::Result<LogLengths> {
    let mut protocol = execution.source.protocol();
    logs::recover(folder, execution.id, execution.durable, &mut |line, changes| {
        if let Some(protocol) = &mut protocol {
            parse(&mut **protocol, execution.began, line, changes);
        }
    })
}

/// At the start a log that cannot be made whole stops nothing: what is durable of it stays.
fn recover_log_or_leave(execution: &Readable, folder: &LogFolder) -> LogLengths {
    recover_log(execution, folder).unwrap_or_else(|error| {
        tracing::warn!(%error, execution = %execution.id, "a log could not be made whole");
        execution.durable
    })
}

fn parse(protocol: &mut dyn Protocol, began: Timestamp, line: &LogLine, changes: &mut Vec<EntryChange>) {
    let at = began.plus_ms(i64::try_from(line.after_ms).unwrap_or(i64::MAX));
    let mut output = Output::default();
    protocol.on_line(line.stream, &line.bytes, at, &mut output);
    changes.extend(output.events.into_iter().filter_map(|event| match event {
        AgentEvent::Entry(change) => Some(change),
        _ => None,
    }));
}

/// Takes back worktrees whose creation was broken off; names those that could not be.
fn sweep_half_made(entities: &[Entity], git: &GitShared) -> Vec<AttemptId> {
    let repos = repositories(entities);
    let half_made = attempts(entities).filter(|attempt| attempt.worktree.state == WorktreeState::Creating);
    half_made
        .filter(|attempt| {
            let Attempt {
                id, branch, worktree, ..
            } = &***attempt;
            let repo = repos.get(&attempt.project_id);
            !repo
                .is_some_and(|repo| git.sweep_half_made(*id, repo.as_path(), worktree.path.as_path(), branch))
        })
        .map(|attempt| attempt.id)
        .collect()
}

fn attempts(entities: &[Entity]) -> impl Iterator<Item = &Arc<Attempt>> {
    entities.iter().filter_map(|entity| match entity {
        Entity::Attempt(attempt) => Some(attempt),
        _ => None,
    })
}

fn repositories(entities: &[Entity]) -> HashMap<ProjectId, &FilePath> {
    entities
        .iter()
        .filter_map(|entity| match entity {
            Entity::Project(project) => Some((project.id, &project.repo_path)),
            _ => None,
        })
        .collect()
}

/// After an end that was none (a crash, a kill), a snapshot may be in a repository without its row. Attempts with
/// their repositories, to be looked through in the background.
pub fn snapshots_to_look_for(entities: &[Entity]) -> Vec<(AttemptId, FilePath)> {
    let repos = repositories(entities);
    attempts(entities)
        .filter_map(|attempt| Some((attempt.id, (*repos.get(&attempt.project_id)?).clone())))
        .collect()
}

/// Empties the trash folder of what is too old or too much.
pub fn prune_trash(git: &GitShared, cap_mib: u64, days: u32) {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let cap_bytes = cap_mib.saturating_mul(1 << 20);
    let max_age_ms = i64::from(days).saturating_mul(DAY_MS);
    if let Err(error) = anyon_git::prune_trash(&git.trash, cap_bytes, max_age_ms, clock::now()) {
        tracing::warn!(%error, "the trash folder could not be looked through");
    }
}
