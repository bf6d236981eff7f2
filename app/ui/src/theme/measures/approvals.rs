//! Sizes of the questions of an agent.

/// Greatest share of the height that questions take.
pub const SHARE: f32 = 0.55;
/// Least height that they keep where there is little room: a heading and the answers.
pub const LEAST: f32 = 120.0;
/// Least and greatest height of what is asked for; the answers below it have to stay in sight.
pub const SUBJECT: (f32, f32) = (72.0, 220.0);
/// What the window needs beside what is asked for.
pub const SUBJECT_REST: f32 = 600.0;
