//! Looks for lines in a part of a raw log. Reads by pages, so that no part is in memory as a whole.

use anyon_model::{FoundInLog, LogStream, PageRange, RawPage};
use std::io;

/// Lines that are looked at for one question at most.
const MOST: u32 = 65_536;
/// Lines that are read at once.
const PAGE: u32 = 4_096;

/// What is looked for, and where.
pub struct Wanted {
    first: u64,
    count: u32,
    /// In lower case, as far as its letters are Latin.
    text: Vec<u8>,
    /// Empty: all.
    streams: Vec<LogStream>,
}

impl Wanted {
    /// A text, from this line on in so many.
    pub fn new((first, count): (u64, u32), text: &str, streams: Vec<LogStream>) -> Self {
        Self {
            first,
            count: count.min(MOST),
            text: text.to_ascii_lowercase().into_bytes(),
            streams,
        }
    }

    fn is(&self, stream: LogStream, bytes: &[u8]) -> bool {
        (self.streams.is_empty() || self.streams.contains(&stream)) && holds(bytes, &self.text)
    }
}

/// The lines that are wanted.
pub fn find(read: impl Fn(PageRange) -> io::Result<RawPage>, wanted: &Wanted) -> io::Result<FoundInLog> {
    let mut found = FoundInLog::default();
    while found.seen < wanted.count {
        let count = PAGE.min(wanted.count - found.seen);
        let first = wanted.first + u64::from(found.seen);
        let page = read(PageRange::From { first, count })?;
        if page.lines.is_empty() {
            break;
        }
        let lines = page.lines.iter().zip(first..);
        let matching = lines.filter(|(line, _)| wanted.is(line.stream, &line.bytes));
        found.lines.extend(matching.map(|(_, number)| number));
        found.seen += u32::try_from(page.lines.len()).unwrap_or(count);
    }
    Ok(found)
}

/// A line holds a text that is in lower case already.
fn holds(line: &[u8], text: &[u8]) -> bool {
    let Some((begin, rest)) = text.split_first() else {
        return true;
    };
    let other = begin.to_ascii_uppercase();
    // Where it begins it also has to end inside of the line.
    let starts = line[..line.len().saturating_sub(rest.len())].iter().enumerate();
    let mut starts = starts.filter(|(_, byte)| *byte == begin || **byte == other);
    starts.any(|(at, _)| line[at + 1..at + 1 + rest.len()].eq_ignore_ascii_case(rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::LogLine;

    fn log(lines: u64) -> impl Fn(PageRange) -> io::Result<RawPage> {
        move |range| {
            let PageRange::From { first, count } = range else {
                return Err(io::Error::other("parts are read from a place on"));
            };
            let line = |number: u64| LogLine {
                stream: if number.is_multiple_of(10) {
                    LogStream::Err
                } else {
                    LogStream::Out
                },
                after_ms: number,
                bytes: format!("{{\"Line\":{number},\"글\":\"오류\"}}").into_bytes(),
            };
            // Fewer than asked for, as a page of long lines.
            let last = (first + u64::from(count).min(1_000)).min(lines);
            Ok(RawPage {
                first,
                total: lines,
                lines: (first..last).map(line).collect(),
            })
        }
    }

    fn found(first: u64, text: &str, streams: &[LogStream]) -> FoundInLog {
        find(log(5_005), &Wanted::new((first, 5_000), text, streams.to_vec())).unwrap()
    }

    #[test]
    fn a_text_is_found_whatever_its_case_and_its_letters() {
        assert_eq!(found(0, "line\":4321,", &[]).lines, [4_321]);
        assert_eq!(found(0, "오류", &[]).lines.len(), 5_000);
        assert!(found(0, "LINE\":9999", &[]).lines.is_empty());
    }

    #[test]
    fn only_the_streams_that_are_wanted_are_looked_at() {
        let errors = found(0, "", &[LogStream::Err]);
        assert_eq!((errors.lines.len(), errors.seen), (500, 5_000));
        assert!(errors.lines.iter().all(|line| line % 10 == 0));
    }

    #[test]
    fn the_last_part_tells_where_the_log_ends() {
        let last = found(5_000, "", &[]);
        assert_eq!(
            (last.lines, last.seen),
            (vec![5_000, 5_001, 5_002, 5_003, 5_004], 5)
        );
    }

    #[test]
    fn a_text_longer_than_the_line_is_not_in_it() {
        assert!(!holds(b"ab", b"abc") && !holds(b"", b"a"));
        assert!(holds(b"xAbC", b"abc") && holds(b"", b""));
    }
}
