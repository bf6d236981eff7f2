//! Language, theme, size of the window's content, the editor.

use crate::{
    Language, Motion, Request, ViewContext,
    widgets::{Button, section, segments, setting},
};
use anyon_model::{Command, CommandId, Settings};
use egui::Ui;
use lucide_icons::Icon;

/// Paints the page.
pub fn ui(cx: &ViewContext<'_>, ui: &mut Ui) {
    let (theme, text) = (cx.theme, cx.text);
    section(ui, theme, (text.get("settings-look"), ""), |ui| {
        setting(ui, theme, (text.get("settings-language"), ""), |ui| {
            language_ui(cx, ui)
        });
        setting(
            ui,
            theme,
            (text.get("settings-theme"), text.get("settings-theme-hint")),
            |ui| {
                theme_ui(cx, ui);
            },
        );
        setting(
            ui,
            theme,
            (text.get("settings-motion"), text.get("settings-motion-hint")),
            |ui| motion_ui(cx, ui),
        );
        setting(
            ui,
            theme,
            (text.get("settings-zoom"), text.get("settings-zoom-hint")),
            |ui| zoom_ui(cx, ui),
        );
    });
    section(ui, theme, (text.get("settings-desktop"), ""), |ui| {
        super::editor::ui(cx, ui)
    });
}

/// The command that changes settings.
pub fn changed(cx: &ViewContext<'_>, edit: impl FnOnce(&mut Settings)) -> Command {
    let mut settings = (*cx.state.settings).clone();
    edit(&mut settings);
    Command::SetSettings { settings }
}

/// Changes settings at once.
pub fn change(cx: &ViewContext<'_>, edit: impl FnOnce(&mut Settings)) -> CommandId {
    cx.send(changed(cx, edit))
}

fn language_ui(cx: &ViewContext<'_>, ui: &mut Ui) {
    let mut options = vec![cx.text.get("settings-system")];
    options.extend(Language::ALL.map(Language::name));
    let set = cx.state.settings.language.as_deref();
    let on = set.and_then(|code| Language::ALL.iter().position(|language| language.code() == code));
    let chosen = on.map_or(0, |at| at + 1);
    if let Some(now) = segments(ui, cx.theme, cx.text.get("settings-language"), &options, chosen) {
        let code = now.checked_sub(1).map(|at| Language::ALL[at].code().to_owned());
        change(cx, |settings| settings.language = code);
    }
}

/// System, dark or light.
pub fn theme_ui(cx: &ViewContext<'_>, ui: &mut Ui) {
    const THEMES: [Option<&str>; 3] = [None, Some("dark"), Some("light")];
    let keys = ["settings-system", "settings-theme-dark", "settings-theme-light"];
    let options = keys.map(|key| cx.text.get(key));
    let set = cx.state.settings.theme.as_deref();
    let chosen = THEMES.iter().position(|theme| *theme == set).unwrap_or(0);
    if let Some(now) = segments(ui, cx.theme, cx.text.get("settings-theme"), &options, chosen) {
        change(cx, |settings| settings.theme = THEMES[now].map(str::to_owned));
    }
}

fn motion_ui(cx: &ViewContext<'_>, ui: &mut Ui) {
    let keys = ["settings-system", "settings-motion-on", "settings-motion-off"];
    let options = keys.map(|key| cx.text.get(key));
    let chosen = Motion::ALL.iter().position(|motion| *motion == cx.motion());
    let label = cx.text.get("settings-motion");
    if let Some(now) = segments(ui, cx.theme, label, &options, chosen.unwrap_or(0)) {
        cx.set_motion(Motion::ALL[now]);
    }
}

fn zoom_ui(cx: &ViewContext<'_>, ui: &mut Ui) {
    let percent = (ui.ctx().zoom_factor() * 100.0).round() as i64;
    ui.horizontal(|ui| {
        let less = crate::widgets::icon_button(
            ui,
            cx.theme,
            Icon::Minus,
            cx.text.get("settings-zoom-out"),
            "Ctrl+-",
        );
        if less.clicked() {
            cx.ask(Request::Zoom(Some(-1)));
        }
        let label = cx.text.with("settings-zoom-percent", &[("n", percent.into())]);
        if Button::quiet(&label).show(ui, cx.theme).clicked() {
            cx.ask(Request::Zoom(None));
        }
        let more = crate::widgets::icon_button(
            ui,
            cx.theme,
            Icon::Plus,
            cx.text.get("settings-zoom-in"),
            "Ctrl++",
        );
        if more.clicked() {
            cx.ask(Request::Zoom(Some(1)));
        }
    });
}
