//! Putting the files of a snapshot back as open work, after a snapshot of what is there. The worktree is made again
//! at the same path when it is gone.

use crate::{
    CancelToken, Git, GitError, Marker,
    command::Checkout,
    create::{Add, fill, remove_registered},
    error::io_at,
    follow::obstacles,
    link::{self, Link},
    lock::RepositoryLock,
    names::{check_branch, check_commit, full_name},
    refs,
    remove::is_ours,
    snapshot,
    trash::Trash,
    work::{self, TreeChanges},
};
use anyon_model::{AttemptPlace, SnapshotMade, SnapshotReason};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

impl Git {
    /// Makes the files be those of the snapshot `commit`. Hands back the snapshot of what was there before, if that
    /// was anything new. Ignored files come back from `trash`.
    pub fn restore(
        &self,
        place: &AttemptPlace,
        marker: &Marker,
        commit: &str,
        head: &str,
        trash: Option<&Path>,
    ) -> Result<Option<SnapshotMade>, GitError> {
        check_branch("a branch", &place.branch)?;
        check_commit(commit)?;
        check_commit(head)?;
        let repo = self.open(place.repo.as_path())?;
        let before = match Link::read(&repo.path, place.worktree.as_path()) {
            Err(GitError::PathMissing { .. }) => {
                make_again(&repo, place, marker, head)?;
                None
            }
            link => {
                let link = link?;
                link.check_marker(marker)?;
                let checkout = self.open(&link.worktree)?;
                changes_to(&checkout, place, commit)?;
                snapshot::if_open(&checkout, place, marker.attempt_id, SnapshotReason::Restore)?
            }
        };
        let link = Link::read(&repo.path, place.worktree.as_path())?;
        let checkout = self.open(&link.worktree)?;
        put_files(&checkout, place, commit)?;
        if let Some(trash) = trash {
            let folder = trash.to_path_buf();
            Trash { folder }.put_back(&link.worktree, &link.git_dir)?;
        }
        Ok(before)
    }
}

fn make_again(
    repo: &Checkout<'_>,
    place: &AttemptPlace,
    marker: &Marker,
    head: &str,
) -> Result<(), GitError> {
    let worktree = place.worktree.as_path();
    let parent = worktree.parent().unwrap_or(worktree);
    fs::create_dir_all(parent).map_err(io_at("made", parent))?;
    let path = link::canonical_parent(worktree);
    let exists = {
        let _lock = RepositoryLock::take(repo)?;
        match link::registration(&repo.path, &path)? {
            Some(git_dir) if is_ours(&git_dir, marker) => remove_registered(repo, &path)?,
            Some(_) => {
                let why = "another worktree is registered there".into();
                return Err(GitError::NotOurs { path, why });
            }
            None => {}
        }
        let exists = refs::resolve(repo, &full_name(&place.branch))?.is_some();
        let add = Add {
            path: &path,
            branch: &place.branch,
            at: (!exists).then_some(head),
        };
        add.run_locked(repo, marker, &CancelToken::default())?;
        exists
    };
    let filled = fill(repo.git, &path, &CancelToken::default(), &mut |_| {});
    filled.inspect_err(|_| {
        let _ = remove_registered(repo, &path);
        if !exists {
            let _ = crate::create::delete_branch_at(repo, &place.branch, head);
        }
    })
}

/// What differs from the snapshot. Refuses where something that no snapshot holds would be overwritten.
fn changes_to(checkout: &Checkout<'_>, place: &AttemptPlace, commit: &str) -> Result<TreeChanges, GitError> {
    let from = work::write_tree(checkout, place.git_reads)?;
    let to = refs::tree_of(checkout, commit)?;
    let mut changes = work::tree_changes(checkout, &from, &to)?;
    // A submodule's folder that nothing comes in place of stays.
    let TreeChanges {
        changed, unlinked, ..
    } = &mut changes;
    unlinked.retain(|path| changed.contains(path));
    let files = obstacles(&checkout.path, &changes);
    if files.is_empty() {
        return Ok(changes);
    }
    Err(GitError::InTheWay {
        path: checkout.path.clone(),
        files: files.into_iter().collect(),
    })
}

/// Changes only the files that differ. The index stays as it is.
fn put_files(checkout: &Checkout<'_>, place: &AttemptPlace, commit: &str) -> Result<(), GitError> {
    let changes = changes_to(checkout, place, commit)?;
    for path in &changes.removed {
        remove_file(&checkout.path, path).map_err(io_at("removed", path))?;
    }
    let written: Vec<&PathBuf> = changes.added.iter().chain(&changes.changed).collect();
    if written.is_empty() {
        return Ok(());
    }
    checkout
        .command("put the files back")
        .args(["restore", "--worktree", "--ignore-skip-worktree-bits"])
        .arg(format!("--source={commit}"))
        .args(["--pathspec-from-file=-", "--pathspec-file-nul"])
        .stdin_paths(written.iter().map(|path| path.as_path()))
        .run()
        .map(drop)
}

/// Removes a file and the folders that it leaves empty. Never through a link, never a folder with something in it.
fn remove_file(root: &Path, path: &Path) -> io::Result<()> {
    let mut folder = root.to_path_buf();
    for part in path.parent().unwrap_or(Path::new("")).components() {
        folder.push(part);
        if !fs::symlink_metadata(&folder).is_ok_and(|meta| meta.is_dir()) {
            return Ok(());
        }
    }
    let file = root.join(path);
    match fs::symlink_metadata(&file) {
        Ok(meta) if !meta.is_dir() => fs::remove_file(&file)?,
        _ => return Ok(()),
    }
    for parent in path
        .ancestors()
        .skip(1)
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        if fs::remove_dir(root.join(parent)).is_err() {
            break;
        }
    }
    Ok(())
}
