//! Handles: what readers of a log hold, while it is written and afterwards.

use super::{
    LogFolder, entry_page,
    format::{ENTRY_FORMAT, HEADER_BYTES, header},
    raw_page,
    segment::{Files, read_exact_at},
    tail::Tail,
};
use crate::private;
use anyon_model::{EntryPage, ExecutionId, LogLengths, PageRange, RawPage};
use std::{
    fs::File,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What the one writer and all readers of a log share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) files: Files,
    /// The entry segment is one that this version reads.
    entries_known: bool,
    live: Mutex<Live>,
    durable: Mutex<Durable>,
}

/// What of a log may be read. The lock is held for moments only.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) raw_bytes: u64,
    /// `None`: nobody counted them yet.
    pub(crate) raw_lines: Option<u64>,
    pub(crate) entry_bytes: u64,
    pub(crate) tail: Tail,
}

impl Live {
    fn written(&self) -> LogLengths {
        LogLengths {
            raw: self.raw_bytes,
            entries: self.entry_bytes,
            entry_count: self.tail.first,
        }
    }
}

#[derive(Debug, Default)]
struct Durable {
    lengths: LogLengths,
    /// The names of the files are durable too.
    names: bool,
}

impl Shared {
    pub(crate) fn new(files: Files, live: Live, entries_known: bool) -> Arc<Self> {
        Arc::new(Self {
            files,
            entries_known,
            live: Mutex::new(live),
            durable: Mutex::default(),
        })
    }

    /// Of a log without anything in it.
    pub(crate) fn empty(files: Files) -> Arc<Self> {
        let live = Live {
            raw_bytes: 0,
            raw_lines: Some(0),
            entry_bytes: 0,
            tail: Tail::default(),
        };
        Self::new(files, live, true)
    }

    pub(crate) fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes durable what the operating system was given. Holds up other callers of this, never the writer.
    pub(crate) fn sync(&self) -> io::Result<LogLengths> {
        let mut durable = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        let written = self.live().written();
        if written.raw != durable.lengths.raw {
            self.files.raw.sync_data()?;
        }
        // The same length can be another content only for the header, which `sync_all` takes care of.
        if written.entries != durable.lengths.entries {
            self.files.entries.sync_data()?;
        }
        self.sync_names(&mut durable)?;
        durable.lengths = written;
        Ok(written)
    }

    /// Makes everything durable, the indexes too.
    pub(crate) fn sync_all(&self) -> io::Result<LogLengths> {
        let mut durable = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        let written = self.live().written();
        for file in [
            &self.files.raw,
            &self.files.marks,
            &self.files.index,
            &self.files.entries,
        ] {
            file.sync_data()?;
        }
        self.sync_names(&mut durable)?;
        durable.lengths = written;
        Ok(written)
    }

    fn sync_names(&self, durable: &mut Durable) -> io::Result<()> {
        if !durable.names {
            private::sync_folder(&self.files.folder)?;
            durable.names = true;
        }
        Ok(())
    }
}

/// Reads a log. Cheap to copy; works while the log is written and afterwards.
#[derive(Debug, Clone)]
pub struct LogHandle(Arc<Shared>);

impl LogHandle {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    /// A page of the conversation, newest changes included. Ends before its count at [`super::PAGE_BYTES`].
    pub fn entries(&self, range: PageRange) -> io::Result<EntryPage> {
        if !self.0.entries_known {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the entries have to be made again from the raw log",
            ));
        }
        entry_page::read(&self.0, range)
    }

    /// A page of the lines, as far as they were flushed. Ends before its count at [`super::PAGE_BYTES`].
    pub fn raw(&self, range: PageRange) -> io::Result<RawPage> {
        raw_page::read(&self.0, range)
    }

    /// Makes durable what was flushed, and tells how much is. Does not hold up the writer.
    pub fn sync(&self) -> io::Result<LogLengths> {
        self.0.sync()
    }

    /// How many entries there are.
    pub fn entry_count(&self) -> u64 {
        self.0.live().tail.total()
    }

    /// This version can read the entries: they were finished, in this format. If not, [`super::recover`] makes them
    /// again; the raw log can be read anyway.
    pub fn entries_known(&self) -> bool {
        self.0.entries_known
    }
}

/// A handle on a log that is not being written. Reads lengths and a header of some bytes, whatever the log's length.
pub fn open(folder: &LogFolder, execution_id: ExecutionId) -> io::Result<LogHandle> {
    let files = folder.files(execution_id, File::options().read(true))?;
    let live = Live {
        raw_bytes: files.raw.metadata()?.len(),
        raw_lines: None,
        entry_bytes: files.entries.metadata()?.len(),
        tail: Tail::on_disk(files.index.metadata()?.len() / 8),
    };
    let known = has_known_header(&files.entries)?;
    Ok(LogHandle::new(Shared::new(files, live, known)))
}

fn has_known_header(entries: &File) -> io::Result<bool> {
    let mut found = [0; HEADER_BYTES as usize];
    match read_exact_at(entries, &mut found, 0) {
        Ok(()) => Ok(found == header(ENTRY_FORMAT)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
