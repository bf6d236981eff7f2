//! The changes of an attempt: file tree and diff.

use crate::ViewContext;
use anyon_model::AttemptId;

/// The changes.
#[derive(Default)]
pub struct Changes {}

impl Changes {
    /// Paints it for an attempt.
    pub fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui, _attempt_id: AttemptId) {}
}
