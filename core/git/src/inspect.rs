//! Looking at a folder that is to become a project, and at a project's branches.

use crate::{
    Git, GitError,
    command::Checkout,
    filters,
    hardening::{Setting, is_true, last_value},
    link,
    names::full_name,
    refs::{self, Identity},
};
use anyon_model::{FilePath, GitReads, RepositoryInfo};
use std::path::{Path, PathBuf};

impl Git {
    /// What is at `path`, a folder anywhere in a repository. With `initial_commit` an empty commit is made where
    /// there is none yet.
    pub fn inspect(&self, path: &Path, initial_commit: bool) -> Result<RepositoryInfo, GitError> {
        let root = self.find_root(path)?;
        let checkout = self.open(&root)?;
        let branch = refs::current_branch(&checkout)?;
        if refs::resolve(&checkout, "HEAD")?.is_none() {
            match &branch {
                Some(branch) if initial_commit => make_initial_commit(&checkout, branch)?,
                _ => return Err(GitError::NoCommits { path: root }),
            }
        }
        let git_reads = git_reads(&checkout);
        Ok(RepositoryInfo {
            path: FilePath::from(root),
            head_branch: branch,
            git_reads,
        })
    }

    /// Local branches, the one checked out first.
    pub fn branches(&self, repo: &Path) -> Result<Vec<String>, GitError> {
        let checkout = self.open(repo)?;
        let current = refs::current_branch(&checkout)?;
        let listing = checkout
            .command("list the branches")
            .args(["for-each-ref", "--format=%(refname)", "refs/heads"])
            .run()?;
        let mut branches: Vec<String> = String::from_utf8_lossy(&listing.stdout)
            .lines()
            .filter_map(|name| name.strip_prefix("refs/heads/").map(str::to_owned))
            .collect();
        branches.sort_by_key(|branch| Some(branch) != current.as_ref());
        Ok(branches)
    }

    /// The files of a worktree that its index names, in the order of git. Those whose names are not UTF-8 are left out:
    /// nobody can type them.
    pub fn index_files(&self, worktree: &Path) -> Result<Vec<String>, GitError> {
        let checkout = self.open(worktree)?;
        let listing = checkout
            .command("list the files")
            .args(["ls-files", "--cached", "-z"])
            .run()?;
        let names = listing.stdout.split(|byte| *byte == 0);
        let mut files: Vec<String> = names
            .filter_map(|name| std::str::from_utf8(name).ok())
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        // A conflict names a file once for each side.
        files.dedup();
        Ok(files)
    }

    /// The main working tree that `path` is in, canonical.
    fn find_root(&self, path: &Path) -> Result<PathBuf, GitError> {
        let Ok(path) = path.canonicalize() else {
            return Err(GitError::PathMissing {
                path: path.to_path_buf(),
            });
        };
        if !path.is_dir() {
            return Err(refused(
                &path,
                "it is a file",
                "Choose the folder of a git repository",
            ));
        }
        let folder = Checkout::around(self, &path)?;
        let ask = |what: &str| {
            folder
                .command("look for a repository")
                .args(["rev-parse", "--path-format=absolute", what])
                .run()
        };
        let git_dir = ask("--git-dir")
            .map_err(|error| no_repository(&path, error))?
            .path();
        if ask("--is-bare-repository")?.line() == "true" {
            let hint = "Clone it (git clone) and add the clone";
            return Err(refused(
                &path,
                "it is a bare repository, without a working tree",
                hint,
            ));
        }
        if ask("--is-inside-git-dir")?.line() == "true" {
            let hint = "Choose the folder that holds it";
            return Err(refused(&path, "it is the inside of a git folder", hint));
        }
        let root = ask("--show-toplevel")?.path();
        let common = ask("--git-common-dir")?.path();
        if common.canonicalize().ok() != git_dir.canonicalize().ok() {
            return Err(linked(&root, &common));
        }
        if git_dir.canonicalize().ok() != link::git_dir(&root) {
            let hint = "Run there: git config --unset core.worktree";
            return Err(refused(
                &path,
                "its setting core.worktree keeps its files elsewhere",
                hint,
            ));
        }
        let parent = ask("--show-superproject-working-tree")?.path();
        if !parent.as_os_str().is_empty() {
            let why = format!("it is a submodule of {}", parent.display());
            let hint = format!("Add {} instead, or a clone of the submodule", parent.display());
            return Err(refused(&root, &why, &hint));
        }
        root.canonicalize().map_err(crate::error::io_at("read", &root))
    }
}

fn refused(path: &Path, why: &str, hint: &str) -> GitError {
    GitError::NotARepository {
        path: path.to_path_buf(),
        why: why.to_owned(),
        hint: hint.to_owned(),
    }
}

fn linked(root: &Path, common: &Path) -> GitError {
    let main = common.parent().unwrap_or(common).display();
    let why = format!("it is a linked worktree of the repository at {main}");
    refused(root, &why, &format!("Add {main} instead"))
}

fn no_repository(path: &Path, error: GitError) -> GitError {
    match error {
        GitError::Command { stderr, .. } if stderr.contains("dubious ownership") => refused(
            path,
            "it belongs to another user of this computer",
            &format!(
                "If you trust it: git config --global --add safe.directory '{}'",
                path.display()
            ),
        ),
        GitError::Command { stderr, .. } if stderr.contains("not a git repository") => {
            refused(path, "it is not in a git repository", "Run: git init")
        }
        GitError::Command { stderr, .. } => refused(path, &stderr, "Run git status there"),
        other => other,
    }
}

fn make_initial_commit(checkout: &Checkout<'_>, branch: &str) -> Result<(), GitError> {
    refs::check_identity(checkout)?;
    let tree = checkout
        .command("write an empty tree")
        .arg("mktree")
        .stdin(Vec::new())
        .run()?
        .line();
    let commit = refs::write_commit(checkout, &tree, &[], "Initial commit\n", Identity::User)?;
    let why = "commit (initial): Initial commit";
    refs::move_ref(checkout, &full_name(branch), None, &commit, why).map(drop)
}

/// What libgit2 would read wrong or not at all has to be read by git itself.
fn git_reads(checkout: &Checkout<'_>) -> GitReads {
    let needs_command = needs_command(&checkout.settings)
        || git2::Repository::open(&checkout.path)
            .and_then(|repo| filters::are_named(&repo, &checkout.path))
            .unwrap_or(true);
    if needs_command {
        GitReads::Command
    } else {
        GitReads::Library
    }
}

fn needs_command(settings: &[Setting]) -> bool {
    let is_set = |key: &[u8]| last_value(settings, key).is_some();
    let promisor = settings.iter().any(|setting| {
        setting.key.starts_with(b"remote.")
            && (setting.key.ends_with(b".promisor") || setting.key.ends_with(b".partialclonefilter"))
    });
    promisor
        || is_set(b"extensions.partialclone")
        || is_set(b"extensions.refstorage")
        || last_value(settings, b"extensions.objectformat").is_some_and(|format| format != b"sha1")
        || [&b"core.sparsecheckout"[..], b"core.splitindex", b"index.sparse"]
            .iter()
            .any(|key| is_true(settings, key))
}
