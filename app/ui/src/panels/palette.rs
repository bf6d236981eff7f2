//! The palette: commands, tasks and attempts by name (Ctrl+K).

use crate::ViewContext;

/// The palette, a dialog.
#[derive(Default)]
pub struct Palette {}

impl Palette {
    /// Paints it.
    pub fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui) {}
}
