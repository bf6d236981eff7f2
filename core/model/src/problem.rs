//! An error for a person: what was tried, why it failed, what to do.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a person or a program is told when something could not be done. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable word for programs.
    pub code: ProblemCode,
    /// What was tried and did not work, one line, no full stop.
    pub title: String,
    /// Why: the cause in the words of the part that failed. May be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// What to do about it. May be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
}

/// The kinds of problems, as stable words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The thing named does not exist (any more).
    NotFound,
    /// The request itself makes no sense: an empty title, a branch name git refuses.
    InvalidRequest,
    /// The request is fine, the thing is not in a state for it.
    WrongState,
    /// The folder is not a git repository, or one that Anyon does not work in.
    NotARepository,
    /// The repository has no commit yet.
    NoCommits,
    /// The project is registered already.
    AlreadyExists,
    /// Uncommitted changes are in the way.
    DirtyTarget,
    /// Two sides changed the same lines.
    Conflicts,
    /// The target moved since the decision was made.
    TargetMoved,
    /// There is nothing to merge or commit.
    NothingToDo,
    /// git has no user.name or user.email for this repository.
    NoIdentity,
    /// A git operation failed for another reason.
    Git,
    /// The agent's program is not installed.
    NotInstalled,
    /// The agent is not logged in.
    NotLoggedIn,
    /// The agent failed.
    AgentFailed,
    /// The store is held by another process.
    StoreLocked,
    /// The host cannot be reached, or ended before it answered.
    HostGone,
    /// Host and client speak different versions of their protocol.
    VersionSkew,
    /// The store or its folder cannot be written.
    StoreUnwritable,
    /// The store is damaged.
    StoreDamaged,
    /// The store was written by a newer version of Anyon.
    StoreNewer,
    /// A file could not be read or written.
    Io,
    /// Not enough memory or disk space is free.
    LowResources,
    /// The actor may not do this.
    Forbidden,
    /// It was cancelled.
    Cancelled,
    /// A fault in Anyon itself.
    Internal,
}

impl ProblemCode {
    /// All of them.
    pub const ALL: [Self; 26] = [
        Self::NotFound,
        Self::InvalidRequest,
        Self::WrongState,
        Self::NotARepository,
        Self::NoCommits,
        Self::AlreadyExists,
        Self::DirtyTarget,
        Self::Conflicts,
        Self::TargetMoved,
        Self::NothingToDo,
        Self::NoIdentity,
        Self::Git,
        Self::NotInstalled,
        Self::NotLoggedIn,
        Self::AgentFailed,
        Self::StoreLocked,
        Self::HostGone,
        Self::VersionSkew,
        Self::StoreUnwritable,
        Self::StoreDamaged,
        Self::StoreNewer,
        Self::Io,
        Self::LowResources,
        Self::Forbidden,
        Self::Cancelled,
        Self::Internal,
    ];
}

impl Problem {
    /// A problem with a title and nothing else yet.
    pub fn new(code: ProblemCode, title: impl Into<String>) -> Self {
        Self {
            code,
            title: title.into(),
            detail: String::new(),
            hint: String::new(),
        }
    }
    /// The same problem with its cause.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
    /// The same problem with what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        if !self.hint.is_empty() {
            write!(f, " ({})", self.hint)?;
        }
        Ok(())
    }
}
impl std::error::Error for Problem {}
