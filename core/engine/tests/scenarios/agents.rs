//! Agents as actors: what they reach, what they start, and what is written down of it.

use crate::scenario::Scenario;
use anyon_model::*;
use anyon_testkit::{World, fixed};

fn agent(attempt: u8) -> Actor {
    Actor::Agent {
        attempt_id: fixed(attempt),
    }
}

fn start(task: u8, target: Option<&str>) -> Command {
    Command::StartAttempt {
        task_id: fixed(task),
        profile: ExecutorProfileId::new("CLAUDE_CODE"),
        base: None,
        target: target.map(Into::into),
        approve: ApproveMode::Edits,
    }
}

fn merge(attempt_id: AttemptId) -> Command {
    Command::MergeAttempt {
        attempt_id,
        message: None,
        keep_worktree: false,
    }
}

fn patch(title: &str) -> TaskPatch {
    TaskPatch {
        title: Some(title.into()),
        ..TaskPatch::default()
    }
}

/// Two tasks, an attempt at each: 1 is the agent's, 2 somebody else's.
fn two_attempts() -> Scenario {
    let world = World::new()
        .task("Shop", "")
        .task("Other", "")
        .attempt(1, 1, |_| {})
        .attempt(2, 2, |attempt| attempt.task_id = fixed(2));
    Scenario::over(world)
}

impl Scenario {
    fn newest_attempt(&self) -> AttemptId {
        *self.shard().attempts.keys().next_back().expect("an attempt")
    }

    fn told(&self) -> Vec<(Actor, String)> {
        let history = self.shard().history.values();
        history
            .map(|entry| (entry.actor.clone(), entry.what.clone()))
            .collect()
    }
}

#[test]
fn an_agent_reaches_its_own_work_and_nobody_elses() {
    let mut s = two_attempts();
    let foreign = [
        Command::UpdateTask {
            task_id: fixed(2),
            patch: patch("Mine"),
        },
        Command::DeleteTask { task_id: fixed(2) },
        Command::DeleteTask { task_id: fixed(1) },
        Command::StopAttempt { attempt_id: fixed(2) },
        Command::DropAttempt { attempt_id: fixed(2) },
        Command::FollowUp {
            attempt_id: fixed(2),
            text: "Give up".into(),
        },
        Command::CommitAttempt {
            attempt_id: fixed(2),
            message: None,
        },
        merge(fixed(2)),
        merge(fixed(1)),
        Command::DropAttempt { attempt_id: fixed(1) },
        Command::CreateTask {
            project_id: fixed(9),
            title: "x".into(),
            description: String::new(),
        },
        Command::AddProject {
            path: "/elsewhere".into(),
            name: None,
            initial_commit: false,
        },
        Command::PutTemplate {
            template: Template {
                id: fixed(1),
                name: "x".into(),
                text: "y".into(),
                updated_at: Timestamp::from_ms(0),
            },
        },
        Command::Backup {
            path: "/tmp/all".into(),
        },
        Command::MarkRead { task_id: fixed(1) },
    ];
    for command in foreign {
        let problem = s.refused_to(agent(1), command.clone());
        assert_eq!(problem.code, ProblemCode::Forbidden, "{command:?}");
    }
    // What is not there is told as such.
    let problem = s.refused_to(
        agent(1),
        Command::StopAttempt {
            attempt_id: fixed(77),
        },
    );
    assert_eq!(problem.code, ProblemCode::NotFound);
    let id = s.sends_as(
        agent(1),
        Command::UpdateTask {
            task_id: fixed(1),
            patch: patch("Shop 2"),
        },
    );
    assert_eq!(s.replies[&id], Ok(Outcome::Done));
    assert_eq!(s.told(), [(agent(1), "update ANY-1".to_owned())]);
}

#[test]
fn what_an_agent_writes_is_split_from_its_attempt_and_may_be_deleted_by_it() {
    let mut s = two_attempts();
    let write = Command::CreateTask {
        project_id: fixed(1),
        title: "Part".into(),
        description: String::new(),
    };
    let id = s.sends_as(agent(1), write);
    let Ok(Outcome::Task { task_id }) = s.replies[&id] else {
        panic!("{:?}", s.replies[&id])
    };
    assert_eq!(s.shard().tasks[&task_id].parent_attempt, Some(fixed(1)));
    assert_eq!(
        s.refused_to(agent(2), Command::DeleteTask { task_id }).code,
        ProblemCode::Forbidden
    );
    let id = s.sends_as(agent(1), Command::DeleteTask { task_id });
    assert_eq!(s.replies[&id], Ok(Outcome::Done));
}

