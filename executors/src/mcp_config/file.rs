//! The file itself: read, looked at, and replaced at once by a copy that has the entry, with what was there kept
//! beside it.

use super::{
    Edited, McpAgent, Server, Standing,
    fault::{Fault, FileError, Syntax},
    place::Place,
    preview,
};
use crate::process::Environment;
use anyon_model::{McpSetup, McpState, Problem};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// No such file is larger.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// How often an edit begins again because the file changed meanwhile.
const TRIES: usize = 5;
/// How many backups of one file there may be.
const BACKUPS: usize = 1000;

/// What an edit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// How it stood before.
    pub standing: Standing,
    /// Where its old text is. `None`: there was none, or nothing changed.
    pub backup: Option<PathBuf>,
}

/// Looks how an agent's file stands, and what would change.
pub fn look(agent: &McpAgent, server: &Server, environment: &Environment) -> McpSetup {
    let mut setup = McpSetup {
        agent_id: agent.id.into(),
        name: agent.name.into(),
        snippet: agent.snippet(server),
        file: None,
        state: McpState::Absent,
        change: None,
    };
    let looked = place(agent, environment).and_then(|path| {
        setup.file = Some(path.as_path().into());
        let there = Found::read(&path)?;
        let edited = there.edited(agent, server)?;
        Ok((there, edited))
    });
    match looked {
        Ok((there, Edited { standing, text })) => {
            setup.state = match standing {
                Standing::Present => McpState::Present,
                Standing::Absent => McpState::Absent,
                Standing::Other => McpState::Other,
            };
            setup.change = preview::changed(&there.text, &text);
        }
        Err(error) => {
            let problem = Problem::from(error);
            setup.state = McpState::Faulty { problem };
        }
    }
    setup
}

/// Puts the server into an agent's file. Where it is already, nothing is written.
pub fn write(agent: &McpAgent, server: &Server, environment: &Environment) -> Result<Written, FileError> {
    let path = place(agent, environment)?;
    for _ in 0..TRIES {
        let there = Found::read(&path)?;
        let Edited { standing, text } = there.edited(agent, server)?;
        let written = |backup| Written {
            path: path.clone(),
            standing,
            backup,
        };
        if standing == Standing::Present {
            return Ok(written(None));
        }
        if let Some(backup) = there.replace(&text)? {
            return Ok(written(backup));
        }
    }
    Err(FileError::Busy(path))
}

fn place(agent: &McpAgent, environment: &Environment) -> Result<PathBuf, FileError> {
    let place = Place {
        environment,
        exists: &Path::exists,
    };
    (agent.place)(&place).ok_or(FileError::NoHome)
}

/// A file as it was read.
struct Found {
    /// Where links lead.
    path: PathBuf,
    text: String,
    /// `None`: there is no file.
    permissions: Option<Permissions>,
}

