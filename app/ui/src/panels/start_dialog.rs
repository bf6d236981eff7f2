//! The start dialog: one or several agents for a task.

use crate::ViewContext;
use anyon_model::TaskId;

/// The start dialog.
#[derive(Default)]
pub struct StartDialog {}

impl StartDialog {
    /// Paints it for a task.
    pub fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui, _task_id: TaskId) {}
}
