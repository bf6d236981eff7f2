//! The parts that panels are made of. Each names its role, label and state for screen readers and tests.

mod button;
mod chip;
mod choice;
mod dialog;
mod empty;
mod field;
mod figures;
mod focus;
mod key_hint;
mod line;
mod menu;
mod opens;
mod section;
mod segments;
mod split;
mod spoken;
mod state_line;
mod steady;
mod toast;
mod virtual_list;

pub use button::{Button, icon_button, icon_toggle, mark, paint_icon};
pub use chip::{chip, count};
pub use choice::{check_box, radio};
pub use dialog::{DialogEnd, dialog, dialog_buttons, hush_tooltips};
pub use empty::{EmptyState, empty_part, empty_state, failed_state, loading, padded, problem};
pub use field::{FieldEnd, text_area, text_field};
pub use figures::{figures, figures_width};
pub use focus::{focus_ring, focusable};
pub use key_hint::key_hint;
pub use line::Line;
pub use menu::{context_menu, menu_button, menu_item, menu_line, menu_of, submenu};
pub use opens::opens;
pub use section::{at_right, code_line, section, setting};
pub use segments::segments;
pub use split::Split;
pub use spoken::{chosen, unfolds};
pub use state_line::{Tone, state_line};
pub use steady::{steadily, steady};
pub use toast::{Toasts, keep_clear, takes_back};
pub use virtual_list::VirtualList;

use egui::{Color32, FontId, Galley, Pos2, Rect, Response, Ui, text::LayoutJob};
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// Text as it is shown: composed, so that file names of macOS (conjoining jamo) have glyphs.
pub fn shown(text: &str) -> String {
    if unicode_normalization::is_nfc(text) {
        return text.to_owned();
    }
    text.nfc().collect()
}

/// Text in at most so many rows of a width, with an ellipsis where it does not fit.
pub fn clipped(ui: &Ui, text: &str, font: FontId, color: Color32, width: f32, rows: usize) -> Arc<Galley> {
    let mut job = LayoutJob::simple(shown(text), font, color, width);
    job.wrap.max_rows = rows;
    job.wrap.break_anywhere = rows == 1;
    job.halign = egui::Align::Min;
    ui.painter().layout_job(job)
}

/// Text that [`paint_row`] cuts at a width.
pub fn is_cut(ui: &Ui, text: &str, font: FontId, width: f32) -> bool {
    clipped(ui, text, font, Color32::PLACEHOLDER, width, 1).elided
}

/// A panel gets the height of its content a pass late. Where it changed, what was laid out is not shown but laid out
/// again at once: nothing jumps, and nothing waits cut off for the next frame.
pub fn settled(ui: &Ui, panel: &Response) {
    let (id, height) = (panel.id.with("height"), panel.rect.height());
    let before = ui.data_mut(|kept| {
        let before = kept.get_temp::<f32>(id);
        kept.insert_temp(id, height);
        before
    });
    if before.is_some_and(|before| before != height) {
        ui.ctx().request_discard("a panel has another height");
    }
}

/// Paints one row of text, cut with an ellipsis at a width. Gives the rectangle it takes.
pub fn paint_row(ui: &Ui, at: Pos2, text: &str, font: FontId, color: Color32, width: f32) -> Rect {
    let galley = clipped(ui, text, font, color, width, 1);
    let rect = Rect::from_min_size(at, galley.size());
    ui.painter().galley(at.round(), galley, color);
    rect
}
