//! Committing, landing and taking a landing back.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

mod support;

use anyon_git::GitError;
use anyon_model::{AttemptPlace, FilePath, GitReads, LandReport, Problem, ProblemCode, SnapshotReason};
use std::fs;
use support::{Attempt, World, numbered};

fn land(world: &World, attempt: &Attempt) -> Result<LandReport, GitError> {
    world
        .git
        .land(&attempt.place, attempt.id, "Fix login\n\nAll of it.", "Work")
}
fn code(result: Result<LandReport, GitError>) -> (ProblemCode, String) {
    let problem = Problem::from(result.unwrap_err());
    (problem.code, problem.detail)
}
/// Everything of the main checkout that a landing may change.
fn state(world: &World) -> String {
    world.sh("git status --porcelain --ignored && git rev-parse main && git ls-files --stage && cat $(git ls-files) 2>/dev/null || true")
}

#[test]
fn all_work_lands_as_one_commit_and_the_checkout_follows() {
    for reads in [GitReads::Library, GitReads::Command] {
        let mut world = World::new();
        world.reads = reads;
        let attempt = world.attempt("Land");
        attempt.write("one.txt", "one\n");
        world.sh_in(attempt.path(), "git add . && git commit -qm one");
        attempt.write("two.txt", "two\n");
        fs::remove_file(attempt.path().join("README.md")).unwrap();
        // What the user has open elsewhere stays byte for byte.
        world.write("src/main.rs", "my own work\n");
        world.write("staged.txt", "staged\n");
        world.sh("git add staged.txt");
        world.write("staged.txt", "staged and changed\n");
        world.write("untracked.txt", "untracked\n");
        let before = world.sh("git rev-parse main");

        let check = world.git.landing_check(&attempt.place, "m").unwrap();
        assert_eq!((check.ahead, check.behind, check.open_files), (1, 0, 2));
        assert_eq!((check.conflicts.len(), check.dirty_checkout), (0, None));

        let report = land(&world, &attempt).unwrap();
        assert_eq!(report.moved.before.as_deref(), Some(before.as_str()));
        assert_eq!(report.moved.after.as_deref(), Some(report.commit.as_str()));
        assert_eq!(report.followed, Some(FilePath::from(world.repo.as_path())));
        assert!(report.work.snapshot.is_some() && report.work.commit.is_some());
        assert_eq!(world.sh("git rev-parse main^"), before);
        assert_eq!(world.sh("git log -1 --format=%B main"), "Fix login\n\nAll of it.");
        assert_eq!(
            world.sh("git log -1 --format='%an %ae' main"),
            "Ada ada@example.com"
        );
        assert_eq!(
            world.sh("git status --porcelain"),
            " M src/main.rs\nAM staged.txt\n?? untracked.txt"
        );
        assert_eq!(
            world.sh("cat one.txt two.txt src/main.rs staged.txt"),
            "one\ntwo\nmy own work\nstaged and changed"
        );
        assert!(!world.repo.join("README.md").exists());
        assert_eq!(world.sh_in(attempt.path(), "git status --porcelain"), "");

        let undone = world
            .git
            .undo_merge(&world.repo, "main", &report.commit, &before)
            .unwrap();
        assert_eq!(undone.after.as_deref(), Some(before.as_str()));
        assert_eq!(
            world.sh("git status --porcelain"),
            " M src/main.rs\nAM staged.txt\n?? untracked.txt"
        );
        assert!(world.repo.join("README.md").exists() && !world.repo.join("one.txt").exists());
        world.commit("of somebody else");
        let again = world.git.undo_merge(&world.repo, "main", &report.commit, &before);
        assert_eq!(Problem::from(again.unwrap_err()).code, ProblemCode::TargetMoved);
    }
}

#[test]
fn a_landing_below_later_commits_says_how_many_and_what_to_do_instead() {
    let mut world = World::new();
    let attempt = world.attempt("Land");
    attempt.write("one.txt", "one\n");
    let before = world.sh("git rev-parse main");
    let report = land(&world, &attempt).unwrap();
    for path in ["three.txt", "four.txt"] {
        world.write(path, "of somebody else\n");
        world.commit("later");
    }
    let refused = world.git.undo_merge(&world.repo, "main", &report.commit, &before);
    let problem = Problem::from(refused.unwrap_err());
    assert_eq!(
        problem.title,
        "2 later commits on “main” stand on top of this landing"
    );
    let revert = format!("git revert {}", &report.commit[..10]);
    assert!(problem.hint.ends_with(&revert), "{}", problem.hint);
}

