//! Sizes of a task's view.

/// Most that the history of a task takes before it scrolls.
pub const HISTORY: f32 = 360.0;
/// Width of the rail of tasks.
pub const RAIL: f32 = 184.0;
/// Width of the rail where there is little room: marks only.
pub const RAIL_SLIM: f32 = 44.0;
/// Width of the window's middle from which on the rail shows titles.
pub const RAIL_FROM: f32 = 1080.0;
/// Height of a row of the rail.
pub const RAIL_ROW: f32 = 44.0;
/// Width from which on conversation and changes stand side by side.
pub const WIDE: f32 = 980.0;
/// Least width of each of them.
pub const PART_MIN: f32 = 380.0;
/// Share of the conversation.
pub const SHARE: f32 = 0.46;
/// Height that composer and conversation keep beside questions.
pub const BESIDE_QUESTIONS: f32 = 200.0;
/// Share of the room of a branch's name that it keeps where there is little.
pub const BRANCH: f32 = 0.3;
/// Greatest share of the stage strip with all its words; beyond, only the stage at hand has words.
pub const STRIP_SHARE: f32 = 0.5;
/// Greatest share of priority and labels in their row.
pub const MARKS: f32 = 0.4;
/// Least width of a label there.
pub const MARK_MIN: f32 = 72.0;
/// Greatest share of who else had a hand in a task.
pub const OTHERS: f32 = 0.5;
/// Height of the stage strip.
pub const STRIP: f32 = 28.0;
/// Greatest height of an opened description.
pub const DESCRIPTION_MAX: f32 = 220.0;
/// Height of a line of the raw log.
pub const LOG_LINE: f32 = 18.0;
/// Room for a log line's time.
pub const LOG_TIME: f32 = 64.0;
/// Room for a log line's stream.
pub const LOG_STREAM: f32 = 34.0;
/// Width of the field that looks through a log.
pub const LOG_FIND: f32 = 260.0;
/// Below the field, and below the head of an open line.
pub const LOG_GAP: f32 = 6.0;
/// Height of an open line at first.
pub const LOG_DETAIL: f32 = 220.0;
/// Greatest share of the log that an open line takes.
pub const LOG_DETAIL_SHARE: f32 = 0.7;
/// Rows of the description while it is edited, at first and at most.
pub const DESCRIPTION_ROWS: std::ops::RangeInclusive<usize> = 4..=12;
