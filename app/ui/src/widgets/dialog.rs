//! The frame of dialogs: over a veil, closed by Escape or a click beside it, its buttons at the lower right.

use super::{Button, at_right, steady};
use crate::{Theme, keys, theme::measures::widgets};
use egui::{Id, Key, Modal, Ui};

/// How a dialog is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialogEnd {
    /// It stays.
    Open,
    /// Closed without doing anything.
    Cancelled,
    /// Its action was chosen.
    Confirmed,
}

/// A dialog with a heading. Cancelled by Escape or a click beside it.
pub fn dialog<R>(
    ui: &Ui,
    theme: &Theme,
    name: &str,
    title: &str,
    content: impl FnOnce(&mut Ui) -> R,
) -> (R, bool) {
    let frame = egui::Frame::window(&ui.ctx().global_style()).inner_margin(theme.space.xxl);
    let modal = Modal::new(Id::unique(("dialog", name)))
        .frame(frame)
        .backdrop_color(theme.colors.veil);
    let shown = modal.show(ui.ctx(), |ui| {
        ui.set_width(widgets::DIALOG.min(ui.ctx().content_rect().width() - theme.space.xxl * 4.0));
        ui.label(theme.rich(title, theme.heading(), theme.colors.text));
        ui.add_space(theme.space.xs);
        // Never larger than the window: what does not fit scrolls.
        let most = ui.ctx().content_rect().height() - theme.space.xxl * 5.0;
        egui::ScrollArea::vertical()
            .id_salt(("dialog", name))
            .max_height(most)
            .min_scrolled_height(most)
            .auto_shrink([false, true])
            .show(ui, content)
            .inner
    });
    let left = shown.should_close() && !keys::composing(ui.ctx());
    (shown.inner, left)
}

/// The buttons of a dialog: cancel and the action, which Ctrl+Enter presses too.
pub fn dialog_buttons(
    ui: &mut Ui,
    theme: &Theme,
    cancel: &str,
    action: Button<'_>,
    ready: bool,
) -> DialogEnd {
    let mut end = DialogEnd::Open;
    ui.add_space(theme.space.m);
    steady(ui, "buttons", |ui| {
        at_right(ui, theme, |ui| {
            if action.enabled(ready, "").show(ui, theme).clicked() {
                end = DialogEnd::Confirmed;
            }
            if Button::quiet(cancel).show(ui, theme).clicked() {
                end = DialogEnd::Cancelled;
            }
        });
    });
    if ready && keys::with(ui, egui::Modifiers::COMMAND, Key::Enter) {
        end = DialogEnd::Confirmed;
    }
    end
}
