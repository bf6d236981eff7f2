//! After a crash, or when the entries are of another version: the raw segment is cut to whole lines, everything else
//! is made again from it.

use super::{
    LogFolder,
    entry_writer::EntryWriter,
    format::{LINES_PER_MARK, UNFINISHED, header, parse_any_line, parse_line},
    handle::Shared,
    segment::{LineReader, write_all_at},
};
use crate::private;
use anyon_model::{EntryChange, ExecutionId, LogLengths, LogLine};
use std::{io, sync::Arc};

/// Cuts the raw segment at the last whole line (never below the durable length), then makes index and entries again
/// by giving each line to `parse`. A log that has no files becomes an empty one.
pub fn recover(
    folder: &LogFolder,
    execution_id: ExecutionId,
    durable: LogLengths,
    parse: &mut dyn FnMut(&LogLine, &mut Vec<EntryChange>),
) -> io::Result<LogLengths> {
    private::create_folder(&folder.folder_of(execution_id))?;
    let files = folder.files(execution_id, private::file_options().create(true).truncate(false))?;
    let len = files.raw.metadata()?.len();
    if len < durable.raw {
        tracing::warn!(%execution_id, len, durable = durable.raw, "the raw log is shorter than it was");
    }
    // First of all, so that a crash in here leaves entries that nobody takes for whole.
    write_all_at(&files.entries, &header(UNFINISHED), 0)?;
    files.entries.set_len(header(UNFINISHED).len() as u64)?;
    files.entries.sync_data()?;
    files.index.set_len(0)?;
    files.marks.set_len(0)?;
    let shared = Shared::empty(files);
    let mut entries = EntryWriter::new(shared.clone())?;
    let read = read_lines(&shared, len, durable.raw, &mut entries, parse)?;
    write_all_at(&shared.files.marks, &read.marks, 0)?;
    let end = read.end.max(durable.raw.min(len));
    if end < len {
        shared.files.raw.set_len(end)?;
    }
    shared.live().raw_bytes = end;
    entries.finish()?;
    shared.sync_all()
}

/// What was found in a raw segment.
struct Read {
    /// Where its last good line ends.
    end: u64,
    marks: Vec<u8>,
}

fn read_lines(
    shared: &Arc<Shared>,
    len: u64,
    durable: u64,
    entries: &mut EntryWriter,
    parse: &mut dyn FnMut(&LogLine, &mut Vec<EntryChange>),
) -> io::Result<Read> {
    let mut lines = LineReader::new(&shared.files.raw, len);
    let mut marks = Vec::new();
    let mut count = 0u64;
    let mut changes = Vec::new();
    loop {
        let start = lines.offset();
        let Some(bytes) = lines.next_line()? else {
            return Ok(Read { end: start, marks });
        };
        // A disk may give zeros for what was not durable: that, too, ends the log.
        let line = match parse_line(bytes) {
            None if start >= durable => return Ok(Read { end: start, marks }),
            parsed => parsed.unwrap_or_else(|| parse_any_line(bytes)),
        };
        if count.is_multiple_of(LINES_PER_MARK) {
            marks.extend_from_slice(&start.to_le_bytes());
        }
        count += 1;
        parse(&line, &mut changes);
        for change in changes.drain(..) {
            take(entries, change)?;
        }
    }
}

/// A change that makes no sense was not taken when it first came either.
fn take(entries: &mut EntryWriter, change: EntryChange) -> io::Result<()> {
    match entries.apply(change) {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
            tracing::warn!(%error, "a change of a conversation makes no sense");
            Ok(())
        }
        result => result,
    }
}
