//! Two views side by side with a line between them that can be dragged; its place is kept.

use super::steadily;
use crate::{ViewContext, theme::measures::widgets};
use egui::{CursorIcon, Key, Rect, Response, Sense, Ui, WidgetInfo, accesskit::Role, pos2};

/// A split view: the share of the first one, 0 to 1.
pub struct Split<'a> {
    /// Names the split; its place is kept under it.
    pub name: &'a str,
    /// The share of the first view until somebody drags.
    pub share: f32,
    /// Least width of each view.
    pub least: f32,
}

impl Split<'_> {
    /// Paints both views over the whole rectangle that is left.
    pub fn show(
        &self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        first: impl FnOnce(&mut Ui),
        second: impl FnOnce(&mut Ui),
    ) {
        let whole = ui.available_rect_before_wrap();
        let key = format!("split/{}", self.name);
        let share = cx
            .note(&key)
            .and_then(|kept| kept.parse().ok())
            .unwrap_or(self.share);
        let at = self.place(whole, share);
        let line = Rect::from_center_size(
            pos2(at, whole.center().y),
            egui::vec2(widgets::SPLIT, whole.height()),
        );
        let response = ui.interact(line, ui.scope_id().with(&key), Sense::click_and_drag());
        if let Some(share) = self.moved(ui, whole, at, &response) {
            cx.set_note(&key, &format!("{share:.4}"));
        }
        paint(ui, cx, line, &response, share);
        let left = Rect::from_min_max(whole.min, pos2(line.left(), whole.bottom()));
        let right = Rect::from_min_max(pos2(line.right(), whole.top()), whole.max);
        ui.scope_builder(steadily(ui, (self.name, "first")).max_rect(left), first);
        ui.scope_builder(steadily(ui, (self.name, "second")).max_rect(right), second);
        ui.allocate_rect(whole, Sense::hover());
    }

    fn place(&self, whole: Rect, share: f32) -> f32 {
        let (low, high) = (whole.left() + self.least, whole.right() - self.least);
        let wanted = whole.left() + whole.width() * share;
        if low > high {
            whole.center().x
        } else {
            wanted.clamp(low, high)
        }
    }

    /// Dragged, or moved by the arrow keys while it has the keyboard.
    fn moved(&self, ui: &Ui, whole: Rect, at: f32, response: &Response) -> Option<f32> {
        let step = whole.width() / 32.0;
        let by_keys = if response.has_focus() {
            ui.input(|input| {
                match (
                    input.key_pressed(Key::ArrowLeft),
                    input.key_pressed(Key::ArrowRight),
                ) {
                    (true, _) => -step,
                    (_, true) => step,
                    _ => 0.0,
                }
            })
        } else {
            0.0
        };
        let by = by_keys + response.drag_delta().x;
        (by != 0.0).then(|| {
            (self.place(whole, (at + by - whole.left()) / whole.width()) - whole.left()) / whole.width()
        })
    }
}

fn paint(ui: &Ui, cx: &ViewContext<'_>, line: Rect, response: &Response, share: f32) {
    let theme = cx.theme;
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Splitter, true, cx.text.get("common-divider"));
        info.value = Some(f64::from(share));
        info
    });
    let active = response.hovered() || response.dragged() || response.has_focus();
    if active {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    let color = if active {
        theme.colors.accent
    } else {
        theme.colors.line
    };
    ui.painter().vline(
        line.center().x.round(),
        line.y_range(),
        egui::Stroke::new(theme.space.hairline, color),
    );
}
