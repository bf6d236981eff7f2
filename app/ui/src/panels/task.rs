//! A task: slim rail of tasks, header, stage strip, and the parts of its attempt.

use crate::{Panel, ViewContext};

/// A task with its attempts.
#[derive(Default)]
pub struct TaskPanel {}

impl Panel for TaskPanel {
    fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui) {}
}
