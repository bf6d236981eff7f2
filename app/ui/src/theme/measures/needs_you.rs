//! Sizes of Needs you.

/// Height of a row of the list.
pub const ROW: f32 = 52.0;
/// Height of the heading.
pub const HEADING: f32 = 44.0;
/// Share of the list at first, and least width of each side.
pub const LIST: f32 = 0.38;
/// Least width of each side.
pub const LEAST: f32 = 260.0;
/// Widest that what is looked at gets.
pub const DETAIL: f32 = 720.0;
/// Files in conflict that are named.
pub const FILES: usize = 12;
