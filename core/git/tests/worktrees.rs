//! Making worktrees, and sweeping up what was half made.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

mod support;

use anyon_git::{CancelToken, Git, GitError, Marker};
use anyon_model::{Problem, ProblemCode, SnapshotReason};
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
