//! Empty, loading and failed states: what this is, what to do next, one button.

use super::Button;
use crate::{Catalogue, Theme, theme::measures::widgets};
use anyon_model::Problem;
use egui::{Response, Ui};
use lucide_icons::Icon;

/// What stands where nothing is.
pub struct EmptyState<'a> {
    /// A picture for it.
    pub icon: Icon,
    /// What this place is, or that it is empty.
    pub title: &'a str,
    /// What to do next.
    pub text: &'a str,
    /// The button's word; none: no button.
    pub action: Option<&'a str>,
}

/// Paints it in the middle. The response is the button's.
pub fn empty_state(ui: &mut Ui, theme: &Theme, empty: &EmptyState<'_>) -> Option<Response> {
    let height = theme.size.large * 8.0;
    let above = ((ui.available_height() - height) / 2.0).max(theme.space.xl);
    ui.vertical_centered(|ui| {
        ui.add_space(above);
        let icon = char::from(empty.icon).to_string();
        ui.label(theme.rich(
            icon,
            theme.icon_sized(widgets::EMPTY_ICON),
            theme.colors.text_faint,
        ));
        ui.label(theme.rich(empty.title, theme.large(), theme.colors.text));
        ui.scope(|ui| {
            ui.set_max_width(widgets::EMPTY_TEXT.min(ui.available_width()));
            ui.label(theme.soft(empty.text));
        });
        ui.add_space(theme.space.m);
        empty.action.map(|action| Button::primary(action).show(ui, theme))
    })
    .inner
}

/// A page that is on its way. Quiet: most are there in a frame.
pub fn loading(ui: &mut Ui, theme: &Theme, text: &Catalogue) {
    ui.label(theme.faint(text.get("common-loading")));
}

/// A problem in the place of what could not be shown.
pub fn problem(ui: &mut Ui, theme: &Theme, problem: &Problem) {
    ui.horizontal_wrapped(|ui| {
        ui.label(theme.icon_text(Icon::CircleAlert, theme.colors.red));
        ui.label(theme.text(&problem.title));
    });
    for more in [&problem.detail, &problem.hint] {
        if !more.is_empty() {
            ui.label(theme.soft(more));
        }
    }
}
