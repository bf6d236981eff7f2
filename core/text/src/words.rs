//! Which words of two versions of a line differ.

use similar::{DiffOp, TextDiff};
use std::ops::Range;

/// Lines longer than this are not compared by words.
const LONG_LINE_BYTES: usize = 2048;
/// Of each line at least one in so many bytes has to be the same: else nearly all differs, and marking it says nothing.
const SAME_SHARE: usize = 4;

/// The words that differ, as byte ranges of each line. Both empty: the lines are the same, nearly all differs, or a
/// line is too long.
pub fn word_diff(old: &str, new: &str) -> (Vec<Range<u32>>, Vec<Range<u32>>) {
    if old == new || old.len() > LONG_LINE_BYTES || new.len() > LONG_LINE_BYTES {
        return Default::default();
    }
    let indent = common_indent(old, new);
    let diff = TextDiff::from_unicode_words(&old[indent..], &new[indent..]);
    let (mut gone, mut come) = (Marks::from(indent), Marks::from(indent));
    let mut same = 0;
    for op in diff.ops() {
        let slice = |words: Vec<&str>| words.into_iter().collect::<String>();
        let old_piece = slice(op.old_range().filter_map(|at| diff.old_slice(at)).collect());
        let new_piece = slice(op.new_range().filter_map(|at| diff.new_slice(at)).collect());
        let is_same = matches!(op, DiffOp::Equal { .. });
        if is_same {
            same += old_piece.trim().len();
        }
        gone.take(&old_piece, is_same);
        come.take(&new_piece, is_same);
    }
    let longer = old.trim().len().max(new.trim().len());
    if same * SAME_SHARE < longer {
        return Default::default();
    }
    (gone.ranges, come.ranges)
}

/// The white space that both lines begin with: compared as words of its own, more or less of it would all differ.
fn common_indent(old: &str, new: &str) -> usize {
    let pairs = old.bytes().zip(new.bytes());
    pairs
        .take_while(|(old, new)| old == new && matches!(old, b' ' | b'\t'))
        .count()
}

/// The marked pieces of one line.
#[derive(Default)]
struct Marks {
    ranges: Vec<Range<u32>>,
    end: u32,
    /// All since the last mark is white space.
    blank_since: bool,
}

impl Marks {
    fn from(start: usize) -> Self {
        Self {
            end: u32::try_from(start).unwrap_or(0),
            ..Self::default()
        }
    }

    fn take(&mut self, piece: &str, is_same: bool) {
        let start = self.end;
        self.end += u32::try_from(piece.len()).unwrap_or(0);
        if is_same {
            self.blank_since = !self.ranges.is_empty() && piece.trim().is_empty();
        } else if start < self.end {
            match self.ranges.last_mut() {
                // A space between two marks belongs to them: words in a row are one mark.
                Some(last) if self.blank_since || last.end == start => last.end = self.end,
                _ => self.ranges.push(start..self.end),
            }
            self.blank_since = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both lines with what differs in brackets.
    fn told(old: &str, new: &str) -> (String, String) {
        let (gone, come) = word_diff(old, new);
        (bracketed(old, &gone), bracketed(new, &come))
    }

    fn bracketed(line: &str, ranges: &[Range<u32>]) -> String {
        let mut told = line.to_owned();
        for range in ranges.iter().rev() {
            told.insert(range.end as usize, ']');
            told.insert(range.start as usize, '[');
        }
        told
    }

    #[test]
    fn the_words_that_differ_are_marked() {
        for (old, new, told_old, told_new) in [
            ("let a = 1;", "let b = 1;", "let [a] = 1;", "let [b] = 1;"),
            ("f(x)", "f(x, y)", "f(x)", "f(x[, y])"),
            (
                "return old value here",
                "return new price here",
                "return [old value] here",
                "return [new price] here",
            ),
            ("    indent", "        indent", "    indent", "    [    ]indent"),
            (
                "안녕하세요 세계",
                "안녕하세요 여러분",
                "안녕하세요 [세계]",
                "안녕하세요 [여러분]",
            ),
            ("同じ文字だ", "同じ言葉だ", "同じ[文字]だ", "同じ[言葉]だ"),
            (
                "many thanks 👩‍💻",
                "many thanks 👩‍🔬",
                "many thanks [👩‍💻]",
                "many thanks [👩‍🔬]",
            ),
        ] {
            assert_eq!(told(old, new), (told_old.to_owned(), told_new.to_owned()));
        }
    }

    #[test]
    fn nothing_is_marked_where_it_would_say_nothing() {
        for (old, new) in [
            ("same", "same"),
            ("", "all new"),
            ("use std::fs;", "pub struct Wholly { different: Line }"),
        ] {
            assert_eq!(told(old, new), (old.to_owned(), new.to_owned()));
        }
        let long = "word ".repeat(1000);
        assert_eq!(word_diff(&long, &format!("{long} more")), (vec![], vec![]));
    }
}
