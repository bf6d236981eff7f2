//! Checkouts that stand on a branch which is about to move: whether they can follow, and following.
//!
//! This is the only place that touches a checkout of the user. It looks first at every file concerned: any change,
//! staged or not, and anything untracked or ignored in the way refuses the move before it is made. Then only these
//! files change, all others stay byte for byte.

use crate::{
    GitError,
    command::{Checkout, path_from},
    filters, link, names, plain, refs,
    work::{TreeChanges, tree_changes},
};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The checkouts that will follow a branch from one tree to another; all of them are clean in what is concerned.
pub(crate) struct Followers<'g> {
    checkouts: Vec<Checkout<'g>>,
    from: String,
    to: String,
}

impl<'g> Followers<'g> {
    /// Finds them and looks whether they can follow.
    pub fn prepare(repo: &Checkout<'g>, branch: &str, from: &str, to: &str) -> Result<Self, GitError> {
        let changes = tree_changes(repo, from, to)?;
        let checkouts = standing_on(repo, branch)?;
        for checkout in &checkouts {
            let files = in_the_way(checkout, &changes)?;
            if !files.is_empty() {
                return Err(GitError::DirtyTarget {
                    path: checkout.path.clone(),
                    files,
                });
            }
            filters::check_written(checkout, &changes)?;
        }
        Ok(Self {
            checkouts,
            from: from.to_owned(),
            to: to.to_owned(),
        })
    }

    /// Lets files and indexes follow, then moves the branch. When that fails, all of it is taken back: until the
    /// branch has moved, an interruption leaves staged changes, never a staged undoing of somebody's work.
    pub fn follow<T>(&self, then: impl FnOnce() -> Result<T, GitError>) -> Result<T, GitError> {
        let mut done = Vec::new();
        let mut result = Ok(());
        for checkout in &self.checkouts {
            result = switch(checkout, &self.from, &self.to);
            if result.is_err() {
                break;
            }
            done.push(checkout);
        }
        result.and_then(|()| then()).inspect_err(|_| {
            for checkout in done {
                if let Err(error) = switch(checkout, &self.to, &self.from) {
                    tracing::error!(path = %checkout.path.display(), %error, "a checkout could not be put back");
                }
            }
        })
    }

    /// The first of them.
    pub fn first(&self) -> Option<&Path> {
        self.checkouts.first().map(|checkout| checkout.path.as_path())
    }
}

/// git's two-tree merge: refuses as a whole, and touches only what differs.
fn switch(checkout: &Checkout<'_>, from: &str, to: &str) -> Result<(), GitError> {
    checkout
        .command("update the checkout of the target")
        .args(["read-tree", "-m", "-u", "--no-recurse-submodules", from, to])
        .run()
        .map(drop)
}

/// The checkouts of a branch. One in the middle of something that involves the branch refuses.
fn standing_on<'g>(repo: &Checkout<'g>, branch: &str) -> Result<Vec<Checkout<'g>>, GitError> {
    let name = names::full_name(branch);
    let mut checkouts = Vec::new();
    for listed in link::list(repo)?.into_iter().filter(|listed| !listed.bare) {
        let git_dir = link::git_dir(&listed.path);
        let rebased = git_dir.as_deref().and_then(rebased_branch);
        if listed.branch.as_deref() != Some(&name) && rebased.as_deref() != Some(&name) {
            continue;
        }
        if let Some(what) = git_dir.as_deref().and_then(refs::in_progress) {
            return Err(GitError::InProgress {
                what,
                path: listed.path,
            });
        }
        // A registered worktree whose folder is gone has no files to follow.
        if git_dir.is_some() {
            checkouts.push(Checkout::open(repo.git, &listed.path)?);
        }
    }
    Ok(checkouts)
}

/// The branch that a rebase in progress will move at its end.
fn rebased_branch(git_dir: &Path) -> Option<String> {
    ["rebase-merge", "rebase-apply"].iter().find_map(|folder| {
        let name = plain::read_text(&git_dir.join(folder).join("head-name"))?;
        Some(name.trim_end().to_owned())
    })
}

/// What of the files concerned is not as the branch has it.
fn in_the_way(checkout: &Checkout<'_>, changes: &TreeChanges) -> Result<Vec<PathBuf>, GitError> {
    let output = checkout
        .command("look for changes")
        .args(["status", "--porcelain=v2", "-z", "--untracked-files=no"])
        .args(["--no-renames", "--ignore-submodules=dirty"])
        .run()?;
    let concerned = changes.paths();
    let mut files: BTreeSet<PathBuf> = output
        .records()
        .filter_map(changed_path)
        .filter(|path| concerned.contains(path.as_path()))
        .collect();
    files.extend(obstacles(&checkout.path, changes));
    Ok(files.into_iter().collect())
}

/// What on disk would be lost to these changes although none of the files that they replace is it: untracked and
/// ignored files, repositories, and submodules, of which git looks at nothing but the name of a commit.
pub(crate) fn obstacles(root: &Path, changes: &TreeChanges) -> BTreeSet<PathBuf> {
    let mut files: BTreeSet<PathBuf> = changes
        .added
        .iter()
        .filter_map(|path| obstacle(root, path, &changes.removed))
        .collect();
    let filled =
        |path: &&PathBuf| fs::read_dir(root.join(path)).is_ok_and(|mut entries| entries.next().is_some());
    files.extend(changes.unlinked.iter().filter(filled).cloned());
    files
}

fn changed_path(record: &[u8]) -> Option<PathBuf> {
    let fields = match record.first()? {
        b'1' => 9,
        b'u' => 11,
        _ => return None,
    };
    let path = record.splitn(fields, |byte| *byte == b' ').nth(fields - 1)?;
    Some(path_from(path))
}

/// What stands where a new file is to be: the file itself, something in a folder of its name, or a parent that is
/// no folder. What the same move removes is not in the way.
fn obstacle(root: &Path, path: &Path, removed: &BTreeSet<PathBuf>) -> Option<PathBuf> {
    for parent in path
        .ancestors()
        .skip(1)
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        let there = fs::symlink_metadata(root.join(parent));
        if there.is_ok_and(|meta| !meta.is_dir()) && !removed.contains(parent) {
            return Some(parent.to_path_buf());
        }
    }
    match fs::symlink_metadata(root.join(path)) {
        Ok(meta) if meta.is_dir() => first_kept(root, path, removed),
        Ok(_) => Some(path.to_path_buf()),
        Err(_) => None,
    }
}

/// The first file of a folder that would not be removed.
fn first_kept(root: &Path, folder: &Path, removed: &BTreeSet<PathBuf>) -> Option<PathBuf> {
    let entries = fs::read_dir(root.join(folder)).ok()?;
    entries.filter_map(Result::ok).find_map(|entry| {
        let path = folder.join(entry.file_name());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => first_kept(root, &path, removed),
            _ => (!removed.contains(&path)).then_some(path),
        }
    })
}
