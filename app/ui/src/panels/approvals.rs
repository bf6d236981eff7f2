//! Approvals: what an agent asks, with its answers; pinned above the composer and in Needs you.

use crate::ViewContext;
use anyon_model::{Approval, AttemptId};

/// The approvals that are looked at.
#[derive(Default)]
pub struct Approvals {}

impl Approvals {
    /// Paints it for an attempt, newest below.
    pub fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui, _attempt_id: AttemptId) {}

    /// Paints one question with its answers. True: it was answered now. For `NeedsYou` and the attempt alike.
    pub fn card(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui, _approval: &Approval) -> bool {
        false
    }
}
