//! Writes the raw segment and its index. Lines are gathered and written some hundred at a time.

use super::{
    format::{LINES_PER_MARK, prefix},
    handle::Shared,
    segment::write_all_at,
};
use anyon_model::LogStream;
use std::{io, sync::Arc};

/// Bytes that are gathered before they are written.
const BUFFER_BYTES: usize = 128 << 10;
/// Bytes kept while the disk takes none; further lines are refused.
const STUCK_BYTES: usize = 8 << 20;
/// A buffer that grew past this for one huge line is given back.
const KEPT_CAPACITY_BYTES: usize = 1 << 20;

/// The raw segment's writer.
#[derive(Debug)]
pub(crate) struct RawWriter {
    shared: Arc<Shared>,
    /// Whole lines that are not written yet.
    buffer: Vec<u8>,
    /// Offsets for the index that are not written yet.
    marks: Vec<u8>,
    written_bytes: u64,
    written_marks_bytes: u64,
    /// Lines taken, written or not.
    lines: u64,
}

impl RawWriter {
    /// For a log without lines.
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            buffer: Vec::with_capacity(BUFFER_BYTES + (64 << 10)),
            marks: Vec::new(),
            written_bytes: 0,
            written_marks_bytes: 0,
            lines: 0,
        }
    }

    /// Takes whole lines.
    pub(crate) fn append(&mut self, stream: LogStream, after_ms: u64, mut lines: &[u8]) -> io::Result<()> {
        if self.buffer.len() > STUCK_BYTES {
            self.flush()?;
        }
        let prefix = prefix(stream, after_ms);
        while !lines.is_empty() {
            let end = memchr::memchr(b'\n', lines).unwrap_or(lines.len());
            self.push(&prefix, &lines[..end]);
            lines = lines.get(end + 1..).unwrap_or(&[]);
        }
        if self.buffer.len() >= BUFFER_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn push(&mut self, prefix: &[u8], line: &[u8]) {
        if self.lines.is_multiple_of(LINES_PER_MARK) {
            let offset = self.written_bytes + self.buffer.len() as u64;
            self.marks.extend_from_slice(&offset.to_le_bytes());
        }
        self.lines += 1;
        self.buffer.extend_from_slice(prefix);
        self.buffer.extend_from_slice(line);
        self.buffer.push(b'\n');
    }

    /// Gives everything to the operating system and lets readers see it.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let files = &self.shared.files;
        write_all_at(&files.raw, &self.buffer, self.written_bytes)?;
        write_all_at(&files.marks, &self.marks, self.written_marks_bytes)?;
        self.written_bytes += self.buffer.len() as u64;
        self.written_marks_bytes += self.marks.len() as u64;
        self.buffer.clear();
        self.buffer.shrink_to(KEPT_CAPACITY_BYTES);
        self.marks.clear();
        let mut live = self.shared.live();
        live.raw_bytes = self.written_bytes;
        live.raw_lines = Some(self.lines);
        Ok(())
    }
}
