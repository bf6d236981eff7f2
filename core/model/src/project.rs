//! Projects: registered git repositories.

use crate::{FilePath, ProjectId, Timestamp};
use serde::{Deserialize, Serialize};

/// A registered git repository with its scripts, copied files and settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Its identity.
    pub id: ProjectId,
    /// The name shown; at first the folder's.
    pub name: String,
    /// Canonical path of the repository's main working tree.
    pub repo_path: FilePath,
    /// Capital letters before a task's number: `ANY` in `ANY-12`.
    pub short_prefix: String,
    /// The number that the next task gets, from 1.
    pub next_task_number: u32,
    /// Branch that attempts start from and land on, unless told otherwise. `None`: the one checked out.
    pub default_target: Option<String>,
    /// Shell script run in a new worktree before the agent. Empty: none.
    pub setup_script: String,
    /// Shell script run after a turn of the agent that changed something. Empty: none.
    pub cleanup_script: String,
    /// Shell script of the dev server. Empty: none.
    pub dev_script: String,
    /// Globs, relative to the repository, of ignored files that a new worktree gets a copy of (`.env`).
    pub copy_files: Vec<String>,
    /// How git is read in this repository, found at registration.
    pub git_reads: GitReads,
    /// Hash of the agent-executable configuration that a person trusted. `None`: not trusted.
    pub trusted: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When a setting of it last changed.
    pub updated_at: Timestamp,
}

/// Which implementation reads a repository right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GitReads {
    /// libgit2 in this process.
    #[default]
    Library,
    /// The git command: partial clones, reftable, sparse checkouts and LFS filters need it.
    Command,
}
