//! A diff brought up to date from the paths that changed is the diff computed anew.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

mod support;

use anyon_git::CancelToken;
use anyon_model::DiffSummary;
use std::{collections::BTreeSet, fs, path::PathBuf};
use support::{Attempt, World, numbered};

fn anew(world: &World, attempt: &Attempt) -> DiffSummary {
    world
        .git
        .diff_summary(&attempt.place, &CancelToken::default())
        .unwrap()
}

/// Updates from `before` and compares with what is computed anew.
fn expect_same(world: &World, attempt: &Attempt, before: &DiffSummary, changed: &[&str]) -> DiffSummary {
    let changed: BTreeSet<PathBuf> = changed.iter().map(PathBuf::from).collect();
    let updated = world
        .git
        .diff_update(&attempt.place, before, &changed, &CancelToken::default())
        .unwrap();
    assert_eq!(updated, anew(world, attempt), "after {changed:?}");
    updated
}

#[test]
fn each_kind_of_change_gives_what_a_fresh_look_gives() {
    let mut world = World::new();
    world.write("a.txt", &numbered(1, 20));
    world.write("b.txt", &numbered(1, 20));
    world.commit("more");
    let attempt = world.attempt("live");
    let mut diff = anew(&world, &attempt);
    assert!(diff.files.is_empty());

    attempt.write("a.txt", "changed\n");
    diff = expect_same(&world, &attempt, &diff, &["a.txt"]);
    assert_eq!(diff.files.len(), 1);
    attempt.write("a.txt", "changed\nonce more\n");
    diff = expect_same(&world, &attempt, &diff, &["a.txt"]);
    attempt.write("a.txt", &numbered(1, 20));
    diff = expect_same(&world, &attempt, &diff, &["a.txt"]);
    assert!(diff.files.is_empty(), "back to where it was");

    attempt.write("new.txt", "new\n");
    diff = expect_same(&world, &attempt, &diff, &["new.txt"]);
    fs::rename(attempt.path().join("b.txt"), attempt.path().join("moved.txt")).unwrap();
    diff = expect_same(&world, &attempt, &diff, &["moved.txt"]);
    attempt.write("moved.txt", &(numbered(1, 20) + "one more\n"));
    diff = expect_same(&world, &attempt, &diff, &["moved.txt"]);
    attempt.write(".gitignore", "new.txt\n");
    diff = expect_same(&world, &attempt, &diff, &[".gitignore"]);
    attempt.write("a.txt", "again\n");
    world.sh_in(attempt.path(), "git add -A && git commit -qm work");
    diff = expect_same(&world, &attempt, &diff, &["a.txt"]);
    assert!(diff.files.len() >= 3);
}
