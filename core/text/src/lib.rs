//! Agent and file text into plain, safe or styled pieces.
//!
//! Pure functions over text: nothing here reads files, starts programs or knows where the text is shown. Classes come
//! out of it, never colours.

mod ansi;
mod diff;
mod fold;
mod highlight;
mod json;
mod markdown;
mod sanitize;
mod spans;
mod words;

pub use ansi::{ansi, ansi_bytes};
pub use diff::{DiffStyler, edit_diffs};
pub use fold::{first_line, fold, width};
pub use highlight::{Code, LONG_LINE_BYTES, Language, Stop, code_lines};
pub use json::pretty_json;
pub use markdown::{code_block, markdown, plain_blocks};
pub use sanitize::{sanitize, sanitize_bytes};
pub use words::word_diff;
