//! The chooser: a folder found by pointer, by keys and by typing.

mod support;

use anyon_model::*;
use anyon_ui::{Place, Request};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use support::{Look, Window, World};

fn entry(folder: &str, name: &str, kind: (bool, bool)) -> DirectoryEntry {
    DirectoryEntry {
        name: name.into(),
        path: format!("{folder}/{name}").as_str().into(),
        is_folder: kind.0,
        is_hidden: name.starts_with('.'),
        is_repository: kind.1,
    }
}

fn listing(path: &str, hidden: bool) -> DirectoryList {
    let entries = match path {
        "/home/mina" => vec![
            entry(path, "code", (true, false)),
            entry(path, "문서", (true, false)),
            entry(
                path,
                "a-folder-with-a-really-long-name-that-does-not-fit-into-any-list-of-this-width-at-all",
                (true, true),
            ),
            entry(path, "notes.txt", (false, false)),
        ],
        "/home/mina/code" => vec![
            entry(path, "anyon", (true, true)),
            entry(path, "shop", (true, true)),
        ],
        _ => Vec::new(),
    };
    let mut list = DirectoryList {
        path: path.into(),
        parent: (path != "/").then(|| "/home/mina".into()),
        home: Some("/home/mina".into()),
        entries,
        ..DirectoryList::default()
    };
    if hidden {
        list.entries.push(entry(path, ".config", (true, false)));
    }
    list
}

fn window(look: Look) -> Window {
    let mut window = Window::looking(Place::Keys, World::new().state(), look);
    window.client.reply(|query| match query {
        Query::ListDirectory { path, hidden } => {
            let path = path.as_ref().map_or("/home/mina".to_owned(), ToString::to_string);
            if path == "/root" {
                return Some(Err(
                    Problem::new(ProblemCode::Io, "The folder cannot be read").hint("Choose another")
                ));
            }
            Some(Ok(Answer::Directory(Arc::new(listing(&path, *hidden)))))
        }
        Query::FindRepositories { .. } => Some(Ok(Answer::Repositories(Arc::default()))),
        Query::Agents { .. } => Some(Ok(Answer::Agents(Arc::default()))),
        _ => None,
    });
    window.harness.state_mut().shell.go(Place::FirstStart);
    window.run();
    let browse = if look.language == "ko" {
        "찾아보기…"
    } else {
        "Browse…"
    };
    window.harness.get_by_label(browse).click();
    window.run();
    window.run();
    window
}

fn added(window: &Window) -> Option<FilePath> {
    window
        .client
        .commands()
        .into_iter()
        .find_map(|command| match command {
            Command::AddProject { path, .. } => Some(path),
            _ => None,
        })
}

#[test]
fn it_paints_in_every_look() {
    for look in Look::all() {
        window(look).picture(&format!("chooser-{}", look.name()));
    }
}

#[test]
fn a_folder_is_found_by_keys_alone() {
    let mut window = window(Look::default());
    assert!(
        window.harness.query_by_label("notes.txt").is_none(),
        "files are no folders"
    );
    window.harness.key_press(Key::ArrowDown);
    window.run();
    window.harness.key_press(Key::Enter);
    window.run();
    window.run();
    window.harness.get_by_label_contains("shop");
    window.harness.key_press(Key::ArrowDown);
    window.run();
    window.harness.key_press(Key::ArrowDown);
    window.run();
    window.harness.get_by_label("Choose “shop”");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    window.run();
    assert_eq!(added(&window), Some("/home/mina/code/shop".into()));
    assert!(
        window.harness.query_by_label("Choose a folder").is_none(),
        "it is closed"
    );
}

#[test]
fn backspace_leads_to_the_folder_above() {
    let mut window = window(Look::default());
    window.harness.key_press(Key::ArrowDown);
    window.run();
    window.harness.key_press(Key::Enter);
    window.run();
    window.run();
    window.harness.key_press(Key::Backspace);
    window.run();
    window.run();
    window.harness.get_by_label("문서");
}

#[test]
fn a_row_is_chosen_by_a_press_and_the_folder_itself_without_one() {
    let mut window = window(Look::default());
    window.harness.get_by_label("Choose “mina”");
    window.harness.get_by_label("문서").click();
    window.run();
    window.harness.get_by_label("Choose “문서”").click();
    window.run();
    window.run();
    assert_eq!(added(&window), Some("/home/mina/문서".into()));
}

#[test]
fn a_typed_folder_is_gone_to_and_what_cannot_be_read_says_why() {
    let mut window = window(Look::default());
    let field = window.harness.get_by_label("Path");
    field.focus();
    window.run();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run();
    window.harness.get_by_label("Path").type_text("/root");
    window.run();
    window.harness.key_press(Key::Enter);
    window.run();
    window.run();
    window.harness.get_by_label("The folder cannot be read");
    assert_eq!(added(&window), None);
}

#[test]
fn hidden_folders_are_listed_when_they_are_wanted() {
    let mut window = window(Look::default());
    assert!(window.harness.query_by_label(".config").is_none());
    window.harness.get_by_label("Show hidden").click();
    window.run();
    window.run();
    window.harness.get_by_label(".config");
}

#[test]
fn escape_closes_it_without_an_answer() {
    let mut window = window(Look::default());
    window.harness.key_press(Key::Escape);
    window.run();
    window.run();
    assert!(window.harness.query_by_label("Choose a folder").is_none());
    assert_eq!(added(&window), None);
    assert_eq!(window.place(), Place::FirstStart);
    assert!(!window.harness.state().requests.contains(&Request::Quit));
}

/// The dialog that adds a project, over the keys page.
fn adding() -> Window {
    let mut window = window(Look::default());
    window.harness.key_press(Key::Escape);
    window.run();
    window.harness.state_mut().shell.go(Place::Keys);
    window.run();
    window.harness.get_by_label("Add project…").click();
    window.run();
    window
}

fn is_open(window: &Window) -> bool {
    window.harness.query_by_label("Add a project").is_some()
}

#[test]
fn a_project_is_added_by_typing_at_once_and_cancel_leaves() {
    let mut window = adding();
    assert!(
        window
            .harness
            .get_by_label("Folder or URL of a git repository")
            .is_focused()
    );
    window.picture("add-project");
    window.harness.get_by_label("Cancel").click();
    window.run();
    assert!(!is_open(&window));
}

#[test]
fn one_escape_leaves_the_dialog_also_after_something_was_typed() {
    for typed in ["", "/home/mina"] {
        let mut window = adding();
        window.harness.event(egui::Event::Text(typed.into()));
        window.run();
        window.harness.key_press(Key::Escape);
        window.run();
        assert!(!is_open(&window), "{typed}");
    }
}

#[test]
fn the_dialog_stays_until_what_was_chosen_is_added_or_refused() {
    let mut window = adding();
    window.harness.get_by_label("Browse…").click();
    window.run();
    window.run();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    window.run();
    assert_eq!(added(&window), Some("/home/mina".into()));
    assert!(
        is_open(&window),
        "the chooser gives way to the dialog that opened it"
    );
    window.harness.get_by_label_contains("Adding /home/mina");
    window.harness.key_press(Key::Escape);
    window.run();
    assert!(is_open(&window), "it is being looked at");
    let refused = Problem::new(
        ProblemCode::NotARepository,
        "There is no git repository in /home/mina",
    );
    window.client.finish(Err(refused));
    window.run();
    assert!(is_open(&window));
    window
        .harness
        .get_by_label("There is no git repository in /home/mina");
}
