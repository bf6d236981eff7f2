//! The query driver: answers what is not in the state. Reads never wait for a writer.

use super::{
    git::{GitShared, guarded},
    process::Shared,
    watch::Watches,
};
use crate::{
    publish::{EventQueue, Publisher, lock},
    recovery::Readable,
};
use anyon_git::CancelToken;
use anyon_model::{
    Answer, AttemptId, AttemptPlace, DiffSummary, ExecutionId, FilePath, Problem, ProblemCode, Query, QueryId,
    QueryResult, State,
};
use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex},
};

/// What queries read from.
#[derive(Clone)]
pub struct QueryDriver {
    processes: Arc<Shared>,
    git: Arc<GitShared>,
    watches: Arc<Watches>,
    publisher: Arc<Publisher>,
    summaries: Arc<Mutex<HashMap<AttemptId, Vec<Asker>>>>,
}

/// Who waits for an answer.
struct Asker {
    query_id: QueryId,
    queue: Arc<EventQueue>,
}

impl QueryDriver {
    /// A driver that reads from these.
    pub fn new(processes: Arc<Shared>, git: Arc<GitShared>, publisher: Arc<Publisher>) -> Self {
        Self { processes, git, watches: Arc::default(), publisher, summaries: Arc::default() }
    }

    /// Answers a query, on a blocking thread.
    pub fn answer(&self, state: &State, query_id: QueryId, query: Query, queue: Arc<EventQueue>) {
        let asker = Asker { query_id, queue };
        let job = match self.plan(state, query) {
            Ok(job) => job,
            Err(problem) => return asker.answer(Err(problem)),
        };
        let driver = self.clone();
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || match job {
            Job::Summary { attempt_id, place, watch } => {
                driver.summary(&runtime, attempt_id, &place, watch, asker);
            }
            job => asker.answer(driver.work(job)),
        });
    }

    /// Looks up in the state what the job needs; nothing else is done on the dispatcher's thread.
    fn plan(&self, state: &State, query: Query) -> Result<Job, Problem> {
        Ok(match query {
            Query::Entries { execution_id, range } => {
                Job::Entries { execution: readable(state, execution_id)?, range }
            }
            Query::RawLog { execution_id, range } => {
                Job::Raw { execution: readable(state, execution_id)?, range }
            }
            Query::DiffSummary { attempt_id, watch } => {
                Job::Summary { attempt_id, place: self.place(state, attempt_id)?, watch }
            }
            Query::DiffFile { attempt_id, path, whole } => {
                Job::File { place: self.place(state, attempt_id)?, path, whole }
            }
            Query::DiffAll { attempt_id } => Job::All { place: self.place(state, attempt_id)? },
            Query::UnwatchDiff { attempt_id } => Job::Unwatch { attempt_id },
            Query::Branches { project_id } => {
                let shard = state.projects.get(&project_id).ok_or_else(|| not_found("project"))?;
                Job::Branches { repo: shard.project.repo_path.clone() }
            }
            Query::LandingCheck { attempt_id } => {
                Job::Landing { place: self.place(state, attempt_id)?, message: landing_message(state, attempt_id) }
            }
            _ => return Err(not_found("answer to this query yet")),
        })
    }

    fn place(&self, state: &State, attempt_id: AttemptId) -> Result<AttemptPlace, Problem> {
        let place = state.attempt_place(attempt_id).ok_or_else(|| not_found("attempt"))?;
        Ok(self.git.absolute(place))
    }

    fn work(&self, job: Job) -> QueryResult {
        let cancel = CancelToken::default();
        match job {
            Job::Entries { execution, range } => {
                let page = self.processes.log(&execution).and_then(|log| log.entries(range));
                page.map(Answer::Entries).map_err(|error| unreadable(&error))
            }
            Job::Raw { execution, range } => {
                let page = self.processes.log(&execution).and_then(|log| log.raw(range));
                page.map(Answer::RawLog).map_err(|error| unreadable(&error))
            }
            Job::File { place, path, whole } => guarded(|| self.git.git.diff_file(&place, path.as_path(), whole))
                .map(|diff| Answer::DiffFile(Arc::new(diff))),
            Job::All { place } => {
                guarded(|| self.git.git.diff_all(&place, &cancel)).map(|diff| Answer::DiffAll(Arc::new(diff)))
            }
            Job::Branches { repo } => guarded(|| self.git.git.branches(repo.as_path())).map(Answer::Branches),
            Job::Landing { place, message } => {
                guarded(|| self.git.git.landing_check(&place, &message)).map(Answer::LandingCheck)
            }
            Job::Unwatch { attempt_id } => {
                self.watches.unwatch(attempt_id);
                Ok(Answer::Done)
            }
            Job::Summary { place, .. } => self.compute(&place),
        }
    }

    fn compute(&self, place: &AttemptPlace) -> QueryResult {
        let summary: Result<DiffSummary, Problem> =
            guarded(|| self.git.git.diff_summary(place, &CancelToken::default()));
        summary.map(|summary| Answer::DiffSummary(Arc::new(summary)))
    }

    /// Those who ask while a diff is computed share the next one: it is newer than their question, and no attempt
    /// has more than one at work.
    fn summary(
        &self,
        runtime: &tokio::runtime::Handle,
        attempt_id: AttemptId,
        place: &AttemptPlace,
        watch: bool,
        asker: Asker,
    ) {
        if watch {
            let watched = self.watches.watch(&self.publisher, runtime, attempt_id, place.worktree.as_path());
            if let Err(error) = watched {
                return asker.answer(Err(unwatchable(&error)));
            }
        }
        {
            let mut summaries = lock(&self.summaries);
            if let Some(waiting) = summaries.get_mut(&attempt_id) {
                waiting.push(asker);
                return;
            }
            summaries.insert(attempt_id, Vec::new());
        }
        let mut askers = vec![asker];
        while !askers.is_empty() {
            let result = self.compute(place);
            askers.drain(..).for_each(|asker| asker.answer(result.clone()));
            let mut summaries = lock(&self.summaries);
            match summaries.get_mut(&attempt_id) {
                Some(waiting) if !waiting.is_empty() => askers.append(waiting),
                _ => {
                    summaries.remove(&attempt_id);
                }
            }
        }
    }
}

