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
}

/// The file while this process holds the store; removed when dropped.
#[derive(Debug)]
pub(crate) struct HostFile(PathBuf);

impl HostFile {
    /// Says that this process holds the store. Failing is no reason not to open: it is a hint.
    pub(crate) fn write(folder: &Path) -> Self {
        let path = place(folder);
        let holder = Holder {
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_string(),
        };
        if let Err(error) = write(&path, &holder) {
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
