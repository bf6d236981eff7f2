//! Making, removing and restoring worktrees.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

mod support;

use anyon_git::{CancelToken, Git, GitError, Marker, prune_trash};
use anyon_model::{Problem, ProblemCode, SnapshotReason, Timestamp};
use std::{fs, sync::Mutex};
use support::World;

fn make(world: &World, branch: &str, marker: &Marker) -> Result<anyon_model::WorktreeMade, GitError> {
    world
        .git
        .create_worktree(&world.plan(branch), marker, &CancelToken::default(), &mut |_| {})
}

#[test]
fn a_worktree_is_marked_locked_and_shows_nothing_of_it() {
    let mut world = World::new();
    let attempt = world.attempt("Fix login");
    assert_eq!(attempt.place.branch, "anyon/3f2a-fix-login");
    assert_eq!(attempt.place.base_commit, world.sh("git rev-parse main"));
    assert_eq!(
        world.sh_in(attempt.path(), "git status --porcelain --ignored"),
        ""
    );
    assert_eq!(world.git.head(attempt.path()).unwrap(), attempt.place.base_commit);
    let listed = world.sh("git worktree list --porcelain");
    assert!(
        listed.contains(&format!("locked anyon:{}", attempt.id)),
        "{listed}"
    );
    assert!(
        world
            .try_sh(&world.repo, "git config branch.anyon/3f2a-fix-login.remote")
            .stdout
            .is_empty()
    );
}

#[test]
fn progress_reaches_a_hundred() {
    let mut world = World::new();
    for number in 0..300 {
        world.write(&format!("many/{number}.txt"), "x\n");
    }
    world.commit("many");
    let (plan, marker) = (world.plan("anyon/p"), world.marker());
    let mut seen = Vec::new();
    world
        .git
        .create_worktree(&plan, &marker, &CancelToken::default(), &mut |percent| {
            seen.push(percent)
        })
        .unwrap();
    assert_eq!(seen.last(), Some(&100));
    assert!(seen.len() > 1, "{seen:?}");
}

#[test]
fn forty_worktrees_at_once_all_succeed() {
    let mut world = World::new();
    let markers: Vec<Marker> = (0..40).map(|_| world.marker()).collect();
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for (number, marker) in markers.iter().enumerate() {
            let (world, failures) = (&world, &failures);
            scope.spawn(move || {
                if let Err(error) = make(world, &format!("anyon/{number}"), marker) {
                    failures.lock().unwrap().push(Problem::from(error).to_string());
                }
            });
        }
    });
    assert_eq!(failures.into_inner().unwrap(), Vec::<String>::new());
    assert_eq!(world.sh("git worktree list | wc -l").trim(), "41");
    assert_eq!(world.sh("git branch | wc -l").trim(), "41");
}

#[test]
fn a_creation_that_fails_or_is_cancelled_leaves_nothing() {
    let mut world = World::new();
    let before = world.traces();
    let marker = world.marker();
    let cancel = CancelToken::default();
    let cancelled = world
        .git
        .create_worktree(&world.plan("anyon/x"), &marker, &cancel, &mut |percent| {
            // Cancelled while files are written.
            assert!(percent <= 100);
            cancel.cancel();
        });
    assert!(matches!(cancelled, Err(GitError::Cancelled)), "{cancelled:?}");
    let mut plan = world.plan("anyon/x");
    plan.base = "no-such-branch".into();
    let failed = world
        .git
        .create_worktree(&plan, &marker, &CancelToken::default(), &mut |_| {});
    assert!(matches!(failed, Err(GitError::NoSuchCommit { .. })), "{failed:?}");
    fs::create_dir_all(world.root().join("worktrees")).unwrap();
    assert_eq!(world.traces(), before);
    // The branch of somebody else is never reused, never removed.
    world.sh("git branch anyon/x");
    let refused = make(&world, "anyon/x", &marker);
    assert!(
        matches!(refused, Err(GitError::BranchExists { .. })),
        "{refused:?}"
    );
    assert!(world.sh("git branch").contains("anyon/x"));
}

#[test]
fn a_folder_that_exists_is_never_reused() {
    let mut world = World::new();
    let marker = world.marker();
    support::write(&world.root(), "worktrees/anyon_x/precious.txt", "mine\n");
    let refused = make(&world, "anyon/x", &marker);
    assert!(matches!(refused, Err(GitError::PathExists { .. })), "{refused:?}");
    assert!(world.root().join("worktrees/anyon_x/precious.txt").exists());
    assert_eq!(world.sh("git branch --format='%(refname:short)'"), "main");
}

