//! Making a worktree: registered, locked and marked under the repository's lock within milliseconds, its files then
//! written outside of it, so that many are made at once. What fails or is cancelled leaves nothing behind.

use crate::{
    CancelToken, Git, GitError, Marker,
    command::{Checkout, path_from},
    error::io_at,
    link::{self, Link},
    lock::RepositoryLock,
    names::{check_branch, full_name},
    refs,
};
use anyon_model::{FilePath, WorktreeMade, WorktreePlan};
use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

impl Git {
    /// Makes branch and worktree of a plan, and copies the ignored files that the plan names. `progress` is told
    /// percentages.
    pub fn create_worktree(
        &self,
        plan: &WorktreePlan,
        marker: &Marker,
        cancel: &CancelToken,
        progress: &mut dyn FnMut(u8),
    ) -> Result<WorktreeMade, GitError> {
        check_branch("a branch", &plan.branch)?;
        plan.copy_files.iter().try_for_each(|glob| check_glob(glob))?;
        let repo = self.open(plan.repo.as_path())?;
        let base = resolve_base(&repo, &plan.base)?;
        let path = prepare_path(plan.path.as_path())?;
        let add = Add {
            path: &path,
            branch: &plan.branch,
            at: Some(&base),
        };
        add.run(&repo, marker, cancel)?;
        let filled = fill(self, &path, cancel, progress)
            .and_then(|()| copy_ignored(&repo, &path, &plan.copy_files, cancel));
        if let Err(error) = filled {
            undo(&repo, &path, &plan.branch, &base);
            return Err(error);
        }
        progress(100);
        Ok(WorktreeMade {
            path: FilePath::from(path),
            base_commit: base,
        })
    }
}

/// Registering a worktree.
pub(crate) struct Add<'a> {
    pub path: &'a Path,
    pub branch: &'a str,
    /// The commit that the branch is made at; `None`: the branch is there already.
    pub at: Option<&'a str>,
}

impl Add<'_> {
    /// Registers, locks and marks; writes no files yet.
    pub fn run(&self, repo: &Checkout<'_>, marker: &Marker, cancel: &CancelToken) -> Result<(), GitError> {
        let _lock = RepositoryLock::take_unless(repo, cancel)?;
        self.run_locked(repo, marker, cancel)
    }

    /// The same, for a caller that holds the repository's lock.
    pub fn run_locked(
        &self,
        repo: &Checkout<'_>,
        marker: &Marker,
        cancel: &CancelToken,
    ) -> Result<(), GitError> {
        if self.at.is_some() && refs::resolve(repo, &full_name(self.branch))?.is_some() {
            return Err(GitError::BranchExists {
                branch: self.branch.to_owned(),
            });
        }
        let mut command = repo
            .command("make the worktree")
            .args(["worktree", "add", "--no-checkout", "--lock", "--reason"])
            .arg(marker.lock_reason());
        command = match self.at {
            Some(commit) => command
                .args(["--no-track", "-b", self.branch, "--end-of-options"])
                .arg(self.path)
                .arg(commit),
            None => command.arg("--end-of-options").arg(self.path).arg(self.branch),
        };
        let marked = command
            .cancel(cancel)
            .run()
            .and_then(|_| Link::read(&repo.path, self.path))
            .and_then(|link| marker.write(&link.git_dir));
        marked.inspect_err(|_| match self.at {
            Some(commit) => undo_locked(repo, self.path, self.branch, commit),
            None => unregister(repo, self.path),
        })
    }
}

/// Writes the files of a registered worktree.
pub(crate) fn fill(
    git: &Git,
    path: &Path,
    cancel: &CancelToken,
    progress: &mut dyn FnMut(u8),
) -> Result<(), GitError> {
    git.open(path)?
        .command("write the files of the worktree")
        .args(["reset", "--hard", "--no-recurse-submodules"])
        // Without a delay progress is told although nobody looks at a terminal.
        .env("GIT_PROGRESS_DELAY", "0")
        .cancel(cancel)
        .progress(progress)
        .run()
        .map(drop)
}

/// The commit of a local branch, a remote one, a tag or a hexadecimal name.
fn resolve_base(repo: &Checkout<'_>, base: &str) -> Result<String, GitError> {
    let names = [
        full_name(base),
        format!("refs/remotes/{base}"),
        format!("refs/tags/{base}"),
    ];
    for name in names {
        if let Some(commit) = refs::resolve(repo, &name)? {
            return Ok(commit);
        }
    }
    let is_hex = base.len() >= 7 && base.bytes().all(|byte| byte.is_ascii_hexdigit());
    let commit = if is_hex || base == "HEAD" {
        refs::resolve(repo, base)?
    } else {
        None
    };
    commit.ok_or_else(|| GitError::NoSuchCommit { name: base.into() })
}

