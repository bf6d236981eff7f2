//! Text fields that know of input methods: while one composes, no key does anything but write.

use super::focus_ring;
use crate::{Theme, keys};
use egui::{Id, Key, Margin, Modifiers, Response, TextEdit, Ui};

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
        .margin(Margin::symmetric(8, 5))
        .desired_width(f32::INFINITY)
        .return_key(None);
    (show(ui, theme, edit, (label, was_empty)), end)
}

/// A field of several lines, `rows` high at first. Enter makes a new line, Ctrl+Enter ends.
pub fn text_area(
    ui: &mut Ui,
    theme: &Theme,
    id: Id,
    text: &mut String,
    (label, hint): (&str, &str),
    rows: usize,
) -> (Response, FieldEnd) {
    let end = field_end(ui, id, false);
    let was_empty = text.is_empty();
    let edit = TextEdit::multiline(text)
        .id(id)
        .hint_text(theme.faint(hint))
        .font(theme.body())
        .margin(Margin::symmetric(8, 6))
        .desired_width(f32::INFINITY)
        .desired_rows(rows);
    (show(ui, theme, edit, (label, was_empty)), end)
}

fn show(ui: &mut Ui, theme: &Theme, edit: TextEdit<'_>, (label, was_empty): (&str, bool)) -> Response {
    let output = edit.show(ui);
    let response = output.response.response;
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
