//! The text driver: what is shown of text, as blocks and spans. Reads logs, diffs and worktrees; changes nothing.
//!
//! Nothing here runs on a client's thread. Of the same entry or file at most one piece of work is going on: who asks
//! meanwhile shares the next one, which is newer than the question.

mod cache;
mod entry;
mod file;
mod find;
mod job;
mod lane;

pub use job::{DiffJob, EntryView, LinesJob, ShortJob, TextJob};

use super::{git::GitShared, process::Shared, query::Asker};
use crate::publish::lock;
use anyon_model::{
    AnsiLogLine, AnsiPage, Answer, Block, EntryIndex, LogLine, PageRange, Problem, ProblemCode, QueryResult,
};
use anyon_storage::logs::LogHandle;
use anyon_text::{ansi_bytes, markdown};
use cache::Cache;
pub use file::worktree_text;
use file::{DiffPages, FilePages};
pub use find::Wanted;
use job::Key;
use lane::Lane;
use std::{
    collections::HashMap,
    io,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;
use xxhash_rust::xxh3::xxh3_128;

/// Short pieces of work at once.
const SHORT_JOBS: usize = 3;
/// After so long the rest of an entry's code is plain.
const SHORT_LIMIT: Duration = Duration::from_secs(1);
/// After so long the rest of a file is plain.
const LONG_LIMIT: Duration = Duration::from_secs(15);
/// Bytes of the texts whose blocks are kept.
const KEPT_BLOCK_BYTES: usize = 8 * 1024 * 1024;
/// Lines of a page.
const PAGE_LINES: u32 = 2000;
/// Bytes of a log line that are shown.
const LOG_LINE_BYTES: usize = 16 * 1024;

/// What answers queries about text.
#[derive(Clone)]
pub struct TextDriver(Arc<TextShared>);

struct TextShared {
    processes: Arc<Shared>,
    git: Arc<GitShared>,
    blocks: Mutex<Cache<u128, Arc<Vec<Block>>>>,
    diffs: Lane<DiffPages>,
    files: Lane<FilePages>,
    waiting: Mutex<HashMap<Key, Vec<Asker>>>,
    short: Arc<Semaphore>,
}

impl TextDriver {
    /// A driver that reads from these.
    pub fn new(processes: Arc<Shared>, git: Arc<GitShared>) -> Self {
        Self(Arc::new(TextShared {
            processes,
            git,
            blocks: Mutex::new(Cache::new(KEPT_BLOCK_BYTES)),
            diffs: Lane::new("anyon-diffs"),
            files: Lane::new("anyon-files"),
            waiting: Mutex::default(),
            short: Arc::new(Semaphore::new(SHORT_JOBS)),
        }))
    }

    /// Does the job on another thread and answers.
    pub fn answer(&self, job: TextJob, asker: Asker) {
        let key = job.key();
        if let Some(key) = &key {
            let mut waiting = lock(&self.0.waiting);
            if let Some(askers) = waiting.get_mut(key) {
                return askers.push(asker);
            }
            waiting.insert(key.clone(), Vec::new());
        }
        let shared = self.0.clone();
        match job {
            TextJob::Diff(job) => self.0.diffs.run(move |mut pages| {
                shared.run(key.as_ref(), asker, || shared.diff(&job, pages.as_deref_mut()));
            }),
            TextJob::Lines(job) => self.0.files.run(move |mut pages| {
                shared.run(key.as_ref(), asker, || shared.lines(&job, pages.as_deref_mut()));
            }),
            TextJob::Short(job) => shared.short(job, key, asker),
        }
    }
}

impl TextShared {
    fn short(self: Arc<Self>, job: ShortJob, key: Option<Key>, asker: Asker) {
        let pool = self.short.clone();
        tokio::spawn(async move {
            let _permit = pool.acquire_owned().await;
            let work = move || self.run(key.as_ref(), asker, || self.work(&job));
            let _ = tokio::task::spawn_blocking(work).await;
        });
    }

    fn run(&self, key: Option<&Key>, asker: Asker, mut work: impl FnMut() -> QueryResult) {
        let mut askers = vec![asker];
        while !askers.is_empty() {
            let result = contained(&mut work);
            askers.drain(..).for_each(|asker| asker.answer(result.clone()));
            if let Some(key) = key {
                askers = self.next_askers(key);
            }
        }
    }

    /// Who asked meanwhile. Nobody: the work is over.
    fn next_askers(&self, key: &Key) -> Vec<Asker> {
        let mut waiting = lock(&self.waiting);
        let askers = waiting.get_mut(key).map(std::mem::take).unwrap_or_default();
        if askers.is_empty() {
            waiting.remove(key);
        }
        askers
    }

    fn work(&self, job: &ShortJob) -> QueryResult {
        match job {
            ShortJob::Markdown { text } => Ok(Answer::Blocks(self.markdown(text))),
            ShortJob::Entry {
                execution,
                index,
                view,
            } => {
                let log = self
                    .processes
                    .entry_log(execution)
                    .map_err(|error| unreadable(&error))?;
                self.entry(&log.ok_or_else(no_entry)?, *index, *view)
            }
            ShortJob::Find { execution_id, wanted } => {
                let log = self.processes.raw_log(*execution_id);
                let log = log.map_err(|error| unreadable(&error))?;
                let found = log.map(|log| find::find(|range| log.raw(range), wanted));
                let found = found.transpose().map_err(|error| unreadable(&error))?;
                Ok(Answer::FoundInLog(Arc::new(found.unwrap_or_default())))
            }
            ShortJob::Log { execution_id, range } => {
                let log = self
                    .processes
                    .raw_log(*execution_id)
                    .map_err(|error| unreadable(&error))?;
                // Nothing was started: it is empty.
                let page = log.map(|log| log_page(&log, *range)).transpose();
                let page = page.map_err(|error| unreadable(&error))?.unwrap_or_default();
                Ok(Answer::AnsiLog(Arc::new(page)))
            }
        }
    }

    fn diff(&self, job: &DiffJob, pages: Option<&mut DiffPages>) -> QueryResult {
        let path = job.path.as_path();
        let diff = job.source.file(&self.git.git, path, job.whole)?;
        let text = job.source.text(&self.git.git, path).ok();
        let key = (job.attempt_id, job.path.clone());
        let styled = pages
            .ok_or_else(no_thread)?
            .style(key, text, diff, &limited(LONG_LIMIT));
        Ok(Answer::DiffSpans(styled))
    }

    fn lines(&self, job: &LinesJob, pages: Option<&mut FilePages>) -> QueryResult {
        let text = job.source.text(&self.git.git, job.path.as_path())?;
        let (key, range) = ((job.attempt_id, job.path.clone()), bounded(job.range));
        let pages = pages.ok_or_else(no_thread)?;
        let lines = pages.lines(key, text, range, &limited(LONG_LIMIT));
        Ok(Answer::FileLines(Arc::new(lines)))
    }

    fn entry(&self, log: &LogHandle, index: EntryIndex, view: EntryView) -> QueryResult {
        let page = log
            .entries(PageRange::From {
                first: index.0,
                count: 1,
            })
            .map_err(|error| unreadable(&error))?;
        let entry = page.entries.first().ok_or_else(no_entry)?;
        let stop = limited(SHORT_LIMIT);
        Ok(match view {
            EntryView::Blocks => Answer::Blocks(match entry::markdown_of(&entry.kind) {
                Some(text) => self.markdown(text),
                None => Arc::new(entry::blocks(&entry.kind, &stop)),
            }),
            EntryView::Edits => Answer::Edits(Arc::new(entry::edits(&entry.kind, &stop))),
            EntryView::Ansi => Answer::Ansi(Arc::new(entry::output(&entry.kind))),
        })
    }

    fn markdown(&self, text: &str) -> Arc<Vec<Block>> {
        let key = xxh3_128(text.as_bytes());
        if let Some(blocks) = lock(&self.blocks).get(&key) {
            return blocks.clone();
        }
        let blocks = Arc::new(markdown(text, &limited(SHORT_LIMIT)));
        lock(&self.blocks).put(key, blocks.clone(), text.len());
        blocks
    }
}

/// Says to stop once the time is over.
fn limited(limit: Duration) -> impl Fn() -> bool {
    let began = Instant::now();
    move || began.elapsed() > limit
}

fn bounded(range: PageRange) -> PageRange {
    match range {
        PageRange::From { first, count } => PageRange::From {
            first,
            count: count.min(PAGE_LINES),
        },
        PageRange::Last { count } => PageRange::Last {
            count: count.min(PAGE_LINES),
        },
    }
}

fn log_page(log: &LogHandle, range: PageRange) -> io::Result<AnsiPage> {
    let page = log.raw(bounded(range))?;
    Ok(AnsiPage {
        first: page.first,
        total: page.total,
        lines: page.lines.iter().map(log_line).collect(),
    })
}

fn log_line(line: &LogLine) -> AnsiLogLine {
    let shown = &line.bytes[..line.bytes.len().min(LOG_LINE_BYTES)];
    let mut styled = ansi_bytes(shown).into_iter().next().unwrap_or_default();
    if shown.len() < line.bytes.len() {
        styled.text.push('…');
    }
    AnsiLogLine {
        stream: line.stream,
        after_ms: line.after_ms,
        line: styled,
    }
}

/// A fault in reading text made to hurt costs one answer, not the host.
fn contained(work: impl FnOnce() -> QueryResult) -> QueryResult {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Problem::new(ProblemCode::Internal, "This text cannot be shown")
            .detail("a fault in Anyon")
            .hint("the raw log has it as it came; please report it"))
    })
}

