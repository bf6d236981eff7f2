//! What a person sees of a card and of what leads elsewhere: labels, figures, the pointer, tooltips, the palette's order.

use super::{board, press_with, typical};
use crate::support::{NOW, Window, fixed, typical_world};
use anyon_model::*;
use anyon_ui::Place;
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};

#[test]
fn the_pointer_is_a_hand_over_what_opens_something() {
    let mut window = typical();
    let over = |window: &mut Window, at: egui::Pos2| {
        window.harness.hover_at(at);
        window.run();
        window.harness.output().platform_output.cursor_icon
    };
    let card = window.harness.get_by_label_contains("ANY-5 ").rect().center();
    assert_eq!(over(&mut window, card), egui::CursorIcon::PointingHand);
    let row = window
        .harness
        .get_by_label("Needs you, 3 wait for you")
        .rect()
        .center();
    assert_eq!(over(&mut window, row), egui::CursorIcon::PointingHand);
    let button = window
        .harness
        .get_by_role_and_label(Role::Button, "Search or run a command")
        .rect()
        .center();
    assert_eq!(over(&mut window, button), egui::CursorIcon::Default);
}

#[test]
fn no_tooltip_of_what_lies_below_stands_above_a_dialog() {
    let mut window = typical();
    window.harness.state_mut().shell.go(Place::task(fixed(5)));
    window.run();
    let label = "Open in the editor";
    let button = window.harness.get_by_label(label).rect().center();
    window.harness.hover_at(button);
    for _ in 0..40 {
        window.harness.step();
    }
    let told = |window: &Window| window.harness.query_all_by_label(label).count();
    assert_eq!(told(&window), 2, "the button and its tooltip");
    press_with(&mut window, Modifiers::COMMAND, Key::K);
    assert!(told(&window) <= 1, "the tooltip went with what it is about");
}

#[test]
fn the_figures_of_cards_are_asked_again_when_the_person_comes_back() {
    let mut window = Window::at(Place::Keys, typical_world().state());
    window.client.reply(|query| match query {
        Query::DiffSummary { .. } => Some(Ok(Answer::DiffSummary(std::sync::Arc::default()))),
        _ => None,
    });
    window.harness.state_mut().shell.go(board());
    window.run();
    let asked = |window: &Window| {
        let queries = window.client.queries();
        let is = |query: &&Query| matches!(query, Query::DiffSummary { watch: false, .. });
        queries.iter().filter(is).count()
    };
    let before = asked(&window);
    assert!(before > 0);
    window.run();
    assert_eq!(asked(&window), before, "not while nothing happens");
    for focused in [false, true] {
        window.harness.input_mut().focused = focused;
        window.run();
    }
    assert_eq!(asked(&window), 2 * before);
}

#[test]
fn labels_without_room_on_a_card_are_counted() {
    let mut state = typical_world().state();
    let mut task = Task::clone(&state.projects[&fixed(1)].tasks[&fixed(1)]);
    task.labels = (0..6).map(|number| fixed(150 + number)).collect();
    for number in 0..6u8 {
        let label = Label {
            id: fixed(150 + number),
            project_id: fixed(1),
            name: format!("a label of some length {number}"),
            color: "#5aa9e6".into(),
        };
        state.apply(&[Change::Put(Entity::Label(std::sync::Arc::new(label)))]);
    }
    state.apply(&[Change::Put(Entity::Task(std::sync::Arc::new(task)))]);
    let mut window = Window::at(board(), state);
    window.picture("board-labels");
    let painted = |words: &str| {
        let shapes = window.harness.output().shapes.iter();
        let texts = shapes.filter_map(|clipped| match &clipped.shape {
            egui::Shape::Text(text) => Some(text.galley.text().to_owned()),
            _ => None,
        });
        texts.filter(|text| text.starts_with(words)).count()
    };
    assert_eq!(painted("+"), 1, "how many more there are");
    assert!(painted("a label") < 6);
}

#[test]
fn the_palette_has_begins_first_and_then_the_project_at_hand() {
    let mut state = typical_world().state();
    let mut project = Project::clone(&state.projects[&fixed(1)].project);
    (project.id, project.short_prefix, project.name) = (fixed(2), "OTH".into(), "other".into());
    let task = Task::clone(&state.projects[&fixed(1)].tasks[&fixed(1)]);
    let titled = |number: u8, project: u8, title: &str| Task {
        id: fixed(number),
        project_id: fixed(project),
        number: number.into(),
        title: title.into(),
        // The later the fresher.
        updated_at: NOW.plus_ms(i64::from(number)),
        ..task.clone()
    };
    state.apply(&[Change::Put(Entity::Project(std::sync::Arc::new(project)))]);
    for task in [
        titled(91, 1, "Parse the zebra log"),
        titled(92, 1, "Catazebralogue"),
        titled(93, 2, "Zebra elsewhere"),
        titled(94, 1, "Zebra first"),
        titled(95, 1, "Zebra later"),
    ] {
        state.apply(&[Change::Put(Entity::Task(std::sync::Arc::new(task)))]);
    }
    let mut window = Window::at(
        Place::Board {
            project: Some(fixed(1)),
        },
        state,
    );
    press_with(&mut window, Modifiers::COMMAND, Key::K);
    window.harness.event(egui::Event::Text("zebra".into()));
    window.run();
    let rows = window.harness.query_all_by_role(Role::ListItem);
    let mut rows: Vec<_> = rows
        .filter_map(|row| Some((row.rect().top(), row.accesskit_node().label()?)))
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let names: Vec<&str> = rows.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "ANY-95 Zebra later",
            "ANY-94 Zebra first",
            "OTH-93 Zebra elsewhere",
            "ANY-91 Parse the zebra log",
            "ANY-92 Catazebralogue"
        ]
    );
}
