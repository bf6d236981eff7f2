//! `host.json` beside the store: who holds it. A hint for messages, never the lock.

use crate::private;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// The process that holds a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process id.
    pub pid: u32,
    /// Its version of Anyon.
    pub version: String,
    /// The socket that it listens on, once it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub socket: Option<PathBuf>,
    /// It cannot listen: nobody can work through it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
}

impl Holder {
    /// Who says that it holds the store of this folder.
    pub fn of(folder: &Path) -> Option<Self> {
        read(folder)
    }

    /// Says where this process, which holds the store, listens.
    pub fn announce(folder: &Path, socket: &Path) -> std::io::Result<()> {
        let holder = Self {
            socket: Some(socket.to_path_buf()),
            ..Self::this_process()
        };
        write(&place(folder), &holder)
    }

    /// Says that this process, which holds the store, cannot listen.
    pub fn announce_alone(folder: &Path) {
        let holder = Self {
            alone: true,
            ..Self::this_process()
        };
        if let Err(error) = write(&place(folder), &holder) {
            tracing::debug!(%error, "host.json not written");
        }
    }

    fn this_process() -> Self {
        Self {
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            socket: None,
            alone: false,
        }
    }
}

/// The file while this process holds the store; removed when dropped.
#[derive(Debug)]
pub(crate) struct HostFile(PathBuf);

impl HostFile {
    /// Says that this process holds the store. Failing is no reason not to open: it is a hint.
    pub(crate) fn write(folder: &Path) -> Self {
        let path = place(folder);
        if let Err(error) = write(&path, &Holder::this_process()) {
            tracing::warn!(%error, path = %path.display(), "host.json not written");
        }
        Self(path)
    }
}

impl Drop for HostFile {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::debug!(%error, path = %self.0.display(), "host.json not removed");
        }
    }
}

/// Who says that it holds the store.
pub(crate) fn read(folder: &Path) -> Option<Holder> {
    serde_json::from_slice(&fs::read(place(folder)).ok()?).ok()
}

fn place(folder: &Path) -> PathBuf {
    folder.join("host.json")
}

fn write(path: &Path, holder: &Holder) -> std::io::Result<()> {
    let mut file = private::file_options().create(true).truncate(true).open(path)?;
    file.write_all(&serde_json::to_vec(holder)?)
}
