//! Sizes of the landing strip and sheet.

/// Height of the strip of checks.
pub const STRIP: f32 = 32.0;
/// Least width in which the words of a check say anything.
pub const WORDS: f32 = 72.0;
/// Most that the list of snapshots takes before it scrolls.
pub const SNAPSHOTS: f32 = 320.0;
/// Most that the message, or a list of files in conflict, takes before it scrolls.
pub const MESSAGE: f32 = 140.0;
/// The same as a share of the window's height.
pub const MESSAGE_SHARE: f32 = 0.1;
/// Rows of the message at first.
pub const MESSAGE_ROWS: usize = 4;
