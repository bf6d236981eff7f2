//! First start: language, theme, agents found, the first project or the demo.

use crate::{
    Language, Panel, Place, Request, Theme, ViewContext,
    panels::{add_repository::AddRepository, agents::agents_ui, settings::general},
    shell::FIRST_START_DONE,
    theme::measures::pages,
    widgets::{Button, section, segments},
};
use anyon_model::ProjectId;
use egui::{Align, Layout, ScrollArea, Ui, vec2};
use lucide_icons::Icon;

/// The first start.
#[derive(Default)]
pub struct FirstStart {
    add: AddRepository,
    /// The demo was asked for and is being set up.
    demo: bool,
}

impl Panel for FirstStart {
    fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let space = &cx.theme.space;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let width = pages::WIDE.min(ui.available_width() - space.xxl * 2.0);
            let side = ((ui.available_width() - width) / 2.0).max(space.xxl);
            ui.add_space(space.xxl);
            ui.horizontal_top(|ui| {
                ui.add_space(side - space.m);
                ui.vertical(|ui| {
                    ui.set_width(width);
                    self.page(cx, ui, width);
                });
            });
            ui.add_space(space.xxl);
        });
    }
}

impl FirstStart {
    fn page(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, width: f32) {
        let (theme, text, space) = (cx.theme, cx.text, &cx.theme.space);
        ui.label(theme.rich(text.get("first-start-title"), theme.large(), theme.colors.text));
        ui.label(theme.soft(text.get("first-start-text")));
        ui.add_space(space.m);
        look_ui(cx, ui);
        ui.add_space(space.l);
        if width < pages::TWO_COLUMNS {
            self.project_ui(cx, ui);
            ui.add_space(space.l);
            found_ui(cx, ui);
            ui.add_space(space.l);
            self.demo_ui(cx, ui);
        } else {
            let half = (width - space.column_gap) / 2.0;
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space.column_gap;
                let down = Layout::top_down(Align::Min);
                ui.allocate_ui_with_layout(vec2(half, 0.0), down, |ui| {
                    found_ui(cx, ui);
                    ui.add_space(space.column_gap - space.m);
                    self.demo_ui(cx, ui);
                });
                ui.allocate_ui_with_layout(vec2(half, 0.0), down, |ui| self.project_ui(cx, ui));
            });
        }
    }

    fn project_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let words = (
            cx.text.get("first-start-project"),
            cx.text.get("first-start-project-text"),
        );
        let added = section(ui, cx.theme, words, |ui| self.add.ui(cx, ui, "first start"));
        if let Some(project_id) = added {
            leave(cx, Some(project_id));
        }
    }

    fn demo_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let (theme, text) = (cx.theme, cx.text);
        let words = (text.get("first-start-demo"), text.get("first-start-demo-text"));
        section(ui, theme, words, |ui| {
            ui.horizontal_wrapped(|ui| {
                let label = text.get(if self.demo {
                    "first-start-demo-begins"
                } else {
                    "first-start-demo-try"
                });
                let button = Button::quiet(label).icon(Icon::Play).enabled(!self.demo, "");
                if button.show(ui, theme).clicked() {
                    self.demo = true;
                    cx.set_note(FIRST_START_DONE, "1");
                    cx.ask(Request::StartDemo);
                }
                if Button::bare(text.get("first-start-later"))
                    .show(ui, theme)
                    .clicked()
                {
                    leave(cx, None);
                }
            });
        });
    }
}

/// It is not shown again.
fn leave(cx: &ViewContext<'_>, project: Option<ProjectId>) {
    cx.set_note(FIRST_START_DONE, "1");
    cx.go(Place::Board { project });
}

fn found_ui(cx: &ViewContext<'_>, ui: &mut Ui) {
    let words = (
        cx.text.get("first-start-agents"),
        cx.text.get("first-start-agents-text"),
    );
    section(ui, cx.theme, words, |ui| agents_ui(cx, ui, false));
}

/// Language and theme, with their effect at once.
fn look_ui(cx: &ViewContext<'_>, ui: &mut Ui) {
    let theme: &Theme = cx.theme;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme.space.m;
        crate::widgets::mark(ui, theme, Icon::Languages, theme.colors.text_soft);
        let names = Language::ALL.map(Language::name);
        let on = Language::ALL
            .iter()
            .position(|language| *language == cx.text.language());
        let label = cx.text.get("settings-language");
        if let Some(chosen) = segments(ui, theme, label, &names, on.unwrap_or_default()) {
            let code = Language::ALL[chosen].code();
            general::change(cx, |settings| settings.language = Some(code.to_owned()));
        }
        ui.add_space(theme.space.l);
        crate::widgets::mark(ui, theme, Icon::SunMoon, theme.colors.text_soft);
        general::theme_ui(cx, ui);
    });
}
