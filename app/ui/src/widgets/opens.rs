//! The pointer over what leads elsewhere: a hand, as over a link.

use egui::{CursorIcon, Response};

/// It opens something: the pointer says so.
pub fn opens(response: Response) -> Response {
    response.on_hover_cursor(CursorIcon::PointingHand)
}
