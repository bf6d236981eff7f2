//! What follows from the state and many panels need: columns in order, each attempt's status, what needs a person.
//! One pass per project that changed, so that a frame never walks all executions for each card.

use anyon_model::*;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// What follows from the state.
#[derive(Debug, Default)]
pub struct Overview {
    projects: BTreeMap<ProjectId, ProjectView>,
    needs: Vec<Need>,
    waiting: Vec<Waiting>,
    /// What other programs asked for, as it was when `waiting` was made.
    asked: Map<CommandId, Confirmation>,
    active: Vec<(ProjectId, AttemptId)>,
    revision: u64,
}

/// What follows from one project.
#[derive(Debug)]
pub struct ProjectView {
    /// The shard this follows from.
    pub shard: Arc<ProjectShard>,
    /// The tasks of each column of [`TaskStatus::ALL`], in their order.
    pub columns: [Vec<TaskId>; 5],
    /// The attempts by task, oldest first.
    pub attempts_of: HashMap<TaskId, Vec<AttemptId>>,
    /// The attempts.
    pub attempts: HashMap<AttemptId, AttemptView>,
    /// How many attempts are at work, and how many of them ask.
    pub running_and_waiting: (usize, usize),
    /// What others than persons did.
    pub others: Others,
    needs: Vec<Need>,
}

/// What others than persons did: agents, and programs over MCP.
#[derive(Debug, Default)]
pub struct Others {
    /// Who wrote a task.
    pub created: HashMap<TaskId, Actor>,
    /// Who started an attempt.
    pub started: HashMap<AttemptId, Actor>,
    /// Who landed an attempt last.
    pub landed: HashMap<AttemptId, Actor>,
}

impl Others {
    fn of(shard: &ProjectShard) -> Self {
        let mut others = Self::default();
        for entry in shard.history.values() {
            let by = (!matches!(entry.actor, Actor::Person | Actor::System)).then(|| entry.actor.clone());
            match (entry.deed(), entry.task_id, entry.attempt_id) {
                (Deed::Create, Some(task_id), _) => put(&mut others.created, task_id, by),
                (Deed::Start, _, Some(attempt_id)) => put(&mut others.started, attempt_id, by),
                (Deed::Merge, _, Some(attempt_id)) => put(&mut others.landed, attempt_id, by),
                _ => {}
            }
        }
        others
    }
}

fn put<K: std::hash::Hash + Eq>(map: &mut HashMap<K, Actor>, key: K, by: Option<Actor>) {
    match by {
        Some(by) => drop(map.insert(key, by)),
        None => drop(map.remove(&key)),
    }
}

/// What follows for one attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptView {
    /// How it stands.
    pub status: AttemptStatus,
    /// The newest execution of its agent.
    pub execution: Option<Arc<Execution>>,
    /// Its newest session: agent and variant.
    pub session: Option<Arc<Session>>,
    /// Its unanswered questions, oldest first.
    pub approvals: Vec<Arc<Approval>>,
    /// How its work came home.
    pub merge: Option<Arc<Merge>>,
    /// The files that conflict with its target, as far as that is known.
    pub conflicts: Option<Arc<Conflicts>>,
}

/// Anything that waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// An attempt does.
    Attempt(Need),
    /// Another program does, with something that cannot be taken back: see [`State::confirmations`].
    Asked {
        /// The command that waits.
        command_id: CommandId,
        /// Since when.
        since: Timestamp,
    },
}

impl Waiting {
    /// It is the same as before, whatever became of its time.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Attempt(a), Self::Attempt(b)) => {
                (a.kind, a.attempt_id, a.approval_id) == (b.kind, b.attempt_id, b.approval_id)
            }
            (Self::Asked { command_id: a, .. }, Self::Asked { command_id: b, .. }) => a == b,
            _ => false,
        }
    }

    fn since(&self) -> Timestamp {
        match self {
            Self::Attempt(need) => need.since,
            Self::Asked { since, .. } => *since,
        }
    }
}

