//! Removing a worktree. Nothing that holds work goes without a snapshot: files go to a ref, ignored files and
//! repositories inside the worktree to the trash, and git removes what is left. There is no other way of removing.

use crate::{
    Git, GitError, Marker,
    command::{Checkout, path_from},
    create::remove_registered,
    link::{self, Link},
    lock::RepositoryLock,
    names::full_name,
    refs, snapshot,
    trash::Trash,
    work,
};
use anyon_model::{AttemptPlace, RemoveReport, SnapshotMade, SnapshotReason};
use std::{
    fs,
    path::{Path, PathBuf},
};

impl Git {
    /// Removes an attempt's worktree and its branch, whose commits the snapshot keeps. What no snapshot can hold is
    /// moved to a new folder under `trash_folder`.
    pub fn remove_worktree(
        &self,
        place: &AttemptPlace,
        marker: &Marker,
        reason: SnapshotReason,
        trash_folder: &Path,
    ) -> Result<RemoveReport, GitError> {
        let repo = self.open(place.repo.as_path())?;
        let _lock = RepositoryLock::take(&repo.path)?;
        let removal = Removal {
            repo,
            place,
            marker,
            reason,
        };
        let snapshot = match Link::read(&removal.repo.path, place.worktree.as_path()) {
            Err(GitError::PathMissing { .. }) => removal.of_missing()?,
            link => Some(removal.of_present(&link?, trash_folder)?),
        };
        removal.delete_branch(snapshot.as_ref())?;
        Ok(RemoveReport { snapshot })
    }
}

struct Removal<'a> {
    repo: Checkout<'a>,
    place: &'a AttemptPlace,
    marker: &'a Marker,
    reason: SnapshotReason,
}

impl Removal<'_> {
    fn of_present(&self, link: &Link, trash_folder: &Path) -> Result<SnapshotMade, GitError> {
        link.check_marker(self.marker)?;
        let listed = link::list(&self.repo)?;
        if !listed.iter().skip(1).any(|listed| listed.path == link.worktree) {
            return Err(GitError::NotOurs {
                path: link.worktree.clone(),
                why: "git does not list it as a worktree".into(),
            });
        }
        let checkout = self.repo.git.open(&link.worktree)?;
        let tree = work::write_tree(&checkout, self.place.git_reads)?;
        let mut made = self.snapshot(&checkout, &tree, &snapshot::head(&checkout)?)?;
        let trash = Trash::of(trash_folder, self.marker.attempt_id, made.number);
        if let Err(error) = self.empty_into(&trash, link, &checkout, &tree) {
            if let Err(error) = trash.put_back(&link.worktree, &link.git_dir) {
                tracing::error!(%error, path = %trash.folder.display(), "ignored files stay in the trash");
            }
            return Err(error);
        }
        remove_registered(&self.repo, &link.worktree)?;
        made.trash = trash.folder.exists().then(|| trash.folder.as_path().into());
        Ok(made)
    }

    /// Moves away what no snapshot holds. Fails when files change meanwhile: then something still works there.
    fn empty_into(
        &self,
        trash: &Trash,
        link: &Link,
        checkout: &Checkout<'_>,
        tree: &str,
    ) -> Result<(), GitError> {
        let listing = work::embedded_and_ignored(checkout)?;
        let submodules = filled_submodules(checkout)?;
        for path in listing.ignored.iter().chain(&listing.embedded) {
            trash.take(&link.worktree, path)?;
        }
        if work::write_tree(checkout, self.place.git_reads)? != tree {
            return Err(GitError::StillChanging {
                path: link.worktree.clone(),
            });
        }
        for path in &submodules {
            trash.take(&link.worktree, path)?;
        }
        trash.take_modules(&link.git_dir)
    }

    /// The folder is gone already: what git still knows is kept, and our registration removed.
    fn of_missing(&self) -> Result<Option<SnapshotMade>, GitError> {
        let worktree = self.place.worktree.as_path();
        let registration = link::registration(&self.repo.path, worktree)?;
        let tip = refs::resolve(&self.repo, &full_name(&self.place.branch))?;
        let Some(git_dir) = registration else {
            return tip.map(|tip| self.pin(&tip, None)).transpose();
        };
        if !is_ours(&git_dir, self.marker) {
            return Err(GitError::NotOurs {
                path: worktree.to_path_buf(),
                why: "it is gone, and what is registered there is not marked as this attempt's".into(),
            });
        }
        let head = detached_head(&git_dir).or(tip);
        let made = head.map(|head| self.pin(&head, Some(&git_dir))).transpose()?;
        remove_registered(&self.repo, worktree)?;
        Ok(made)
    }

    /// A snapshot of what is staged, else of the commit itself.
    fn pin(&self, head: &str, git_dir: Option<&Path>) -> Result<SnapshotMade, GitError> {
        let staged = git_dir
            .map(|git_dir| git_dir.join("index"))
            .filter(|index| index.exists())
            .and_then(|index| {
                let command = self.repo.command("read what is staged").arg("write-tree");
                command.env("GIT_INDEX_FILE", index).run().ok()
            });
        let tree = match staged {
            Some(output) => output.line(),
            None => refs::tree_of(&self.repo, head)?,
        };
        self.snapshot(&self.repo, &tree, head)
    }

    fn snapshot(&self, checkout: &Checkout<'_>, tree: &str, head: &str) -> Result<SnapshotMade, GitError> {
        let attempt = self.marker.attempt_id;
        snapshot::of_tree(checkout, self.place, attempt, self.reason, tree, head)
    }

    /// Deletes the branch when the snapshot keeps all of it and nobody else has it checked out.
    fn delete_branch(&self, snapshot: Option<&SnapshotMade>) -> Result<(), GitError> {
        let name = full_name(&self.place.branch);
        let (Some(made), Some(tip)) = (snapshot, refs::resolve(&self.repo, &name)?) else {
            return Ok(());
        };
        let in_use = link::list(&self.repo)?
            .iter()
            .any(|listed| listed.branch.as_deref() == Some(&name));
        if in_use || !refs::is_ancestor(&self.repo, &tip, &made.commit)? {
            return Ok(());
        }
        refs::delete_ref(&self.repo, &name, &tip)
    }
}

/// Whether a registration is this attempt's: by the marker, or by the reason that it was locked with at once.
pub(crate) fn is_ours(git_dir: &Path, marker: &Marker) -> bool {
    match Marker::read(git_dir) {
        Some(found) => found == *marker,
        None => link::lock_reason(git_dir).is_some_and(|reason| reason == marker.lock_reason()),
    }
}

/// The commit of a `HEAD` that is on no branch.
fn detached_head(git_dir: &Path) -> Option<String> {
    let head = fs::read_to_string(git_dir.join("HEAD")).ok()?;
    let head = head.trim_end();
    crate::names::check_commit(head).ok().map(|()| head.to_owned())
}

/// Submodules with something in their folder; git keeps only the name of their commit.
fn filled_submodules(checkout: &Checkout<'_>) -> Result<Vec<PathBuf>, GitError> {
    let staged = checkout
        .command("list the submodules")
        .args(["ls-files", "--stage", "-z"])
        .run()?;
    Ok(staged
        .records()
        .filter(|record| record.starts_with(b"160000 "))
        .filter_map(|record| record.splitn(2, |byte| *byte == b'\t').nth(1))
        .map(path_from)
        .filter(|path| {
            fs::read_dir(checkout.path.join(path)).is_ok_and(|mut entries| entries.next().is_some())
        })
        .collect())
}