fn unreadable(error: &io::Error) -> Problem {
    let code = if error.kind() == io::ErrorKind::NotFound {
        ProblemCode::NotFound
    } else {
        ProblemCode::Io
    };
    Problem::new(code, "The log of this run cannot be read").detail(error.to_string())
}

fn no_thread() -> Problem {
    Problem::new(ProblemCode::LowResources, "There is no thread to read this with")
        .hint("close other programs")
}

fn no_entry() -> Problem {
    Problem::new(ProblemCode::NotFound, "There is no such entry").hint("it may have been taken back")
}

/// Of a path that cannot be read as a file of the worktree.
fn no_file(path: &Path, error: &io::Error) -> Problem {
    let code = if error.kind() == io::ErrorKind::NotFound {
        ProblemCode::NotFound
    } else {
        ProblemCode::Io
    };
    Problem::new(code, format!("{} cannot be read", path.display())).detail(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::LogStream;

    #[test]
    fn a_long_log_line_is_shown_by_its_beginning() {
        let line = |bytes: Vec<u8>| {
            log_line(&LogLine {
                stream: LogStream::Out,
                after_ms: 7,
                bytes,
            })
            .line
        };
        assert_eq!(line(b"\x1b[31mred\xff".to_vec()).text, "red\u{fffd}");
        let long = line(vec![b'x'; 1_000_000]);
        assert_eq!(long.text.chars().count(), LOG_LINE_BYTES + 1);
        assert!(long.text.ends_with('…'));
        assert_eq!(line(Vec::new()).text, "");
    }

    #[test]
    fn a_fault_costs_one_answer() {
        let result = contained(|| panic!("fault"));
        assert_eq!(result.unwrap_err().code, ProblemCode::Internal);
    }
}
