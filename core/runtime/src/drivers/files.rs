//! The files of worktrees, for a person who types a part of a path. What git listed is kept for a moment, so that each
//! further letter is answered from memory.

use super::git::{GitShared, guarded};
use anyon_model::{Answer, AttemptId, FilePath, QueryResult};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// How long a listing is good.
const KEPT: Duration = Duration::from_secs(5);

/// The listings of a moment ago.
#[derive(Default)]
pub struct FileLists {
    kept: Mutex<HashMap<AttemptId, Kept>>,
}

struct Kept {
    at: Instant,
    files: Arc<Vec<String>>,
}

impl FileLists {
    /// The files that fit best. Blocks.
    pub fn find(
        &self,
        git: &GitShared,
        (attempt_id, worktree): (AttemptId, &FilePath),
        typed: &str,
        limit: u32,
    ) -> QueryResult {
        let files = match self.recent(attempt_id) {
            Some(files) => files,
            None => {
                let files = Arc::new(guarded(|| git.git.index_files(worktree.as_path()))?);
                self.keep(attempt_id, files.clone());
                files
            }
        };
        let found = anyon_search::best(&files, typed, usize::try_from(limit).unwrap_or(usize::MAX));
        let found = found.into_iter().map(str::to_owned).collect();
        Ok(Answer::Files(Arc::new(found)))
    }

    fn recent(&self, attempt_id: AttemptId) -> Option<Arc<Vec<String>>> {
        let mut kept = crate::publish::lock(&self.kept);
        kept.retain(|_, listing| listing.at.elapsed() < KEPT);
        kept.get(&attempt_id).map(|listing| listing.files.clone())
    }

    fn keep(&self, attempt_id: AttemptId, files: Arc<Vec<String>>) {
        let at = Instant::now();
        crate::publish::lock(&self.kept).insert(attempt_id, Kept { at, files });
    }
}
