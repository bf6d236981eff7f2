//! The frame of dialogs: over a veil, closed by Escape or a click beside it, its buttons at the lower right.

use super::{Button, at_right, steady};
use crate::{Theme, keys, theme::measures::widgets};
use egui::{Frame, Id, Key, Modal, Tooltip, Ui};

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
    let frame = Frame::window(&ui.ctx().global_style()).inner_margin(theme.space.xxl);
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

/// A tooltip stays while the pointer rests on what it is about, also when a dialog opens above both. In the first pass
/// below a dialog an empty one takes its place: a layer has one, and one that is gone does not come back by itself.
pub fn hush_tooltips(ui: &Ui) {
    let (ctx, known) = (ui.ctx(), Id::unique("a dialog was open"));
    let open = ctx.memory(|memory| memory.top_modal_layer().is_some());
    let was_open = ctx.data_mut(|kept| {
        let was_open = kept.get_temp(known).unwrap_or(false);
        kept.insert_temp(known, open);
        was_open
    });
    if open && !was_open {
        let (empty, corner) = (Id::unique("no tooltip"), ui.max_rect().min);
        let mut none = Tooltip::always_open(ctx.clone(), ui.layer_id(), empty, corner);
        none.popup = none.popup.frame(Frame::NONE);
        none.show(|_| ());
        ctx.request_repaint();
    }
}
