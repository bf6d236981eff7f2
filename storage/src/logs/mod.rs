//! Logs of executions: what an agent said, line by line, and what that means, entry by entry.
//!
//! Per execution two append-only segments with an index each. The raw segment holds the lines as they came and is
//! the truth; the entry segment holds normalised entries and is a cache that [`recover`] makes again from the raw
//! one. Newest entries are in memory until they leave the tail, so an entry that grows is written once. Nothing
//! here knows what a line means, and nothing here is in the store but the durable lengths.
//!
//! ```text
//! <execution>.raw          <o|e|i><after_ms> <line>\n …
//! <execution>.raw.idx      u64 LE: offset of every 256th line
//! <execution>.entries      header line, then one JSON entry a line, newer versions after older ones
//! <execution>.entries.idx  u64 LE per entry: offset of its newest version
//! ```

mod entry_page;
mod entry_writer;
mod folder;
mod format;
mod handle;
mod page;
mod raw_page;
mod raw_writer;
mod recover;
mod segment;
mod tail;
mod writer;

#[cfg(test)]
mod tests;

pub use folder::{LogFolder, remove};
pub use format::ENTRY_FORMAT;
pub use handle::{LogHandle, open};
pub use page::PAGE_BYTES;
pub use recover::recover;
pub use writer::LogWriter;
