//! The file itself: read, and replaced at once by a text that reads without a fault. Only the person can read it.
//!
//! A copy of the last text that counted is kept beside it, so that a mistake in an editor takes nothing away, not even
//! after a new start.

use super::{Configuration, edit::edited, read::read};
use crate::mcp_config::file::{beside, private};
use anyon_model::{AGENT_FILE, AgentFileEdit, AgentFileFault, Problem, ProblemCode};
use std::{
    fmt,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// No such file is larger.
const MAX_BYTES: u64 = 1024 * 1024;
/// The copy's name.
const LAST_GOOD: &str = "agents.last-good.toml";

/// The file in a data folder.
#[derive(Debug, Clone)]
pub struct AgentsFile {
    path: PathBuf,
    last_good: PathBuf,
}

/// What the file says.
#[derive(Clone, Default, PartialEq)]
pub struct Reading {
    /// Its text; empty: there is none.
    pub text: String,
    /// Why it does not count.
    pub fault: Option<AgentFileFault>,
    /// What is in force: of this text, or of the last one that counted.
    pub configuration: Configuration,
}

/// The text may hold secrets, so it is not printed.
impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading")
            .field("fault", &self.fault)
            .field("configuration", &self.configuration)
            .finish_non_exhaustive()
    }
}

impl AgentsFile {
    /// The file in this data folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            path: folder.join(AGENT_FILE),
            last_good: folder.join(LAST_GOOD),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads it, and writes nothing. No file is one that says nothing.
    pub fn read(&self) -> Reading {
        let (text, fault) = match text_of(&self.path) {
            Ok(text) => match read(&text) {
                Ok(configuration) => {
                    return Reading {
                        text,
                        fault: None,
                        configuration,
                    };
                }
                Err(fault) => (text, fault),
            },
            Err(fault) => (String::new(), fault),
        };
        let before = text_of(&self.last_good).ok();
        let configuration = before.and_then(|text| read(&text).ok()).unwrap_or_default();
        Reading {
            text,
            fault: Some(fault),
            configuration,
        }
    }

    /// Keeps the text for the time after a mistake, if it counts. What cannot be kept is only missing then.
    pub fn keep(&self, reading: &Reading) {
        let is_kept = || text_of(&self.last_good).is_ok_and(|kept| kept == reading.text);
        if reading.fault.is_some() || is_kept() {
            return;
        }
        if let Err(error) = write(&self.last_good, &reading.text) {
            tracing::warn!(%error, "no copy of the agents' file was kept");
        }
    }

    /// Changes it. Nothing is written that would not count.
    pub fn edit(&self, edit: &AgentFileEdit) -> Result<Reading, Problem> {
        let text = text_of(&self.path).map_err(|fault| {
            Problem::new(ProblemCode::Io, "The agents' file cannot be changed").detail(fault.to_string())
        })?;
        let changed = edited(&text, edit)?;
        if changed != text {
            write(&self.path, &changed).map_err(|error| {
                Problem::new(
                    ProblemCode::Io,
                    format!("{} cannot be written", self.path.display()),
                )
                .detail(error.to_string())
            })?;
        }
        let reading = self.read();
        self.keep(&reading);
        Ok(reading)
    }

    /// What would be wrong with it after an edit.
    pub fn fault_after(&self, edit: &AgentFileEdit) -> Option<AgentFileFault> {
        if let AgentFileEdit::Text { text, .. } = edit {
            return read(text).err();
        }
        let text = text_of(&self.path);
        let result = text.map(|text| edited(&text, edit));
        match result {
            Ok(Ok(_)) => None,
            Ok(Err(problem)) => Some(AgentFileFault {
                line: 0,
                reason: format!("{}. {}", problem.title, problem.detail),
            }),
            Err(fault) => Some(fault),
        }
    }
}

fn text_of(path: &Path) -> Result<String, AgentFileFault> {
    let whole = |reason: String| AgentFileFault { line: 0, reason };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(whole(format!("it cannot be read: {error}"))),
    };
    let mut bytes = Vec::new();
    let read = file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| whole(format!("it cannot be read: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(whole("it is too large".to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        AgentFileFault {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            reason: "not UTF-8 text".to_owned(),
        }
    })
}

/// In one step, where links lead, and for nobody else's eyes.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let fresh = beside(&path, &format!(".{}.new", std::process::id()));
    let made = fill(&fresh, text).and_then(|()| fs::rename(&fresh, &path));
    if made.is_err() {
        // It may not even be there.
        let _ = fs::remove_file(&fresh);
    }
    made
}

fn fill(path: &Path, text: &str) -> io::Result<()> {
    // What a write that was cut off left behind.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = private(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
