//! Sizes of the conversation.

/// Widest text; beyond, lines are hard to read.
pub const TEXT_MAX: f32 = 820.0;
/// Height of a line of code or output.
pub const LINE: f32 = 18.0;
/// How far an entry of a sub-agent and a nested list stand in.
pub const INDENT: f32 = 18.0;
/// Room for a bullet or number.
pub const BULLET: f32 = 20.0;
/// Room for a duration at the end of a card.
pub const TIME: f32 = 56.0;
/// Width of a quotation's bar.
pub const BAR: f32 = 3.0;
/// Least width of a table's column.
pub const CELL_MIN: f32 = 48.0;
/// Greatest height of the pinned plan.
pub const PLAN_MAX: f32 = 160.0;
/// Seconds that a place is held for which there are too few rows: they may still be read from the disk.
pub const HELD_S: f64 = 10.0;
