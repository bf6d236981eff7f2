//! Markdown into blocks: what agents and people write, with nothing dropped.
//!
//! A line break of the text stays one, as in a chat. The tags of HTML are shown as they were written, never obeyed; what
//! stands between them is text. Hostile input is bounded: nesting is cut at a depth, and what is too long to be parsed follows as it is.

mod build;
mod entity;
mod inline;
mod link;

use crate::{Language, Stop, code_lines, sanitize};
use anyon_model::{Block, CodeLine, RichText, StyledLine};
use build::Builder;
use pulldown_cmark::{Options, Parser, TextMergeStream};

/// So much of a text is parsed; what follows is shown as it is.
const PARSED_BYTES: usize = 256 * 1024;
/// So much code of a text is highlighted; what follows is plain.
const HIGHLIGHTED_BYTES: usize = 96 * 1024;

/// The blocks of a text. `stop` is for the syntax of its code: it ends with plain code, never without.
pub fn markdown(text: &str, stop: Stop<'_>) -> Vec<Block> {
    let text = sanitize(text);
    let (parsed, rest) = text.split_at(cut(&text));
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut builder = Builder::new(stop);
    for event in TextMergeStream::new(Parser::new_ext(parsed, options)) {
        builder.take(event);
    }
    let mut blocks = builder.finish();
    if !rest.is_empty() {
        blocks.push(Block::Code {
            language: String::new(),
            lines: rest.lines().map(CodeLine::plain).collect(),
        });
    }
    blocks
}

/// Text that is not Markdown, as blocks.
pub fn plain_blocks(text: &str) -> Vec<Block> {
    let text = sanitize(text.trim_end());
    if text.is_empty() {
        return Vec::new();
    }
    let line = StyledLine::plain(text);
    let links = Vec::new();
    vec![Block::Paragraph {
        text: RichText { line, links },
    }]
}

/// Code as a block; plain if it is long.
pub fn code_block(language: &str, text: &str, stop: Stop<'_>) -> Block {
    let text = sanitize(text);
    let is_affordable = text.len() <= HIGHLIGHTED_BYTES;
    let syntax = is_affordable.then(|| Language::of_tag(language)).flatten();
    Block::Code {
        language: language.to_owned(),
        lines: code_lines(&text, syntax, stop),
    }
}

/// Where the part that is parsed ends: behind a line if there is one.
fn cut(text: &str) -> usize {
    if text.len() <= PARSED_BYTES {
        return text.len();
    }
    let end = (0..=PARSED_BYTES)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    text[..end].rfind('\n').map_or(end, |newline| newline + 1)
}
