//! A diff made from the one before, by looking only at the files that changed since.

use super::{Compared, patch};
use crate::{CancelToken, Git, GitError};
use anyon_model::{AttemptPlace, DiffSummary, FileStat, FileStatus};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

impl Git {
    /// The files of an attempt that differ, when only these files (relative to the worktree) changed since `previous`
    /// was computed. Whatever may concern other files (a commit, a rename, a new file, ignore rules) is computed anew.
    pub fn diff_update(
        &self,
        place: &AttemptPlace,
        previous: &DiffSummary,
        changed: &BTreeSet<PathBuf>,
        cancel: &CancelToken,
    ) -> Result<DiffSummary, GitError> {
        if changed.is_empty() {
            // Something was told that is not a file: an index written without a change.
            return self.diff_summary(place, cancel);
        }
        match self.updated(place, previous, changed, cancel)? {
            Some(summary) => Ok(summary),
            None => self.diff_summary(place, cancel),
        }
    }

    fn updated(
        &self,
        place: &AttemptPlace,
        previous: &DiffSummary,
        changed: &BTreeSet<PathBuf>,
        cancel: &CancelToken,
    ) -> Result<Option<DiffSummary>, GitError> {
        if changed.iter().any(|path| has_rules(path)) {
            return Ok(None);
        }
        let compared = Compared::read_only(self, place, Some(changed), cancel)?;
        let same_commits = compared.base == previous.base_commit && compared.head == previous.head;
        let (gone, kept): (Vec<_>, Vec<_>) = previous
            .files
            .iter()
            .partition(|file| changed.contains(file.path.as_path()));
        let plain = |status: FileStatus| status == FileStatus::Modified;
        let simple = compared
            .changes
            .iter()
            .all(|change| plain(change.status) && changed.contains(&change.path))
            && gone.iter().all(|file| plain(file.status))
            && kept.iter().all(|file| !is_renamed_from(file, changed));
        if !same_commits || !simple {
            return Ok(None);
        }
        let fresh = compared.each(cancel, |change, contents| patch::stat(change, contents))?;
        let mut files: Vec<FileStat> = kept
            .into_iter()
            .cloned()
            .chain(fresh.into_iter().flatten())
            .collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Some(DiffSummary {
            base_commit: compared.base,
            head: compared.head,
            files,
        }))
    }
}

/// Files whose content says how other files are read.
fn has_rules(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name == ".gitignore" || name == ".gitattributes" || name == ".gitmodules")
}

fn is_renamed_from(file: &FileStat, changed: &BTreeSet<PathBuf>) -> bool {
    file.old_path
        .as_ref()
        .is_some_and(|old| changed.contains(old.as_path()))
}
