//! Text that an agent or a file brought, made harmless for a terminal.
//!
//! Removes what moves the cursor, recolours, renames the window or hides text; keeps every readable character.
//! It does not interpret colours: that is for a view that can show them.

use std::{borrow::Cow, iter::Peekable, str::Chars};

pub(crate) const ESCAPE: char = '\u{1b}';
const BELL: char = '\u{7}';

/// The text without escape sequences and control characters other than newline and tab. A carriage return becomes
/// a newline, so nothing can be overwritten; direction marks are written out, so nothing can be reordered.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    match text.find(is_special) {
        None => Cow::Borrowed(text),
        Some(at) => {
            let mut clean = String::with_capacity(text.len());
            clean.push_str(&text[..at]);
            clean_into(text[at..].chars().peekable(), &mut clean);
            Cow::Owned(clean)
        }
    }
}

/// As [`sanitize`], for bytes: what is not UTF-8 is replaced.
pub fn sanitize_bytes(bytes: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => sanitize(text),
        Cow::Owned(text) => Cow::Owned(sanitize(&text).into_owned()),
    }
}

pub(crate) fn is_special(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || is_direction_mark(c)
}

pub(crate) fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A direction mark in characters that can be seen.
pub(crate) fn written_out(mark: char) -> String {
    format!("<U+{:04X}>", u32::from(mark))
}

fn clean_into(mut chars: Peekable<Chars<'_>>, clean: &mut String) {
    while let Some(c) = chars.next() {
        match c {
            ESCAPE => skip_escape(&mut chars),
            '\u{9b}' => skip_control_sequence(&mut chars),
            c if begins_string(c) => skip_string(&mut chars),
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    clean.push('\n');
                }
            }
            c if is_direction_mark(c) => clean.push_str(&written_out(c)),
            c if is_special(c) => {}
            c => clean.push(c),
        }
    }
}

/// The one-character forms of what begins a string.
pub(crate) fn begins_string(c: char) -> bool {
    matches!(c, '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}')
}

/// After ESC: a control sequence, a string, or one or two characters.
pub(crate) fn skip_escape(chars: &mut Peekable<Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            skip_control_sequence(chars);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            chars.next();
            skip_string(chars);
        }
        Some(' '..='/') => {
            while chars.next_if(|c| (' '..='/').contains(c)).is_some() {}
            chars.next_if(|c| ('0'..='~').contains(c));
        }
        Some('0'..='~') => {
            chars.next();
        }
        _ => {}
    }
}

/// Parameters and intermediates up to the final character. Anything else ends it and stays.
pub(crate) fn skip_control_sequence(chars: &mut Peekable<Chars<'_>>) {
    while chars.next_if(|c| (' '..='?').contains(c)).is_some() {}
    chars.next_if(|c| ('@'..='~').contains(c));
}

/// A string up to its terminator. One that is never ended takes no more than its line: text after it stays.
pub(crate) fn skip_string(chars: &mut Peekable<Chars<'_>>) {
    while let Some(c) = chars.next_if(|c| *c != '\n') {
        match c {
            BELL | '\u{9c}' => return,
            ESCAPE => {
                chars.next_if_eq(&'\\');
                return;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_text_is_not_copied() {
        let text = "plain, 안녕, 👩‍💻\n\ttabbed";
        assert!(matches!(sanitize(text), Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn what_a_terminal_would_obey_is_gone() {
        for (dirty, clean) in [
            ("\u{1b}[31mred\u{1b}[0m", "red"),
            ("\u{1b}[38;2;1;2;3mx", "x"),
            ("\u{1b}[?1049h\u{1b}[2J\u{1b}[Hx", "x"),
            ("\u{1b}]0;title\u{7}after", "after"),
            (
                "\u{1b}]8;;http://evil\u{1b}\\link\u{1b}]8;;\u{1b}\\ after",
                "link after",
            ),
            ("\u{1b}Pq#0~\u{1b}\\after", "after"),
            ("\u{9b}31mred", "red"),
            ("\u{9d}0;title\u{9c}after", "after"),
            ("\u{1b}(Bx\u{1b}cy\u{1b}7z", "xyz"),
            ("a\u{8}\u{8}b\u{7f}\u{0}c", "abc"),
            ("ends in \u{1b}", "ends in "),
            ("ends in \u{1b}[", "ends in "),
        ] {
            assert_eq!(sanitize(dirty), clean, "{dirty:?}");
        }
    }

    #[test]
    fn an_unfinished_sequence_swallows_no_other_line() {
        assert_eq!(sanitize("\u{1b}]0;never ended\nnext line"), "\nnext line");
        assert_eq!(sanitize("\u{1b}[12\nnext line"), "\nnext line");
    }

    #[test]
    fn a_carriage_return_cannot_overwrite() {
        assert_eq!(sanitize("safe\rrm -rf ~"), "safe\nrm -rf ~");
        assert_eq!(sanitize("windows\r\nline"), "windows\nline");
    }

    #[test]
    fn direction_marks_are_written_out() {
        assert_eq!(sanitize("access\u{202e}txt.exe"), "access<U+202E>txt.exe");
        assert_eq!(sanitize("\u{2066}a\u{2069}"), "<U+2066>a<U+2069>");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_replaced() {
        assert_eq!(sanitize_bytes(b"a\xff\x1b[1mb"), "a\u{fffd}b");
    }
}
