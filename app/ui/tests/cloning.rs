//! Cloning from a URL in the window: where to, how far, broken off, refused.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

mod support;

use anyon_model::*;
use anyon_ui::Place;
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use support::{Look, Window, World, fixed};

const URL: &str = "https://example.com/ada/shop.git";
const FIELD: &str = "Folder or URL of a git repository";
const FIELD_KO: &str = "git 저장소의 폴더 또는 URL";

fn answered(query: &Query) -> Option<QueryResult> {
    match query {
        Query::Agents { .. } => Some(Ok(Answer::Agents(Arc::default()))),
        Query::FindRepositories { .. } => Some(Ok(Answer::Repositories(Arc::default()))),
        Query::ListDirectory { path: None, .. } => Some(Ok(Answer::Directory(Arc::new(DirectoryList {
            path: "/home/mina".into(),
            home: Some("/home/mina".into()),
            ..DirectoryList::default()
        })))),
        _ => None,
    }
}

fn looking(state: State, look: Look) -> Window {
    let mut window = Window::looking(Place::Keys, state, look);
    window.client.reply(answered);
    window.harness.state_mut().shell.go(Place::FirstStart);
    window.run();
    window.run();
    window
}

fn no_project() -> State {
    let mut state = World::new().state();
    state.projects = Map::default();
    state
}

fn typed(text: &str) -> Window {
    let mut window = looking(no_project(), Look::default());
    type_into(&mut window, FIELD, text);
    window
}

/// The folder that the clone goes to.
fn into(window: &Window) -> Option<String> {
    let role = egui::accesskit::Role::TextInput;
    let field = window
        .harness
        .get_by_role_and_label(role, "Clone into this folder");
    field.value()
}

fn type_into(window: &mut Window, field: &str, text: &str) {
    let field = window.harness.get_by_label(field);
    field.focus();
    field.type_text(text);
    window.run();
    window.run();
}

fn sent(window: &Window) -> Option<(String, FilePath)> {
    let commands = window.client.commands();
    commands.into_iter().rev().find_map(|command| match command {
        Command::CloneProject { url, folder, .. } => Some((url, folder)),
        _ => None,
    })
}

/// The clone that the window began is as far as this.
fn is_at(window: &mut Window, percent: u8, cancelled: bool) {
    let clone = CloneProgress {
        url: RemoteUrl::parse(URL).unwrap(),
        folder: "/home/mina/shop".into(),
        percent,
        cancelled,
    };
    window.client.change(|state| {
        let clone_id = CommandId::from_bytes(first_command(state));
        let clone = Some(Arc::new(clone));
        state.apply(&[Change::Clone {
            command_id: clone_id,
            clone,
        }]);
    });
    window.run();
}

/// Any name does: the window shows whatever is being cloned.
fn first_command(state: &State) -> [u8; 16] {
    state
        .clones
        .keys()
        .next()
        .map_or([7; 16], |known| *known.as_bytes())
}

#[test]
fn a_url_is_cloned_into_a_folder_of_the_persons_own() {
    let mut window = typed(URL);
    assert_eq!(into(&window).as_deref(), Some("/home/mina/shop"));
    window.harness.get_by_label(FIELD).focus();
    window.run();
    window.harness.key_press(egui::Key::Enter);
    window.run();
    assert_eq!(sent(&window), Some((URL.into(), "/home/mina/shop".into())));
    window
        .client
        .finish(Ok(Outcome::Project { project_id: fixed(1) }));
    window.run();
    let board = Place::Board {
        project: Some(fixed(1)),
    };
    assert_eq!(window.place(), board);
}

