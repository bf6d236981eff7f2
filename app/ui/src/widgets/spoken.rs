//! What screen readers are told of a row or a tab beside its name: that it is the chosen one, that it is open. egui
//! alone would call each of them a switch.

use egui::Response;

/// It is the chosen one of its kind, or it is not.
pub fn chosen(response: &Response, chosen: bool) {
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.clear_toggled();
        node.set_selected(chosen);
    });
}

/// It holds others, which are shown or not.
pub fn unfolds(response: &Response, open: bool) {
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.clear_toggled();
        node.set_expanded(open);
    });
}
