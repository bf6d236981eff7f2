//! Turns, follow-ups and drafts.

use crate::scenario::{Scenario, yes};
use anyon_model::*;
use anyon_testkit::asks_command;
use insta::assert_snapshot;

#[test]
fn a_finished_turn_waits_for_review_and_the_process_stays() {
    let mut s = Scenario::in_turn();
    s.says([
        AgentEvent::Session {
            agent_session: "conversation".into(),
        },
        AgentEvent::Model { model: "opus".into() },
        AgentEvent::Usage(TokenUsage {
            input: 10,
            output: 5,
            ..TokenUsage::default()
        }),
        AgentEvent::ResumePoint { message: "m1".into() },
        AgentEvent::Activity("editing main.rs".into()),
    ]);
    s.says([AgentEvent::Retrying {
        attempt: 2,
        max: 5,
        delay_ms: 1_500,
        why: "overloaded".into(),
    }]);
    s.turn_ends();
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 says Session, Model, Usage, ResumePoint, Activity
      session CLAUDE_CODE conversation
      execution A1.1 running
      live A1.1 "editing main.rs"
    ▸ A1.1 says Retrying
      live A1.1 "editing main.rs" retrying "try 2 of 5 in 2 s: overloaded"
    ▸ A1.1 says TurnEnded(Completed)
      live A1.1
      execution A1.1 idle
      task 1 inreview unread
      → timer idle of A1.1
      → notify ANY-1 Fix login: Claude Code is done
    "#);
    let execution = s.execution();
    assert_eq!(
        (execution.model.as_deref(), execution.usage.output),
        (Some("opus"), 5)
    );
    assert_eq!(
        s.shard()
            .last_session(s.attempt().id)
            .unwrap()
            .resume_point
            .as_deref(),
        Some("m1")
    );
    assert_eq!(s.status(), AttemptStatus::Idle);
}

#[test]
fn the_time_of_a_turn_begins_with_it_and_a_question_does_not_begin_another() {
    let mut s = Scenario::in_turn();
    let first = s.live().turn_since;
    assert_eq!(first, s.execution().started_at);
    s.later().asks(asks_command("q", "rm x"));
    s.answers(yes(ApprovalScope::Once));
    assert_eq!(s.live().turn_since, first);
    s.turn_ends();
    s.later().follow_up("And the tests");
    assert!(s.live().turn_since > first);
}

#[test]
fn a_follow_up_goes_to_the_idle_process() {
    let mut s = Scenario::idle();
    s.follow_up("And the tests");
    assert_snapshot!(s.seen(), @r#"
    ▸ FollowUp
      draft "And the tests"
      execution A1.1 running
      task 1 inprogress unread
      → send A1.1 prompt "And the tests"
      → reply Attempt
    "#);
}

#[test]
fn follow_ups_to_a_busy_agent_are_sent_one_by_one_in_order() {
    let mut s = Scenario::in_turn();
    let first = s.follow_up("One");
    s.follow_up("Two");
    assert!(matches!(s.outcome(first), Outcome::Queued { .. }));
    s.later().turn_ends();
    s.turn_ends();
    s.turn_ends();
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 says TurnEnded(Completed)
      execution A1.1 running
      live A1.1
      → timer idle of A1.1
      → send A1.1 prompt "One"
    ▸ A1.1 says TurnEnded(Completed)
      remove Draft
      execution A1.1 running
      live A1.1
      → timer idle of A1.1
      → send A1.1 prompt "Two"
    ▸ A1.1 says TurnEnded(Completed)
      remove Draft
      execution A1.1 idle
      task 1 inreview unread
      live A1.1
      → timer idle of A1.1
      → notify ANY-1 Fix login: Claude Code is done
    "#);
}

#[test]
fn an_idle_process_ends_after_the_limit_and_a_follow_up_resumes_its_session() {
    let mut s = Scenario::idle();
    s.waits();
    s.exits(0);
    assert_eq!(s.status(), AttemptStatus::Idle);
    s.follow_up("And the tests");
    s.resources();
    assert_snapshot!(s.seen(), @r#"
    ▸ timer idle of A1.1
      execution A1.1 stopping CloseStdin for IdleLimit
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
    ▸ A1.1 exited Code { code: 0 }
      execution A1.1 killed IdleLimit
      live A1.1 gone
    ▸ FollowUp
      execution A1.2 queued
      task 1 inprogress unread
      → reply Attempt
      → MeasureResources
    ▸ Resources
      execution A1.2 starting
      → spawn A1.2 CLAUDE_CODE resume conversation "And the tests"
    "#);
    let launch = s.launches().pop().unwrap();
    assert_eq!(launch.prompt, "And the tests");
    assert_eq!(
        s.execution().head_before,
        Some("2222222222222222222222222222222222222222".into())
    );
}

#[test]
fn a_follow_up_while_the_idle_process_is_closed_is_not_lost() {
    let mut s = Scenario::idle();
    s.waits();
    let command_id = s.follow_up("And the tests");
    assert!(matches!(s.outcome(command_id), Outcome::Queued { .. }));
    s.later().exits(0);
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 exited Code { code: 0 }
      execution A1.1 killed IdleLimit
      live A1.1 gone
      execution A1.2 queued
      task 1 inprogress unread
      → MeasureResources
    "#);
}

#[test]
fn a_lower_idle_limit_holds_for_whoever_is_idle_already() {
    let mut s = Scenario::idle();
    let execution_id = s.execution().id;
    let settings = Settings {
        idle_limit_minutes: 1,
        ..Settings::default()
    };
    s.later().sends(Command::SetSettings { settings });
    s.waits();
    assert_eq!(s.execution().id, execution_id);
    assert!(
        s.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Stop { .. })),
        "the process goes after a minute, not after ten"
    );
}

