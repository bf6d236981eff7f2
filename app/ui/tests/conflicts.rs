//! An attempt that conflicts with its target: said on the card, in the header, in the strip and in Needs you, each with
//! the way out.

mod support;

use anyon_model::*;
use anyon_ui::{Place, Tab};
use egui::Key;
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use support::{Look, Window, fixed, typical_world};

/// Attempt 33 of task 5 is done; two of its files conflict.
fn state() -> State {
    let mut state = typical_world().state();
    let files = vec!["src/main.rs".into(), "README.md".into()];
    state.apply(&[Change::Conflicts {
        attempt_id: fixed(33),
        conflicts: Some(Arc::new(Conflicts { files })),
    }]);
    state
}

fn task(tab: Tab) -> Place {
    Place::Task {
        task_id: fixed(5),
        attempt_id: Some(fixed(33)),
        tab,
    }
}

fn asked(window: &Window) -> String {
    let commands = window.client.commands();
    let found = commands.into_iter().rev().find_map(|command| match command {
        Command::FollowUp { attempt_id, text } if attempt_id == fixed(33) => Some(text),
        _ => None,
    });
    let Some(text) = found else {
        panic!("the agent was not asked")
    };
    text
}

#[test]
fn the_card_says_how_many_files_conflict() {
    let board = Place::Board {
        project: Some(fixed(1)),
    };
    let window = Window::at(board, state());
    window.harness.get_by_label_contains("Conflicts: 2 files");
}

#[test]
fn the_header_says_it_and_the_strip_asks_the_agent() {
    let mut window = Window::at(task(Tab::Changes), state());
    window.run();
    assert!(
        window
            .harness
            .query_all_by_label_contains("Conflicts: 2 files")
            .count()
            >= 1
    );
    window.harness.get_by_label("Ask the agent to resolve").click();
    window.run();
    let text = asked(&window);
    assert!(
        text.contains("- src/main.rs") && text.contains("- README.md"),
        "{text}"
    );
    assert_eq!(window.place(), task(Tab::Auto));
}

#[test]
fn needs_you_names_the_files_and_a_asks_the_agent() {
    let mut window = Window::at(Place::NeedsYou, state());
    window.run();
    window.harness.get_by_label_contains("Conflicts: 2 files").click();
    window.run();
    window.harness.get_by_label("src/main.rs");
    window.harness.key_press(Key::A);
    window.run();
    assert!(asked(&window).contains("- README.md"));
}

#[test]
fn it_paints_in_every_look() {
    for look in Look::all() {
        let mut window = Window::looking(task(Tab::Changes), state(), look);
        window.picture(&format!("conflicts-task-{}", look.name()));
        let mut window = Window::looking(Place::NeedsYou, state(), look);
        window.picture(&format!("conflicts-needs-you-{}", look.name()));
    }
}
