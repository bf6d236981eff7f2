//! Folders that look like repositories and are none: libgit2 takes any `.git` for one and lists the folder as a
//! whole, git looks into it. Their files are work like all others.

use crate::link;
use git2::Repository;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The files of such a folder that are not ignored; none if it is a repository after all.
pub(super) fn files(repo: &Repository, root: &Path, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if !is_repository(&root.join(folder)) {
        look(repo, root, folder, &mut found);
    }
    found
}

fn is_repository(folder: &Path) -> bool {
    link::git_dir(folder).is_some_and(|git_dir| fs::symlink_metadata(git_dir.join("HEAD")).is_ok())
}

fn look(repo: &Repository, root: &Path, folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(root.join(folder)).into_iter().flatten();
    for entry in entries.filter_map(Result::ok) {
        let path = folder.join(entry.file_name());
        let is_left = entry.file_name() == ".git" || repo.is_path_ignored(&path).unwrap_or(false);
        match entry.file_type() {
            _ if is_left => {}
            Ok(kind) if kind.is_dir() && !is_repository(&root.join(&path)) => {
                look(repo, root, &path, found);
            }
            Ok(kind) if kind.is_file() || kind.is_symlink() => found.push(path),
            _ => {}
        }
    }
}
