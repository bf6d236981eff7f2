//! The focus ring: 2 px of accent, 2 px outside, on everything that takes the keyboard.

use crate::theme::{Theme, measures::widgets::RING};
use egui::{CornerRadius, Response, Stroke, StrokeKind, Ui};

/// Paints the ring if the widget has the keyboard.
pub fn focus_ring(ui: &Ui, theme: &Theme, response: &Response, radius: u8) {
    if response.has_focus() {
        let rect = response.rect.expand(RING);
        let radius = CornerRadius::same(radius.saturating_add(2));
        // The ring may lie outside of what its parent clips (a column, a list), never outside of the window.
        let mut painter = ui.painter().clone();
        painter.set_clip_rect(ui.clip_rect().expand(RING * 2.0));
        painter.rect_stroke(
            rect,
            radius,
            Stroke::new(RING, theme.colors.accent),
            StrokeKind::Outside,
        );
    }
}

/// Paints the ring and passes the response on.
pub fn focusable(ui: &Ui, theme: &Theme, response: Response, radius: u8) -> Response {
    focus_ring(ui, theme, &response, radius);
    response
}
