//! Sizes of the start dialog.

/// Greatest height of the list of agents.
pub const AGENTS_MAX: f32 = 300.0;
/// Width of the name of a choice.
pub const NAME: f32 = 120.0;