/// An attempt that waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Why.
    pub kind: NeedKind,
    /// Whose.
    pub project_id: ProjectId,
    /// Which task.
    pub task_id: TaskId,
    /// Which attempt.
    pub attempt_id: AttemptId,
    /// Which question, if it is one.
    pub approval_id: Option<ApprovalId>,
    /// Since when.
    pub since: Timestamp,
}

/// Why something waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NeedKind {
    /// The agent asks.
    Approval,
    /// The agent is done.
    Review,
    /// It failed.
    Failure,
    /// It was cut off when Anyon ended.
    Interrupted,
    /// The branch conflicts with its target.
    Conflict,
}

impl Overview {
    /// Follows a new snapshot. Gives the attempts whose status changed.
    pub fn follow(&mut self, state: &State) -> Vec<AttemptId> {
        let known = self.projects.len() == state.projects.len();
        let same = |view: &ProjectView, shard: &Arc<ProjectShard>| Arc::ptr_eq(&view.shard, shard);
        let unchanged = |(id, shard): (&ProjectId, &Arc<ProjectShard>)| {
            self.projects.get(id).is_some_and(|view| same(view, shard))
        };
        let same_asked = Arc::ptr_eq(&self.asked, &state.confirmations);
        if known && same_asked && state.projects.iter().all(unchanged) {
            return Vec::new();
        }
        self.asked = state.confirmations.clone();
        let mut changed = Vec::new();
        self.projects.retain(|id, _| state.projects.contains_key(id));
        for (id, shard) in state.projects.iter() {
            let old = self.projects.get(id);
            if old.is_some_and(|view| same(view, shard)) {
                continue;
            }
            let view = ProjectView::of(shard.clone());
            changed.extend(view.moved_since(old));
            self.projects.insert(*id, view);
        }
        self.needs = self
            .projects
            .values()
            .flat_map(|view| view.needs.iter().copied())
            .collect();
        self.needs
            .sort_by_key(|need| std::cmp::Reverse((need.since, need.attempt_id, need.approval_id)));
        self.waiting = self.find_waiting();
        self.active = self.find_active();
        self.revision += 1;
        changed
    }
    /// Counts the snapshots that changed something here: what is made from it stays good until it changes.
    pub fn revision(&self) -> u64 {
        self.revision
    }
    /// The projects, in the order they were added.
    pub fn projects(&self) -> impl Iterator<Item = (&ProjectId, &ProjectView)> {
        self.projects.iter()
    }
    /// One project.
    pub fn project(&self, project_id: ProjectId) -> Option<&ProjectView> {
        self.projects.get(&project_id)
    }
    /// The project of a task.
    pub fn of_task(&self, task_id: TaskId) -> Option<&ProjectView> {
        self.projects
            .values()
            .find(|view| view.shard.tasks.contains_key(&task_id))
    }
    /// The project of an attempt, with what follows for it.
    pub fn attempt(&self, attempt_id: AttemptId) -> Option<(&ProjectView, &AttemptView)> {
        self.projects
            .values()
            .find_map(|view| view.attempts.get(&attempt_id).map(|attempt| (view, attempt)))
    }
    /// The attempts that wait for a person, newest first.
    pub fn needs(&self) -> &[Need] {
        &self.needs
    }
    /// All that waits for a person, newest first: what Needs you lists, and what every badge counts.
    pub fn waiting(&self) -> &[Waiting] {
        &self.waiting
    }
    /// An attempt was cut off when Anyon ended, and nobody went on with it.
    pub fn is_interrupted(&self, attempt_id: AttemptId) -> bool {
        let cut_off = |need: &Need| need.kind == NeedKind::Interrupted && need.attempt_id == attempt_id;
        self.needs.iter().any(cut_off)
    }
    /// The attempts whose agents are at work or about to be, newest first.
    pub fn active(&self) -> impl Iterator<Item = (&ProjectView, &Arc<Attempt>, &AttemptView)> {
        self.active.iter().filter_map(|(project_id, attempt_id)| {
            let view = self.projects.get(project_id)?;
            let attempt = view.shard.attempts.get(attempt_id)?;
            Some((view, attempt, view.attempts.get(attempt_id)?))
        })
    }
    /// Some agent is at work or about to be.
    pub fn is_busy(&self) -> bool {
        !self.active.is_empty()
    }

