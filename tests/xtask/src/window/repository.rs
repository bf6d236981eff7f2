//! What git says of a repository, asked of git itself.

use anyhow::{Context, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A checkout.
pub struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// The one in a folder.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }
    /// Makes a repository of the folder, with what is in it as the first commit on main.
    pub fn begin(&self, name: &str, email: &str) -> anyhow::Result<()> {
        self.git(&["init", "--quiet", "--initial-branch=main"])?;
        self.git(&["config", "user.name", name])?;
        self.git(&["config", "user.email", email])?;
        self.git(&["add", "--all"])?;
        self.git(&["commit", "--quiet", "-m", "First"]).map(drop)
    }
    /// How many commits a branch has.
    pub fn commits(&self, branch: &str) -> anyhow::Result<usize> {
        Ok(self.git(&["rev-list", "--count", branch])?.parse()?)
    }
    /// The commit of a branch.
    pub fn head(&self, branch: &str) -> anyhow::Result<String> {
        self.git(&["rev-parse", "--verify", branch])
    }
    /// The commit before it.
    pub fn parent(&self, branch: &str) -> anyhow::Result<String> {
        self.head(&format!("{branch}^"))
    }
    /// No file differs from the commit.
    pub fn is_clean(&self) -> anyhow::Result<bool> {
        Ok(self.git(&["status", "--porcelain"])?.is_empty())
    }
    /// Its objects and refs are whole.
    pub fn is_sound(&self) -> anyhow::Result<()> {
        self.git(&["fsck", "--strict", "--no-dangling"]).map(drop)
    }
    /// A file of the checkout.
    pub fn file(&self, name: &str) -> anyhow::Result<String> {
        fs::read_to_string(self.folder.join(name)).with_context(|| name.to_owned())
    }
    /// The checkout of its one attempt.
    pub fn worktree(&self) -> anyhow::Result<Self> {
        let listed = self.git(&["worktree", "list", "--porcelain"])?;
        let others: Vec<&str> = listed
            .lines()
            .filter_map(|line| line.strip_prefix("worktree "))
            .filter(|folder| Path::new(folder) != self.folder)
            .collect();
        ensure!(others.len() == 1, "{} worktrees of attempts", others.len());
        Ok(Self::at(others[0].into()))
    }

    fn git(&self, words: &[&str]) -> anyhow::Result<String> {
        let output = Command::new("git")
            .arg("-C")
            .arg(&self.folder)
            .args(words)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "git {words:?}: {said}");
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }
}
