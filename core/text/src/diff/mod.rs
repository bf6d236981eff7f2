//! Diffs with what a reader sees in them: syntax, which line became which, and which words differ.

mod edits;
mod pairs;
mod styler;

pub use edits::edit_diffs;
pub use styler::DiffStyler;
