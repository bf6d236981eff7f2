//! Other agents, variants and models in the same attempt; the order of drafts.

use crate::scenario::{Scenario, yes};
use anyon_model::*;
use anyon_testkit::{asks_edit, asks_plan};
use insta::assert_snapshot;

#[test]
fn another_agent_takes_over_when_the_process_of_the_first_is_gone() {
    let mut s = Scenario::idle();
    s.waits();
    s.exits(0);
    s.later().send_to("AMP", None, "Write the tests");
    s.resources();
    assert_snapshot!(s.seen(), @r#"
    ▸ SendTo
      session AMP unnamed
      execution A1.2 queued
      task 1 inprogress unread
      → reply Attempt
      → MeasureResources
    ▸ Resources
      execution A1.2 starting
      → spawn A1.2 AMP "Write the tests" after Claude Code
    "#);
    let handover = s.launches().pop().unwrap().handover.unwrap();
    assert_eq!(handover.task, "Fix login\n\nIt says 500.");
    assert_eq!(handover.earlier.len(), 1);
    assert_eq!(handover.earlier[0].log.entry_count, 3);
    assert_eq!(s.shard().sessions.len(), 2);
}

#[test]
fn the_idle_process_of_the_first_agent_ends_before_the_other_one_starts() {
    let mut s = Scenario::idle();
    let sent = s.send_to("AMP:TERSE", Some("big"), "Write the tests");
    assert!(matches!(s.outcome(sent), Outcome::Attempt { .. }));
    s.exits(0);
    s.resources();
    s.spawned();
    s.says([AgentEvent::TurnStarted]);
    assert_snapshot!(s.seen(), @r#"
    ▸ SendTo
      draft "Write the tests" to AMP:TERSE
      execution A1.1 stopping CloseStdin for TurnOver
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
      → reply Attempt
    ▸ A1.1 exited Code { code: 0 }
      execution A1.1 completed
      live A1.1 gone
      session AMP:TERSE model big unnamed
      execution A1.2 queued
      task 1 inprogress unread
      → MeasureResources
    ▸ Resources
      execution A1.2 starting
      → spawn A1.2 AMP:TERSE model big "Write the tests\n\nBe brief." after Claude Code
    ▸ A1.2 spawned
      execution A1.2 running
      → attach A1.2
    ▸ A1.2 says TurnStarted
      remove Draft
      live A1.2
    "#);
    assert!(s.shard().drafts.is_empty());
}

#[test]
fn a_draft_for_another_agent_waits_for_the_end_of_the_turn() {
    let mut s = Scenario::in_turn();
    s.send_to("AMP", None, "Then the tests");
    s.follow_up("And the docs");
    s.later().turn_ends();
    s.exits(0);
    s.resources();
    s.spawned();
    s.turn_ends();
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 says TurnEnded(Completed)
      execution A1.1 stopping CloseStdin for TurnOver
      live A1.1
      → timer idle of A1.1
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
    ▸ A1.1 exited Code { code: 0 }
      execution A1.1 completed
      live A1.1 gone
      task 1 inprogress
      session AMP unnamed
      execution A1.2 queued
      → MeasureResources
    ▸ Resources
      execution A1.2 starting
      → spawn A1.2 AMP "Then the tests" after Claude Code
    ▸ A1.2 spawned
      execution A1.2 running
      → attach A1.2
    ▸ A1.2 says TurnEnded(Completed)
      remove Draft
      execution A1.2 stopping CloseStdin for TurnOver
      task 1 inreview unread
      live A1.2
      → stop A1.2 CloseStdin
      → timer CloseStdin of A1.2
      → notify ANY-1 Fix login: Amp is done
    "#);
    // What was queued after it goes to the agent that is there then.
    s.exits(0);
    s.resources();
    let last = s.launches().pop().unwrap();
    assert_eq!(last.profile.executor, "AMP");
    assert_eq!(last.prompt, "And the docs");
}

#[test]
fn an_agent_that_never_started_leaves_the_conversation_before_as_it_was() {
    let mut s = Scenario::idle();
    s.waits();
    s.exits(0);
    s.send_to("AMP", None, "Write the tests");
    s.resources();
    let failure = LaunchFailure {
        kind: FailureKind::NotInstalled,
        message: "Amp is not installed".into(),
    };
    let execution_id = s.execution().id;
    s.input(Input::Spawned {
        execution_id,
        result: Err(failure),
    });
    s.later().send_to("CLAUDE_CODE", None, "Then you");
    s.resources();
    assert_snapshot!(s.seen(), @r#"
    ▸ SendTo
      session CLAUDE_CODE conversation
      execution A1.3 queued
      task 1 inprogress unread
      → reply Attempt
      → MeasureResources
    ▸ Resources
      execution A1.3 starting
      → spawn A1.3 CLAUDE_CODE resume conversation "Then you"
    "#);
    assert_eq!(s.launches().pop().unwrap().handover, None);
}

#[test]
fn the_first_agent_comes_back_in_a_new_conversation_and_is_told_of_both() {
    let mut s = Scenario::idle();
    s.send_to("AMP", None, "Write the tests");
    s.exits(0);
    s.resources();
    s.spawned();
    s.turn_ends();
    s.exits(0);
    s.send_to("CLAUDE_CODE", None, "Check it");
    s.resources();
    let launch = s.launches().pop().unwrap();
    assert_eq!((launch.resume, launch.prompt.as_str()), (None, "Check it"));
    let names: Vec<_> = launch
        .handover
        .unwrap()
        .earlier
        .into_iter()
        .map(|told| told.agent_name)
        .collect();
    assert_eq!(names, ["Claude Code", "Amp"]);
}

#[test]
fn a_living_agent_is_told_its_new_model_and_mode_before_the_prompt() {
    let mut s = Scenario::idle();
    s.send_to("CLAUDE_CODE:PLAN", Some("opus"), "Plan the rest");
    s.turn_ends();
    s.send_to("", Some(""), "And more");
    s.turn_ends();
    s.follow_up("The same");
    assert_snapshot!(s.seen(), @r#"
    ▸ SendTo
      draft "Plan the rest" to CLAUDE_CODE:PLAN
      session CLAUDE_CODE:PLAN model opus conversation
      execution A1.1 running
      task 1 inprogress unread
      → send A1.1 switch model opus plan true
      → send A1.1 prompt "Plan the rest"
      → reply Attempt
    ▸ A1.1 says TurnEnded(Completed)
      remove Draft
      execution A1.1 idle
      task 1 inreview unread
      live A1.1
      → timer idle of A1.1
      → notify ANY-1 Fix login: Claude Code is done
    ▸ SendTo
      draft "And more"
      session CLAUDE_CODE:PLAN conversation
      execution A1.1 running
      task 1 inprogress unread
      → send A1.1 switch model own plan true
      → send A1.1 prompt "And more"
      → reply Attempt
    ▸ A1.1 says TurnEnded(Completed)
      remove Draft
      execution A1.1 idle
      task 1 inreview unread
      live A1.1
      → timer idle of A1.1
      → notify ANY-1 Fix login: Claude Code is done
    ▸ FollowUp
      draft "The same"
      execution A1.1 running
      task 1 inprogress unread
      → send A1.1 prompt "The same"
      → reply Attempt
    "#);
}

#[test]
fn a_plan_that_was_approved_does_not_hold_when_the_agent_plans_again() {
    let mut s = Scenario::idle();
    s.send_to("CLAUDE_CODE:PLAN", None, "Plan it");
    s.asks(asks_plan("q1", "1. Do it"));
    s.answers(yes(ApprovalScope::Once));
    s.asks(asks_edit("q2", "/data/worktrees/any/066b-fix-login/src/main.rs"));
    assert!(s.pending().is_empty());
    s.turn_ends();
    s.send_to("CLAUDE_CODE", None, "Do more");
    s.turn_ends();
    s.send_to("CLAUDE_CODE:PLAN", None, "Plan again");
    s.later()
        .asks(asks_edit("q3", "/data/worktrees/any/066b-fix-login/src/main.rs"));
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 says Approval(q3)
      remove Draft
      approval q3 denied "Nothing may be changed yet: present the plan and wait until it is approved." by Mode
      live A1.1
      → send A1.1 answer q3 denied "Nothing may be changed yet: present the plan and wait until it is approved."
    "#);
}

#[test]
fn a_variant_that_starts_differently_ends_the_process_and_resumes_the_conversation() {
    let world = anyon_testkit::World::new()
        .task("Fix login", "")
        .with(Entity::Profile(
            Profile {
                id: "CLAUDE_CODE:LOUD".parse().unwrap(),
                config: ProfileConfig {
                    env: [("LOUD".to_owned(), "1".to_owned())].into(),
                    ..ProfileConfig::default()
                },
                updated_at: Timestamp::from_ms(0),
            }
            .into(),
        ));
    let mut s = Scenario::over(world);
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.goes_to_turn();
    s.says([AgentEvent::Session {
        agent_session: "conversation".into(),
    }]);
    s.turn_ends();
    s.later().send_to("CLAUDE_CODE:LOUD", None, "Louder");
    s.exits(0);
    s.resources();
    assert_snapshot!(s.seen(), @r#"
    ▸ SendTo
      draft "Louder" to CLAUDE_CODE:LOUD
      execution A1.1 stopping CloseStdin for TurnOver
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
      → reply Attempt
    ▸ A1.1 exited Code { code: 0 }
      execution A1.1 completed
      live A1.1 gone
      session CLAUDE_CODE:LOUD conversation
      execution A1.2 queued
      task 1 inprogress unread
      → MeasureResources
    ▸ Resources
      execution A1.2 starting
      → spawn A1.2 CLAUDE_CODE:LOUD resume conversation "Louder"
    "#);
}

#[test]
fn the_model_is_another_one_from_the_next_resume_on() {
    let mut s = Scenario::idle();
    s.waits();
    s.exits(0);
    s.later().send_to("", Some("haiku"), "Go on");
    s.resources();
    assert_snapshot!(s.seen(), @r#"
    ▸ SendTo
      session CLAUDE_CODE model haiku conversation
      execution A1.2 queued
      task 1 inprogress unread
      → reply Attempt
      → MeasureResources
    ▸ Resources
      execution A1.2 starting
      → spawn A1.2 CLAUDE_CODE model haiku resume conversation "Go on"
    "#);
    assert_eq!(s.shard().sessions.len(), 1);
}

#[test]
fn nothing_but_another_agent_is_enough_to_go_on() {
    let mut s = Scenario::idle();
    s.waits();
    s.exits(0);
    s.later().send_to("AMP", None, "  ");
    s.resources();
    assert_eq!(
        s.launches().pop().unwrap().prompt,
        "Continue where the last agent left off."
    );
}

#[test]
fn what_there_is_not_gets_no_prompt() {
    let mut s = Scenario::idle();
    let attempt_id = s.attempt().id;
    for profile in ["NOBODY", "CLAUDE_CODE:NONE"] {
        let to = Recipient {
            profile: Some(profile.parse().unwrap()),
            model: None,
        };
        let refused = s.refused(Command::SendTo {
            attempt_id,
            to,
            text: "Hello".into(),
        });
        assert_eq!(refused.code, ProblemCode::NotFound);
    }
    assert!(s.shard().drafts.is_empty());
}

fn order(s: &Scenario) -> Vec<String> {
    let shard = s.shard();
    let drafts = shard.drafts_of(s.attempt().id);
    drafts.iter().map(|draft| draft.text.clone()).collect()
}

#[test]
fn drafts_are_sent_in_the_order_they_were_put_in() {
    let mut s = Scenario::in_turn();
    for text in ["One", "Two", "Three"] {
        s.follow_up(text);
    }
    let drafts: Vec<DraftId> = s
        .shard()
        .drafts_of(s.attempt().id)
        .iter()
        .map(|draft| draft.id)
        .collect();
    s.later().sends(Command::MoveDraft {
        draft_id: drafts[2],
        before: Some(drafts[0]),
    });
    assert_eq!(order(&s), ["Three", "One", "Two"]);
    s.sends(Command::MoveDraft {
        draft_id: drafts[0],
        before: None,
    });
    assert_eq!(order(&s), ["Three", "Two", "One"]);
    s.later().turn_ends();
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 says TurnEnded(Completed)
      execution A1.1 running
      live A1.1
      → timer idle of A1.1
      → send A1.1 prompt "Three"
    "#);
    // What is on its way stays the first.
    s.sends(Command::MoveDraft {
        draft_id: drafts[0],
        before: Some(drafts[2]),
    });
    assert_eq!(order(&s), ["Three", "One", "Two"]);
    let refused = s.refused(Command::MoveDraft {
        draft_id: drafts[2],
        before: None,
    });
    assert_eq!(refused.code, ProblemCode::WrongState);
    let refused = s.refused(Command::MoveDraft {
        draft_id: drafts[0],
        before: Some(anyon_testkit::fixed(99)),
    });
    assert_eq!(refused.code, ProblemCode::NotFound);
}

/// The process of the first turn is gone; the agent does not know its session when the next prompt comes.
fn loses_its_session() -> Scenario {
    let mut s = Scenario::idle();
    s.waits();
    s.exits(0);
    s.later().follow_up("Now the tests");
    s.resources();
    s.spawned();
    s.turn_fails(
        FailureKind::SessionLost,
        "No conversation found with session ID: conversation",
    );
    s.exits(1);
    s
}

#[test]
fn a_session_that_the_agent_does_not_know_any_more_is_followed_by_a_new_one_with_a_summary() {
    let mut s = loses_its_session();
    s.resources();
    assert_snapshot!(s.seen(), @r#"
    ▸ FollowUp
      execution A1.2 queued
      task 1 inprogress unread
      → reply Attempt
      → MeasureResources
    ▸ Resources
      execution A1.2 starting
      → spawn A1.2 CLAUDE_CODE resume conversation "Now the tests"
    ▸ A1.2 spawned
      execution A1.2 running
      → attach A1.2
    ▸ A1.2 says TurnEnded(SessionLost)
      execution A1.2 stopping CloseStdin for TurnOver
      live A1.2
      → stop A1.2 CloseStdin
      → timer CloseStdin of A1.2
    ▸ A1.2 exited Code { code: 1 }
      execution A1.2 failed SessionLost: No conversation found with session ID: conversation
      live A1.2 gone
      session CLAUDE_CODE unnamed
      execution A1.3 queued
      → MeasureResources
    ▸ Resources
      execution A1.3 starting
      → spawn A1.3 CLAUDE_CODE "Now the tests" after Claude Code
    "#);
    let launch = s.launches().pop().unwrap();
    assert_eq!((launch.resume, launch.prompt.as_str()), (None, "Now the tests"));
    let handover = launch.handover.unwrap();
    assert!(handover.lost);
    assert_eq!(handover.earlier.len(), 1, "the one that did nothing is not told");
    assert_eq!(s.status(), AttemptStatus::Starting);
    // The new session is the one that is gone on with from now on.
    s.spawned();
    s.says([AgentEvent::Session {
        agent_session: "second".into(),
    }]);
    s.turn_ends();
    s.waits();
    s.exits(0);
    s.follow_up("And the docs");
    s.resources();
    let last = s.launches().pop().unwrap();
    assert_eq!(last.resume.unwrap().agent_session, "second");
    assert_eq!(last.handover, None);
}

#[test]
fn an_agent_that_was_only_to_continue_continues_in_the_new_session() {
    let mut s = Scenario::idle();
    s.waits();
    s.exits(0);
    let attempt_id = s.attempt().id;
    s.sends(Command::ResumeAttempt {
        attempt_id,
        text: None,
    });
    s.resources();
    s.spawned();
    s.turn_fails(FailureKind::SessionLost, "gone");
    s.exits(1);
    s.resources();
    assert_eq!(
        s.launches().pop().unwrap().prompt,
        "Continue where the last agent left off."
    );
}

#[test]
fn a_new_session_that_is_lost_as_well_is_a_failure_and_told_of_the_work_when_it_is_resumed() {
    let mut s = loses_its_session();
    s.resources();
    s.spawned();
    s.later()
        .turn_fails(FailureKind::SessionLost, "The session cannot be resumed: no");
    s.exits(1);
    assert_eq!(s.status(), AttemptStatus::Failed);
    s.follow_up("Once more");
    s.resources();
    let launch = s.launches().pop().unwrap();
    assert_eq!((launch.resume, launch.prompt.as_str()), (None, "Once more"));
    assert!(launch.handover.unwrap().lost);
}

#[test]
fn a_lost_session_does_not_begin_anew_while_anyon_ends() {
    let mut s = Scenario::idle();
    s.waits();
    s.exits(0);
    s.follow_up("Now the tests");
    s.resources();
    s.spawned();
    s.turn_fails(FailureKind::SessionLost, "gone");
    s.sends(Command::Shutdown);
    s.later().exits(1);
    assert_eq!(s.shard().sessions.len(), 1, "{}", s.seen());
}

#[test]
fn an_agent_that_cannot_go_on_with_its_sessions_is_told_what_it_did_before() {
    let mut s = Scenario::new();
    s.start("AMP", ApproveMode::Edits);
    s.goes_to_turn();
    s.says([AgentEvent::Session {
        agent_session: "conversation".into(),
    }]);
    s.turn_ends();
    s.exits(0);
    s.follow_up("Now the tests");
    s.resources();
    let launch = s.launches().pop().unwrap();
    assert_eq!((launch.resume, launch.prompt.as_str()), (None, "Now the tests"));
    assert!(launch.handover.unwrap().lost);
}
