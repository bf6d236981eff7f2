//! Repositories that libgit2 cannot read right: found at registration, then read and written by git itself.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

mod support;

use anyon_git::CancelToken;
use anyon_model::{GitReads, SnapshotReason};
use std::fs;
use support::World;

/// An attempt from its start to its end and back.
fn whole_life(world: &mut World) {
    let found = world.git.inspect(&world.repo, false).unwrap();
    assert_eq!(found.git_reads, GitReads::Command);
    world.reads = found.git_reads;
    let attempt = world.attempt("Life");
    attempt.write("src/main.rs", &support::numbered(2, 41));
    attempt.write("src/new.txt", "new\n");
    attempt.write(".env", "KEY=1\n");
    let cancel = CancelToken::default();
    // Even when the kind was missed at registration.
    for reads in [GitReads::Command, GitReads::Library] {
        let mut place = attempt.place.clone();
        place.git_reads = reads;
        let summary = world.git.diff_summary(&place, &cancel).unwrap();
        let files: Vec<_> = summary.files.iter().map(|file| file.path.to_string()).collect();
        assert_eq!(files, ["src/main.rs", "src/new.txt"]);
        assert_eq!((summary.additions(), summary.deletions()), (2, 1));
    }
    let made = world
        .git
        .snapshot(&attempt.place, attempt.id, SnapshotReason::Commit)
        .unwrap()
        .unwrap();
    let report = world
        .git
        .land(&attempt.place, attempt.id, "land", "work")
        .unwrap();
    assert_eq!(world.sh("git status --porcelain"), "");
    assert_eq!(world.sh("git rev-parse main"), report.commit);
    let before = report.moved.before.unwrap();
    world
        .git
        .undo_merge(&world.repo, "main", &report.commit, &before)
        .unwrap();
    attempt.write("src/more.txt", "more\n");
    let removed = world
        .git
        .remove_worktree(
            &attempt.place,
            &attempt.marker,
            SnapshotReason::Drop,
            &world.trash(),
        )
        .unwrap()
        .snapshot
        .unwrap();
    assert!(removed.number > made.number);
    let trash = removed.trash.as_ref().map(|trash| trash.as_path());
    world
        .git
        .restore(
            &attempt.place,
            &attempt.marker,
            &removed.commit,
            &removed.head,
            trash,
        )
        .unwrap();
    assert_eq!(attempt.read("src/more.txt"), "more\n");
    assert_eq!(attempt.read(".env"), "KEY=1\n");
    let again = world
        .git
        .snapshot(&attempt.place, attempt.id, SnapshotReason::Drop)
        .unwrap()
        .unwrap();
    assert_eq!(
        world.sh(&format!("git diff --stat {} {}", removed.commit, again.commit)),
        ""
    );
}

#[test]
fn a_sparse_checkout() {
    let mut world = World::new();
    for number in 0..20 {
        world.write(&format!("far/{number}.txt"), "far\n");
    }
    world.commit("far");
    world.sh("git sparse-checkout set --cone src");
    assert!(!world.repo.join("far").exists());
    whole_life(&mut world);
    // The rest of the repository is neither written nor taken for deleted.
    assert!(!world.root().join("worktrees/anyon_3f2a_life/far").exists());
    assert_eq!(world.sh("git ls-tree --name-only main far/ | wc -l").trim(), "20");
}

#[test]
fn refs_in_tables() {
    let mut world = World::empty();
    let made = world.try_sh(&world.repo, "git init -q -b main --ref-format=reftable .");
    if !made.status.success() {
        // Older than git 2.45.
        return;
    }
    first_commit(&world);
    whole_life(&mut world);
}

#[test]
fn sha256_objects() {
    let mut world = World::empty();
    world.sh("git init -q -b main --object-format=sha256 .");
    first_commit(&world);
    whole_life(&mut world);
}

fn first_commit(world: &World) {
    world.sh("git config user.name Ada && git config user.email ada@example.com");
    world.write("src/main.rs", &support::numbered(1, 40));
    world.write(".gitignore", ".env\n");
    world.commit("first");
}

#[test]
fn a_partial_clone() {
    let mut world = World::new();
    let source = world.root().join("source");
    fs::rename(&world.repo, &source).unwrap();
    world.sh_in(
        &source,
        "git config uploadpack.allowFilter true && git config uploadpack.allowAnySHA1InWant true",
    );
    let clone = format!(
        "git clone -q --filter=blob:none 'file://{}' repo && cd repo && git config user.name Ada && git config user.email a@b",
        source.display()
    );
    world.sh_in(&world.root(), &clone);
    whole_life(&mut world);
}

#[test]
fn a_split_index_and_lfs_attributes_are_noticed() {
    let mut world = World::new();
    world.sh("git config core.splitIndex true && git update-index --split-index");
    whole_life(&mut world);
    let world = World::new();
    world.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    assert_eq!(
        world.git.inspect(&world.repo, false).unwrap().git_reads,
        GitReads::Command
    );
}
