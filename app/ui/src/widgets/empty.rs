//! Empty, loading and failed states: what this is, what to do next, one button.

use super::{Button, paint_icon};
use crate::{Catalogue, Theme, theme::measures::widgets};
use anyon_model::Problem;
use egui::{Color32, Response, Sense, Ui, Vec2};
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
    empty_below(ui, theme, empty, above)
}

/// The same in a card, which is as high as what is in it.
pub fn empty_part(ui: &mut Ui, theme: &Theme, empty: &EmptyState<'_>) -> Option<Response> {
    let button = empty_below(ui, theme, empty, theme.space.m);
    ui.add_space(theme.space.m);
    button
}

fn empty_below(ui: &mut Ui, theme: &Theme, empty: &EmptyState<'_>, above: f32) -> Option<Response> {
    ui.vertical_centered(|ui| {
        ui.add_space(above);
        picture(ui, theme, empty.icon, theme.colors.text_faint);
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

/// A large icon. Painted, not written: a screen reader would spell its glyph out.
fn picture(ui: &mut Ui, theme: &Theme, icon: Icon, color: Color32) {
    let font = theme.icon_sized(widgets::EMPTY_ICON);
    let galley = ui
        .painter()
        .layout_no_wrap(char::from(icon).to_string(), font, color);
    let (rect, _) = ui.allocate_exact_size(galley.size(), Sense::hover());
    ui.painter().galley(rect.min.round(), galley, color);
}

/// Nothing can be shown at all: what happened and what to do, and the one button. True: it was pressed.
pub fn failed_state(ui: &mut Ui, theme: &Theme, (title, action): (&str, &str), fault: &Problem) -> bool {
    let width = widgets::DIALOG.min(ui.available_width() - theme.space.xxl * 2.0);
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() / 4.0);
        picture(ui, theme, Icon::TriangleAlert, theme.colors.amber);
        ui.label(theme.rich(title, theme.large(), theme.colors.text));
        ui.add_space(theme.space.m);
        ui.scope(|ui| {
            ui.set_max_width(width);
            let frame = egui::Frame::new()
                .fill(theme.colors.column)
                .corner_radius(theme.radius.card)
                .inner_margin(theme.space.xl);
            frame.show(ui, |ui| {
                ui.set_width(width - theme.space.xl * 2.0);
                ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| {
                    problem(ui, theme, fault);
                });
            });
        });
        ui.add_space(theme.space.m);
        Button::primary(action).show(ui, theme).clicked()
    })
    .inner
}

/// Something in the place of a whole view that has no margin of its own.
pub fn padded(ui: &mut Ui, theme: &Theme, content: impl FnOnce(&mut Ui)) {
    egui::Frame::new().inner_margin(theme.space.xl).show(ui, content);
}

/// A page that is on its way. Quiet: most are there in a frame.
pub fn loading(ui: &mut Ui, theme: &Theme, text: &Catalogue) {
    ui.label(theme.faint(text.get("common-loading")));
}

/// A problem in the place of what could not be shown.
pub fn problem(ui: &mut Ui, theme: &Theme, problem: &Problem) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing = Vec2::new(theme.space.m, theme.space.xs);
        let mark = Vec2::new(theme.space.icon, theme.size.body * theme.size.line);
        let (rect, _) = ui.allocate_exact_size(mark, Sense::hover());
        paint_icon(ui, theme, Icon::CircleAlert, rect, theme.colors.red);
        ui.vertical(|ui| {
            let line = |ui: &mut Ui, text| ui.add(egui::Label::new(text).wrap());
            line(ui, theme.strong(super::shown(&problem.title)));
            for more in [&problem.detail, &problem.hint] {
                if !more.is_empty() {
                    line(ui, theme.soft(super::shown(more)));
                }
            }
        });
    });
}
