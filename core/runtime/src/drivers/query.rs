//! The query driver: answers what is not in the state. Reads never wait for a writer.

use super::{
    diff::DiffDriver,
    files::FileLists,
    git::{GitShared, guarded},
    look::{LookDriver, LookJob},
    process::Shared,
    source::Source,
    text::{DiffJob, EntryView, LinesJob, ShortJob, TextDriver, TextJob, Wanted},
};
use crate::{publish::EventQueue, recovery::Readable};
use anyon_git::CancelToken;
use anyon_model::{
    Answer, AttemptId, AttemptPlace, EntryIndex, EntryPage, ExecutionId, FilePath, Input, Patch, Problem,
    ProblemCode, Query, QueryId, QueryResult, RawPage, State,
};
use std::{io, sync::Arc};
use tokio::sync::mpsc;

/// What queries read from.
#[derive(Clone)]
pub struct QueryDriver {
    processes: Arc<Shared>,
    git: Arc<GitShared>,
    diffs: Arc<DiffDriver>,
    text: TextDriver,
    look: LookDriver,
    inputs: mpsc::Sender<Input>,
    files: Arc<FileLists>,
}

/// Who waits for an answer.
pub(crate) struct Asker {
    query_id: QueryId,
    /// Where the answer goes.
    pub(crate) queue: Arc<EventQueue>,
}

impl QueryDriver {
    /// A driver that reads from these.
    pub fn new(processes: Arc<Shared>, git: Arc<GitShared>, inputs: mpsc::Sender<Input>) -> Self {
        let text = TextDriver::new(processes.clone(), git.clone());
        let look = LookDriver::new(processes.clone());
        let diffs = Arc::new(DiffDriver::new(git.clone()));
        Self {
            processes,
            git,
            diffs,
            text,
            look,
            inputs,
            files: Arc::default(),
        }
    }

    /// A worktree is about to go or to be made anew: nobody watches it any more.
    pub fn forget_worktree(&self, attempt_id: AttemptId) {
        self.diffs.forget(attempt_id);
    }

    /// Answers a query, on a blocking thread.
    pub fn answer(&self, state: &State, query_id: QueryId, query: Query, queue: Arc<EventQueue>) {
        let asker = Asker { query_id, queue };
        let job = match self.plan(state, query) {
            Ok(job) => job,
            Err(problem) => return asker.answer(Err(problem)),
        };
        let driver = self.clone();
        match job {
            Job::Text(job) => self.text.answer(job, asker),
            Job::Look(job) => self.look.answer(job, asker),
            Job::Summary {
                attempt_id,
                source,
                watch,
            } => self.diffs.summary(attempt_id, source, watch, asker),
            Job::Unwatch { attempt_id } => {
                self.diffs.unwatch(attempt_id, &asker.queue);
                asker.answer(Ok(Answer::Done));
            }
            Job::Read(job) => {
                tokio::task::spawn_blocking(move || asker.answer(driver.work(job)));
            }
        }
    }

    /// Looks up in the state what the job needs; nothing else is done on the dispatcher's thread.
    fn plan(&self, state: &State, query: Query) -> Result<Job, Problem> {
        Ok(match query {
            Query::Entries { execution_id, range } => Job::Read(ReadJob::Entries {
                execution: readable(state, execution_id)?,
                range,
            }),
            Query::RawLog { execution_id, range } => {
                readable(state, execution_id)?;
                Job::Read(ReadJob::Raw { execution_id, range })
            }
            Query::DiffSummary { attempt_id, watch } => Job::Summary {
                attempt_id,
                source: self.source(state, attempt_id)?,
                watch,
            },
            Query::DiffFile {
                attempt_id,
                path,
                whole,
            } => Job::Read(ReadJob::File {
                source: self.source(state, attempt_id)?,
                path,
                whole,
            }),
            Query::DiffAll { attempt_id } => Job::Read(ReadJob::All {
                source: self.source(state, attempt_id)?,
            }),
            Query::Patch { attempt_id } => Job::Read(ReadJob::Patch {
                source: self.source(state, attempt_id)?,
            }),
            Query::UnwatchDiff { attempt_id } => Job::Unwatch { attempt_id },
            Query::Files {
                attempt_id,
                typed,
                limit,
            } => Job::Read(ReadJob::Files {
                attempt_id,
                worktree: self.place(state, attempt_id)?.worktree,
                typed,
                limit,
            }),
            Query::Branches { project_id } => {
                let shard = state
                    .projects
                    .get(&project_id)
                    .ok_or_else(|| not_found("project"))?;
                Job::Read(ReadJob::Branches {
                    repo: shard.project.repo_path.clone(),
                })
            }
            Query::LandingCheck { attempt_id } => {
                let message = landing_message(state, attempt_id);
                Job::Read(ReadJob::Landing {
                    attempt_id,
                    place: self.place(state, attempt_id)?,
                    message,
                })
            }
            query => self.plan_shown(state, query)?,
        })
    }

