//! Chips: labels, agents, counts. Never pressed.

use super::{button::paint_icon, clipped};
use crate::{Theme, theme::Colors};
use egui::{Color32, CornerRadius, Rect, Response, Sense, Ui, Vec2, WidgetInfo, accesskit::Role, pos2};
use lucide_icons::Icon;

/// A chip with an optional icon, in a colour.
pub fn chip(ui: &mut Ui, theme: &Theme, icon: Option<Icon>, label: &str, color: Color32) -> Response {
    let space = &theme.space;
    let available = (ui.available_width() - 2.0 * space.s).max(space.icon);
    let text = clipped(ui, label, theme.caption(), color, available, 1);
    let before = icon.map_or(0.0, |_| space.l + space.xs);
    let size = Vec2::new(
        (text.size().x + before + 2.0 * space.s).ceil(),
        text.size().y.ceil() + space.xs,
    );
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, label));
    ui.painter()
        .rect_filled(rect, CornerRadius::same(theme.radius.chip), Colors::tint(color));
    if let Some(icon) = icon {
        let square = Rect::from_min_size(
            pos2(rect.left() + space.s, rect.top()),
            Vec2::new(space.l, rect.height()),
        );
        paint_icon(ui, theme, icon, square, color);
    }
    let at = pos2(
        rect.left() + space.s + before,
        rect.center().y - text.size().y / 2.0,
    );
    ui.painter().galley(at.round(), text, color);
    response
}

/// A number after a heading. Nothing at zero.
pub fn count(ui: &mut Ui, theme: &Theme, number: usize, color: Color32) {
    if number > 0 {
        ui.label(theme.rich(number.to_string(), theme.caption_bold(), color));
    }
}
