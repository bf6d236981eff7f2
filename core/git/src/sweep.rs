//! Sweeping up after a creation that was interrupted. Only what says that it is ours goes, and only if nothing of
//! value is in it: a file that git had not finished writing is of none, anything else is.

use crate::{
    Git, GitError, Marker,
    command::{Checkout, path_from},
    create::remove_registered,
    error::io_at,
    link,
    lock::RepositoryLock,
    names::{check_branch, full_name},
    refs,
    remove::is_ours,
};
use std::{fs, io, path::Path};

impl Git {
    /// Removes worktree and branch of a creation that was interrupted. An error means that they stay.
    pub fn sweep_half_made(
        &self,
        repo: &Path,
        worktree: &Path,
        marker: &Marker,
        branch: &str,
    ) -> Result<(), GitError> {
        check_branch("a branch", branch)?;
        let repo = self.open(repo)?;
        let _lock = RepositoryLock::take(&repo)?;
        match link::registration(&repo.path, worktree)? {
            Some(git_dir) => {
                check_worthless(&repo, worktree, &git_dir, marker)?;
                remove_registered(&repo, worktree)?;
            }
            None => remove_if_empty(worktree)?,
        }
        remove_unused_branch(&repo, branch)
    }
}

fn keep(worktree: &Path, why: &str) -> GitError {
    GitError::NotOurs {
        path: worktree.to_path_buf(),
        why: why.to_owned(),
    }
}

fn remove_if_empty(worktree: &Path) -> Result<(), GitError> {
    match fs::remove_dir(worktree) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(io_at("removed", worktree)),
    }
}

fn check_worthless(
    repo: &Checkout<'_>,
    worktree: &Path,
    git_dir: &Path,
    marker: &Marker,
) -> Result<(), GitError> {
    if !is_ours(git_dir, marker) {
        return Err(keep(worktree, "it is not marked as this attempt's"));
    }
    let is_link = match fs::symlink_metadata(worktree) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        meta => meta.map_err(io_at("read", worktree))?.is_symlink(),
    };
    if is_link {
        return Err(keep(worktree, "it is a symbolic link"));
    }
    let checkout = repo.git.open(worktree)?;
    let scratch = repo.git.scratch()?;
    let index = scratch.path.join("index");
    checkout
        .command("read HEAD")
        .args(["read-tree", "HEAD"])
        .env("GIT_INDEX_FILE", &index)
        .run()?;
    let status = checkout
        .command("look for work")
        .args([
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=all",
            "--no-renames",
        ])
        .args(["--ignore-submodules=all", "--ignored=no"])
        .env("GIT_INDEX_FILE", &index)
        .run()?;
    for record in status.records() {
        let (mark, path) = record.split_at(record.len().min(3));
        let path = path_from(path);
        let fine = mark.starts_with(b" D") || (mark.starts_with(b" M") && is_unfinished(&checkout, &path)?);
        if !fine {
            return Err(keep(worktree, &format!("{} holds work", path.display())));
        }
    }
    Ok(())
}

/// The file is a beginning of what git was writing.
fn is_unfinished(checkout: &Checkout<'_>, path: &Path) -> Result<bool, GitError> {
    let file = checkout.path.join(path);
    if !fs::symlink_metadata(&file).is_ok_and(|meta| meta.is_file()) {
        return Ok(false);
    }
    let there = fs::read(&file).map_err(io_at("read", &file))?;
    let mut name = std::ffi::OsString::from("HEAD:");
    name.push(path);
    let whole = checkout
        .command("read a file")
        .args(["cat-file", "blob", "--end-of-options"])
        .arg(name)
        .run()?;
    Ok(whole.stdout.starts_with(&there))
}

/// Removes the branch if nobody has it checked out and every commit of it is on another ref too.
fn remove_unused_branch(repo: &Checkout<'_>, branch: &str) -> Result<(), GitError> {
    let name = full_name(branch);
    let Some(tip) = refs::resolve(repo, &name)? else {
        return Ok(());
    };
    let in_use = link::list(repo)?
        .iter()
        .any(|listed| listed.branch.as_deref() == Some(&name));
    let holders = repo
        .command("look who has a commit")
        .args(["for-each-ref", "--format=%(refname)", "--contains", &tip])
        .run()?;
    let elsewhere = String::from_utf8_lossy(&holders.stdout)
        .lines()
        .any(|holder| holder != name);
    if in_use || !elsewhere {
        return Ok(());
    }
    refs::delete_ref(repo, &name, &tip)
}
