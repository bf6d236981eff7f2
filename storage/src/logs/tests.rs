//! Stories of a log: written, read at its edges, cut by a crash, made again.

use super::*;
use anyon_model::*;
use proptest::prelude::*;
use std::{
    fs,
    io::ErrorKind,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

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

/// Each line is one message.
fn line_to_message(line: &LogLine, changes: &mut Vec<EntryChange>, count: &mut u64) {
    changes.push(put(*count, &String::from_utf8_lossy(&line.bytes)));
    *count += 1;
}

fn recover_lines(folder: &LogFolder, durable: LogLengths) -> LogLengths {
    let mut count = 0;
    recover(folder, RUN, durable, &mut |line, changes| {
        line_to_message(line, changes, &mut count);
    })
    .unwrap()
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
fn raw_pages_fit_at_every_boundary() {
    for total in [0u64, 1, 255, 256, 257, 511, 512, 513, 1000] {
        let place = place();
        let (mut writer, live) = place.create();
        for n in 0..total {
            writer
                .append_raw(LogStream::Out, n, format!("{n}\n").as_bytes())
                .unwrap();
        }
        writer.finish().unwrap();
        for handle in [live, place.open()] {
            for first in [0, 1, 254, 255, 256, 257, 511, 512, 999, 1000, 1001, u64::MAX] {
                for count in [0, 1, 2, 256, 257, u32::MAX] {
                    let page = handle.raw(from(first, count)).unwrap();
                    let expected = first.min(total)
                        ..first
                            .saturating_add(u64::from(count))
                            .min(total)
                            .max(first.min(total));
                    assert_eq!((page.first, page.total), (expected.start, total));
                    assert_eq!(line_texts(&page), numbers(expected));
                }
            }
            for count in [0, 1, 255, 256, 257, 5000] {
                let page = handle.raw(last(count)).unwrap();
                let expected = total.saturating_sub(u64::from(count))..total;
                assert_eq!(page.first, expected.start);
                assert_eq!(line_texts(&page), numbers(expected));
            }
        }
    }
}

#[test]
fn entry_pages_fit_at_every_boundary_on_disk_and_in_memory() {
    // 448 stay in memory at most, and 192 when some left.
    for total in [0u64, 1, 448, 449, 1500] {
        let place = place();
        let (mut writer, live) = place.create();
        for n in 0..total {
            writer.apply(put(n, &n.to_string())).unwrap();
        }
        let check = |handle: &LogHandle| {
            let edges = [
                0,
                1,
                191,
                192,
                256,
                257,
                448,
                449,
                1307,
                1308,
                1309,
                1499,
                u64::MAX,
            ];
            for first in edges {
                for count in [0, 1, 2, 300] {
                    let end = first.saturating_add(u64::from(count)).min(total);
                    let found = texts(handle, from(first, count));
                    assert_eq!(found, numbers(first.min(total)..end.max(first.min(total))));
                }
            }
            for count in [0, 1, 191, 192, 193, 5000] {
                assert_eq!(
                    texts(handle, last(count)),
                    numbers(total.saturating_sub(u64::from(count))..total)
                );
            }
            assert_eq!(handle.entry_count(), total);
        };
        check(&live);
        writer.finish().unwrap();
        check(&live);
        check(&place.open());
    }
}

#[test]
fn a_growing_message_is_written_once() {
    let place = place();
    let (mut writer, handle) = place.create();
    writer.apply(put(0, "")).unwrap();
    for n in 0..10_000 {
        writer.apply(append(0, "word ")).unwrap();
        if n % 1000 == 0 {
            assert_eq!(texts(&handle, last(1))[0].len(), (n + 1) * 5);
        }
    }
    let lengths = writer.finish().unwrap();
    assert!(lengths.entries < 50_000 + 200, "{lengths:?}");
    assert_eq!(lengths.entry_count, 1);
    assert_eq!(texts(&place.open(), last(1)), ["word ".repeat(10_000)]);
}

#[test]
fn a_reader_keeps_the_page_it_got() {
    let place = place();
    let (mut writer, handle) = place.create();
    writer.apply(put(0, "so far")).unwrap();
    let page = handle.entries(last(1)).unwrap();
    writer.apply(append(0, ", and on")).unwrap();
    assert_eq!(text_of(&page.entries[0]), "so far");
    assert_eq!(texts(&handle, last(1)), ["so far, and on"]);
}

#[test]
fn an_entry_that_left_the_tail_still_changes() {
    let place = place();
    let (mut writer, handle) = place.create();
    for n in 0..1000 {
        writer.apply(put(n, &n.to_string())).unwrap();
    }
    let written = place.len(2);
    for _ in 0..100 {
        writer.apply(append(3, "+")).unwrap();
    }
    writer.apply(put(4, "new four")).unwrap();
    writer.apply(append(4, "!")).unwrap();
    assert_eq!(place.len(2), written, "not written at once");
    let expected = [
        "2".to_string(),
        format!("3{}", "+".repeat(100)),
        "new four!".into(),
        "5".into(),
    ];
    assert_eq!(texts(&handle, from(2, 4)), expected);
    // More of them than stay in memory.
    for n in 10..110 {
        writer.apply(append(n, "~")).unwrap();
    }
    assert!(place.len(2) > written);
    for n in (0..110).step_by(5) {
        writer.apply(append(n, "*")).unwrap();
    }
    writer.finish().unwrap();
    let handle = place.open();
    assert_eq!(texts(&handle, from(2, 4))[..3], expected[..3]);
    assert_eq!(texts(&handle, from(9, 3)), ["9", "10~*", "11~"]);
    assert_eq!(texts(&handle, from(109, 3)), ["109~", "110", "111"]);
    assert_eq!(handle.entry_count(), 1000);
}

#[test]
fn changes_that_make_no_sense_are_refused_and_the_log_goes_on() {
    let place = place();
    let (mut writer, handle) = place.create();
    let kind = |result: std::io::Result<()>| result.unwrap_err().kind();
    assert_eq!(kind(writer.apply(append(0, "x"))), ErrorKind::InvalidInput);
    assert_eq!(kind(writer.apply(put(1, "x"))), ErrorKind::InvalidInput);
    writer
        .apply(EntryChange::Put(Entry {
            kind: EntryKind::Plan { items: vec![] },
            ..message(0, "")
        }))
        .unwrap();
    assert_eq!(kind(writer.apply(append(0, "x"))), ErrorKind::InvalidInput);
    for n in 1..1000 {
        writer.apply(put(n, "x")).unwrap();
    }
    assert_eq!(kind(writer.apply(append(0, "x"))), ErrorKind::InvalidInput);
    assert_eq!(handle.entry_count(), 1000);
}

#[test]
fn huge_lines_and_entries_pass() {
    let place = place();
    let (mut writer, handle) = place.create();
    let huge = vec![b'x'; 16 << 20];
    let mut line = huge.clone();
    line.push(b'\n');
    for n in 0..3u64 {
        writer.append_raw(LogStream::Out, n, &line).unwrap();
        writer.apply(put(n, std::str::from_utf8(&huge).unwrap())).unwrap();
    }
    writer.append_raw(LogStream::Out, 9, b"end\n").unwrap();
    writer.flush().unwrap();
    let page = handle.raw(last(2)).unwrap();
    assert!(page.lines[0].bytes == huge);
    assert_eq!(page.lines[1].bytes, b"end");
    // Pages end at their size, and always have something.
    assert_eq!(handle.raw(from(0, 9)).unwrap().lines.len(), 2);
    let page = handle.raw(last(9)).unwrap();
    assert_eq!((page.first, page.lines.len()), (2, 2));
    assert_eq!(handle.entries(from(1, 2)).unwrap().entries.len(), 1);
    let page = handle.entries(last(3)).unwrap();
    assert_eq!((page.first, page.entries.len()), (2, 1));
    writer.finish().unwrap();
    assert!(texts(&place.open(), from(2, 1))[0].len() == huge.len());
}

#[test]
fn two_huge_messages_that_grow_in_turn_are_not_written_again_and_again() {
    let place = place();
    let (mut writer, _handle) = place.create();
    let huge = "y".repeat(5 << 20);
    writer.apply(put(0, &huge)).unwrap();
    writer.apply(put(1, &huge)).unwrap();
    for _ in 0..200 {
        writer.apply(append(0, "more")).unwrap();
        writer.apply(append(1, "more")).unwrap();
    }
    writer.finish().unwrap();
    assert!(place.len(2) < 4 * huge.len() as u64, "{}", place.len(2));
}

#[test]
fn memory_is_bounded_by_bytes_too() {
    let place = place();
    let (mut writer, handle) = place.create();
    let large = "z".repeat(1 << 20);
    for n in 0..16u64 {
        writer.apply(put(n, &large)).unwrap();
        let in_memory = ((n + 1) * large.len() as u64).saturating_sub(place.len(2));
        assert!(in_memory <= 8 << 20, "{in_memory}");
    }
    assert_eq!(handle.entry_count(), 16);
}

#[test]
fn readers_see_a_whole_conversation_while_it_is_written() {
    let place = place();
    let (mut writer, handle) = place.create();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let handle = handle.clone();
            let done = &done;
            scope.spawn(move || {
                let mut pages = 0u64;
                while !done.load(Ordering::Relaxed) {
                    let total = handle.entry_count();
                    let first = total.saturating_sub(700) + pages * 37 % 600;
                    let page = handle.entries(from(first, 50)).unwrap();
                    for (n, entry) in page.entries.iter().enumerate() {
                        let text = text_of(entry);
                        let number = (page.first + n as u64).to_string();
                        assert!(text.starts_with(&number), "{text} is not {number}");
                    }
                    let raw = handle.raw(from(first, 50)).unwrap();
                    for (n, line) in raw.lines.iter().enumerate() {
                        assert_eq!(line.bytes, (raw.first + n as u64).to_string().as_bytes());
                    }
                    let lengths = handle.sync().unwrap();
                    assert!(lengths.entry_count <= handle.entry_count());
                    pages += 1;
                }
                assert!(pages > 0);
            });
        }
        for n in 0..6000u64 {
            writer
                .append_raw(LogStream::Out, n, format!("{n}\n").as_bytes())
                .unwrap();
            writer.apply(put(n, &n.to_string())).unwrap();
            writer.apply(append(n, "+")).unwrap();
            // Tool calls that end much later.
            if n > 600 {
                writer.apply(append(n - 600, "!")).unwrap();
            }
            if n % 50 == 0 {
                writer.flush().unwrap();
            }
        }
        writer.finish().unwrap();
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(texts(&handle, from(0, 1)), ["0+"]);
    assert_eq!(texts(&handle, from(700, 1)), ["700+!"]);
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
fn an_unfinished_log_asks_to_be_recovered_and_shows_its_lines() {
    let place = place();
    let (mut writer, handle) = place.create();
    for n in 0..700 {
        writer
            .append_raw(LogStream::Out, n, format!("{n}\n").as_bytes())
            .unwrap();
        writer.apply(put(n, "parsed")).unwrap();
    }
    writer.flush().unwrap();
    let durable = handle.sync().unwrap();
    // What a crash leaves: no drop, no finish.
    std::mem::forget(writer);
    let found = place.open();
    assert!(!found.entries_known());
    assert_eq!(found.entries(last(1)).unwrap_err().kind(), ErrorKind::InvalidData);
    assert_eq!(line_texts(&found.raw(last(2)).unwrap()), ["698", "699"]);

    let lengths = recover_lines(&place.folder, durable);
    let found = place.open();
    assert!(found.entries_known());
    assert_eq!(lengths.raw, durable.raw);
    assert_eq!((lengths.entry_count, found.entry_count()), (700, 700));
    assert_eq!(texts(&found, from(254, 4)), numbers(254..258));
}

#[test]
fn entries_of_another_format_are_made_again() {
    let place = place();
    let (mut writer, _handle) = place.create();
    writer.append_raw(LogStream::Out, 1, b"one\ntwo\n").unwrap();
    let lengths = writer.finish().unwrap();
    fs::write(place.path(2), b"anyon-entries 00099\nwhatever that is\n").unwrap();
    assert!(!place.open().entries_known());
    assert_eq!(recover_lines(&place.folder, lengths).entry_count, 2);
    assert_eq!(texts(&place.open(), last(9)), ["one", "two"]);
}

#[test]
fn a_line_that_was_half_written_is_cut_and_zeros_too() {
    for (after, durable) in [
        (b"o7 half".as_slice(), true),
        (b"o7", true),
        (&[0; 4096], true),
        (b"\0\0\0\no8 later\n", false),
        (b"garbage\no8 later\n", false),
    ] {
        let place = place();
        let (mut writer, handle) = place.create();
        writer.append_raw(LogStream::Out, 1, b"one\ntwo\n").unwrap();
        writer.flush().unwrap();
        let lengths = handle.sync().unwrap();
        drop(writer);
        let mut bytes = fs::read(place.path(0)).unwrap();
        bytes.extend_from_slice(after);
        fs::write(place.path(0), &bytes).unwrap();
        let durable = if durable { lengths } else { LogLengths::default() };
        let recovered = recover_lines(&place.folder, durable);
        assert_eq!(recovered.raw, lengths.raw, "{after:?}");
        assert_eq!(place.len(0), lengths.raw);
        assert_eq!(texts(&place.open(), last(9)), ["one", "two"]);
    }
}

#[test]
fn nothing_durable_is_cut_even_when_it_is_damaged() {
    let place = place();
    let (mut writer, handle) = place.create();
    writer
        .append_raw(LogStream::Out, 1, b"one\ntwo\nthree\n")
        .unwrap();
    writer.flush().unwrap();
    let durable = handle.sync().unwrap();
    drop(writer);
    let mut bytes = fs::read(place.path(0)).unwrap();
    bytes[7..9].fill(0);
    fs::write(place.path(0), &bytes).unwrap();
    assert_eq!(recover_lines(&place.folder, durable).raw, durable.raw);
    let page = place.open().raw(last(9)).unwrap();
    assert_eq!(page.lines.len(), 3);
    assert_eq!(page.lines[2].bytes, b"three");
    assert!(page.lines[1].bytes.starts_with(b"\0\0 two"), "shown as it is");
}

#[test]
fn an_execution_without_a_log_gets_an_empty_one() {
    let place = place();
    let lengths = recover_lines(&place.folder, LogLengths::default());
    assert_eq!((lengths.raw, lengths.entry_count), (0, 0));
    let found = place.open();
    assert_eq!(found.raw(last(3)).unwrap().total, 0);
    assert_eq!(found.entries(last(3)).unwrap().total, 0);
}

#[test]
fn recovering_survives_changes_that_make_no_sense() {
    let place = place();
    let (mut writer, _handle) = place.create();
    writer.append_raw(LogStream::Out, 1, b"one\n").unwrap();
    let lengths = writer.finish().unwrap();
    let recovered = recover(&place.folder, RUN, lengths, &mut |_, changes| {
        changes.extend([append(7, "?"), put(0, "fine")]);
    });
    assert_eq!(recovered.unwrap().entry_count, 1);
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

/// What is written stays within two and a half times the lines, when each line is an entry of its own.
#[test]
fn lines_and_entries_take_at_most_two_and_a_half_times_the_lines() {
    let place = place();
    let (mut writer, _handle) = place.create();
    let line = format!(
        "{{\"type\":\"stream_event\",\"uuid\":\"7f7a5f2e-91ab-4f06-9e52-3c1f2f7a5b11\",\"text\":\"{}\"}}\n",
        "w ".repeat(118)
    );
    for n in 0..5000 {
        writer
            .append_raw(LogStream::Out, 100_000 + n, line.as_bytes())
            .unwrap();
        let raw = EntryKind::Raw {
            stream: LogStream::Out,
            text: line.trim_end().into(),
        };
        writer
            .apply(EntryChange::Put(Entry {
                kind: raw,
                at: Timestamp::from_ms(1_763_800_000_000),
                ..message(n, "")
            }))
            .unwrap();
    }
    writer.finish().unwrap();
    let written: u64 = (0..4).map(|n| place.len(n)).sum();
    let lines = 5000 * line.len() as u64;
    assert!(written * 10 <= lines * 25, "{written} for {lines}");
}

#[derive(Debug, Clone)]
enum Act {
    Put(u64, String),
    Append(u64, String),
    Read(u64, u32),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (any::<u64>(), ".{0,20}").prop_map(|(at, text)| Act::Put(at, text)),
        4 => (any::<u64>(), ".{0,5}").prop_map(|(at, text)| Act::Append(at, text)),
        1 => (any::<u64>(), 0u32..700).prop_map(|(first, count)| Act::Read(first, count)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_conversation_is_a_list_of_messages(
        begin in prop_oneof![Just(0u64), Just(440), Just(900)], acts in prop::collection::vec(act(), 1..300)
    ) {
        let place = place();
        let (mut writer, handle) = place.create();
        let mut expected: Vec<String> = Vec::new();
        for n in 0..begin {
            writer.apply(put(n, &n.to_string())).unwrap();
            expected.push(n.to_string());
        }
        for act in acts {
            let total = expected.len() as u64;
            match act {
                Act::Put(at, text) => {
                    // Every second one is new.
                    let at = if at % 2 == 0 { total } else { at % (total + 1) };
                    writer.apply(put(at, &text)).unwrap();
                    match expected.get_mut(at as usize) {
                        Some(old) => *old = text,
                        None => expected.push(text),
                    }
                }
                Act::Append(at, text) if total > 0 => {
                    let at = at % total;
                    writer.apply(append(at, &text)).unwrap();
                    expected[at as usize].push_str(&text);
                }
                Act::Append(..) => {}
                Act::Read(first, count) => {
                    let first = first % (total + 1);
                    let end = (first + u64::from(count)).min(total);
                    prop_assert_eq!(&texts(&handle, from(first, count)), &expected[first as usize..end as usize]);
                }
            }
        }
        writer.finish().unwrap();
        prop_assert_eq!(&texts(&handle, from(0, u32::MAX)), &expected);
        prop_assert_eq!(&texts(&place.open(), from(0, u32::MAX)), &expected);
    }

    #[test]
    fn a_log_cut_anywhere_is_a_prefix_of_what_was_written(
        lines in prop::collection::vec(prop::collection::vec(any::<u8>().prop_filter("newline", |b| *b != b'\n'), 0..50), 0..600),
        durable_lines in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()
    ) {
        let place = place();
        let (mut writer, handle) = place.create();
        let durable_lines = durable_lines.index(lines.len() + 1);
        let mut durable = LogLengths::default();
        for (n, line) in lines.iter().enumerate() {
            if n == durable_lines {
                writer.flush().unwrap();
                durable = handle.sync().unwrap();
            }
            let mut line = line.clone();
            line.push(b'\n');
            writer.append_raw(LogStream::Out, n as u64, &line).unwrap();
        }
        drop(writer);
        let bytes = fs::read(place.path(0)).unwrap();
        let cut = durable.raw as usize + cut.index(bytes.len() - durable.raw as usize + 1);
        fs::write(place.path(0), &bytes[..cut]).unwrap();
        // The caches may be in any state.
        fs::write(place.path(1), [7; 11]).unwrap();
        fs::remove_file(place.path(3)).unwrap();

        let recovered = recover_lines(&place.folder, durable);
        prop_assert!(recovered.raw >= durable.raw);
        let left = fs::read(place.path(0)).unwrap();
        prop_assert_eq!(left.len() as u64, recovered.raw);
        prop_assert!(bytes.starts_with(&left));
        prop_assert!(left.is_empty() || left.ends_with(b"\n"));
        prop_assert!(cut - left.len() <= 80, "only the last line may be cut");
        let found = place.open();
        let page = found.raw(from(0, u32::MAX)).unwrap();
        prop_assert_eq!(page.total, recovered.entry_count);
        for (n, line) in page.lines.iter().enumerate() {
            prop_assert_eq!(&line.bytes, &lines[n]);
            prop_assert_eq!(line.after_ms, n as u64);
        }
        let entries = found.entries(from(0, u32::MAX)).unwrap().entries;
        prop_assert_eq!(entries.len(), page.lines.len());
        let _: Vec<Arc<Entry>> = entries;
    }
}
