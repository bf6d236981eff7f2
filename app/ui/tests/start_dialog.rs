//! The start dialog: several agents at once, branches, mode.

mod support;
#[path = "support/talk.rs"]
mod talk;

use anyon_model::*;
use anyon_ui::{Place, Tab};
use egui_kittest::kittest::Queryable;
use support::{Look, Window, fixed, typical_world};

fn open(look: Look) -> Window {
    let mut window = Window::looking(Place::Keys, typical_world().state(), look);
    window.client.reply(|query| talk::answer(&[], query));
    let place = Place::Task {
        task_id: fixed(1),
        attempt_id: None,
        tab: Tab::Auto,
    };
    window.harness.state_mut().shell.go(place);
    window.run();
    let start = if look.language == "ko" {
        "시작…"
    } else {
        "Start…"
    };
    window.harness.get_by_label(start).click();
    window.run();
    window
}

#[test]
fn s_opens_it_where_nothing_was_tried_yet() {
    let mut window = Window::looking(Place::task(fixed(1)), typical_world().state(), Look::default());
    window.run();
    window.harness.key_press(egui::Key::S);
    window.run();
    window.harness.get_by_label("Start agents");
}

#[test]
fn several_agents_start_at_once_on_the_chosen_branch() {
    let mut window = open(Look::default());
    window.harness.get_by_label("Codex").click();
    window.run();
    window.harness.get_by_label("Start from: main").click();
    window.run();
    window.harness.get_by_label("release/2").click();
    window.run();
    window.harness.get_by_label("Start 2 agents").click();
    window.run();
    let started: Vec<_> = window
        .client
        .commands()
        .into_iter()
        .filter_map(|command| match command {
            Command::StartAttempt { profile, base, .. } => Some((profile.executor, base)),
            _ => None,
        })
        .collect();
    let base = Some("release/2".to_owned());
    assert_eq!(
        started,
        [
            ("CLAUDE_CODE".to_owned(), base.clone()),
            ("CODEX".to_owned(), base)
        ]
    );
    assert!(
        window.harness.query_by_label("Start agents").is_none(),
        "the dialog is closed"
    );
}

#[test]
fn an_agent_tries_several_times_each_in_an_attempt_of_its_own() {
    let mut window = open(Look::default());
    for label in ["Codex", "Codex: 1 attempt", "×3", "Start 4 agents"] {
        window.harness.get_by_label(label).click();
        window.run();
    }
    let started = window.client.commands().into_iter();
    let started: Vec<_> = started
        .filter_map(|command| match command {
            Command::StartAttempt { profile, .. } => Some(profile.executor),
            _ => None,
        })
        .collect();
    assert_eq!(started, ["CLAUDE_CODE", "CODEX", "CODEX", "CODEX"]);
    let mut window = open(Look {
        language: "ko",
        ..Look::default()
    });
    window.harness.get_by_label("Claude Code: 시도 1개").click();
    window.run();
    window.harness.get_by_label("×2").click();
    window.run();
    window.harness.get_by_label("Claude Code: 시도 2개");
}

#[test]
fn the_button_names_what_it_starts() {
    let mut window = open(Look::default());
    window.harness.get_by_label("Start Claude Code");
    for label in [
        "Claude Code: 1 attempt",
        "×3",
        "Start Claude Code ×3",
        "Start agents",
    ] {
        if label == "Start agents" {
            break;
        }
        window.harness.get_by_label(label).click();
        window.run();
    }
    assert_eq!(started(&window), 3);
}

fn started(window: &Window) -> usize {
    let sent = window.client.commands().into_iter();
    sent.filter(|command| matches!(command, Command::StartAttempt { .. }))
        .count()
}

#[test]
fn beside_a_running_attempt_it_says_that_a_further_one_starts() {
    let mut window = Window::looking(Place::Keys, typical_world().state(), Look::default());
    window.client.reply(|query| talk::answer(&[], query));
    window.harness.state_mut().shell.go(Place::task(fixed(3)));
    window.run();
    window.harness.get_by_label("New attempt…").click();
    window.run();
    window.picture("start-beside");
    window.harness.get_by_label_contains("Attempt 1 goes on as it is");
    window.harness.get_by_label("Start Claude Code");
}

#[test]
fn what_may_happen_unasked_is_chosen_each_time_the_dialog_is_opened() {
    let mut window = open(Look::default());
    let choose = |window: &mut Window, now: &str, then: &str| {
        press(window, now);
        press(window, then);
        window.harness.get_by_label(then);
    };
    choose(&mut window, "Edits allowed", "Ask for everything");
    choose(&mut window, "Ask for everything", "Allow all");
    window.harness.key_press(egui::Key::Escape);
    window.run();
    assert!(window.harness.query_by_label("Start agents").is_none());
    for _ in 0..2 {
        press(&mut window, "Start…");
        choose(&mut window, "Edits allowed", "Ask for everything");
        window.harness.key_press(egui::Key::Escape);
        window.run();
    }
}

#[test]
fn a_menu_gives_the_keyboard_back_to_what_opened_it() {
    let mut window = open(Look::default());
    let focused = |window: &Window| window.harness.get_by_label("Edits allowed").is_focused();
    window.harness.get_by_label("Edits allowed").focus();
    window.run();
    window.harness.key_press(egui::Key::Enter);
    window.run();
    window.harness.key_press(egui::Key::ArrowDown);
    window.run();
    window.harness.get_by_label("Ask for everything");
    window.harness.key_press(egui::Key::Escape);
    window.run();
    assert!(window.harness.query_by_label("Ask for everything").is_none());
    window.harness.get_by_label("Start agents");
    assert!(focused(&window), "Tab goes on from the button");
}

/// Presses what has a label as a fast hand does: the button goes down and up within one frame.
fn press(window: &mut Window, label: &str) {
    let pos = window.harness.get_by_label(label).rect().center();
    window.harness.hover_at(pos);
    window.run();
    let button = |pressed| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    };
    let events = &mut window.harness.input_mut().events;
    events.extend([button(true), button(false)]);
    window.harness.step();
    window.run();
}

#[test]
fn it_paints_in_every_look() {
    for look in Look::all() {
        let mut window = open(look);
        window.picture(&format!("start-{}", look.name()));
    }
}
