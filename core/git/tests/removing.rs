//! Removing and restoring worktrees: whatever holds work is kept and comes back.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

mod support;

use anyon_git::{GitError, Marker, prune_trash};
use anyon_model::{SnapshotReason, Timestamp};
use std::fs;
use support::World;

/// Everything that work can be: committed, staged, open, untracked, removed, renamed, a link, not UTF-8.
fn do_all_kinds_of_work(world: &World, attempt: &support::Attempt) {
    attempt.write("committed.txt", "committed\n");
    world.sh_in(attempt.path(), "git add committed.txt && git commit -qm one");
    attempt.write("staged.txt", "staged\n");
    world.sh_in(
        attempt.path(),
        "git add staged.txt && rm README.md && mkdir deep && git mv src/main.rs deep/moved.rs",
    );
    attempt.write("staged.txt", "staged and changed\n");
    attempt.write("un/tracked.txt", "untracked\n");
    attempt.write(".env", "SECRET=1\n");
    attempt.write("build/out/big.bin", "built\n");
    attempt.write("deep/trace.log", "log\n");
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        std::os::unix::fs::symlink("un/tracked.txt", attempt.path().join("link")).unwrap();
        std::os::unix::fs::symlink("/nowhere", attempt.path().join("build/dangling")).unwrap();
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
        fs::write(attempt.path().join(name), "latin\n").unwrap();
    }
}

#[test]
fn what_is_removed_comes_back_exactly() {
    let mut world = World::new();
    let attempt = world.attempt("All kinds");
    do_all_kinds_of_work(&world, &attempt);
    let head = world.git.head(attempt.path()).unwrap();
    let removed = world
        .git
        .remove_worktree(
            &attempt.place,
            &attempt.marker,
            SnapshotReason::Drop,
            &world.trash(),
        )
        .unwrap();
    let made = removed.snapshot.unwrap();
    assert!(!attempt.path().exists());
    assert_eq!(made.head, head);
    assert_eq!(world.sh("git branch --format='%(refname:short)'"), "main");
    assert_eq!(world.sh("git worktree list | wc -l").trim(), "1");
    let trash = made.trash.clone().unwrap();
    assert!(trash.as_path().join("files/.env").exists());
    assert_eq!(
        world.sh(&format!(
            "git ls-tree -r --name-only {} | grep -c env || true",
            made.commit
        )),
        "0"
    );

    world
        .git
        .restore(
            &attempt.place,
            &attempt.marker,
            &made.commit,
            &made.head,
            Some(trash.as_path()),
        )
        .unwrap();
    let again = world
        .git
        .snapshot(&attempt.place, attempt.id, SnapshotReason::Restore)
        .unwrap()
        .unwrap();
    let tree = |commit: &str| world.sh(&format!("git rev-parse {commit}^{{tree}}"));
    assert_eq!(tree(&again.commit), tree(&made.commit));
    assert_eq!(again.number, made.number + 1);
    assert_eq!(world.git.head(attempt.path()).unwrap(), head);
    assert_eq!(attempt.read(".env"), "SECRET=1\n");
    assert_eq!(attempt.read("build/out/big.bin"), "built\n");
    assert_eq!(attempt.read("deep/trace.log"), "log\n");
    assert!(
        attempt
            .path()
            .join("build/dangling")
            .symlink_metadata()
            .unwrap()
            .is_symlink()
    );
    assert!(!trash.as_path().exists());
}

#[test]
fn restoring_over_work_keeps_the_work_first() {
    let mut world = World::new();
    let attempt = world.attempt("Two states");
    attempt.write("a/b.txt", "first\n");
    let first = world
        .git
        .snapshot(&attempt.place, attempt.id, SnapshotReason::Commit)
        .unwrap()
        .unwrap();
    fs::remove_dir_all(attempt.path().join("a")).unwrap();
    attempt.write("a", "now a file\n");
    attempt.write("second.txt", "second\n");
    let before = world
        .git
        .restore(&attempt.place, &attempt.marker, &first.commit, &first.head, None)
        .unwrap()
        .unwrap();
    assert_eq!(before.number, 2);
    assert_eq!(attempt.read("a/b.txt"), "first\n");
    assert!(!attempt.path().join("second.txt").exists());
    world
        .git
        .restore(
            &attempt.place,
            &attempt.marker,
            &before.commit,
            &before.head,
            None,
        )
        .unwrap();
    assert_eq!(attempt.read("a"), "now a file\n");
    assert_eq!(attempt.read("second.txt"), "second\n");
}

#[test]
fn a_snapshot_touches_neither_index_nor_branch_and_is_not_taken_for_nothing() {
    let mut world = World::new();
    let attempt = world.attempt("Snap");
    assert_eq!(
        world
            .git
            .snapshot(&attempt.place, attempt.id, SnapshotReason::Commit)
            .unwrap(),
        None
    );
    attempt.write("staged.txt", "staged\n");
    world.sh_in(attempt.path(), "git add staged.txt");
    attempt.write("open.txt", "open\n");
    let look = || {
        world.sh_in(
            attempt.path(),
            "git status --porcelain && git ls-files --stage && git rev-parse HEAD",
        )
    };
    let before = look();
    let made = world
        .git
        .snapshot(&attempt.place, attempt.id, SnapshotReason::Commit)
        .unwrap()
        .unwrap();
    assert_eq!(look(), before);
    let name = format!("refs/anyon/snapshots/{}/1", attempt.id);
    assert_eq!(world.sh(&format!("git rev-parse {name}")), made.commit);
    assert_eq!(world.sh(&format!("git rev-parse {name}^")), made.head);
}

