//! Reads pages of a raw log: from the nearest offset in the index, and no further than needed.

use super::{
    format::{LINES_PER_MARK, parse_any_line},
    handle::Shared,
    page::{PAGE_BYTES, keeps_end, places},
    segment::{LineReader, read_numbers},
};
use anyon_model::{LogLine, PageRange, RawPage};
use std::{collections::VecDeque, io};

/// A page.
pub(crate) fn read(shared: &Shared, range: PageRange) -> io::Result<RawPage> {
    let (end, total) = extent(shared)?;
    let places = places(range, total);
    let mut reader = reader_at(shared, end, places.start)?;
    let mut lines: VecDeque<LogLine> = VecDeque::new();
    let mut first = places.start;
    let mut page_bytes = 0;
    for _ in places {
        let line = parse_any_line(reader.next_line()?.ok_or(io::ErrorKind::UnexpectedEof)?);
        page_bytes += line.bytes.len();
        if page_bytes > PAGE_BYTES && !lines.is_empty() && !keeps_end(range) {
            break;
        }
        lines.push_back(line);
        while page_bytes > PAGE_BYTES && lines.len() > 1 {
            page_bytes -= lines.pop_front().map_or(0, |line| line.bytes.len());
            first += 1;
        }
    }
    Ok(RawPage {
        first,
        total,
        lines: lines.into(),
    })
}

/// Bytes and lines that may be read. The lines of a finished log are counted from its last offset on.
fn extent(shared: &Shared) -> io::Result<(u64, u64)> {
    let (end, known) = {
        let live = shared.live();
        (live.raw_bytes, live.raw_lines)
    };
    if let Some(lines) = known {
        return Ok((end, lines));
    }
    let marks = shared.files.marks.metadata()?.len() / 8;
    let mut lines = marks.saturating_sub(1) * LINES_PER_MARK;
    let mut reader = reader_at(shared, end, lines)?;
    while reader.next_line()?.is_some() {
        lines += 1;
    }
    shared.live().raw_lines = Some(lines);
    Ok((end, lines))
}

/// A reader whose next line is number `place`.
fn reader_at(shared: &Shared, end: u64, place: u64) -> io::Result<LineReader<'_>> {
    let mut reader = LineReader::new(&shared.files.raw, end);
    let marks = shared.files.marks.metadata()?.len() / 8;
    if marks == 0 {
        return skip(reader, place);
    }
    let mark = (place / LINES_PER_MARK).min(marks - 1);
    reader.seek(read_numbers(&shared.files.marks, mark, 1)?[0]);
    skip(reader, place - mark * LINES_PER_MARK)
}

fn skip(mut reader: LineReader<'_>, lines: u64) -> io::Result<LineReader<'_>> {
    for _ in 0..lines {
        if reader.next_line()?.is_none() {
            break;
        }
    }
    Ok(reader)
}
