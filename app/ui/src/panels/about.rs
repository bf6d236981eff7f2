//! About: versions, renderer, frame time, folders.

use crate::{
    Panel, Request, Toast, ViewContext,
    theme::measures::pages,
    widgets::{self, Button, section, setting},
};
use anyon_model::FilePath;
use egui::{ScrollArea, Ui};
use lucide_icons::Icon;

/// About Anyon.
#[derive(Default)]
pub struct AboutPanel {}

impl Panel for AboutPanel {
    fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let space = &cx.theme.space;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.add_space(space.xxl);
            ui.horizontal_top(|ui| {
                ui.add_space(space.xxl);
                ui.vertical(|ui| {
                    ui.set_width(pages::WIDTH.min(ui.available_width() - space.xxl));
                    page(cx, ui);
                });
            });
        });
    }
}

fn page(cx: &ViewContext<'_>, ui: &mut Ui) {
    let (theme, text) = (cx.theme, cx.text);
    ui.label(theme.rich(text.get("about-title"), theme.large(), theme.colors.text));
    ui.label(theme.soft(text.get("about-text")));
    ui.add_space(theme.space.m);
    let facts = facts(cx);
    section(ui, theme, (text.get("about-running"), ""), |ui| {
        for (name, value) in &facts {
            setting(ui, theme, (name, ""), |ui| {
                // Level with its name, which stands in the middle of a control's height.
                let row = ui.ctx().fonts_mut(|fonts| fonts.row_height(&theme.mono()));
                ui.add_space(((theme.space.control - row) / 2.0).max(0.0).round());
                ui.label(theme.code(widgets::shown(value)))
            });
        }
        if Button::quiet(text.get("about-copy"))
            .icon(Icon::Copy)
            .show(ui, theme)
            .clicked()
        {
            let lines: Vec<String> = facts
                .iter()
                .map(|(name, value)| format!("{name}: {value}"))
                .collect();
            cx.ask(Request::CopyText(lines.join("\n")));
            cx.toast(Toast::done("about-copied"));
        }
    });
    ui.add_space(theme.space.m);
    section(
        ui,
        theme,
        (text.get("about-folders"), text.get("about-folders-text")),
        |ui| {
            let data_folder = &cx.surroundings.data_folder;
            let logs = FilePath::from(data_folder.as_path().join("logs"));
            for (name, open, folder) in [
                ("about-data-folder", "about-open-data", data_folder.clone()),
                ("about-log-folder", "about-open-log", logs),
            ] {
                let shown = widgets::shown(&folder.to_string());
                setting(ui, theme, (text.get(name), &shown), |ui| {
                    if Button::quiet(text.get(open))
                        .icon(Icon::FolderOpen)
                        .show(ui, theme)
                        .clicked()
                    {
                        cx.ask(Request::OpenFolder(folder));
                    }
                });
            }
        },
    );
}

/// What a report of a fault should say. The frame time is the last frame's.
fn facts(cx: &ViewContext<'_>) -> Vec<(String, String)> {
    let around = cx.surroundings;
    let frame = cx.text.with(
        "about-frame-ms",
        &[("ms", format!("{:.1}", around.frame_ms).into())],
    );
    let facts = [
        ("about-version", around.version.clone()),
        ("about-system", around.system.clone()),
        ("about-renderer", around.renderer.clone()),
        ("about-frame", frame),
        ("about-language", cx.text.language().name().to_owned()),
    ];
    let told = facts.into_iter().filter(|(_, value)| !value.is_empty());
    told.map(|(key, value)| (cx.text.get(key).to_owned(), value))
        .collect()
}
