//! From a task to a running agent.

use crate::scenario::Scenario;
use anyon_model::*;
use anyon_testkit::{World, fixed};
use insta::assert_snapshot;

#[test]
fn an_attempt_gets_a_worktree_and_then_its_agent() {
    let mut s = Scenario::new();
    let started = s.start("CLAUDE_CODE", ApproveMode::Edits);
    assert!(
        matches!(s.outcome(started), Outcome::Attempt { .. }),
        "the answer does not wait for the agent"
    );
    s.resources();
    let attempt_id = s.attempt().id;
    s.input(Input::WorktreeProgress {
        attempt_id,
        percent: 40,
    });
    s.worktree_created();
    s.spawned();
    assert_snapshot!(s.seen(), @r#"
    ▸ StartAttempt
      attempt A1 anyon/066b-fix-login worktree planned
      session CLAUDE_CODE unnamed
      execution A1.1 queued
      task 1 inprogress
      → reply Attempt
      → MeasureResources
    ▸ Resources
      execution A1.1 queued Worktree
      attempt A1 anyon/066b-fix-login worktree creating
      → create worktree any/066b-fix-login on anyon/066b-fix-login from main
    ▸ WorktreeProgress
      live A1.1 40%
    ▸ WorktreeCreated
      attempt A1 anyon/066b-fix-login worktree ready
      live A1.1
      execution A1.1 starting
      → spawn A1.1 CLAUDE_CODE "Fix login\n\nIt says 500."
    ▸ A1.1 spawned
      execution A1.1 running
      → attach A1.1
    "#);
    assert_eq!(s.status(), AttemptStatus::Running);
    assert_eq!(s.execution().head_before.as_deref(), Some(anyon_testkit::COMMIT));
    assert!(s.execution().started_at.is_some());
}

#[test]
fn the_setup_script_runs_before_the_agent() {
    let world = World::new().project(|project| project.setup_script = "npm install".into());
    let mut s = Scenario::over(world.task("Fix login", ""));
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.resources();
    s.worktree_created();
    assert_eq!(s.status(), AttemptStatus::Starting);
    assert_eq!(s.execution().prompt, "npm install", "its log is read by it");
    s.later().spawned();
    s.exits(0);
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.2 spawned
      execution A1.2 script running
      → attach A1.2
    ▸ A1.2 exited Code { code: 0 }
      execution A1.2 script completed
      execution A1.1 starting
      → spawn A1.1 CLAUDE_CODE "Fix login"
    "#);
}

#[test]
fn a_failed_setup_script_fails_the_agent_and_runs_again_on_resume() {
    let world = World::new().project(|project| project.setup_script = "npm install".into());
    let mut s = Scenario::over(world.task("Fix login", "It says 500."));
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.resources();
    s.worktree_created();
    s.spawned();
    s.later()
        .exits_with(ExitStatus::Code { code: 7 }, "npm ERR! no network", 0);
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.2 exited Code { code: 7 }
      execution A1.2 script failed Exit { code: 7 }: The process ended with status 7 / npm ERR! no network
      execution A1.1 failed Setup: The setup script failed: The process ended with status 7 / npm ERR! no network
      task 1 inreview unread
      → notify ANY-1 Fix login: Claude Code failed: The setup script failed: The process ended with status 7
    "#);
    assert_eq!(s.status(), AttemptStatus::Failed);
    let attempt_id = s.attempt().id;
    s.sends(Command::ResumeAttempt {
        attempt_id,
        text: None,
    });
    s.later().resources();
    assert_snapshot!(s.seen(), @r#"
    ▸ Resources
      execution A1.3 queued Worktree
      execution A1.4 script starting
      → spawn A1.4 script "npm install"
    "#);
}

#[test]
fn a_worktree_that_cannot_be_made_is_told_and_tried_again_on_resume() {
    let mut s = Scenario::new();
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.resources();
    let attempt_id = s.attempt().id;
    let problem = Problem::new(ProblemCode::Git, "The base branch is gone").hint("Choose another");
    s.later().input(Input::WorktreeCreated {
        attempt_id,
        result: Err(problem),
    });
    assert_snapshot!(s.seen(), @r#"
    ▸ WorktreeCreated
      attempt A1 anyon/066b-fix-login worktree planned
      execution A1.1 failed Worktree: The base branch is gone (Choose another)
      task 1 inreview unread
      → notify ANY-1 Fix login: Claude Code failed: The base branch is gone (Choose another)
    "#);
    s.sends(Command::ResumeAttempt {
        attempt_id,
        text: None,
    });
    s.resources();
    assert_eq!(s.attempt().worktree.state, WorktreeState::Creating);
    s.worktree_created();
    assert_eq!(
        s.launches().last().unwrap().prompt,
        "Fix login\n\nIt says 500.",
        "it never heard of the task"
    );
}

#[test]
fn an_agent_that_is_not_installed_is_told_with_what_to_do() {
    let mut s = Scenario::new();
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.resources();
    s.worktree_created();
    let execution_id = s.execution().id;
    let failure = LaunchFailure {
        kind: FailureKind::NotInstalled,
        message: "Run npm install -g claude".into(),
    };
    s.later().input(Input::Spawned {
        execution_id,
        result: Err(failure),
    });
    assert_snapshot!(s.seen(), @r#"
    ▸ A1.1 spawned not: Run npm install -g claude
      execution A1.1 failed NotInstalled: Run npm install -g claude
      task 1 inreview unread
      → notify ANY-1 Fix login: Claude Code failed: Run npm install -g claude
    "#);
}

#[test]
fn the_prompt_has_templates_expanded_and_the_variants_text_behind_it() {
    let template = Template {
        id: fixed(1),
        name: "tests".into(),
        text: "Write tests first.".into(),
        updated_at: Timestamp::from_ms(0),
    };
    let world = World::new()
        .task("Fix login", "It says 500. @tests @nobody")
        .with(Entity::Template(template.into()));
    let mut s = Scenario::over(world);
    s.start("CLAUDE_CODE:TERSE", ApproveMode::Edits);
    s.goes_to_turn();
    let launch = s.launches().pop().unwrap();
    assert_eq!(
        launch.prompt,
        "Fix login\n\nIt says 500. Write tests first. @nobody\n\nBe brief."
    );
    assert_eq!(launch.session_name, s.execution().id.to_string());
    assert_eq!(launch.resume, None);
}

#[test]
fn an_unknown_agent_or_variant_is_refused_with_those_there_are() {
    let mut s = Scenario::new();
    let task_id = s.task().id;
    let mut refusal = |profile: &str| {
        let profile = profile.parse().unwrap();
        let approve = ApproveMode::Edits;
        s.refused(Command::StartAttempt {
            task_id,
            profile,
            base: None,
            target: None,
            approve,
        })
        .to_string()
    };
    assert_snapshot!(refusal("CLAUDE"), @"There is no agent “CLAUDE” (There are: AMP, CLAUDE_CODE)");
    assert_snapshot!(refusal("AMP:FAST"), @"There is no variant “FAST” (There are: DEFAULT, PLAN, TERSE)");
}

#[test]
fn a_start_is_refused_without_a_branch_or_with_a_bad_one() {
    let world = World::new()
        .project(|project| project.default_target = None)
        .task("Fix login", "");
    let mut s = Scenario::over(world);
    let task_id = s.task().id;
    let start = |base: Option<&str>| Command::StartAttempt {
        task_id,
        profile: ExecutorProfileId::new("AMP"),
        base: base.map(Into::into),
        target: None,
        approve: ApproveMode::Edits,
    };
    assert_eq!(s.refused(start(None)).code, ProblemCode::InvalidRequest);
    assert_eq!(
        s.refused(start(Some("--upload-pack=x"))).code,
        ProblemCode::InvalidRequest
    );
    assert_eq!(s.refused(start(Some("a b"))).code, ProblemCode::InvalidRequest);
    s.sends(start(Some("release/1.0")));
    assert_eq!(
        (s.attempt().base.as_str(), s.attempt().target.as_str()),
        ("release/1.0", "release/1.0")
    );
}

#[test]
fn a_task_waits_for_those_it_depends_on() {
    let world = World::new()
        .task("First", "")
        .task_with("Second", |task| task.depends_on = vec![fixed(1)]);
    let mut s = Scenario::over(world);
    let start = Command::StartAttempt {
        task_id: fixed(2),
        profile: ExecutorProfileId::new("AMP"),
        base: None,
        target: None,
        approve: ApproveMode::Edits,
    };
    assert_snapshot!(s.refused(start.clone()).to_string(), @"Other tasks have to land before this one starts: ANY-1 First (Land them first, or take the dependency away)");
    s.sends(Command::UpdateTask {
        task_id: fixed(1),
        patch: TaskPatch {
            status: Some(TaskStatus::Done),
            ..TaskPatch::default()
        },
    });
    let command_id = s.sends(start);
    assert!(matches!(s.outcome(command_id), Outcome::Attempt { .. }));
}

#[test]
fn a_cancelled_task_can_be_tried_and_stays_cancelled() {
    let world = World::new().task_with("Fix login", |task| task.status = TaskStatus::Cancelled);
    let mut s = Scenario::over(world);
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.goes_to_turn();
    s.turn_ends();
    assert_eq!(s.task().status, TaskStatus::Cancelled);
}
