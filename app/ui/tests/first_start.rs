//! The first start: a look around, a repository or the demo, and every way it can go wrong.

mod support;

use anyon_model::*;
use anyon_ui::{Place, Request};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use support::{Look, NOW, Window, World, fixed, overflowing_world};

fn finding(agent_id: &str, name: &str, found: bool, login: AgentLogin) -> AgentFinding {
    AgentFinding {
        agent_id: agent_id.into(),
        name: name.into(),
        variants: vec!["DEFAULT".into(), "PLAN".into()],
        found,
        program: None,
        version: found.then(|| "2.1.330".into()),
        notice: None,
        login,
        install_hint: "Install it with `npm install -g @example/agent` (Node 22 or newer)".into(),
        login_hint: "Run `agent auth login` in a terminal, or set AGENT_API_KEY".into(),
        withheld: Vec::new(),
    }
}

fn agents() -> Vec<AgentFinding> {
    vec![
        finding("DEMO", "Demo agent", true, AgentLogin::NotNeeded),
        finding("CODEX", "Codex", true, AgentLogin::LoggedOut),
        finding("GEMINI", "Gemini CLI", false, AgentLogin::Unknown),
        finding(
            "CLAUDE_CODE",
            "Claude Code",
            true,
            AgentLogin::LoggedIn {
                method: "subscription".into(),
            },
        ),
    ]
}

fn repositories(count: u8) -> FoundRepositories {
    let one = |n: u8| FoundRepository {
        path: format!("/home/mina/code/저장소-{n}").as_str().into(),
        name: format!("저장소-{n}"),
        used_at: Some(NOW.plus_ms(-i64::from(n) * 3_600_000)),
    };
    FoundRepositories {
        repositories: (1..=count).map(one).collect(),
        complete: count < 20,
    }
}

fn answered(query: &Query, found: u8) -> Option<QueryResult> {
    match query {
        Query::Agents { .. } => Some(Ok(Answer::Agents(Arc::new(agents())))),
        Query::FindRepositories { .. } => Some(Ok(Answer::Repositories(Arc::new(repositories(found))))),
        Query::ListDirectory { path: None, .. } => Some(Ok(Answer::Directory(Arc::new(DirectoryList {
            path: "/home/mina".into(),
            home: Some("/home/mina".into()),
            ..DirectoryList::default()
        })))),
        _ => None,
    }
}

fn window(found: u8) -> Window {
    looking(found, Look::default())
}

fn looking(found: u8, look: Look) -> Window {
    let mut window = Window::looking(Place::Keys, World::new().state(), look);
    window.client.reply(move |query| answered(query, found));
    window.harness.state_mut().shell.go(Place::FirstStart);
    window.run();
    window.run();
    window
}

fn add_of(window: &Window) -> Option<Command> {
    let commands = window.client.commands();
    commands
        .into_iter()
        .rfind(|command| matches!(command, Command::AddProject { .. }))
}

#[test]
fn it_paints_in_every_look_with_nothing_some_and_many_found() {
    for look in Look::all() {
        for found in [0, 4, 40] {
            let mut window = looking(found, look);
            window.picture(&format!("first-start-{found}-{}", look.name()));
        }
    }
}

#[test]
fn agents_tell_how_to_install_and_log_in() {
    let window = window(3);
    let ui = &window.harness;
    ui.get_by_label("Logged in · subscription");
    ui.get_by_label("Not logged in");
    ui.get_by_label("Not installed");
    assert!(
        ui.query_by_label("Demo agent").is_none(),
        "the demo is no agent to install"
    );
    ui.get_by_label("Copy “npm install -g @example/agent”").click();
    let mut window = window;
    window.run();
    let copied = Request::CopyText("npm install -g @example/agent".into());
    assert!(window.harness.state().requests.contains(&copied));
}

#[test]
fn what_is_still_searched_says_so_and_what_failed_says_why() {
    let mut window = Window::at(Place::FirstStart, World::new().state());
    window.harness.get_by_label("Looking for agents…");
    window.harness.get_by_label("Looking for git repositories…");
    window.client.reply(|query| {
        let title = if matches!(query, Query::Agents { .. }) {
            "No look at agents"
        } else {
            "No scan"
        };
        Some(Err(
            Problem::new(ProblemCode::Io, title).hint("Look at the folder's rights")
        ))
    });
    window.harness.state_mut().shell.go(Place::Keys);
    window.run();
    let mut failed = Window::at(Place::Keys, World::new().state());
    failed.client.reply(|_| {
        Some(Err(
            Problem::new(ProblemCode::Io, "The scan failed").hint("Check the disk")
        ))
    });
    failed.harness.state_mut().shell.go(Place::FirstStart);
    failed.run();
    assert!(failed.harness.query_all_by_label("The scan failed").count() >= 2);
    assert!(failed.harness.query_all_by_label("Check the disk").count() >= 2);
    failed.harness.get_by_label("Search again");
}

#[test]
fn nothing_found_says_what_to_do() {
    let window = window(0);
    window.harness.get_by_label(
        "No git repository was found in your home folder. Type its path or URL, or browse to it.",
    );
}

