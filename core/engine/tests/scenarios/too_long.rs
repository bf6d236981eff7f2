//! Texts that are longer than anything needs, and questions outside of a turn.

use crate::scenario::{Scenario, yes};
use anyon_model::*;
use anyon_testkit::{asks_choice, asks_command, asks_edit, fixed};

const MIB: usize = 1 << 20;

#[test]
fn commands_with_too_long_texts_are_refused() {
    let mut s = Scenario::in_turn();
    let (project_id, task_id) = (s.shard().project.id, s.task().id);
    let (attempt_id, long, line) = (s.attempt().id, "x".repeat(MIB + 1), "가".repeat(1_001));
    let profile = ExecutorProfileId::new(line.clone());
    let template = Template {
        id: fixed(1),
        name: "t".into(),
        text: long.clone(),
        updated_at: Timestamp::from_ms(0),
    };
    let commands = [
        Command::CreateTask {
            project_id,
            title: line.clone(),
            description: String::new(),
        },
        Command::CreateTask {
            project_id,
            title: "x".into(),
            description: long.clone(),
        },
        Command::UpdateProject {
            project_id,
            patch: ProjectPatch {
                setup_script: Some(long.clone()),
                ..ProjectPatch::default()
            },
        },
        Command::StartAttempt {
            task_id,
            profile,
            base: None,
            target: None,
            approve: ApproveMode::Ask,
        },
        Command::FollowUp {
            attempt_id,
            text: long.clone(),
        },
        Command::ResumeAttempt {
            attempt_id,
            text: Some(long.clone()),
        },
        Command::CommitAttempt {
            attempt_id,
            message: Some(long),
        },
        Command::PutTemplate { template },
    ];
    for command in commands {
        let problem = s.refused(command);
        assert_eq!(problem.code, ProblemCode::InvalidRequest, "{problem}");
        assert!(problem.title.contains("too long"), "{problem}");
    }
    s.sends(Command::CreateTask {
        project_id,
        title: "가".repeat(1_000),
        description: "x".repeat(MIB),
    });
    assert_eq!(s.shard().tasks.len(), 2, "what just fits is taken");
}

#[test]
fn a_long_command_is_decided_whole_and_kept_cut() {
    let mut s = Scenario::in_turn();
    let filler = " ".repeat(300 * 1024);
    s.asks(asks_command("q1", &format!("ls{filler}; rm -rf /")));
    let pending = s.pending();
    let [asked] = &pending[..] else {
        panic!("its end is not seen, so a person is asked: {}", pending.len());
    };
    let Question::Command { command, .. } = &asked.request.question else {
        panic!("a command");
    };
    assert!(
        command.len() < 257 * 1024 && command.ends_with("more bytes]"),
        "{}",
        command.len()
    );
    assert!(
        matches!(s.effects.last(), Some(Effect::Notify { body, .. }) if body.len() < 1_000),
        "{:?}",
        s.effects.last().map(|effect| format!("{effect:?}").len())
    );
}

#[test]
fn a_cut_question_is_answered_alone_and_only_for_once() {
    let mut s = Scenario::in_turn();
    let filler = "a".repeat(300 * 1024);
    s.asks(asks_command("q1", &format!("make {filler}1")));
    s.asks(asks_command("q2", &format!("make {filler}2")));
    assert_eq!(
        s.pending()[0].request.question,
        s.pending()[1].request.question,
        "nobody can tell them apart"
    );
    let approval_id = s.pending()[0].id;
    for scope in [ApprovalScope::Session, ApprovalScope::Always] {
        let answer = yes(scope);
        let refused = s.refused(Command::AnswerApproval { approval_id, answer });
        assert_eq!(refused.code, ProblemCode::InvalidRequest);
    }
    s.answers(yes(ApprovalScope::Once));
    assert_eq!(s.pending().len(), 1);
    // Another rule or mode does not decide on what was cut either.
    let attempt_id = s.attempt().id;
    let approve = ApproveMode::All;
    s.sends(Command::SetApproveMode { attempt_id, approve });
    assert_eq!(s.pending().len(), 1);
}

