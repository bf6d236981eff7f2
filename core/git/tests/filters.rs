//! Files that a filter changes: they are kept as git itself would keep them, or not at all.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]
#![cfg(unix)]

mod support;

use anyon_git::GitError;
use anyon_model::{GitReads, Problem, ProblemCode, SnapshotReason};
use std::{fs, os::unix::fs::PermissionsExt};
use support::World;

const BOTH: [GitReads; 2] = [GitReads::Library, GitReads::Command];

fn refused<T: std::fmt::Debug>(result: Result<T, GitError>) -> Problem {
    let problem = Problem::from(result.unwrap_err());
    assert_eq!(problem.code, ProblemCode::WrongState, "{problem}");
    problem
}

#[test]
fn a_secret_is_never_committed_without_its_filter() {
    for reads in BOTH {
        let mut world = World::new();
        world.reads = reads;
        world.write(
            ".gitattributes",
            "*.key filter=git-crypt\n*.plain filter=unknown\n",
        );
        world.commit("attributes");
        world.sh(
            "git config filter.git-crypt.required true && git config filter.git-crypt.smudge cat &&
             git config filter.git-crypt.clean 'tr a-z n-za-m'",
        );
        let attempt = world.attempt("Secret");
        attempt.write("deep/server.key", "hello\n");
        let before = world.sh("git rev-parse main && git rev-parse anyon/3f2a-secret");
        let place = &attempt.place;
        let problem = refused(
            world
                .git
                .commit_work(place, attempt.id, "w", SnapshotReason::Commit),
        );
        assert!(problem.title.contains("git-crypt"), "{problem}");
        assert_eq!(problem.detail, "deep/server.key");
        refused(world.git.land(place, attempt.id, "m", "w"));
        let after = world.sh("git rev-parse main && git rev-parse anyon/3f2a-secret");
        assert_eq!(after, before);
        // A snapshot is ours, stays here, and may not lose the file.
        let made = world
            .git
            .snapshot(place, attempt.id, SnapshotReason::Drop)
            .unwrap();
        assert!(made.is_some());
        // A filter that nobody set up is none.
        fs::remove_file(attempt.path().join("deep/server.key")).unwrap();
        attempt.write("a.plain", "plain\n");
        world.git.land(place, attempt.id, "m", "w").unwrap();
    }
}

#[test]
fn a_filtered_file_is_never_written_to_the_users_checkout_without_its_filter() {
    let mut world = World::new();
    world.write(".gitattributes", "*.key filter=git-crypt\n");
    world.commit("attributes");
    let attempt = world.attempt("Theirs");
    attempt.write("server.key", "uryyb\n");
    world.sh_in(attempt.path(), "git add -A && git commit -q -m secret");
    world.sh("git config filter.git-crypt.smudge 'tr a-z n-za-m'");
    refused(world.git.land(&attempt.place, attempt.id, "m", "w"));
    assert!(!world.repo.join("server.key").exists());
}

/// A program that stores `pointer` for any file, set up by the user.
fn install_lfs(world: &World) {
    let program = world.home.join("lfs");
    fs::write(&program, "#!/bin/sh\ncat >/dev/null\necho pointer\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let text = format!(
        "[filter \"lfs\"]\n\tclean = {} clean\n\tsmudge = cat\n\trequired = true\n",
        program.display()
    );
    fs::write(world.home.join(".gitconfig"), text).unwrap();
}

#[test]
fn large_files_land_as_pointers_wherever_the_attribute_is_written() {
    let places = ["assets/.gitattributes", ".git/info/attributes", "outside"];
    for place in places {
        let mut world = World::new();
        install_lfs(&world);
        let rule = "*.bin filter=lfs diff=lfs merge=lfs -text\n";
        if place == "outside" {
            let file = world.root().join("attributes");
            fs::write(&file, rule).unwrap();
            world.sh(&format!("git config core.attributesFile '{}'", file.display()));
        } else {
            world.write(place, rule);
            world.write("assets/readme", "x\n");
            world.commit("attributes");
        }
        let found = world.git.inspect(&world.repo, false).unwrap();
        assert_eq!(found.git_reads, GitReads::Command, "{place}");
        let attempt = world.attempt("Large");
        attempt.write("assets/large.bin", "large\n");
        let report = world.git.land(&attempt.place, attempt.id, "m", "w").unwrap();
        let stored = format!("git cat-file blob {}:assets/large.bin", report.commit);
        assert_eq!(world.sh(&stored), "pointer", "{place}");
    }
}

#[test]
fn large_files_land_as_pointers_when_the_attempt_itself_says_so() {
    let mut world = World::new();
    install_lfs(&world);
    let attempt = world.attempt("Begun");
    attempt.write("assets/.gitattributes", "*.bin filter=lfs -text\n");
    attempt.write("assets/large.bin", "large\n");
    let report = world.git.land(&attempt.place, attempt.id, "m", "w").unwrap();
    let stored = format!("git cat-file blob {}:assets/large.bin", report.commit);
    assert_eq!(world.sh(&stored), "pointer");
    assert_eq!(world.sh_in(attempt.path(), "git status --porcelain"), "");
}

#[test]
fn without_git_lfs_large_files_are_not_committed_whole() {
    let mut world = World::new();
    let attempt = world.attempt("Lacking");
    attempt.write(".gitattributes", "*.bin filter=lfs -text\n");
    attempt.write("large.bin", "large\n");
    let problem = refused(world.git.land(&attempt.place, attempt.id, "m", "w"));
    assert!(problem.hint.contains("git lfs install"), "{problem}");
}
