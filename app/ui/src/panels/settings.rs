//! Settings, each with its effect at once.

use crate::{Panel, ViewContext};

/// The settings.
#[derive(Default)]
pub struct SettingsPanel {}

impl Panel for SettingsPanel {
    fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui) {}
}