    fn find_waiting(&self) -> Vec<Waiting> {
        let asked = self.asked.iter().map(|(command_id, asked)| Waiting::Asked {
            command_id: *command_id,
            since: asked.at,
        });
        let mut waiting: Vec<_> = self.needs.iter().copied().map(Waiting::Attempt).collect();
        waiting.extend(asked);
        // What is of the same time stays in its order.
        waiting.sort_by_key(|one| std::cmp::Reverse(one.since()));
        waiting
    }

    fn find_active(&self) -> Vec<(ProjectId, AttemptId)> {
        let at_work = |(project_id, view): (&ProjectId, &ProjectView)| {
            let active = view.attempts.iter().filter(|(_, found)| found.status.is_active());
            active.map(|(id, _)| (*project_id, *id)).collect::<Vec<_>>()
        };
        let mut active: Vec<_> = self.projects.iter().flat_map(at_work).collect();
        active.sort_by_key(|(_, attempt_id)| std::cmp::Reverse(*attempt_id));
        active
    }
}

impl ProjectView {
    fn of(shard: Arc<ProjectShard>) -> Self {
        let attempts = attempts(&shard);
        let count =
            |wanted: fn(AttemptStatus) -> bool| attempts.values().filter(|view| wanted(view.status)).count();
        let mut view = Self {
            running_and_waiting: (
                count(|status| matches!(status, AttemptStatus::Running | AttemptStatus::Starting)),
                count(|status| status == AttemptStatus::Waiting),
            ),
            columns: columns(&shard),
            attempts_of: HashMap::new(),
            needs: Vec::new(),
            others: Others::of(&shard),
            attempts,
            shard,
        };
        for attempt in view.shard.attempts.values() {
            view.attempts_of
                .entry(attempt.task_id)
                .or_default()
                .push(attempt.id);
        }
        view.needs = view.find_needs();
        view
    }

    /// The attempt of a task that needs a person most, and how it stands.
    pub fn most_urgent(&self, task_id: TaskId) -> Option<(&Arc<Attempt>, &AttemptView)> {
        let attempts = self.attempts_of.get(&task_id)?;
        attempts
            .iter()
            .filter_map(|id| Some((self.shard.attempts.get(id)?, self.attempts.get(id)?)))
            .max_by_key(|(attempt, view)| (self.rank(task_id, view.status), attempt.number))
    }
    /// How much one of a task's attempts has to say. What is left of the others when the task is over is no news.
    fn rank(&self, task_id: TaskId, status: AttemptStatus) -> u8 {
        let rests = matches!(
            status,
            AttemptStatus::Conflicted | AttemptStatus::Failed | AttemptStatus::Idle | AttemptStatus::Stopped
        );
        if rests && self.is_over(task_id) {
            return 0;
        }
        urgency(status)
    }
    fn is_over(&self, task_id: TaskId) -> bool {
        let task = self.shard.tasks.get(&task_id);
        task.is_some_and(|task| matches!(task.status, TaskStatus::Done | TaskStatus::Cancelled))
    }
    /// How much a task needs a person; 0: it does not.
    pub fn urgency(&self, task_id: TaskId) -> u8 {
        let Some((_, view)) = self.most_urgent(task_id) else {
            return 0;
        };
        let needs = matches!(
            view.status,
            AttemptStatus::Waiting | AttemptStatus::Conflicted | AttemptStatus::Failed | AttemptStatus::Idle
        ) || view.was_interrupted();
        if needs { self.rank(task_id, view.status) } else { 0 }
    }
    /// The newest attempt of a task.
    pub fn newest(&self, task_id: TaskId) -> Option<(&Arc<Attempt>, &AttemptView)> {
        let attempts = self.attempts_of.get(&task_id)?;
        attempts
            .iter()
            .filter_map(|id| Some((self.shard.attempts.get(id)?, self.attempts.get(id)?)))
            .max_by_key(|(attempt, _)| attempt.number)
    }
    fn moved_since<'a>(&'a self, old: Option<&'a Self>) -> impl Iterator<Item = AttemptId> + 'a {
        self.attempts.iter().filter_map(move |(id, view)| {
            let before = old
                .and_then(|old| old.attempts.get(id))
                .map(|before| before.status);
            (before != Some(view.status)).then_some(*id)
        })
    }

