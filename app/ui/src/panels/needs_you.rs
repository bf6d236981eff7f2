//! Needs you: everything that waits for a person, across projects, answered in place.

use crate::{Panel, ViewContext};

/// What waits for a person.
#[derive(Default)]
pub struct NeedsYou {}

impl Panel for NeedsYou {
    fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui) {}
}
