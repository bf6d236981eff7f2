//! Entries that change: growing, after they left memory, in any order.

use super::*;
use proptest::prelude::*;

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
}