/// The path of a new worktree with its parent made and resolved.
fn prepare_path(path: &Path) -> Result<PathBuf, GitError> {
    let refuse = |why| GitError::InvalidName {
        what: "the folder of a worktree",
        name: path.display().to_string(),
        why,
    };
    let (Some(parent), Some(name), true) = (path.parent(), path.file_name(), path.is_absolute()) else {
        return Err(refuse("it is not an absolute path"));
    };
    fs::create_dir_all(parent).map_err(io_at("made", parent))?;
    if fs::symlink_metadata(parent).is_ok_and(|meta| meta.is_symlink()) {
        return Err(refuse("its parent is a symbolic link"));
    }
    let path = parent.canonicalize().map_err(io_at("found", parent))?.join(name);
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path),
        _ => Err(GitError::PathExists { path }),
    }
}

/// Takes back what [`Add::run`] and [`fill`] made. The caller's error is what is told; this one's is logged.
pub(crate) fn undo(repo: &Checkout<'_>, path: &Path, branch: &str, at: &str) {
    match RepositoryLock::take(repo) {
        Ok(_lock) => undo_locked(repo, path, branch, at),
        Err(error) => tracing::warn!(%error, "a worktree that was not finished stays"),
    }
}

fn undo_locked(repo: &Checkout<'_>, path: &Path, branch: &str, at: &str) {
    unregister(repo, path);
    if let Err(error) = delete_branch_at(repo, branch, at) {
        tracing::warn!(%error, branch, "the branch of a worktree that was not finished stays");
    }
}

fn unregister(repo: &Checkout<'_>, path: &Path) {
    let registered = link::registration(&repo.path, path).ok().flatten().is_some();
    if registered && let Err(error) = remove_registered(repo, path) {
        tracing::warn!(%error, path = %path.display(), "a worktree that was not finished stays");
    }
    // Only an empty folder goes this way.
    let _ = fs::remove_dir(path);
}

/// Lets git remove a worktree with its registration, or the registration alone when the folder is gone.
pub(crate) fn remove_registered(repo: &Checkout<'_>, path: &Path) -> Result<(), GitError> {
    repo.command("remove the worktree")
        .args(["worktree", "remove", "--force", "--force", "--end-of-options"])
        .arg(path)
        .run()
        .map(drop)
}

/// Removes a branch that still stands where it was made.
pub(crate) fn delete_branch_at(repo: &Checkout<'_>, branch: &str, at: &str) -> Result<(), GitError> {
    let name = full_name(branch);
    match refs::resolve(repo, &name)? {
        Some(tip) if tip == at => refs::delete_ref(repo, &name, at),
        _ => Ok(()),
    }
}

fn check_glob(glob: &str) -> Result<(), GitError> {
    let path = Path::new(glob);
    let stays_inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if glob.is_empty() || !stays_inside {
        return Err(GitError::InvalidName {
            what: "a pattern of files to copy",
            name: glob.to_owned(),
            why: "it has to be relative to the repository and stay inside it",
        });
    }
    Ok(())
}

/// Copies ignored regular files of the repository. Links are neither followed nor copied, what exists stays.
fn copy_ignored(
    repo: &Checkout<'_>,
    worktree: &Path,
    globs: &[String],
    cancel: &CancelToken,
) -> Result<(), GitError> {
    if globs.is_empty() {
        return Ok(());
    }
    let listing = repo
        .command("list the files to copy")
        .args([
            "ls-files",
            "--others",
            "--ignored",
            "--exclude-standard",
            "-z",
            "--",
        ])
        .args(globs.iter().map(|glob| format!(":(top,glob){glob}")))
        .env("GIT_LITERAL_PATHSPECS", "0")
        .cancel(cancel)
        .run()?;
    for path in listing.records().map(path_from) {
        cancel.check()?;
        copy_file(&repo.path, worktree, &path).map_err(io_at("copied", &path))?;
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path, path: &Path) -> io::Result<()> {
    let source = from.join(path);
    let target = to.join(path);
    if !fs::symlink_metadata(&source)?.is_file() || fs::symlink_metadata(&target).is_ok() {
        return Ok(());
    }
    if make_folders(to, path)? {
        fs::copy(&source, &target)?;
    }
    Ok(())
}

/// Makes the folders of a file below `root`. `false`: something that is no folder is in the way, a link for one.
pub(crate) fn make_folders(root: &Path, path: &Path) -> io::Result<bool> {
    let mut folder = root.to_path_buf();
    for part in path.parent().unwrap_or(Path::new("")).components() {
        folder.push(part);
        match fs::symlink_metadata(&folder) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => return Ok(false),
            Err(_) => fs::create_dir(&folder)?,
        }
    }
    Ok(true)
}
