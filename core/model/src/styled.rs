//! Styled text: Markdown as blocks, code, terminal output and diffs as spans. Classes, never colours: what a class
//! looks like is the theme's.
//!
//! Spans are lengths in bytes, one after the other: they cover their text by construction, and [`pieces`] stays safe
//! when they do not.

use crate::{FileDiff, LogStream};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// So many bytes of a text in one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span<C> {
    /// Its length in bytes.
    pub len: u32,
    /// What it is.
    pub class: C,
}

/// A text in spans.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StyledLine<C> {
    /// The text, without a newline unless it is a paragraph.
    pub text: String,
    /// Its spans. Their lengths add up to the text's; an empty list is one span of the default class.
    pub spans: Vec<Span<C>>,
}

impl<C: Copy + Default> StyledLine<C> {
    /// A text in the default class.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            spans: Vec::new(),
        }
    }
    /// The pieces of the text, in order.
    pub fn pieces(&self) -> impl Iterator<Item = (&str, C)> {
        pieces(&self.text, &self.spans)
    }
}

/// The pieces of a text that its spans make, in order. Spans that reach past the text or into the middle of a
/// character end there; what no span covers is of the default class.
pub fn pieces<'t, 's, C: Copy + Default>(
    text: &'t str,
    spans: &'s [Span<C>],
) -> impl Iterator<Item = (&'t str, C)> + use<'t, 's, C> {
    let mut rest = text;
    let mut spans = spans.iter();
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let Some(span) = spans.next() else {
                return Some((std::mem::take(&mut rest), C::default()));
            };
            let (piece, after) = rest.split_at(boundary(rest, span.len as usize));
            rest = after;
            if !piece.is_empty() {
                return Some((piece, span.class));
            }
        }
        None
    })
}

/// The last place up to `at` where a character begins, or the end.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// What a piece of code is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words of every editor")]
pub enum SpanClass {
    #[default]
    Plain,
    Comment,
    Keyword,
    Operator,
    Punctuation,
    String,
    /// An escape in a string, or what is put into one.
    Escape,
    Number,
    Constant,
    Function,
    Type,
    Variable,
    Tag,
    /// An attribute, an annotation, or the key of a mapping.
    Attribute,
    Heading,
    /// An added line of a patch.
    Inserted,
    /// A removed line of a patch.
    Deleted,
}

/// A piece of code.
pub type CodeSpan = Span<SpanClass>;
/// A line of code.
pub type CodeLine = StyledLine<SpanClass>;

/// A block of Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "block")]
pub enum Block {
    /// A heading.
    Heading {
        /// From 1, the largest, to 6.
        level: u8,
        /// Its text.
        text: RichText,
    },
    /// A paragraph.
    Paragraph {
        /// Its text; a newline is a line break.
        text: RichText,
    },
    /// A list.
    List {
        /// Number of its first item; `None`: bullets.
        start: Option<u64>,
        /// The items.
        items: Vec<ListItem>,
    },
    /// Code, or other text that is shown as it is.
    Code {
        /// Its language as it was told (`rust`), empty if not.
        language: String,
        /// Its lines.
        lines: Vec<CodeLine>,
    },
    /// A quotation.
    Quote {
        /// What is quoted.
        blocks: Vec<Block>,
    },
    /// A table.
    Table {
        /// How each column is aligned.
        columns: Vec<ColumnAlign>,
        /// Its heading, as many as columns.
        header: Vec<RichText>,
        /// Its rows, each as many as columns.
        rows: Vec<Vec<RichText>>,
    },
    /// A line across.
    Rule,
}

/// An item of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItem {
    /// Whether its box is checked, if it has one.
    pub checked: Option<bool>,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// How a column is aligned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "they say what they are")]
pub enum ColumnAlign {
    #[default]
    Start,
    Center,
    End,
}

/// Text of a paragraph, heading or cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RichText {
    /// Text and spans.
    pub line: StyledLine<InlineStyle>,
    /// Where its links lead, by [`InlineStyle::link`].
    pub links: Vec<LinkTarget>,
}

impl RichText {
    /// Where a piece leads, if it is a link.
    pub fn target(&self, style: InlineStyle) -> Option<&LinkTarget> {
        self.links.get(usize::from(style.link?))
    }
}

/// How a piece of a paragraph is set. All `false` and `None`: plain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct InlineStyle {
    /// Bold.
    pub strong: bool,
    /// Italic.
    pub emphasis: bool,
    /// Struck out.
    pub strike: bool,
    /// Code inside a sentence.
    pub code: bool,
    /// A link: its place in [`RichText::links`].
    pub link: Option<u16>,
}

/// Where a link leads. Others than these (`javascript:`, `file:` …) are not links but plain text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "target")]
pub enum LinkTarget {
    /// An address for the browser: `http`, `https` or `mailto`.
    Web {
        /// The address.
        url: String,
    },
    /// A path as it was written, absolute or relative to the worktree, possibly one that does not exist.
    File {
        /// The path.
        path: String,
        /// The line, from 1.
        line: Option<u32>,
    },
}

