//! Stories of a log, and what they share.

mod changes;
mod pages;
mod recovery;

use super::*;
use anyon_model::*;
use std::{fs, io::ErrorKind, path::PathBuf};

const RUN: ExecutionId = ExecutionId(uuid::Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_00ab));

struct Place {
    _home: tempfile::TempDir,
    folder: LogFolder,
}

fn place() -> Place {
    let home = tempfile::tempdir().unwrap();
    let folder = LogFolder::new(home.path().join("logs"));
    Place { _home: home, folder }
}

impl Place {
    fn create(&self) -> (LogWriter, LogHandle) {
        LogWriter::create(&self.folder, RUN).unwrap()
    }
    fn open(&self) -> LogHandle {
        open(&self.folder, RUN).unwrap()
    }
    /// raw, its index, entries, their index.
    fn path(&self, n: usize) -> PathBuf {
        self.folder.paths(RUN)[n].clone()
    }
    fn len(&self, n: usize) -> u64 {
        fs::metadata(self.path(n)).unwrap().len()
    }
}

fn message(place: u64, text: &str) -> Entry {
    Entry {
        index: EntryIndex(place),
        at: Timestamp::from_ms(place as i64),
        parent: None,
        done: false,
        kind: EntryKind::AssistantMessage { text: text.into() },
    }
}

fn put(place: u64, text: &str) -> EntryChange {
    EntryChange::Put(message(place, text))
}

fn append(place: u64, text: &str) -> EntryChange {
    EntryChange::Append {
        index: EntryIndex(place),
        text: text.into(),
    }
}

fn from(first: u64, count: u32) -> PageRange {
    PageRange::From { first, count }
}

fn last(count: u32) -> PageRange {
    PageRange::Last { count }
}

fn text_of(entry: &Entry) -> &str {
    match &entry.kind {
        EntryKind::AssistantMessage { text } => text,
        other => panic!("{other:?}"),
    }
}

fn texts(handle: &LogHandle, range: PageRange) -> Vec<String> {
    let page = handle.entries(range).unwrap();
    for (n, entry) in page.entries.iter().enumerate() {
        assert_eq!(entry.index.0, page.first + n as u64);
    }
    page.entries
        .iter()
        .map(|entry| text_of(entry).to_string())
        .collect()
}

fn line_texts(page: &RawPage) -> Vec<String> {
    page.lines
        .iter()
        .map(|line| String::from_utf8(line.bytes.clone()).unwrap())
        .collect()
}

fn numbers(range: std::ops::Range<u64>) -> Vec<String> {
    range.map(|n| n.to_string()).collect()
}

#[test]
fn lines_are_read_as_they_came() {
    let place = place();
    let (mut writer, handle) = place.create();
    writer.append_raw(LogStream::In, 0, b"prompt\n").unwrap();
    writer
        .append_raw(LogStream::Out, 12, b"{\"a\":1}\n\n \xff\xfe\r\n")
        .unwrap();
    writer.append_raw(LogStream::Err, 13, b"").unwrap();
    writer
        .append_raw(LogStream::Err, 13, b"without a newline")
        .unwrap();
    assert_eq!(handle.raw(last(9)).unwrap().total, 0, "not flushed yet");
    writer.flush().unwrap();
    let page = handle.raw(last(9)).unwrap();
    let line = |stream, after_ms, bytes: &[u8]| LogLine {
        stream,
        after_ms,
        bytes: bytes.to_vec(),
    };
    let expected = [
        line(LogStream::In, 0, b"prompt"),
        line(LogStream::Out, 12, b"{\"a\":1}"),
        line(LogStream::Out, 12, b""),
        line(LogStream::Out, 12, b" \xff\xfe\r"),
        line(LogStream::Err, 13, b"without a newline"),
    ];
    assert_eq!((page.first, page.total, page.lines), (0, 5, expected.to_vec()));
}

#[test]
fn what_was_synced_is_told() {
    let place = place();
    let (mut writer, handle) = place.create();
    let header = handle.sync().unwrap().entries;
    writer.append_raw(LogStream::Out, 1, b"one\n").unwrap();
    assert_eq!(handle.sync().unwrap().raw, 0, "gathered, not written");
    writer.flush().unwrap();
    let lengths = handle.sync().unwrap();
    assert_eq!(
        (lengths.raw, lengths.entries, lengths.entry_count),
        (7, header, 0)
    );
    writer.apply(put(0, "one")).unwrap();
    assert_eq!(handle.sync().unwrap(), lengths, "still in the tail");
    let lengths = writer.finish().unwrap();
    assert_eq!(lengths.entry_count, 1);
    assert_eq!((lengths.raw, lengths.entries), (place.len(0), place.len(2)));
    assert_eq!(place.open().sync().unwrap(), lengths);
}

#[test]
fn a_log_is_never_overwritten() {
    let place = place();
    let (mut writer, _handle) = place.create();
    writer.append_raw(LogStream::Out, 1, b"one\n").unwrap();
    drop(writer);
    let error = LogWriter::create(&place.folder, RUN).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(place.len(0), 7, "the line of a dropped writer is there");
}

#[test]
fn a_removed_log_is_gone_and_may_be_removed_again() {
    let place = place();
    place.create();
    remove(&place.folder, RUN).unwrap();
    remove(&place.folder, RUN).unwrap();
    assert_eq!(open(&place.folder, RUN).unwrap_err().kind(), ErrorKind::NotFound);
    place.create();
}

#[test]
#[cfg(unix)]
fn only_the_owner_reads_logs() {
    use std::os::unix::fs::PermissionsExt;
    let place = place();
    place.create();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for n in 0..4 {
        assert_eq!(mode(place.path(n)), 0o600);
    }
    assert_eq!(mode(place.folder.folder_of(RUN)), 0o700);
}