impl Found {
    fn read(named: &Path) -> Result<Self, FileError> {
        let path = match named.canonicalize() {
            Ok(path) => path,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Self::nothing(named),
            Err(cause) => return Err(unreadable(named, cause)),
        };
        let (bytes, permissions) = contents(&path).map_err(|cause| unreadable(&path, cause))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(FileError::TooLarge(path));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self {
                path,
                text,
                permissions: Some(permissions),
            }),
            Err(error) => {
                let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let fault = Fault::Syntax(Syntax {
                    line: valid.iter().filter(|byte| **byte == b'\n').count() + 1,
                    what: "not UTF-8 text".into(),
                });
                Err(FileError::Broken { path, fault })
            }
        }
    }

    fn nothing(named: &Path) -> Result<Self, FileError> {
        if fs::symlink_metadata(named).is_ok() {
            return Err(FileError::DeadLink(named.into()));
        }
        Ok(Self {
            path: named.into(),
            text: String::new(),
            permissions: None,
        })
    }

    fn edited(&self, agent: &McpAgent, server: &Server) -> Result<Edited, FileError> {
        agent.edit(server, &self.text).map_err(|fault| FileError::Broken {
            path: self.path.clone(),
            fault,
        })
    }

    /// Keeps the old text and puts the new one in its place. `None`: somebody else changed the file meanwhile.
    fn replace(&self, text: &str) -> Result<Option<Option<PathBuf>>, FileError> {
        if self.permissions.as_ref().is_some_and(Permissions::readonly) {
            return Err(FileError::ReadOnly(self.path.clone()));
        }
        let failed = |cause| FileError::Unwritable {
            path: self.path.clone(),
            cause,
        };
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let fresh = beside(&self.path, &format!(".anyon-{}.new", std::process::id()));
        let made = self.fill(&fresh, text).and_then(|()| {
            // As late as can be: what others write between here and the renaming would be lost.
            if !self.is_unchanged()? {
                return Ok(None);
            }
            let backup = self.back_up()?;
            fs::rename(&fresh, &self.path)?;
            Ok(Some(backup))
        });
        if !matches!(made, Ok(Some(_))) {
            // It may not even be there.
            let _ = fs::remove_file(&fresh);
        }
        made.map_err(failed)
    }

    fn fill(&self, path: &Path, text: &str) -> io::Result<()> {
        // What an edit that was cut off left behind.
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = private(path)?;
        file.write_all(text.as_bytes())?;
        self.dress(&file, path)?;
        file.sync_all()
    }

    /// Gives a file the permissions and the owner of this one.
    fn dress(&self, file: &File, path: &Path) -> io::Result<()> {
        let Some(permissions) = &self.permissions else {
            return Ok(());
        };
        owner::keep(&self.path, path)?;
        file.set_permissions(permissions.clone())
    }

    fn is_unchanged(&self) -> io::Result<bool> {
        match contents(&self.path) {
            Ok((bytes, _)) => Ok(self.permissions.is_some() && bytes == self.text.as_bytes()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(self.permissions.is_none()),
            Err(error) => Err(error),
        }
    }

    /// Copies the old text beside the file, as secret as the file is. Backups that are there stay.
    fn back_up(&self) -> io::Result<Option<PathBuf>> {
        if self.permissions.is_none() {
            return Ok(None);
        }
        for number in 1..=BACKUPS {
            let end = match number {
                1 => ".before-anyon".to_owned(),
                number => format!(".before-anyon.{number}"),
            };
            let path = beside(&self.path, &end);
            let mut file = match private(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                file => file?,
            };
            file.write_all(self.text.as_bytes())?;
            self.dress(&file, &path)?;
            file.sync_all()?;
            return Ok(Some(path));
        }
        Err(io::Error::other("there are too many backups beside it"))
    }
}

/// At most a byte more than is accepted.
fn contents(path: &Path) -> io::Result<(Vec<u8>, Permissions)> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok((bytes, about.permissions()))
}

fn unreadable(path: &Path, cause: io::Error) -> FileError {
    FileError::Unreadable {
        path: path.into(),
        cause,
    }
}

pub(crate) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(end);
    path.with_file_name(name)
}

/// A new file that only the person can read, whatever it gets later.
pub(crate) fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
mod owner {
    use std::{fs, io, os::unix::fs::MetadataExt, path::Path};

    /// Whoever runs as somebody else leaves the file to whom it belongs.
    pub fn keep(of: &Path, path: &Path) -> io::Result<()> {
        let (old, new) = (fs::metadata(of)?, fs::metadata(path)?);
        if (old.uid(), old.gid()) == (new.uid(), new.gid()) {
            return Ok(());
        }
        std::os::unix::fs::chown(path, Some(old.uid()), Some(old.gid()))
    }
}

#[cfg(not(unix))]
mod owner {
    /// A file inherits its owner from its folder.
    pub fn keep(_: &std::path::Path, _: &std::path::Path) -> std::io::Result<()> {
        Ok(())
    }
}
