//! What a panel is.

use crate::ViewContext;

/// A part of the window. It keeps view state only (what is folded, typed, scrolled), never domain data.
pub trait Panel {
    /// Paints itself into `ui` and reacts.
    fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut egui::Ui);
}
