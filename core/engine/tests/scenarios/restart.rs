//! What the first input makes of an earlier run's rest.

use crate::scenario::{Scenario, started};
use anyon_model::*;
use anyon_testkit::{World, asks_command, fixed};
use insta::assert_snapshot;
use std::sync::Arc;

#[test]
fn executions_that_ran_are_shown_as_interrupted_and_can_be_resumed() {
    let approval = Approval {
        id: fixed(1),
        project_id: fixed(1),
        attempt_id: fixed(1),
        execution_id: fixed(1),
        request: asks_command("q1", "npm test"),
        state: ApprovalState::Pending,
        created_at: Timestamp::from_ms(0),
        resolved_at: None,
    };
    let world = World::new()
        .task_with("Fix login", |task| task.status = TaskStatus::InProgress)
        .attempt(1, 1, |_| {})
        .execution(
            1,
            1,
            ExecutionState::Running {
                activity: Activity::Waiting { approvals: 1 },
            },
        )
        .with(Entity::Approval(Arc::new(approval)));
    let mut s = Scenario::unstarted(world);
    let log = LogLengths {
        raw: 5,
        entries: 6,
        entry_count: 7,
    };
    s.input(Input::Started {
        recovered: vec![Recovered {
            execution_id: fixed(1),
            log,
            killed: 2,
        }],
        unswept: Vec::new(),
    });
    assert_snapshot!(s.seen(), @r#"
    ▸ Started
      execution A1.1 failed Orphaned: Anyon ended while it ran; 2 of its processes still lived and were ended
      task 1 inreview unread
      approval q1 void
    "#);
    assert_eq!(s.execution().log, log);
    assert_eq!(s.status(), AttemptStatus::Stopped);
    s.sends(Command::ResumeAttempt {
        attempt_id: fixed(1),
        text: None,
    });
    s.resources();
    assert_eq!(
        s.launches().pop().unwrap().resume.unwrap().agent_session,
        "conversation-1"
    );
}

#[test]
fn a_half_made_worktree_is_made_again_and_queued_executions_are_interrupted_too() {
    let world = World::new()
        .task_with("Fix login", |task| task.status = TaskStatus::InProgress)
        .attempt(1, 1, |attempt| attempt.worktree.state = WorktreeState::Creating)
        .execution(
            1,
            1,
            ExecutionState::Queued {
                why: Some(QueueReason::Worktree),
            },
        );
    let mut s = Scenario::unstarted(world);
    s.input(started());
    assert_snapshot!(s.seen(), @r#"
    ▸ Started
      execution A1.1 failed Orphaned: Anyon ended while it ran
      task 1 inreview unread
      attempt A1 anyon/0001-work worktree planned
    "#);
}

#[test]
fn worktrees_that_should_be_gone_are_removed_now() {
    let merge = Merge {
        id: fixed(1),
        project_id: fixed(1),
        attempt_id: fixed(1),
        target: "main".into(),
        kind: MergeKind::Direct {
            commit: "3".into(),
            before: "1".into(),
        },
        created_at: Timestamp::from_ms(0),
    };
    let kept = Merge {
        id: fixed(2),
        attempt_id: fixed(2),
        ..merge.clone()
    };
    let world = World::new()
        .task_with("Fix login", |task| task.status = TaskStatus::Done)
        .attempt(1, 1, |_| {})
        .attempt(2, 1, |attempt| attempt.worktree.keep = true)
        .attempt(3, 1, |_| {})
        .with(Entity::Merge(Arc::new(merge)))
        .with(Entity::Merge(Arc::new(kept)));
    let mut s = Scenario::unstarted(world);
    s.input(started());
    s.input(Input::WorktreeRemoved {
        attempt_id: fixed(1),
        result: Ok(RemoveReport { snapshot: None }),
    });
    assert_snapshot!(s.seen(), @r#"
    ▸ Started
      → remove worktree Cleanup (snapshot 1)
    ▸ WorktreeRemoved
      attempt A1 anyon/0001-work worktree removed
    "#);
}

#[test]
fn a_task_that_a_person_moved_is_left_alone() {
    let world = World::new().task_with("By hand", |task| task.status = TaskStatus::InProgress);
    let mut s = Scenario::unstarted(world);
    let step = s.input(started());
    assert!(step.changes.is_empty());
}

fn world_with(state: ExecutionState) -> World {
    World::new()
        .task_with("Fix login", |task| task.status = TaskStatus::InReview)
        .attempt(1, 1, |_| {})
        .execution(1, 1, state)
}

#[test]
fn an_agent_that_had_done_its_turn_is_still_to_review() {
    let since = Timestamp::from_ms(0);
    let activity = Activity::Idle { since };
    let mut s = Scenario::unstarted(world_with(ExecutionState::Running { activity }));
    s.input(started());
    assert_snapshot!(s.seen(), @r#"
    ▸ Started
      execution A1.1 completed
    "#);
    assert_eq!(s.status(), AttemptStatus::Idle);
}

#[test]
fn an_agent_that_was_being_stopped_is_stopped() {
    let (step, reason) = (StopStep::Term, StopReason::User);
    let mut s = Scenario::unstarted(world_with(ExecutionState::Stopping { step, reason }));
    s.input(started());
    assert_eq!(s.execution().state, ExecutionState::Killed { reason });
    assert!(!s.task().unread);
    assert!(s.execution().ended_at.is_some());
}

#[test]
fn a_half_made_worktree_that_is_in_the_way_waits_for_a_person() {
    let world = World::new()
        .task("Fix login", "")
        .attempt(1, 1, |attempt| attempt.worktree.state = WorktreeState::Creating)
        .execution(
            1,
            1,
            ExecutionState::Queued {
                why: Some(QueueReason::Worktree),
            },
        );
    let mut s = Scenario::unstarted(world);
    s.input(Input::Started {
        recovered: Vec::new(),
        unswept: vec![fixed(1)],
    });
    assert_eq!(s.attempt().worktree.state, WorktreeState::Creating);
    let refused = s.refused(Command::ResumeAttempt {
        attempt_id: fixed(1),
        text: None,
    });
    assert_eq!(refused.code, ProblemCode::WrongState);
    assert!(refused.title.contains("half-made"), "{refused}");
    s.later();
    let command_id = s.drop_attempt();
    s.worktree_removed(1);
    assert_snapshot!(s.seen(), @r#"
    ▸ DropAttempt
      → remove worktree Drop (snapshot 1)
    ▸ WorktreeRemoved
      snapshot 1 Drop
      attempt A1 anyon/0001-work worktree removed dropped
      history drop anyon/0001-work (0 refs)
      task 1 todo unread
      → reply Done
    "#);
    assert_eq!(s.outcome(command_id), Outcome::Done);
    assert_eq!(s.attempt().worktree.state, WorktreeState::Removed);
}

#[test]
fn a_turn_that_a_person_stopped_is_told_as_stopped_after_a_restart() {
    let mut s = Scenario::in_turn();
    let attempt_id = s.attempt().id;
    s.sends(Command::InterruptAttempt { attempt_id });
    s.says([AgentEvent::TurnEnded(TurnOutcome::Interrupted)]);
    // What the store has of it, and nothing else.
    let durable = Execution::clone(&s.execution());
    let world = World::new()
        .task("Fix login", "")
        .attempt(1, 1, |_| {})
        .with(Entity::Execution(Arc::new(Execution {
            project_id: fixed(1),
            attempt_id: fixed(1),
            ..durable
        })));
    let mut s = Scenario::unstarted(world);
    s.input(started());
    let execution = s.shard().executions.values().next().unwrap().clone();
    assert_eq!(execution.state, ExecutionState::Completed);
    assert!(execution.turn_stopped);
}

#[test]
fn the_next_turn_is_no_longer_a_stopped_one() {
    let mut s = Scenario::in_turn();
    let attempt_id = s.attempt().id;
    s.sends(Command::InterruptAttempt { attempt_id });
    s.says([AgentEvent::TurnEnded(TurnOutcome::Interrupted)]);
    assert!(s.execution().turn_stopped);
    s.follow_up("Go on");
    assert!(!s.execution().turn_stopped);
}
