//! Which removed line became which added one.

use crate::word_diff;
use anyon_model::{DiffLine, DiffLineKind, LineSpans};
use std::{collections::HashMap, ops::Range};

/// Removed times added lines that are compared, each with each. Larger changes are rewrites: nothing became anything.
const COMPARED_PAIRS: usize = 4096;
/// Bytes of the lines of a change that are compared.
const COMPARED_BYTES: usize = 64 * 1024;
/// How alike two lines have to be to be counterparts, of 100.
const ALIKE: u32 = 40;

/// Finds the counterparts in a hunk and marks the words that differ.
pub fn pair(lines: &[DiffLine], spans: &mut [LineSpans]) {
    for (removed, added) in changes(lines) {
        for (old, new) in alignment(&lines[removed.clone()], &lines[added.clone()]) {
            let (old, new) = (removed.start + old, added.start + new);
            let (gone, come) = word_diff(&lines[old].text, &lines[new].text);
            set(spans, old, new, gone);
            set(spans, new, old, come);
        }
    }
}

fn set(spans: &mut [LineSpans], at: usize, counterpart: usize, words: Vec<Range<u32>>) {
    if let Some(line) = spans.get_mut(at) {
        line.counterpart = u32::try_from(counterpart).ok();
        line.words = words;
    }
}

/// The places of removed lines with the added ones that follow them.
fn changes(lines: &[DiffLine]) -> Vec<(Range<usize>, Range<usize>)> {
    let run = |from: usize, kind: DiffLineKind| {
        let len = lines[from..].iter().take_while(|line| line.kind == kind).count();
        from..from + len
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let removed = run(at, DiffLineKind::Removed);
        let added = run(removed.end, DiffLineKind::Added);
        at = added.end.max(at + 1);
        if !removed.is_empty() && !added.is_empty() {
            found.push((removed, added));
        }
    }
    found
}

/// The pairs that are most alike in all, none crossing another.
fn alignment(old: &[DiffLine], new: &[DiffLine]) -> Vec<(usize, usize)> {
    let bytes: usize = old.iter().chain(new).map(|line| line.text.len()).sum();
    if old.len().saturating_mul(new.len()) > COMPARED_PAIRS || bytes > COMPARED_BYTES {
        return Vec::new();
    }
    let old_words: Vec<_> = old.iter().map(|line| words(&line.text)).collect();
    let new_words: Vec<_> = new.iter().map(|line| words(&line.text)).collect();
    let score = |old: usize, new: usize| {
        let alike = alikeness(&old_words[old], &new_words[new]);
        if alike < ALIKE { 0 } else { alike }
    };
    best_path(old.len(), new.len(), &score)
}

/// The best sum of scores from each pair of places to the end, then the path that reaches it.
fn best_path(old_len: usize, new_len: usize, score: &dyn Fn(usize, usize) -> u32) -> Vec<(usize, usize)> {
    let mut best = vec![vec![0_u32; new_len + 1]; old_len + 1];
    let mut scores = vec![vec![0_u32; new_len]; old_len];
    for old in (0..old_len).rev() {
        for new in (0..new_len).rev() {
            scores[old][new] = score(old, new);
            let paired = if scores[old][new] > 0 {
                best[old + 1][new + 1] + scores[old][new]
            } else {
                0
            };
            best[old][new] = paired.max(best[old + 1][new]).max(best[old][new + 1]);
        }
    }
    let (mut pairs, mut old, mut new) = (Vec::new(), 0, 0);
    while old < old_len && new < new_len {
        let pair = scores[old][new];
        if pair > 0 && best[old][new] == best[old + 1][new + 1] + pair {
            pairs.push((old, new));
            (old, new) = (old + 1, new + 1);
        } else if best[old][new] == best[old + 1][new] {
            old += 1;
        } else {
            new += 1;
        }
    }
    pairs
}

/// How often each word stands in a line, white space aside.
struct Words<'l> {
    counts: HashMap<&'l str, u32>,
    bytes: u32,
}

fn words(line: &str) -> Words<'_> {
    let mut words = Words {
        counts: HashMap::new(),
        bytes: 0,
    };
    let parts = line.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_');
    for word in parts.map(str::trim).filter(|word| !word.is_empty()) {
        *words.counts.entry(word).or_default() += 1;
        words.bytes += u32::try_from(word.len()).unwrap_or(0);
    }
    words
}

/// The share of bytes in words that both have, of 100.
fn alikeness(old: &Words<'_>, new: &Words<'_>) -> u32 {
    let common = old.counts.iter().map(|(word, count)| {
        let both = (*count).min(new.counts.get(word).copied().unwrap_or(0));
        both * u32::try_from(word.len()).unwrap_or(0)
    });
    common.sum::<u32>() * 200 / (old.bytes + new.bytes).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pairs of a hunk that is written as in a patch.
    fn pairs(patch: &[&str]) -> Vec<(usize, usize)> {
        let lines: Vec<DiffLine> = patch.iter().map(|line| line_of(line)).collect();
        let mut spans = vec![LineSpans::default(); lines.len()];
        pair(&lines, &mut spans);
        let removed = spans
            .iter()
            .enumerate()
            .filter(|(at, _)| lines[*at].kind == DiffLineKind::Removed);
        removed
            .filter_map(|(at, spans)| Some((at, spans.counterpart? as usize)))
            .collect()
    }

    fn line_of(line: &str) -> DiffLine {
        let kind = match &line[..1] {
            "-" => DiffLineKind::Removed,
            "+" => DiffLineKind::Added,
            _ => DiffLineKind::Context,
        };
        DiffLine {
            kind,
            text: line[1..].to_owned(),
            no_newline: false,
        }
    }

    #[test]
    fn lines_that_are_alike_are_counterparts_and_never_cross() {
        assert_eq!(pairs(&["-let a = 1;", "+let a = 2;"]), [(0, 1)]);
        assert_eq!(
            pairs(&["-let a = 1;", "-let b = 1;", "+let a = 2;", "+let b = 2;"]),
            [(0, 2), (1, 3)]
        );
        assert_eq!(
            pairs(&[
                "-fn old_name(x: u32) {",
                "+/// What it does.",
                "+fn new_name(x: u32) {",
                "+    body"
            ]),
            [(0, 2)],
            "the inserted lines belong to nobody"
        );
        let swapped = pairs(&[
            "-first line here",
            "-second text there",
            "+second text there!",
            "+first line here!",
        ]);
        assert_eq!(swapped.len(), 1);
    }

    #[test]
    fn context_between_ends_a_change() {
        assert_eq!(pairs(&["-let a = 1;", " same", "+let a = 2;"]), []);
        assert_eq!(pairs(&["+let a = 2;", "-let a = 1;"]), []);
        assert_eq!(pairs(&["-let a = 1;", "+wholly different words"]), []);
    }

    #[test]
    fn a_rewrite_has_no_counterparts() {
        let old = (0..100).map(|at| format!("-line {at}"));
        let new = (0..100).map(|at| format!("+line {at}!"));
        let patch: Vec<String> = old.chain(new).collect();
        assert_eq!(pairs(&patch.iter().map(String::as_str).collect::<Vec<_>>()), []);
    }
}
