//! Why a configuration file cannot be read or written, in words for a person. Never quotes the file: it may hold
//! secrets.

use anyon_model::{Problem, ProblemCode};
use std::{ffi::OsString, io, path::PathBuf};
use thiserror::Error;

/// Where a file is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syntax {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong there, in the parser's words.
    pub what: String,
}

/// What is wrong with a text.
#[derive(Debug, Error)]
pub enum Fault {
    /// It is not what it should be written in.
    #[error("line {}: {}", .0.line, .0.what)]
    Syntax(Syntax),
    /// Something in it is of another kind.
    #[error("“{0}” is not a group of settings there")]
    Kind(String),
    /// A path that is no text.
    #[error("“{}” is not Unicode text", .0.display())]
    NotText(OsString),
    /// The text that was made does not read back as it should.
    #[error("the text could not be changed safely")]
    Unfit,
}

/// Why the server could not be put into an agent's file.
#[derive(Debug, Error)]
pub enum FileError {
    /// Nobody knows where the file would be.
    #[error("there is no home folder")]
    NoHome,
    /// The file cannot be read.
    #[error("{} cannot be read: {cause}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// It is a link to nothing.
    #[error("{} is a link to nothing", .0.display())]
    DeadLink(PathBuf),
    /// It is larger than any such file.
    #[error("{} is too large", .0.display())]
    TooLarge(PathBuf),
    /// It is broken.
    #[error("{}: {fault}", path.display())]
    Broken {
        /// Which.
        path: PathBuf,
        /// How.
        fault: Fault,
    },
    /// The server cannot be named in a file.
    #[error("{0}")]
    Server(Fault),
    /// It is protected.
    #[error("{} may not be written", .0.display())]
    ReadOnly(PathBuf),
    /// Others write it all the time.
    #[error("{} changed while it was written", .0.display())]
    Busy(PathBuf),
    /// It cannot be written.
    #[error("{} cannot be written: {cause}", path.display())]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

const BY_HAND: &str = "or put it there by hand: `anyon mcp-config AGENT` prints what";

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        let problem = |code, title: String| Self::new(code, title);
        match error {
            FileError::NoHome => problem(
                ProblemCode::InvalidRequest,
                "It is not known where the agent's configuration file is".into(),
            )
            .detail("there is no home folder")
            .hint("set HOME"),
            FileError::Unreadable { path, cause } => {
                problem(ProblemCode::Io, format!("{} cannot be read", path.display()))
                    .detail(cause.to_string())
            }
            FileError::DeadLink(path) => problem(
                ProblemCode::Io,
                format!("{} is a link to nothing", path.display()),
            )
            .hint("make the file that it leads to, or remove the link"),
            FileError::TooLarge(path) => problem(
                ProblemCode::Io,
                format!("{} is too large for a configuration file", path.display()),
            )
            .hint(format!("look at it, {BY_HAND}")),
            FileError::Broken { path, fault } => problem(
                ProblemCode::InvalidRequest,
                format!("{} is broken, so nothing was written", path.display()),
            )
            .detail(fault.to_string())
            .hint(format!("mend it and try again, {BY_HAND}")),
            FileError::Server(fault) => problem(
                ProblemCode::InvalidRequest,
                "Anyon's program or data folder cannot be named in a configuration file".into(),
            )
            .detail(fault.to_string()),
            FileError::ReadOnly(path) => problem(
                ProblemCode::Io,
                format!("{} is protected against writing", path.display()),
            )
            .hint(format!("whoever protects it can add the server, {BY_HAND}")),
            FileError::Busy(path) => problem(
                ProblemCode::Io,
                format!("{} changes all the time", path.display()),
            )
            .detail("another program wrote it while it was edited; nothing was written")
            .hint("end the agent and try again"),
            FileError::Unwritable { path, cause } => {
                problem(ProblemCode::Io, format!("{} cannot be written", path.display()))
                    .detail(cause.to_string())
            }
        }
    }
}
