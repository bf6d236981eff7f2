//! How a verb ended, as an exit status.

use anyon_model::{Problem, ProblemCode};

/// How a verb ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Done.
    Done,
    /// The run failed.
    Failed,
    /// It was used wrongly.
    WrongUse,
    /// The environment lacks something.
    Lacking,
}

impl Ending {
    /// The exit status: 0, 1, 2, 3.
    pub fn status(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::WrongUse => 2,
            Self::Lacking => 3,
        }
    }

    /// The ending that a problem makes.
    pub fn of(problem: &Problem) -> Self {
        match problem.code {
            ProblemCode::NotFound
            | ProblemCode::InvalidRequest
            | ProblemCode::NotARepository
            | ProblemCode::NoCommits
            | ProblemCode::AlreadyExists => Self::WrongUse,
            ProblemCode::NoIdentity
            | ProblemCode::NotInstalled
            | ProblemCode::NotLoggedIn
            | ProblemCode::StoreLocked
            | ProblemCode::VersionSkew
            | ProblemCode::StoreUnwritable
            | ProblemCode::StoreDamaged
            | ProblemCode::StoreNewer
            | ProblemCode::LowResources => Self::Lacking,
            ProblemCode::WrongState
            | ProblemCode::DirtyTarget
            | ProblemCode::Conflicts
            | ProblemCode::TargetMoved
            | ProblemCode::NothingToDo
            | ProblemCode::Git
            | ProblemCode::AgentFailed
            | ProblemCode::Io
            | ProblemCode::Forbidden
            | ProblemCode::HostGone
            | ProblemCode::Cancelled
            | ProblemCode::Internal => Self::Failed,
        }
    }
}
