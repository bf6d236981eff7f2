//! Sizes of the landing strip and sheet.

/// Height of the strip of checks.
pub const STRIP: f32 = 32.0;
/// Least width in which the words of a check say anything.
pub const WORDS: f32 = 72.0;
/// Most that the list of snapshots takes before it scrolls.
pub const SNAPSHOTS: f32 = 320.0;
/// Most that a list of files in conflict takes before it scrolls.
pub const FILES: f32 = 140.0;
/// The same as a share of the window's height.
pub const FILES_SHARE: f32 = 0.1;
/// Rows of the message, at first and at most.
pub const MESSAGE_ROWS: std::ops::RangeInclusive<usize> = 3..=8;
/// The same in a low window: the confirm stays in sight.
pub const MESSAGE_ROWS_LOW: std::ops::RangeInclusive<usize> = 3..=3;
/// Height below which a window is low.
pub const LOW: f32 = 800.0;
/// Milliseconds after which the sheet looks again at what keeps an attempt from landing.
pub const LOOK_AGAIN_MS: i64 = 3_000;