#[test]
fn a_repository_that_was_found_is_added_by_one_press_and_leads_to_its_board() {
    let mut window = window(3);
    window.harness.get_by_label_contains("저장소-2").click();
    window.run();
    let expected = Command::AddProject {
        path: "/home/mina/code/저장소-2".into(),
        name: None,
        initial_commit: false,
    };
    assert_eq!(add_of(&window), Some(expected));
    window
        .client
        .finish(Ok(Outcome::Project { project_id: fixed(1) }));
    window.run();
    assert_eq!(
        window.place(),
        Place::Board {
            project: Some(fixed(1))
        }
    );
}

#[test]
fn of_many_found_some_are_shown_until_all_are_wanted() {
    let mut window = window(40);
    assert!(window.harness.query_by_label_contains("저장소-30").is_none());
    window.harness.get_by_label("Show all 40").click();
    window.run();
    window.harness.get_by_label_contains("저장소-30");
}

#[test]
fn a_typed_path_may_begin_with_the_persons_folder() {
    let mut window = window(1);
    let field = window.harness.get_by_label("Folder or URL of a git repository");
    field.focus();
    field.type_text("~/code/새 프로젝트");
    window.run();
    window.harness.key_press(egui::Key::Enter);
    window.run();
    window.run();
    match add_of(&window) {
        Some(Command::AddProject { path, .. }) => assert_eq!(path, "/home/mina/code/새 프로젝트".into()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_repository_without_commits_is_offered_its_first_one() {
    let mut window = window(1);
    window.harness.get_by_label_contains("저장소-1").click();
    window.run();
    window
        .client
        .finish(Err(Problem::new(ProblemCode::NoCommits, "No commits")));
    window.run();
    window.harness.get_by_label("This repository has no commit yet");
    window
        .harness
        .get_by_label("Make the first commit and add")
        .click();
    window.run();
    assert!(matches!(
        add_of(&window),
        Some(Command::AddProject {
            initial_commit: true,
            ..
        })
    ));
}

#[test]
fn what_is_no_repository_says_what_to_do() {
    let mut window = window(1);
    window.harness.get_by_label_contains("저장소-1").click();
    window.run();
    let problem =
        Problem::new(ProblemCode::NotARepository, "This is no git repository").hint("Choose another folder");
    window.client.finish(Err(problem));
    window.run();
    window.harness.get_by_label("This is no git repository");
    window.harness.get_by_label("Choose another folder");
}

#[test]
fn the_systems_dialog_is_asked_for_and_its_folder_added() {
    let mut window = window(1);
    window.harness.get_by_label("System dialog…").click();
    window.run();
    let key = window
        .harness
        .state()
        .requests
        .iter()
        .find_map(|request| match request {
            Request::PickFolder { key } => Some(key.clone()),
            _ => None,
        });
    window
        .harness
        .state_mut()
        .shell
        .picked(key.expect("the dialog was asked for"), "/srv/shop".into());
    window.run();
    assert!(matches!(add_of(&window), Some(Command::AddProject { path, .. }) if path == "/srv/shop".into()));
}

#[test]
fn the_demo_can_be_tried_at_once() {
    let mut window = window(1);
    window.harness.get_by_label("Try the demo").click();
    window.run();
    assert!(window.harness.state().requests.contains(&Request::StartDemo));
    window.harness.get_by_label("Setting up the demo…");
}

#[test]
fn language_and_theme_are_set_at_once() {
    let mut window = window(1);
    window.harness.get_by_label("Language: 한국어").click();
    window.run();
    window.harness.get_by_label("Theme: Light").click();
    window.run();
    let set: Vec<(Option<String>, Option<String>)> = window
        .client
        .commands()
        .into_iter()
        .filter_map(|command| match command {
            Command::SetSettings { settings } => Some((settings.language, settings.theme)),
            _ => None,
        })
        .collect();
    assert_eq!(set[0].0.as_deref(), Some("ko"));
    assert_eq!(set[1].1.as_deref(), Some("light"));
}

#[test]
fn it_can_be_left_and_projects_that_are_there_are_marked() {
    let state = overflowing_world()
        .project(|project| project.repo_path = "/home/mina/code/저장소-1".into())
        .state();
    let mut window = Window::at(Place::Keys, state);
    window.client.reply(|query| answered(query, 2));
    window.harness.state_mut().shell.go(Place::FirstStart);
    window.run();
    window.run();
    window.harness.get_by_label_contains("Added").click();
    window.run();
    assert_eq!(add_of(&window), None, "it is there already");
    window.harness.get_by_label("Skip for now").click();
    window.run();
    assert_eq!(window.place(), Place::Board { project: None });
}

#[test]
fn nothing_leads_back_to_the_first_start_once_it_is_left() {
    let mut window = window(1);
    window.harness.get_by_label("Skip for now").click();
    window.run();
    for _ in 0..3 {
        window.harness.key_press(egui::Key::Escape);
        window.run();
        window
            .harness
            .key_press_modifiers(egui::Modifiers::ALT, egui::Key::ArrowLeft);
        window.run();
    }
    assert_ne!(window.place(), Place::FirstStart);
}
