//! Diffs of an attempt's worktree against its merge base.

use crate::FilePath;
use serde::{Deserialize, Serialize};

/// All files that differ.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffSummary {
    /// The commit compared with, in hexadecimal: the merge base of the target and the worktree's `HEAD`.
    pub base_commit: String,
    /// `HEAD` of the worktree, in hexadecimal.
    pub head: String,
    /// The files, by path.
    pub files: Vec<FileStat>,
}

impl DiffSummary {
    /// Lines added in all files.
    pub fn additions(&self) -> u64 {
        self.files.iter().map(|file| u64::from(file.additions)).sum()
    }
    /// Lines removed in all files.
    pub fn deletions(&self) -> u64 {
        self.files.iter().map(|file| u64::from(file.deletions)).sum()
    }
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStat {
    /// Path relative to the worktree; the new one of a rename.
    pub path: FilePath,
    /// The old path of a rename.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_path: Option<FilePath>,
    /// What happened to it.
    pub status: FileStatus,
    /// Lines added.
    pub additions: u32,
    /// Lines removed.
    pub deletions: u32,
    /// Why no lines are shown, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub omitted: Option<Omitted>,
    /// What stood at the path before. `None`: nothing, or nobody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<FileKind>,
    /// What stands there after. `None`: nothing, or nobody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<FileKind>,
}

/// What stands at a path, as git tells it apart: by its mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode")]
pub enum FileKind {
    /// A file.
    #[serde(rename = "100644")]
    Plain,
    /// A file that can be run.
    #[serde(rename = "100755")]
    Executable,
    /// A symbolic link.
    #[serde(rename = "120000")]
    Link {
        /// Where it leads, as it is written; empty: too long to be read.
        target: FilePath,
        /// It leads out of the worktree. An absolute one always does: elsewhere the same path is another place.
        outside: bool,
    },
    /// A submodule.
    #[serde(rename = "160000")]
    Submodule {
        /// Its commit, in hexadecimal.
        commit: String,
    },
}

impl FileKind {
    /// git's mode, in octal.
    pub fn mode(&self) -> &'static str {
        match self {
            Self::Plain => "100644",
            Self::Executable => "100755",
            Self::Link { .. } => "120000",
            Self::Submodule { .. } => "160000",
        }
    }
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileStatus {
    /// New, and known to git.
    Added,
    /// New, not known to git yet.
    Untracked,
    /// Changed.
    Modified,
    /// Gone.
    Deleted,
    /// Elsewhere, possibly changed too.
    Renamed,
    /// Another type (file, link, submodule).
    TypeChanged,
}

/// Why the lines of a file are not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "omitted")]
pub enum Omitted {
    /// It is not text.
    Binary,
    /// It is larger than the limit; asked for by itself it is shown.
    TooLarge {
        /// Its size.
        bytes: u64,
    },
}

/// The lines of one file that differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDiff {
    /// The file.
    pub stat: FileStat,
    /// Changed regions, in order.
    pub hunks: Vec<Hunk>,
}

/// A changed region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// First line before, from 1 (0 when there is none).
    pub old_start: u32,
    /// Lines before.
    pub old_lines: u32,
    /// First line after.
    pub new_start: u32,
    /// Lines after.
    pub new_lines: u32,
    /// The lines.
    pub lines: Vec<DiffLine>,
}

/// A line of a changed region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffLine {
    /// On which side it stands.
    pub kind: DiffLineKind,
    /// Its text without the newline; bytes that are not UTF-8 are replaced.
    pub text: String,
    /// It ends without a newline at the end of the file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_newline: bool,
}

/// On which side a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiffLineKind {
    /// On both.
    Context,
    /// After.
    Added,
    /// Before.
    Removed,
}
