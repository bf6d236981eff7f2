//! The user's own settings change how git talks, never what we read from it.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

mod support;

use anyon_git::CancelToken;
use anyon_model::{GitReads, Problem, ProblemCode, SnapshotReason};
use std::fs;
use support::World;

const ODD: &str = "[core]\n\tquotepath = true\n\tpager = false\n\tabbrev = 4\n\tlogAllRefUpdates = always\n
[diff]\n\tnoprefix = true\n\trenames = false\n\tmnemonicPrefix = true\n\tcontext = 0\n\talgorithm = patience\n\tignoreSubmodules = all\n\torderFile = /dev/null\n\texternal = false\n
[status]\n\tshowUntrackedFiles = no\n\trelativePaths = true\n\tbranch = true\n\tshort = true\n
[color]\n\tui = always\n[log]\n\tshowSignature = true\n\tdate = relative\n[push]\n\tdefault = nothing\n
[branch]\n\tautoSetupMerge = always\n\tautoSetupRebase = always\n[checkout]\n\tdefaultRemote = origin\n\tguess = true\n
[merge]\n\trenames = false\n\tconflictStyle = zdiff3\n\tff = only\n[init]\n\tdefaultBranch = trunk\n[submodule]\n\trecurse = true\n
[column]\n\tui = always\n[worktree]\n\tguessRemote = true\n[i18n]\n\tcommitEncoding = ISO-8859-1\n[advice]\n\tdetachedHead = true\n[safe]\n\tdirectory = *\n";

/// What an attempt of always the same work comes to.
fn story(world: &mut World) -> Vec<String> {
    let attempt = world.attempt("Odd");
    attempt.write("café.txt", "new\n");
    attempt.write("moved.rs", &attempt.read("src/main.rs"));
    fs::remove_file(attempt.path().join("src/main.rs")).unwrap();
    let mut told = Vec::new();
    let all = world
        .git
        .diff_all(&attempt.place, &CancelToken::default())
        .unwrap();
    told.push(format!("{all:?}"));
    let made = world
        .git
        .snapshot(&attempt.place, attempt.id, SnapshotReason::Commit)
        .unwrap()
        .unwrap();
    told.push(world.sh(&format!("git -c color.ui=false ls-tree -r {}", made.commit)));
    let check = world.git.landing_check(&attempt.place, "m").unwrap();
    told.push(format!("{check:?}").replace(&world.root().display().to_string(), ""));
    let report = world
        .git
        .land(&attempt.place, attempt.id, "Größe", "Arbeit")
        .unwrap();
    told.push(world.sh(&format!(
        "git -c color.ui=false -c log.showSignature=false cat-file commit {} | tail -1",
        report.commit
    )));
    told.push(world.sh(&format!("git -c color.ui=false ls-tree -r {}", report.commit)));
    told.push(world.sh("git -c color.ui=false -c column.ui=never -c status.branch=false -c status.showUntrackedFiles=all status --porcelain"));
    let removed = world
        .git
        .remove_worktree(
            &attempt.place,
            &attempt.marker,
            SnapshotReason::Cleanup,
            &world.trash(),
        )
        .unwrap();
    told.push(format!("{}", removed.snapshot.is_some()));
    told.push(world.git.branches(&world.repo).unwrap().join(" "));
    told
}

#[test]
fn odd_settings_change_nothing_that_is_read() {
    for reads in [GitReads::Library, GitReads::Command] {
        let mut plain = World::new();
        plain.reads = reads;
        let expected = story(&mut plain);
        let mut odd = World::new();
        odd.reads = reads;
        fs::write(odd.home.join(".gitconfig"), ODD).unwrap();
        assert_eq!(story(&mut odd), expected);
        // Also where they stand in the repository itself, where the library reads them too.
        let mut local = World::new();
        local.reads = reads;
        let mut config = fs::read_to_string(local.repo.join(".git/config")).unwrap();
        config.push_str(ODD);
        fs::write(local.repo.join(".git/config"), config).unwrap();
        assert_eq!(story(&mut local), expected);
    }
}

#[test]
fn line_endings_that_the_user_wants_converted_are_no_changes() {
    for reads in [GitReads::Library, GitReads::Command] {
        let mut world = World::new();
        world.reads = reads;
        world.sh("git config core.autocrlf true && git config core.safecrlf true");
        let attempt = world.attempt("Crlf");
        assert!(attempt.read("src/main.rs").contains("\r\n"));
        let cancel = CancelToken::default();
        assert_eq!(world.git.diff_summary(&attempt.place, &cancel).unwrap().files, []);
        attempt.write(
            "src/main.rs",
            &attempt.read("src/main.rs").replace("line 3\r\n", "three\r\n"),
        );
        attempt.write("new.txt", "a\r\nb\r\n");
        let summary = world.git.diff_summary(&attempt.place, &cancel).unwrap();
        assert_eq!((summary.additions(), summary.deletions()), (3, 1));
        let report = world.git.land(&attempt.place, attempt.id, "m", "w").unwrap();
        assert_eq!(
            world.sh(&format!("git cat-file blob {}:new.txt", report.commit)),
            "a\nb"
        );
        assert_eq!(world.sh("git status --porcelain"), "");
    }
}

#[test]
fn a_signing_program_that_fails_is_a_clear_problem_and_nothing_moves() {
    let mut world = World::new();
    fs::write(
        world.home.join(".gitconfig"),
        "[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = false\n",
    )
    .unwrap();
    let attempt = world.attempt("Unsigned");
    attempt.write("new.txt", "new\n");
    let before = world.sh("git rev-parse main && git status --porcelain");
    let problem = Problem::from(world.git.land(&attempt.place, attempt.id, "m", "w").unwrap_err());
    assert_eq!(problem.code, ProblemCode::Git);
    assert!(
        problem.title.contains("signed") && problem.hint.contains("commit.gpgsign"),
        "{problem}"
    );
    assert_eq!(world.sh("git rev-parse main && git status --porcelain"), before);
    // Snapshots are ours and never signed.
    assert!(
        world
            .git
            .snapshot(&attempt.place, attempt.id, SnapshotReason::Drop)
            .unwrap()
            .is_some()
    );
}
