//! The composer: the next prompt, agent, variant, mode, queue.

use crate::ViewContext;
use anyon_model::AttemptId;

/// The composer.
#[derive(Default)]
pub struct Composer {}

impl Composer {
    /// Paints it for an attempt.
    pub fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui, _attempt_id: AttemptId) {}
}
