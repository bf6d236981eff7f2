//! The rows of a file's diff, unified or side by side, and where they went when the diff changed under the reader.

use anyon_model::{DiffLineKind, Hunk, LineSpans, StyledDiff};

/// A row of a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// Unchanged lines that are left out.
    Gap(Gap),
    /// An unchanged line that was opened, by its numbers from 0.
    Open { old: u32, new: u32 },
    /// A line of the unified view.
    Line(Place),
    /// Two lines side by side.
    Pair {
        left: Option<Place>,
        right: Option<Place>,
    },
}

/// Unchanged lines between two changed regions; lines are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    /// First one before.
    pub old: u32,
    /// First one after.
    pub new: u32,
    /// How many.
    pub count: u32,
}

/// A line of a diff: its place and its numbers from 1; 0 where it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub hunk: u32,
    pub line: u32,
    pub old: u32,
    pub new: u32,
}

/// The rows of a diff, and where its changes begin.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Rows {
    pub rows: Vec<Row>,
    pub changes: Vec<u64>,
}

/// How a diff is laid out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Layout {
    /// Side by side.
    pub split: bool,
    /// Lines of the file, if they are known.
    pub total: Option<u32>,
    /// Unchanged lines that were opened: ranges of lines before, from 0.
    pub opened: Vec<(u32, u32)>,
}

/// The rows of a diff.
pub(super) fn build(diff: &StyledDiff, layout: &Layout) -> Rows {
    let mut rows = Rows::default();
    let (mut old, mut new) = (0, 0);
    for (index, hunk) in diff.diff.hunks.iter().enumerate() {
        // A side without lines names the line before it.
        let first = |start: u32, lines: u32| {
            if lines == 0 {
                start
            } else {
                start.saturating_sub(1)
            }
        };
        let (old_first, new_first) = (
            first(hunk.old_start, hunk.old_lines),
            first(hunk.new_start, hunk.new_lines),
        );
        gap(
            &mut rows,
            layout,
            Gap {
                old,
                new,
                count: new_first.saturating_sub(new),
            },
        );
        let places = places(hunk, index as u32, (old_first, new_first));
        let spans = diff.hunks.get(index).map_or(&[][..], Vec::as_slice);
        if layout.split {
            split(&mut rows, hunk, spans, &places);
        } else {
            unified(&mut rows, hunk, &places);
        }
        (old, new) = (old_first + hunk.old_lines, new_first + hunk.new_lines);
    }
    if let Some(total) = layout.total.filter(|_| !diff.diff.hunks.is_empty()) {
        gap(
            &mut rows,
            layout,
            Gap {
                old,
                new,
                count: total.saturating_sub(new),
            },
        );
    }
    rows
}

fn gap(rows: &mut Rows, layout: &Layout, gap: Gap) {
    if gap.count == 0 {
        return;
    }
    let end = gap.old + gap.count;
    if layout
        .opened
        .iter()
        .any(|(from, to)| *from < end && gap.old < *to)
    {
        let lines = (0..gap.count).map(|n| Row::Open {
            old: gap.old + n,
            new: gap.new + n,
        });
        rows.rows.extend(lines);
    } else {
        rows.rows.push(Row::Gap(gap));
    }
}

fn places(hunk: &Hunk, index: u32, (mut old, mut new): (u32, u32)) -> Vec<Place> {
    let lines = hunk.lines.iter().enumerate();
    let place = |(line, of): (usize, &anyon_model::DiffLine)| {
        let (before, after) = (of.kind != DiffLineKind::Added, of.kind != DiffLineKind::Removed);
        old += u32::from(before);
        new += u32::from(after);
        Place {
            hunk: index,
            line: line as u32,
            old: if before { old } else { 0 },
            new: if after { new } else { 0 },
        }
    };
    lines.map(place).collect()
}

fn unified(rows: &mut Rows, hunk: &Hunk, places: &[Place]) {
    let mut in_change = false;
    for (line, place) in hunk.lines.iter().zip(places) {
        let changed = line.kind != DiffLineKind::Context;
        if changed && !in_change {
            rows.changes.push(rows.rows.len() as u64);
        }
        in_change = changed;
        rows.rows.push(Row::Line(*place));
    }
}

fn split(rows: &mut Rows, hunk: &Hunk, spans: &[LineSpans], places: &[Place]) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for (line, place) in hunk.lines.iter().zip(places) {
        match line.kind {
            DiffLineKind::Removed => left.push(*place),
            DiffLineKind::Added => right.push(*place),
            DiffLineKind::Context => {
                pair_up(rows, spans, &mut left, &mut right);
                rows.rows.push(Row::Pair {
                    left: Some(*place),
                    right: Some(*place),
                });
            }
        }
    }
    pair_up(rows, spans, &mut left, &mut right);
}

