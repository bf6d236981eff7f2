//! Keeps entries in the tail and writes those that leave it to the entry segment.

use super::{
    entry_page::read_entry,
    format::{ENTRY_FORMAT, HEADER_BYTES, UNFINISHED, header},
    handle::Shared,
    segment::write_all_at,
    tail::{Leaving, Tail},
};
use anyon_model::{Entry, EntryChange, EntryIndex};
use std::{io, sync::Arc};

/// A buffer that grew past this for one huge entry is given back.
const KEPT_CAPACITY_BYTES: usize = 1 << 20;

/// The entry segment's writer.
#[derive(Debug)]
pub(crate) struct EntryWriter {
    shared: Arc<Shared>,
    buffer: Vec<u8>,
    written_bytes: u64,
}

impl EntryWriter {
    /// For a log without entries; its segment is marked as not finished.
    pub(crate) fn new(shared: Arc<Shared>) -> io::Result<Self> {
        write_all_at(&shared.files.entries, &header(UNFINISHED), 0)?;
        shared.live().entry_bytes = HEADER_BYTES;
        Ok(Self {
            shared,
            buffer: Vec::new(),
            written_bytes: HEADER_BYTES,
        })
    }

    /// Makes the change.
    pub(crate) fn apply(&mut self, change: EntryChange) -> io::Result<()> {
        if self.shared.live().tail.is_stuck() {
            self.shorten()?;
        }
        let is_full = match change {
            EntryChange::Put(entry) => self.put(entry)?,
            EntryChange::Append { index, text } => self.append(index, &text)?,
        };
        match is_full {
            true => self.shorten(),
            false => Ok(()),
        }
    }

    fn put(&self, entry: Entry) -> io::Result<bool> {
        let mut live = self.shared.live();
        let total = live.tail.total();
        if entry.index.0 > total {
            return Err(unknown(entry.index, total));
        }
        live.tail.put(entry);
        Ok(live.tail.is_full())
    }

    fn append(&self, index: EntryIndex, text: &str) -> io::Result<bool> {
        let mut live = self.shared.live();
        if live.tail.append(index.0, text) {
            return Ok(live.tail.is_full());
        }
        if index.0 >= live.tail.total() {
            return Err(unknown(index, live.tail.total()));
        }
        if live.tail.get(index.0).is_some() {
            return Err(not_growing(index));
        }
        // It left the tail: read it back without holding up readers. Nobody else writes.
        drop(live);
        let mut entry = read_entry(&self.shared.files, index.0)?;
        entry
            .growing_text()
            .ok_or_else(|| not_growing(index))?
            .push_str(text);
        let mut live = self.shared.live();
        live.tail.put(entry);
        Ok(live.tail.is_full())
    }

    /// Writes what has to leave memory.
    fn shorten(&mut self) -> io::Result<()> {
        let (leaving, reopened) = {
            let live = self.shared.live();
            let reopened = match live.tail.reopened_is_full() {
                true => live.tail.reopened(),
                false => Vec::new(),
            };
            (live.tail.leaving(), reopened)
        };
        self.write_tail(leaving)?;
        self.write_reopened(reopened)
    }

    /// Writes everything that is only in memory.
    fn write_rest(&mut self) -> io::Result<()> {
        let (all, reopened) = {
            let live = self.shared.live();
            (live.tail.all(), live.tail.reopened())
        };
        self.write_tail(all)?;
        self.write_reopened(reopened)
    }

    /// Writes everything and marks the segment as whole. It is not durable yet.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.write_rest()?;
        write_all_at(&self.shared.files.entries, &header(ENTRY_FORMAT), 0)
    }

    /// Writes the first entries of the tail.
    fn write_tail(&mut self, leaving: Vec<Leaving>) -> io::Result<()> {
        let Some((first, _)) = leaving.first() else {
            return Ok(());
        };
        let first = *first;
        let offsets = self.write_lines(&leaving)?;
        let bytes: Vec<u8> = offsets.iter().flat_map(|offset| offset.to_le_bytes()).collect();
        write_all_at(&self.shared.files.index, &bytes, first * 8)?;
        self.publish(|tail| tail.drop_first(leaving.len()));
        Ok(())
    }

    /// Writes new versions of older entries.
    fn write_reopened(&mut self, reopened: Vec<Leaving>) -> io::Result<()> {
        if reopened.is_empty() {
            return Ok(());
        }
        let offsets = self.write_lines(&reopened)?;
        for ((place, _), offset) in reopened.iter().zip(offsets) {
            write_all_at(&self.shared.files.index, &offset.to_le_bytes(), place * 8)?;
        }
        self.publish(Tail::drop_reopened);
        Ok(())
    }

    /// Writes entries at the end of the segment and gives their offsets.
    fn write_lines(&mut self, entries: &[Leaving]) -> io::Result<Vec<u64>> {
        self.buffer.clear();
        let mut offsets = Vec::with_capacity(entries.len());
        for (_, entry) in entries {
            offsets.push(self.written_bytes + self.buffer.len() as u64);
            serde_json::to_writer(&mut self.buffer, &**entry)?;
            self.buffer.push(b'\n');
        }
        write_all_at(&self.shared.files.entries, &self.buffer, self.written_bytes)?;
        self.written_bytes += self.buffer.len() as u64;
        self.buffer.clear();
        self.buffer.shrink_to(KEPT_CAPACITY_BYTES);
        Ok(offsets)
    }

    fn publish(&self, forget: impl FnOnce(&mut Tail)) {
        let mut live = self.shared.live();
        live.entry_bytes = self.written_bytes;
        forget(&mut live.tail);
    }
}

fn unknown(index: EntryIndex, total: u64) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("entry {index} cannot come now: there are {total}"),
    )
}

fn not_growing(index: EntryIndex) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("entry {index} has no text that grows"),
    )
}
