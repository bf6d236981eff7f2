//! Code into spans: which language it is, its syntax, and windows of long texts.
//!
//! Nothing here knows colours or files. Work on long or hostile text ends when the caller's [`Stop`] says so: what is
//! left is plain.

mod class;
mod code;
mod language;
mod state;

pub use code::Code;
pub use language::Language;

use anyon_model::CodeLine;

/// Asked before each line; `true` ends the work.
pub type Stop<'a> = &'a dyn Fn() -> bool;

/// Lines longer than this are plain: they are data or minified, and cost too much.
pub const LONG_LINE_BYTES: usize = 5 * 1024;

/// All lines of a short text, styled.
pub fn code_lines(text: &str, language: Option<Language>, stop: Stop<'_>) -> Vec<CodeLine> {
    let mut code = Code::new(text, language);
    let spans = code.spans(0..code.line_count(), stop);
    (0..code.line_count())
        .zip(spans)
        .map(|(at, spans)| CodeLine {
            text: code.line(at).to_owned(),
            spans,
        })
        .collect()
}
