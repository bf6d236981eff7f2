//! What an agent gets to see of a board with others on it, and of other boards.

use crate::scenario::Scenario;
use anyon_engine::AgentSight;
use anyon_model::*;
use anyon_testkit::{World, asks_command, fixed};
use std::sync::Arc;

fn own() -> Actor {
    Actor::Agent { attempt_id: fixed(1) }
}

fn put<E>(entity: E, wrap: impl Fn(Arc<E>) -> Entity) -> Entity {
    wrap(Arc::new(entity))
}

/// A draft with a text, for an attempt of a project.
fn draft(number: u8, project: u8, attempt: u8, text: &str) -> Entity {
    let at = Timestamp::from_ms(0);
    let draft = Draft {
        id: fixed(number),
        project_id: fixed(project),
        attempt_id: fixed(attempt),
        kind: DraftKind::FollowUp,
        to: Recipient::default(),
        text: text.into(),
        images: Vec::new(),
        queued: false,
        order: 0,
        created_at: at,
        updated_at: at,
    };
    put(draft, Entity::Draft)
}

/// Another project with the same kinds of things in it, every text of it marked.
fn foreign() -> Vec<Entity> {
    let world = World::new()
        .project(|project| {
            project.name = "FOREIGN".into();
            project.repo_path = "/FOREIGN".into();
        })
        .task("FOREIGN", "FOREIGN")
        .attempt(1, 1, |attempt| attempt.branch = "FOREIGN".into())
        .execution(1, 1, ExecutionState::Completed);
    let moved = world
        .state()
        .as_changes()
        .into_iter()
        .filter_map(|change| match change {
            Change::Put(Entity::Project(project)) => {
                let project = Project {
                    id: fixed(9),
                    ..Project::clone(&project)
                };
                Some(put(project, Entity::Project))
            }
            Change::Put(Entity::Task(task)) => {
                let task = Task {
                    id: fixed(91),
                    project_id: fixed(9),
                    ..Task::clone(&task)
                };
                Some(put(task, Entity::Task))
            }
            Change::Put(Entity::Attempt(attempt)) => {
                let (id, task_id, project_id) = (fixed(92), fixed(91), fixed(9));
                let attempt = Attempt {
                    id,
                    task_id,
                    project_id,
                    ..Attempt::clone(&attempt)
                };
                Some(put(attempt, Entity::Attempt))
            }
            Change::Put(Entity::Execution(execution)) => {
                let execution = Execution {
                    id: fixed(93),
                    project_id: fixed(9),
                    attempt_id: fixed(92),
                    prompt: "FOREIGN".into(),
                    ..Execution::clone(&execution)
                };
                Some(put(execution, Entity::Execution))
            }
            _ => None,
        });
    let rule = Rule {
        id: fixed(94),
        project_id: Some(fixed(9)),
        executor: None,
        kind: None,
        pattern: Some("FOREIGN".into()),
        allow: true,
        created_at: Timestamp::from_ms(0),
    };
    let profile = Profile {
        id: ExecutorProfileId::new("FOREIGN"),
        config: ProfileConfig::default(),
        updated_at: Timestamp::from_ms(0),
    };
    moved
        .chain([
            draft(95, 9, 92, "FOREIGN"),
            put(rule, Entity::Rule),
            put(profile, Entity::Profile),
        ])
        .collect()
}

/// A board with the agent's attempt 1 and somebody else's attempt 2, and the other project.
fn world() -> World {
    let failed = ExecutionState::Failed {
        kind: FailureKind::Model,
        message: "OUTSIDE".into(),
    };
    let world = World::new()
        .task("Shop", "Sell things")
        .task("Till", "Count money")
        .attempt(1, 1, |_| {})
        .attempt(2, 2, |attempt| attempt.task_id = fixed(2))
        .execution(1, 1, ExecutionState::Completed)
        .execution(2, 2, failed)
        .with(draft(1, 1, 1, "mine"))
        .with(draft(2, 1, 2, "OUTSIDE"));
    foreign().into_iter().fold(world, World::with)
}

fn seen(state: &State) -> State {
    AgentSight::new(fixed(1), state).state(state)
}

#[test]
fn an_agent_sees_its_board_and_of_the_work_only_its_own() {
    let scenario = Scenario::over(world());
    let state = scenario.engine.state();
    assert!(format!("{state:?}").contains("FOREIGN"));
    let seen = seen(state);
    let told = format!("{seen:?}");
    assert!(!told.contains("FOREIGN") && !told.contains("OUTSIDE"), "{told}");
    let shard = &seen.projects[&fixed(1)];
    assert_eq!((shard.tasks.len(), shard.attempts.len()), (2, 2));
    assert_eq!(shard.attempt_status(fixed(2)), Some(AttemptStatus::Failed));
    assert_eq!(shard.executions[&fixed(1)].prompt, "Do it");
    assert_eq!(shard.executions[&fixed(2)].prompt, "");
    assert_eq!(shard.sessions[&fixed(2)].agent_session, None);
    assert_eq!(shard.drafts.len(), 1);
    let gone = AgentSight::new(fixed(77), state).state(state);
    assert!(
        gone.projects.is_empty(),
        "an agent whose attempt is gone sees nothing"
    );
}

