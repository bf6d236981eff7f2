//! What a line of each segment looks like.

use anyon_model::{LogLine, LogStream};
use std::io::Write;

/// Version of the entry segment's lines. A segment of another one is made again from the raw segment.
pub const ENTRY_FORMAT: u32 = 1;
/// Lines of the raw segment from one offset in its index to the next.
pub(crate) const LINES_PER_MARK: u64 = 256;
/// Bytes of the entry segment's header line.
pub(crate) const HEADER_BYTES: u64 = 20;
/// Stands in the header for a segment that is not finished.
pub(crate) const UNFINISHED: u32 = 0;

/// The entry segment's first line.
pub(crate) fn header(format: u32) -> [u8; HEADER_BYTES as usize] {
    let mut line = *b"anyon-entries 00000\n";
    for (place, digit) in line[14..19].iter_mut().rev().enumerate() {
        *digit = b'0' + (format / 10u32.pow(place as u32) % 10) as u8;
    }
    line
}

/// Puts what stands before a line's own bytes: stream and time.
pub(crate) fn prefix(stream: LogStream, after_ms: u64) -> Vec<u8> {
    let tag = match stream {
        LogStream::Out => b'o',
        LogStream::Err => b'e',
        LogStream::In => b'i',
    };
    let mut prefix = vec![tag];
    // Writing to a Vec does not fail.
    let _ = write!(prefix, "{after_ms} ");
    prefix
}

/// The line that was written as `bytes` (without the newline); `None` when nothing of ours wrote it.
pub(crate) fn parse_line(bytes: &[u8]) -> Option<LogLine> {
    let (tag, rest) = bytes.split_first()?;
    let stream = match tag {
        b'o' => LogStream::Out,
        b'e' => LogStream::Err,
        b'i' => LogStream::In,
        _ => return None,
    };
    let space = rest.iter().take(21).position(|byte| *byte == b' ')?;
    let digits = &rest[..space];
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let after_ms = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some(LogLine {
        stream,
        after_ms,
        bytes: rest[space + 1..].to_vec(),
    })
}

/// The same, where something has to be shown: a line that nothing of ours wrote is shown as it is.
pub(crate) fn parse_any_line(bytes: &[u8]) -> LogLine {
    parse_line(bytes).unwrap_or_else(|| LogLine {
        stream: LogStream::Out,
        after_ms: 0,
        bytes: bytes.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        for (stream, after_ms, bytes) in [
            (LogStream::Out, 0, b"{}".as_slice()),
            (LogStream::Err, u64::MAX, b""),
            (LogStream::In, 12, b" 9 \xff"),
        ] {
            let mut line = prefix(stream, after_ms);
            line.extend_from_slice(bytes);
            let parsed = parse_line(&line).unwrap();
            assert_eq!(
                (parsed.stream, parsed.after_ms, parsed.bytes.as_slice()),
                (stream, after_ms, bytes)
            );
        }
    }

    #[test]
    fn what_nothing_of_ours_wrote_is_told_apart() {
        for bytes in [
            b"".as_slice(),
            b"o",
            b"o ",
            b"x1 a",
            b"o1",
            b"o-1 a",
            b"o99999999999999999999 a",
            b"\0\0\0",
        ] {
            assert_eq!(parse_line(bytes), None, "{bytes:?}");
        }
        assert_eq!(parse_any_line(b"\0").bytes, b"\0");
    }

    #[test]
    fn the_header_tells_its_format() {
        assert_eq!(&header(1), b"anyon-entries 00001\n");
        assert_eq!(&header(40_312), b"anyon-entries 40312\n");
    }
}
