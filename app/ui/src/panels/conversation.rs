//! The conversation of an attempt: entries as cards, virtualised.

use crate::ViewContext;
use anyon_model::AttemptId;

/// The conversation.
#[derive(Default)]
pub struct Conversation {}

impl Conversation {
    /// Paints it for an attempt.
    pub fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui, _attempt_id: AttemptId) {}
}
