//! Backups in the settings: made now, listed with how to put one back, and what went wrong.

mod support;

use anyon_model::*;
use anyon_ui::{Place, Request, SettingsPage};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use support::{Look, Window, empty_world};

fn listed(names: &[&str]) -> QueryResult {
    let file = |name: &&str| DirectoryEntry {
        name: (*name).into(),
        path: format!("/data/backups/{name}").as_str().into(),
        is_folder: false,
        is_hidden: false,
        is_repository: false,
    };
    Ok(Answer::Directory(Arc::new(DirectoryList {
        path: "/data/backups".into(),
        entries: names.iter().map(file).collect(),
        ..DirectoryList::default()
    })))
}

fn looking(names: &'static [&'static str], look: Look) -> Window {
    let mut window = Window::looking(Place::Keys, empty_world().state(), look);
    window.client.reply(move |query| match query {
        Query::ListDirectory { path: Some(path), .. } if path.to_string().ends_with("backups") => {
            Some(listed(names))
        }
        _ => None,
    });
    let page = SettingsPage::Storage;
    window.harness.state_mut().shell.go(Place::Settings { page });
    window.run();
    window.run();
    window
}

fn window(names: &'static [&'static str]) -> Window {
    looking(names, Look::default())
}

const SOME: &[&str] = &[
    "anyon-20251220-080000.redb",
    "anyon-20251229-110000.redb",
    "by-hand-20251229-111500.redb",
    "notes.txt",
];

#[test]
fn a_backup_is_made_now_into_the_folder_of_backups() {
    let mut window = window(&[]);
    window.harness.get_by_label("No backup yet");
    window.harness.get_by_label("Back up now").click();
    window.run();
    let sent = window.client.commands().pop();
    let Some(Command::Backup { path }) = sent else {
        panic!("{sent:?}")
    };
    let path = path.to_string();
    assert!(
        path.contains("backups") && path.contains("by-hand-2025"),
        "{path}"
    );
    window.harness.get_by_label("Backing up…");
    let asked = window.client.queries().len();
    window.client.finish(Ok(Outcome::Done));
    window.run();
    window.run();
    assert!(window.harness.query_all_by_label("Backed up").count() > 0);
    assert!(
        window.client.queries().len() > asked,
        "the list is looked at again"
    );
}

#[test]
fn what_went_wrong_is_told_with_what_to_do() {
    let mut window = window(&[]);
    window.harness.get_by_label("Back up now").click();
    window.run();
    let problem = Problem::new(ProblemCode::StoreUnwritable, "The disk is full").hint("Make room");
    window.client.finish(Err(problem));
    window.run();
    window.harness.get_by_label("The disk is full");
    window.harness.get_by_label("Make room");
    window.harness.get_by_label("Back up now");
}

#[test]
fn the_newest_come_first_and_their_command_is_copied() {
    let mut window = window(SOME);
    let y = |part: &str| window.harness.get_by_label_contains(part).rect().top();
    assert!(y("by-hand-20251229-111500.redb, ") < y("anyon-20251229-110000.redb, "));
    assert!(window.harness.query_by_label_contains("notes.txt").is_none());
    window
        .harness
        .get_by_label("Copy the command that restores anyon-20251229-110000.redb")
        .click();
    window.run();
    let command = "anyon restore '/data/backups/anyon-20251229-110000.redb'";
    let requests = &window.harness.state().requests;
    assert!(requests.contains(&Request::CopyText(command.into())));
    window.harness.get_by_label("Open backups").click();
    window.run();
    let requests = &window.harness.state().requests;
    assert!(
        requests
            .iter()
            .any(|request| matches!(request, Request::OpenFolder(_)))
    );
}

#[test]
fn a_line_and_its_button_stand_level() {
    let window = window(SOME);
    let line = window
        .harness
        .get_by_label_contains("anyon-20251229-110000.redb, ")
        .rect();
    let button = window
        .harness
        .get_by_label("Copy the command that restores anyon-20251229-110000.redb")
        .rect();
    assert!((line.center().y - button.center().y).abs() < 1.0);
    assert!(button.left() >= line.right());
}

#[test]
fn it_paints_in_every_look() {
    for look in Look::all() {
        let mut window = looking(SOME, look);
        window.picture(&format!("backups-{}", look.name()));
    }
}
