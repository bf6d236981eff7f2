//! What an agent gets to see: the board of its own project, and what was said and changed only in its own work: its
//! attempt and those that it started. What it may do is told by the handlers.
//!
//! Of others' attempts on the same board it sees that they are there and how they stand, not what was asked of them.
//! Other projects, the person's profiles (they hold secrets), clones and open confirmations are not there for it.

use crate::{handlers::witness, problems};
use anyon_model::*;
use std::{collections::BTreeSet, sync::Arc};

/// The sight of one agent on a state that changes.
#[derive(Debug, Clone)]
pub struct AgentSight {
    own: AttemptId,
    /// `None`: its attempt is gone, and with it all that it sees.
    project: Option<ProjectId>,
    work: BTreeSet<AttemptId>,
}

impl AgentSight {
    /// The sight of the agent of an attempt.
    pub fn new(own: AttemptId, state: &State) -> Self {
        let shard = state.shard_of_attempt(own);
        Self {
            own,
            project: shard.map(|shard| shard.project.id),
            work: shard.map_or_else(BTreeSet::new, |shard| witness::work_of(shard, own)),
        }
    }

    /// What it sees of a state.
    pub fn state(&self, state: &State) -> State {
        let mut seen = State::default();
        seen.apply(&self.filtered(state, &state.as_changes()));
        seen.revision = state.revision;
        seen
    }

    /// What it is told of the changes that led to a state. What it starts is its own from then on.
    pub fn follow(&mut self, state: &State, changes: &[Change]) -> Vec<Change> {
        let mut told = self.filtered(state, changes);
        let bears_on_work = |change: &Change| {
            matches!(
                change,
                Change::Put(Entity::History(_))
                    | Change::Remove(EntityKey::Attempt(_) | EntityKey::Project(_))
            )
        };
        if !changes.iter().any(bears_on_work) {
            return told;
        }
        let now = Self::new(self.own, state);
        let before = std::mem::replace(self, now);
        match (before.project, self.project) {
            (Some(project_id), None) => {
                told.push(Change::Remove(EntityKey::Project(project_id)));
                let rules = state.rules.values();
                let of_project = rules.filter(|rule| rule.project_id == Some(project_id));
                told.extend(of_project.map(|rule| Change::Remove(EntityKey::Rule(rule.id))));
            }
            // What it knew of the outside is now told in full. Rare enough for all of its sight to be told again.
            _ if before.work != self.work => told.extend(self.filtered(state, &state.as_changes())),
            _ => {}
        }
        told
    }

    /// Whether it hears of an event. Answers come to who asked alone.
    pub fn hears(&self, state: &State, event: &Event) -> bool {
        match event {
            Event::CommandDone { actor, .. } => *actor == Actor::Agent { attempt_id: self.own },
            Event::EntriesChanged { execution_id, .. } => self.is_own_execution(state, *execution_id),
            Event::DiffChanged { attempt_id } => self.work.contains(attempt_id),
            // They are the person's, and may speak of anything.
            Event::Notify { .. } | Event::Focus { .. } | Event::Failed(_) => false,
            Event::StateChanged { .. } | Event::Answered { .. } | Event::HostChanged | Event::Ended => true,
        }
    }

    /// Refuses questions about what it does not see.
    pub fn check(&self, state: &State, query: &Query) -> Result<(), Problem> {
        let may = match query {
            Query::Entries { execution_id, .. }
            | Query::RawLog { execution_id, .. }
            | Query::Blocks { execution_id, .. }
            | Query::Edits { execution_id, .. }
            | Query::Ansi { execution_id, .. }
            | Query::AnsiLog { execution_id, .. }
            | Query::FindInLog { execution_id, .. } => self.is_own_execution(state, *execution_id),
            Query::DiffSummary { attempt_id, .. }
            | Query::DiffFile { attempt_id, .. }
            | Query::DiffAll { attempt_id }
            | Query::Patch { attempt_id }
            | Query::UnwatchDiff { attempt_id }
            | Query::Files { attempt_id, .. }
            | Query::LandingCheck { attempt_id }
            | Query::DiffSpans { attempt_id, .. }
            | Query::FileLines { attempt_id, .. } => self.work.contains(attempt_id),
            Query::Branches { project_id } => self.project == Some(*project_id),
            Query::Markdown { .. } | Query::Agents { .. } => true,
            // The host may read more than the agent may.
            Query::ListDirectory { .. } | Query::FindRepositories { .. } | Query::McpSetups => false,
            // The file may hold secrets.
            Query::AgentFile | Query::CheckAgentFile { .. } => false,
        };
        match may {
            true => Ok(()),
            false => Err(problems::forbidden("This is none of this agent's").detail(
                "an agent that Anyon started reads the conversations and changes of its own attempt and of those that it started",
            )),
        }
    }