    /// What is painted, and what is looked for outside the state.
    fn plan_shown(&self, state: &State, query: Query) -> Result<Job, Problem> {
        Ok(match query {
            Query::Markdown { text } => Job::Text(TextJob::Short(ShortJob::Markdown { text })),
            Query::Blocks { execution_id, index } => {
                entry_job(state, execution_id, index, EntryView::Blocks)?
            }
            Query::Edits { execution_id, index } => entry_job(state, execution_id, index, EntryView::Edits)?,
            Query::Ansi { execution_id, index } => entry_job(state, execution_id, index, EntryView::Ansi)?,
            Query::AnsiLog { execution_id, range } => {
                readable(state, execution_id)?;
                Job::Text(TextJob::Short(ShortJob::Log { execution_id, range }))
            }
            Query::FindInLog {
                execution_id,
                first,
                count,
                text,
                streams,
            } => {
                readable(state, execution_id)?;
                let wanted = Wanted::new((first, count), &text, streams);
                Job::Text(TextJob::Short(ShortJob::Find { execution_id, wanted }))
            }
            Query::DiffSpans {
                attempt_id,
                path,
                whole,
            } => {
                let source = self.source(state, attempt_id)?;
                Job::Text(TextJob::Diff(DiffJob {
                    attempt_id,
                    source,
                    path,
                    whole,
                }))
            }
            Query::FileLines {
                attempt_id,
                path,
                range,
            } => {
                let source = self.source(state, attempt_id)?;
                Job::Text(TextJob::Lines(LinesJob {
                    attempt_id,
                    source,
                    path,
                    range,
                }))
            }
            Query::ListDirectory { path, hidden } => Job::Look(LookJob::Directory { path, hidden }),
            Query::FindRepositories { roots } => Job::Look(LookJob::Repositories { roots }),
            Query::McpSetups => Job::Look(LookJob::McpSetups),
            Query::Agents { probe } => Job::Look(LookJob::Agents { probe }),
            Query::AgentFile => Job::Look(LookJob::AgentFile),
            Query::CheckAgentFile { edit } => Job::Look(LookJob::CheckAgentFile { edit }),
            _ => return Err(not_found("query")),
        })
    }

    fn place(&self, state: &State, attempt_id: AttemptId) -> Result<AttemptPlace, Problem> {
        let place = state
            .attempt_place(attempt_id)
            .ok_or_else(|| not_found("attempt"))?;
        Ok(self.git.absolute(place))
    }

    fn source(&self, state: &State, attempt_id: AttemptId) -> Result<Source, Problem> {
        Source::of(state, attempt_id, &self.git).ok_or_else(|| not_found("attempt"))
    }

