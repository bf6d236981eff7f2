//! Removing a worktree. Nothing that holds work goes without a snapshot: files go to a ref, ignored files and
//! repositories inside the worktree to the trash, and git removes what is left. There is no other way of removing.

use crate::{
    Git, GitError, Marker,
    command::Checkout,
    create::remove_registered,
    leftover::Kept,
    link::{self, Link},
    lock::RepositoryLock,
    lost,
    names::full_name,
    refs, snapshot,
    trash::Trash,
    work,
};
use anyon_model::{AttemptPlace, RemoveReport, SnapshotMade, SnapshotReason};
use std::path::Path;

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
        let _lock = RepositoryLock::take(&repo)?;
        let removal = Removal {
            repo,
            place,
            marker,
            reason,
        };
        let snapshot = match Link::read(&removal.repo.path, place.worktree.as_path()) {
            Err(GitError::PathMissing { .. }) => removal.of_missing(trash_folder)?,
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
        let tree = work::write_storable_tree(&checkout, self.place.git_reads)?;
        let mut made = self.snapshot_all(&checkout, &tree)?;
        let trash = Trash::of(trash_folder, self.marker.attempt_id, made.number);
        let removed = self
            .empty_into(&trash, link, &checkout, &tree)
            .and_then(|()| remove_registered(&self.repo, &link.worktree));
        if let Err(error) = removed {
            if let Err(error) = trash.put_back(&link.worktree, &link.git_dir) {
                tracing::error!(%error, path = %trash.folder.display(), "ignored files stay in the trash");
            }
            return Err(error);
        }
        made.trash = trash.if_filled();
        Ok(made)
    }

    /// A snapshot that also keeps the commits that only this worktree knows.
    fn snapshot_all(&self, checkout: &Checkout<'_>, tree: &str) -> Result<SnapshotMade, GitError> {
        let head = snapshot::head_or_start(checkout, self.place)?;
        let lost = lost::heads(checkout, &self.place.branch, &head)?;
        let mut parents = vec![head.as_str()];
        parents.extend(lost.iter().map(String::as_str));
        let attempt = self.marker.attempt_id;
        snapshot::with_parents(checkout, self.place, attempt, self.reason, tree, &parents)
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
        for path in listing.ignored.iter().chain(&listing.embedded) {
            trash.take(&link.worktree, path)?;
        }
        if work::write_storable_tree(checkout, self.place.git_reads)? != tree {
            return Err(GitError::StillChanging {
                path: link.worktree.clone(),
            });
        }
        // Whatever git says: only what the snapshot has may go.
        let kept = Kept::of(checkout, tree)?;
        for path in kept.leftovers(&link.worktree)? {
            trash.take(&link.worktree, &path)?;
        }
        let files = kept.leftovers(&link.worktree)?;
        if !files.is_empty() {
            let path = link.worktree.clone();
            return Err(GitError::NotKept { path, files });
        }
        trash.take_modules(&link.git_dir)
    }

    /// The folder is gone already: what git still knows is kept, and our registration removed.
    fn of_missing(&self, trash_folder: &Path) -> Result<Option<SnapshotMade>, GitError> {
        let worktree = self.place.worktree.as_path();
        let registration = link::registration(&self.repo.path, worktree)?;
        let tip = refs::resolve(&self.repo, &full_name(&self.place.branch))?;
        let Some(git_dir) = registration else {
            let last = self.last_that_keeps(tip.as_deref(), trash_folder)?;
            return match (last, tip) {
                (None, Some(tip)) => self.pin(&tip, None).map(Some),
                (last, _) => Ok(last),
            };
        };
        if !is_ours(&git_dir, self.marker) {
            return Err(GitError::NotOurs {
                path: worktree.to_path_buf(),
                why: "it is gone, and what is registered there is not marked as this attempt's".into(),
            });
        }
        let head = detached_head(&git_dir).or(tip);
        let made = match (head, self.interrupted(&git_dir, trash_folder)?) {
            (_, Some(made)) => Some(made),
            (Some(head), None) => Some(self.pin(&head, Some(&git_dir))?),
            (None, None) => None,
        };
        remove_registered(&self.repo, worktree)?;
        Ok(made)
    }

    /// The newest snapshot, if it keeps the commit: a removal that nobody heard of took it.
    fn last_that_keeps(
        &self,
        commit: Option<&str>,
        trash_folder: &Path,
    ) -> Result<Option<SnapshotMade>, GitError> {
        let attempt = self.marker.attempt_id;
        let Some(mut made) = snapshot::list(&self.repo, attempt)?.pop() else {
            return Ok(None);
        };
        if let Some(commit) = commit
            && !refs::is_ancestor(&self.repo, commit, &made.commit)?
        {
            return Ok(None);
        }
        made.trash = Trash::of(trash_folder, attempt, made.number).if_filled();
        Ok(Some(made))
    }

    /// The snapshot of a removal that ended in the middle, with the folder gone and the registration still there.
    fn interrupted(&self, git_dir: &Path, trash_folder: &Path) -> Result<Option<SnapshotMade>, GitError> {
        let head = detached_head(git_dir).or(refs::resolve(&self.repo, &full_name(&self.place.branch))?);
        let made = self.last_that_keeps(head.as_deref(), trash_folder)?;
        let of_removal = made.filter(|made| {
            matches!(made.reason, SnapshotReason::Drop | SnapshotReason::Cleanup)
                && head.as_ref() == Some(&made.head)
        });
        let Some(made) = of_removal else { return Ok(None) };
        // What was staged after a removal that failed is newer than its snapshot.
        let staged = self.staged_tree(git_dir);
        let known = [&made.commit, &made.head].map(|commit| refs::tree_of(&self.repo, commit));
        let known: Vec<String> = known.into_iter().collect::<Result<_, _>>()?;
        Ok(staged
            .is_none_or(|staged| known.contains(&staged))
            .then_some(made))
    }

    /// A snapshot of what is staged, else of the commit itself.
    fn pin(&self, head: &str, git_dir: Option<&Path>) -> Result<SnapshotMade, GitError> {
        let tree = match git_dir.and_then(|git_dir| self.staged_tree(git_dir)) {
            Some(tree) => tree,
            None => refs::tree_of(&self.repo, head)?,
        };
        let attempt = self.marker.attempt_id;
        snapshot::of_tree(&self.repo, self.place, attempt, self.reason, &tree, head)
    }

    fn staged_tree(&self, git_dir: &Path) -> Option<String> {
        let index = Some(git_dir.join("index")).filter(|index| index.exists())?;
        let command = self.repo.command("read what is staged").arg("write-tree");
        let output = command.env("GIT_INDEX_FILE", index).run().ok()?;
        Some(output.line())
    }

    /// Deletes the branch when what the worktree stood on has all of it and nobody else has it checked out.
    fn delete_branch(&self, snapshot: Option<&SnapshotMade>) -> Result<(), GitError> {
        let name = full_name(&self.place.branch);
        let (Some(made), Some(tip)) = (snapshot, refs::resolve(&self.repo, &name)?) else {
            return Ok(());
        };
        let in_use = link::list(&self.repo)?
            .iter()
            .any(|listed| listed.branch.as_deref() == Some(&name));
        if in_use || !refs::is_ancestor(&self.repo, &tip, &made.head)? {
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
    let head = crate::plain::read_text(&git_dir.join("HEAD"))?;
    let head = head.trim_end();
    crate::names::check_commit(head).ok().map(|()| head.to_owned())
}
