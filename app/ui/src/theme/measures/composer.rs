//! Sizes of the composer.

use std::time::Duration;

/// Rows of the field, at first and at most.
pub const ROWS: std::ops::RangeInclusive<usize> = 2..=10;
/// Greatest height of the queued drafts.
pub const QUEUE_MAX: f32 = 140.0;
/// Width from which on the words for agent and model fit.
pub const BAR_FROM: f32 = 560.0;
/// Width of the gauge of the context.
pub const GAUGE: f32 = 48.0;
/// Height of the gauge.
pub const GAUGE_HEIGHT: f32 = 4.0;
/// Width of the list of models.
pub const MODELS: f32 = 240.0;
/// Greatest width of what `@` offers.
pub const MENTION: f32 = 480.0;
/// How often the time of a long wait is told anew.
pub const LIMIT_TICK: Duration = Duration::from_secs(60);
