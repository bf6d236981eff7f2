//! A step in the making: what handlers read and write. Each change is applied to the state at once, so a handler
//! sees what it did.

use crate::{Step, book::Book, problems};
use anyon_model::*;
use std::{collections::BTreeMap, sync::Arc};

/// A step in the making.
pub struct Cx<'a> {
    /// The time of the input.
    pub now: Timestamp,
    /// Makes the step's ids.
    pub ids: IdSource,
    /// The state, with the changes so far.
    pub state: &'a mut State,
    /// The agents there are.
    pub agents: &'a BTreeMap<String, AgentInfo>,
    /// Who waits for what.
    pub book: &'a mut Book,
    step: Step,
}

impl<'a> Cx<'a> {
    /// A step without anything in it.
    pub fn new(
        now: Timestamp,
        ids: IdSource,
        state: &'a mut State,
        agents: &'a BTreeMap<String, AgentInfo>,
        book: &'a mut Book,
    ) -> Self {
        Self {
            now,
            ids,
            state,
            agents,
            book,
            step: Step::default(),
        }
    }

    /// The finished step.
    pub fn into_step(self) -> Step {
        self.step
    }

    /// Makes a change.
    pub fn put(&mut self, change: impl Into<Change>) {
        let change = change.into();
        self.state.apply(std::slice::from_ref(&change));
        let changes = &mut self.step.changes;
        match changes.iter_mut().find(|earlier| same_subject(earlier, &change)) {
            Some(earlier) => *earlier = change,
            None => changes.push(change),
        }
    }

    /// Takes an entity away.
    pub fn remove(&mut self, key: EntityKey) {
        self.put(Change::Remove(key));
    }

    /// Asks a driver for work.
    pub fn effect(&mut self, effect: Effect) {
        self.step.effects.push(effect);
    }

    /// Answers a command.
    pub fn reply(&mut self, command_id: CommandId, result: CommandResult) {
        self.effect(Effect::Reply { command_id, result });
    }

    /// Answers a command if there is one.
    pub fn reply_to(&mut self, command_id: Option<CommandId>, result: CommandResult) {
        if let Some(command_id) = command_id {
            self.reply(command_id, result);
        }
    }
}

/// Both say how the same thing is now, so the later one replaces the earlier.
fn same_subject(earlier: &Change, later: &Change) -> bool {
    match (earlier, later) {
        (Change::Put(a), Change::Put(b)) => a.key() == b.key(),
        (Change::Put(a), Change::Remove(b)) => a.key() == *b,
        (Change::Live { execution_id: a, .. }, Change::Live { execution_id: b, .. }) => a == b,
        _ => false,
    }
}

