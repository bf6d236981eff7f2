//! What an edit would change, as lines for a person.

use anyon_model::{DiffLine, DiffLineKind, Hunk};

/// Lines that stay, shown before and after.
const AROUND: usize = 2;
/// Lines of one side that are shown.
const LINES: usize = 60;
/// Characters of a line that are shown: a file may be one line.
const CHARACTERS: usize = 200;

/// The one region that differs; `None`: nothing does.
pub fn changed(before: &str, after: &str) -> Option<Hunk> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    if old == new {
        return None;
    }
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let rest = old[same..].iter().rev().zip(new[same..].iter().rev());
    let same_below = rest.take_while(|(old, new)| old == new).count();
    let (old_end, new_end) = (old.len() - same_below, new.len() - same_below);
    let first = same.saturating_sub(AROUND);
    let last = (old_end + AROUND).min(old.len());
    let parts = [
        (DiffLineKind::Context, &old[first..same]),
        (DiffLineKind::Removed, &old[same..old_end]),
        (DiffLineKind::Added, &new[same..new_end]),
        (DiffLineKind::Context, &old[old_end..last]),
    ];
    let around = (same - first) + (last - old_end);
    Some(Hunk {
        old_start: number(first + usize::from(!old.is_empty())),
        old_lines: number(around + (old_end - same)),
        new_start: number(first + 1),
        new_lines: number(around + (new_end - same)),
        lines: parts
            .into_iter()
            .flat_map(|(kind, lines)| shown(kind, lines))
            .collect(),
    })
}

fn shown(kind: DiffLineKind, lines: &[&str]) -> impl Iterator<Item = DiffLine> {
    lines.iter().take(LINES).map(move |line| DiffLine {
        kind,
        text: line.chars().take(CHARACTERS).collect(),
        no_newline: false,
    })
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
