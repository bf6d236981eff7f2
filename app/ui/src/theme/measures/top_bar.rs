//! Sizes of the top bar.

/// Width of the field that opens the palette.
pub const SEARCH: f32 = 260.0;
/// Least width of the place's name; below, the field gives way.
pub const PLACE: f32 = 160.0;
