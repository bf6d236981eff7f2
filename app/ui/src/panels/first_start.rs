//! First start: language, theme, agents found, the first project or the demo.

use crate::{Panel, ViewContext};

/// The first start.
#[derive(Default)]
pub struct FirstStart {}

impl Panel for FirstStart {
    fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui) {}
}
