//! The window follows the desktop: dark or light, with or without motion, unless the person wants it otherwise.

mod support;

use anyon_model::*;
use anyon_ui::{DesktopLook, Motion, Place, Request, SettingsPage};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use support::{Window, typical_world};

fn general() -> Window {
    let page = SettingsPage::General;
    let mut window = Window::at(Place::Settings { page }, typical_world().state());
    window.client.change(|state| {
        let settings = Settings {
            theme: None,
            ..(*state.settings).clone()
        };
        state.settings = Arc::new(settings);
    });
    window.run();
    window
}

fn desktop(window: &mut Window, dark: Option<bool>, reduced_motion: Option<bool>) {
    let look = DesktopLook { dark, reduced_motion };
    window.harness.state_mut().shell.follow_desktop(look);
    window.run();
}

fn is_dark(window: &Window) -> bool {
    window.harness.ctx.global_style().visuals.dark_mode
}

fn moves(window: &Window) -> bool {
    window.harness.ctx.global_style().animation_time > 0.0
}

#[test]
fn the_theme_of_the_desktop_is_followed_at_once_unless_one_is_chosen() {
    let mut window = general();
    assert!(is_dark(&window), "a desktop that does not say");
    desktop(&mut window, Some(false), None);
    assert!(!is_dark(&window));
    desktop(&mut window, Some(true), None);
    assert!(is_dark(&window));
    window.client.change(|state| {
        let settings = Settings {
            theme: Some("light".into()),
            ..(*state.settings).clone()
        };
        state.settings = Arc::new(settings);
    });
    window.run();
    assert!(!is_dark(&window));
}

#[test]
fn motion_stops_when_the_desktop_asks_and_comes_back_when_the_person_wants_it() {
    let mut window = general();
    window.harness.state_mut().shell.ask_for_reduced_motion(false);
    window.run();
    assert!(moves(&window));
    desktop(&mut window, None, Some(true));
    assert!(!moves(&window));
    window.harness.get_by_label("Reduced motion: Off").click();
    window.run();
    assert!(moves(&window));
    assert_eq!(window.harness.state().shell.kept().motion, Motion::Full);
    assert!(window.harness.state().requests.contains(&Request::Keep));
    desktop(&mut window, None, Some(false));
    window.harness.get_by_label("Reduced motion: On").click();
    window.run();
    assert!(!moves(&window));
}

#[test]
fn what_the_desktop_wanted_last_is_there_at_the_next_start() {
    let mut window = general();
    desktop(&mut window, Some(false), Some(true));
    let kept = window.harness.state().shell.kept();
    assert_eq!(kept.desktop.dark, Some(false));
    let json = serde_json::to_string(&kept).unwrap_or_default();
    assert_eq!(serde_json::from_str::<anyon_ui::Kept>(&json).ok(), Some(kept));
}

/// What is kept laid out points to glyphs; another theme has its own.
#[test]
fn another_theme_means_other_glyphs_and_nothing_else_does() {
    let mut window = general();
    let glyphs = |window: &Window| anyon_ui::theme::glyphs(&window.harness.ctx);
    let before = glyphs(&window);
    window.harness.run_steps(3);
    assert_eq!(glyphs(&window), before);
    desktop(&mut window, Some(false), None);
    window.harness.run_steps(2);
    assert_ne!(glyphs(&window), before);
}
