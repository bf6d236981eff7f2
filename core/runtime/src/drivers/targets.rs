//! Watches the branches of projects, by whatever hand they move. Woken by the operating system; nothing is polled.

use crate::publish::lock;
use anyon_model::{FilePath, Input, ProjectId};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::mpsc;

/// Moves within this time are told as one: a rebase or a fetch moves many.
const SETTLE: Duration = Duration::from_millis(300);

/// The watched projects.
pub struct Targets {
    shared: Arc<Shared>,
    inputs: mpsc::Sender<Input>,
    /// Made with the first project.
    watcher: Arc<Mutex<Option<RecommendedWatcher>>>,
}

#[derive(Default)]
struct Shared {
    folders: Mutex<Vec<Watched>>,
    moved: Mutex<BTreeMap<ProjectId, Moved>>,
}

struct Watched {
    project_id: ProjectId,
    heads: PathBuf,
    packed: PathBuf,
}

/// Branches that moved; none: any may have.
type Moved = Option<BTreeSet<String>>;

impl Targets {
    /// Nothing is watched yet.
    pub fn new(inputs: mpsc::Sender<Input>) -> Self {
        Self {
            shared: Arc::default(),
            inputs,
            watcher: Arc::default(),
        }
    }

    /// Watches one more project. What cannot be watched is looked at when an attempt comes to rest all the same.
    pub fn watch(&self, project_id: ProjectId, repo: FilePath) {
        let (shared, inputs, watcher) = (self.shared.clone(), self.inputs.clone(), self.watcher.clone());
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || {
            let begun = begin(&shared, &inputs, &watcher, &runtime, project_id, repo.as_path());
            if let Err(error) = begun {
                tracing::warn!(%error, "the branches of a project are not watched");
            }
        });
    }
}

fn begin(
    shared: &Arc<Shared>,
    inputs: &mpsc::Sender<Input>,
    watcher: &Mutex<Option<RecommendedWatcher>>,
    runtime: &tokio::runtime::Handle,
    project_id: ProjectId,
    repo: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    let (heads, packed) = anyon_git::branches_on_disk(repo)?;
    let folder = packed.parent().unwrap_or(repo).to_path_buf();
    let watched = Watched {
        project_id,
        heads: heads.clone(),
        packed,
    };
    lock(&shared.folders).push(watched);
    let mut watcher = lock(watcher);
    let watcher = match &mut *watcher {
        Some(watcher) => watcher,
        none => none.insert(make(shared, inputs, runtime)?),
    };
    watcher.watch(&heads, RecursiveMode::Recursive)?;
    watcher.watch(&folder, RecursiveMode::NonRecursive)?;
    Ok(())
}

fn make(
    shared: &Arc<Shared>,
    inputs: &mpsc::Sender<Input>,
    runtime: &tokio::runtime::Handle,
) -> notify::Result<RecommendedWatcher> {
    let (wake, inbox) = mpsc::channel(1);
    runtime.spawn(tell(shared.clone(), inbox, inputs.clone()));
    let shared = shared.clone();
    notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let news = match event {
            Ok(event) if event.kind.is_access() => false,
            Ok(event) if event.need_rescan() => shared.all_moved(),
            // All of them: each may be of another branch.
            Ok(event) => event.paths.iter().filter(|path| shared.note(path)).count() > 0,
            Err(_) => shared.all_moved(),
        };
        if news {
            // Full: a move is waiting to be told already.
            let _ = wake.try_send(());
        }
    })
}

impl Shared {
    /// Keeps what a change of this file means. False: nothing.
    fn note(&self, path: &Path) -> bool {
        if path.extension().is_some_and(|extension| extension == "lock") {
            return false;
        }
        for watched in lock(&self.folders).iter() {
            if path == watched.packed {
                lock(&self.moved).insert(watched.project_id, None);
                return true;
            }
            if let Some(branch) = path.strip_prefix(&watched.heads).ok().and_then(branch_name) {
                let mut moved = lock(&self.moved);
                let known = moved
                    .entry(watched.project_id)
                    .or_insert_with(|| Some(BTreeSet::new()));
                if let Some(branches) = known {
                    branches.insert(branch);
                }
                return true;
            }
        }
        false
    }

    /// News were lost.
    fn all_moved(&self) -> bool {
        let folders = lock(&self.folders);
        let all = folders.iter().map(|watched| (watched.project_id, None));
        lock(&self.moved).extend(all);
        !folders.is_empty()
    }
}

fn branch_name(path: &Path) -> Option<String> {
    let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

async fn tell(shared: Arc<Shared>, mut inbox: mpsc::Receiver<()>, inputs: mpsc::Sender<Input>) {
    while inbox.recv().await.is_some() {
        tokio::time::sleep(SETTLE).await;
        let moved = std::mem::take(&mut *lock(&shared.moved));
        for (project_id, branches) in moved {
            let branches = branches.unwrap_or_default().into_iter().collect();
            let told = inputs.send(Input::TargetsMoved { project_id, branches }).await;
            if told.is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_is_told_by_its_name_and_locks_are_noise() {
        let project_id = ProjectId::from_bytes([1; 16]);
        let shared = Shared::default();
        lock(&shared.folders).push(Watched {
            project_id,
            heads: "/r/.git/refs/heads".into(),
            packed: "/r/.git/packed-refs".into(),
        });
        let note = |path: &str| shared.note(Path::new(path));
        assert!(!note("/r/.git/refs/heads/main.lock"));
        assert!(!note("/r/.git/index"));
        assert!(note("/r/.git/refs/heads/feature/x"));
        let branches = lock(&shared.moved)[&project_id].clone();
        assert_eq!(branches, Some(BTreeSet::from(["feature/x".to_owned()])));
        assert!(note("/r/.git/packed-refs"));
        assert!(note("/r/.git/refs/heads/main"));
        assert_eq!(lock(&shared.moved)[&project_id], None, "any may have moved");
    }
}
