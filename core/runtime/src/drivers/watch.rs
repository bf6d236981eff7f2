//! Watches worktrees: collects the paths that change, and tells those who watch.

use crate::publish::{EventQueue, lock};
use anyon_git::WatchFilter;
use anyon_model::{AttemptId, Event};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, Weak},
    time::Duration,
};
use tokio::sync::mpsc;

/// Changes within this time are told as one. An editor's save is several.
const SETTLE: Duration = Duration::from_millis(50);
/// More paths than this are not worth to be looked at one by one.
const MOST_PATHS: usize = 200;

/// What changed since it was last asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// These files, relative to the worktree; none: nothing.
    Paths(BTreeSet<PathBuf>),
    /// Nobody knows how much.
    Anything,
}

/// A watched worktree. Dropped, it is not watched any more.
pub struct Watch {
    shared: Arc<Shared>,
    _watcher: RecommendedWatcher,
}

struct Shared {
    changed: Mutex<Changed>,
    queues: Mutex<Vec<Weak<EventQueue>>>,
}

impl Watch {
    /// Watches a worktree for a client. From the return on no change is missed. Blocks: the operating system is told
    /// of each folder.
    pub fn begin(
        runtime: &tokio::runtime::Handle,
        attempt_id: AttemptId,
        worktree: &Path,
        queue: &Arc<EventQueue>,
    ) -> notify::Result<Self> {
        let filter = anyon_git::watch_filter(worktree);
        let paths = filter.paths_to_watch();
        let shared = Arc::new(Shared {
            changed: Mutex::new(Changed::Anything),
            queues: Mutex::new(vec![Arc::downgrade(queue)]),
        });
        let (wake, inbox) = mpsc::channel(1);
        runtime.spawn(tell(Arc::downgrade(&shared), attempt_id, inbox));
        let (news, worktree) = (
            shared.clone(),
            worktree.canonicalize().unwrap_or_else(|_| worktree.to_path_buf()),
        );
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if news.note(&filter, &worktree, event) {
                // Full: a change is waiting to be told already.
                let _ = wake.try_send(());
            }
        })?;
        for path in paths {
            watcher.watch(&path, RecursiveMode::Recursive)?;
        }
        Ok(Self {
            shared,
            _watcher: watcher,
        })
    }

    /// One more client watches.
    pub fn join(&self, queue: &Arc<EventQueue>) {
        let mut queues = lock(&self.shared.queues);
        if !queues.iter().any(|old| old.as_ptr() == Arc::as_ptr(queue)) {
            queues.push(Arc::downgrade(queue));
        }
    }

    /// A client does not watch any more. True: it was the last one.
    pub fn leave(&self, queue: &Arc<EventQueue>) -> bool {
        let mut queues = lock(&self.shared.queues);
        queues.retain(|old| old.strong_count() > 0 && old.as_ptr() != Arc::as_ptr(queue));
        queues.is_empty()
    }

    /// What changed since the last call.
    pub fn take_changed(&self) -> Changed {
        std::mem::replace(&mut *lock(&self.shared.changed), Changed::Paths(BTreeSet::new()))
    }
}

impl Shared {
    /// Keeps what an event tells. False: it does not matter.
    fn note(&self, filter: &WatchFilter, worktree: &Path, event: notify::Result<notify::Event>) -> bool {
        let mut changed = lock(&self.changed);
        // An error (the queue overflowed, a folder vanished) may hide a change: it counts as one.
        let Ok(event) = event else {
            *changed = Changed::Anything;
            return true;
        };
        if event.need_rescan() {
            *changed = Changed::Anything;
            return true;
        }
        if event.kind.is_access() {
            return false;
        }
        let mut matters = false;
        for path in event.paths.iter().filter(|path| filter.matters(path)) {
            matters = true;
            changed.add(worktree, path);
        }
        matters
    }
}

impl Changed {
    /// Only a plain file that is there can be looked at by itself; a folder, something gone or git's own files may
    /// mean more.
    fn add(&mut self, worktree: &Path, path: &Path) {
        let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
        let relative = path.strip_prefix(worktree).ok().filter(|_| is_file);
        match (&mut *self, relative) {
            (Self::Paths(paths), Some(relative)) if paths.len() < MOST_PATHS => {
                paths.insert(relative.to_path_buf());
            }
            _ => *self = Self::Anything,
        }
    }
}

async fn tell(shared: Weak<Shared>, attempt_id: AttemptId, mut inbox: mpsc::Receiver<()>) {
    while inbox.recv().await.is_some() {
        tokio::time::sleep(SETTLE).await;
        while inbox.try_recv().is_ok() {}
        let Some(shared) = shared.upgrade() else { return };
        for queue in lock(&shared.queues).iter().filter_map(Weak::upgrade) {
            queue.push(Event::DiffChanged { attempt_id });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_or_strange_changes_are_anything() {
        let folder = std::env::temp_dir();
        let mut changed = Changed::Paths(BTreeSet::new());
        changed.add(&folder, &folder.join("no-such-file"));
        assert_eq!(changed, Changed::Anything);
        changed.add(&folder, &folder);
        assert_eq!(changed, Changed::Anything);
    }
}
