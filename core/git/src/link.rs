//! Whose a folder is: the link between a worktree and its repository, and our marker in it.
//!
//! Nothing is believed that only one side says: the worktree names its git folder, that folder must lie in the
//! repository and name the worktree back. A broken link is an error, never a reason to use another checkout.

use crate::{
    GitError,
    command::{Checkout, path_from},
    error::io_at,
    plain,
};
use anyon_model::{AttemptId, StoreId};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Says whose a worktree is. Kept in the worktree's own git folder, so it never shows in a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// The store that knows the attempt.
    pub store_id: StoreId,
    /// The attempt.
    pub attempt_id: AttemptId,
}

const MARKER_FILE: &str = "anyon.json";

impl Marker {
    /// The reason that the worktree is locked with, for people and other programs.
    pub(crate) fn lock_reason(&self) -> String {
        format!("anyon:{}", self.attempt_id)
    }
    pub(crate) fn write(&self, git_dir: &Path) -> Result<(), GitError> {
        let path = git_dir.join(MARKER_FILE);
        let text = serde_json::to_vec(self)
            .map_err(std::io::Error::other)
            .map_err(io_at("written", &path))?;
        fs::write(&path, text).map_err(io_at("written", &path))
    }
    pub(crate) fn read(git_dir: &Path) -> Option<Self> {
        serde_json::from_slice(&plain::read(&git_dir.join(MARKER_FILE)).ok()?).ok()
    }
}

/// A worktree that is linked to its repository, checked from both sides.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// The worktree, canonical.
    pub worktree: PathBuf,
    /// Its own git folder: `.git/worktrees/<name>`, canonical.
    pub git_dir: PathBuf,
}

impl Link {
    /// The link of `worktree`, which has to belong to the repository at `repo`.
    pub fn read(repo: &Path, worktree: &Path) -> Result<Self, GitError> {
        let refuse = |why: &str| GitError::NotOurs {
            path: worktree.to_path_buf(),
            why: why.to_owned(),
        };
        let meta = fs::symlink_metadata(worktree).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => GitError::PathMissing {
                path: worktree.to_path_buf(),
            },
            _ => io_at("read", worktree)(source),
        })?;
        if meta.is_symlink() {
            return Err(refuse("it is a symbolic link"));
        }
        let canonical = worktree.canonicalize().map_err(io_at("read", worktree))?;
        let git_dir = gitdir_of_file(&canonical.join(".git"))
            .ok_or_else(|| refuse("its link to the repository is broken"))?;
        let shared = common_dir(repo)?;
        // git takes settings, objects and branches from where `commondir` says, wherever its folder lies.
        if git_dir.parent() != Some(&shared.join("worktrees")) || common_dir(&canonical)? != shared {
            return Err(refuse("it belongs to another repository"));
        }
        if linked_back(&git_dir).is_none_or(|back| back != canonical) {
            return Err(refuse("the repository knows it under another path"));
        }
        Ok(Self {
            worktree: canonical,
            git_dir,
        })
    }

    /// The marker has to be this one.
    pub fn check_marker(&self, marker: &Marker) -> Result<(), GitError> {
        let why = match Marker::read(&self.git_dir) {
            Some(found) if found == *marker => return Ok(()),
            Some(_) => "it is marked as another attempt's",
            None => "it is not marked",
        };
        Err(GitError::NotOurs {
            path: self.worktree.clone(),
            why: why.into(),
        })
    }
}

/// Where a repository was, there is none.
pub(crate) fn is_gone(repo: &Path) -> GitError {
    GitError::NotARepository {
        path: repo.to_path_buf(),
        why: "there is no git repository any more".into(),
        hint: "If it moved, add it again from its new place".into(),
    }
}

/// The git folder of a checkout, canonical; its own one if it is a linked worktree.
pub(crate) fn git_dir(checkout: &Path) -> Option<PathBuf> {
    let dot_git = checkout.join(".git");
    if dot_git.is_dir() {
        dot_git.canonicalize().ok()
    } else {
        gitdir_of_file(&dot_git)
    }
}