    fn work(&self, job: ReadJob) -> QueryResult {
        let cancel = CancelToken::default();
        match job {
            ReadJob::Entries { execution, range } => {
                let log = self.processes.entry_log(&execution);
                let page = log.and_then(|log| log.map_or_else(|| Ok(no_entries()), |log| log.entries(range)));
                page.map(Answer::Entries).map_err(|error| unreadable(&error))
            }
            ReadJob::Raw { execution_id, range } => {
                let log = self.processes.raw_log(execution_id);
                let page = log.and_then(|log| log.map_or_else(|| Ok(no_lines()), |log| log.raw(range)));
                page.map(Answer::RawLog).map_err(|error| unreadable(&error))
            }
            ReadJob::File { source, path, whole } => {
                let diff = source.file(&self.git.git, path.as_path(), whole)?;
                Ok(Answer::DiffFile(Arc::new(diff)))
            }
            ReadJob::All { source } => {
                let diffs = source.all(&self.git.git, &cancel)?;
                Ok(Answer::DiffAll(Arc::new(diffs)))
            }
            ReadJob::Patch { source } => {
                let bytes = source.patch(&self.git.git)?;
                Ok(Answer::Patch(Arc::new(Patch { bytes })))
            }
            ReadJob::Files {
                attempt_id,
                worktree,
                typed,
                limit,
            } => self.files.find(&self.git, (attempt_id, &worktree), &typed, limit),
            ReadJob::Branches { repo } => {
                guarded(|| self.git.git.branches(repo.as_path())).map(Answer::Branches)
            }
            ReadJob::Landing {
                attempt_id,
                place,
                message,
            } => {
                let check = guarded(|| self.git.git.landing_check(&place, &message))?;
                // What was found out by the way; the answer is there whether it arrives or not.
                let result = Ok(check.conflicts.clone());
                let _ = self
                    .inputs
                    .try_send(Input::ConflictsPredicted { attempt_id, result });
                Ok(Answer::LandingCheck(check))
            }
        }
    }
}

impl Asker {
    /// Answers.
    pub(crate) fn answer(self, result: QueryResult) {
        self.queue.answer(self.query_id, result);
    }
}

/// A query with what it needs of the state, by who does it.
enum Job {
    Summary {
        attempt_id: AttemptId,
        source: Source,
        watch: bool,
    },
    Unwatch {
        attempt_id: AttemptId,
    },
    Text(TextJob),
    Look(LookJob),
    Read(ReadJob),
}

/// What is read as it is.
enum ReadJob {
    Entries {
        execution: Readable,
        range: anyon_model::PageRange,
    },
    Raw {
        execution_id: ExecutionId,
        range: anyon_model::PageRange,
    },
    File {
        source: Source,
        path: FilePath,
        whole: bool,
    },
    All {
        source: Source,
    },
    Patch {
        source: Source,
    },
    Files {
        attempt_id: AttemptId,
        worktree: FilePath,
        typed: String,
        limit: u32,
    },
    Branches {
        repo: FilePath,
    },
    Landing {
        attempt_id: AttemptId,
        place: AttemptPlace,
        message: String,
    },
}

fn entry_job(
    state: &State,
    execution_id: ExecutionId,
    index: EntryIndex,
    view: EntryView,
) -> Result<Job, Problem> {
    let execution = readable(state, execution_id)?;
    Ok(Job::Text(TextJob::Short(ShortJob::Entry {
        execution,
        index,
        view,
    })))
}

/// The message that a landing gets when nobody writes another.
fn landing_message(state: &State, attempt_id: AttemptId) -> String {
    let shard = state.shard_of_attempt(attempt_id);
    let task = shard.and_then(|shard| shard.tasks.get(&shard.attempts.get(&attempt_id)?.task_id));
    task.map(|task| anyon_engine::landing_message(task))
        .unwrap_or_default()
}

fn readable(state: &State, execution_id: ExecutionId) -> Result<Readable, Problem> {
    let shard = state
        .shard_of_execution(execution_id)
        .ok_or_else(|| not_found("execution"))?;
    let execution = shard
        .executions
        .get(&execution_id)
        .ok_or_else(|| not_found("execution"))?;
    let session = execution
        .session_id
        .and_then(|session_id| shard.sessions.get(&session_id));
    Ok(Readable::new(execution, session.map(|session| &**session)))
}

/// Nothing was started, so nothing was said.
fn no_entries() -> EntryPage {
    EntryPage {
        first: 0,
        total: 0,
        entries: Vec::new(),
    }
}

pub(super) fn no_lines() -> RawPage {
    RawPage {
        first: 0,
        total: 0,
        lines: Vec::new(),
    }
}

pub(super) fn not_found(what: &str) -> Problem {
    Problem::new(ProblemCode::NotFound, format!("There is no such {what}")).hint("it may have been removed")
}

pub(super) fn unreadable(error: &io::Error) -> Problem {
    let code = if error.kind() == io::ErrorKind::NotFound {
        ProblemCode::NotFound
    } else {
        ProblemCode::Io
    };
    Problem::new(code, "The log of this run cannot be read").detail(error.to_string())
}
