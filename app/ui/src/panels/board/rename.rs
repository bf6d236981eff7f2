//! A card's title, written anew in its place.

use crate::{
    ViewContext,
    widgets::{FieldEnd, text_field},
};
use anyon_model::{Command, Task, TaskId, TaskPatch};
use egui::{Id, Rect, Ui, UiBuilder};

/// The title that is being written.
pub struct Rename {
    /// Whose.
    pub task_id: TaskId,
    text: String,
    /// The field had the keyboard already.
    begun: bool,
}

impl Rename {
    /// Begins with the title as it is.
    pub fn of(task: &Task) -> Self {
        Self {
            task_id: task.id,
            text: task.title.clone(),
            begun: false,
        }
    }

    /// Paints the field where the title stands. Gives how it ended: by a key, or by going elsewhere.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, task: &Task, place: Rect) -> Option<FieldEnd> {
        let id = Id::unique("title of a card");
        if !self.begun {
            cx.focus(ui, id);
        }
        let label = cx.text.get("board-rename");
        let hint = cx.text.get("board-new-task-hint");
        let (response, end) = ui
            .scope_builder(UiBuilder::new().max_rect(place), |ui| {
                text_field(ui, cx.theme, id, &mut self.text, label, hint)
            })
            .inner;
        if !self.begun && response.has_focus() {
            select_all(ui, id, self.text.chars().count());
            self.begun = true;
        }
        let gone = self.begun && response.lost_focus();
        match end {
            FieldEnd::None if !gone => None,
            FieldEnd::Escape => Some(end),
            end => {
                self.save(cx, task);
                Some(end)
            }
        }
    }

    fn save(&self, cx: &ViewContext<'_>, task: &Task) {
        let title = self.text.trim();
        if title.is_empty() || title == task.title {
            return;
        }
        let patch = TaskPatch {
            title: Some(title.to_owned()),
            ..TaskPatch::default()
        };
        let task_id = task.id;
        cx.send(Command::UpdateTask { task_id, patch });
    }
}

/// Whoever writes at once replaces the title; an arrow keeps it.
fn select_all(ui: &Ui, id: Id, characters: usize) {
    use egui::text::{CCursor, CCursorRange};
    let mut state = egui::TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let whole = CCursorRange::two(CCursor::new(0), CCursor::new(characters));
    state.cursor.set_char_range(Some(whole));
    state.store(ui.ctx(), id);
}
