//! A world for the tests: a home of its own, a repository, and attempts in it.

#![allow(dead_code, reason = "every test file uses a part of it")]

use anyon_git::{CancelToken, Git, Marker, branch_name};
use anyon_model::{AttemptId, AttemptPlace, GitReads, StoreId, WorktreePlan};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Once,
};
use tempfile::TempDir;
use uuid::Uuid;

pub struct World {
    pub folder: TempDir,
    pub home: PathBuf,
    pub repo: PathBuf,
    pub git: Git,
    pub reads: GitReads,
    attempts: u128,
}

/// An attempt with a worktree.
pub struct Attempt {
    pub place: AttemptPlace,
    pub marker: Marker,
    pub id: AttemptId,
}

/// libgit2 reads the user's configuration of the whole process: the tests of a file share one that does not exist.
fn isolate_library() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        use git2::ConfigLevel::{Global, ProgramData, System, XDG};
        for level in [Global, ProgramData, System, XDG] {
            #[expect(unsafe_code, reason = "set once, before any other use of the library")]
            unsafe { git2::opts::set_search_path(level, "/nonexistent-anyon-home") }.unwrap();
        }
    });
}

impl World {
    /// A repository with one commit on `main`.
    pub fn new() -> Self {
        let world = Self::empty();
        world
            .sh("git init -q -b main . && git config user.name Ada && git config user.email ada@example.com");
        world.write("README.md", "hello\n");
        world.write(".gitignore", "*.log\n.env\nbuild/\n");
        world.write("src/main.rs", &numbered(1, 40));
        world.commit("first");
        world
    }

    /// A folder that is no repository yet.
    pub fn empty() -> Self {
        isolate_library();
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (home, repo) = (root.join("home"), root.join("repo"));
        fs::create_dir_all(&home).unwrap();
        fs::create_dir_all(&repo).unwrap();
        let git = Git::find(&root.join("private")).unwrap().isolated(&home);
        Self {
            folder,
            home,
            repo,
            git,
            reads: GitReads::Library,
            attempts: 0,
        }
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    pub fn write(&self, path: &str, text: &str) {
        write(&self.repo, path, text);
    }
    pub fn commit(&self, message: &str) -> String {
        self.sh(&format!("git add -A && git commit -q -m '{message}'"));
        self.sh("git rev-parse HEAD")
    }
    /// Runs a shell script in the repository; it has to succeed.
    pub fn sh(&self, script: &str) -> String {
        self.sh_in(&self.repo, script)
    }
    pub fn sh_in(&self, folder: &Path, script: &str) -> String {
        let output = self.try_sh(folder, script);
        assert!(
            output.status.success(),
            "{script}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }
    pub fn try_sh(&self, folder: &Path, script: &str) -> Output {
        Command::new("sh")
            .args(["-ec", script])
            .current_dir(folder)
            .env("HOME", &self.home)
            .env("XDG_CONFIG_HOME", self.home.join(".config"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.home.join(".gitconfig"))
            .output()
            .unwrap()
    }

    pub fn marker(&mut self) -> Marker {
        self.attempts += 1;
        Marker {
            store_id: StoreId(Uuid::from_u128(7)),
            attempt_id: AttemptId(Uuid::from_u128(100 + self.attempts)),
        }
    }
    pub fn plan(&self, branch: &str) -> WorktreePlan {
        let name = branch.replace(|char: char| !char.is_ascii_alphanumeric(), "_");
        WorktreePlan {
            repo: self.repo.as_path().into(),
            path: self.root().join("worktrees").join(name).into(),
            branch: branch.into(),
            base: "main".into(),
            copy_files: Vec::new(),
        }
    }
    /// A new attempt whose target is `main`.
    pub fn attempt(&mut self, title: &str) -> Attempt {
        let branch = branch_name("anyon", "3f2a", title);
        self.attempt_on(&branch, "main")
    }
    pub fn attempt_on(&mut self, branch: &str, target: &str) -> Attempt {
        let marker = self.marker();
        let mut plan = self.plan(branch);
        plan.base = target.into();
        let made = self
            .git
            .create_worktree(&plan, &marker, &CancelToken::default(), &mut |_| {})
            .unwrap();
        Attempt {
            place: AttemptPlace {
                repo: self.repo.as_path().into(),
                worktree: made.path,
                branch: branch.into(),
                target: target.into(),
                base_commit: made.base_commit,
                next_snapshot: 1,
                git_reads: self.reads,
            },
            id: marker.attempt_id,
            marker,
        }
    }
    pub fn trash(&self) -> PathBuf {
        self.root().join("trash")
    }
    /// Branches, worktrees and files that a failed creation might have left.
    pub fn traces(&self) -> String {
        let worktrees = fs::read_dir(self.root().join("worktrees")).map_or(0, Iterator::count);
        format!(
            "{}\n{}\n{worktrees}",
            self.sh("git branch --format='%(refname)'"),
            self.sh("git worktree list --porcelain"),
        )
    }
}

impl Attempt {
    pub fn path(&self) -> &Path {
        self.place.worktree.as_path()
    }
    pub fn write(&self, path: &str, text: &str) {
        write(self.path(), path, text);
    }
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }
}

pub fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// `line <n>` for each number.
pub fn numbered(first: usize, last: usize) -> String {
    (first..=last).map(|number| format!("line {number}\n")).collect()
}
