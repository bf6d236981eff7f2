//! What can go wrong with git, and what a person is told about it. Nothing here does anything.

use anyon_model::{Problem, ProblemCode};
use std::{
    io,
    path::{Path, PathBuf},
};

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no git in PATH.
    #[error("git is not installed")]
    GitMissing,
    /// The git in PATH is too old.
    #[error("git {found} is too old: {needed} is needed")]
    GitTooOld {
        /// What is there.
        found: String,
        /// The oldest that does.
        needed: &'static str,
    },
    /// Nothing is at a path.
    #[error("there is nothing at {}", path.display())]
    PathMissing {
        /// The path.
        path: PathBuf,
    },
    /// Not a repository that attempts can be made in.
    #[error("{} cannot be a project: {why}", path.display())]
    NotARepository {
        /// The folder.
        path: PathBuf,
        /// Why not.
        why: String,
        /// What to do.
        hint: String,
    },
    /// The repository has no commit.
    #[error("{} has no commit yet", path.display())]
    NoCommits {
        /// The repository.
        path: PathBuf,
    },
    /// Nobody told git who commits.
    #[error("git does not know who commits in {}", path.display())]
    NoIdentity {
        /// The checkout.
        path: PathBuf,
        /// git's words.
        detail: String,
    },
    /// A name that git or Anyon refuses.
    #[error("“{name}” is not usable as {what}: {why}")]
    InvalidName {
        /// What it was to name.
        what: &'static str,
        /// The name.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// A branch is there already.
    #[error("the branch “{branch}” exists already")]
    BranchExists {
        /// Its name.
        branch: String,
    },
    /// Something is at the path of a new worktree.
    #[error("{} exists already", path.display())]
    PathExists {
        /// The path.
        path: PathBuf,
    },
    /// No such branch or commit.
    #[error("there is no branch or commit “{name}”")]
    NoSuchCommit {
        /// The name.
        name: String,
    },
    /// A clone was to be made in a folder with something in it.
    #[error("{} is not empty", path.display())]
    FolderNotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A repository could not be cloned.
    #[error("{}", fault.title(url))]
    Clone {
        /// From where.
        url: String,
        /// The folder that it was to become.
        folder: PathBuf,
        /// In which way.
        fault: CloneFault,
        /// git's last words.
        stderr: String,
    },
    /// The worktree stands elsewhere than on the attempt's branch.
    #[error("the worktree is on {found}, not on the attempt's branch “{expected}”")]
    NotOnBranch {
        /// The attempt's branch.
        expected: String,
        /// Where it stands.
        found: String,
    },
    /// A merge, rebase or the like is not finished.
    #[error("a {what} is in progress in {}", path.display())]
    InProgress {
        /// What.
        what: &'static str,
        /// Where.
        path: PathBuf,
    },
    /// Changes of a person are in the way.
    #[error("uncommitted changes in {} are in the way", path.display())]
    DirtyTarget {
        /// The checkout.
        path: PathBuf,
        /// The files.
        files: Vec<PathBuf>,
    },
    /// Both sides changed the same lines.
    #[error("{} file(s) conflict with the target", files.len())]
    Conflicts {
        /// The files.
        files: Vec<PathBuf>,
    },
    /// Nothing would change.
    #[error("there is nothing to {what}")]
    NothingToDo {
        /// What was to be done.
        what: &'static str,
    },
    /// A ref is not where it was thought to be.
    #[error("“{name}” moved in the meantime")]
    Moved {
        /// The ref.
        name: String,
    },
    /// A landing that is to be taken back has other commits on top.
    #[error("{on_top} later {} on “{target}” stand on top of this landing", commits(*.on_top))]
    Covered {
        /// The branch.
        target: String,
        /// The landing's commit.
        commit: String,
        /// How many commits came after it.
        on_top: u32,
    },
    /// A worktree that is not this store's attempt's.
    #[error("{} is not this attempt's worktree: {why}", path.display())]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// Something still writes into a worktree that is to be removed.
    #[error("files in {} still change", path.display())]
    StillChanging {
        /// The worktree.
        path: PathBuf,
    },
    /// Files that no snapshot holds stand where files of a snapshot are to be.
    #[error("files in {} are in the way", path.display())]
    InTheWay {
        /// The worktree.
        path: PathBuf,
        /// The files.
        files: Vec<PathBuf>,
    },
    /// A worktree holds files that are neither in its snapshot nor in the trash.
    #[error("not everything in {} could be kept", path.display())]
    NotKept {
        /// The worktree.
        path: PathBuf,
        /// The files.
        files: Vec<PathBuf>,
    },
    /// A commit was to be signed and could not be.
    #[error("the commit could not be signed")]
    Signing {
        /// git's words.
        detail: String,
    },
    /// Something else than a file is where git reads one.
    #[error("{} is neither a file nor a folder", path.display())]
    NotPlain {
        /// Where.
        path: PathBuf,
    },
    /// Another operation on the repository does not end.
    #[error("{} is busy", path.display())]
    Busy {
        /// The repository.
        path: PathBuf,
    },
    /// Files would be kept or written without the filter that they need.
    #[error("{} file(s) need the filter “{driver}”, which is not run here", files.len())]
    Unfiltered {
        /// The filter's name.
        driver: String,
        /// The files.
        files: Vec<PathBuf>,
    },
    /// A file has no differences.
    #[error("{} does not differ", path.display())]
    NoDifference {
        /// The file.
        path: PathBuf,
    },
    /// It was cancelled.
    #[error("cancelled")]
    Cancelled,
    /// A git command failed.
    #[error("git could not {what}")]
    Command {
        /// What it was to do.
        what: &'static str,
        /// Its exit status; `None`: a signal ended it.
        status: Option<i32>,
        /// Its last words.
        stderr: String,
    },
    /// The git library failed.
    #[error("git could not {what}")]
    Library {
        /// What it was to do.
        what: &'static str,
        /// Why not.
        #[source]
        source: git2::Error,
    },
    /// A file could not be read or written.
    #[error("{} could not be {verb}", path.display())]
    Io {
        /// What was tried, as a participle.
        verb: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

/// In which way a clone failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloneFault {
    /// The other side cannot be reached.
    Network,
    /// The other side wants to know who asks.
    Login,
    /// ssh does not know the other side, or knows it differently.
    HostKey,
    /// The certificate of the other side is not trusted.
    Certificate,
    /// There is nothing at the address, or nothing for this person.
    Missing,
    /// The disk is full.
    Disk,
    /// Everything is there, but its files could not be written.
    Checkout,
    /// Something else.
    Other,
}

impl CloneFault {
    fn title(self, url: &str) -> String {
        match self {
            Self::Network => format!("the other side of {url} cannot be reached"),
            Self::Login => format!("cloning {url} needs a login"),
            Self::HostKey => format!("ssh does not trust the other side of {url}"),
            Self::Certificate => format!("the certificate of {url} is not trusted"),
            Self::Missing => format!("there is no repository at {url}"),
            Self::Disk => format!("there is no room for a clone of {url}"),
            Self::Checkout => format!("{url} is cloned, but its files could not be written"),
            Self::Other => format!("git could not clone {url}"),
        }
    }

    fn hint(self, url: &str, folder: &Path) -> String {
        match self {
            Self::Network => "Check the address, the network, VPN and proxy, then try again".into(),
            Self::Login => format!(
                "Log in once in a terminal: git ls-remote {url} (with ssh: ssh-add, with GitHub: gh auth setup-git). Then try again"
            ),
            Self::HostKey => {
                format!("Connect once in a terminal and look at what ssh says: git ls-remote {url}")
            }
            Self::Certificate => {
                "Give git the certificate authority of your network: git config --global http.sslCAInfo FILE"
                    .into()
            }
            Self::Missing => {
                "Check the address; a private repository looks missing to those who are not logged in".into()
            }
            Self::Disk => "Make room, or choose another folder".into(),
            Self::Checkout => format!("Run git status in {}, then add that folder", folder.display()),
            Self::Other => String::new(),
        }
    }
}

/// Names the task in a library error.
pub(crate) fn library(what: &'static str) -> impl Fn(git2::Error) -> GitError {
    move |source| GitError::Library { what, source }
}

/// Names the file in an I/O error.
pub(crate) fn io_at(verb: &'static str, path: &Path) -> impl Fn(io::Error) -> GitError {
    let path = path.to_path_buf();
    move |source| GitError::Io {
        verb,
        path: path.clone(),
        source,
    }
}

impl GitError {
    fn code(&self) -> ProblemCode {
        match self {
            Self::GitMissing | Self::GitTooOld { .. } => ProblemCode::NotInstalled,
            Self::PathMissing { .. } | Self::NoSuchCommit { .. } | Self::NoDifference { .. } => {
                ProblemCode::NotFound
            }
            Self::NotARepository { .. } => ProblemCode::NotARepository,
            Self::NoCommits { .. } => ProblemCode::NoCommits,
            Self::NoIdentity { .. } => ProblemCode::NoIdentity,
            Self::InvalidName { .. } => ProblemCode::InvalidRequest,
            Self::BranchExists { .. } | Self::PathExists { .. } | Self::FolderNotEmpty { .. } => {
                ProblemCode::AlreadyExists
            }
            Self::Clone {
                fault: CloneFault::Missing,
                ..
            } => ProblemCode::NotFound,
            Self::NotOnBranch { .. }
            | Self::Unfiltered { .. }
            | Self::NotPlain { .. }
            | Self::Busy { .. }
            | Self::InProgress { .. }
            | Self::NotOurs { .. }
            | Self::InTheWay { .. }
            | Self::NotKept { .. }
            | Self::StillChanging { .. } => ProblemCode::WrongState,
            Self::DirtyTarget { .. } => ProblemCode::DirtyTarget,
            Self::Conflicts { .. } => ProblemCode::Conflicts,
            Self::NothingToDo { .. } => ProblemCode::NothingToDo,
            Self::Moved { .. } | Self::Covered { .. } => ProblemCode::TargetMoved,
            Self::Cancelled => ProblemCode::Cancelled,
            Self::Signing { .. } | Self::Command { .. } | Self::Clone { .. } | Self::Library { .. } => {
                ProblemCode::Git
            }
            Self::Io { .. } => ProblemCode::Io,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::NoIdentity { detail, .. } | Self::Signing { detail } => detail.clone(),
            Self::DirtyTarget { files, .. }
            | Self::InTheWay { files, .. }
            | Self::NotKept { files, .. }
            | Self::Unfiltered { files, .. }
            | Self::Conflicts { files } => list(files),
            Self::Command { stderr, status, .. } if stderr.is_empty() => match status {
                Some(status) => format!("it ended with status {status} and said nothing"),
                None => "a signal ended it".into(),
            },
            Self::Command { stderr, .. } | Self::Clone { stderr, .. } => stderr.clone(),
            Self::Library { source, .. } => source.message().to_owned(),
            Self::Io { source, .. } => source.to_string(),
            _ => String::new(),
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::GitMissing => "Install git and put it into PATH".into(),
            Self::GitTooOld { .. } => "Install a newer git".into(),
            Self::NotARepository { hint, .. } => hint.clone(),
            Self::NoCommits { .. } => {
                "Commit something first, or let Anyon make an empty initial commit: anyon project add DIR --initial-commit".into()
            }
            Self::NoIdentity { .. } => {
                "Run: git config --global user.name \"Your Name\" && git config --global user.email you@example.com"
                    .into()
            }
            Self::NotOnBranch { expected, .. } => format!("Switch the worktree back: git switch {expected}"),
            Self::InProgress { .. } => "Finish or abort it there, then try again".into(),
            Self::DirtyTarget { .. } => "Commit, stash or move these files there, then try again".into(),
            Self::Conflicts { .. } => {
                "Merge or rebase the target into the attempt's branch, resolve, then try again".into()
            }
            Self::Moved { .. } => "Look at what changed, then try again".into(),
            Self::Covered { target, commit, .. } => {
                let short = commit.get(..SHORT).unwrap_or(commit);
                format!("Take it back with a commit of its own, on {target}: git revert {short}")
            }
            Self::StillChanging { .. } => "Stop what writes there, then try again".into(),
            Self::InTheWay { .. } => "Move these files away, then try again".into(),
            Self::NotKept { .. } => "Nothing was removed; stop what writes there, then try again".into(),
            Self::Signing { .. } => {
                "Make signing work (git commit -S), or turn it off: git config commit.gpgsign false".into()
            }
            Self::Unfiltered { driver, .. } if driver == "lfs" => {
                "Install git-lfs and run: git lfs install. Then try again".into()
            }
            Self::NotPlain { .. } => "Remove it, then try again".into(),
            Self::Busy { .. } => "Wait for what works in it, then try again".into(),
            Self::Unfiltered { .. } => "Commit or merge these files yourself with git, then try again".into(),
            Self::Command { stderr, .. } if stderr.contains("git-lfs") => {
                "Install git-lfs, then try again".into()
            }
            Self::Command { stderr, .. } if stderr.contains("lazy fetching disabled") => {
                "This clone lacks objects: git fetch --refetch --no-filter gets them all".into()
            }
            Self::FolderNotEmpty { .. } => "Choose a folder that is empty or not there yet".into(),
            Self::Clone { stderr, .. } if stderr.contains("git-lfs") => {
                "Install git-lfs, then try again".into()
            }
            Self::Clone {
                url, folder, fault, ..
            } => fault.hint(url, folder),
            Self::PathExists { .. } => "Move it away, then try again".into(),
            Self::NotOurs { .. } => "Nothing was removed; look at the folder yourself".into(),
            _ => String::new(),
        }
    }
}

/// Characters of a commit's name in a command to type.
const SHORT: usize = 10;

fn commits(count: u32) -> &'static str {
    if count == 1 { "commit" } else { "commits" }
}

/// At most this many files are named in a problem.
const NAMED_FILES: usize = 20;

fn list(files: &[PathBuf]) -> String {
    let mut names: Vec<String> = files
        .iter()
        .take(NAMED_FILES)
        .map(|file| anyon_model::FilePath::from(file.as_path()).quoted())
        .collect();
    if files.len() > NAMED_FILES {
        names.push(format!("and {} more", files.len() - NAMED_FILES));
    }
    names.join(", ")
}

impl From<GitError> for Problem {
    fn from(error: GitError) -> Self {
        let title = match &error {
            GitError::Cancelled => "Cancelled".into(),
            error => capitalised(&error.to_string()),
        };
        Problem::new(error.code(), title)
            .detail(error.detail())
            .hint(error.hint())
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        // A path or a quotation stays as it is.
        Some(first) if first.is_ascii_lowercase() && !text.starts_with("git ") => {
            first.to_ascii_uppercase().to_string() + chars.as_str()
        }
        _ => text.to_owned(),
    }
}