/// Lines that became one another stand side by side; the others fill what is free, in order.
fn pair_up(rows: &mut Rows, spans: &[LineSpans], left: &mut Vec<Place>, right: &mut Vec<Place>) {
    if left.is_empty() && right.is_empty() {
        return;
    }
    rows.changes.push(rows.rows.len() as u64);
    let counterpart = |place: &Place| spans.get(place.line as usize).and_then(|spans| spans.counterpart);
    let (mut l, mut r) = (0, 0);
    while l < left.len() || r < right.len() {
        let (before, after) = (left.get(l).copied(), right.get(r).copied());
        let wanted = before.as_ref().and_then(counterpart);
        let wanted = wanted.filter(|line| right[r..].iter().any(|place| place.line == *line));
        let fits = match (wanted, &after) {
            (Some(line), Some(after)) => after.line == line,
            (None, Some(after)) => counterpart(after).is_none(),
            (_, None) => false,
        };
        let (left, right) = match (before, after) {
            (Some(before), Some(after)) if fits => (Some(before), Some(after)),
            (Some(before), _) if wanted.is_none() => (Some(before), None),
            (_, after) => (None, after),
        };
        l += usize::from(left.is_some());
        r += usize::from(right.is_some());
        rows.rows.push(Row::Pair { left, right });
    }
    left.clear();
    right.clear();
}

/// Rows compared to find a place again.
const ALIKE: usize = 3;
/// Rows below the upper edge that are looked for.
const LOOKED_FOR: usize = 40;

/// Where the row at the upper edge went when a diff changed: so many rows down, or up.
pub(super) fn moved(before: (&StyledDiff, &Rows), after: (&StyledDiff, &Rows), top: usize) -> i64 {
    let seen = top..(top + LOOKED_FOR).min(before.1.rows.len());
    let found = seen.into_iter().find_map(|row| {
        let at = alike(before, after, row).or_else(|| same_line(before.1, after.1, row))?;
        Some(at as i64 - row as i64)
    });
    found.unwrap_or(0)
}

/// The nearest row that reads like one, with the rows below it. Looked for from near to far: where an agent writes,
/// rows move by a few.
fn alike(before: (&StyledDiff, &Rows), after: (&StyledDiff, &Rows), row: usize) -> Option<usize> {
    let window = texts(before, row);
    if window.len() < ALIKE || window.iter().all(|text| text.trim().is_empty()) {
        return None;
    }
    let rows = &after.1.rows;
    let reads_so = |at: &usize| {
        let read = |(row, wanted): (&Row, &&str)| text(after.0, row) == Some(*wanted);
        rows.len() - at >= ALIKE && rows[*at..].iter().zip(&window).all(read)
    };
    let mut above = (0..row.min(rows.len())).rev();
    let mut below = row..rows.len();
    loop {
        let nearest = [below.next(), above.next()];
        if nearest == [None, None] {
            return None;
        }
        if let Some(found) = nearest.into_iter().flatten().find(&reads_so) {
            return Some(found);
        }
    }
}

/// The row of the same line before.
fn same_line(before: &Rows, after: &Rows, row: usize) -> Option<usize> {
    let old = before.rows.get(row).and_then(old_line)?;
    after.rows.iter().position(|row| old_line(row) == Some(old))
}

/// The texts of a row and those below it.
fn texts<'a>((diff, rows): (&'a StyledDiff, &Rows), from: usize) -> Vec<&'a str> {
    let window = rows
        .rows
        .get(from..(from + ALIKE).min(rows.rows.len()))
        .unwrap_or_default();
    window.iter().map_while(|row| text(diff, row)).collect()
}

/// The text of a row that stands in the diff itself.
pub(super) fn text<'a>(diff: &'a StyledDiff, row: &Row) -> Option<&'a str> {
    let place = match row {
        Row::Line(place) => place,
        Row::Pair { left, right } => right.as_ref().or(left.as_ref())?,
        Row::Gap(_) | Row::Open { .. } => return None,
    };
    let hunk = diff.diff.hunks.get(place.hunk as usize)?;
    Some(hunk.lines.get(place.line as usize)?.text.as_str())
}

/// The line before that a row shows, from 1: it stays what it is while the agent writes.
fn old_line(row: &Row) -> Option<u32> {
    let old = match row {
        Row::Line(place) => place.old,
        Row::Pair { left, .. } => left.as_ref()?.old,
        Row::Open { old, .. } => old + 1,
        Row::Gap(_) => 0,
    };
    (old > 0).then_some(old)
}

#[cfg(test)]
mod tests;
