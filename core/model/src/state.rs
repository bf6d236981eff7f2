//! The state tree: every entity in an `Arc`, every map in an `Arc`, sharded by project, so publishing a snapshot
//! clones pointers. Logs are not in it.

use crate::*;
use std::{collections::BTreeMap, sync::Arc};

/// Shared map of shared entities.
pub type Map<K, V> = Arc<BTreeMap<K, Arc<V>>>;

/// A snapshot of everything but logs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// Counts the snapshots published.
    pub revision: u64,
    /// Projects with all that belongs to them.
    pub projects: Map<ProjectId, ProjectShard>,
    /// Templates.
    pub templates: Map<TemplateId, Template>,
    /// Rules.
    pub rules: Map<RuleId, Rule>,
    /// The user's profiles.
    pub profiles: Map<ExecutorProfileId, Profile>,
    /// Settings.
    pub settings: Arc<Settings>,
    /// What is known of running executions for the moment.
    pub live: Map<ExecutionId, Live>,
    /// Repositories that are being cloned, by the command that began it.
    pub clones: Map<CommandId, CloneProgress>,
    /// What MCP clients asked for and a person has to allow, by the command that waits.
    pub confirmations: Map<CommandId, Confirmation>,
}

/// A project with all that belongs to it.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    missing_docs,
    reason = "each field is the map of the entity it is named after"
)]
pub struct ProjectShard {
    pub project: Arc<Project>,
    pub tasks: Map<TaskId, Task>,
    pub labels: Map<LabelId, Label>,
    pub attempts: Map<AttemptId, Attempt>,
    pub sessions: Map<SessionId, Session>,
    pub executions: Map<ExecutionId, Execution>,
    pub approvals: Map<ApprovalId, Approval>,
    pub drafts: Map<DraftId, Draft>,
    pub merges: Map<MergeId, Merge>,
    pub snapshots: Map<SnapshotId, Snapshot>,
    pub comments: Map<CommentId, ReviewComment>,
    pub history: Map<HistoryId, HistoryEntry>,
    /// Never stored: found out again after a start.
    pub conflicts: Map<AttemptId, Conflicts>,
}

