//! The git driver: a small pool for blocking work, one writer for each repository.

use crate::publish::lock;
use anyon_git::{CancelToken, Git, Marker};
use anyon_model::{
    AttemptId, AttemptPlace, CommandId, Effect, FilePath, Input, Problem, ProblemCode, RemoteUrl,
    RepositoryInfo, SnapshotMade, StoreId, WorktreePlan,
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};
use tokio::sync::{Semaphore, mpsc};

/// Git operations at once.
const POOL: usize = 4;
/// Clones at once.
const CLONES: usize = 2;

/// What git work needs to know.
pub struct GitShared {
    /// The command and the library.
    pub git: Git,
    /// Which store the worktrees belong to.
    pub store_id: StoreId,
    /// Folder of the worktrees.
    pub worktrees: PathBuf,
    /// Folder of the ignored files of removed worktrees.
    pub trash: PathBuf,
    writers: Mutex<HashMap<PathBuf, Arc<tokio::sync::Mutex<()>>>>,
    creations: Mutex<HashMap<AttemptId, CancelToken>>,
    clones: Mutex<HashMap<CommandId, CancelToken>>,
}

impl GitShared {
    /// For these folders.
    pub fn new(git: Git, store_id: StoreId, worktrees: PathBuf, trash: PathBuf) -> Self {
        Self {
            git,
            store_id,
            worktrees,
            trash,
            writers: Mutex::default(),
            creations: Mutex::default(),
            clones: Mutex::default(),
        }
    }

    /// The same place with an absolute worktree.
    pub fn absolute(&self, place: AttemptPlace) -> AttemptPlace {
        let worktree = FilePath::from(self.worktrees.join(&place.worktree));
        AttemptPlace { worktree, ..place }
    }

    fn marker(&self, attempt_id: AttemptId) -> Marker {
        Marker {
            store_id: self.store_id,
            attempt_id,
        }
    }

    /// The one writer of a repository. Worktrees are made side by side: the git crate locks their registration.
    fn writer(&self, effect: &Effect) -> Option<Arc<tokio::sync::Mutex<()>>> {
        let repo = match effect {
            Effect::CommitWork { place, .. }
            | Effect::Land { place, .. }
            | Effect::RemoveWorktree { place, .. }
            | Effect::Restore { place, .. } => &place.repo,
            Effect::UndoMerge { repo, .. } => repo,
            _ => return None,
        };
        Some(
            lock(&self.writers)
                .entry(repo.as_path().to_path_buf())
                .or_default()
                .clone(),
        )
    }

    /// Takes back what is left of a creation that was interrupted. False: it was left where it is.
    pub fn sweep_half_made(&self, attempt_id: AttemptId, repo: &Path, worktree: &Path, branch: &str) -> bool {
        let worktree = self.worktrees.join(worktree);
        let swept = self
            .git
            .sweep_half_made(repo, &worktree, &self.marker(attempt_id), branch);
        if let Err(error) = &swept {
            tracing::warn!(%error, "a half-made worktree was left where it is");
        }
        swept.is_ok()
    }

    /// The folder in the trash for a removal with this number.
    fn trash_of(&self, attempt_id: AttemptId, number: u32) -> PathBuf {
        self.trash.join(format!("{attempt_id}-{number}"))
    }

    /// The snapshots of an attempt that are in its repository, with the trash folders that belong to them. Blocks.
    pub fn snapshots(&self, attempt_id: AttemptId, repo: &Path) -> Option<Input> {
        let mut found = guarded(|| self.git.snapshots(repo, attempt_id)).ok()?;
        for made in &mut found {
            let trash = self.trash_of(attempt_id, made.number);
            made.trash = trash.is_dir().then(|| trash.into());
        }
        (!found.is_empty()).then_some(Input::SnapshotsFound { attempt_id, found })
    }
}

/// The way to the pool.
pub struct GitDriver {
    shared: Arc<GitShared>,
    inputs: mpsc::Sender<Input>,
    pool: Arc<Semaphore>,
    /// Checkouts take seconds: they must not keep a commit waiting.
    creations: Arc<Semaphore>,
    /// Clones take minutes.
    clones: Arc<Semaphore>,
}

