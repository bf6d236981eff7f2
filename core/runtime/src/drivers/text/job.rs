//! The questions about text, with what they need of the state.

use super::find::Wanted;
use crate::{drivers::source::Source, recovery::Readable};
use anyon_model::{AttemptId, EntryIndex, ExecutionId, FilePath, PageRange};
use std::sync::Arc;

/// A question about text, by who answers it.
pub enum TextJob {
    /// It takes milliseconds.
    Short(ShortJob),
    /// The differences of a file.
    Diff(DiffJob),
    /// Lines of a file.
    Lines(LinesJob),
}

/// What takes milliseconds.
pub enum ShortJob {
    /// Markdown as blocks.
    Markdown {
        /// The text.
        text: Arc<str>,
    },
    /// Something of an entry.
    Entry {
        /// Whose.
        execution: Readable,
        /// Which entry.
        index: EntryIndex,
        /// What of it.
        view: EntryView,
    },
    /// What a part of a raw log holds.
    Find {
        /// Whose.
        execution_id: ExecutionId,
        /// Where, and what.
        wanted: Wanted,
    },
    /// A page of a raw log.
    Log {
        /// Whose.
        execution_id: ExecutionId,
        /// Which lines.
        range: PageRange,
    },
}

/// The differences of a file.
pub struct DiffJob {
    /// Whose.
    pub attempt_id: AttemptId,
    /// Where its work is read from.
    pub source: Source,
    /// Path relative to the worktree.
    pub path: FilePath,
    /// Although it is large.
    pub whole: bool,
}

/// Lines of a file.
pub struct LinesJob {
    /// Whose.
    pub attempt_id: AttemptId,
    /// Where its work is read from.
    pub source: Source,
    /// Path relative to the worktree.
    pub path: FilePath,
    /// Which lines.
    pub range: PageRange,
}

/// What of an entry is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryView {
    /// Its text.
    Blocks,
    /// The changes it tells of.
    Edits,
    /// Its output.
    Ansi,
}

/// Questions with the same key have the same answer if they are asked at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// Of an entry.
    Entry(ExecutionId, EntryIndex, EntryView),
    /// Of a file.
    Diff(AttemptId, FilePath, bool),
}

impl TextJob {
    pub(super) fn key(&self) -> Option<Key> {
        match self {
            Self::Short(ShortJob::Entry {
                execution,
                index,
                view,
            }) => Some(Key::Entry(execution.id, *index, *view)),
            Self::Diff(job) => Some(Key::Diff(job.attempt_id, job.path.clone(), job.whole)),
            Self::Short(_) | Self::Lines(_) => None,
        }
    }
}
