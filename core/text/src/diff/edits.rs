//! The changes that an agent tells of, as diffs. Git is the truth; these are what it meant to do.

use super::DiffStyler;
use crate::Stop;
use anyon_model::{
    DiffLine, DiffLineKind, FileChange, FileDiff, FileStat, FileStatus, Hunk, Omitted, StyledDiff,
};
use similar::{ChangeTag, DiffOp, TextDiff};
use std::time::Duration;

/// Larger texts are not compared.
const LARGE_BYTES: usize = 512 * 1024;
/// Lines around a change.
const CONTEXT_LINES: usize = 3;
/// After this the comparison of two texts ends with what it has: right, but not the smallest.
const COMPARE_LIMIT: Duration = Duration::from_millis(200);

/// The diff of each change, in order. Lines are counted from the beginning of the texts, which for a
/// [`FileChange::partial`] one is not the beginning of the file.
pub fn edit_diffs(changes: &[FileChange], stop: Stop<'_>) -> Vec<StyledDiff> {
    changes.iter().map(|change| edit_diff(change, stop)).collect()
}

fn edit_diff(change: &FileChange, stop: Stop<'_>) -> StyledDiff {
    let (old, new) = (change.old_text.as_deref(), change.new_text.as_deref());
    let bytes = old.map_or(0, str::len) + new.map_or(0, str::len);
    let mut diff = FileDiff {
        stat: stat(change),
        hunks: Vec::new(),
    };
    if bytes > LARGE_BYTES {
        diff.stat.omitted = Some(Omitted::TooLarge { bytes: bytes as u64 });
    } else if !stop() {
        diff.hunks = hunks(old.unwrap_or_default(), new.unwrap_or_default());
        count(&mut diff);
    }
    DiffStyler::new().style(diff, new, stop)
}

fn stat(change: &FileChange) -> FileStat {
    let status = match (&change.old_text, &change.new_text) {
        (None, Some(_)) if !change.partial => FileStatus::Added,
        (Some(_), None) if !change.partial => FileStatus::Deleted,
        _ => FileStatus::Modified,
    };
    FileStat {
        path: change.path.clone(),
        old_path: None,
        status,
        additions: 0,
        deletions: 0,
        omitted: None,
        before: None,
        after: None,
    }
}

fn count(diff: &mut FileDiff) {
    for line in diff.hunks.iter().flat_map(|hunk| &hunk.lines) {
        match line.kind {
            DiffLineKind::Added => diff.stat.additions += 1,
            DiffLineKind::Removed => diff.stat.deletions += 1,
            DiffLineKind::Context => {}
        }
    }
}

fn hunks(old: &str, new: &str) -> Vec<Hunk> {
    let diff = TextDiff::configure().timeout(COMPARE_LIMIT).diff_lines(old, new);
    diff.grouped_ops(CONTEXT_LINES)
        .iter()
        .map(|ops| hunk(&diff, ops))
        .collect()
}

fn hunk(diff: &TextDiff<'_, '_, str>, ops: &[DiffOp]) -> Hunk {
    let old = ops.first().zip(ops.last());
    let old = old.map_or(0..0, |(first, last)| {
        first.old_range().start..last.old_range().end
    });
    let new = ops.first().zip(ops.last());
    let new = new.map_or(0..0, |(first, last)| {
        first.new_range().start..last.new_range().end
    });
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    // As git counts: a side without lines is named by the line before it.
    let start = |range: &std::ops::Range<usize>| number(range.start + usize::from(!range.is_empty()));
    Hunk {
        old_start: start(&old),
        old_lines: number(old.len()),
        new_start: start(&new),
        new_lines: number(new.len()),
        lines: ops
            .iter()
            .flat_map(|op| diff.iter_changes(op))
            .map(|change| line(&change))
            .collect(),
    }
}

fn line(change: &similar::Change<&str>) -> DiffLine {
    let kind = match change.tag() {
        ChangeTag::Equal => DiffLineKind::Context,
        ChangeTag::Insert => DiffLineKind::Added,
        ChangeTag::Delete => DiffLineKind::Removed,
    };
    let text = change.value();
    DiffLine {
        kind,
        text: text.strip_suffix('\n').unwrap_or(text).to_owned(),
        no_newline: false,
    }
}