#[test]
fn both_sides_are_merged_and_conflicts_name_their_files() {
    for reads in [GitReads::Library, GitReads::Command] {
        let mut world = World::new();
        world.reads = reads;
        let (first, second) = (world.attempt("First"), world.attempt("Second"));
        first.write("src/main.rs", &numbered(1, 40).replace("line 3\n", "three\n"));
        second.write(
            "src/main.rs",
            &numbered(1, 40).replace("line 35\n", "thirty-five\n"),
        );
        let third = world.attempt("Third");
        third.write("src/main.rs", &numbered(1, 40).replace("line 3\n", "drei\n"));
        land(&world, &first).unwrap();
        land(&world, &second).unwrap();
        let merged = world.sh("cat src/main.rs");
        assert!(merged.contains("three\n") && merged.contains("thirty-five"));

        let before = (
            state(&world),
            world.sh_in(third.path(), "git rev-parse HEAD && git status --porcelain"),
        );
        let check = world.git.landing_check(&third.place, "m").unwrap();
        assert_eq!(check.conflicts, [FilePath::from("src/main.rs")]);
        assert_eq!((check.ahead, check.behind), (0, 2));
        let predicted = world.git.predict_conflicts(&third.place).unwrap();
        assert_eq!(predicted, check.conflicts);
        assert_eq!(
            code(land(&world, &third)),
            (ProblemCode::Conflicts, "src/main.rs".into())
        );
        let after = (
            state(&world),
            world.sh_in(third.path(), "git rev-parse HEAD && git status --porcelain"),
        );
        assert_eq!(after, before);
    }
}

#[test]
fn what_is_in_the_way_refuses_and_nothing_moves() {
    let mut world = World::new();
    let attempt = world.attempt("Dirty");
    attempt.write("src/main.rs", "changed\n");
    attempt.write("new/file.txt", "new\n");
    attempt.write("kept.log", "ignored here\n");
    world.sh_in(attempt.path(), "git add -f kept.log");
    let cases = [
        ("echo mine >src/main.rs", "src/main.rs"),
        ("echo mine >src/main.rs && git add src/main.rs", "src/main.rs"),
        ("git rm -q --cached src/main.rs", "src/main.rs"),
        ("rm src/main.rs", "src/main.rs"),
        ("mkdir new && echo mine >new/file.txt", "new/file.txt"),
        ("echo mine >new", "new"),
        (
            "mkdir -p new/file.txt && echo mine >new/file.txt/deep",
            "new/file.txt/deep",
        ),
        ("echo mine >kept.log", "kept.log"),
    ];
    for (script, file) in cases {
        world.sh(script);
        let before = state(&world);
        let check = world.git.landing_check(&attempt.place, "m").unwrap();
        assert_eq!(
            check.dirty_checkout,
            Some(FilePath::from(world.repo.as_path())),
            "{script}"
        );
        assert_eq!(
            code(land(&world, &attempt)),
            (ProblemCode::DirtyTarget, file.into()),
            "{script}"
        );
        assert_eq!(state(&world), before, "{script}");
        world.sh("git reset -q --hard && rm -rf new kept.log");
    }
    // The attempt's own branch did not move either.
    assert_eq!(world.git.head(attempt.path()).unwrap(), attempt.place.base_commit);
    land(&world, &attempt).unwrap();
}

#[test]
fn a_rebase_or_merge_in_the_targets_checkout_refuses() {
    let mut world = World::new();
    let attempt = world.attempt("Busy");
    attempt.write("new.txt", "new\n");
    world.sh("git checkout -q -b side HEAD && echo side >README.md && git commit -qam side && git checkout -q main");
    world.write("README.md", "main\n");
    world.commit("main");
    for script in ["git merge side", "git rebase side"] {
        assert!(!world.try_sh(&world.repo, script).status.success());
        let before = state(&world);
        assert_eq!(
            code(land(&world, &attempt)).0,
            ProblemCode::WrongState,
            "{script}"
        );
        assert_eq!(state(&world), before);
        world.sh("git merge --abort 2>/dev/null || git rebase --abort");
    }
    land(&world, &attempt).unwrap();
}

