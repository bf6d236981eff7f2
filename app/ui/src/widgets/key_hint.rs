//! A key as it stands on the keyboard.

use super::clipped;
use crate::Theme;
use egui::{CornerRadius, Response, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, accesskit::Role};

/// A key or a combination: `Ctrl+Enter`.
pub fn key_hint(ui: &mut Ui, theme: &Theme, keys: &str) -> Response {
    let text = clipped(
        ui,
        keys,
        theme.caption(),
        theme.colors.text_soft,
        f32::INFINITY,
        1,
    );
    let size = (text.size() + Vec2::new(theme.space.m, theme.space.xxs)).ceil();
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, keys));
    ui.painter().rect(
        rect,
        CornerRadius::same(theme.radius.chip),
        theme.colors.hover,
        Stroke::new(theme.space.hairline, theme.colors.line_strong),
        StrokeKind::Inside,
    );
    let at = rect.center() - text.size() / 2.0;
    ui.painter().galley(at.round(), text, theme.colors.text_soft);
    response
}
