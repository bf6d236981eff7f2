//! A quick scan for git repositories. It ends when its time is over, whatever it has found, even when a folder on a
//! network never answers.

use super::folder::is_repository;
use crate::publish::lock;
use anyon_model::{FilePath, FoundRepositories, FoundRepository, Timestamp};
use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::{Duration, Instant, UNIX_EPOCH},
};

/// After this no further folder is opened.
const SOFT_LIMIT: Duration = Duration::from_millis(800);
/// After this the answer is given although a folder is still being opened.
const HARD_LIMIT: Duration = Duration::from_millis(1200);
/// Folders below a root that are opened.
const DEPTH: usize = 4;
/// Repositories that are told.
const MAX_FOUND: usize = 200;

/// Folders that hold no repositories of a person, by name. Hidden ones are never opened.
const SKIPPED: [&str; 20] = [
    "AppData",
    "Applications",
    "Library",
    "Movies",
    "Music",
    "Pictures",
    "Videos",
    "__pycache__",
    "bower_components",
    "build",
    "dist",
    "go",
    "miniconda3",
    "node_modules",
    "snap",
    "site-packages",
    "target",
    "vendor",
    "venv",
    "worktrees",
];

/// Looks below these folders; below the person's own if there are none.
pub fn find(roots: Vec<FilePath>) -> FoundRepositories {
    let roots: Vec<PathBuf> = if roots.is_empty() {
        std::env::home_dir().into_iter().collect()
    } else {
        roots.iter().map(|root| root.as_path().to_path_buf()).collect()
    };
    find_within(roots, SOFT_LIMIT, HARD_LIMIT, &|folder| folders_in(folder))
}

/// Lists the folders in a folder.
type Open = dyn Fn(&Path) -> Vec<PathBuf> + Sync;

fn find_within(
    roots: Vec<PathBuf>,
    soft: Duration,
    hard: Duration,
    open: &'static Open,
) -> FoundRepositories {
    let scan = Arc::new(Scan::default());
    let began = Instant::now();
    let worker = scan.clone();
    // A thread of its own: it may hang in the system for good, and no pool must wait for it.
    let started = std::thread::Builder::new()
        .name("anyon-scan".into())
        .spawn(move || worker.run(roots, began + soft, open));
    if let Err(error) = started {
        tracing::warn!(%error, "no thread to look for repositories");
        return FoundRepositories::default();
    }
    scan.result(began + hard)
}

#[derive(Default)]
struct Scan {
    found: Mutex<Found>,
    ended: Condvar,
}

#[derive(Default)]
struct Found {
    repositories: Vec<FoundRepository>,
    complete: bool,
    ended: bool,
}

impl Scan {
    /// The nearest folders first: what lies deep is found only if there is time.
    fn run(&self, roots: Vec<PathBuf>, deadline: Instant, open: &Open) {
        let mut next: VecDeque<(PathBuf, usize)> = roots.into_iter().map(|root| (root, 0)).collect();
        while Instant::now() < deadline {
            let Some((folder, depth)) = next.pop_front() else {
                return self.end(true);
            };
            if is_repository(&folder) {
                if self.add(folder) {
                    return self.end(false);
                }
            } else if depth < DEPTH {
                next.extend(open(&folder).into_iter().map(|inner| (inner, depth + 1)));
            }
        }
        self.end(next.is_empty());
    }

    /// Whether there are enough now.
    fn add(&self, folder: PathBuf) -> bool {
        let name = folder
            .file_name()
            .unwrap_or(folder.as_os_str())
            .to_string_lossy()
            .into_owned();
        let used_at = used_at(&folder);
        let mut found = lock(&self.found);
        // A worktree or submodule belongs to a repository elsewhere.
        if !folder.join(".git").is_file() {
            found.repositories.push(FoundRepository {
                path: folder.into(),
                name,
                used_at,
            });
        }
        found.repositories.len() >= MAX_FOUND
    }

