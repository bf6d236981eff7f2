//! About: versions, renderer, frame time, folders.

use crate::{Panel, ViewContext};

/// About Anyon.
#[derive(Default)]
pub struct AboutPanel {}

impl Panel for AboutPanel {
    fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui) {}
}
