//! Two commits compared with libgit2.

use super::{
    Change, Side,
    library::{is_binary, object, status},
};
use crate::{CancelToken, GitError, command::path_from, error::library};
use git2::{DiffOptions, ObjectType, Odb, Repository, Tree};
use std::path::Path;

const READ: &str = "read a commit";

/// What differs between two commits, sorted by path, without renames.
pub(super) fn changes(
    repo: &Repository,
    (old, new): (&str, &str),
    cancel: &CancelToken,
) -> Result<Vec<Change>, GitError> {
    let (old, new) = (tree(repo, old)?, tree(repo, new)?);
    let mut options = DiffOptions::new();
    options.include_typechange(true).skip_binary_check(true);
    let diff = repo
        .diff_tree_to_tree(Some(&old), Some(&new), Some(&mut options))
        .map_err(library(READ))?;
    cancel.check()?;
    let odb = repo.odb().map_err(library(READ))?;
    let paths = diff
        .deltas()
        .filter_map(|delta| Some(path_from(delta.new_file().path_bytes()?)));
    let change = |path: std::path::PathBuf| {
        let (old, new) = (side(&odb, &old, &path), side(&odb, &new, &path));
        let status = status(old.as_ref(), new.as_ref(), true)?;
        let binary = is_binary(repo, &path);
        Some(Change {
            path,
            old_path: None,
            status,
            old,
            new,
            binary,
        })
    };
    let mut changes: Vec<Change> = paths.filter_map(change).collect();
    changes.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(changes)
}

/// What a commit has at a path.
pub(super) fn side_at(repo: &Repository, commit: &str, path: &Path) -> Result<Option<Side>, GitError> {
    let odb = repo.odb().map_err(library(READ))?;
    Ok(side(&odb, &tree(repo, commit)?, path))
}

fn tree<'r>(repo: &'r Repository, commit: &str) -> Result<Tree<'r>, GitError> {
    repo.revparse_single(commit)
        .and_then(|object| object.peel_to_tree())
        .map_err(library(READ))
}

/// What a tree has at a path. A folder is nothing.
pub(super) fn side(odb: &Odb<'_>, tree: &Tree<'_>, path: &Path) -> Option<Side> {
    let entry = tree.get_path(path).ok()?;
    if entry.kind() == Some(ObjectType::Tree) {
        return None;
    }
    Some(Side {
        mode: u32::try_from(entry.filemode()).unwrap_or(0),
        content: object(entry.filemode(), entry.id()),
        size: odb.read_header(entry.id()).map_or(0, |(size, _)| size as u64),
    })
}
