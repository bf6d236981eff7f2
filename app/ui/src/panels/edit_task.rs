//! Title and description of a task, written in a dialog over the board.

use crate::{
    ViewContext,
    theme::measures::task as measures,
    widgets::{self, Button, DialogEnd, FieldEnd},
};
use anyon_model::{Command, TaskId, TaskPatch};
use egui::{Id, Ui};

/// The dialog.
#[derive(Default)]
pub struct EditTask {
    /// The task it was opened for, until it is closed.
    of: Option<TaskId>,
    title: String,
    description: String,
    /// As they were then: what was not touched is not written back over what others wrote meanwhile.
    before: (String, String),
}

impl EditTask {
    /// Paints it for a task.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, task_id: TaskId) {
        let found = cx.state.shard_of_task(task_id);
        let Some(task) = found.and_then(|shard| shard.tasks.get(&task_id)) else {
            return self.close(cx);
        };
        if self.of != Some(task_id) {
            *self = Self {
                of: Some(task_id),
                title: task.title.clone(),
                description: task.description.clone(),
                before: (task.title.clone(), task.description.clone()),
            };
            cx.focus(ui, field("title"));
        }
        let title = cx.text.get("task-edit");
        let (end, left) = widgets::dialog(ui, cx.theme, "edit task", title, |ui| self.content(cx, ui));
        match end {
            DialogEnd::Confirmed => self.save(cx, task_id),
            DialogEnd::Open if !left => {}
            // What was written is kept: leaving is no refusal. The button is. Without a title there is nothing to keep.
            DialogEnd::Open if !self.title.trim().is_empty() => self.save(cx, task_id),
            DialogEnd::Open | DialogEnd::Cancelled => self.close(cx),
        }
    }

    fn content(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) -> DialogEnd {
        let (theme, text) = (cx.theme, cx.text);
        let words = (text.get("task-title"), text.get("task-title-hint"));
        let (_, one) = widgets::text_field(ui, theme, field("title"), &mut self.title, words.0, words.1);
        let words = (text.get("task-description"), text.get("task-description-hint"));
        let rows = measures::DESCRIPTION_ROWS;
        let two = widgets::text_area(
            ui,
            theme,
            field("description"),
            &mut self.description,
            words,
            rows,
        );
        let ready = !self.title.trim().is_empty();
        let save = Button::primary(text.get("task-save")).key("Ctrl+Enter");
        let pressed = widgets::dialog_buttons(ui, theme, text.get("common-cancel"), save, ready);
        match (one, two.1) {
            (FieldEnd::Escape, _) | (_, FieldEnd::Escape) if ready => DialogEnd::Confirmed,
            (FieldEnd::Escape, _) | (_, FieldEnd::Escape) => DialogEnd::Cancelled,
            (FieldEnd::Enter | FieldEnd::CtrlEnter, _) | (_, FieldEnd::CtrlEnter) if ready => {
                DialogEnd::Confirmed
            }
            _ => pressed,
        }
    }

    fn save(&mut self, cx: &ViewContext<'_>, task_id: TaskId) {
        let patch = self.changed();
        if patch != TaskPatch::default() {
            cx.send(Command::UpdateTask { task_id, patch });
        }
        self.close(cx);
    }

    fn changed(&self) -> TaskPatch {
        let (title, (before, described)) = (self.title.trim(), &self.before);
        TaskPatch {
            title: (title != before).then(|| title.to_owned()),
            description: (self.description != *described).then(|| self.description.clone()),
            ..TaskPatch::default()
        }
    }

    fn close(&mut self, cx: &ViewContext<'_>) {
        *self = Self::default();
        cx.close_dialog();
    }
}

fn field(name: &str) -> Id {
    Id::unique(("edited task", name))
}
