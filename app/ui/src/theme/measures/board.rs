//! Sizes of the board.

/// Least width of a column; below, the board scrolls.
pub const COLUMN_MIN: f32 = 200.0;
/// Height of a card: title in two lines, state line, footer.
pub const CARD: f32 = 100.0;
/// Width of a folded column.
pub const RAIL: f32 = 40.0;
/// Height of a column's header.
pub const HEADER: f32 = 36.0;