impl ProjectShard {
    /// The labels of a task, in its order.
    pub fn labels_of(&self, task: &Task) -> impl Iterator<Item = &Arc<Label>> {
        task.labels.iter().filter_map(|label| self.labels.get(label))
    }
    /// A project without anything in it.
    pub fn new(project: Arc<Project>) -> Self {
        Self {
            project,
            tasks: Map::default(),
            labels: Map::default(),
            attempts: Map::default(),
            sessions: Map::default(),
            executions: Map::default(),
            approvals: Map::default(),
            drafts: Map::default(),
            merges: Map::default(),
            snapshots: Map::default(),
            comments: Map::default(),
            history: Map::default(),
            conflicts: Map::default(),
        }
    }
    /// The attempts of a task, oldest first.
    pub fn attempts_of(&self, task_id: TaskId) -> impl Iterator<Item = &Arc<Attempt>> {
        self.attempts
            .values()
            .filter(move |attempt| attempt.task_id == task_id)
    }
    /// The executions of an attempt, oldest first.
    pub fn executions_of(&self, attempt_id: AttemptId) -> impl DoubleEndedIterator<Item = &Arc<Execution>> {
        self.executions
            .values()
            .filter(move |execution| execution.attempt_id == attempt_id)
    }
    /// The newest execution of an agent in an attempt. By number: a clock that was set back does not change it.
    pub fn last_agent_execution(&self, attempt_id: AttemptId) -> Option<&Arc<Execution>> {
        self.executions_of(attempt_id)
            .filter(|execution| execution.run_reason == RunReason::CodingAgent && !execution.dropped)
            .max_by_key(|execution| execution.number)
    }
    /// The session of an execution that began a new one because its agent lost the one before.
    pub fn begun_anew(&self, execution_id: ExecutionId) -> Option<&Arc<Session>> {
        let execution = self.executions.get(&execution_id)?;
        let before = self
            .executions_of(execution.attempt_id)
            .filter(|other| other.number < execution.number && !other.dropped)
            .filter(|other| other.run_reason == RunReason::CodingAgent)
            .max_by_key(|other| other.number)?;
        let lost = matches!(
            before.state,
            ExecutionState::Failed {
                kind: FailureKind::SessionLost,
                ..
            }
        );
        self.sessions.get(&execution.session_id?).filter(|_| lost)
    }
    /// The sessions of an execution and of the one before it, where another agent took over.
    pub fn handover(&self, execution_id: ExecutionId) -> Option<(&Arc<Session>, &Arc<Session>)> {
        let execution = self.executions.get(&execution_id)?;
        let to = self.sessions.get(&execution.session_id?)?;
        let before = self
            .executions_of(execution.attempt_id)
            .filter(|other| other.number < execution.number && !other.dropped && other.started_at.is_some())
            .filter(|other| other.run_reason == RunReason::CodingAgent)
            .max_by_key(|other| other.number)?;
        let from = self.sessions.get(&before.session_id?)?;
        (from.profile.executor != to.profile.executor).then_some((to, from))
    }
    /// The newest session of an attempt.
    pub fn last_session(&self, attempt_id: AttemptId) -> Option<&Arc<Session>> {
        self.sessions
            .values()
            .rfind(|session| session.attempt_id == attempt_id)
    }
    /// The unanswered questions of an attempt, oldest first.
    pub fn pending_approvals(&self, attempt_id: AttemptId) -> impl Iterator<Item = &Arc<Approval>> {
        self.approvals.values().filter(move |approval| {
            approval.attempt_id == attempt_id && approval.state == ApprovalState::Pending
        })
    }
    /// The drafts of an attempt in their order.
    pub fn drafts_of(&self, attempt_id: AttemptId) -> Vec<&Arc<Draft>> {
        let mut drafts: Vec<_> = self
            .drafts
            .values()
            .filter(|draft| draft.attempt_id == attempt_id)
            .collect();
        drafts.sort_by_key(|draft| (draft.order, draft.id));
        drafts
    }
    /// The snapshots of an attempt, oldest first.
    pub fn snapshots_of(&self, attempt_id: AttemptId) -> impl DoubleEndedIterator<Item = &Arc<Snapshot>> {
        self.snapshots
            .values()
            .filter(move |snapshot| snapshot.attempt_id == attempt_id)
    }
    /// The merge that brought an attempt home.
    pub fn merge_of(&self, attempt_id: AttemptId) -> Option<&Arc<Merge>> {
        self.merges.values().rfind(|merge| merge.attempt_id == attempt_id)
    }
    /// The attempt's work is on its target.
    pub fn is_landed(&self, attempt_id: AttemptId) -> bool {
        self.merge_of(attempt_id).is_some_and(|merge| match merge.kind {
            MergeKind::Direct { .. } => true,
            MergeKind::PullRequest { status, .. } => status == PullRequestStatus::Merged,
        })
    }
    /// What was done about a task and its attempts, as far as it was written down, oldest first.
    pub fn history_of(&self, task_id: TaskId) -> impl DoubleEndedIterator<Item = &Arc<HistoryEntry>> {
        self.history
            .values()
            .filter(move |entry| entry.task_id == Some(task_id))
    }
    /// Who wrote a task. What persons write is not written down.
    pub fn created_by(&self, task_id: TaskId) -> &Actor {
        let by = |entry: &&Arc<HistoryEntry>| entry.deed() == Deed::Create;
        self.history_of(task_id)
            .find(by)
            .map_or(&Actor::Person, |entry| &entry.actor)
    }
    /// Who started an attempt. What persons start is not written down.
    pub fn started_by(&self, attempt_id: AttemptId) -> &Actor {
        let by =
            |entry: &&Arc<HistoryEntry>| entry.attempt_id == Some(attempt_id) && entry.deed() == Deed::Start;
        self.history
            .values()
            .find(by)
            .map_or(&Actor::Person, |entry| &entry.actor)
    }
    /// Who landed an attempt that has landed.
    pub fn landed_by(&self, attempt_id: AttemptId) -> Option<&Actor> {
        self.merge_of(attempt_id)?;
        let by =
            |entry: &&Arc<HistoryEntry>| entry.attempt_id == Some(attempt_id) && entry.deed() == Deed::Merge;
        self.history.values().rfind(by).map(|entry| &entry.actor)
    }
    /// How an attempt stands. Computed, never stored.
    pub fn attempt_status(&self, attempt_id: AttemptId) -> Option<AttemptStatus> {
        let attempt = self.attempts.get(&attempt_id)?;
        let last = self.last_agent_execution(attempt_id);
        Some(AttemptStatus::of(
            attempt,
            self.is_landed(attempt_id),
            last.map(Arc::as_ref),
            self.conflicts.contains_key(&attempt_id),
        ))
    }
}

