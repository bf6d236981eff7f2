//! A text of any length whose lines are highlighted by windows.
//!
//! The state of the syntax is kept every 64 lines, so a window begins at most 64 lines after a kept state instead of
//! at the beginning of the text; and it is kept across versions of the text for as far as they agree.

use super::{Language, Stop, state::State};
use anyon_model::CodeSpan;
use std::ops::Range;

/// Lines between kept states.
const STATE_LINES: usize = 64;
/// Lines that are caught up with before a window. Beyond them a window begins with a fresh state: a comment or string
/// that began before it is then not seen as one.
const CATCH_UP_LINES: usize = 60_000;

/// A text and what is known of its syntax.
pub struct Code {
    text: String,
    /// Where each line begins, and the end of the text.
    starts: Vec<usize>,
    language: Option<Language>,
    /// The state before each 64th line, as far as it was reached.
    states: Vec<State>,
}

impl Code {
    /// A text of which nothing is highlighted yet.
    pub fn new(text: impl Into<String>, language: Option<Language>) -> Self {
        let text = text.into();
        let starts = line_starts(&text);
        let states = language.map(State::start).into_iter().collect();
        Self {
            text,
            starts,
            language,
            states,
        }
    }

    /// How many lines there are. A newline at the end begins no further line.
    pub fn line_count(&self) -> usize {
        self.starts.len() - 1
    }

