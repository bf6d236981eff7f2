//! A log after a crash: cut to what was written, everything else made again.

use super::*;
use proptest::prelude::*;

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

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
    }
}