impl AttemptStatus {
    /// How an attempt stands, from what it depends on: whether its work is on its target, its agent's newest
    /// execution, and whether its files are known to conflict with the target.
    pub fn of(attempt: &Attempt, landed: bool, last: Option<&Execution>, conflicts: bool) -> Self {
        match Self::without_conflicts(attempt, landed, last) {
            // Only where a person is to look: what the agent still does may resolve them.
            Self::Idle if conflicts => Self::Conflicted,
            status => status,
        }
    }

    fn without_conflicts(attempt: &Attempt, landed: bool, last: Option<&Execution>) -> Self {
        if attempt.dropped {
            return Self::Dropped;
        }
        if landed {
            return Self::Landed;
        }
        // The agent's execution speaks for the scripts around it: it waits while they run and fails with them.
        let Some(execution) = last else {
            return Self::Queued;
        };
        match &execution.state {
            ExecutionState::Queued {
                why: Some(QueueReason::Worktree),
            }
            | ExecutionState::Starting => Self::Starting,
            ExecutionState::Queued { .. } => Self::Queued,
            ExecutionState::Running {
                activity: Activity::Waiting { .. },
            } => Self::Waiting,
            ExecutionState::Running {
                activity: Activity::Idle { .. },
            }
            | ExecutionState::Completed => Self::Idle,
            ExecutionState::Running {
                activity: Activity::Turn,
            }
            | ExecutionState::Stopping { .. } => Self::Running,
            ExecutionState::Failed {
                kind: FailureKind::Orphaned,
                ..
            } => Self::Stopped,
            ExecutionState::Failed { .. } => Self::Failed,
            ExecutionState::Killed {
                reason: StopReason::IdleLimit | StopReason::TurnOver,
            } => Self::Idle,
            ExecutionState::Killed { .. } => Self::Stopped,
        }
    }
}

impl State {
    /// The shard that holds a task.
    pub fn shard_of_task(&self, task_id: TaskId) -> Option<&Arc<ProjectShard>> {
        self.projects
            .values()
            .find(|shard| shard.tasks.contains_key(&task_id))
    }
    /// The shard that holds an attempt.
    pub fn shard_of_attempt(&self, attempt_id: AttemptId) -> Option<&Arc<ProjectShard>> {
        self.projects
            .values()
            .find(|shard| shard.attempts.contains_key(&attempt_id))
    }
    /// The shard that holds an execution.
    pub fn shard_of_execution(&self, execution_id: ExecutionId) -> Option<&Arc<ProjectShard>> {
        self.projects
            .values()
            .find(|shard| shard.executions.contains_key(&execution_id))
    }
    /// The shard that holds an approval.
    pub fn shard_of_approval(&self, approval_id: ApprovalId) -> Option<&Arc<ProjectShard>> {
        self.projects
            .values()
            .find(|shard| shard.approvals.contains_key(&approval_id))
    }
    /// A task's short id: `ANY-12`.
    pub fn short_id(&self, task_id: TaskId) -> Option<String> {
        let shard = self.shard_of_task(task_id)?;
        Some(format!(
            "{}-{}",
            shard.project.short_prefix,
            shard.tasks.get(&task_id)?.number
        ))
    }