#[test]
fn a_target_that_is_checked_out_nowhere_moves_alone_and_in_another_worktree_too() {
    let mut world = World::new();
    world.sh("git branch release");
    let attempt = world.attempt_on("anyon/x", "release");
    attempt.write("new.txt", "new\n");
    let before = state(&world);
    let report = land(&world, &attempt).unwrap();
    assert_eq!(report.followed, None);
    assert_eq!(state(&world), before);
    let other = world.root().join("other");
    world.sh(&format!("git worktree add -q '{}' release", other.display()));
    attempt.write("newer.txt", "newer\n");
    let report = land(&world, &attempt).unwrap();
    assert_eq!(report.followed, Some(FilePath::from(other.as_path())));
    assert!(other.join("newer.txt").exists());
    assert_eq!(world.sh_in(&other, "git status --porcelain"), "");
}

#[test]
fn nothing_to_land_is_said_so() {
    let mut world = World::new();
    let attempt = world.attempt("Nothing");
    assert_eq!(code(land(&world, &attempt)).0, ProblemCode::NothingToDo);
    let work = world
        .git
        .commit_work(&attempt.place, attempt.id, "m", SnapshotReason::Commit)
        .unwrap();
    assert_eq!((work.snapshot, work.commit, work.moved), (None, None, None));
    attempt.write("ignored.log", "x");
    assert_eq!(code(land(&world, &attempt)).0, ProblemCode::NothingToDo);
}

#[test]
fn work_that_the_target_has_already_is_told_before_it_is_refused() {
    let mut world = World::new();
    let (first, second) = (world.attempt("First"), world.attempt("Second"));
    for attempt in [&first, &second] {
        attempt.write("same.txt", "the same\n");
    }
    assert!(!world.git.landing_check(&second.place, "m").unwrap().nothing_new);
    land(&world, &first).unwrap();
    assert!(world.git.landing_check(&second.place, "m").unwrap().nothing_new);
    assert_eq!(code(land(&world, &second)).0, ProblemCode::NothingToDo);
}

#[test]
fn open_work_is_committed_after_a_snapshot_and_the_index_agrees() {
    for reads in [GitReads::Library, GitReads::Command] {
        let mut world = World::new();
        world.reads = reads;
        let attempt = world.attempt("Commit");
        attempt.write("new.txt", "new\n");
        attempt.write("ignored.log", "x");
        fs::remove_file(attempt.path().join("README.md")).unwrap();
        let head = world.git.head(attempt.path()).unwrap();
        let work = world
            .git
            .commit_work(
                &attempt.place,
                attempt.id,
                "Work of the agent",
                SnapshotReason::Commit,
            )
            .unwrap();
        let commit = work.commit.unwrap();
        let moved = work.moved.unwrap();
        assert_eq!(moved.name, format!("refs/heads/{}", attempt.place.branch));
        assert_eq!((moved.before, moved.after), (Some(head), Some(commit.clone())));
        assert_eq!(world.sh_in(attempt.path(), "git status --porcelain"), "");
        assert_eq!(
            world.sh(&format!("git show --format=%s --name-status {commit}")),
            "Work of the agent\n\nD\tREADME.md\nA\tnew.txt"
        );
        assert_eq!(
            world.sh(&format!(
                "git diff --stat {} {commit}",
                work.snapshot.unwrap().commit
            )),
            ""
        );
        assert_eq!(
            world.sh_in(attempt.path(), "git reflog -1 --format=%gs"),
            "commit (anyon)"
        );
    }
}

#[test]
fn without_a_name_nothing_is_committed_and_nobody_invented() {
    let mut world = World::new();
    let attempt = world.attempt("Nobody");
    attempt.write("new.txt", "new\n");
    world.sh("git config --unset user.email");
    let before = world.sh_in(
        attempt.path(),
        "git rev-parse HEAD && git status --porcelain && git for-each-ref",
    );
    let problems = [
        world
            .git
            .commit_work(&attempt.place, attempt.id, "m", SnapshotReason::Commit)
            .map(drop),
        land(&world, &attempt).map(drop),
    ];
    for problem in problems {
        let problem = Problem::from(problem.unwrap_err());
        assert_eq!(problem.code, ProblemCode::NoIdentity);
        assert!(
            problem.hint.contains("git config --global user.name"),
            "{problem}"
        );
        assert!(problem.hint.contains("user.email"), "{problem}");
    }
    let after = world.sh_in(
        attempt.path(),
        "git rev-parse HEAD && git status --porcelain && git for-each-ref",
    );
    assert_eq!(after, before);
}

