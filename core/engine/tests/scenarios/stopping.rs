//! The stop ladder.

use crate::scenario::Scenario;
use anyon_model::*;
use anyon_testkit::World;
use insta::assert_snapshot;

#[test]
fn a_stop_climbs_the_ladder_rung_by_rung() {
    let mut s = Scenario::in_turn();
    let command_id = s.stop();
    s.waits();
    s.waits();
    s.waits();
    s.waits();
    assert!(!s.is_answered(command_id));
    s.exits_with(ExitStatus::Signal { signal: 9 }, "", 0);
    assert_snapshot!(s.seen(), @r#"
    ▸ StopAttempt
      execution A1.1 stopping Interrupt for User
      → stop A1.1 Interrupt
      → timer Interrupt of A1.1
    ▸ timer Interrupt of A1.1
      execution A1.1 stopping CloseStdin for User
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
    ▸ timer CloseStdin of A1.1
      execution A1.1 stopping Term for User
      → stop A1.1 Term
      → timer Term of A1.1
    ▸ timer Term of A1.1
      execution A1.1 stopping Kill for User
      → stop A1.1 Kill
      → timer Kill of A1.1
    ▸ timer Kill of A1.1
      execution A1.1 stopping Sweep for User
      → stop A1.1 Sweep
      → timer Sweep of A1.1
    ▸ A1.1 exited Signal { signal: 9 }
      execution A1.1 killed User
      live A1.1 gone
      task 1 inreview
      → reply Done
    "#);
    assert_eq!(s.outcome(command_id), Outcome::Done);
    assert_eq!(s.status(), AttemptStatus::Stopped);
}

#[test]
fn each_rung_has_the_agents_own_time() {
    let mut s = Scenario::in_turn();
    s.stop();
    let mut waited = Vec::new();
    for _ in 0..4 {
        let before = s.clock.now();
        s.waits();
        waited.push(s.clock.now().ms_since(before) - 1);
    }
    assert_eq!(waited, [2_000, 1_000, 3_000, 1_000]);
}

#[test]
fn a_second_stop_skips_a_rung_and_both_are_answered() {
    let mut s = Scenario::in_turn();
    let first = s.stop();
    let second = s.stop();
    s.stop();
    s.exits(143);
    assert_snapshot!(s.seen(), @r#"
    ▸ StopAttempt
      execution A1.1 stopping Interrupt for User
      → stop A1.1 Interrupt
      → timer Interrupt of A1.1
    ▸ StopAttempt
      execution A1.1 stopping CloseStdin for User
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
    ▸ StopAttempt
      execution A1.1 stopping Term for User
      → stop A1.1 Term
      → timer Term of A1.1
    ▸ A1.1 exited Code { code: 143 }
      execution A1.1 killed User
      live A1.1 gone
      task 1 inreview
      → reply Done
      → reply Done
      → reply Done
    "#);
    assert!(s.is_answered(first) && s.is_answered(second));
}

#[test]
fn a_turn_that_ends_on_the_interrupt_is_not_waited_for() {
    let mut s = Scenario::in_turn();
    s.stop();
    s.later().says([AgentEvent::TurnEnded(TurnOutcome::Interrupted)]);
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 says TurnEnded(Interrupted)
      execution A1.1 stopping CloseStdin for User
      live A1.1
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
    "#);
}

#[test]
fn an_idle_agent_is_stopped_by_closing_its_input() {
    let mut s = Scenario::idle();
    let attempt_id = s.attempt().id;
    s.sends(Command::InterruptAttempt { attempt_id });
    assert_snapshot!(s.seen(), @r#"
    ▸ InterruptAttempt
      execution A1.1 stopping CloseStdin for TurnOver
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
    "#);
}

#[test]
fn work_that_is_done_is_still_to_review_after_its_agent_was_stopped() {
    let mut s = Scenario::idle();
    let attempt_id = s.attempt().id;
    let command_id = s.stop();
    s.exits(143);
    assert!(s.is_answered(command_id));
    let shard = s.state().shard_of_attempt(attempt_id).unwrap();
    assert_eq!(shard.attempt_status(attempt_id), Some(AttemptStatus::Idle));
}

#[test]
fn a_stop_while_the_worktree_is_made_ends_when_it_is_there() {
    let mut s = Scenario::new();
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.resources();
    s.later();
    let command_id = s.stop();
    assert!(!s.is_answered(command_id));
    s.worktree_created();
    assert_snapshot!(s.seen(), @r#"
    ▸ StopAttempt
      → CancelWorktree
    ▸ WorktreeCreated
      attempt A1 anyon/066b-fix-login worktree ready
      execution A1.1 killed User
      task 1 inreview
      → reply Done
    "#);
}

#[test]
fn a_stop_while_the_setup_script_runs_ends_the_script_and_the_agent() {
    let world = World::new().project(|project| project.setup_script = "sleep 99".into());
    let mut s = Scenario::over(world.task("Fix login", ""));
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.resources();
    s.worktree_created();
    s.spawned();
    s.later();
    let command_id = s.stop();
    s.stop();
    s.exits_with(ExitStatus::Signal { signal: 9 }, "", 0);
    assert_snapshot!(s.seen(), @r#"
    ▸ StopAttempt
      execution A1.2 script stopping Term for User
      → stop A1.2 Term
      → timer Term of A1.2
    ▸ StopAttempt
      execution A1.2 script stopping Kill for User
      → stop A1.2 Kill
      → timer Kill of A1.2
    ▸ A1.2 exited Signal { signal: 9 }
      execution A1.2 script killed User
      execution A1.1 killed User
      task 1 inreview
      → reply Done
      → reply Done
    "#);
    assert!(s.is_answered(command_id));
}

#[test]
fn a_stop_while_the_process_starts_waits_for_it() {
    let mut s = Scenario::new();
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.resources();
    s.worktree_created();
    s.later().stop();
    s.stop();
    s.spawned();
    s.exits(0);
    assert_snapshot!(s.seen(), @r#"
    ▸ StopAttempt
      execution A1.1 stopping Interrupt for User
      → timer Interrupt of A1.1
    ▸ StopAttempt
    ▸ A1.1 spawned
      execution A1.1 stopping CloseStdin for User
      → attach A1.1
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
    ▸ A1.1 exited Code { code: 0 }
      execution A1.1 killed User
      task 1 inreview
      → reply Done
      → reply Done
    "#);
}

#[test]
fn a_process_that_nobody_hears_of_again_does_not_keep_anybody_waiting() {
    let mut s = Scenario::in_turn();
    let command_id = s.stop();
    for _ in 0..5 {
        s.waits();
    }
    assert!(s.is_answered(command_id));
    assert_eq!(
        s.execution().state,
        ExecutionState::Killed {
            reason: StopReason::User
        }
    );
    assert!(s.task().unread);
}

#[test]
fn queued_drafts_stay_after_a_stop() {
    let mut s = Scenario::in_turn();
    s.follow_up("More");
    s.stop();
    s.exits(0);
    assert_eq!(s.shard().drafts.len(), 1);
    assert_eq!(s.task().status, TaskStatus::InReview);
}

#[test]
fn nothing_to_stop_is_said() {
    let mut s = Scenario::idle();
    s.exits(0);
    let attempt_id = s.attempt().id;
    assert_eq!(
        s.refused(Command::StopAttempt { attempt_id }).code,
        ProblemCode::WrongState
    );
    assert_eq!(
        s.refused(Command::InterruptAttempt { attempt_id }).code,
        ProblemCode::WrongState
    );
}

#[test]
fn a_shutdown_stops_everything_and_then_ends() {
    let mut s = Scenario::in_turn();
    let command_id = s.sends(Command::Shutdown);
    assert!(!s.is_answered(command_id));
    let attempt_id = s.attempt().id;
    let refused = s.refused(Command::FollowUp {
        attempt_id,
        text: "More".into(),
    });
    assert_eq!(refused.code, ProblemCode::HostGone);
    s.later().exits(0);
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 exited Code { code: 0 }
      execution A1.1 killed Shutdown
      live A1.1 gone
      task 1 inreview
      → reply Done
      → Exit
    "#);
}

#[test]
fn a_shutdown_with_nothing_running_ends_at_once() {
    let mut s = Scenario::new();
    let command_id = s.sends(Command::Shutdown);
    assert_eq!(s.outcome(command_id), Outcome::Done);
    assert_eq!(s.effects.last(), Some(&Effect::Exit));
}

#[test]
fn a_failed_store_stops_what_runs_and_starts_nothing() {
    let mut s = Scenario::in_turn();
    let problem = Problem::new(ProblemCode::StoreUnwritable, "The disk is full");
    s.input(Input::StoreFailed { problem });
    assert_snapshot!(s.seen(), @r#"
    ▸ StoreFailed
      execution A1.1 stopping Interrupt for StoreFailed
      → stop A1.1 Interrupt
      → timer Interrupt of A1.1
    "#);
    let (attempt_id, task_id) = (s.attempt().id, s.task().id);
    let profile = ExecutorProfileId::new("AMP");
    let start = Command::StartAttempt {
        task_id,
        profile,
        base: None,
        target: None,
        approve: ApproveMode::Edits,
    };
    assert_eq!(s.refused(start).code, ProblemCode::StoreUnwritable);
    s.exits(0);
    assert_eq!(
        s.execution().state,
        ExecutionState::Killed {
            reason: StopReason::StoreFailed
        }
    );
    assert_eq!(
        s.refused(Command::ResumeAttempt {
            attempt_id,
            text: None
        })
        .code,
        ProblemCode::StoreUnwritable
    );
}

#[test]
fn a_failed_store_lets_nobody_wait_for_work_that_will_not_be_done() {
    let mut s = Scenario::idle();
    let command_id = s.merge();
    let problem = Problem::new(ProblemCode::StoreUnwritable, "The disk is full");
    s.input(Input::StoreFailed { problem });
    assert_eq!(s.problem(command_id).code, ProblemCode::StoreUnwritable);
    s.landed(command_id);
    assert!(s.shard().merges.is_empty(), "what came too late is not recorded");
}

#[test]
fn a_start_that_is_never_answered_is_given_up_and_a_late_process_is_killed() {
    let mut s = Scenario::new();
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.resources();
    s.worktree_created();
    let command_id = s.stop();
    s.later().waits();
    assert!(s.is_answered(command_id));
    s.spawned();
    assert_snapshot!(s.seen(), @r#"
    ▸ timer Interrupt of A1.1
      execution A1.1 killed User
      task 1 inreview
      → reply Done
    ▸ A1.1 spawned
      → stop A1.1 Kill
    "#);
}

#[test]
fn a_stop_of_an_idle_agent_holds_its_drafts() {
    let mut s = Scenario::over(
        World::new()
            .task("One", "")
            .with(Entity::Settings(std::sync::Arc::new(Settings {
                max_running: 1,
                ..Settings::default()
            }))),
    );
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.goes_to_turn();
    let first = s.attempt().id;
    s.turn_ends();
    let first_execution = s.execution().id;
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.goes_to_turn();
    let queued = s.sends(Command::FollowUp {
        attempt_id: first,
        text: "More".into(),
    });
    assert!(matches!(s.outcome(queued), Outcome::Queued { .. }));
    s.later().sends(Command::StopAttempt { attempt_id: first });
    s.exited(first_execution, ExitStatus::Code { code: 0 }, "", 0);
    assert_snapshot!(s.seen(), @r#"
    ▸ StopAttempt
      execution A1.1 stopping CloseStdin for TurnOver
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
    ▸ A1.1 exited Code { code: 0 }
      execution A1.1 completed
      live A1.1 gone
      task 1 inreview unread
      → reply Done
    "#);
    assert_eq!(s.shard().drafts.len(), 1);
    assert_eq!(s.shard().attempt_status(first), Some(AttemptStatus::Idle));
}

#[test]
fn a_cancelled_creation_is_asked_for_once() {
    let mut s = Scenario::new();
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.resources();
    s.stop();
    s.stop();
    let cancelled = s
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::CancelWorktree { .. }));
    assert_eq!(cancelled.count(), 1);
}
