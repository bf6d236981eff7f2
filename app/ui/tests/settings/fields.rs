//! Fields of the settings: one ring, the width of what they hold, and rules that say to what they hold.

use super::{retype, window};
use crate::support::{Look, Window, typical_world};
use anyon_model::*;
use anyon_ui::{Place, SettingsPage, Theme};
use egui::{Shape, accesskit::Role};
use egui_kittest::kittest::Queryable;

/// Strokes of the accent around a field that has the keyboard, by their width.
fn rings(window: &Window, around: egui::Rect) -> Vec<f32> {
    let accent = Theme::dark(true).colors.accent;
    let near = around.expand(12.0);
    let shapes = window.harness.output().shapes.iter();
    shapes
        .filter_map(|clipped| match &clipped.shape {
            Shape::Rect(rect) if rect.stroke.color == accent && near.contains_rect(rect.rect) => {
                (rect.stroke.width > 0.0).then_some(rect.stroke.width)
            }
            _ => None,
        })
        .collect()
}

#[test]
fn a_field_with_the_keyboard_has_one_ring() {
    let mut shown = window(SettingsPage::Agents, &typical_world());
    shown
        .harness
        .get_by_role_and_label(Role::TextInput, "Agents at once")
        .focus();
    shown.run();
    let field = shown
        .harness
        .get_by_role_and_label(Role::TextInput, "Agents at once");
    assert_eq!(rings(&shown, field.rect()), [2.0]);
}

#[test]
fn a_number_has_the_width_of_a_number_and_its_unit_beside_it() {
    for (page, label, unit) in [
        (SettingsPage::Agents, "Keep idle agents for", "minutes"),
        (SettingsPage::Storage, "Free memory", "MiB"),
        (SettingsPage::Storage, "Kept for", "days"),
    ] {
        let window = window(page, &typical_world());
        let field = window
            .harness
            .get_by_role_and_label(Role::TextInput, label)
            .rect();
        assert!(field.width() < 120.0, "{label}: {}", field.width());
        let beside = window
            .harness
            .query_all_by_label(unit)
            .any(|word| (word.rect().center().y - field.center().y).abs() < 3.0);
        assert!(beside, "{unit} stands beside {label}");
    }
}

fn puts(window: &Window) -> usize {
    let sent = window.client.commands();
    sent.iter()
        .filter(|command| matches!(command, Command::PutRule { .. }))
        .count()
}

#[test]
fn a_rule_that_allows_commands_says_which() {
    let mut window = window(SettingsPage::Rules, &typical_world());
    window.harness.get_by_label("New rule…").click();
    window.run();
    window.harness.get_by_label("Save").click();
    window.run();
    assert_eq!(puts(&window), 0, "an empty one would allow every command");
    retype(&mut window, "Begins with", "npm test");
    window.harness.get_by_label("Save").click();
    window.run();
    assert_eq!(puts(&window), 1);
}

#[test]
fn a_rule_that_allows_anything_says_so_where_it_is_made() {
    let warns = |window: &Window, words| window.harness.query_all_by_label_contains(words).count() > 0;
    let mut window = window(SettingsPage::Rules, &typical_world());
    window.harness.get_by_label("New rule…").click();
    window.run();
    assert!(!warns(&window, "Allows"));
    window.harness.get_by_label("Run commands").click();
    window.run();
    window
        .harness
        .get_by_role_and_label(Role::MenuItem, "Change files")
        .click();
    window.run();
    window.picture("settings-rule-any");
    assert!(warns(&window, "Allows all of these"));
    window.harness.get_by_label("Answer: Deny").click();
    window.run();
    assert!(
        !warns(&window, "Allows"),
        "a no to all of them asks for no warning"
    );
}

#[test]
fn korean_ages_are_told_as_past_and_durations_are_not() {
    let look = Look {
        language: "ko",
        ..Look::default()
    };
    let window = Window::looking(Place::Board { project: None }, aged(), look);
    let said = |words: &str| window.harness.query_all_by_label_contains(words).count();
    assert!(said("4분 · ") > 0, "how long it works");
    assert_eq!(said("4분 전 · "), 0);
    let window = Window::looking(Place::NeedsYou, aged(), look);
    let said = |words: &str| window.harness.query_all_by_label_contains(words).count();
    assert!(said("4분 전") > 0, "since when it waits");
}

/// What runs and what waits does so for four minutes.
fn aged() -> State {
    let mut state = typical_world().state();
    let at = crate::NOW.plus_ms(-4 * 60_000);
    let shard = state.projects[&crate::fixed(1)].clone();
    for execution in shard.executions.values() {
        let mut execution = Execution::clone(execution);
        execution.started_at = Some(at);
        execution.ended_at = execution.ended_at.map(|_| at);
        state.apply(&[Change::Put(Entity::Execution(std::sync::Arc::new(execution)))]);
    }
    state
}
