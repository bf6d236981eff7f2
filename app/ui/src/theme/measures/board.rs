//! Sizes of the board.

/// Least width of a column; below, the board scrolls.
pub const COLUMN_MIN: f32 = 192.0;
/// Width of a folded column.
pub const RAIL: f32 = 40.0;
/// Height of a column's header.
pub const HEADER: f32 = 40.0;
/// Between two cards.
pub const CARD_GAP: f32 = 6.0;
/// Width of the peek.
pub const PEEK: f32 = 520.0;
/// Height that a description may take in the peek.
pub const PEEK_TEXT: f32 = 220.0;
/// Height that an agent's last words may take in the peek.
pub const PEEK_WORDS: f32 = 140.0;
/// How near to the edge a dragged card scrolls the column, and by how much a frame.
pub const EDGE: f32 = 36.0;
/// Points a frame while a card is dragged to the edge.
pub const EDGE_STEP: f32 = 9.0;
/// Width of the filter's field.
pub const FILTER: f32 = 280.0;
/// The dot of what nobody has looked at.
pub const UNREAD: f32 = 3.0;