impl GitDriver {
    /// Pools with nothing to do.
    pub fn new(shared: Arc<GitShared>, inputs: mpsc::Sender<Input>) -> Self {
        let pool = || Arc::new(Semaphore::new(POOL));
        Self {
            shared,
            inputs,
            pool: pool(),
            creations: pool(),
            clones: Arc::new(Semaphore::new(CLONES)),
        }
    }

    /// Does the work of an effect that is about git.
    pub fn perform(&self, effect: Effect) {
        let pool = match &effect {
            Effect::CreateWorktree { .. } => self.creations.clone(),
            Effect::CloneRepository { .. } => self.clones.clone(),
            _ => self.pool.clone(),
        };
        let (shared, inputs) = (self.shared.clone(), self.inputs.clone());
        let writer = shared.writer(&effect);
        // Before anything can cancel it.
        match &effect {
            Effect::CreateWorktree { attempt_id, .. } => {
                lock(&shared.creations).insert(*attempt_id, CancelToken::default());
            }
            Effect::CloneRepository { command_id, .. } => {
                lock(&shared.clones).insert(*command_id, CancelToken::default());
            }
            _ => {}
        }
        tokio::spawn(async move {
            let _writing = match writer {
                Some(writer) => Some(writer.lock_owned().await),
                None => None,
            };
            let _permit = pool.acquire_owned().await;
            let progress = inputs.clone();
            let work = tokio::task::spawn_blocking(move || {
                let place = attempt_and_repo(&effect);
                let done = shared.work(effect, &progress);
                // What was snapshotted before the failure must be found again.
                let kept = match (&done, place) {
                    (Some(done), Some((attempt_id, repo))) if failed(done) => {
                        shared.snapshots(attempt_id, repo.as_path())
                    }
                    _ => None,
                };
                [kept, done]
            });
            match work.await {
                Ok(answers) => {
                    for input in answers.into_iter().flatten() {
                        let _ = inputs.send(input).await;
                    }
                }
                Err(error) => tracing::error!(%error, "git work broke off"),
            }
        });
    }
}

impl GitShared {
    /// Does the work and says what came of it. `None`: not an effect about git.
    fn work(&self, effect: Effect, inputs: &mpsc::Sender<Input>) -> Option<Input> {
        Some(match effect {
            Effect::InspectRepository {
                command_id,
                path,
                initial_commit,
            } => {
                let result = guarded(|| self.git.inspect(path.as_path(), initial_commit));
                Input::RepositoryInspected { command_id, result }
            }
            Effect::CloneRepository {
                command_id,
                url,
                folder,
            } => Input::RepositoryCloned {
                command_id,
                result: self.clone_repository(command_id, &url, &folder, inputs),
            },
            Effect::CreateWorktree { attempt_id, plan } => Input::WorktreeCreated {
                attempt_id,
                result: self.create(attempt_id, &plan, inputs),
            },
            Effect::UndoMerge {
                command_id,
                attempt_id,
                repo,
                target,
                commit,
                before,
            } => {
                let result = guarded(|| self.git.undo_merge(repo.as_path(), &target, &commit, &before));
                Input::MergeUndone {
                    command_id,
                    attempt_id,
                    result,
                }
            }
            effect => return self.work_on_attempt(effect),
        })
    }

    fn work_on_attempt(&self, effect: Effect) -> Option<Input> {
        Some(match effect {
            Effect::CommitWork {
                command_id,
                attempt_id,
                place,
                message,
            } => {
                let place = self.absolute(place);
                let reason = anyon_model::SnapshotReason::Commit;
                let result = guarded(|| self.git.commit_work(&place, attempt_id, &message, reason));
                Input::WorkCommitted {
                    command_id,
                    attempt_id,
                    result,
                }
            }
            Effect::Land {
                command_id,
                attempt_id,
                place,
                message,
                work_message,
            } => {
                let place = self.absolute(place);
                let result = guarded(|| self.git.land(&place, attempt_id, &message, &work_message));
                Input::Landed {
                    command_id,
                    attempt_id,
                    result,
                }
            }
            Effect::RemoveWorktree {
                attempt_id,
                place,
                reason,
            } => {
                let (place, marker) = (self.absolute(place), self.marker(attempt_id));
                let result = guarded(|| self.git.remove_worktree(&place, &marker, reason, &self.trash));
                Input::WorktreeRemoved { attempt_id, result }
            }
            Effect::Restore {
                command_id,
                attempt_id,
                snapshot_id,
                place,
                commit,
                head,
                trash,
            } => {
                let result = self.restore(attempt_id, place, &commit, &head, trash.as_ref());
                Input::Restored {
                    command_id,
                    attempt_id,
                    snapshot_id,
                    result,
                }
            }
            _ => return None,
        })
    }