#[test]
fn a_worktree_that_is_not_ours_is_never_removed() {
    let mut world = World::new();
    let attempt = world.attempt("Ours");
    let other = world.marker();
    let remove = |place: &anyon_model::AttemptPlace, marker: &Marker| {
        world
            .git
            .remove_worktree(place, marker, SnapshotReason::Drop, &world.trash())
    };
    let refused = remove(&attempt.place, &other);
    assert!(matches!(refused, Err(GitError::NotOurs { .. })), "{refused:?}");

    let users = world.root().join("users");
    world.sh(&format!("git worktree add -q '{}'", users.display()));
    let mut place = attempt.place.clone();
    place.worktree = users.as_path().into();
    assert!(remove(&place, &attempt.marker).is_err());
    place.worktree = world.repo.as_path().into();
    assert!(remove(&place, &attempt.marker).is_err());
    #[cfg(unix)]
    {
        let link = world.root().join("link");
        std::os::unix::fs::symlink(attempt.path(), &link).unwrap();
        place.worktree = link.as_path().into();
        assert!(remove(&place, &attempt.marker).is_err());
    }
    // A broken link never leads to another checkout.
    fs::remove_file(attempt.path().join(".git")).unwrap();
    let broken = remove(&attempt.place, &attempt.marker);
    assert!(matches!(broken, Err(GitError::NotOurs { .. })), "{broken:?}");
    assert!(attempt.path().join("README.md").exists());
    assert!(users.join("README.md").exists() && world.repo.join("README.md").exists());
}

#[test]
fn a_worktree_that_a_person_deleted_is_forgotten_but_its_commits_stay() {
    let mut world = World::new();
    let attempt = world.attempt("Gone");
    let neighbour = world.attempt("Neighbour");
    attempt.write("x.txt", "x\n");
    world.sh_in(attempt.path(), "git add x.txt && git commit -qm x");
    let head = world.git.head(attempt.path()).unwrap();
    fs::remove_dir_all(attempt.path()).unwrap();
    fs::remove_dir_all(neighbour.path()).unwrap();
    let report = world
        .git
        .remove_worktree(
            &attempt.place,
            &attempt.marker,
            SnapshotReason::Drop,
            &world.trash(),
        )
        .unwrap();
    assert_eq!(report.snapshot.unwrap().head, head);
    let listed = world.sh("git worktree list --porcelain");
    assert!(
        !listed.contains("gone") && listed.contains("neighbour"),
        "{listed}"
    );
    world.sh(&format!(
        "git merge-base --is-ancestor {head} refs/anyon/snapshots/{}/1",
        attempt.id
    ));
}

#[test]
fn a_detached_head_and_a_repository_inside_are_kept_too() {
    let mut world = World::new();
    let attempt = world.attempt("Detached");
    attempt.write("on-branch.txt", "1\n");
    world.sh_in(
        attempt.path(),
        "git add . && git commit -qm branch && git checkout -q --detach",
    );
    attempt.write("detached.txt", "2\n");
    world.sh_in(
        attempt.path(),
        "git add . && git commit -qm detached && git checkout -q --detach HEAD~2",
    );
    attempt.write("elsewhere.txt", "3\n");
    world.sh_in(attempt.path(), "git add . && git commit -qm elsewhere");
    world.sh_in(
        attempt.path(),
        "git init -q inner && cd inner && git config user.name B && git config user.email b@c && echo x >f && git add f && git commit -qm inner",
    );
    let report = world
        .git
        .remove_worktree(
            &attempt.place,
            &attempt.marker,
            SnapshotReason::Drop,
            &world.trash(),
        )
        .unwrap();
    let made = report.snapshot.unwrap();
    // The branch holds a commit that the snapshot does not: it stays.
    assert!(world.sh("git branch").contains(&attempt.place.branch));
    let inner = made.trash.unwrap().as_path().join("files/inner");
    assert_eq!(world.sh_in(&inner, "git log --format=%s"), "inner");
}

#[test]
#[cfg(unix)]
fn folders_that_may_not_be_written_move_to_the_trash_and_out_of_it() {
    let mut world = World::new();
    let attempt = world.attempt("Read only");
    attempt.write("build/mod/file", "x\n");
    world.sh_in(attempt.path(), "chmod -R a-w build");
    let report = world
        .git
        .remove_worktree(
            &attempt.place,
            &attempt.marker,
            SnapshotReason::Drop,
            &world.trash(),
        )
        .unwrap();
    assert!(report.snapshot.unwrap().trash.is_some());
    prune_trash(&world.trash(), 0, 0, Timestamp::from_ms(i64::MAX / 2)).unwrap();
    assert_eq!(fs::read_dir(world.trash()).unwrap().count(), 0);
}

#[test]
fn the_trash_keeps_to_its_cap_and_age_and_to_its_own_folders() {
    let world = World::empty();
    let trash = world.trash();
    for number in 1..=3 {
        let folder = format!("00000000-0000-0000-0000-000000000065-{number}/files/.env");
        support::write(&trash, &folder, &"x".repeat(100));
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    support::write(&trash, "users-folder/precious", "mine");
    let left = || {
        let mut names: Vec<_> = fs::read_dir(&trash)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
            .iter()
            .map(|name| name.chars().last().unwrap())
            .collect::<String>()
    };
    let now = Timestamp::from_ms(i64::MAX / 2);
    prune_trash(&trash, 250, i64::MAX, now).unwrap();
    assert_eq!(left(), "23r");
    prune_trash(&trash, 250, 1000, now).unwrap();
    assert_eq!(left(), "r");
    prune_trash(&world.root().join("none"), 1, 1, now).unwrap();
}
