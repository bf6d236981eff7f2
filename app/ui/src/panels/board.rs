//! The board: five columns of cards.

use crate::{Panel, ViewContext};

/// The board.
#[derive(Default)]
pub struct Board {}

impl Panel for Board {
    fn ui(&mut self, _cx: &ViewContext<'_>, _ui: &mut egui::Ui) {}
}