#[test]
fn long_lists_of_paths_are_kept_cut() {
    let mut s = Scenario::in_turn();
    let mut request = asks_edit("q1", "a");
    let outside = (0..5_000).map(|n| FilePath::from(format!("/elsewhere/{n}").as_str()));
    let inside = (0..2_000).map(|n| FilePath::from(format!("src/{n}").as_str()));
    request.question = Question::Edit {
        paths: inside.chain(outside).collect(),
    };
    s.asks(request);
    let pending = s.pending();
    let Question::Edit { paths } = &pending[0].request.question else {
        panic!("an edit");
    };
    assert_eq!(paths.len(), 1_001);
    assert_eq!(paths[1_000].to_string(), "… [cut: 6000 more paths]");
}

#[test]
fn choices_that_nobody_can_be_shown_are_refused_to_the_agent() {
    let mut s = Scenario::in_turn();
    s.asks(asks_choice("q1", &"why ".repeat(100_000), &["a", "b"]));
    assert!(s.pending().is_empty());
    let sent = s.effects.iter().any(|effect| {
        matches!(
            effect,
            Effect::Send {
                request: AgentRequest::Answer {
                    answer: ApprovalAnswer::Denied { .. },
                    ..
                },
                ..
            }
        )
    });
    assert!(sent);
    let kept = s
        .shard()
        .approvals
        .values()
        .next()
        .expect("it is recorded")
        .clone();
    assert!(format!("{:?}", kept.request).len() < 1_000);
}

#[test]
fn a_question_while_idle_leads_back_to_rest() {
    let mut s = Scenario::idle();
    s.asks(asks_command("q1", "npm test"));
    assert_eq!(s.status(), AttemptStatus::Waiting);
    s.answers(yes(ApprovalScope::Once));
    assert_eq!(s.status(), AttemptStatus::Idle);
    assert_eq!(s.task().status, TaskStatus::InReview);
    s.waits();
    assert_eq!(s.execution().state.as_str(), "stopping", "it still has its limit");
}

#[test]
fn a_turn_that_begins_while_idle_asks_is_gone_on_with() {
    let mut s = Scenario::idle();
    s.asks(asks_command("q1", "npm test"));
    s.says([AgentEvent::TurnStarted]);
    s.answers(yes(ApprovalScope::Once));
    assert_eq!(s.status(), AttemptStatus::Running);
}

#[test]
fn an_agent_that_ends_or_is_stopped_while_idle_asks_has_done_its_turn() {
    let mut s = Scenario::idle();
    s.asks(asks_command("q1", "npm test"));
    s.exits(1);
    assert_eq!(s.execution().state, ExecutionState::Completed);
    let mut s = Scenario::idle();
    s.asks(asks_command("q1", "npm test"));
    let attempt_id = s.attempt().id;
    let command_id = s.sends(Command::InterruptAttempt { attempt_id });
    s.exits(0);
    assert!(s.is_answered(command_id));
    assert_eq!(s.status(), AttemptStatus::Idle);
}

#[test]
fn nothing_an_agent_is_told_goes_out_before_its_record() {
    let send = |request| Effect::Send {
        execution_id: fixed(1),
        request,
    };
    let answer = ApprovalAnswer::Denied { reason: None };
    let key = "q1".to_owned();
    assert!(send(AgentRequest::Answer { key, answer }).after_commit());
    let (text, images) = (String::new(), Vec::new());
    assert!(send(AgentRequest::Prompt { text, images }).after_commit());
    assert!(!send(AgentRequest::Interrupt).after_commit());
    let attempt_id = fixed(1);
    assert!(!Effect::CancelWorktree { attempt_id }.after_commit());
    let executions = Vec::new();
    assert!(Effect::RemoveLogs { executions }.after_commit());
}
