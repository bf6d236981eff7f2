//! Text fields that know of input methods: while one composes, no key does anything but write.

use super::focus_ring;
use crate::{Theme, keys, theme::measures::widgets as measures};
use egui::{CornerRadius, Frame, Id, Key, Margin, Modifiers, Response, ScrollArea, Stroke, TextEdit, Ui};
use std::ops::RangeInclusive;

/// How the person left the field in this frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldEnd {
    /// Still writing, or elsewhere.
    None,
    /// Enter.
    Enter,
    /// Ctrl+Enter.
    CtrlEnter,
    /// Escape.
    Escape,
}

/// A field of one line. `label` is its name for screen readers, `hint` what stands in it while it is empty.
pub fn text_field(
    ui: &mut Ui,
    theme: &Theme,
    id: Id,
    text: &mut String,
    label: &str,
    hint: &str,
) -> (Response, FieldEnd) {
    let end = field_end(ui, id, true);
    let was_empty = text.is_empty();
    let edit = TextEdit::singleline(text)
        .id(id)
        .hint_text(theme.faint(hint))
        .font(theme.body())
        .frame(ground(ui, theme, id).inner_margin(Margin::symmetric(7, 4)))
        .desired_width(f32::INFINITY)
        .return_key(None);
    (show(ui, theme, edit, (label, was_empty)), end)
}

/// A field of several lines: `rows` high at first and at most, beyond which it scrolls; never more than a share of the
/// window, so that what stands below it stays in sight. Enter makes a new line, Ctrl+Enter ends.
pub fn text_area(
    ui: &mut Ui,
    theme: &Theme,
    id: Id,
    text: &mut String,
    (label, hint): (&str, &str),
    rows: RangeInclusive<usize>,
) -> (Response, FieldEnd) {
    let end = field_end(ui, id, false);
    let was_empty = text.is_empty();
    let margin = Margin::symmetric(8, 6);
    // The ground and the edge stand still around what scrolls.
    let edit = TextEdit::multiline(text)
        .id(id)
        .hint_text(theme.faint(hint))
        .font(theme.body())
        .frame(Frame::new().inner_margin(margin))
        .desired_width(f32::INFINITY)
        .desired_rows(*rows.start());
    let row = ui.fonts_mut(|fonts| fonts.row_height(&theme.body()));
    let share = ui.ctx().content_rect().height() * measures::AREA_SHARE;
    let most = (row * *rows.end() as f32)
        .min(share)
        .max(row * *rows.start() as f32)
        + margin.sum().y;
    let shown = ground(ui, theme, id).show(ui, |ui| {
        let scroll = ScrollArea::vertical().id_salt(id).auto_shrink([false, true]);
        scroll
            .max_height(most)
            .min_scrolled_height(most)
            .show(ui, |ui| edit.show(ui).response.response)
            .inner
    });
    let mut response = shown.inner;
    response.rect = shown.response.rect;
    (named(ui, theme, response, (label, was_empty)), end)
}

/// What a field stands on. With the keyboard its edge gives way to the focus ring: there is one line around it.
fn ground(ui: &Ui, theme: &Theme, id: Id) -> Frame {
    let fill = ui.visuals().text_edit_bg_color();
    let edge = if ui.memory(|memory| memory.has_focus(id)) {
        fill
    } else {
        theme.colors.line_strong
    };
    Frame::new()
        .fill(fill)
        .stroke(Stroke::new(theme.space.hairline, edge))
        .corner_radius(CornerRadius::same(theme.radius.control))
}

fn show(ui: &mut Ui, theme: &Theme, edit: TextEdit<'_>, words: (&str, bool)) -> Response {
    let response = edit.show(ui).response.response;
    named(ui, theme, response, words)
}

fn named(ui: &Ui, theme: &Theme, response: Response, (label, was_empty): (&str, bool)) -> Response {
    if was_empty && response.changed() {
        // egui goes on painting the hint in the frame in which the first character is typed.
        ui.ctx()
            .request_discard("the hint of a field gives way to its text");
    }
    ui.ctx()
        .accesskit_node_builder(response.id, |node| node.set_label(label));
    focus_ring(ui, theme, &response, theme.radius.control);
    response
}

/// Takes the ending keys before the field sees them. None while composing: Enter then ends a syllable.
fn field_end(ui: &Ui, id: Id, enter_ends: bool) -> FieldEnd {
    let (has, had) = ui.memory(|memory| (memory.has_focus(id), memory.had_focus_last_frame(id)));
    if !(has || had) || keys::composing(ui.ctx()) {
        return FieldEnd::None;
    }
    // egui takes the keyboard from the field on Escape before anybody sees the key.
    if !has {
        let escaped = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
        return if escaped { FieldEnd::Escape } else { FieldEnd::None };
    }
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::COMMAND, Key::Enter) {
            FieldEnd::CtrlEnter
        } else if enter_ends && input.consume_key(Modifiers::NONE, Key::Enter) {
            FieldEnd::Enter
        } else if input.consume_key(Modifiers::NONE, Key::Escape) {
            FieldEnd::Escape
        } else {
            FieldEnd::None
        }
    })
}
