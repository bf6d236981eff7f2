//! The writer of a log: owned by the one task that reads an execution's pipes.

use super::{LogFolder, LogHandle, entry_writer::EntryWriter, folder, handle::Shared, raw_writer::RawWriter};
use anyon_model::{EntryChange, ExecutionId, LogLengths, LogStream};
use std::{io, sync::Arc};

/// Writes a log. Nothing is made durable but by [`LogHandle::sync`] and [`LogWriter::finish`].
///
/// An error says that the disk does not take it at the moment: what was given stays in memory, to a limit, and the
/// next call tries again. Only an entry change of kind `InvalidInput` is not taken at all.
#[derive(Debug)]
pub struct LogWriter {
    shared: Arc<Shared>,
    raw: RawWriter,
    entries: EntryWriter,
}

impl LogWriter {
    /// Begins a log. It is an error when the execution has one already.
    pub fn create(folder: &LogFolder, execution_id: ExecutionId) -> io::Result<(Self, LogHandle)> {
        let shared = Shared::empty(folder.create(execution_id)?);
        let entries = EntryWriter::new(shared.clone()).inspect_err(|_| {
            // Without a header it would only be in the way of the next try.
            let _ = folder::remove(folder, execution_id);
        })?;
        let writer = Self {
            raw: RawWriter::new(shared.clone()),
            entries,
            shared: shared.clone(),
        };
        Ok((writer, LogHandle::new(shared)))
    }

    /// Takes whole lines, each with its newline.
    pub fn append_raw(&mut self, stream: LogStream, after_ms: u64, lines: &[u8]) -> io::Result<()> {
        self.raw.append(stream, after_ms, lines)
    }

    /// Takes a change of the conversation; readers see it at once.
    pub fn apply(&mut self, change: EntryChange) -> io::Result<()> {
        self.entries.apply(change)
    }

    /// Gives gathered lines to the operating system and lets readers see them.
    pub fn flush(&mut self) -> io::Result<()> {
        self.raw.flush()
    }

    /// Writes everything that is still in memory and makes the log durable.
    pub fn finish(&mut self) -> io::Result<LogLengths> {
        self.raw.flush()?;
        self.entries.finish()?;
        self.shared.sync_all()
    }
}

impl Drop for LogWriter {
    fn drop(&mut self) {
        if let Err(error) = self.flush() {
            tracing::warn!(%error, "last lines of a log not written");
        }
    }
}
