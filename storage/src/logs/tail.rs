//! The newest entries of a log that is being written, in memory, and older ones that changed again.

use anyon_model::{Entry, EntryKind, ToolDetail, ToolUse};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

/// Most entries of the tail, and how many stay when it is shortened.
const TAIL_ENTRIES: usize = 448;
const TAIL_ENTRIES_KEPT: usize = 192;
/// Most bytes of the tail, and how many stay. One entry stays whatever its size: it still grows.
const TAIL_BYTES: usize = 6 << 20;
const TAIL_BYTES_KEPT: usize = 3 << 20;
/// Most older entries that changed again, in number and bytes.
const REOPENED_ENTRIES: usize = 64;
const REOPENED_BYTES: usize = 2 << 20;
/// What an entry costs beside its texts.
const ENTRY_BYTES: usize = 256;

/// Entries in memory.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    /// Place of the tail's first entry: so many are in the entry segment.
    pub(crate) first: u64,
    slots: VecDeque<Slot>,
    reopened: BTreeMap<u64, Slot>,
    tail_bytes: usize,
    reopened_bytes: usize,
}

#[derive(Debug)]
struct Slot {
    entry: Arc<Entry>,
    bytes: usize,
}

/// An entry that is to be written, with its place.
pub(crate) type Leaving = (u64, Arc<Entry>);

impl Tail {
    /// A log whose entries are all in the segment.
    pub(crate) fn on_disk(entry_count: u64) -> Self {
        Self {
            first: entry_count,
            ..Self::default()
        }
    }

    /// How many entries there are.
    pub(crate) fn total(&self) -> u64 {
        self.first + self.slots.len() as u64
    }

    /// The entry at a place, if it is in memory, with what it costs.
    pub(crate) fn get(&self, place: u64) -> Option<(&Arc<Entry>, usize)> {
        let slot = match place.checked_sub(self.first) {
            Some(at) => self.slots.get(at as usize)?,
            None => self.reopened.get(&place)?,
        };
        Some((&slot.entry, slot.bytes))
    }

    /// Puts an entry: a new one at [`Self::total`], else a new version. The place must not be past the end.
    pub(crate) fn put(&mut self, entry: Entry) {
        let place = entry.index.0;
        let slot = Slot {
            bytes: weight(&entry),
            entry: Arc::new(entry),
        };
        let (bytes, old) = match place.checked_sub(self.first) {
            Some(at) => {
                self.tail_bytes += slot.bytes;
                let old = match self.slots.get_mut(at as usize) {
                    Some(old) => Some(std::mem::replace(old, slot)),
                    None => {
                        self.slots.push_back(slot);
                        None
                    }
                };
                (&mut self.tail_bytes, old)
            }
            None => {
                self.reopened_bytes += slot.bytes;
                let old = self.reopened.insert(place, slot);
                (&mut self.reopened_bytes, old)
            }
        };
        *bytes -= old.map_or(0, |slot| slot.bytes);
    }

    /// Adds text to an entry in memory. `false`: it is not there, or its text does not grow.
    pub(crate) fn append(&mut self, place: u64, text: &str) -> bool {
        let (slot, bytes) = match place.checked_sub(self.first) {
            Some(at) => (self.slots.get_mut(at as usize), &mut self.tail_bytes),
            None => (self.reopened.get_mut(&place), &mut self.reopened_bytes),
        };
        let Some(slot) = slot else { return false };
        // Copies the entry only while a reader holds it.
        let Some(growing) = Arc::make_mut(&mut slot.entry).growing_text() else {
            return false;
        };
        growing.push_str(text);
        slot.bytes += text.len();
        *bytes += text.len();
        true
    }

    /// Something has to leave memory now.
    pub(crate) fn is_full(&self) -> bool {
        self.tail_is_full() || self.reopened_is_full()
    }

    fn tail_is_full(&self) -> bool {
        let entries = self.slots.len();
        entries > TAIL_ENTRIES || (entries > 1 && self.tail_bytes > TAIL_BYTES)
    }

