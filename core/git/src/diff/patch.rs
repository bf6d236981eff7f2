//! The lines of one file: counted, or whole.

use super::{LARGE_FILE_BYTES, bare_stat, kind::kinds, trim::middle};
use crate::{
    GitError,
    error::library,
    work::{Change, Contents},
};
use anyon_model::{DiffLine, DiffLineKind, FileDiff, FileStat, FileStatus, Hunk, Omitted};
use git2::{DiffLineType, DiffOptions, Patch};

const COMPARE: &str = "compare a file";
/// How much of a file git looks at to tell whether it is text.
const BINARY_PROBE_BYTES: usize = 8000;

/// The counts of a file. `None`: it does not differ after all.
pub(super) fn stat(change: &Change, contents: &mut dyn Contents) -> Result<Option<FileStat>, GitError> {
    let mut stat = bare_stat(change);
    (stat.before, stat.after) = kinds(change, contents)?;
    let Some((old, new)) = sides(change, contents, LARGE_FILE_BYTES, &mut stat)? else {
        return Ok(Some(stat));
    };
    if is_unchanged(change, &old, &new) {
        return Ok(None);
    }
    if stat.omitted.is_none() {
        (stat.additions, stat.deletions) = count(&old, &new)?;
    }
    Ok(Some(stat))
}

/// The lines of a file. `None`: it does not differ after all.
pub(super) fn file(
    change: &Change,
    contents: &mut dyn Contents,
    limit_bytes: u64,
) -> Result<Option<FileDiff>, GitError> {
    let mut stat = bare_stat(change);
    (stat.before, stat.after) = kinds(change, contents)?;
    let mut hunks = Vec::new();
    if let Some((old, new)) = sides(change, contents, limit_bytes, &mut stat)? {
        if is_unchanged(change, &old, &new) {
            return Ok(None);
        }
        if stat.omitted.is_none() {
            hunks = compare(&old, &new)?;
            let count = |kind| {
                let lines = hunks.iter().flat_map(|hunk| &hunk.lines);
                lines.filter(|line| line.kind == kind).count() as u32
            };
            (stat.additions, stat.deletions) = (count(DiffLineKind::Added), count(DiffLineKind::Removed));
        }
    }
    Ok(Some(FileDiff { stat, hunks }))
}

/// Before and after.
type BothSides = (Vec<u8>, Vec<u8>);

/// Both contents, unless one is too large; says in `stat` why lines are left out.
fn sides(
    change: &Change,
    contents: &mut dyn Contents,
    limit_bytes: u64,
    stat: &mut FileStat,
) -> Result<Option<BothSides>, GitError> {
    let bytes = [&change.old, &change.new]
        .into_iter()
        .flatten()
        .map(|side| side.size);
    let bytes = bytes.max().unwrap_or(0);
    if bytes > limit_bytes {
        stat.omitted = Some(Omitted::TooLarge { bytes });
        return Ok(None);
    }
    let mut read = |side: &Option<_>| match side {
        Some(side) => contents.read(side),
        None => Ok(Vec::new()),
    };
    let (old, new) = (read(&change.old)?, read(&change.new)?);
    if change.binary || is_binary(&old) || is_binary(&new) {
        stat.omitted = Some(Omitted::Binary);
    }
    Ok(Some((old, new)))
}

/// Some paths are looked at because the index differs; the files themselves may not.
fn is_unchanged(change: &Change, old: &[u8], new: &[u8]) -> bool {
    let modes = |side: &Option<crate::work::Side>| side.as_ref().map(|side| side.mode);
    change.status == FileStatus::Modified && old == new && modes(&change.old) == modes(&change.new)
}

fn is_binary(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(BINARY_PROBE_BYTES)].contains(&0)
}

/// Lines added and removed.
fn count(old: &[u8], new: &[u8]) -> Result<(u32, u32), GitError> {
    if old.is_empty() || new.is_empty() {
        return Ok((lines(new), lines(old)));
    }
    let middle = middle(old, new);
    let patch = patch(middle.old, middle.new, 0)?;
    let (_, added, removed) = patch.line_stats().map_err(library(COMPARE))?;
    Ok((added as u32, removed as u32))
}

fn lines(bytes: &[u8]) -> u32 {
    bytes.split_inclusive(|byte| *byte == b'\n').count() as u32
}

fn compare(old: &[u8], new: &[u8]) -> Result<Vec<Hunk>, GitError> {
    if old == new {
        return Ok(Vec::new());
    }
    let middle = middle(old, new);
    let patch = patch(middle.old, middle.new, 3)?;
    (0..patch.num_hunks())
        .map(|place| hunk(&patch, place, middle.lines_before))
        .collect()
}

/// As `git diff` does it: lines of text, and a change slides to where indentation says that it begins.
fn patch<'b>(old: &'b [u8], new: &'b [u8], context_lines: u32) -> Result<Patch<'b>, GitError> {
    let mut options = DiffOptions::new();
    options
        .context_lines(context_lines)
        .indent_heuristic(true)
        .force_text(true);
    Patch::from_buffers(old, None, new, None, Some(&mut options)).map_err(library(COMPARE))
}

fn hunk(patch: &Patch<'_>, place: usize, lines_before: u32) -> Result<Hunk, GitError> {
    let (head, count) = patch.hunk(place).map_err(library(COMPARE))?;
    let mut hunk = Hunk {
        old_start: head.old_start() + lines_before,
        old_lines: head.old_lines(),
        new_start: head.new_start() + lines_before,
        new_lines: head.new_lines(),
        lines: Vec::with_capacity(count),
    };
    for number in 0..count {
        let line = patch.line_in_hunk(place, number).map_err(library(COMPARE))?;
        let kind = match line.origin_value() {
            DiffLineType::Context => DiffLineKind::Context,
            DiffLineType::Addition => DiffLineKind::Added,
            DiffLineType::Deletion => DiffLineKind::Removed,
            // “No newline at end of file”, told apart from the line that it is about.
            _ => {
                if let Some(last) = hunk.lines.last_mut() {
                    last.no_newline = true;
                }
                continue;
            }
        };
        hunk.lines.push(DiffLine {
            kind,
            text: text_of(line.content()),
            no_newline: false,
        });
    }
    Ok(hunk)
}

fn text_of(content: &[u8]) -> String {
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    String::from_utf8_lossy(content).into_owned()
}
