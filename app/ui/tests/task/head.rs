//! The head of a task: how much room it takes, and which parts below it are shown.

use super::{answering, open};
use crate::support::{Look, Window, World, fixed, typical_world};
use anyon_model::*;
use anyon_ui::{Place, Tab};
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use std::sync::Arc;

const SIZES: [[f32; 2]; 2] = [[1280.0, 800.0], [1024.0, 700.0]];

/// Task 3 with everything that its head may tell.
fn told(labels: u8) -> World {
    let world = typical_world();
    let mut state = world.state();
    let mut task = Task::clone(&state.projects[&fixed(1)].tasks[&fixed(3)]);
    task.description = "The lock of a killed git is left behind.\n\nMore of it.".into();
    task.priority = Priority::High;
    task.labels = (0..labels).map(|number| fixed(150 + number)).collect();
    state.apply(&[]);
    (0..labels).fold(world.with(Entity::Task(Arc::new(task))), |world, number| {
        world.with(Entity::Label(Arc::new(Label {
            id: fixed(150 + number),
            project_id: fixed(1),
            name: format!("a label of some length {number}"),
            color: "#5aa9e6".into(),
        })))
    })
}

fn at(size: [f32; 2], language: &'static str, tab: Tab, labels: u8) -> Window {
    let look = Look {
        size,
        language,
        ..Look::default()
    };
    answering(open(3, tab), told(labels).state(), look)
}

fn tab(window: &Window, label: &str) -> egui::Rect {
    window.harness.get_by_role_and_label(Role::Tab, label).rect()
}

#[test]
fn the_head_of_a_task_takes_three_rows() {
    for size in SIZES {
        for (language, conversation) in [("en", "Conversation"), ("ko", "대화")] {
            let mut window = at(size, language, Tab::Conversation, 6);
            window.picture(&format!("task-head-{language}-{}", size[0]));
            let short = window.harness.query_all_by_label("ANY-3").next().unwrap().rect();
            let rows = (tab(&window, conversation).top() - short.center().y) / 34.0;
            assert!(rows < 3.1, "{size:?} {language}: {rows} rows");
        }
    }
}

#[test]
fn labels_that_have_no_room_are_in_a_list_that_opens() {
    let mut window = at(SIZES[1], "en", Tab::Conversation, 6);
    assert!(
        window
            .harness
            .query_by_label("a label of some length 5")
            .is_none()
    );
    let more = window.harness.get_by_label_contains("more label");
    more.click();
    window.run();
    window.harness.get_by_label("a label of some length 5");
}

#[test]
fn a_narrow_strip_has_words_for_the_stage_at_hand_and_marks_with_names_for_the_others() {
    let window = at(SIZES[1], "en", Tab::Conversation, 0);
    window.harness.get_by_label("Working");
    let painted = window.harness.get_by_label("Worktree").rect();
    assert!(painted.width() < 20.0, "a mark: {painted}");
}

#[test]
fn one_view_of_an_attempt_is_told_to_be_shown() {
    let shown = |window: &Window| {
        let tabs = window.harness.query_all_by_role(Role::Tab);
        let on = tabs.filter(|tab| tab.accesskit_node().is_selected() == Some(true));
        on.filter_map(|tab| tab.accesskit_node().label())
            .collect::<Vec<_>>()
    };
    let mut window = at([1440.0, 900.0], "en", Tab::Auto, 0);
    assert_eq!(shown(&window), ["Side by side"]);
    window
        .harness
        .get_by_role_and_label(Role::Tab, "Conversation")
        .click();
    window.run();
    assert_eq!(shown(&window), ["Conversation"]);
    window
        .harness
        .get_by_role_and_label(Role::Tab, "Side by side")
        .click();
    window.run();
    assert!(matches!(window.place(), Place::Task { tab: Tab::Auto, .. }));
}

#[test]
fn where_there_is_no_room_for_both_the_view_follows_the_agent() {
    let mut window = at(SIZES[1], "en", Tab::Conversation, 0);
    assert!(window.harness.query_by_label("Side by side").is_none());
    window
        .harness
        .get_by_label("Let the view follow the agent")
        .click();
    window.run();
    assert!(matches!(window.place(), Place::Task { tab: Tab::Auto, .. }));
}