    /// Where an attempt's work is, for git.
    pub fn attempt_place(&self, attempt_id: AttemptId) -> Option<AttemptPlace> {
        let shard = self.shard_of_attempt(attempt_id)?;
        let attempt = shard.attempts.get(&attempt_id)?;
        let last_snapshot = shard
            .snapshots_of(attempt_id)
            .map(|snapshot| snapshot.number)
            .max();
        Some(AttemptPlace {
            repo: shard.project.repo_path.clone(),
            worktree: attempt.worktree.path.clone(),
            branch: attempt.branch.clone(),
            target: attempt.target.clone(),
            base_commit: attempt.base_commit.clone(),
            next_snapshot: last_snapshot.unwrap_or(0) + 1,
            git_reads: shard.project.git_reads,
        })
    }

    /// The changes that make this state out of an empty one, but for its revision.
    pub fn as_changes(&self) -> Vec<Change> {
        let mut changes = vec![Change::Put(Entity::Settings(self.settings.clone()))];
        changes.extend(all(&self.templates, Entity::Template));
        changes.extend(all(&self.rules, Entity::Rule));
        changes.extend(all(&self.profiles, Entity::Profile));
        for shard in self.projects.values() {
            changes.push(Change::Put(Entity::Project(shard.project.clone())));
            changes.extend(all(&shard.tasks, Entity::Task));
            changes.extend(all(&shard.labels, Entity::Label));
            changes.extend(all(&shard.attempts, Entity::Attempt));
            changes.extend(all(&shard.sessions, Entity::Session));
            changes.extend(all(&shard.executions, Entity::Execution));
            changes.extend(all(&shard.approvals, Entity::Approval));
            changes.extend(all(&shard.drafts, Entity::Draft));
            changes.extend(all(&shard.merges, Entity::Merge));
            changes.extend(all(&shard.snapshots, Entity::Snapshot));
            changes.extend(all(&shard.comments, Entity::Comment));
            changes.extend(all(&shard.history, Entity::History));
            changes.extend(shard.conflicts.iter().map(|(id, conflicts)| Change::Conflicts {
                attempt_id: *id,
                conflicts: Some(conflicts.clone()),
            }));
        }
        changes.extend(self.clones.iter().map(|(id, clone)| Change::Clone {
            command_id: *id,
            clone: Some(clone.clone()),
        }));
        changes.extend(self.confirmations.iter().map(|(id, asked)| Change::Confirmation {
            command_id: *id,
            confirmation: Some(asked.clone()),
        }));
        changes.extend(self.live.iter().map(|(execution_id, live)| Change::Live {
            execution_id: *execution_id,
            live: Some(live.clone()),
        }));
        changes
    }