    fn create(
        &self,
        attempt_id: AttemptId,
        plan: &WorktreePlan,
        inputs: &mpsc::Sender<Input>,
    ) -> Result<anyon_model::WorktreeMade, Problem> {
        let path = FilePath::from(self.worktrees.join(&plan.path));
        let plan = WorktreePlan { path, ..plan.clone() };
        let cancel = lock(&self.creations).entry(attempt_id).or_default().clone();
        let mut told = 0;
        let result = guarded(|| {
            self.git
                .create_worktree(&plan, &self.marker(attempt_id), &cancel, &mut |percent| {
                    if percent > told {
                        told = percent;
                        // Progress is for the eye: when the engine is behind, it is left out.
                        let _ = inputs.try_send(Input::WorktreeProgress { attempt_id, percent });
                    }
                })
        });
        lock(&self.creations).remove(&attempt_id);
        result
    }

    fn restore(
        &self,
        attempt_id: AttemptId,
        place: AttemptPlace,
        commit: &str,
        head: &str,
        trash: Option<&FilePath>,
    ) -> Result<Option<SnapshotMade>, Problem> {
        let (place, marker) = (self.absolute(place), self.marker(attempt_id));
        let trash = trash.map(FilePath::as_path);
        guarded(|| self.git.restore(&place, &marker, commit, head, trash))
    }

    /// Breaks off the creation of a worktree, also one that waits for its turn.
    pub fn cancel_creation(&self, attempt_id: AttemptId) {
        if let Some(creation) = lock(&self.creations).get(&attempt_id) {
            creation.cancel();
        }
    }

    /// Breaks off a clone, also one that waits for its turn.
    pub fn cancel_clone(&self, command_id: CommandId) {
        if let Some(clone) = lock(&self.clones).get(&command_id) {
            clone.cancel();
        }
    }

    /// Breaks off the creations and clones that run.
    pub fn cancel_creations(&self) {
        lock(&self.creations).values().for_each(CancelToken::cancel);
        lock(&self.clones).values().for_each(CancelToken::cancel);
    }

    fn clone_repository(
        &self,
        command_id: CommandId,
        url: &RemoteUrl,
        folder: &FilePath,
        inputs: &mpsc::Sender<Input>,
    ) -> Result<RepositoryInfo, Problem> {
        let cancel = lock(&self.clones).entry(command_id).or_default().clone();
        let mut told = 0;
        let mut tell = |percent| {
            if percent > told {
                told = percent;
                // As with worktrees: left out when the engine is behind.
                let _ = inputs.try_send(Input::CloneProgress { command_id, percent });
            }
        };
        let result = guarded(|| {
            self.git
                .clone_repository(url, folder.as_path(), &cancel, &mut tell)
        });
        lock(&self.clones).remove(&command_id);
        result
    }
}

/// The attempt of an effect that takes a snapshot before it does its work.
fn attempt_and_repo(effect: &Effect) -> Option<(AttemptId, FilePath)> {
    match effect {
        Effect::CommitWork {
            attempt_id, place, ..
        }
        | Effect::Land {
            attempt_id, place, ..
        }
        | Effect::RemoveWorktree {
            attempt_id, place, ..
        }
        | Effect::Restore {
            attempt_id, place, ..
        } => Some((*attempt_id, place.repo.clone())),
        _ => None,
    }
}

fn failed(done: &Input) -> bool {
    matches!(
        done,
        Input::WorkCommitted { result: Err(_), .. }
            | Input::Landed { result: Err(_), .. }
            | Input::WorktreeRemoved { result: Err(_), .. }
            | Input::Restored { result: Err(_), .. }
    )
}

/// A panic in git work is a problem of that work, not the end of the answer that a command waits for.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, anyon_git::GitError>) -> Result<T, Problem> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(Problem::from),
        Err(_) => Err(Problem::new(ProblemCode::Internal, "The git work broke off")
            .detail("a fault in Anyon")
            .hint("nothing more was done; try again, and please report it")),
    }
}
