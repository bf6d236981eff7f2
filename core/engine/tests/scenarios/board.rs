//! Projects, tasks, templates, rules and settings.

use crate::scenario::Scenario;
use anyon_model::*;
use anyon_testkit::{World, fixed};
use insta::assert_snapshot;

fn found(path: &str) -> RepositoryInfo {
    RepositoryInfo {
        path: path.into(),
        head_branch: Some("trunk".into()),
        git_reads: GitReads::Library,
    }
}

fn add(s: &mut Scenario, path: &str, name: Option<&str>) -> CommandId {
    s.sends(Command::AddProject {
        path: path.into(),
        name: name.map(Into::into),
        initial_commit: false,
    })
}

#[test]
fn a_repository_becomes_a_project_named_after_its_folder() {
    let mut s = Scenario::over(World::new());
    let command_id = add(&mut s, "/home/me/any-thing/src", None);
    s.input(Input::RepositoryInspected {
        command_id,
        result: Ok(found("/home/me/any-thing")),
    });
    assert_snapshot!(s.seen(), @r#"
    ▸ AddProject
      → InspectRepository
    ▸ RepositoryInspected
      project ANYT any-thing
      → reply Project
    "#);
    let Outcome::Project { project_id } = s.outcome(command_id) else {
        panic!("a project")
    };
    let project = &s.state().projects[&project_id].project;
    assert_eq!(project.short_prefix, "ANYT", "ANY is taken");
    assert_eq!(project.default_target.as_deref(), Some("trunk"));
}

#[test]
fn another_size_of_the_trash_holds_at_once() {
    let mut s = Scenario::over(World::new());
    let settings = Settings {
        trash_cap_mib: 1,
        ..Settings::default()
    };
    s.sends(Command::SetSettings {
        settings: settings.clone(),
    });
    assert!(s.effects.contains(&Effect::PruneTrash { cap_mib: 1, days: 30 }));
    s.effects.clear();
    s.sends(Command::SetSettings { settings });
    assert!(
        !s.effects
            .iter()
            .any(|effect| matches!(effect, Effect::PruneTrash { .. }))
    );
}

#[test]
fn a_repository_is_registered_once() {
    let mut s = Scenario::over(World::new());
    let command_id = add(&mut s, "/link-to-repo", None);
    s.input(Input::RepositoryInspected {
        command_id,
        result: Ok(found("/repo")),
    });
    assert_snapshot!(s.problem(command_id).to_string(), @"The repository is registered already, as “any-on”: /repo");
    let other = add(&mut s, "/tmp", None);
    let problem = Problem::new(ProblemCode::NotARepository, "/tmp is not a git repository");
    s.input(Input::RepositoryInspected {
        command_id: other,
        result: Err(problem),
    });
    assert_eq!(s.problem(other).code, ProblemCode::NotARepository);
}

#[test]
fn tasks_are_numbered_and_stand_at_the_end_of_their_column() {
    let mut s = Scenario::over(World::new());
    let project_id = s.shard().project.id;
    let create = |title: &str| Command::CreateTask {
        project_id,
        title: title.into(),
        description: String::new(),
    };
    s.sends(create("  Fix\n login "));
    s.sends(create("Second"));
    let tasks: Vec<_> = s
        .shard()
        .tasks
        .values()
        .map(|task| (task.number, task.title.clone(), task.order.0))
        .collect();
    assert_eq!(tasks, [(1, "Fix login".into(), 1.0), (2, "Second".into(), 2.0)]);
    let (task_id, short_id) = (s.task().id, s.state().short_id(s.task().id));
    assert_eq!(short_id.as_deref(), Some("ANY-1"));
    assert_eq!(s.refused(create(" \n")).code, ProblemCode::InvalidRequest);
    let missing = Command::CreateTask {
        project_id: fixed(99),
        title: "x".into(),
        description: String::new(),
    };
    assert_eq!(s.refused(missing).code, ProblemCode::NotFound);
    let patch = TaskPatch {
        order: Some(BoardOrder(f64::NAN)),
        ..TaskPatch::default()
    };
    assert_eq!(
        s.refused(Command::UpdateTask { task_id, patch }).code,
        ProblemCode::InvalidRequest
    );
}

#[test]
fn a_task_that_runs_or_holds_work_is_not_deleted() {
    let mut s = Scenario::in_turn();
    let (task_id, project_id) = (s.task().id, s.shard().project.id);
    assert_snapshot!(s.refused(Command::DeleteTask { task_id }).to_string(), @"Attempt 1 of ANY-1 still runs (Stop and drop it first)");
    s.exits(0);
    assert_snapshot!(s.refused(Command::DeleteTask { task_id }).to_string(), @"Attempt 1 of ANY-1 still holds work: /data/worktrees/any/066b-fix-login (Merge or drop it first)");
    assert_eq!(
        s.refused(Command::RemoveProject { project_id }).code,
        ProblemCode::WrongState
    );
    s.drop_attempt();
    s.worktree_removed(1);
    s.later().sends(Command::DeleteTask { task_id });
    assert_snapshot!(s.seen(), @r#"
    ▸ DeleteTask
      remove Snapshot
      remove Execution
      remove Session
      remove Attempt
      remove History
      remove Task
      → RemoveLogs
      → reply Done
    "#);
    assert_eq!(**s.shard(), ProjectShard::new(s.shard().project.clone()));
}

#[test]
fn a_removed_project_leaves_nothing() {
    let world = World::new().task("Fix login", "").attempt(1, 1, |attempt| {
        attempt.worktree.state = WorktreeState::Removed;
    });
    let mut s = Scenario::over(world.execution(1, 1, ExecutionState::Completed));
    let project_id = s.shard().project.id;
    let step = s.input(Input::Command {
        command_id: fixed(200),
        actor: Actor::Person,
        command: Command::RemoveProject { project_id },
    });
    assert!(s.state().projects.is_empty());
    assert_eq!(
        step.changes.len(),
        5,
        "the store is told of each row: {:?}",
        step.changes
    );
}

#[test]
fn templates_have_names_of_their_own() {
    let mut s = Scenario::new();
    let template = |number, name: &str| Template {
        id: fixed(number),
        name: name.into(),
        text: "text".into(),
        updated_at: Timestamp::from_ms(0),
    };
    s.sends(Command::PutTemplate {
        template: template(1, "tests"),
    });
    s.sends(Command::PutTemplate {
        template: template(1, "tests"),
    });
    assert_eq!(
        s.refused(Command::PutTemplate {
            template: template(2, "tests")
        })
        .code,
        ProblemCode::AlreadyExists
    );
    assert_eq!(
        s.refused(Command::PutTemplate {
            template: template(2, "a b")
        })
        .code,
        ProblemCode::InvalidRequest
    );
    s.sends(Command::RemoveTemplate {
        template_id: fixed(1),
    });
    assert!(s.state().templates.is_empty());
    assert_eq!(
        s.refused(Command::RemoveTemplate {
            template_id: fixed(1)
        })
        .code,
        ProblemCode::NotFound
    );
}

#[test]
fn a_rule_with_a_blank_pattern_is_refused() {
    let mut s = Scenario::new();
    let rule = Rule {
        id: fixed(1),
        project_id: None,
        executor: None,
        kind: None,
        pattern: Some(" ".into()),
        allow: true,
        created_at: Timestamp::from_ms(0),
    };
    assert_eq!(
        s.refused(Command::PutRule { rule: rule.clone() }).code,
        ProblemCode::InvalidRequest
    );
    s.sends(Command::PutRule {
        rule: Rule {
            pattern: Some("npm".into()),
            ..rule
        },
    });
    s.sends(Command::RemoveRule { rule_id: fixed(1) });
    assert!(s.state().rules.is_empty());
}

#[test]
fn a_backup_is_answered_when_it_is_there() {
    let mut s = Scenario::new();
    let command_id = s.sends(Command::Backup {
        path: "/tmp/copy".into(),
    });
    assert!(!s.is_answered(command_id));
    s.input(Input::BackedUp {
        command_id,
        result: Ok(()),
    });
    assert_eq!(s.outcome(command_id), Outcome::Done);
}

#[test]
fn an_agents_configuration_is_changed_for_a_person_and_never_for_an_agent() {
    let mut s = Scenario::idle();
    let order = Command::SetUpMcp {
        agent_id: "CODEX".into(),
    };
    let attempt_id = s.attempt().id;
    assert_eq!(
        s.refused_to(Actor::Agent { attempt_id }, order.clone()).code,
        ProblemCode::Forbidden
    );
    let command_id = s.sends(order);
    assert!(!s.is_answered(command_id));
    let file = FilePath::from("/home/mina/.codex/config.toml");
    s.input(Input::McpSetUp {
        command_id,
        result: Ok((file.clone(), None)),
    });
    assert_eq!(s.outcome(command_id), Outcome::McpSetUp { file, backup: None });
}

#[test]
fn an_agent_that_the_person_adds_counts_from_the_answer_on() {
    let mut s = Scenario::idle();
    let order = Command::EditAgentFile {
        edit: AgentFileEdit::Text {
            text: "[agents.goose]".into(),
            before: String::new(),
        },
    };
    let attempt_id = s.attempt().id;
    let by_agent = s.refused_to(Actor::Agent { attempt_id }, order.clone());
    assert_eq!(by_agent.code, ProblemCode::Forbidden);
    let start = Command::SendTo {
        attempt_id,
        to: Recipient {
            profile: Some("goose:FAST".parse().unwrap()),
            model: None,
        },
        text: "Go on".into(),
    };
    assert_eq!(s.refused(start.clone()).code, ProblemCode::NotFound);
    let command_id = s.sends(order);
    assert!(!s.is_answered(command_id));
    let mut goose = anyon_testkit::agent("goose", "Goose");
    goose.variants.insert("FAST".into(), ProfileConfig::default());
    let agents = [anyon_testkit::agents(), vec![goose]].concat();
    s.input(Input::AgentFileEdited {
        command_id,
        result: Ok(agents.clone()),
    });
    assert_eq!(s.outcome(command_id), Outcome::Done);
    let sent = s.sends(start.clone());
    assert!(s.is_answered(sent), "it is known now");
    s.outcome(sent);

    let step = s.input(Input::AgentsRead {
        reading: 7,
        agents: anyon_testkit::agents(),
    });
    assert!(step.effects.contains(&Effect::AgentsTaken { reading: 7 }));
    let mut gone = Scenario::idle();
    let attempt_id = gone.attempt().id;
    let Command::SendTo { to, text, .. } = start else {
        unreachable!("it was made so");
    };
    let again = Command::SendTo { attempt_id, to, text };
    assert!(gone.refused(again).hint.contains("CLAUDE_CODE"));
}

#[test]
fn looking_at_a_task_takes_its_mark_away() {
    let mut s = Scenario::idle();
    assert!(s.task().unread);
    let task_id = s.task().id;
    s.sends(Command::MarkRead { task_id });
    assert!(!s.task().unread);
}

#[test]
fn things_that_are_not_there_are_not_found() {
    let mut s = Scenario::new();
    let (attempt_id, task_id) = (fixed(99), fixed(99));
    let answer = ApprovalAnswer::Denied { reason: None };
    let commands = [
        Command::FollowUp {
            attempt_id,
            text: "x".into(),
        },
        Command::StopAttempt { attempt_id },
        Command::InterruptAttempt { attempt_id },
        Command::MergeAttempt {
            attempt_id,
            message: None,
            keep_worktree: false,
        },
        Command::DropAttempt { attempt_id },
        Command::CommitAttempt {
            attempt_id,
            message: None,
        },
        Command::ResumeAttempt {
            attempt_id,
            text: None,
        },
        Command::SetApproveMode {
            attempt_id,
            approve: ApproveMode::All,
        },
        Command::AnswerApproval {
            approval_id: fixed(99),
            answer,
        },
        Command::RestoreSnapshot {
            snapshot_id: fixed(99),
        },
        Command::DeleteTask { task_id },
        Command::MarkRead { task_id },
        Command::RemoveProject {
            project_id: fixed(99),
        },
    ];
    for command in commands {
        assert_eq!(
            s.refused(command.clone()).code,
            ProblemCode::NotFound,
            "{command:?}"
        );
    }
}

fn label(s: &mut Scenario, names: &[&str]) -> CommandId {
    let task_id = s.task().id;
    let labels = names.iter().map(ToString::to_string).collect();
    s.sends(Command::UpdateTask {
        task_id,
        patch: TaskPatch {
            labels: Some(labels),
            ..TaskPatch::default()
        },
    })
}

fn labels(s: &Scenario) -> Vec<(String, String)> {
    let shard = s.state().projects.values().next().expect("a project");
    let task = s.task();
    let of_task = shard.labels_of(&task);
    of_task
        .map(|label| (label.name.clone(), label.color.clone()))
        .collect()
}

#[test]
fn labels_come_with_the_first_task_that_has_them_and_go_with_the_last() {
    let mut s = Scenario::idle();
    label(&mut s, &["bug", " needs   thought ", "Bug"]);
    let [blue, green, ..] = Label::COLORS;
    assert_eq!(
        labels(&s),
        [("bug", blue), ("needs thought", green)].map(|(name, color)| (name.to_owned(), color.to_owned()))
    );
    label(&mut s, &["needs thought"]);
    let known = s
        .state()
        .projects
        .values()
        .next()
        .expect("a project")
        .labels
        .len();
    assert_eq!((labels(&s).len(), known), (1, 1), "nothing has “bug” any more");
    label(&mut s, &["BUG", "needs thought"]);
    assert_eq!(labels(&s)[0], ("BUG".to_owned(), blue.to_owned()));
}

#[test]
fn what_is_no_label_changes_nothing() {
    let mut s = Scenario::idle();
    label(&mut s, &["bug"]);
    for names in [&["  "][..], &["ok", "a,b"], &[&"x".repeat(41)]] {
        let command_id = label(&mut s, names);
        assert_eq!(
            s.problem(command_id).code,
            ProblemCode::InvalidRequest,
            "{names:?}"
        );
        assert_eq!(labels(&s).len(), 1);
        let shard = s.state().projects.values().next().expect("a project");
        assert_eq!(shard.labels.len(), 1, "{names:?}");
    }
}
