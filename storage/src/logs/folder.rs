//! Where the files of a log are.

use super::segment::Files;
use crate::private;
use anyon_model::ExecutionId;
use std::{
    fs::{self, OpenOptions},
    io,
    path::PathBuf,
};

/// The folder of all logs.
#[derive(Debug, Clone)]
pub struct LogFolder(PathBuf);

impl LogFolder {
    /// The folder; it is made when the first log is.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The folder of one log's files. Named by the id's last digits: its first ones are a time and all the same.
    pub(crate) fn folder_of(&self, execution_id: ExecutionId) -> PathBuf {
        let name = execution_id.to_string();
        self.0.join(&name[name.len() - 2..])
    }

    /// The files: raw segment, its index, entry segment, its index.
    pub(crate) fn paths(&self, execution_id: ExecutionId) -> [PathBuf; 4] {
        let folder = self.folder_of(execution_id);
        ["raw", "raw.idx", "entries", "entries.idx"]
            .map(|extension| folder.join(format!("{execution_id}.{extension}")))
    }

    /// Opens the files, with `options` for those that are written.
    pub(crate) fn files(&self, execution_id: ExecutionId, options: &OpenOptions) -> io::Result<Files> {
        let [raw, marks, entries, index] = self.paths(execution_id);
        Ok(Files {
            raw: options.open(raw)?,
            marks: options.open(marks)?,
            entries: options.open(entries)?,
            index: options.open(index)?,
            folder: self.folder_of(execution_id),
        })
    }

    /// Makes the files of a new log. It is an error when one is there already: a log is never overwritten.
    pub(crate) fn create(&self, execution_id: ExecutionId) -> io::Result<Files> {
        private::create_folder(&self.folder_of(execution_id))?;
        let mut options = private::file_options();
        match self.files(execution_id, options.create_new(true)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                remove(self, execution_id)?;
                Err(error)
            }
            result => result,
        }
    }
}

/// Removes a log. What is not there is removed already.
pub fn remove(folder: &LogFolder, execution_id: ExecutionId) -> io::Result<()> {
    for path in folder.paths(execution_id) {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