#[test]
fn an_agent_starts_three_attempts_and_those_start_none() {
    let mut s = two_attempts();
    for _ in 0..3 {
        let id = s.sends_as(agent(1), start(2, None));
        assert!(s.replies[&id].is_ok(), "{:?}", s.replies[&id]);
    }
    let child = s.newest_attempt();
    let problem = s.refused_to(agent(1), start(2, None));
    assert_eq!(problem.code, ProblemCode::Forbidden);
    assert!(problem.detail.contains("it has started 3"), "{problem}");
    let problem = s.refused_to(Actor::Agent { attempt_id: child }, start(2, None));
    assert!(problem.detail.contains("1 deep"), "{problem}");
    // A person may allow more.
    let settings = Settings {
        agent_depth: 2,
        agent_starts: 4,
        ..Settings::default()
    };
    s.sends(Command::SetSettings { settings });
    for actor in [agent(1), Actor::Agent { attempt_id: child }] {
        let id = s.sends_as(actor, start(2, None));
        assert!(s.replies[&id].is_ok(), "{:?}", s.replies[&id]);
    }
}

#[test]
fn what_an_agent_started_comes_home_to_its_own_branch_only() {
    let mut s = two_attempts();
    s.sends_as(agent(1), start(2, None));
    let elsewhere = s.newest_attempt();
    let problem = s.refused_to(agent(1), merge(elsewhere));
    assert_eq!(problem.code, ProblemCode::Forbidden);
    assert!(problem.detail.contains("main"), "{problem}");
    s.sends_as(agent(1), start(2, Some("anyon/0001-work")));
    let home = s.newest_attempt();
    // Allowed, only too early.
    assert_eq!(s.refused_to(agent(1), merge(home)).code, ProblemCode::WrongState);
    assert_eq!(s.refused_to(agent(2), merge(home)).code, ProblemCode::Forbidden);
    let id = s.sends_as(agent(1), Command::StopAttempt { attempt_id: home });
    assert!(
        !matches!(s.replies.get(&id), Some(Err(_))),
        "{:?}",
        s.replies.get(&id)
    );
}

#[test]
fn what_an_mcp_client_does_is_written_down_with_its_name() {
    let mut s = two_attempts();
    let client = Actor::Mcp {
        client: "Editor".into(),
    };
    s.sends_as(client.clone(), start(1, None));
    s.sends_as(Actor::Person, start(1, None));
    let told = s.told();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, client);
    assert!(told[0].1.starts_with("start anyon/"), "{told:?}");
}

fn editor() -> Actor {
    Actor::Mcp {
        client: "Editor".into(),
    }
}

/// A command of an editor that a person is asked about.
fn asked(s: &mut Scenario, command: Command) -> CommandId {
    let command_id = s.sends_as(editor(), command);
    assert!(s.effects.contains(&Effect::FindWindow { command_id }));
    s.input(Input::WindowFound {
        command_id,
        found: true,
    });
    assert_eq!(s.engine.state().confirmations.len(), 1);
    assert!(!s.replies.contains_key(&command_id), "it waits");
    command_id
}

#[test]
fn what_a_client_cannot_take_back_waits_for_the_window() {
    let mut s = Scenario::new();
    let task_id = s.task().id;
    let first = asked(&mut s, Command::DeleteTask { task_id });
    let confirm = |asked, allow| Command::Confirm { asked, allow };
    assert_eq!(
        s.refused_to(editor(), confirm(first, true)).code,
        ProblemCode::Forbidden
    );
    s.sends(confirm(first, false));
    let problem = s.problem(first);
    assert_eq!(problem.title, "The person at the window said no");
    assert!(s.engine.state().confirmations.is_empty());
    assert_eq!(s.refused(confirm(first, true)).code, ProblemCode::WrongState);
    let second = asked(&mut s, Command::DeleteTask { task_id });
    s.sends(confirm(second, true));
    assert_eq!(s.replies[&second], Ok(Outcome::Done));
    assert!(s.shard().tasks.is_empty());
}

#[test]
fn without_a_window_or_when_it_is_switched_off_nobody_is_asked() {
    let mut s = two_attempts();
    let drop_it = Command::DropAttempt { attempt_id: fixed(2) };
    let command_id = s.sends_as(editor(), drop_it.clone());
    s.input(Input::WindowFound {
        command_id,
        found: false,
    });
    assert!(
        s.effects
            .iter()
            .any(|effect| matches!(effect, Effect::RemoveWorktree { .. }))
    );
    let mut s = two_attempts();
    let settings = Settings {
        confirm_mcp: false,
        ..Settings::default()
    };
    s.sends(Command::SetSettings { settings });
    s.sends_as(editor(), drop_it);
    assert!(
        s.effects
            .iter()
            .any(|effect| matches!(effect, Effect::RemoveWorktree { .. }))
    );
}

#[test]
fn a_window_that_closes_and_a_person_who_is_away_end_the_waiting() {
    let mut s = Scenario::new();
    let task_id = s.task().id;
    let first = asked(&mut s, Command::DeleteTask { task_id });
    s.waits();
    s.input(Input::WindowFound {
        command_id: first,
        found: false,
    });
    assert!(s.problem(first).title.contains("closed"));
    let second = asked(&mut s, Command::DeleteTask { task_id });
    while !s.replies.contains_key(&second) {
        s.waits();
        s.input(Input::WindowFound {
            command_id: second,
            found: true,
        });
    }
    assert!(s.problem(second).title.contains("Nobody"));
    let third = asked(&mut s, Command::DeleteTask { task_id });
    s.sends(Command::Shutdown);
    assert!(s.problem(third).title.contains("ending"));
}
