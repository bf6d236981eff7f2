//! Sizes of the questions of an agent.

/// Greatest share of the height that questions take.
pub const SHARE: f32 = 0.55;
/// Least height that they keep where there is little room: a heading and the answers.
pub const LEAST: f32 = 120.0;
/// Greatest height of what is asked for.
pub const SUBJECT_MAX: f32 = 220.0;