#[test]
fn the_idle_limit_counts_from_the_last_turn() {
    let mut s = Scenario::idle();
    s.clock.advance_ms(9 * 60_000);
    s.follow_up("More");
    s.turn_ends();
    let execution_id = s.execution().id;
    s.later().input(Input::TimerFired {
        key: TimerKey::Idle { execution_id },
    });
    assert_snapshot!(s.seen(), @r#"
    ▸ timer idle of A1.1
      → timer idle of A1.1
    "#);
}

#[test]
fn an_agent_that_does_not_stay_is_closed_after_its_turn_and_its_drafts_go_on() {
    let mut s = Scenario::new();
    s.start("AMP", ApproveMode::Edits);
    s.goes_to_turn();
    s.says([AgentEvent::Session {
        agent_session: "T-1".into(),
    }]);
    s.follow_up("More");
    s.later().turn_ends();
    assert_eq!(
        s.status(),
        AttemptStatus::Running,
        "it is not to review before its process has ended"
    );
    s.exits(1);
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 says TurnEnded(Completed)
      execution A1.1 stopping CloseStdin for TurnOver
      task 1 inreview unread
      live A1.1
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
      → notify ANY-1 Fix login: Amp is done
    ▸ A1.1 exited Code { code: 1 }
      execution A1.1 completed
      live A1.1 gone
      session AMP unnamed
      execution A1.2 queued
      task 1 inprogress unread
      → MeasureResources
    "#);
    assert_eq!(s.execution().prompt, "More");
    s.resources();
    let handover = s.launches().pop().unwrap().handover.unwrap();
    assert_eq!(
        handover.task, "Fix login\n\nIt says 500.",
        "it cannot resume, so it is told all"
    );
    assert_eq!(s.shard().sessions.len(), 2);
}

#[test]
fn a_failed_turn_ends_the_process_and_keeps_its_kind_and_the_drafts() {
    let mut s = Scenario::in_turn();
    s.follow_up("More");
    let resets_at = Some(Timestamp::from_ms(5));
    s.later()
        .turn_fails(FailureKind::RateLimit { resets_at }, "Limit reached");
    s.exits(1);
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 says TurnEnded(RateLimit { resets_at: Some(Timestamp(5)) })
      execution A1.1 stopping CloseStdin for TurnOver
      live A1.1
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
    ▸ A1.1 exited Code { code: 1 }
      execution A1.1 failed RateLimit { resets_at: Some(Timestamp(5)) }: Limit reached
      live A1.1 gone
      task 1 inreview unread
      → notify ANY-1 Fix login: Claude Code failed: Limit reached
    "#);
    assert_eq!(s.shard().drafts.len(), 1);
    assert_eq!(s.status(), AttemptStatus::Failed);
}

#[test]
fn an_interrupted_turn_leaves_its_drafts_to_the_person() {
    let mut s = Scenario::in_turn();
    s.follow_up("Later");
    let attempt_id = s.attempt().id;
    s.later();
    let command_id = s.sends(Command::InterruptAttempt { attempt_id });
    assert!(!s.is_answered(command_id));
    s.says([AgentEvent::TurnEnded(TurnOutcome::Interrupted)]);
    assert_eq!(s.outcome(command_id), Outcome::Done);
    s.follow_up("First this");
    s.turn_ends();
    assert_snapshot!(s.seen(), @r#"
    ▸ InterruptAttempt
      → send A1.1 interrupt
      → timer Interrupt of A1.1
    ▸ A1.1 says TurnEnded(Interrupted)
      execution A1.1 idle
      task 1 inreview
      live A1.1
      → reply Done
      → timer idle of A1.1
    ▸ FollowUp
      draft "First this"
      execution A1.1 running
      task 1 inprogress
      → send A1.1 prompt "First this"
      → reply Attempt
    ▸ A1.1 says TurnEnded(Completed)
      remove Draft
      execution A1.1 running
      live A1.1
      → timer idle of A1.1
      → send A1.1 prompt "Later"
    "#);
}

#[test]
fn a_queue_that_was_held_back_goes_on_when_it_is_resumed() {
    let mut s = Scenario::in_turn();
    let attempt_id = s.attempt().id;
    s.follow_up("First");
    s.follow_up("Second");
    s.sends(Command::InterruptAttempt { attempt_id });
    s.says([AgentEvent::TurnEnded(TurnOutcome::Interrupted)]);
    let resume = || Command::ResumeAttempt {
        attempt_id,
        text: None,
    };
    s.later().sends(resume());
    assert_snapshot!(s.seen(), @r#"
    ▸ ResumeAttempt
      execution A1.1 running
      task 1 inprogress
      → send A1.1 prompt "First"
      → reply Attempt
    "#);
    s.says([AgentEvent::TurnStarted]);
    assert_eq!(s.shard().drafts.len(), 1, "the first has arrived");
    s.stop();
    s.exits(0);
    s.later().sends(resume());
    s.resources();
    let prompt = s.launches().pop().unwrap().prompt;
    assert!(prompt.ends_with("Second"), "{prompt}");
}

#[test]
fn an_interrupt_that_is_not_heard_is_answered_with_what_to_do() {
    let mut s = Scenario::in_turn();
    let attempt_id = s.attempt().id;
    let command_id = s.sends(Command::InterruptAttempt { attempt_id });
    s.waits();
    assert_snapshot!(s.problem(command_id).to_string(), @"The agent has not ended its turn yet (Stop the attempt to end its process)");
    assert_eq!(s.status(), AttemptStatus::Running);
}

#[test]
fn a_process_that_ends_in_a_turn_has_failed() {
    for (status, kind) in [
        (ExitStatus::Code { code: 0 }, FailureKind::Protocol),
        (ExitStatus::Code { code: 3 }, FailureKind::Exit { code: 3 }),
        (
            ExitStatus::Signal { signal: 9 },
            FailureKind::Signal { signal: 9 },
        ),
        (ExitStatus::Unknown, FailureKind::Other),
    ] {
        let mut s = Scenario::in_turn();
        s.exits_with(status, "out of tokens", 0);
        let ExecutionState::Failed { kind: found, message } = s.execution().state.clone() else {
            panic!("{status:?}: {:?}", s.execution().state);
        };
        assert_eq!(found, kind);
        assert!(message.ends_with("out of tokens"), "{message}");
        assert_eq!(s.execution().log.entry_count, 3);
        assert_eq!(s.task().status, TaskStatus::InReview);
    }
}

#[test]
fn an_idle_process_that_ends_by_itself_is_complete() {
    let mut s = Scenario::idle();
    s.exits(1);
    assert_eq!(s.execution().state, ExecutionState::Completed);
}

#[test]
fn processes_that_are_left_are_told() {
    let mut s = Scenario::in_turn();
    s.later().exits_with(ExitStatus::Code { code: 1 }, "", 2);
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 exited Code { code: 1 }
      execution A1.1 failed Exit { code: 1 }: The process ended with status 1 / 2 of its processes could not be ended
      history leave processes of execution 1: 2 of its processes could not be ended (0 refs)
      task 1 inreview unread
      live A1.1 gone
      → notify ANY-1 Fix login: Claude Code failed: The process ended with status 1
    "#);
}

#[test]
fn drafts_are_changed_and_removed() {
    let mut s = Scenario::in_turn();
    s.follow_up("One");
    let draft_id = *s.shard().drafts.keys().next().unwrap();
    s.sends(Command::EditDraft {
        draft_id,
        text: "Another".into(),
    });
    assert_eq!(s.shard().drafts[&draft_id].text, "Another");
    s.sends(Command::EditDraft {
        draft_id,
        text: " ".into(),
    });
    assert!(s.shard().drafts.is_empty());
    assert_eq!(
        s.refused(Command::EditDraft {
            draft_id,
            text: "x".into()
        })
        .code,
        ProblemCode::NotFound
    );
    let attempt_id = s.attempt().id;
    assert_eq!(
        s.refused(Command::FollowUp {
            attempt_id,
            text: "\n".into()
        })
        .code,
        ProblemCode::InvalidRequest
    );
}

#[test]
fn a_late_word_of_an_ended_agent_changes_nothing() {
    let mut s = Scenario::in_turn();
    s.exits(1);
    s.later().turn_ends();
    s.asks(asks_command("q", "rm x"));
    s.exits(0);
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 says TurnEnded(Completed)
    ▸ A1.1 says Approval(q)
    ▸ A1.1 exited Code { code: 0 }
    "#);
}

#[test]
fn resuming_continues_the_session_where_it_was_left() {
    let mut s = Scenario::idle();
    let attempt_id = s.attempt().id;
    s.follow_up("More");
    let busy = s.refused(Command::ResumeAttempt {
        attempt_id,
        text: None,
    });
    assert_eq!(busy.code, ProblemCode::WrongState);
    s.says([AgentEvent::TurnStarted]);
    s.exits(1);
    s.sends(Command::ResumeAttempt {
        attempt_id,
        text: None,
    });
    s.resources();
    let launch = s.launches().pop().unwrap();
    assert_eq!(launch.prompt, "Continue where you left off.");
    assert_eq!(launch.resume.unwrap().agent_session, "conversation");
}

#[test]
fn a_prompt_to_an_agent_that_had_just_died_is_sent_to_the_next_process() {
    let mut s = Scenario::idle();
    let command_id = s.follow_up("And the tests");
    assert!(matches!(s.outcome(command_id), Outcome::Attempt { .. }));
    s.later().exits(1);
    s.resources();
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 exited Code { code: 1 }
      execution A1.1 completed
      live A1.1 gone
      task 1 inprogress unread
      execution A1.2 queued
      → MeasureResources
    ▸ Resources
      execution A1.2 starting
      → spawn A1.2 CLAUDE_CODE resume conversation "And the tests"
    "#);
    assert_eq!(s.launches().pop().unwrap().prompt, "And the tests");
    s.spawned();
    s.later().says([AgentEvent::TurnStarted]);
    assert!(s.shard().drafts.is_empty(), "it has arrived");
}

#[test]
fn a_prompt_that_did_not_arrive_is_the_first_draft_after_a_stop() {
    let mut s = Scenario::in_turn();
    s.follow_up("Second");
    s.turn_ends();
    s.stop();
    s.exits(0);
    let drafts = s.shard().drafts_of(s.attempt().id);
    assert_eq!(drafts[0].text, "Second");
    assert_eq!(s.shard().executions.len(), 1, "it is not sent by itself");

    let mut s = Scenario::in_turn();
    let attempt_id = s.attempt().id;
    s.follow_up("Later");
    s.sends(Command::InterruptAttempt { attempt_id });
    s.says([AgentEvent::TurnEnded(TurnOutcome::Interrupted)]);
    s.follow_up("First this");
    s.stop();
    s.exits(0);
    let texts: Vec<_> = s
        .shard()
        .drafts_of(attempt_id)
        .iter()
        .map(|draft| draft.text.clone())
        .collect();
    assert_eq!(texts, ["First this", "Later"]);
}

#[test]
fn a_draft_is_kept_until_the_agent_took_it() {
    let mut s = Scenario::in_turn();
    s.follow_up("More");
    s.turn_ends();
    let draft_id = *s
        .shard()
        .drafts
        .keys()
        .next()
        .expect("kept while it is on its way");
    let edit = Command::EditDraft {
        draft_id,
        text: "Other".into(),
    };
    assert_eq!(s.refused(edit).code, ProblemCode::WrongState);
    s.says([AgentEvent::Usage(TokenUsage::default())]);
    assert_eq!(s.shard().drafts.len(), 1, "that is said of the turn before");
    s.says([AgentEvent::TurnStarted]);
    assert!(s.shard().drafts.is_empty());
    s.turn_ends();
    assert_eq!(s.status(), AttemptStatus::Idle, "it is sent once");
}

#[test]
fn a_draft_whose_process_could_not_start_is_not_lost_and_not_tried_for_ever() {
    let mut s = Scenario::idle();
    s.waits();
    s.follow_up("More");
    s.exits(0);
    s.resources();
    s.spawned();
    s.exits(1);
    assert_eq!(s.status(), AttemptStatus::Failed);
    assert_eq!(s.shard().drafts.len(), 1);
    assert_eq!(s.shard().executions.len(), 2);
}

#[test]
fn a_prompt_never_goes_out_after_its_interrupt() {
    let mut s = Scenario::new();
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.goes_to_turn();
    let attempt_id = s.attempt().id;
    s.later().sends(Command::InterruptAttempt { attempt_id });
    s.exits(0);
    assert_snapshot!(s.seen(), @r#"
    ▸ InterruptAttempt
      execution A1.1 stopping CloseStdin for User
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
    ▸ A1.1 exited Code { code: 0 }
      execution A1.1 killed User
      task 1 inreview
      → reply Done
    "#);
    let mut s = Scenario::idle();
    s.follow_up("More");
    s.later().sends(Command::InterruptAttempt { attempt_id });
    assert_snapshot!(s.seen(), @r#"
    ▸ InterruptAttempt
      execution A1.1 stopping CloseStdin for User
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
    "#);
}
