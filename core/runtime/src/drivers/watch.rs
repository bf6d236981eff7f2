//! The watch driver: tells clients when files of a watched attempt change. Woken by the operating system; nothing is
//! polled, and no git process runs.

use crate::publish::{Publisher, lock};
use anyon_model::{AttemptId, Event};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::mpsc;

/// Changes within this time are told as one. An editor's save is several.
const SETTLE: Duration = Duration::from_millis(50);

/// The watchers by attempt.
#[derive(Default)]
pub struct Watches {
    watchers: Mutex<HashMap<AttemptId, RecommendedWatcher>>,
}

impl Watches {
    /// Watches a worktree, if it is not watched yet. From the return on no change is missed. Blocks: the operating
    /// system is told of each folder.
    pub fn watch(
        &self,
        publisher: &Arc<Publisher>,
        runtime: &tokio::runtime::Handle,
        attempt_id: AttemptId,
        worktree: &Path,
    ) -> notify::Result<()> {
        if lock(&self.watchers).contains_key(&attempt_id) {
            return Ok(());
        }
        let filter = anyon_git::watch_filter(worktree);
        let paths = filter.paths_to_watch();
        let (changed, inbox) = mpsc::channel(1);
        runtime.spawn(tell(publisher.clone(), attempt_id, inbox));
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // An error (the queue overflowed, a folder vanished) may hide a change: it counts as one.
            let matters = event.map_or(true, |event| {
                !event.kind.is_access()
                    && (event.need_rescan() || event.paths.iter().any(|path| filter.matters(path)))
            });
            if matters {
                // Full: a change is waiting to be told already.
                let _ = changed.try_send(());
            }
        })?;
        for path in paths {
            watcher.watch(&path, RecursiveMode::Recursive)?;
        }
        lock(&self.watchers).insert(attempt_id, watcher);
        Ok(())
    }

    /// Stops watching.
    pub fn unwatch(&self, attempt_id: AttemptId) {
        lock(&self.watchers).remove(&attempt_id);
    }
}

async fn tell(publisher: Arc<Publisher>, attempt_id: AttemptId, mut inbox: mpsc::Receiver<()>) {
    while inbox.recv().await.is_some() {
        tokio::time::sleep(SETTLE).await;
        while inbox.try_recv().is_ok() {}
        publisher.tell(&Event::DiffChanged { attempt_id });
    }
}
