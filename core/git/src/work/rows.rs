//! git's own listing of what differs between two trees.

use super::{MODE_SUBMODULE, MODE_TYPE, TreeChanges};
use crate::{
    GitError,
    command::{Checkout, path_from},
};
use std::{collections::BTreeSet, path::PathBuf};

/// One record of `--raw -z`.
pub(crate) struct RawRow {
    pub path: PathBuf,
    /// Mode and object.
    pub old: Option<(u32, String)>,
    pub new: Option<(u32, String)>,
}

pub(super) fn parse_raw(raw: &[u8]) -> Vec<RawRow> {
    let mut fields = raw.split(|byte| *byte == 0);
    let mut rows = Vec::new();
    while let (Some(head), Some(path)) = (fields.next(), fields.next()) {
        let head = String::from_utf8_lossy(head).into_owned();
        let words: Vec<&str> = head.trim_start_matches(':').split(' ').collect();
        let [old_mode, new_mode, old, new, _] = words[..] else {
            continue;
        };
        let side = |mode: &str, object: &str| {
            let mode = u32::from_str_radix(mode, 8).ok().filter(|mode| *mode != 0)?;
            Some((mode, object.to_owned()))
        };
        rows.push(RawRow {
            path: path_from(path),
            old: side(old_mode, old),
            new: side(new_mode, new),
        });
    }
    rows
}

/// What differs between two trees.
pub(crate) fn between_trees(checkout: &Checkout<'_>, from: &str, to: &str) -> Result<Vec<RawRow>, GitError> {
    let raw = checkout
        .command("compare trees")
        .args(["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev"])
        .args(["--end-of-options", from, to])
        .run()?;
    Ok(parse_raw(&raw.stdout))
}

/// The paths that differ between two trees.
pub(crate) fn tree_changes(checkout: &Checkout<'_>, from: &str, to: &str) -> Result<TreeChanges, GitError> {
    let mut changes = TreeChanges {
        removed: BTreeSet::new(),
        added: BTreeSet::new(),
        changed: BTreeSet::new(),
        unlinked: BTreeSet::new(),
    };
    let is_submodule = |side: &Option<(u32, String)>| {
        side.as_ref()
            .is_some_and(|(mode, _)| mode & MODE_TYPE == MODE_SUBMODULE)
    };
    for row in between_trees(checkout, from, to)? {
        if is_submodule(&row.old) && !is_submodule(&row.new) {
            changes.unlinked.insert(row.path.clone());
        }
        let set = match (&row.old, &row.new) {
            (Some(_), None) => &mut changes.removed,
            (None, _) => &mut changes.added,
            (Some(_), Some(_)) => &mut changes.changed,
        };
        set.insert(row.path);
    }
    Ok(changes)
}
