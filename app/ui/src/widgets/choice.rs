//! Check boxes and radio buttons: their edge can be seen also while they are off, and their words wrap.

use super::focus_ring;
use crate::Theme;
use egui::{Checkbox, RadioButton, Response, Stroke, Ui, Widget};

/// A box that is on or off.
pub fn check_box(ui: &mut Ui, theme: &Theme, on: &mut bool, label: &str) -> Response {
    show(ui, theme, Checkbox::new(on, theme.text(label)))
}

/// One of several, of which one is on.
pub fn radio(ui: &mut Ui, theme: &Theme, on: bool, label: &str) -> Response {
    show(ui, theme, RadioButton::new(on, theme.text(label)))
}

fn show(ui: &mut Ui, theme: &Theme, widget: impl Widget) -> Response {
    let response = ui
        .scope(|ui| {
            ui.spacing_mut().icon_spacing = theme.space.m;
            let looks = &mut ui.visuals_mut().widgets;
            for look in [&mut looks.inactive, &mut looks.hovered, &mut looks.active] {
                look.bg_fill = theme.colors.bg;
                look.bg_stroke = Stroke::new(theme.space.hairline, theme.colors.text_faint);
                look.fg_stroke = Stroke::new(theme.space.xxs, theme.colors.accent_text);
            }
            ui.add(widget)
        })
        .inner;
    focus_ring(ui, theme, &response, theme.radius.chip);
    response
}
