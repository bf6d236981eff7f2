//! The page of all keys.

use crate::{Panel, ViewContext};

/// All keys.
#[derive(Default)]
pub struct KeysPanel {}

impl Panel for KeysPanel {
    fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui) {}
}
