//! Sizes of the palette.

/// Height of the list of what was found.
pub const LIST: f32 = 360.0;
/// Distance from the window's upper edge.
pub const TOP: f32 = 96.0;