/// Finding and changing entities. `find_…` is for what a client named, the others for what should be there.
impl Cx<'_> {
    /// A project with all that belongs to it.
    pub fn find_shard(&self, project_id: ProjectId) -> Result<Arc<ProjectShard>, Problem> {
        let shard = self.state.projects.get(&project_id).cloned();
        shard.ok_or_else(|| problems::not_found("project"))
    }
    /// A task.
    pub fn find_task(&self, task_id: TaskId) -> Result<Arc<Task>, Problem> {
        self.task(task_id).ok_or_else(|| problems::not_found("task"))
    }
    /// An attempt.
    pub fn find_attempt(&self, attempt_id: AttemptId) -> Result<Arc<Attempt>, Problem> {
        self.attempt(attempt_id)
            .ok_or_else(|| problems::not_found("attempt"))
    }
    /// A task, if it is there.
    pub fn task(&self, task_id: TaskId) -> Option<Arc<Task>> {
        self.state.shard_of_task(task_id)?.tasks.get(&task_id).cloned()
    }
    /// An attempt, if it is there.
    pub fn attempt(&self, attempt_id: AttemptId) -> Option<Arc<Attempt>> {
        let shard = self.state.shard_of_attempt(attempt_id)?;
        shard.attempts.get(&attempt_id).cloned()
    }
    /// An execution, if it is there.
    pub fn execution(&self, execution_id: ExecutionId) -> Option<Arc<Execution>> {
        let shard = self.state.shard_of_execution(execution_id)?;
        shard.executions.get(&execution_id).cloned()
    }
    /// An approval, if it is there.
    pub fn approval(&self, approval_id: ApprovalId) -> Option<Arc<Approval>> {
        let shard = self.state.shard_of_approval(approval_id)?;
        shard.approvals.get(&approval_id).cloned()
    }
    /// The session that an execution speaks for.
    pub fn session_of(&self, execution: &Execution) -> Option<Arc<Session>> {
        let shard = self.state.projects.get(&execution.project_id)?;
        shard.sessions.get(&execution.session_id?).cloned()
    }
    /// The shard of something's project. The engine never makes anything without one.
    pub fn shard(&self, project_id: ProjectId) -> Option<Arc<ProjectShard>> {
        self.state.projects.get(&project_id).cloned()
    }

    /// Changes an execution; nothing is written when it stays the same.
    pub fn edit_execution(&mut self, execution_id: ExecutionId, edit: impl FnOnce(&mut Execution)) {
        if let Some(old) = self.execution(execution_id) {
            let mut new = Execution::clone(&old);
            edit(&mut new);
            if new != *old {
                self.put(new);
            }
        }
    }
    /// Changes an attempt; nothing is written when it stays the same.
    pub fn edit_attempt(&mut self, attempt_id: AttemptId, edit: impl FnOnce(&mut Attempt)) {
        if let Some(old) = self.attempt(attempt_id) {
            let mut new = Attempt::clone(&old);
            edit(&mut new);
            if new != *old {
                new.updated_at = self.now;
                self.put(new);
            }
        }
    }
    /// Changes a task; nothing is written when it stays the same.
    pub fn edit_task(&mut self, task_id: TaskId, edit: impl FnOnce(&mut Task)) {
        if let Some(old) = self.task(task_id) {
            let mut new = Task::clone(&old);
            edit(&mut new);
            if new != *old {
                new.updated_at = self.now;
                self.put(new);
            }
        }
    }
    /// Changes what is known of an execution for the moment.
    pub fn edit_live(&mut self, execution_id: ExecutionId, edit: impl FnOnce(&mut Live)) {
        let old = self.state.live.get(&execution_id).cloned().unwrap_or_default();
        let mut new = Live::clone(&old);
        edit(&mut new);
        if new != *old {
            let live = Some(Arc::new(new));
            self.put(Change::Live { execution_id, live });
        }
    }

    /// Moves a task by itself: never out of cancelled, and back from done only by a new prompt.
    pub fn move_task(&mut self, task_id: TaskId, status: TaskStatus) {
        self.edit_task(task_id, |task| match (task.status, status) {
            (TaskStatus::Cancelled, _) | (TaskStatus::Done, TaskStatus::InReview) => {}
            _ => task.status = status,
        });
    }

    /// Somebody should look at a task.
    pub fn mark_unread(&mut self, task_id: TaskId) {
        self.edit_task(task_id, |task| task.unread = true);
    }

    /// Writes into the history what was done to an attempt.
    pub fn record(&mut self, attempt: &Attempt, actor: Actor, what: String, refs: Vec<RefMove>) {
        let entry = HistoryEntry {
            id: self.ids.make(),
            project_id: attempt.project_id,
            task_id: Some(attempt.task_id),
            attempt_id: Some(attempt.id),
            actor,
            what,
            refs,
            at: self.now,
        };
        self.put(entry);
    }

    /// Keeps a snapshot that a driver took.
    pub fn keep_snapshot(&mut self, attempt: &Attempt, made: Option<SnapshotMade>) {
        let Some(made) = made else { return };
        let snapshot = Snapshot {
            id: self.ids.make(),
            project_id: attempt.project_id,
            attempt_id: attempt.id,
            number: made.number,
            commit: made.commit,
            head: made.head,
            trash: made.trash,
            reason: made.reason,
            created_at: self.now,
        };
        self.put(snapshot);
    }

    /// How a session's agent is set up: its variant, with the model that was chosen.
    pub fn config_of_session(&self, session: &Session) -> Option<ProfileConfig> {
        let config = self.config_of(&session.profile)?;
        Some(crate::life::recipient::with_model(config, session.model.clone()))
    }

    /// An agent's variant: the user's if there is one, else the agent's own.
    pub fn config_of(&self, profile: &ExecutorProfileId) -> Option<ProfileConfig> {
        let mut named = profile.clone();
        named.variant = Some(profile.variant_name().to_owned());
        let own = self
            .state
            .profiles
            .get(profile)
            .or_else(|| self.state.profiles.get(&named));
        if let Some(own) = own {
            return Some(own.config.clone());
        }
        let agent = self.agents.get(&profile.executor)?;
        agent.variants.get(profile.variant_name()).cloned()
    }
}
