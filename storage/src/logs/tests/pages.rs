//! Pages: at every boundary, of any size, while the log is written.

use super::*;
use std::sync::atomic::{AtomicBool, Ordering};

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
