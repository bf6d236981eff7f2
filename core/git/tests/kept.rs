//! What landed and what a snapshot holds can be looked at when the worktree is gone, and looking changes nothing.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

mod support;

use anyon_git::{CancelToken, Kept, Since};
use anyon_model::{DiffSummary, FileDiff, GitReads, SnapshotReason};
use std::{fs, path::Path};
use support::{Attempt, World, numbered};

const BOTH: [GitReads; 2] = [GitReads::Library, GitReads::Command];

/// An attempt that changed, added, moved and removed files, some of it committed.
fn worked(world: &mut World) -> Attempt {
    world.write("old name.txt", &numbered(1, 30));
    world.commit("one more");
    let attempt = world.attempt("Work");
    attempt.write("src/main.rs", &numbered(1, 40).replace("line 20\n", "twenty\n"));
    attempt.write("new file.txt", "new\n");
    world.sh_in(attempt.path(), "git add -A && git commit -qm part");
    fs::rename(
        attempt.path().join("old name.txt"),
        attempt.path().join("new name.txt"),
    )
    .unwrap();
    fs::remove_file(attempt.path().join("README.md")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc", attempt.path().join("link")).unwrap();
    attempt
}

/// The files and the lines of all of them, with new files as known ones.
fn live(world: &World, attempt: &Attempt) -> (DiffSummary, Vec<FileDiff>) {
    let cancel = CancelToken::default();
    world.sh_in(attempt.path(), "git add -A");
    let summary = world.git.diff_summary(&attempt.place, &cancel).unwrap();
    (summary, world.git.diff_all(&attempt.place, &cancel).unwrap())
}

fn remove(world: &World, attempt: &Attempt, reason: SnapshotReason) -> anyon_model::SnapshotMade {
    let (git, trash) = (&world.git, world.trash());
    git.remove_worktree(&attempt.place, &attempt.marker, reason, &trash)
        .unwrap()
        .snapshot
        .unwrap()
}

fn kept(world: &World, commit: &str, since: Since) -> [Kept; 2] {
    BOTH.map(|git_reads| Kept {
        repo: world.repo.as_path().into(),
        git_reads,
        commit: commit.to_owned(),
        since: since.clone(),
    })
}

/// Everything that a read could have changed.
fn traces(world: &World) -> String {
    world.sh("git for-each-ref && git count-objects -v && git status --porcelain && git worktree list")
}

fn expect_shown(world: &World, kept: &Kept, (summary, files): &(DiffSummary, Vec<FileDiff>)) {
    let cancel = CancelToken::default();
    let before = traces(world);
    let found = world.git.kept_summary(kept, &cancel).unwrap();
    assert_eq!(found.files, summary.files, "{:?}", kept.git_reads);
    assert_eq!(found.head, kept.commit);
    assert_eq!(world.git.kept_all(kept, &cancel).unwrap(), *files);
    for file in files {
        let path = file.stat.path.as_path();
        assert_eq!(world.git.kept_file(kept, path, false).unwrap(), *file);
    }
    assert_eq!(traces(world), before, "it was only looked at");
}

#[test]
fn what_landed_is_shown_when_the_worktree_is_gone_and_the_target_went_on() {
    let mut world = World::new();
    let attempt = worked(&mut world);
    let expected = live(&world, &attempt);
    assert!(expected.1.len() > 3, "{expected:?}");
    let report = world
        .git
        .land(&attempt.place, attempt.id, "land", "work")
        .unwrap();
    remove(&world, &attempt, SnapshotReason::Cleanup);
    world.write("later.txt", "later\n");
    world.commit("later");
    let since = Since::Commit(report.moved.before.unwrap());
    for kept in kept(&world, &report.commit, since) {
        expect_shown(&world, &kept, &expected);
    }
}

#[test]
fn dropped_work_is_shown_as_it_was_from_its_last_snapshot() {
    let mut world = World::new();
    let attempt = worked(&mut world);
    let expected = live(&world, &attempt);
    let snapshot = remove(&world, &attempt, SnapshotReason::Drop);
    world.write("src/main.rs", "of somebody else\n");
    world.commit("later");
    let start = |target: &str| Since::Start {
        head: snapshot.head.clone(),
        target: target.into(),
        base_commit: attempt.place.base_commit.clone(),
    };
    for target in ["main", "gone"] {
        for kept in kept(&world, &snapshot.commit, start(target)) {
            expect_shown(&world, &kept, &expected);
        }
    }
}

#[test]
fn a_file_is_read_as_it_was_and_nothing_else_is() {
    let mut world = World::new();
    let attempt = worked(&mut world);
    let text = attempt.read("src/main.rs");
    let snapshot = remove(&world, &attempt, SnapshotReason::Drop);
    world.write("src/main.rs", "of somebody else\n");
    for kept in kept(&world, &snapshot.commit, Since::Commit(snapshot.head.clone())) {
        let read = |path: &str, limit| world.git.kept_content(&kept, Path::new(path), limit);
        assert_eq!(read("src/main.rs", 1000).unwrap(), text.as_bytes());
        assert_eq!(read("new file.txt", 4).unwrap(), b"new\n");
        for (path, limit) in [
            ("new file.txt", 3),
            ("README.md", 1000),
            ("src", 1000),
            ("../x", 1000),
        ] {
            assert!(read(path, limit).is_err(), "{path}");
        }
    }
}

#[test]
fn a_commit_that_is_gone_is_a_problem_and_no_fault() {
    let world = World::new();
    let gone = "1".repeat(40);
    for kept in kept(&world, &gone, Since::Commit(gone.clone())) {
        assert!(world.git.kept_summary(&kept, &CancelToken::default()).is_err());
    }
}
