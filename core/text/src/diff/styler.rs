//! The colours of a file's diff, from the syntax of both whole files where they are known.

use super::pairs::pair;
use crate::{Code, Language, Stop};
use anyon_model::{CodeSpan, DiffLine, DiffLineKind, FileDiff, Hunk, LineSpans, StyledDiff};
use std::ops::Range;

/// Larger files are plain.
const LARGE_FILE_BYTES: usize = 8 * 1024 * 1024;

/// Both sides of a file, kept between its diffs so that a change near the end of a long file costs little.
#[derive(Default)]
pub struct DiffStyler {
    new: Option<Code>,
    old: Option<Code>,
}

impl DiffStyler {
    /// A file of which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// The colours of a diff. `new_text` is the whole file after; where it is not given, is too large or does not
    /// belong to the diff, each hunk is highlighted by itself.
    pub fn style(&mut self, diff: FileDiff, new_text: Option<&str>, stop: Stop<'_>) -> StyledDiff {
        let text = new_text.filter(|text| text.len() <= LARGE_FILE_BYTES);
        let lines: Option<Vec<&str>> = text.map(|text| text.lines().collect());
        let whole = text.zip(lines).filter(|(_, lines)| belongs(&diff, lines));
        let hunks = match whole {
            Some((text, lines)) => self.by_files(&diff, text, &lines, stop),
            None => {
                *self = Self::default();
                diff.hunks
                    .iter()
                    .map(|hunk| by_itself(&diff, hunk, stop))
                    .collect()
            }
        };
        StyledDiff { diff, hunks }
    }

    fn by_files(
        &mut self,
        diff: &FileDiff,
        text: &str,
        lines: &[&str],
        stop: Stop<'_>,
    ) -> Vec<Vec<LineSpans>> {
        let language = Language::of_file(diff.stat.path.as_path(), lines.first().unwrap_or(&""));
        let new = self.new.get_or_insert_with(|| Code::new(text, language));
        renew(new, text.to_owned(), language);
        let old_text = old_text(diff, lines);
        let old = self.old.get_or_insert_with(|| new.sibling(old_text.clone()));
        renew(old, old_text, language);
        let style = |hunk: &Hunk| {
            let new_lines = new.spans(range(hunk.new_start, hunk.new_lines), stop);
            let has_removed = hunk.lines.iter().any(|line| line.kind == DiffLineKind::Removed);
            let old_range = range(hunk.old_start, if has_removed { hunk.old_lines } else { 0 });
            styled(hunk, old.spans(old_range, stop), new_lines)
        };
        diff.hunks.iter().map(style).collect()
    }
}

/// The same code with a newer text; anew if its language is another.
fn renew(code: &mut Code, text: String, language: Option<Language>) {
    if code.language() == language {
        code.replace(text);
    } else {
        *code = Code::new(text, language);
    }
}

/// The places of a hunk's lines, from 0.
fn range(start: u32, lines: u32) -> Range<usize> {
    let start = start.saturating_sub(1) as usize;
    start..start + lines as usize
}

/// The lines of the file are those that the diff says.
fn belongs(diff: &FileDiff, lines: &[&str]) -> bool {
    diff.hunks.iter().all(|hunk| {
        let there = lines
            .get(range(hunk.new_start, hunk.new_lines))
            .unwrap_or_default();
        let told = hunk
            .lines
            .iter()
            .filter(|line| line.kind != DiffLineKind::Removed);
        told.map(text_of).eq(there.iter().copied())
    })
}

/// The file before: what the hunks do not name is the same on both sides.
fn old_text(diff: &FileDiff, lines: &[&str]) -> String {
    let mut text = String::new();
    let mut put = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    let mut at = 0;
    for hunk in &diff.hunks {
        let place = range(hunk.new_start, hunk.new_lines);
        // A hunk without lines after stands behind the line that it names.
        let start = if hunk.new_lines == 0 {
            hunk.new_start as usize
        } else {
            place.start
        };
        lines
            .get(at..start)
            .unwrap_or_default()
            .iter()
            .for_each(|line| put(line));
        let before = hunk.lines.iter().filter(|line| line.kind != DiffLineKind::Added);
        before.for_each(|line| put(text_of(line)));
        at = start + hunk.new_lines as usize;
    }
    lines
        .get(at..)
        .unwrap_or_default()
        .iter()
        .for_each(|line| put(line));
    text
}

/// A hunk of which nothing more is known.
fn by_itself(diff: &FileDiff, hunk: &Hunk, stop: Stop<'_>) -> Vec<LineSpans> {
    let first_line = hunk.lines.first().map_or("", |line| &line.text);
    let language = Language::of_file(diff.stat.path.as_path(), first_line);
    let side = |other: DiffLineKind| {
        let lines = hunk.lines.iter().filter(|line| line.kind != other);
        let text: String = lines.flat_map(|line| [text_of(line), "\n"]).collect();
        let mut code = Code::new(text, language);
        code.spans(0..code.line_count(), stop)
    };
    styled(hunk, side(DiffLineKind::Added), side(DiffLineKind::Removed))
}

/// Each line with its spans: of the old side if it was removed, else of the new one.
fn styled(hunk: &Hunk, old: Vec<Vec<CodeSpan>>, new: Vec<Vec<CodeSpan>>) -> Vec<LineSpans> {
    let (mut old, mut new) = (old.into_iter(), new.into_iter());
    let spans_of = |line: &DiffLine| match line.kind {
        DiffLineKind::Removed => old.next(),
        DiffLineKind::Added => new.next(),
        DiffLineKind::Context => {
            old.next();
            new.next()
        }
    };
    let line_spans = |spans: Option<Vec<CodeSpan>>| LineSpans {
        spans: spans.unwrap_or_default(),
        ..LineSpans::default()
    };
    let mut lines: Vec<LineSpans> = hunk.lines.iter().map(spans_of).map(line_spans).collect();
    pair(&hunk.lines, &mut lines);
    lines
}

/// The text that counts: a carriage return before the newline is part of that.
fn text_of(line: &DiffLine) -> &str {
    line.text.strip_suffix('\r').unwrap_or(&line.text)
}
