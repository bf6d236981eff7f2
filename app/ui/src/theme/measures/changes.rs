//! Sizes of the changes: file tree and diff.

/// Height of a line of the diff.
pub const LINE: f32 = 19.0;
/// Height of a place where unchanged lines are left out.
pub const GAP: f32 = 26.0;
/// Height of a row of the file tree.
pub const FILE: f32 = 26.0;
/// What of a file's name has to be seen before its figures are.
pub const NAME: f32 = 120.0;
/// What a folder moves its files to the right.
pub const INDENT: f32 = 14.0;
/// Height of the bar above, and of the name of the file.
pub const BAR: f32 = 36.0;
/// Least width of tree and diff, and the tree's share at first.
pub const LEAST: f32 = 150.0;
/// Share of the tree at first.
pub const TREE: f32 = 0.26;
/// Width of the place of the sign before a line.
pub const SIGN: f32 = 16.0;
/// Height of the bar that moves long lines sideways.
pub const SIDEWAYS: f32 = 6.0;
/// Width of the mark of the change that was jumped to.
pub const MARK: f32 = 2.0;
/// Least room that a line gets before it goes on below.
pub const WRAP_LEAST: f32 = 80.0;
