//! Text cut and folded by the columns it takes on a terminal: a Hangul syllable takes two.
//!
//! Works on sanitized text; tabs and control characters count as nothing.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns that a line takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The first line that is not empty, cut to `limit` columns with an ellipsis where something is left out.
pub fn first_line(text: &str, limit: usize) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines.next().unwrap_or_default();
    let more = lines.next().is_some();
    if width(line) + usize::from(more) * 2 <= limit {
        return if more {
            format!("{line} …")
        } else {
            line.to_owned()
        };
    }
    let mut cut = head(line, limit.saturating_sub(1)).trim_end().to_owned();
    if limit > 0 {
        cut.push('…');
    }
    cut
}

/// The text in lines of at most `limit` columns, broken at spaces where there are some. Empty lines stay.
pub fn fold(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(2);
    let mut folded = Vec::new();
    for line in text.lines() {
        fold_line(line, limit, &mut folded);
    }
    folded
}

fn fold_line(line: &str, limit: usize, folded: &mut Vec<String>) {
    let mut rest = line;
    while width(rest) > limit {
        let fits = head(rest, limit);
        let cut = match rest[..fits.len() + next_space(rest, fits.len())].rfind(' ') {
            Some(space) if !rest[..space].trim().is_empty() => space,
            _ => fits.len(),
        };
        folded.push(rest[..cut].trim_end().to_owned());
        rest = rest[cut..].trim_start_matches(' ');
    }
    folded.push(rest.to_owned());
}

/// 1 when a space follows the cut: then the word before it fits whole.
fn next_space(line: &str, at: usize) -> usize {
    usize::from(line[at..].starts_with(' '))
}

/// The longest start that takes at most `limit` columns; one character at least, so folding always goes on.
fn head(line: &str, limit: usize) -> &str {
    let mut columns = 0;
    for (at, c) in line.char_indices() {
        columns += c.width().unwrap_or(0);
        if columns > limit && at > 0 {
            return &line[..at];
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_counts_two_columns() {
        assert_eq!(width("안녕 a"), 6);
        assert_eq!(first_line("안녕하세요 여러분", 8), "안녕하…");
        assert_eq!(fold("안녕하세요", 4), ["안녕", "하세", "요"]);
    }

    #[test]
    fn the_first_line_says_when_there_is_more() {
        assert_eq!(first_line("one line", 20), "one line");
        assert_eq!(first_line("\n  first \nsecond", 20), "first …");
        assert_eq!(first_line("a very long first line", 10), "a very lo…");
        assert_eq!(first_line("", 10), "");
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_anywhere() {
        assert_eq!(fold("the quick brown fox", 10), ["the quick", "brown fox"]);
        assert_eq!(fold("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(fold("one\n\ntwo", 10), ["one", "", "two"]);
    }

    #[test]
    fn folding_loses_no_word_at_any_width() {
        let text = "Anyon runs 많은 에이전트 side by side, each in its own worktree";
        for limit in 0..80 {
            let joined: String = fold(text, limit).concat();
            assert_eq!(joined.replace(' ', ""), text.replace(' ', ""), "at {limit}");
        }
    }
}