    fn find_needs(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        for (id, view) in &self.attempts {
            let Some(attempt) = self.shard.attempts.get(id) else {
                continue;
            };
            let open = self.shard.tasks.contains_key(&attempt.task_id) && !self.is_over(attempt.task_id);
            let need = |kind, approval: Option<&Approval>, since| Need {
                kind,
                project_id: attempt.project_id,
                task_id: attempt.task_id,
                attempt_id: attempt.id,
                approval_id: approval.map(|approval| approval.id),
                since,
            };
            let ended = view
                .execution
                .as_ref()
                .map_or(attempt.updated_at, |execution| since(execution));
            needs.extend(
                view.approvals
                    .iter()
                    .map(|a| need(NeedKind::Approval, Some(a), a.created_at)),
            );
            let kind = match view.status {
                AttemptStatus::Idle => Some(NeedKind::Review),
                AttemptStatus::Failed => Some(NeedKind::Failure),
                AttemptStatus::Conflicted => Some(NeedKind::Conflict),
                AttemptStatus::Stopped if view.was_interrupted() => Some(NeedKind::Interrupted),
                _ => None,
            };
            needs.extend(kind.filter(|_| open).map(|kind| need(kind, None, ended)));
        }
        needs
    }
}

impl AttemptView {
    /// It was cut off when Anyon ended.
    pub fn was_interrupted(&self) -> bool {
        self.execution.as_ref().is_some_and(|execution| {
            matches!(
                execution.state,
                ExecutionState::Failed {
                    kind: FailureKind::Orphaned,
                    ..
                } | ExecutionState::Killed {
                    reason: StopReason::Shutdown
                }
            )
        })
    }
}

/// Since when an execution stands as it does.
fn since(execution: &Execution) -> Timestamp {
    match execution.state {
        ExecutionState::Running {
            activity: Activity::Idle { since },
        } => since,
        _ => execution
            .ended_at
            .or(execution.started_at)
            .unwrap_or(execution.created_at),
    }
}

/// What a person should hear of first.
fn urgency(status: AttemptStatus) -> u8 {
    match status {
        AttemptStatus::Waiting => 9,
        AttemptStatus::Conflicted => 8,
        AttemptStatus::Failed => 7,
        AttemptStatus::Idle => 6,
        AttemptStatus::Running => 5,
        AttemptStatus::Starting => 4,
        AttemptStatus::Queued => 3,
        AttemptStatus::Stopped => 2,
        AttemptStatus::Landed => 1,
        AttemptStatus::Dropped => 0,
    }
}

fn columns(shard: &ProjectShard) -> [Vec<TaskId>; 5] {
    let mut columns: [Vec<&Arc<Task>>; 5] = Default::default();
    for task in shard.tasks.values() {
        if let Some(at) = TaskStatus::ALL.iter().position(|status| *status == task.status) {
            columns[at].push(task);
        }
    }
    columns.map(|mut tasks| {
        tasks.sort_by_key(|task| (task.order, task.number));
        tasks.into_iter().map(|task| task.id).collect()
    })
}