impl Asker {
    fn answer(self, result: QueryResult) {
        self.queue.answer(self.query_id, result);
    }
}

/// A query with what it needs of the state.
enum Job {
    Entries { execution: Readable, range: anyon_model::PageRange },
    Raw { execution: Readable, range: anyon_model::PageRange },
    Summary { attempt_id: AttemptId, place: AttemptPlace, watch: bool },
    File { place: AttemptPlace, path: FilePath, whole: bool },
    All { place: AttemptPlace },
    Branches { repo: FilePath },
    Landing { place: AttemptPlace, message: String },
    Unwatch { attempt_id: AttemptId },
}

/// The message that a landing gets when nobody writes another.
fn landing_message(state: &State, attempt_id: AttemptId) -> String {
    let shard = state.shard_of_attempt(attempt_id);
    let task = shard.and_then(|shard| shard.tasks.get(&shard.attempts.get(&attempt_id)?.task_id));
    task.map(|task| anyon_engine::landing_message(task)).unwrap_or_default()
}

fn readable(state: &State, execution_id: ExecutionId) -> Result<Readable, Problem> {
    let shard = state.shard_of_execution(execution_id).ok_or_else(|| not_found("execution"))?;
    let execution = shard.executions.get(&execution_id).ok_or_else(|| not_found("execution"))?;
    let session = execution.session_id.and_then(|session_id| shard.sessions.get(&session_id));
    Ok(Readable::new(execution, session.map(|session| &**session)))
}

fn not_found(what: &str) -> Problem {
    Problem::new(ProblemCode::NotFound, format!("There is no such {what}")).hint("it may have been removed")
}

fn unreadable(error: &io::Error) -> Problem {
    let code = if error.kind() == io::ErrorKind::NotFound { ProblemCode::NotFound } else { ProblemCode::Io };
    Problem::new(code, "The log of this run cannot be read").detail(error.to_string())
}

fn unwatchable(error: &notify::Error) -> Problem {
    Problem::new(ProblemCode::Io, "The worktree cannot be watched for changes")
        .detail(error.to_string())
        .hint("on Linux the limit is fs.inotify.max_user_watches; without watching the diff can still be read")
}
