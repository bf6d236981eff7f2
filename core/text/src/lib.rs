//! Agent and file text into plain, safe or styled pieces.
//!
//! Pure functions over text: nothing here reads files, starts programs or knows where the text is shown.

mod fold;
mod sanitize;

pub use fold::{first_line, fold, width};
pub use sanitize::{sanitize, sanitize_bytes};