#[test]
#[cfg(unix)]
fn copied_files_are_ignored_regular_ones_and_no_others() {
    let mut world = World::new();
    let outside = world.root().join("secret");
    fs::write(&outside, "secret\n").unwrap();
    world.write(".env", "KEY=1\n");
    world.write("app/.env", "KEY=2\n");
    world.write("notes.txt", "untracked, not ignored\n");
    std::os::unix::fs::symlink(&outside, world.repo.join("link.log")).unwrap();
    let marker = world.marker();
    let mut plan = world.plan("anyon/copy");
    plan.copy_files = vec![
        "**/.env".into(),
        "*.log".into(),
        "notes.txt".into(),
        "README.md".into(),
    ];
    let made = world
        .git
        .create_worktree(&plan, &marker, &CancelToken::default(), &mut |_| {})
        .unwrap();
    let there = |path: &str| made.path.as_path().join(path).symlink_metadata().is_ok();
    assert!(there(".env") && there("app/.env"));
    assert!(!there("link.log") && !there("notes.txt"));
    plan.branch = "anyon/evil".into();
    plan.copy_files = vec!["../secret".into()];
    let refused = world
        .git
        .create_worktree(&plan, &marker, &CancelToken::default(), &mut |_| {});
    assert!(
        matches!(refused, Err(GitError::InvalidName { .. })),
        "{refused:?}"
    );
}

#[test]
fn odd_branch_names_go_through_everything() {
    let mut world = World::new();
    for name in ["a$(id)", "a;b`c`|d&e", "한글/수정", "a'b\"c"] {
        world.sh_in(&world.repo, &format!("git branch target-{}", name.len()));
        let target = format!("target-{}", name.len());
        let attempt = world.attempt_on(name, &target);
        attempt.write("new.txt", "new\n");
        assert_eq!(
            world
                .git
                .diff_summary(&attempt.place, &CancelToken::default())
                .unwrap()
                .files
                .len(),
            1
        );
        assert_eq!(
            world.git.landing_check(&attempt.place, "m").unwrap().open_files,
            1
        );
        let landed = world
            .git
            .land(&attempt.place, attempt.id, "land", "work")
            .unwrap();
        world
            .git
            .undo_merge(
                &world.repo,
                &target,
                &landed.commit,
                landed.moved.before.as_deref().unwrap(),
            )
            .unwrap();
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
        assert!(
            !world
                .git
                .branches(&world.repo)
                .unwrap()
                .contains(&name.to_owned())
        );
        world
            .git
            .restore(&attempt.place, &attempt.marker, &made.commit, &made.head, None)
            .unwrap();
        assert!(
            world
                .git
                .branches(&world.repo)
                .unwrap()
                .contains(&name.to_owned())
        );
    }
    let marker = world.marker();
    let refused = make(&world, "-x", &marker);
    assert!(
        matches!(refused, Err(GitError::InvalidName { .. })),
        "{refused:?}"
    );
    let mut place = world.attempt("t").place;
    place.target = "--upload-pack=x".into();
    assert!(world.git.land(&place, marker.attempt_id, "m", "w").is_err());
}

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
fn an_interrupted_creation_is_swept_and_work_is_not() {
    let mut world = World::new();
    let marker = world.marker();
    let plan = world.plan("anyon/half");
    let path = plan.path.as_path().to_path_buf();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let begin = format!(
        "git worktree add -q --no-checkout --lock --reason anyon:{} --no-track -b anyon/half '{}'",
        marker.attempt_id,
        path.display()
    );
    let sweep = |marker: &Marker| {
        world
            .git
            .sweep_half_made(&world.repo, &path, marker, "anyon/half")
    };
    // Interrupted before any file, in a file, and before the branch had a worktree.
    let traces = world.traces();
    world.sh(&begin);
    sweep(&marker).unwrap();
    assert_eq!(world.traces(), traces);
    world.sh(&begin);
    fs::write(path.join("README.md"), "hel").unwrap();
    sweep(&marker).unwrap();
    assert_eq!(world.traces(), traces);
    world.sh("git branch anyon/half");
    sweep(&marker).unwrap();
    assert_eq!(world.traces(), traces);
    // Somebody works there, or it is somebody else's.
    world.sh(&begin);
    fs::write(path.join("README.md"), "my own words").unwrap();
    assert!(sweep(&marker).is_err());
    fs::remove_file(path.join("README.md")).unwrap();
    fs::write(path.join("new.txt"), "work").unwrap();
    assert!(sweep(&marker).is_err());
    fs::remove_file(path.join("new.txt")).unwrap();
    let stranger = Marker {
        attempt_id: anyon_model::AttemptId::from_bytes([9; 16]),
        ..marker
    };
    assert!(sweep(&stranger).is_err());
    world.sh_in(
        &path,
        "git reset -q --hard && git commit -q --allow-empty -m work",
    );
    sweep(&marker).unwrap();
    assert!(world.sh("git branch").contains("anyon/half"));
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
    prune_trash(&world.trash(), 0, i64::MAX, Timestamp::from_ms(0)).unwrap();
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

#[test]
fn a_git_that_is_not_there_is_a_problem_with_a_hint() {
    let problem = Problem::from(GitError::GitMissing);
    assert_eq!(
        (problem.code, problem.hint.is_empty()),
        (ProblemCode::NotInstalled, false)
    );
    assert!(
        Git::find(&World::empty().root())
            .unwrap()
            .version()
            .unwrap()
            .starts_with("git version")
    );
}
