//! Which changes on disk change an attempt's diff. This module watches nothing; it tells what to watch and what of
//! the news matters.

use crate::{GitError, link};
use git2::Repository;
use std::{
    path::{Component, Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// Tells news that change the diff of one worktree from noise.
pub struct WatchFilter {
    worktree: PathBuf,
    git_dir: Option<PathBuf>,
    /// None where only git itself can read the repository: then every file matters.
    repository: Option<Mutex<Repository>>,
}

/// The filter of a worktree.
pub fn watch_filter(worktree: &Path) -> WatchFilter {
    let worktree = worktree.canonicalize().unwrap_or_else(|_| worktree.to_path_buf());
    WatchFilter {
        git_dir: link::git_dir(&worktree),
        repository: Repository::open(&worktree).ok().map(Mutex::new),
        worktree,
    }
}

/// The folder and the file that hold the branches of a repository, for whoever wants to hear of their moves.
pub fn branches_on_disk(repo: &Path) -> Result<(PathBuf, PathBuf), GitError> {
    let shared = link::common_dir(repo)?;
    Ok((shared.join("refs").join("heads"), shared.join("packed-refs")))
}

impl WatchFilter {
    /// The worktree, and its git folder where that lies elsewhere.
    pub fn paths_to_watch(&self) -> Vec<PathBuf> {
        let elsewhere = self
            .git_dir
            .iter()
            .filter(|git_dir| !git_dir.starts_with(&self.worktree));
        std::iter::once(&self.worktree)
            .chain(elsewhere)
            .cloned()
            .collect()
    }

    /// Whether a change of this path can change the diff.
    pub fn matters(&self, changed: &Path) -> bool {
        if let Some(inside) = self
            .git_dir
            .as_ref()
            .and_then(|git_dir| changed.strip_prefix(git_dir).ok())
        {
            // `logs/HEAD` grows whenever HEAD's branch moves.
            return ["HEAD", "index", "logs/HEAD"]
                .iter()
                .any(|name| inside == Path::new(name));
        }
        let Ok(path) = changed.strip_prefix(&self.worktree) else {
            return false;
        };
        let in_git_folder = path
            .components()
            .any(|part| matches!(part, Component::Normal(name) if name == ".git"));
        !in_git_folder && (path.as_os_str().is_empty() || !self.is_ignored(path))
    }

    /// Ignored and not tracked all the same.
    fn is_ignored(&self, path: &Path) -> bool {
        let Some(repository) = &self.repository else {
            return false;
        };
        let repository = repository.lock().unwrap_or_else(PoisonError::into_inner);
        if !repository.status_should_ignore(path).unwrap_or(false) {
            return false;
        }
        let tracked = repository.index().and_then(|mut index| {
            index.read(false)?;
            Ok(index.get_path(path, 0).is_some())
        });
        !tracked.unwrap_or(false)
    }
}