#[test]
fn the_folder_may_be_another_one_chosen_or_typed() {
    let mut window = looking(
        World::new().project(|p| p.repo_path = "/work/one".into()).state(),
        Look::default(),
    );
    type_into(&mut window, FIELD, "git@example.com:ada/shop.git");
    assert_eq!(
        into(&window).as_deref(),
        Some("/work/shop"),
        "beside the last project"
    );
    window
        .harness
        .state_mut()
        .shell
        .picked("add/first start/into".into(), "/srv".into());
    window.run();
    assert_eq!(into(&window).as_deref(), Some("/srv/shop"));
    window.harness.get_by_label("Clone").click();
    window.run();
    assert_eq!(sent(&window).map(|(_, folder)| folder), Some("/srv/shop".into()));
}

#[test]
fn a_clone_says_how_far_it_is_and_can_be_cancelled() {
    let mut window = typed(URL);
    window.harness.get_by_label("Clone").click();
    window.run();
    is_at(&mut window, 42, false);
    window.harness.get_by_label("Clone").click();
    window.run();
    let begun = window.client.commands();
    let begun = begun
        .iter()
        .filter(|sent| matches!(sent, Command::CloneProject { .. }));
    assert_eq!(begun.count(), 1, "one at a time");
    window.harness.get_by_label(&format!("Cloning {URL} · 42 %"));
    window.harness.get_by_label("Cancel clone").click();
    window.run();
    let last = window.client.commands().pop();
    assert!(matches!(last, Some(Command::CancelClone { .. })), "{last:?}");
    is_at(&mut window, 42, true);
    window
        .harness
        .get_by_label(&format!("Cancelling the clone of {URL}"));
}

#[test]
fn a_clone_that_failed_says_why_and_what_to_do() {
    let mut window = typed(URL);
    window.harness.get_by_label("Clone").click();
    window.run();
    let problem =
        Problem::new(ProblemCode::Git, "Cloning it needs a login").hint("Log in once in a terminal");
    window.client.finish(Err(problem));
    window.run();
    window.harness.get_by_label("Cloning it needs a login");
    window.harness.get_by_label("Log in once in a terminal");
    window.harness.get_by_label("Clone").click();
    window.run();
    window
        .client
        .finish(Err(Problem::new(ProblemCode::Cancelled, "Cancelled")));
    window.run();
    window
        .harness
        .get_by_label("Clone cancelled; nothing of it is left");
}

#[test]
fn a_secret_goes_no_further_than_the_field_and_there_is_a_way_without_it() {
    let mut window = typed("https://ada:hunter2@example.com/ada/shop.git");
    window
        .harness
        .get_by_label("The URL holds a name, a password or a token");
    window.harness.key_press(egui::Key::Enter);
    window.run();
    assert_eq!(sent(&window), None);
    window.harness.get_by_label(&format!("Use {URL}")).click();
    window.run();
    window.harness.get_by_label("Clone").click();
    window.run();
    assert_eq!(sent(&window).map(|(url, _)| url), Some(URL.into()));
    let everything = format!("{:?}{:?}", window.client.commands(), window.client.queries());
    assert!(!everything.contains("hunter2"));
}

#[test]
fn options_and_ways_that_start_programs_are_refused_while_they_are_typed() {
    for (text, said) in [
        (
            "--upload-pack=evil",
            "A URL does not begin with “-”: git would read it as an option",
        ),
        (
            "ext::sh -c evil",
            "Only https, http, ssh, git and file are cloned from; other ways may start programs",
        ),
    ] {
        let mut window = typed(text);
        window.harness.get_by_label(said);
        window.harness.key_press(egui::Key::Enter);
        window.run();
        assert_eq!(sent(&window), None);
    }
}

#[test]
fn it_paints_in_every_look() {
    for look in Look::all() {
        let field = if look.language == "ko" { FIELD_KO } else { FIELD };
        let mut window = looking(no_project(), look);
        type_into(&mut window, field, "https://ada:pw@example.com/ada/가게.git");
        window.picture(&format!("clone-secret-{}", look.name()));
        let mut window = looking(no_project(), look);
        type_into(&mut window, field, URL);
        is_at(&mut window, 42, false);
        window.picture(&format!("clone-{}", look.name()));
    }
}