#[test]
fn an_agent_asks_and_hears_of_its_own_work_alone() {
    let scenario = Scenario::over(world());
    let state = scenario.engine.state();
    let sight = AgentSight::new(fixed(1), state);
    let range = PageRange::Last { count: 1 };
    let log = |execution| Query::RawLog {
        execution_id: fixed(execution),
        range,
    };
    let patch = |attempt| Query::Patch {
        attempt_id: fixed(attempt),
    };
    for query in [
        log(1),
        patch(1),
        Query::Branches { project_id: fixed(1) },
        Query::Agents { probe: false },
    ] {
        assert_eq!(sight.check(state, &query), Ok(()), "{query:?}");
    }
    for query in [
        log(2),
        log(93),
        log(99),
        patch(2),
        patch(92),
        Query::Branches { project_id: fixed(9) },
        Query::ListDirectory {
            path: None,
            hidden: false,
        },
        Query::FindRepositories { roots: Vec::new() },
        Query::McpSetups,
        Query::AgentFile,
        Query::CheckAgentFile {
            edit: AgentFileEdit::Text {
                text: String::new(),
                before: String::new(),
            },
        },
    ] {
        let refused = sight.check(state, &query).unwrap_err();
        assert_eq!(refused.code, ProblemCode::Forbidden, "{query:?}");
    }
    let done = |actor| Event::CommandDone {
        command_id: fixed(1),
        actor,
        result: Ok(Outcome::Done),
    };
    let grew = |execution| Event::EntriesChanged {
        execution_id: fixed(execution),
        from: 0,
        total: 1,
    };
    for event in [
        done(own()),
        grew(1),
        Event::DiffChanged { attempt_id: fixed(1) },
        Event::Ended,
    ] {
        assert!(sight.hears(state, &event), "{event:?}");
    }
    let notice = Event::Notify {
        title: String::new(),
        body: String::new(),
        attempt_id: fixed(1),
    };
    for event in [
        done(Actor::Person),
        grew(2),
        grew(93),
        Event::DiffChanged { attempt_id: fixed(2) },
        Event::Focus { on: None },
        notice,
    ] {
        assert!(!sight.hears(state, &event), "{event:?}");
    }
}

#[test]
fn what_an_agent_starts_is_seen_in_full_from_then_on() {
    let mut scenario = Scenario::over(world());
    let mut sight = AgentSight::new(fixed(1), scenario.engine.state());
    let mut told = seen(scenario.engine.state());
    let start = Command::StartAttempt {
        task_id: fixed(2),
        profile: ExecutorProfileId::new("CLAUDE_CODE"),
        base: None,
        target: None,
        approve: ApproveMode::Edits,
    };
    let step = scenario.input(Input::Command {
        command_id: fixed(50),
        actor: own(),
        command: start,
    });
    told.apply(&sight.follow(scenario.engine.state(), &step.changes));
    assert_eq!(told, seen(scenario.engine.state()));
    let shard = &told.projects[&fixed(1)];
    let started = shard.attempts.keys().next_back().unwrap();
    let execution = shard.last_agent_execution(*started).unwrap();
    assert!(execution.prompt.contains("Count money"), "{}", execution.prompt);
    let question = Input::Agent {
        execution_id: fixed(2),
        events: vec![AgentEvent::Approval(asks_command("q", "OUTSIDE"))],
    };
    let step = scenario.input(question);
    told.apply(&sight.follow(scenario.engine.state(), &step.changes));
    assert!(!format!("{told:?}").contains("OUTSIDE"));
}

#[test]
fn an_agent_whose_attempt_is_removed_sees_nothing_from_then_on() {
    let mut scenario = Scenario::over(world());
    let mut sight = AgentSight::new(fixed(1), scenario.engine.state());
    let mut told = seen(scenario.engine.state());
    let changes = [Change::Remove(EntityKey::Attempt(fixed(1)))];
    let mut state = scenario.engine.state().clone();
    state.apply(&changes);
    told.apply(&sight.follow(&state, &changes));
    assert!(told.projects.is_empty());
    let step = scenario.input(Input::Command {
        command_id: fixed(50),
        actor: Actor::Person,
        command: Command::CreateTask {
            project_id: fixed(1),
            title: "Later".into(),
            description: String::new(),
        },
    });
    assert!(!step.changes.is_empty());
    told.apply(&sight.follow(&state, &step.changes));
    assert!(told.projects.is_empty());
}
