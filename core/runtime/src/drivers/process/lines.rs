//! Cuts a stream of bytes into lines.

/// Bytes of the longest line that is kept in one piece.
pub const LONGEST_LINE: usize = 16 * 1024 * 1024;

/// Collects bytes and gives whole lines away.
#[derive(Default)]
pub struct LineBuffer {
    bytes: Vec<u8>,
    /// How far `bytes` was searched for a newline.
    searched: usize,
}

impl LineBuffer {
    /// Where to read into.
    pub fn space(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Hands all whole lines, each with its newline, to `take` in one piece, and keeps the rest. A line longer than
    /// [`LONGEST_LINE`] is cut there.
    pub fn take_lines<T>(&mut self, take: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let newest = &self.bytes[self.searched..];
        let end = match newest.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => self.searched + at + 1,
            None if self.bytes.len() >= LONGEST_LINE => {
                self.bytes.push(b'\n');
                self.bytes.len()
            }
            None => {
                self.searched = self.bytes.len();
                return None;
            }
        };
        let taken = take(&self.bytes[..end]);
        self.bytes.drain(..end);
        self.searched = self.bytes.len();
        self.release();
        Some(taken)
    }

    /// At the end of the stream: a last line without a newline gets one.
    pub fn close(&mut self) {
        if !self.bytes.is_empty() {
            self.bytes.push(b'\n');
            self.searched = self.bytes.len() - 1;
        }
    }

    /// One long line must not keep its memory for the rest of the run.
    fn release(&mut self) {
        const KEPT: usize = 1024 * 1024;
        if self.bytes.capacity() > KEPT && self.bytes.len() < KEPT / 2 {
            self.bytes.shrink_to(KEPT / 2);
        }
    }
}

/// The lines of a piece of whole lines, without their newlines.
pub fn split(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    lines
        .split_inclusive(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\n").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(buffer: &mut LineBuffer, bytes: &[u8]) -> Option<Vec<u8>> {
        buffer.space().extend_from_slice(bytes);
        buffer.take_lines(<[u8]>::to_vec)
    }

    #[test]
    fn lines_come_out_whole_however_they_went_in() {
        let mut buffer = LineBuffer::default();
        assert_eq!(feed(&mut buffer, b"one\ntw").unwrap(), b"one\n");
        assert_eq!(feed(&mut buffer, b"o"), None);
        assert_eq!(feed(&mut buffer, b"\n\nthree").unwrap(), b"two\n\n");
        buffer.close();
        assert_eq!(buffer.take_lines(<[u8]>::to_vec).unwrap(), b"three\n");
        buffer.close();
        assert_eq!(buffer.take_lines(<[u8]>::to_vec), None);
        assert_eq!(split(b"a\n\nb\n").collect::<Vec<_>>(), [&b"a"[..], b"", b"b"]);
    }

    #[test]
    fn a_line_without_end_is_cut_and_its_memory_given_back() {
        let mut buffer = LineBuffer::default();
        assert_eq!(feed(&mut buffer, &vec![b'x'; LONGEST_LINE - 1]), None);
        assert_eq!(feed(&mut buffer, b"xy").unwrap().len(), LONGEST_LINE + 2);
        assert!(buffer.space().capacity() <= 1024 * 1024);
    }
}
