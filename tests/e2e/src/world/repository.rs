//! A git repository of a world, made and asked with the real git.

use super::World;
use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

/// A repository with a checkout.
#[derive(Debug, Clone)]
pub struct Repository {
    folder: PathBuf,
    environment: BTreeMap<String, OsString>,
}

impl Repository {
    pub(super) fn create(world: &World, folder: PathBuf) -> Self {
        std::fs::create_dir_all(&folder).expect("a folder for the repository");
        let repository = Self {
            folder,
            environment: world.environment().clone(),
        };
        repository.git(["init", "--quiet", "--initial-branch=main"]);
        repository.write("README.md", "# Shop\n");
        repository.write("hello.txt", "hello old world\nline two\n");
        repository.write("src/한글.txt", "안녕하세요\n");
        repository.commit("First commit");
        repository
    }
    /// Its checkout.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
    /// Runs git in it; what git said, without the last line's end.
    #[track_caller]
    pub fn git<I: IntoIterator>(&self, arguments: I) -> String
    where
        I::Item: AsRef<OsStr>,
    {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .envs(&self.environment)
            .output()
            .expect("git starts");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git failed: {complaint}");
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }
    /// Writes a file of the checkout.
    pub fn write(&self, path: &str, text: &str) {
        let file = self.folder.join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder for the file");
        std::fs::write(file, text).expect("a file");
    }
    /// Reads a file of the checkout.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.join(path)).unwrap_or_default()
    }
    /// Commits everything.
    pub fn commit(&self, message: &str) {
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "-m", message]);
    }
    /// The commit that a revision names.
    pub fn commit_of(&self, revision: &str) -> String {
        self.git(["rev-parse", "--verify", revision])
    }
    /// A file as a revision has it.
    pub fn file_at(&self, revision: &str, path: &str) -> String {
        self.git(["show", &format!("{revision}:{path}")])
    }
    /// The branches but for `main`.
    pub fn other_branches(&self) -> Vec<String> {
        let branches = self.git(["for-each-ref", "--format=%(refname:short)", "refs/heads"]);
        branches
            .lines()
            .filter(|branch| *branch != "main")
            .map(str::to_owned)
            .collect()
    }
    /// The paths of its worktrees but for the checkout.
    pub fn worktrees(&self) -> Vec<PathBuf> {
        let list = self.git(["worktree", "list", "--porcelain"]);
        list.lines()
            .filter_map(|line| line.strip_prefix("worktree "))
            .skip(1)
            .map(PathBuf::from)
            .collect()
    }
    /// What a person would notice of the checkout: branch, index and files. Nothing of it may change unasked.
    pub fn checkout_state(&self) -> String {
        self.git(["status", "--porcelain=v2", "--branch", "--untracked-files=all"])
    }
}
