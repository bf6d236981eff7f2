//! Sizes of the dialog for priority and labels.

/// Greatest height of the labels.
pub const LABELS_MAX: f32 = 160.0;
