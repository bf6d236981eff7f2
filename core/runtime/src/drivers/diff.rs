//! The diff driver: which files of an attempt differ, live. Woken by the operating system, limited to the paths that
//! changed; nothing is polled, and no git process runs while nothing changes.

use super::{
    git::{GitShared, guarded},
    query::Asker,
    source::Source,
    watch::{Changed, Watch},
};
use crate::publish::{EventQueue, lock};
use anyon_git::CancelToken;
use anyon_model::{Answer, AttemptId, AttemptPlace, DiffSummary, Problem, ProblemCode, QueryResult};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// Diffs by attempt.
pub struct DiffDriver {
    git: Arc<GitShared>,
    attempts: Mutex<HashMap<AttemptId, Arc<Attempt>>>,
}

/// The diff of one attempt.
#[derive(Default)]
struct Attempt {
    /// Who waits for the next summary, while one is computed.
    waiting: Mutex<Option<Vec<(Source, Asker)>>>,
    watch: Mutex<Option<Watch>>,
    /// The last summary, while it is watched: the next one starts from it.
    last: Mutex<Option<Arc<DiffSummary>>>,
}

impl DiffDriver {
    /// Nothing asked yet.
    pub fn new(git: Arc<GitShared>) -> Self {
        Self {
            git,
            attempts: Mutex::default(),
        }
    }

    /// Answers with the files that differ. Those who ask while they are computed share the next answer: it is newer
    /// than their question, and no attempt has more than one at work.
    pub fn summary(self: &Arc<Self>, attempt_id: AttemptId, source: Source, watch: bool, asker: Asker) {
        let attempt = lock(&self.attempts).entry(attempt_id).or_default().clone();
        let driver = self.clone();
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || {
            // First watched, then computed: a change in between is told, not lost.
            if let (true, Source::Worktree(place)) = (watch, &source)
                && let Err(error) = attempt.watch(&runtime, attempt_id, place, &asker.queue)
            {
                return asker.answer(Err(unwatchable(&error)));
            }
            driver.compute_for(&attempt, source, asker);
        });
    }

    /// This client does not watch any more.
    pub fn unwatch(&self, attempt_id: AttemptId, queue: &Arc<EventQueue>) {
        let attempt = lock(&self.attempts).get(&attempt_id).cloned();
        if let Some(attempt) = attempt {
            let mut watch = lock(&attempt.watch);
            if watch.as_ref().is_some_and(|watch| watch.leave(queue)) {
                *watch = None;
                *lock(&attempt.last) = None;
            }
        }
    }

    /// The worktree goes, or is made anew.
    pub fn forget(&self, attempt_id: AttemptId) {
        lock(&self.attempts).remove(&attempt_id);
    }

    fn compute_for(&self, attempt: &Attempt, mut source: Source, asker: Asker) {
        {
            let mut waiting = lock(&attempt.waiting);
            if let Some(waiting) = waiting.as_mut() {
                waiting.push((source, asker));
                return;
            }
            *waiting = Some(Vec::new());
        }
        let mut askers = vec![asker];
        loop {
            let result = self.compute(attempt, &source);
            askers.drain(..).for_each(|asker| asker.answer(result.clone()));
            let mut waiting = lock(&attempt.waiting);
            match waiting.as_mut() {
                Some(more) if !more.is_empty() => {
                    // Who asked last knows best where the work is: it may have landed meanwhile.
                    for (newer, asker) in more.drain(..) {
                        source = newer;
                        askers.push(asker);
                    }
                }
                _ => {
                    *waiting = None;
                    return;
                }
            }
        }
    }

    fn compute(&self, attempt: &Attempt, source: &Source) -> QueryResult {
        let cancel = CancelToken::default();
        let Source::Worktree(place) = source else {
            let summary = source.summary(&self.git.git, &cancel)?;
            return Ok(Answer::DiffSummary(Arc::new(summary)));
        };
        // Taken before anything is read: what changes from here on is told again.
        let changed = lock(&attempt.watch).as_ref().map(Watch::take_changed);
        let last = lock(&attempt.last).take();
        let summary = guarded(|| match (&last, &changed) {
            (Some(last), Some(Changed::Paths(paths))) => {
                self.git.git.diff_update(place, last, paths, &cancel)
            }
            _ => self.git.git.diff_summary(place, &cancel),
        });
        let summary = Arc::new(summary?);
        if changed.is_some() {
            *lock(&attempt.last) = Some(summary.clone());
        }
        Ok(Answer::DiffSummary(summary))
    }
}

impl Attempt {
    fn watch(
        &self,
        runtime: &tokio::runtime::Handle,
        attempt_id: AttemptId,
        place: &AttemptPlace,
        queue: &Arc<EventQueue>,
    ) -> notify::Result<()> {
        let mut watch = lock(&self.watch);
        match watch.as_ref() {
            Some(watch) => watch.join(queue),
            None => {
                *watch = Some(Watch::begin(
                    runtime,
                    attempt_id,
                    place.worktree.as_path(),
                    queue,
                )?)
            }
        }
        Ok(())
    }
}

fn unwatchable(error: &notify::Error) -> Problem {
    Problem::new(ProblemCode::Io, "The worktree cannot be watched for changes")
        .detail(error.to_string())
        .hint(
            "on Linux the limit is fs.inotify.max_user_watches; without watching the diff can still be read",
        )
}
