//! The side bar: what needs the person, projects with their counts, running agents, settings.

use crate::{Panel, ViewContext};

/// The side bar.
#[derive(Default)]
pub struct Sidebar {}

impl Panel for Sidebar {
    fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui) {}
}
