//! The state tree: what changes do to it, what it shares, and how attempts stand.

use anyon_model::*;
use anyon_testkit::{World, fixed};
use std::sync::Arc;

fn status_of(state: ExecutionState) -> AttemptStatus {
    let world = World::new()
        .task("Fix login", "")
        .attempt(1, 1, |_| {})
        .execution(1, 1, state);
    status(&world.state(), 1)
}

fn status(state: &State, attempt: u8) -> AttemptStatus {
    let attempt_id = fixed(attempt);
    let shard = state.shard_of_attempt(attempt_id);
    shard
        .and_then(|shard| shard.attempt_status(attempt_id))
        .unwrap_or(AttemptStatus::Conflicted)
}

fn merge(attempt: u8, kind: MergeKind) -> Entity {
    Entity::Merge(Arc::new(Merge {
        id: fixed(attempt),
        project_id: fixed(1),
        attempt_id: fixed(attempt),
        target: "main".into(),
        kind,
        created_at: Timestamp::from_ms(0),
    }))
}

#[test]
fn an_attempt_stands_as_its_agent_does() {
    let running = |activity| ExecutionState::Running { activity };
    let failed = |kind| ExecutionState::Failed {
        kind,
        message: String::new(),
    };
    let killed = |reason| ExecutionState::Killed { reason };
    let since = Timestamp::from_ms(0);
    let stopping = ExecutionState::Stopping {
        step: StopStep::Term,
        reason: StopReason::User,
    };
    let cases = [
        (ExecutionState::Queued { why: None }, AttemptStatus::Queued),
        (
            ExecutionState::Queued {
                why: Some(QueueReason::Cap { limit: 4 }),
            },
            AttemptStatus::Queued,
        ),
        (
            ExecutionState::Queued {
                why: Some(QueueReason::Worktree),
            },
            AttemptStatus::Starting,
        ),
        (ExecutionState::Starting, AttemptStatus::Starting),
        (running(Activity::Turn), AttemptStatus::Running),
        (
            running(Activity::Waiting { approvals: 2 }),
            AttemptStatus::Waiting,
        ),
        (running(Activity::Idle { since }), AttemptStatus::Idle),
        (stopping, AttemptStatus::Running),
        (ExecutionState::Completed, AttemptStatus::Idle),
        (failed(FailureKind::Auth), AttemptStatus::Failed),
        (failed(FailureKind::Orphaned), AttemptStatus::Stopped),
        (killed(StopReason::User), AttemptStatus::Stopped),
        (killed(StopReason::IdleLimit), AttemptStatus::Idle),
    ];
    for (state, expected) in cases {
        assert_eq!(status_of(state.clone()), expected, "{state:?}");
    }
}

#[test]
fn the_newest_execution_counts_whatever_its_id() {
    let world = World::new()
        .task("Fix login", "")
        .attempt(1, 1, |_| {})
        .execution(2, 1, ExecutionState::Completed)
        .execution(
            1,
            1,
            ExecutionState::Killed {
                reason: StopReason::User,
            },
        );
    assert_eq!(status(&world.state(), 1), AttemptStatus::Idle);
}

#[test]
fn a_script_does_not_speak_for_the_agent() {
    let world = World::new()
        .task("Fix login", "")
        .attempt(1, 1, |_| {})
        .execution(
            1,
            1,
            ExecutionState::Queued {
                why: Some(QueueReason::Worktree),
            },
        )
        .execution(2, 1, ExecutionState::Completed);
    let mut state = world.state();
    let shard = state.shard_of_execution(fixed(2)).cloned();
    let script = shard.and_then(|shard| shard.executions.get(&fixed(2)).cloned());
    let script = script.map(|script| Execution {
        run_reason: RunReason::SetupScript,
        ..Execution::clone(&script)
    });
    state.apply(&script.map(Change::from).into_iter().collect::<Vec<_>>());
    assert_eq!(status(&state, 1), AttemptStatus::Starting);
}

#[test]
fn landed_and_dropped_say_more_than_executions() {
    let direct = MergeKind::Direct {
        commit: "2".into(),
        before: "1".into(),
    };
    let pull = |status| MergeKind::PullRequest {
        number: 1,
        url: String::new(),
        status,
    };
    let world = World::new()
        .task("Fix login", "")
        .attempt(1, 1, |_| {})
        .attempt(2, 1, |attempt| attempt.dropped = true)
        .attempt(3, 1, |_| {})
        .attempt(4, 1, |_| {})
        .execution(3, 3, ExecutionState::Completed)
        .with(merge(1, direct))
        .with(merge(3, pull(PullRequestStatus::Open)))
        .with(merge(4, pull(PullRequestStatus::Merged)));
    let state = world.state();
    let all = [1, 2, 3, 4].map(|attempt| status(&state, attempt));
    let expected = [
        AttemptStatus::Landed,
        AttemptStatus::Dropped,
        AttemptStatus::Idle,
        AttemptStatus::Landed,
    ];
    assert_eq!(all, expected);
}

