//! The landing sheet: the checks, the message, one confirm.

use crate::ViewContext;
use anyon_model::AttemptId;

/// The landing sheet, a dialog.
#[derive(Default)]
pub struct LandingSheet {}

impl LandingSheet {
    /// Paints it for an attempt.
    pub fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui, _attempt_id: AttemptId) {}
}

/// The strip of checks that is always there above the changes: target, conflicts, open work, and the way to land.
pub fn strip(_cx: &ViewContext<'_>, _ui: &mut egui::Ui, _attempt_id: AttemptId) {}
