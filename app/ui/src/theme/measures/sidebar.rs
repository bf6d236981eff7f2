//! Sizes of the side bar.

/// The mark of Anyon.
pub const MARK: f32 = 20.0;
/// The dot of a state.
pub const DOT: f32 = 7.0;
/// Height of a running agent: its title and its state.
pub const AGENT: f32 = 42.0;