    fn end(&self, complete: bool) {
        let mut found = lock(&self.found);
        (found.complete, found.ended) = (complete, true);
        drop(found);
        self.ended.notify_all();
    }

    fn result(&self, deadline: Instant) -> FoundRepositories {
        let mut found = lock(&self.found);
        while !found.ended {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            found = self
                .ended
                .wait_timeout(found, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        let mut repositories = found.repositories.clone();
        repositories.sort_by(|one, other| {
            other
                .used_at
                .cmp(&one.used_at)
                .then_with(|| one.path.cmp(&other.path))
        });
        repositories.dedup_by(|one, other| one.path == other.path);
        FoundRepositories {
            repositories,
            complete: found.complete,
        }
    }
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter(|entry| {
            let name = entry.file_name();
            !name.as_encoded_bytes().starts_with(b".") && !SKIPPED.iter().any(|skipped| name == *skipped)
        })
        .map(|entry| entry.path())
        .collect()
}

/// When git last wrote its index or moved its `HEAD`.
fn used_at(folder: &Path) -> Option<Timestamp> {
    let modified = |file: &str| {
        let place = if folder.join(".git").is_dir() {
            folder.join(".git")
        } else {
            folder.to_path_buf()
        };
        let time = fs::metadata(place.join(file)).ok()?.modified().ok()?;
        i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
    };
    ["index", "HEAD", "logs/HEAD"]
        .into_iter()
        .filter_map(modified)
        .max()
        .map(Timestamp::from_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(paths: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        paths
            .iter()
            .for_each(|path| fs::create_dir_all(root.path().join(path)).unwrap());
        root
    }

    fn names(found: &FoundRepositories) -> Vec<&str> {
        let mut names: Vec<&str> = found
            .repositories
            .iter()
            .map(|found| found.name.as_str())
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn repositories_are_found_and_what_is_not_a_persons_is_not() {
        let root = folder_with(&[
            "code/one/.git",
            "code/one/inner/.git",
            "deep/a/b/two/.git",
            "deep/a/b/c/too-deep/.git",
            "node_modules/three/.git",
            ".cache/four/.git",
            "code/linked",
        ]);
        fs::write(root.path().join("code/linked/.git"), "gitdir: elsewhere").unwrap();
        let found = find(vec![root.path().into(), root.path().into()]);
        assert_eq!(names(&found), ["one", "two"]);
        assert!(found.complete);
    }

    #[test]
    fn the_one_last_worked_in_comes_first() {
        let root = folder_with(&["old/.git", "new/.git", "never/.git"]);
        for (name, at) in [("old", 1000), ("new", 2000)] {
            let head = fs::File::create(root.path().join(name).join(".git/HEAD")).unwrap();
            head.set_modified(UNIX_EPOCH + Duration::from_secs(at)).unwrap();
        }
        let found = find(vec![root.path().into()]);
        let order: Vec<&str> = found
            .repositories
            .iter()
            .map(|found| found.name.as_str())
            .collect();
        assert_eq!(order, ["new", "old", "never"]);
        assert_eq!(found.repositories[0].used_at, Some(Timestamp::from_ms(2_000_000)));
    }

    #[test]
    fn a_folder_that_never_answers_takes_no_longer_than_the_limit() {
        let root = folder_with(&["a/.git", "b"]);
        let began = Instant::now();
        let (soft, hard) = (Duration::from_millis(20), Duration::from_millis(100));
        let found = find_within(vec![root.path().to_path_buf()], soft, hard, &|folder| {
            if folder.ends_with("b") {
                std::thread::sleep(Duration::from_secs(3));
            }
            let mut folders = folders_in(folder);
            folders.sort();
            folders
        });
        assert!(began.elapsed() < Duration::from_secs(2));
        assert_eq!((names(&found), found.complete), (vec!["a"], false));
    }
}
