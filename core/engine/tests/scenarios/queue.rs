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
