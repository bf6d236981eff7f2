//! Files read and written at offsets, so that a writer and many readers share them without a file position.

use std::{fs::File, io, path::PathBuf};

/// Bytes read at a time.
const CHUNK_BYTES: usize = 64 << 10;

/// The open files of a log.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) raw: File,
    pub(crate) marks: File,
    pub(crate) entries: File,
    pub(crate) index: File,
    /// The folder they are in.
    pub(crate) folder: PathBuf,
}

/// Reads what is there at an offset, up to the buffer's length.
#[cfg(unix)]
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}
/// Reads what is there at an offset, up to the buffer's length.
#[cfg(windows)]
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::write_at(file, bytes, offset)
}
#[cfg(windows)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_write(file, bytes, offset)
}

/// Writes all bytes at an offset. After an error it may be done again: it writes to the same place.
pub(crate) fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match write_at(file, bytes, offset) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => {
                bytes = &bytes[count..];
                offset += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Fills the buffer from an offset; an error when the file ends before.
pub(crate) fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match read_at(file, buffer, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                buffer = &mut buffer[count..];
                offset += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The `count` numbers of an index from number `first` on.
pub(crate) fn read_numbers(file: &File, first: u64, count: usize) -> io::Result<Vec<u64>> {
    let mut bytes = vec![0; count * 8];
    read_exact_at(file, &mut bytes, first * 8)?;
    let (numbers, _) = bytes.as_chunks::<8>();
    Ok(numbers.iter().map(|number| u64::from_le_bytes(*number)).collect())
}

/// Reads lines from any offset, keeping what it read ahead.
pub(crate) struct LineReader<'a> {
    file: &'a File,
    /// Nothing is read from here on.
    end: u64,
    buffer: Vec<u8>,
    /// Offset of the buffer's first byte.
    start: u64,
    /// Bytes of the buffer that are behind.
    at: usize,
}

impl<'a> LineReader<'a> {
    /// From the beginning of a file up to `end`.
    pub(crate) fn new(file: &'a File, end: u64) -> Self {
        Self {
            file,
            end,
            buffer: Vec::new(),
            start: 0,
            at: 0,
        }
    }

    /// Where the next line begins.
    pub(crate) fn offset(&self) -> u64 {
        self.start + self.at as u64
    }

    /// Goes on at `offset`.
    pub(crate) fn seek(&mut self, offset: u64) {
        match offset.checked_sub(self.start) {
            Some(at) if at <= self.buffer.len() as u64 => self.at = at as usize,
            _ => {
                self.buffer.clear();
                self.start = offset;
                self.at = 0;
            }
        }
    }

    /// The next line without its newline; `None` when there is no whole line any more.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<&[u8]>> {
        let mut searched = self.at;
        loop {
            if let Some(found) = memchr::memchr(b'\n', &self.buffer[searched..]) {
                let from = self.at;
                self.at = searched + found + 1;
                return Ok(Some(&self.buffer[from..self.at - 1]));
            }
            searched = self.buffer.len() - self.at;
            if self.read_more()? == 0 {
                return Ok(None);
            }
        }
    }

    /// Drops what is behind and reads on; more at a time while a line does not end.
    fn read_more(&mut self) -> io::Result<usize> {
        self.buffer.drain(..self.at);
        self.start += self.at as u64;
        self.at = 0;
        let have = self.buffer.len();
        let next = self.start + have as u64;
        let want = (self.end.saturating_sub(next)).min(have.max(CHUNK_BYTES) as u64) as usize;
        if want == 0 {
            return Ok(0);
        }
        self.buffer.resize(have + want, 0);
        let result = read_at(self.file, &mut self.buffer[have..], next);
        self.buffer.truncate(have + result.as_ref().copied().unwrap_or(0));
        match result {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => self.read_more(),
            result => result,
        }
    }
}
