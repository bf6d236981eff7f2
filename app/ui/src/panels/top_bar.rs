//! The top bar: where the person is, search and commands, new task.

use crate::{Panel, ViewContext};

/// The top bar.
#[derive(Default)]
pub struct TopBar {}

impl Panel for TopBar {
    fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui) {}
}
