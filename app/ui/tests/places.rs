//! Every place in every theme, language, size and world: it paints, nothing is missing a glyph, nothing panics.

mod support;

use anyon_ui::{Place, SettingsPage, Tab};
use support::{Look, Window, empty_world, fixed, overflowing_world, typical_world};

fn places() -> Vec<(&'static str, Place)> {
    vec![
        ("board", Place::Board { project: None }),
        (
            "task",
            Place::Task {
                task_id: fixed(3),
                attempt_id: None,
                tab: Tab::Auto,
            },
        ),
        ("needs-you", Place::NeedsYou),
        (
            "settings",
            Place::Settings {
                page: SettingsPage::General,
            },
        ),
        ("first-start", Place::FirstStart),
        ("keys", Place::Keys),
        ("about", Place::About),
    ]
}

#[test]
fn every_place_paints_in_every_look_and_world() {
    let worlds = [
        ("empty", empty_world()),
        ("typical", typical_world()),
        ("overflowing", overflowing_world()),
    ];
    for look in Look::all() {
        for (world_name, world) in &worlds {
            for (name, place) in places() {
                let mut window = Window::looking(place, world.state(), look);
                window.picture(&format!("{name}-{world_name}-{}", look.name()));
            }
        }
    }
}