/// The git folder that all worktrees of the repository at `repo` share, canonical.
pub(crate) fn common_dir(repo: &Path) -> Result<PathBuf, GitError> {
    let git_dir = git_dir(repo).ok_or_else(|| is_gone(repo))?;
    let shared = match plain::read(&git_dir.join("commondir")) {
        Ok(text) => git_dir
            .join(path_from(text.trim_ascii_end()))
            .canonicalize()
            .map_err(io_at("read", &git_dir))?,
        Err(_) => git_dir,
    };
    Ok(shared)
}

/// The folder that a `.git` file names, canonical.
fn gitdir_of_file(dot_git: &Path) -> Option<PathBuf> {
    let text = plain::read(dot_git).ok()?;
    let target = path_from(text.strip_prefix(b"gitdir: ")?.trim_ascii_end());
    dot_git.parent()?.join(target).canonicalize().ok()
}

/// The worktree that a folder of `.git/worktrees` names; canonical where it exists.
fn linked_back(git_dir: &Path) -> Option<PathBuf> {
    let text = plain::read(&git_dir.join("gitdir")).ok()?;
    let dot_git = git_dir.join(path_from(text.trim_ascii_end()));
    let worktree = dot_git.parent()?;
    Some(worktree.canonicalize().unwrap_or_else(|_| worktree.to_path_buf()))
}

/// The git folder of the worktree that is registered at `worktree`, whether it is still there or not.
pub(crate) fn registration(repo: &Path, worktree: &Path) -> Result<Option<PathBuf>, GitError> {
    let folder = common_dir(repo)?.join("worktrees");
    let Ok(entries) = fs::read_dir(&folder) else {
        return Ok(None);
    };
    let wanted = canonical_parent(worktree);
    Ok(entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|git_dir| linked_back(git_dir).is_some_and(|path| canonical_parent(&path) == wanted)))
}

/// The path with everything but its last part resolved.
pub(crate) fn canonical_parent(path: &Path) -> PathBuf {
    match (path.parent().map(Path::canonicalize), path.file_name()) {
        (Some(Ok(parent)), Some(name)) => parent.join(name),
        _ => path.to_path_buf(),
    }
}

/// The reason that a worktree is locked with.
pub(crate) fn lock_reason(git_dir: &Path) -> Option<String> {
    Some(plain::read_text(&git_dir.join("locked"))?.trim_end().to_owned())
}

/// A checkout as `git worktree list` tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub path: PathBuf,
    /// Full name of the ref; `None`: detached or bare.
    pub branch: Option<String>,
    pub bare: bool,
}

/// All checkouts of a repository, the main one first.
pub(crate) fn list(repo: &Checkout<'_>) -> Result<Vec<Listed>, GitError> {
    let nul = repo.git.at_least(2, 36);
    let mut command = repo
        .command("list the worktrees")
        .args(["worktree", "list", "--porcelain"]);
    if nul {
        command = command.arg("-z");
    }
    Ok(parse_list(&command.run()?.stdout, if nul { 0 } else { b'\n' }))
}

fn parse_list(listing: &[u8], end: u8) -> Vec<Listed> {
    let mut listed: Vec<Listed> = Vec::new();
    for line in listing.split(|byte| *byte == end) {
        if let Some(path) = line.strip_prefix(b"worktree ") {
            listed.push(Listed {
                path: path_from(path),
                branch: None,
                bare: false,
            });
        } else if let Some(last) = listed.last_mut() {
            if let Some(branch) = line.strip_prefix(b"branch ") {
                last.branch = Some(String::from_utf8_lossy(branch).into_owned());
            }
            last.bare |= line == b"bare";
        }
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_names_each_checkout_and_its_branch() {
        let listing =
            b"worktree /r\0HEAD ab\0branch refs/heads/main\0\0worktree /w x\0HEAD cd\0detached\0locked anyon:1\0\0";
        let listed = parse_list(listing, 0);
        assert_eq!(listed.len(), 2);
        assert_eq!(listed[0].branch.as_deref(), Some("refs/heads/main"));
        assert_eq!(
            (listed[1].path.as_path(), &listed[1].branch),
            (Path::new("/w x"), &None)
        );
    }
}
