//! Sizes of the chooser for files and folders.

/// Height of its list.
pub const LIST: f32 = 320.0;