    /// Makes the changes. A change of something whose project is not there is left out: the project was removed.
    pub fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Put(entity) => self.put(entity),
                Change::Remove(key) => self.remove(key),
                Change::Live { execution_id, live } => set(&mut self.live, *execution_id, live.as_ref()),
                Change::Clone { command_id, clone } => set(&mut self.clones, *command_id, clone.as_ref()),
                Change::Confirmation {
                    command_id,
                    confirmation,
                } => set(&mut self.confirmations, *command_id, confirmation.as_ref()),
                Change::Conflicts {
                    attempt_id,
                    conflicts,
                } => {
                    let shard = self.shard_of_attempt(*attempt_id).map(|shard| shard.project.id);
                    if let Some(project_id) = shard {
                        self.shard(project_id, |s| {
                            set(&mut s.conflicts, *attempt_id, conflicts.as_ref())
                        });
                    }
                }
            }
        }
    }

    fn put(&mut self, entity: &Entity) {
        match entity {
            Entity::Project(project) => {
                let projects = Arc::make_mut(&mut self.projects);
                match projects.get_mut(&project.id) {
                    Some(shard) => Arc::make_mut(shard).project = project.clone(),
                    None => {
                        projects.insert(project.id, Arc::new(ProjectShard::new(project.clone())));
                    }
                }
            }
            Entity::Task(e) => self.shard(e.project_id, |s| insert(&mut s.tasks, e.id, e)),
            Entity::Label(e) => self.shard(e.project_id, |s| insert(&mut s.labels, e.id, e)),
            Entity::Attempt(e) => self.shard(e.project_id, |s| insert(&mut s.attempts, e.id, e)),
            Entity::Session(e) => self.shard(e.project_id, |s| insert(&mut s.sessions, e.id, e)),
            Entity::Execution(e) => self.shard(e.project_id, |s| insert(&mut s.executions, e.id, e)),
            Entity::Approval(e) => self.shard(e.project_id, |s| insert(&mut s.approvals, e.id, e)),
            Entity::Draft(e) => self.shard(e.project_id, |s| insert(&mut s.drafts, e.id, e)),
            Entity::Merge(e) => self.shard(e.project_id, |s| insert(&mut s.merges, e.id, e)),
            Entity::Snapshot(e) => self.shard(e.project_id, |s| insert(&mut s.snapshots, e.id, e)),
            Entity::Comment(e) => self.shard(e.project_id, |s| insert(&mut s.comments, e.id, e)),
            Entity::History(e) => self.shard(e.project_id, |s| insert(&mut s.history, e.id, e)),
            Entity::Template(e) => insert(&mut self.templates, e.id, e),
            Entity::Rule(e) => insert(&mut self.rules, e.id, e),
            Entity::Profile(e) => insert(&mut self.profiles, e.id.clone(), e),
            Entity::Settings(e) => self.settings = e.clone(),
        }
    }

    fn remove(&mut self, key: &EntityKey) {
        match key {
            EntityKey::Project(id) => {
                let removed = Arc::make_mut(&mut self.projects).remove(id);
                let executions = removed.iter().flat_map(|shard| shard.executions.keys());
                executions.for_each(|id| delete(&mut self.live, id));
            }
            EntityKey::Task(id) => self.shards(|s| delete(&mut s.tasks, id)),
            EntityKey::Label(id) => self.shards(|s| delete(&mut s.labels, id)),
            EntityKey::Attempt(id) => self.shards(|s| {
                delete(&mut s.attempts, id);
                delete(&mut s.conflicts, id);
            }),
            EntityKey::Session(id) => self.shards(|s| delete(&mut s.sessions, id)),
            EntityKey::Execution(id) => {
                self.shards(|s| delete(&mut s.executions, id));
                delete(&mut self.live, id);
            }
            EntityKey::Approval(id) => self.shards(|s| delete(&mut s.approvals, id)),
            EntityKey::Draft(id) => self.shards(|s| delete(&mut s.drafts, id)),
            EntityKey::Merge(id) => self.shards(|s| delete(&mut s.merges, id)),
            EntityKey::Snapshot(id) => self.shards(|s| delete(&mut s.snapshots, id)),
            EntityKey::Comment(id) => self.shards(|s| delete(&mut s.comments, id)),
            EntityKey::History(id) => self.shards(|s| delete(&mut s.history, id)),
            EntityKey::Template(id) => delete(&mut self.templates, id),
            EntityKey::Rule(id) => delete(&mut self.rules, id),
            EntityKey::Profile(id) => delete(&mut self.profiles, id),
            EntityKey::Settings(_) => self.settings = Arc::default(),
        }
    }

    fn shard(&mut self, project_id: ProjectId, change: impl FnOnce(&mut ProjectShard)) {
        if let Some(shard) = Arc::make_mut(&mut self.projects).get_mut(&project_id) {
            change(Arc::make_mut(shard));
        }
    }

    fn shards(&mut self, change: impl Fn(&mut ProjectShard)) {
        for shard in Arc::make_mut(&mut self.projects).values_mut() {
            change(Arc::make_mut(shard));
        }
    }
}

/// Puts what is there, takes away what is not.
fn set<K: Ord + Clone, V>(map: &mut Map<K, V>, key: K, value: Option<&Arc<V>>) {
    match value {
        Some(value) => insert(map, key, value),
        None => delete(map, &key),
    }
}

fn all<K, V>(map: &Map<K, V>, entity: impl Fn(Arc<V>) -> Entity) -> impl Iterator<Item = Change> {
    map.values().map(move |value| Change::Put(entity(value.clone())))
}

fn insert<K: Ord + Clone, V>(map: &mut Map<K, V>, key: K, value: &Arc<V>) {
    Arc::make_mut(map).insert(key, value.clone());
}

/// Leaves the map shared when there is nothing to remove.
fn delete<K: Ord + Clone, V>(map: &mut Map<K, V>, key: &K) {
    if map.contains_key(key) {
        Arc::make_mut(map).remove(key);
    }
}