    fn shard<'s>(&self, state: &'s State) -> Option<&'s Arc<ProjectShard>> {
        state.projects.get(&self.project?)
    }

    fn is_own_execution(&self, state: &State, execution_id: ExecutionId) -> bool {
        let execution = self
            .shard(state)
            .and_then(|shard| shard.executions.get(&execution_id));
        execution.is_some_and(|execution| self.work.contains(&execution.attempt_id))
    }

    fn filtered(&self, state: &State, changes: &[Change]) -> Vec<Change> {
        changes
            .iter()
            .filter_map(|change| self.seen(state, change))
            .collect()
    }

    fn seen(&self, state: &State, change: &Change) -> Option<Change> {
        let seen = match change {
            Change::Put(entity) => return Some(Change::Put(self.entity(entity)?)),
            Change::Remove(EntityKey::Profile(_)) | Change::Clone { .. } | Change::Confirmation { .. } => {
                false
            }
            // An id alone tells nothing.
            Change::Remove(_)
            | Change::Live { live: None, .. }
            | Change::Conflicts { conflicts: None, .. } => true,
            Change::Live { execution_id, .. } => self.is_own_execution(state, *execution_id),
            Change::Conflicts { attempt_id, .. } => self
                .shard(state)
                .is_some_and(|shard| shard.attempts.contains_key(attempt_id)),
        };
        seen.then(|| change.clone())
    }

    fn entity(&self, entity: &Entity) -> Option<Entity> {
        let on_board = |project_id: ProjectId| self.project == Some(project_id);
        let own = |attempt_id: &AttemptId| self.work.contains(attempt_id);
        let seen = match entity {
            Entity::Settings(_) | Entity::Template(_) => true,
            Entity::Profile(_) => false,
            Entity::Rule(rule) => rule.project_id.is_none_or(on_board),
            Entity::Project(project) => on_board(project.id),
            Entity::Task(task) => on_board(task.project_id),
            Entity::Label(label) => on_board(label.project_id),
            Entity::Attempt(attempt) => on_board(attempt.project_id),
            Entity::Merge(merge) => on_board(merge.project_id),
            Entity::Session(session) if !own(&session.attempt_id) => {
                return on_board(session.project_id)
                    .then(|| Entity::Session(Arc::new(outside_session(session))));
            }
            Entity::Execution(execution) if !own(&execution.attempt_id) => {
                let shown = || Entity::Execution(Arc::new(outside_execution(execution)));
                return on_board(execution.project_id).then(shown);
            }
            Entity::Session(_) | Entity::Execution(_) => true,
            Entity::Approval(approval) => own(&approval.attempt_id),
            Entity::Draft(draft) => own(&draft.attempt_id),
            Entity::Snapshot(snapshot) => own(&snapshot.attempt_id),
            Entity::Comment(comment) => own(&comment.attempt_id),
            Entity::History(entry) => {
                let is_its = entry.actor == Actor::Agent { attempt_id: self.own };
                is_its || entry.attempt_id.as_ref().is_some_and(own)
            }
        };
        seen.then(|| entity.clone())
    }
}

/// Somebody else's conversation: that it is there, not what would resume it.
fn outside_session(session: &Session) -> Session {
    Session {
        agent_session: None,
        resume_point: None,
        ..session.clone()
    }
}

/// Somebody else's process: how it stands, not what it was asked and said.
fn outside_execution(execution: &Execution) -> Execution {
    let state = match &execution.state {
        ExecutionState::Failed { kind, .. } => ExecutionState::Failed {
            kind: kind.clone(),
            message: String::new(),
        },
        state => state.clone(),
    };
    Execution {
        prompt: String::new(),
        process: None,
        state,
        ..execution.clone()
    }
}