/// One of a terminal's sixteen colours by its role, or an exact colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words of every terminal")]
pub enum AnsiColor {
    Black,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
    White,
    BrightBlack,
    BrightRed,
    BrightGreen,
    BrightYellow,
    BrightBlue,
    BrightMagenta,
    BrightCyan,
    BrightWhite,
    /// An exact colour; [`AnsiColor::nearest`] gives the role it comes closest to.
    Rgb(u8, u8, u8),
}

impl AnsiColor {
    /// The sixteen, in a terminal's order.
    pub const ALL: [Self; 16] = [
        Self::Black,
        Self::Red,
        Self::Green,
        Self::Yellow,
        Self::Blue,
        Self::Magenta,
        Self::Cyan,
        Self::White,
        Self::BrightBlack,
        Self::BrightRed,
        Self::BrightGreen,
        Self::BrightYellow,
        Self::BrightBlue,
        Self::BrightMagenta,
        Self::BrightCyan,
        Self::BrightWhite,
    ];

    /// The one of the sixteen that an exact colour comes closest to: by hue, so that it stays readable on any
    /// background.
    pub fn nearest(self) -> Self {
        let Self::Rgb(red, green, blue) = self else {
            return self;
        };
        let (high, low) = (red.max(green).max(blue), red.min(green).min(blue));
        if u16::from(high - low) * 4 < u16::from(high).max(64) {
            return [Self::Black, Self::BrightBlack, Self::White, Self::BrightWhite][usize::from(high / 64)];
        }
        let middle = low + (high - low) / 2;
        let bit = |part: u8, bit: usize| if part > middle { bit } else { 0 };
        let hue = bit(red, 1) | bit(green, 2) | bit(blue, 4);
        Self::ALL[hue + if high > 200 { 8 } else { 0 }]
    }
}

/// How a piece of terminal output is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct AnsiStyle {
    /// Colour of the text; `None`: the usual one.
    pub color: Option<AnsiColor>,
    /// Colour behind it.
    pub background: Option<AnsiColor>,
    /// Bold.
    pub bold: bool,
    /// Fainter.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Struck out.
    pub strike: bool,
    /// Text and background change places.
    pub inverse: bool,
}

/// A line of terminal output.
pub type AnsiLine = StyledLine<AnsiStyle>;

/// A page of a raw log as a terminal would show it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsiPage {
    /// Number of the first line.
    pub first: u64,
    /// How many lines there are in all.
    pub total: u64,
    /// The lines.
    pub lines: Vec<AnsiLogLine>,
}

/// A line of a raw log as a terminal would show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsiLogLine {
    /// Where it came from.
    pub stream: LogStream,
    /// Milliseconds since the execution's log began.
    pub after_ms: u64,
    /// The line.
    pub line: AnsiLine,
}

/// The differences of a file with the colours of their lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StyledDiff {
    /// The differences.
    pub diff: FileDiff,
    /// For each hunk, for each of its lines.
    pub hunks: Vec<Vec<LineSpans>>,
}

/// The colours of a line of a diff.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSpans {
    /// Its syntax; empty: plain.
    pub spans: Vec<CodeSpan>,
    /// The words that differ from its counterpart, as bytes of the line, ascending and apart. Empty where there is no
    /// counterpart, or nearly all differs.
    pub words: Vec<Range<u32>>,
    /// Place in the hunk of the line that it was, or became.
    pub counterpart: Option<u32>,
}

/// Lines of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLines {
    /// Number of the first line, from 0.
    pub first: u64,
    /// How many lines the file has.
    pub total: u64,
    /// The lines.
    pub lines: Vec<CodeLine>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(len: u32, class: SpanClass) -> CodeSpan {
        Span { len, class }
    }

    #[test]
    fn spans_that_do_not_fit_their_text_lose_none_of_it() {
        fn of(spans: &[CodeSpan]) -> Vec<(&str, SpanClass)> {
            pieces("가나 x", spans).collect()
        }
        assert_eq!(of(&[]), [("가나 x", SpanClass::Plain)]);
        assert_eq!(
            of(&[span(3, SpanClass::Keyword), span(99, SpanClass::String)]),
            [("가", SpanClass::Keyword), ("나 x", SpanClass::String)]
        );
        assert_eq!(
            of(&[span(4, SpanClass::Keyword)]),
            [("가", SpanClass::Keyword), ("나 x", SpanClass::Plain)],
            "a span never ends inside a character"
        );
        assert_eq!(of(&[span(1, SpanClass::Keyword)]), [("가나 x", SpanClass::Plain)]);
    }

    #[test]
    fn an_exact_colour_comes_closest_to_one_of_its_hue() {
        let nearest = |r, g, b| AnsiColor::Rgb(r, g, b).nearest();
        assert_eq!(nearest(220, 30, 30), AnsiColor::BrightRed);
        assert_eq!(nearest(130, 10, 10), AnsiColor::Red);
        assert_eq!(nearest(255, 175, 0), AnsiColor::BrightYellow);
        assert_eq!(nearest(95, 135, 255), AnsiColor::BrightBlue);
        assert_eq!(nearest(8, 8, 8), AnsiColor::Black);
        assert_eq!(nearest(108, 108, 108), AnsiColor::BrightBlack);
        assert_eq!(nearest(250, 250, 250), AnsiColor::BrightWhite);
        assert_eq!(AnsiColor::Cyan.nearest(), AnsiColor::Cyan);
    }
}
