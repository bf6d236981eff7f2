//! The cap of running agents and the floors of memory and disk.

use crate::scenario::Scenario;
use anyon_model::*;
use anyon_testkit::{World, fixed};
use insta::assert_snapshot;
use std::sync::Arc;

fn capped(limit: u32) -> Scenario {
    let settings = Settings {
        max_running: limit,
        ..Settings::default()
    };
    let world = World::new()
        .task("First", "")
        .task("Second", "")
        .with(Entity::Settings(Arc::new(settings)));
    Scenario::over(world)
}

fn start(s: &mut Scenario, task: u8) {
    s.sends(Command::StartAttempt {
        task_id: fixed(task),
        profile: ExecutorProfileId::new("CLAUDE_CODE"),
        base: None,
        target: None,
        approve: ApproveMode::Edits,
    });
}

#[test]
fn beyond_the_cap_executions_wait_and_say_why() {
    let mut s = capped(1);
    start(&mut s, 1);
    let first = s.execution();
    start(&mut s, 2);
    let second = s.execution();
    s.later().resources();
    assert_snapshot!(s.seen(), @r#"
    ▸ Resources
      execution A1.1 queued Worktree
      attempt A1 anyon/066b-first worktree creating
      execution A2.1 queued Cap { limit: 1 }
      → create worktree any/066b-first on anyon/066b-first from main
    "#);
    s.worktree_created_of(first.attempt_id);
    s.spawned_as(first.id);
    s.later().input(Input::Agent {
        execution_id: first.id,
        events: vec![AgentEvent::TurnEnded(TurnOutcome::Completed)],
    });
    s.resources();
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 says TurnEnded(Completed)
      execution A1.1 idle
      task 1 inreview unread
      live A1.1
      → timer idle of A1.1
      → notify ANY-1 First: Claude Code is done
      → MeasureResources
    ▸ Resources
      execution A2.1 queued Worktree
      attempt A2 anyon/ae03-second worktree creating
      → create worktree any/ae03-second on anyon/ae03-second from main
    "#);
    assert_eq!(s.state().shard_of_execution(second.id).unwrap().attempts.len(), 2);
}

#[test]
fn an_idle_agent_gets_no_prompt_beyond_the_cap_until_there_is_room() {
    let mut s = capped(1);
    start(&mut s, 1);
    let first = s.execution();
    s.goes_to_turn();
    s.turn_ends();
    start(&mut s, 2);
    s.goes_to_turn();
    let second = s.execution();
    let command_id = s.sends(Command::FollowUp {
        attempt_id: first.attempt_id,
        text: "More".into(),
    });
    assert!(matches!(s.outcome(command_id), Outcome::Queued { .. }));
    s.later().input(Input::Agent {
        execution_id: second.id,
        events: vec![AgentEvent::TurnEnded(TurnOutcome::Completed)],
    });
    assert_snapshot!(s.seen(), @r#"
    ▸ A2.1 says TurnEnded(Completed)
      execution A2.1 idle
      task 2 inreview unread
      live A2.1
      execution A1.1 running
      task 1 inprogress unread
      → timer idle of A2.1
      → notify ANY-2 Second: Claude Code is done
      → send A1.1 prompt "More"
    "#);
}

#[test]
fn little_memory_makes_a_start_wait_and_is_measured_again() {
    let mut s = Scenario::new();
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.later().input(Input::Resources {
        free_memory_mib: 100,
        free_disk_mib: 90_000,
    });
    assert_eq!(s.status(), AttemptStatus::Queued);
    s.waits();
    s.input(Input::Resources {
        free_memory_mib: 2_000,
        free_disk_mib: 90,
    });
    s.waits();
    s.resources();
    assert_snapshot!(s.seen(), @r#"
    ▸ Resources
      execution A1.1 queued Memory { free_mib: 100, floor_mib: 512 }
      → timer queue
    ▸ timer queue
      → MeasureResources
    ▸ Resources
      execution A1.1 queued Disk { free_mib: 90, floor_mib: 1024 }
      → timer queue
    ▸ timer queue
      → MeasureResources
    ▸ Resources
      execution A1.1 queued Worktree
      attempt A1 anyon/066b-fix-login worktree creating
      → create worktree any/066b-fix-login on anyon/066b-fix-login from main
    "#);
}

#[test]
fn a_queued_attempt_is_stopped_at_once() {
    let mut s = Scenario::new();
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.later();
    let command_id = s.stop();
    assert_snapshot!(s.seen(), @r#"
    ▸ StopAttempt
      execution A1.1 killed User
      task 1 inreview
      → reply Done
    "#);
    assert_eq!(s.outcome(command_id), Outcome::Done);
    s.later().resources();
    assert_snapshot!(s.seen(), @"▸ Resources");
}

#[test]
fn a_higher_cap_is_felt_at_once() {
    let mut s = capped(1);
    start(&mut s, 1);
    start(&mut s, 2);
    s.resources();
    s.later().sends(Command::SetSettings {
        settings: Settings {
            max_running: 2,
            ..Settings::default()
        },
    });
    assert_snapshot!(s.seen(), @r#"
    ▸ SetSettings
      Settings
      → reply Done
      → MeasureResources
    "#);
    assert_eq!(
        s.refused(Command::SetSettings {
            settings: Settings {
                max_running: 0,
                ..Settings::default()
            }
        })
        .code,
        ProblemCode::InvalidRequest
    );
}

#[test]
fn a_start_that_was_measured_waits_when_its_room_is_taken_meanwhile() {
    let mut s = capped(1);
    start(&mut s, 1);
    let first = s.execution();
    s.goes_to_turn();
    s.turn_ends();
    start(&mut s, 2);
    s.later().sends(Command::FollowUp {
        attempt_id: first.attempt_id,
        text: "More".into(),
    });
    s.resources();
    assert_snapshot!(s.seen(), @r#"
    ▸ FollowUp
      draft "More"
      execution A1.1 running
      task 1 inprogress unread
      execution A2.1 queued Cap { limit: 1 }
      → send A1.1 prompt "More"
      → reply Attempt
    ▸ Resources
    "#);
}

/// The agent of the first task told of a limit that ends in an hour.
fn limited() -> (Scenario, Timestamp) {
    let mut s = capped(4);
    start(&mut s, 1);
    s.goes_to_turn();
    s.says([
        AgentEvent::TurnStarted,
        AgentEvent::Session {
            agent_session: "conversation".into(),
        },
    ]);
    let until = s.execution().created_at.plus_ms(3_600_000);
    let kind = FailureKind::RateLimit {
        resets_at: Some(until),
    };
    s.later().turn_fails(kind, "Five-hour limit reached");
    s.exits(0);
    (s, until)
}

fn waits_until(until: Timestamp) -> ExecutionState {
    ExecutionState::Queued {
        why: Some(QueueReason::RateLimit { until }),
    }
}

#[test]
fn a_limit_with_an_end_makes_everything_of_that_agent_wait_and_goes_on_by_itself() {
    let (mut s, until) = limited();
    let first = s.execution();
    assert_eq!(first.state, waits_until(until));
    assert_eq!(first.number, 2);
    assert_eq!(s.task().status, TaskStatus::InProgress);
    let told = s.seen();
    assert!(
        told.contains("Claude Code has reached a limit and goes on by itself when it ends"),
        "{told}"
    );
    assert!(!told.contains("MeasureResources"), "nothing is started: {told}");
    // Another attempt of the same agent waits as well, one of another agent does not.
    start(&mut s, 2);
    assert_eq!(s.execution().state, waits_until(until));
    let second = s.execution();
    s.sends(Command::StartAttempt {
        task_id: fixed(2),
        profile: ExecutorProfileId::new("AMP"),
        base: None,
        target: None,
        approve: ApproveMode::Edits,
    });
    s.goes_to_turn();
    assert_eq!(s.launches().last().unwrap().profile.executor, "AMP");
    assert_eq!(s.shard().executions[&second.id].state, waits_until(until));
    // The limit ends.
    while s.shard().executions[&first.id].state == waits_until(until) {
        s.waits();
    }
    s.resources();
    let launch = s.launches().pop().unwrap();
    assert_eq!(launch.prompt, "Continue where you left off.");
    assert_eq!(launch.resume.unwrap().agent_session, "conversation");
    s.resources();
    assert_ne!(s.shard().executions[&second.id].state, waits_until(until));
}

#[test]
fn what_waits_for_a_limit_is_started_all_the_same_when_a_person_wants_it() {
    let (mut s, until) = limited();
    let attempt_id = s.attempt().id;
    start(&mut s, 2);
    let other = s.execution();
    let command_id = s.sends(Command::StartNow { attempt_id });
    assert_eq!(s.outcome(command_id), Outcome::Attempt { attempt_id });
    s.resources();
    assert!(s.launches().last().unwrap().resume.is_some());
    assert_eq!(s.shard().executions[&other.id].state, waits_until(until));
    assert_eq!(
        s.refused(Command::StartNow { attempt_id }).code,
        ProblemCode::WrongState
    );
    // It goes well: the limit is none.
    let mut executions = s.shard().executions_of(attempt_id);
    let first = executions.find(|execution| execution.number == 2).unwrap().id;
    drop(executions);
    s.spawned_as(first);
    s.input(Input::Agent {
        execution_id: first,
        events: vec![AgentEvent::TurnEnded(TurnOutcome::Completed)],
    });
    assert_eq!(
        s.shard().executions[&other.id].state,
        ExecutionState::Queued { why: None }
    );
}

#[test]
fn what_has_begun_already_when_a_limit_is_met_is_not_begun_twice() {
    let mut s = capped(4);
    start(&mut s, 1);
    s.goes_to_turn();
    let first = s.execution();
    start(&mut s, 2);
    s.resources();
    let second = s.execution();
    assert_eq!(
        second.state,
        ExecutionState::Queued {
            why: Some(QueueReason::Worktree)
        }
    );
    let kind = FailureKind::RateLimit {
        resets_at: Some(first.created_at.plus_ms(3_600_000)),
    };
    let message = "Five-hour limit reached".to_owned();
    s.later();
    s.input(Input::Agent {
        execution_id: first.id,
        events: vec![AgentEvent::TurnEnded(TurnOutcome::Failed { kind, message })],
    });
    s.exited(first.id, ExitStatus::Code { code: 0 }, "", 0);
    let problem = s.refused(Command::StartNow {
        attempt_id: second.attempt_id,
    });
    assert_eq!(problem.code, ProblemCode::WrongState);
}

#[test]
fn a_limit_holds_over_a_restart() {
    let (mut s, until) = limited();
    let (attempt_id, first) = (s.attempt().id, s.execution().id);
    // Times and ids go on where they were.
    let clock = std::mem::take(&mut s.clock);
    let world = World::new().task("First", "").task("Second", "");
    let stored = s.shard().clone();
    let mut world = world
        .with(Entity::Attempt(s.attempt()))
        .with(Entity::Session(stored.sessions.values().next().unwrap().clone()));
    for execution in stored.executions.values() {
        world = world.with(Entity::Execution(execution.clone()));
    }
    let mut s = Scenario::unstarted(world);
    s.clock = clock;
    s.input(crate::scenario::started());
    assert_eq!(s.shard().executions[&first].state, waits_until(until));
    start(&mut s, 2);
    assert_eq!(s.execution().state, waits_until(until));
    while s.shard().executions[&first].state == waits_until(until) {
        s.waits();
    }
    s.resources();
    let launch = s.launches().pop().unwrap();
    assert_eq!(launch.prompt, "Continue where you left off.");
    assert_eq!(
        s.shard().attempt_status(attempt_id),
        Some(AttemptStatus::Starting)
    );
}

#[test]
fn a_limit_without_an_end_and_a_conversation_that_cannot_go_on_are_left_to_the_person() {
    let mut s = Scenario::in_turn();
    s.turn_fails(FailureKind::RateLimit { resets_at: None }, "Too many requests");
    s.exits(0);
    assert_eq!(s.status(), AttemptStatus::Failed);
    let mut s = Scenario::new();
    s.start("AMP", ApproveMode::Edits);
    s.goes_to_turn();
    s.says([AgentEvent::Session {
        agent_session: "T-1".into(),
    }]);
    let until = s.execution().created_at.plus_ms(3_600_000);
    let resets_at = Some(until);
    s.turn_fails(FailureKind::RateLimit { resets_at }, "Too many requests");
    s.exits(0);
    assert_eq!(s.status(), AttemptStatus::Failed);
    let attempt_id = s.attempt().id;
    s.sends(Command::ResumeAttempt {
        attempt_id,
        text: None,
    });
    assert_eq!(
        s.execution().state,
        waits_until(until),
        "what a person starts waits too"
    );
}
