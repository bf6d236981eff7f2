//! Sizes of the pages that are read like a text: first start, settings, keys, about.

/// Width of a page's text.
pub const WIDTH: f32 = 640.0;
/// Width of a page with two columns.
pub const WIDE: f32 = 1040.0;
/// Width of what is set, right of its words.
pub const CONTROL: f32 = 260.0;
/// Width of a field for a number, with room for its mark.
pub const NUMBER: f32 = 104.0;
/// Width of the list of pages.
pub const NAVIGATION: f32 = 176.0;
/// Below this width there is one column.
pub const TWO_COLUMNS: f32 = 760.0;
/// Folders found that are shown until more are wanted.
pub const FOUND: usize = 6;
/// Height of a row with two lines.
pub const ROW: f32 = 44.0;
/// Lines of a field for scripts.
pub const SCRIPT_ROWS: usize = 3;
/// Lines of a field for templates.
pub const TEMPLATE_ROWS: std::ops::RangeInclusive<usize> = 5..=12;
/// Backups that are listed.
pub const BACKUPS: usize = 5;
