//! What the fake agent is told to do: the file that `FAKE_AGENT_SCRIPT` names.
//!
//! Plain types, written by tests and read by the fake agent.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    io,
    path::{Path, PathBuf},
};

/// A script.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Script {
    /// What `--version` says.
    pub version: String,
    /// What `auth status` says.
    pub logged_in: bool,
    /// Done before anything is read.
    pub at_start: Vec<Step>,
    /// One list of steps a prompt. A prompt beyond the last is answered with "done".
    pub turns: Vec<Vec<Step>>,
    /// Used instead of `turns` when an old session goes on.
    pub resumed: Vec<Vec<Step>>,
    /// Stays when its standard input is closed.
    pub ignores_eof: bool,
    /// Stays when it is asked to end by SIGTERM, SIGINT or SIGHUP.
    pub ignores_term: bool,
    /// Takes no notice of the protocol's interrupt.
    pub ignores_interrupt: bool,
    /// Never answers `initialize`.
    pub silent: bool,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            version: "2.1.330 (Claude Code)".into(),
            logged_in: true,
            at_start: Vec::new(),
            turns: Vec::new(),
            resumed: Vec::new(),
            ignores_eof: false,
            ignores_term: false,
            ignores_interrupt: false,
            silent: false,
        }
    }
}

/// One thing that the fake agent does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Speaks, in pieces with a pause after each.
    Say {
        /// The text.
        text: String,
        /// Pause after each piece.
        #[serde(default)]
        pause_ms: u64,
    },
    /// Thinks aloud.
    Think(String),
    /// Uses a tool that does nothing.
    Tool {
        /// The tool.
        name: String,
        /// Its input.
        input: Value,
        /// What came out.
        output: String,
        /// It did not work.
        #[serde(default)]
        failed: bool,
    },
    /// Asks for leave to write a file of the folder it runs in, and writes it.
    Write {
        /// The file.
        path: String,
        /// Its new text.
        text: String,
    },
    /// Asks for leave to run a command line, and runs it.
    Run {
        /// The command line.
        command: String,
    },
    /// The model's service refuses.
    ApiError {
        /// The HTTP status.
        status: u16,
        /// The API's word for it.
        error: String,
        /// In words.
        message: String,
    },
    /// Says that it is not logged in.
    NotLoggedIn,
    /// Ends the turn without a result.
    NoResult,
    /// Waits.
    Pause(u64),
    /// Waits for ever.
    Hang,
    /// A line as it is.
    Line(String),
    /// A line that is not UTF-8, and a message whose text is not.
    InvalidUtf8,
    /// A message in one line, with so many bytes of text between `START` and `END`.
    LongLine(usize),
    /// The begin of a line, without its end.
    Partial(String),
    /// Speaks to its standard error.
    Complain(String),
    /// Ends at once.
    Exit(i32),
    /// A signal ends it.
    Die(i32),
    /// So many lines of 313 to 327 bytes at full speed.
    Burst(u64),
    /// Lines that carry the time they were written at: `t=<microseconds since 1970>;`.
    Ticks {
        /// How many.
        lines: u64,
        /// Pause between them.
        every_ms: u64,
    },
    /// Leaves a plain child, one in its own session, and one there that has another.
    LeaveChildren,
    /// Connects to a socket by itself, says these messages, and keeps all that it is told.
    Overhear {
        /// The socket.
        socket: PathBuf,
        /// What it says, a frame each.
        messages: Vec<Value>,
        /// How long it listens.
        listen_ms: u64,
        /// The file that it keeps.
        into: PathBuf,
    },
}

impl Step {
    /// Speaks.
    pub fn say(text: impl Into<String>) -> Self {
        Self::Say {
            text: text.into(),
            pause_ms: 0,
        }
    }
    /// Writes a file.
    pub fn write(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Write {
            path: path.into(),
            text: text.into(),
        }
    }
    /// Runs a command line.
    pub fn run(command: impl Into<String>) -> Self {
        Self::Run {
            command: command.into(),
        }
    }
}

impl Script {
    /// A script with these turns.
    pub fn of(turns: impl IntoIterator<Item = Vec<Step>>) -> Self {
        Self {
            turns: turns.into_iter().collect(),
            ..Self::default()
        }
    }
    /// Reads a script.
    pub fn read(file: &Path) -> io::Result<Self> {
        Ok(serde_json::from_slice(&std::fs::read(file)?)?)
    }
    /// Writes it.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        std::fs::write(file, serde_json::to_vec_pretty(self)?)
    }
}