#[test]
fn an_attempt_that_left_its_branch_is_not_committed() {
    let mut world = World::new();
    let attempt = world.attempt("Elsewhere");
    attempt.write("new.txt", "new\n");
    let commit = |place: &AttemptPlace| {
        world
            .git
            .commit_work(place, attempt.id, "m", SnapshotReason::Commit)
    };
    world.sh_in(attempt.path(), "git checkout -q --detach");
    assert!(matches!(
        commit(&attempt.place),
        Err(GitError::NotOnBranch { .. })
    ));
    world.sh_in(attempt.path(), "git checkout -q -b other");
    assert!(matches!(
        commit(&attempt.place),
        Err(GitError::NotOnBranch { .. })
    ));
    world.sh_in(
        attempt.path(),
        &format!("git checkout -q {}", attempt.place.branch),
    );
    world.sh_in(attempt.path(), "git add . && git commit -qm ours");
    world.write("new.txt", "theirs\n");
    world.commit("theirs");
    assert!(!world.try_sh(attempt.path(), "git merge main").status.success());
    assert!(matches!(
        commit(&attempt.place),
        Err(GitError::InProgress { what: "merge", .. })
    ));
}

#[test]
fn a_lock_of_the_users_git_fails_the_landing_as_a_whole() {
    let mut world = World::new();
    let attempt = world.attempt("Locked");
    attempt.write("new.txt", "new\n");
    world.sh("touch .git/index.lock");
    let before = state(&world);
    assert_eq!(code(land(&world, &attempt)).0, ProblemCode::Git);
    assert_eq!(state(&world), before);
    world.sh("rm .git/index.lock");
    land(&world, &attempt).unwrap();
}

#[test]
fn a_folder_becomes_a_file_and_back() {
    let mut world = World::new();
    world.write("thing/a.txt", "a\n");
    world.commit("thing");
    let attempt = world.attempt("Kinds");
    fs::remove_dir_all(attempt.path().join("thing")).unwrap();
    attempt.write("thing", "a file\n");
    let before = world.sh("git rev-parse main");
    let report = land(&world, &attempt).unwrap();
    assert_eq!(world.sh("cat thing && git status --porcelain"), "a file");
    world
        .git
        .undo_merge(&world.repo, "main", &report.commit, &before)
        .unwrap();
    assert_eq!(world.sh("cat thing/a.txt && git status --porcelain"), "a");
}

#[test]
fn large_files_that_are_new_are_named_and_land_all_the_same() {
    const LARGE: usize = 10 * 1024 * 1024;
    let mut world = World::new();
    world.write("large before.bin", &"a".repeat(LARGE + 1));
    world.write("grows.bin", &"b".repeat(LARGE + 1));
    world.commit("large");
    for reads in [GitReads::Library, GitReads::Command] {
        world.reads = reads;
        let attempt = world.attempt(&format!("Large {reads:?}"));
        fs::rename(
            attempt.path().join("large before.bin"),
            attempt.path().join("moved.bin"),
        )
        .unwrap();
        attempt.write("grows.bin", &"c".repeat(LARGE + 2));
        attempt.write("just not.bin", &"d".repeat(LARGE));
        attempt.write("large.bin", &"e".repeat(LARGE + 1));
        attempt.write("largest.bin", &"f".repeat(LARGE + 3));
        world.sh_in(attempt.path(), "git add large.bin && git commit -qm one");
        let check = world.git.landing_check(&attempt.place, "m").unwrap();
        let named: Vec<_> = check
            .large_files
            .iter()
            .map(|file| (file.path.to_string(), file.bytes as usize))
            .collect();
        let expected = [("largest.bin", LARGE + 3), ("large.bin", LARGE + 1)];
        assert_eq!(named, expected.map(|(path, bytes)| (path.to_owned(), bytes)));
    }
}