    /// The entries that have to leave the tail now, oldest first.
    pub(crate) fn leaving(&self) -> Vec<Leaving> {
        if !self.tail_is_full() {
            return Vec::new();
        }
        let (mut left, mut bytes) = (self.slots.len(), self.tail_bytes);
        let leaves = self.slots.iter().take_while(|slot| {
            let leaves = left > 1 && (left > TAIL_ENTRIES_KEPT || bytes > TAIL_BYTES_KEPT);
            left -= 1;
            bytes -= slot.bytes;
            leaves
        });
        (self.first..)
            .zip(leaves.map(|slot| slot.entry.clone()))
            .collect()
    }

    /// All entries of the tail.
    pub(crate) fn all(&self) -> Vec<Leaving> {
        (self.first..)
            .zip(self.slots.iter().map(|slot| slot.entry.clone()))
            .collect()
    }

    /// The older entries that changed again have to be written now.
    pub(crate) fn reopened_is_full(&self) -> bool {
        let entries = self.reopened.len();
        entries > REOPENED_ENTRIES || (entries > 1 && self.reopened_bytes > REOPENED_BYTES)
    }

    /// The older entries that changed again.
    pub(crate) fn reopened(&self) -> Vec<Leaving> {
        self.reopened
            .iter()
            .map(|(place, slot)| (*place, slot.entry.clone()))
            .collect()
    }

    /// Much more is in memory than should be: writing fails.
    pub(crate) fn is_stuck(&self) -> bool {
        self.slots.len() > 2 * TAIL_ENTRIES
            || (self.slots.len() > 2 && self.tail_bytes > 4 * TAIL_BYTES)
            || self.reopened.len() > 2 * REOPENED_ENTRIES
    }

    /// The first `count` entries are in the segment now.
    pub(crate) fn drop_first(&mut self, count: usize) {
        let bytes: usize = self.slots.drain(..count).map(|slot| slot.bytes).sum();
        self.tail_bytes -= bytes;
        self.first += count as u64;
    }

    /// The newest versions of the older entries are in the segment now.
    pub(crate) fn drop_reopened(&mut self) {
        self.reopened.clear();
        self.reopened_bytes = 0;
    }
}

/// About how many bytes an entry takes.
fn weight(entry: &Entry) -> usize {
    let texts = match &entry.kind {
        EntryKind::UserMessage { text }
        | EntryKind::AssistantMessage { text }
        | EntryKind::Thinking { text }
        | EntryKind::SystemMessage { text }
        | EntryKind::ErrorMessage { text, .. }
        | EntryKind::Raw { text, .. } => text.len(),
        EntryKind::ToolUse(tool) => weight_of_tool(tool),
        EntryKind::Plan { items } => items.iter().map(|item| item.text.len() + 32).sum(),
        EntryKind::TokenUsage { .. } => 0,
    };
    ENTRY_BYTES + texts
}

fn weight_of_tool(tool: &ToolUse) -> usize {
    let detail = match &tool.detail {
        ToolDetail::Command { command, description } => {
            command.len() + description.as_ref().map_or(0, String::len)
        }
        ToolDetail::FileEdit { changes } => changes
            .iter()
            .map(|change| {
                let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
                text(&change.old_text) + text(&change.new_text) + 64
            })
            .sum(),
        ToolDetail::FileRead { .. } => 64,
        ToolDetail::Search { query: text }
        | ToolDetail::Fetch { target: text }
        | ToolDetail::Task { description: text }
        | ToolDetail::Plan { plan: text }
        | ToolDetail::Other { input: text } => text.len(),
        ToolDetail::Todo { items } => items.iter().map(|item| item.text.len() + 32).sum(),
        ToolDetail::Questions { questions, .. } => questions.len() * 512,
    };
    detail + tool.title.len() + tool.output.as_ref().map_or(0, |output| output.text.len())
}
