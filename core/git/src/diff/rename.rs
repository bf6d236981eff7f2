//! Renames: a file that is gone and one that is new are one file when they share half of their content, as git
//! decides it (`diffcore-rename`, 50 %).

use super::{LARGE_FILE_BYTES, on_threads};
use crate::{
    CancelToken, GitError,
    work::{Change, Content, MODE_TYPE, Side, WorkReader},
};
use anyon_model::FileStatus;
use std::{
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};

/// git's `diff.renameLimit`: with more candidates on both sides only identical files are found.
const RENAME_LIMIT: usize = 1000;
/// Longest piece that content is compared by.
const PIECE_BYTES: usize = 64;

/// Joins what was renamed. The result is sorted by path.
pub(super) fn detect(
    changes: Vec<Change>,
    reader: &dyn WorkReader,
    cancel: &CancelToken,
) -> Result<Vec<Change>, GitError> {
    let is_gone = |change: &Change| change.status == FileStatus::Deleted;
    let is_new = |change: &Change| matches!(change.status, FileStatus::Added | FileStatus::Untracked);
    let (gone, rest): (Vec<_>, Vec<_>) = changes.into_iter().partition(is_gone);
    let (new, mut kept): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_new);
    let pairs = if gone.is_empty() || new.is_empty() {
        BTreeMap::new()
    } else {
        pair(&gone, &new, reader, cancel)?
    };
    let taken: Vec<usize> = pairs.values().copied().collect();
    for (place, mut change) in new.into_iter().enumerate() {
        if let Some(source) = pairs.get(&place).and_then(|source| gone.get(*source)) {
            change.status = FileStatus::Renamed;
            change.old_path = Some(source.path.clone());
            change.old = source.old.clone();
        }
        kept.push(change);
    }
    kept.extend(
        gone.into_iter()
            .enumerate()
            .filter(|(place, _)| !taken.contains(place))
            .map(|(_, change)| change),
    );
    kept.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(kept)
}

/// What is compared of a file.
struct Print {
    size: u64,
    kind: u32,
    whole: u64,
    pieces: HashMap<u64, u64>,
}

/// Place of a new file → place of the one it was.
fn pair(
    gone: &[Change],
    new: &[Change],
    reader: &dyn WorkReader,
    cancel: &CancelToken,
) -> Result<BTreeMap<usize, usize>, GitError> {
    let inexact = gone.len().saturating_mul(new.len()) <= RENAME_LIMIT * RENAME_LIMIT;
    let sides: Vec<Option<&Side>> = gone
        .iter()
        .map(|change| change.old.as_ref())
        .chain(new.iter().map(|change| change.new.as_ref()))
        .collect();
    let prints = on_threads(reader, &sides, cancel, |side, contents| {
        Ok(match side {
            Some(side) if is_candidate(side) => Some(print(side, &contents.read(side)?, inexact)),
            _ => None,
        })
    })?;
    let (old, new_prints) = prints.split_at(gone.len());
    let mut pairs = exact(gone, old, new, new_prints);
    if inexact {
        similar(old, new_prints, gone, new, &mut pairs);
    }
    Ok(pairs)
}

fn is_candidate(side: &Side) -> bool {
    side.size <= LARGE_FILE_BYTES && !matches!(side.content, Content::Submodule(_))
}

fn print(side: &Side, bytes: &[u8], inexact: bool) -> Print {
    Print {
        size: bytes.len() as u64,
        kind: side.mode & MODE_TYPE,
        whole: hash(bytes),
        pieces: if inexact { pieces(bytes) } else { HashMap::new() },
    }
}

/// Bytes by hash of the line, or of 64 bytes of it, that they stand in. Line endings of text count alike.
fn pieces(bytes: &[u8]) -> HashMap<u64, u64> {
    let is_text = !bytes[..bytes.len().min(8000)].contains(&0);
    let mut pieces = HashMap::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let unified: Vec<u8>;
        let line = match line.strip_suffix(b"\r\n") {
            Some(text) if is_text => {
                unified = [text, b"\n"].concat();
                &unified
            }
            _ => line,
        };
        for piece in line.chunks(PIECE_BYTES) {
            *pieces.entry(hash(piece)).or_insert(0) += piece.len() as u64;
        }
    }
    pieces
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// Identical files first, those of the same name before others.
fn exact(
    gone: &[Change],
    old: &[Option<Print>],
    new: &[Change],
    new_prints: &[Option<Print>],
) -> BTreeMap<usize, usize> {
    let mut by_content: HashMap<(u64, u64, u32), Vec<usize>> = HashMap::new();
    for (place, print) in old.iter().enumerate() {
        if let Some(print) = print.as_ref().filter(|print| print.size > 0) {
            by_content
                .entry((print.whole, print.size, print.kind))
                .or_default()
                .push(place);
        }
    }
    let mut pairs = BTreeMap::new();
    for (place, print) in new_prints.iter().enumerate() {
        let Some(sources) = print
            .as_ref()
            .and_then(|print| by_content.get_mut(&(print.whole, print.size, print.kind)))
        else {
            continue;
        };
        let same_name = sources
            .iter()
            .position(|source| gone[*source].path.file_name() == new[place].path.file_name());
        if !sources.is_empty() {
            pairs.insert(place, sources.remove(same_name.unwrap_or(0)));
        }
    }
    pairs
}

/// The best of what is left, pair by pair, if it shares at least half.
fn similar(
    old: &[Option<Print>],
    new_prints: &[Option<Print>],
    gone: &[Change],
    new: &[Change],
    pairs: &mut BTreeMap<usize, usize>,
) {
    let mut taken: Vec<bool> = vec![false; old.len()];
    pairs.values().for_each(|source| taken[*source] = true);
    let mut scored = Vec::new();
    for (place, print) in new_prints.iter().enumerate() {
        let Some(print) = print.as_ref().filter(|_| !pairs.contains_key(&place)) else {
            continue;
        };
        for (source, old) in old.iter().enumerate().filter(|(source, _)| !taken[*source]) {
            let Some(score) = old.as_ref().and_then(|old| score(old, print)) else {
                continue;
            };
            let same_name = gone[source].path.file_name() == new[place].path.file_name();
            scored.push((score, same_name, place, source));
        }
    }
    scored.sort_by(|one, other| (other.0, other.1, one.2, one.3).cmp(&(one.0, one.1, other.2, other.3)));
    for (_, _, place, source) in scored {
        if !taken[source] && !pairs.contains_key(&place) {
            taken[source] = true;
            pairs.insert(place, source);
        }
    }
}

/// Of 60,000, as git counts; `None` below half.
fn score(old: &Print, new: &Print) -> Option<u64> {
    const MAX: u64 = 60_000;
    let (larger, smaller) = (old.size.max(new.size), old.size.min(new.size));
    if old.kind != new.kind || smaller == 0 || smaller * 2 < larger {
        return None;
    }
    let shared: u64 = old
        .pieces
        .iter()
        .map(|(piece, bytes)| new.pieces.get(piece).map_or(0, |other| *bytes.min(other)))
        .sum();
    Some(shared * MAX / larger).filter(|score| *score >= MAX / 2)
}
