//! Reads pages of a conversation: what is in memory from there, the rest from the entry segment.

use super::{
    handle::Shared,
    page::{PAGE_BYTES, keeps_end, places},
    segment::{Files, LineReader, read_numbers},
};
use anyon_model::{Entry, EntryPage, PageRange};
use std::{collections::VecDeque, io, ops::Range, sync::Arc};

/// What is known of the places of a page under the lock.
struct Outline {
    places: Range<u64>,
    total: u64,
    /// So many are in the segment.
    on_disk: u64,
    /// Those in memory, by place in the page, with what they cost.
    in_memory: Vec<Option<(Arc<Entry>, usize)>>,
}

/// A page.
pub(crate) fn read(shared: &Shared, range: PageRange) -> io::Result<EntryPage> {
    let outline = outline(shared, range);
    let on_disk = outline.places.start..outline.on_disk.clamp(outline.places.start, outline.places.end);
    let offsets = read_numbers(
        &shared.files.index,
        on_disk.start,
        (on_disk.end - on_disk.start) as usize,
    )?;
    // No end: a newer version may have been written since, and the index leads to it.
    let mut lines = LineReader::new(&shared.files.entries, u64::MAX);
    let mut entry_at = |at: usize| match &outline.in_memory[at] {
        Some(found) => Ok(found.clone()),
        None => read_line(&mut lines, offsets[at]),
    };
    let (at, entries) = collect(outline.in_memory.len(), keeps_end(range), &mut entry_at)?;
    Ok(EntryPage {
        first: outline.places.start + at as u64,
        total: outline.total,
        entries,
    })
}

fn outline(shared: &Shared, range: PageRange) -> Outline {
    let live = shared.live();
    let total = live.tail.total();
    let places = places(range, total);
    let in_memory = places
        .clone()
        .map(|place| live.tail.get(place).map(|(entry, bytes)| (entry.clone(), bytes)))
        .collect();
    Outline {
        places,
        total,
        on_disk: live.tail.first,
        in_memory,
    }
}

/// The entries of a page as far as [`PAGE_BYTES`] go, from the end that matters, with the place of the first.
fn collect(
    count: usize,
    from_end: bool,
    entry_at: &mut dyn FnMut(usize) -> io::Result<(Arc<Entry>, usize)>,
) -> io::Result<(usize, Vec<Arc<Entry>>)> {
    let mut entries = VecDeque::new();
    let mut page_bytes = 0;
    for step in 0..count {
        let (entry, bytes) = entry_at(if from_end { count - 1 - step } else { step })?;
        page_bytes += bytes;
        if page_bytes > PAGE_BYTES && !entries.is_empty() {
            break;
        }
        match from_end {
            true => entries.push_front(entry),
            false => entries.push_back(entry),
        }
    }
    let first = if from_end { count - entries.len() } else { 0 };
    Ok((first, entries.into()))
}

/// One entry of the segment.
pub(crate) fn read_entry(files: &Files, place: u64) -> io::Result<Entry> {
    let offset = read_numbers(&files.index, place, 1)?[0];
    let (entry, _) = read_line(&mut LineReader::new(&files.entries, u64::MAX), offset)?;
    Ok(Arc::unwrap_or_clone(entry))
}

fn read_line(lines: &mut LineReader<'_>, offset: u64) -> io::Result<(Arc<Entry>, usize)> {
    lines.seek(offset);
    let line = lines.next_line()?.ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok((Arc::new(serde_json::from_slice(line)?), line.len()))
}
