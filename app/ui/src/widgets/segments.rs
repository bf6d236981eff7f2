//! A row of choices of which one holds.

use super::{clipped, focus_ring};
use crate::Theme;
use egui::{CornerRadius, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, accesskit::Role};

/// Paints the choices side by side. Gives the one that was newly chosen. `label` says what is chosen.
pub fn segments(ui: &mut Ui, theme: &Theme, label: &str, options: &[&str], chosen: usize) -> Option<usize> {
    let mut now = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(theme.space.xs);
        for (index, option) in options.iter().enumerate() {
            if segment(ui, theme, (label, option), index == chosen) && index != chosen {
                now = Some(index);
            }
        }
    });
    now
}

fn segment(ui: &mut Ui, theme: &Theme, (label, option): (&str, &str), chosen: bool) -> bool {
    let (c, space) = (&theme.colors, &theme.space);
    let color = if chosen { c.text } else { c.text_soft };
    let text = clipped(ui, option, theme.title(), color, ui.available_width(), 1);
    let size = Vec2::new((text.size().x + 2.0 * space.l).ceil(), space.control);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, format!("{label}: {option}")));
    let fill = match (response.is_pointer_button_down_on(), chosen || response.hovered()) {
        (true, _) => c.line,
        (false, true) => c.hover,
        (false, false) => c.card,
    };
    let edge = if chosen { c.accent } else { c.line };
    let radius = CornerRadius::same(theme.radius.control);
    let stroke = Stroke::new(space.hairline, edge);
    ui.painter().rect(rect, radius, fill, stroke, StrokeKind::Inside);
    let at = rect.center() - text.size() / 2.0;
    ui.painter().galley(at.round(), text, color);
    focus_ring(ui, theme, &response, theme.radius.control);
    response.clicked()
}