#[test]
fn an_attempt_without_executions_is_queued_and_an_unknown_one_has_no_status() {
    let state = World::new().task("Fix login", "").attempt(1, 1, |_| {}).state();
    assert_eq!(status(&state, 1), AttemptStatus::Queued);
    let shard = state.projects.values().next();
    assert_eq!(shard.and_then(|shard| shard.attempt_status(fixed(9))), None);
}

#[test]
fn a_snapshot_taken_before_a_change_does_not_see_it_and_shares_the_rest() {
    let world = World::new().task("One", "").task("Two", "").attempt(1, 1, |_| {});
    let before = world.state();
    let mut after = before.clone();
    let shard = &before.projects[&fixed(1)];
    let task = Task {
        title: "Changed".into(),
        ..Task::clone(&shard.tasks[&fixed(1)])
    };
    after.apply(&[Change::from(task)]);
    let changed = &after.projects[&fixed(1)];
    assert_eq!(shard.tasks[&fixed(1)].title, "One");
    assert_eq!(changed.tasks[&fixed(1)].title, "Changed");
    assert!(Arc::ptr_eq(&shard.tasks[&fixed(2)], &changed.tasks[&fixed(2)]));
    assert!(Arc::ptr_eq(&shard.attempts, &changed.attempts));
    assert!(Arc::ptr_eq(&before.settings, &after.settings));
}

#[test]
fn a_change_of_something_in_a_removed_project_is_left_out() {
    let world = World::new().task("One", "");
    let mut state = world.state();
    let task = Task::clone(&state.projects[&fixed(1)].tasks[&fixed(1)]);
    state.apply(&[Change::Remove(EntityKey::Project(fixed(1))), Change::from(task)]);
    assert_eq!(state, State::default());
}

#[test]
fn removing_takes_away_that_one_only() {
    let mut state = World::new().task("One", "").task("Two", "").state();
    state.apply(&[
        Change::Remove(EntityKey::Task(fixed(1))),
        Change::Remove(EntityKey::Task(fixed(9))),
    ]);
    let left: Vec<_> = state.projects[&fixed(1)].tasks.keys().copied().collect();
    assert_eq!(left, [fixed(2)]);
    assert_eq!(state.short_id(fixed(2)).as_deref(), Some("ANY-2"));
    assert_eq!(state.short_id(fixed(1)), None);
}

#[test]
fn what_is_known_for_the_moment_is_not_durable() {
    let execution_id = fixed(1);
    let live = Live {
        activity: "reading".into(),
        ..Live::default()
    };
    let known = Change::Live {
        execution_id,
        live: Some(Arc::new(live)),
    };
    let mut state = State::default();
    state.apply(std::slice::from_ref(&known));
    assert_eq!(state.live[&execution_id].activity, "reading");
    assert!(!known.is_durable());
    state.apply(&[Change::Live {
        execution_id,
        live: None,
    }]);
    assert!(state.live.is_empty());
}

#[test]
fn what_is_removed_is_not_known_for_the_moment_either() {
    let world = World::new()
        .task("Fix login", "")
        .attempt(1, 1, |_| {})
        .execution(
            1,
            1,
            ExecutionState::Running {
                activity: Activity::Turn,
            },
        );
    let with = [EntityKey::Execution(fixed(1)), EntityKey::Project(fixed(1))];
    for removed in with {
        let mut state = world.state();
        state.apply(&[Change::Live {
            execution_id: fixed(1),
            live: Some(Arc::default()),
        }]);
        state.apply(&[Change::Remove(removed)]);
        assert!(state.live.is_empty());
    }
}

#[test]
fn drafts_stand_in_their_order() {
    let draft = |number: u8, order: u32| Draft {
        id: fixed(number),
        project_id: fixed(1),
        attempt_id: fixed(1),
        kind: DraftKind::FollowUp,
        to: Recipient::default(),
        text: String::new(),
        images: Vec::new(),
        queued: true,
        order,
        created_at: Timestamp::from_ms(0),
        updated_at: Timestamp::from_ms(0),
    };
    let mut state = World::new().task("One", "").attempt(1, 1, |_| {}).state();
    state.apply(&[draft(1, 2), draft(2, 1), draft(3, 2)].map(Change::from));
    let order: Vec<_> = state.projects[&fixed(1)]
        .drafts_of(fixed(1))
        .iter()
        .map(|draft| draft.id)
        .collect();
    assert_eq!(order, [fixed(2), fixed(1), fixed(3)]);
}
