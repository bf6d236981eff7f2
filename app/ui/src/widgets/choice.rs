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
            for (look, fill, edge) in [
                (&mut looks.inactive, theme.colors.bg, theme.colors.text_faint),
                (&mut looks.hovered, theme.colors.hover, theme.colors.text),
                (&mut looks.active, theme.colors.line, theme.colors.text),
            ] {
                look.bg_fill = fill;
                look.bg_stroke = Stroke::new(theme.space.hairline, edge);
                look.fg_stroke = Stroke::new(theme.space.xxs, theme.colors.accent_text);
            }
            ui.add(widget)
        })
        .inner;
    focus_ring(ui, theme, &response, theme.radius.chip);
    response
}