fn attempts(shard: &ProjectShard) -> HashMap<AttemptId, AttemptView> {
    let mut last: HashMap<AttemptId, &Arc<Execution>> = HashMap::new();
    for execution in shard.executions.values() {
        if execution.run_reason != RunReason::CodingAgent || execution.dropped {
            continue;
        }
        let newest = last.entry(execution.attempt_id).or_insert(execution);
        if execution.number >= newest.number {
            *newest = execution;
        }
    }
    let mut sessions: HashMap<AttemptId, &Arc<Session>> = HashMap::new();
    sessions.extend(
        shard
            .sessions
            .values()
            .map(|session| (session.attempt_id, session)),
    );
    let mut merges: HashMap<AttemptId, &Arc<Merge>> = HashMap::new();
    merges.extend(shard.merges.values().map(|merge| (merge.attempt_id, merge)));
    let mut asked: HashMap<AttemptId, Vec<Arc<Approval>>> = HashMap::new();
    for approval in shard
        .approvals
        .values()
        .filter(|approval| approval.state == ApprovalState::Pending)
    {
        asked
            .entry(approval.attempt_id)
            .or_default()
            .push(approval.clone());
    }
    let mut view = |attempt: &Arc<Attempt>| {
        let merge = merges.get(&attempt.id).copied();
        let landed = merge.is_some_and(|merge| is_home(&merge.kind));
        let execution = last.get(&attempt.id).copied();
        AttemptView {
            status: AttemptStatus::of(
                attempt,
                landed,
                execution.map(Arc::as_ref),
                shard.conflicts.contains_key(&attempt.id),
            ),
            execution: execution.cloned(),
            session: sessions.get(&attempt.id).copied().cloned(),
            approvals: asked.remove(&attempt.id).unwrap_or_default(),
            merge: merge.cloned(),
            conflicts: shard.conflicts.get(&attempt.id).cloned(),
        }
    };
    shard
        .attempts
        .values()
        .map(|attempt| (attempt.id, view(attempt)))
        .collect()
}

fn is_home(kind: &MergeKind) -> bool {
    match kind {
        MergeKind::Direct { .. } => true,
        MergeKind::PullRequest { status, .. } => *status == PullRequestStatus::Merged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_testkit::{World, fixed};

    fn running(activity: Activity) -> ExecutionState {
        ExecutionState::Running { activity }
    }

    fn world() -> World {
        World::new()
            .task("one", "")
            .task_with("two", |task| task.order = BoardOrder(0.5))
            .attempt(11, 1, |_| {})
            .execution(21, 11, running(Activity::Turn))
            .attempt(12, 1, |attempt| attempt.number = 2)
            .execution(22, 12, ExecutionState::Completed)
    }

    #[test]
    fn the_status_is_the_one_that_the_state_tells() {
        let state = world().state();
        let mut overview = Overview::default();
        overview.follow(&state);
        let shard = &state.projects[&fixed(1)];
        for attempt_id in shard.attempts.keys() {
            let (_, view) = overview.attempt(*attempt_id).unwrap();
            assert_eq!(Some(view.status), shard.attempt_status(*attempt_id));
        }
    }

    #[test]
    fn cards_stand_in_their_order_and_the_most_urgent_attempt_speaks() {
        let mut overview = Overview::default();
        overview.follow(&world().state());
        let view = overview.project(fixed(1)).unwrap();
        assert_eq!(view.columns[0], [fixed::<TaskId>(2), fixed(1)]);
        let (attempt, _) = view.most_urgent(fixed(1)).unwrap();
        assert_eq!(attempt.id, fixed(12), "what is to review comes before what runs");
        assert_eq!(view.running_and_waiting, (1, 0));
        assert_eq!(overview.needs().len(), 1);
        assert_eq!(overview.needs()[0].kind, NeedKind::Review);
    }

    #[test]
    fn only_what_changed_is_told() {
        let mut overview = Overview::default();
        let mut state = world().state();
        assert_eq!(overview.follow(&state).len(), 2);
        assert!(overview.follow(&state).is_empty());
        let execution = Execution {
            state: ExecutionState::Completed,
            ..(*state.projects[&fixed(1)].executions[&fixed(21)]).clone()
        };
        state.apply(&[execution.into()]);
        assert_eq!(overview.follow(&state), [fixed::<AttemptId>(11)]);
        assert_eq!(overview.needs().len(), 2);
    }
}