    /// A line without its newline; empty if there is no such line.
    pub fn line(&self, at: usize) -> &str {
        let line = self.with_newline(at);
        let line = line.strip_suffix('\n').unwrap_or(line);
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// Its language.
    pub fn language(&self) -> Option<Language> {
        self.language
    }

    /// Its size in bytes.
    pub fn byte_len(&self) -> usize {
        self.text.len()
    }

    /// A newer version of the text. What was learnt of the lines before the first difference is kept.
    pub fn replace(&mut self, text: String) {
        if text == self.text {
            return;
        }
        let same = first_difference(self.text.as_bytes(), text.as_bytes());
        // A state is known when all lines before it are the same, with their newlines.
        let kept = self.states.len().min(
            self.starts
                .partition_point(|start| *start <= same)
                .div_ceil(STATE_LINES),
        );
        self.states.truncate(kept.max(1));
        self.starts = line_starts(&text);
        self.text = text;
    }

    /// The same text as far as both agree, with what is known of it.
    pub fn sibling(&self, text: String) -> Self {
        let mut sibling = Self {
            text: self.text.clone(),
            starts: self.starts.clone(),
            language: self.language,
            states: self.states.clone(),
        };
        sibling.replace(text);
        sibling
    }

    /// The spans of these lines. Empty spans: plain.
    pub fn spans(&mut self, lines: Range<usize>, stop: Stop<'_>) -> Vec<Vec<CodeSpan>> {
        let lines = lines.start.min(self.line_count())..lines.end.min(self.line_count());
        let mut spans = Vec::with_capacity(lines.len());
        if let Some((mut at, mut state, keep)) = self.state_before(lines.start) {
            while at < lines.end && !stop() {
                if keep && at == self.states.len() * STATE_LINES {
                    self.states.push(state.clone());
                }
                let line = state.line(self.with_newline(at), self.line(at).len());
                if at >= lines.start {
                    spans.push(line);
                }
                at += 1;
            }
        }
        spans.resize(lines.len(), Vec::new());
        spans
    }

    /// The nearest state before a line, where it stands, and whether what follows from it may be kept.
    fn state_before(&self, line: usize) -> Option<(usize, State, bool)> {
        let known = (line / STATE_LINES).min(self.states.len().checked_sub(1)?);
        if line - known * STATE_LINES > CATCH_UP_LINES {
            let fresh = State::start(self.language?);
            return Some((line / STATE_LINES * STATE_LINES, fresh, false));
        }
        Some((known * STATE_LINES, self.states.get(known)?.clone(), true))
    }

    fn with_newline(&self, at: usize) -> &str {
        match self.starts.get(at..at + 2) {
            Some([start, end]) => &self.text[*start..*end],
            _ => "",
        }
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let mut starts: Vec<usize> = std::iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect();
    if starts.last() != Some(&text.len()) {
        starts.push(text.len());
    }
    starts
}

fn first_difference(old: &[u8], new: &[u8]) -> usize {
    let differing = old.iter().zip(new).position(|(old, new)| old != new);
    differing.unwrap_or(old.len().min(new.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::SpanClass;

    const GO_ON: Stop<'static> = &|| false;

    fn rust(text: &str) -> Code {
        Code::new(text, Language::of_tag("rust"))
    }

    /// A comment over 200 lines, then code.
    fn long_comment() -> String {
        format!("/*\n{}*/\nlet x = 1;\n", "words\n".repeat(200))
    }

    #[test]
    fn lines_are_counted_like_an_editor_does() {
        for (text, lines) in [("", 0), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n\n", 2)] {
            assert_eq!(rust(text).line_count(), lines, "{text:?}");
        }
        let code = rust("a\r\nb\n");
        assert_eq!(
            (code.line(0), code.line(1), code.line(2), code.line(99)),
            ("a", "b", "", "")
        );
    }

    #[test]
    fn a_window_knows_what_began_before_it() {
        let text = long_comment();
        let whole = rust(&text).spans(0..300, GO_ON);
        let mut code = rust(&text);
        assert_eq!(code.spans(190..203, GO_ON), whole[190..203]);
        assert_eq!(code.states.len(), 4, "the states of lines 0, 64, 128 and 192");
        assert_eq!(code.spans(150..152, GO_ON), whole[150..152]);
        assert_eq!(whole[150][0].class, SpanClass::Comment);
        assert_eq!(whole[202][0].class, SpanClass::Keyword);
    }

    #[test]
    fn a_newer_text_keeps_the_states_before_its_first_difference() {
        let text = long_comment();
        let mut code = rust(&text);
        code.spans(0..300, GO_ON);
        let newer = text.replacen("words\n*/", "word */ let\n", 1);
        code.replace(newer.clone());
        assert_eq!(code.states.len(), 4, "line 201 differs: all four are still right");
        assert_eq!(code.spans(0..300, GO_ON), rust(&newer).spans(0..300, GO_ON));
        code.replace(format!("x{newer}"));
        assert_eq!(code.states.len(), 1);
        assert_eq!(code.line(0), "x/*");
        let sibling = code.sibling(newer.clone()).spans(0..300, GO_ON);
        assert_eq!(sibling, rust(&newer).spans(0..300, GO_ON));
    }

    #[test]
    fn a_difference_at_the_very_line_of_a_state_keeps_it() {
        let text = "a\n".repeat(200);
        let mut code = rust(&text);
        code.spans(0..200, GO_ON);
        assert_eq!(code.states.len(), 4);
        let newer = format!("{}/*\n{}", "a\n".repeat(128), "a\n".repeat(72));
        code.replace(newer.clone());
        assert_eq!(code.states.len(), 3);
        assert_eq!(code.spans(128..200, GO_ON), rust(&newer).spans(128..200, GO_ON));
        let earlier = format!("{}/*\n{}", "a\n".repeat(127), "a\n".repeat(73));
        code.replace(earlier.clone());
        assert_eq!(code.states.len(), 2);
        assert_eq!(code.spans(128..200, GO_ON), rust(&earlier).spans(128..200, GO_ON));
    }

    #[test]
    fn a_long_line_is_plain_and_what_follows_is_not() {
        let text = format!("let a = 1;\nlet b = {};\nlet c = 1;\n", "1".repeat(6000));
        let spans = rust(&text).spans(0..3, GO_ON);
        assert!(spans[1].is_empty());
        assert_eq!(spans[0], spans[2]);
        assert!(!spans[2].is_empty());
    }

    #[test]
    fn work_that_is_stopped_leaves_the_rest_plain() {
        let spans = rust("let a = 1;\nlet b = 1;\n").spans(0..2, &|| true);
        assert_eq!(spans, [vec![], vec![]]);
    }

    #[test]
    fn text_without_a_language_and_lines_that_are_not_there_are_plain() {
        assert_eq!(Code::new("let x\n", None).spans(0..1, GO_ON), [vec![]]);
        assert!(rust("let x\n").spans(5..9, GO_ON).is_empty());
        assert!(rust("").spans(0..9, GO_ON).is_empty());
    }

    #[test]
    fn a_syntax_is_not_followed_into_text_made_to_hurt() {
        let deep = format!("{}\n", "{(".repeat(2000)).repeat(30);
        let mut code = rust(&deep);
        assert_eq!(code.spans(0..30, GO_ON)[29], vec![]);
    }
}
