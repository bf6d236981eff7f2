//! Work that hides from git is kept all the same: nothing is removed, landed over or restored over unseen.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

mod support;

use anyon_git::{GitError, prune_trash};
use anyon_model::{GitReads, RemoveReport, SnapshotMade, SnapshotReason, Timestamp};
use std::fs;
use support::{Attempt, World};

const READS: [GitReads; 2] = [GitReads::Library, GitReads::Command];

fn drop_it(world: &World, attempt: &Attempt) -> Result<RemoveReport, GitError> {
    let (place, marker) = (&attempt.place, &attempt.marker);
    world
        .git
        .remove_worktree(place, marker, SnapshotReason::Drop, &world.trash())
}

/// The bytes of a file after a removal: in the snapshot, else in the trash.
fn kept(world: &World, made: &SnapshotMade, path: &str) -> Option<String> {
    let show = world.try_sh(
        &world.repo,
        &format!("git cat-file blob '{}:{path}'", made.commit),
    );
    if show.status.success() {
        return Some(String::from_utf8_lossy(&show.stdout).into_owned());
    }
    let trash = made.trash.as_ref()?.as_path().join("files").join(path);
    fs::read_to_string(trash).ok()
}

#[test]
fn files_of_a_folder_with_a_broken_repository_survive_a_removal() {
    for reads in READS {
        let mut world = World::new();
        world.reads = reads;
        let attempt = world.attempt("Broken");
        world.sh_in(
            attempt.path(),
            "mkdir -p empty/.git && echo precious >empty/work.txt
             mkdir garbage && echo garbage >garbage/.git && echo precious >garbage/work.txt
             mkdir nowhere && echo 'gitdir: /nowhere/x' >nowhere/.git && echo precious >nowhere/work.txt
             mkdir -p src/.git && echo precious >src/beside.txt && echo x >src/.git/description
             mkdir mixed && echo l >mixed/a.log && mkdir mixed/.git && echo precious >mixed/work.txt",
        );
        let made = drop_it(&world, &attempt).unwrap().snapshot.unwrap();
        assert!(!attempt.path().exists());
        for folder in [
            "empty/work.txt",
            "garbage/work.txt",
            "nowhere/work.txt",
            "src/beside.txt",
            "mixed/work.txt",
        ] {
            assert_eq!(
                kept(&world, &made, folder).as_deref(),
                Some("precious\n"),
                "{reads:?} {folder}"
            );
        }
        assert_eq!(
            kept(&world, &made, "src/.git/description").as_deref(),
            Some("x\n")
        );
        assert_eq!(kept(&world, &made, "garbage/.git").as_deref(), Some("garbage\n"));
        assert_eq!(kept(&world, &made, "mixed/a.log").as_deref(), Some("l\n"));
        let trash = made.trash.as_ref().map(|trash| trash.as_path());
        world
            .git
            .restore(&attempt.place, &attempt.marker, &made.commit, &made.head, trash)
            .unwrap();
        for folder in ["empty", "garbage", "nowhere", "mixed"] {
            assert_eq!(attempt.read(&format!("{folder}/work.txt")), "precious\n");
        }
    }
}

#[test]
fn a_submodule_of_the_checkout_with_work_in_it_refuses_a_landing() {
    for reads in READS {
        let mut world = World::new();
        world.reads = reads;
        world.sh("mkdir ../lib && git -C ../lib init -q -b main && git -C ../lib -c user.name=A -c user.email=a@b commit -q --allow-empty -m lib
                  git -c protocol.file.allow=always submodule --quiet add ../lib lib && git commit -qm lib");
        world.write("lib/untracked.txt", "mine\n");
        let before = world.sh("git rev-parse main");
        let to_file = world.attempt("File");
        world.sh_in(
            to_file.path(),
            "git rm -q --cached lib && rm -rf lib && echo file >lib",
        );
        let to_folder = world.attempt("Folder");
        world.sh_in(
            to_folder.path(),
            "git rm -q --cached lib && rm -rf lib && mkdir lib && echo file >lib/new.txt",
        );
        for attempt in [to_file, to_folder] {
            let check = world.git.landing_check(&attempt.place, "m").unwrap();
            assert!(check.dirty_checkout.is_some());
            let refused = world.git.land(&attempt.place, attempt.id, "m", "w");
            assert!(
                matches!(refused, Err(GitError::DirtyTarget { .. })),
                "{refused:?}"
            );
            assert_eq!(
                world.sh("cat lib/untracked.txt && git rev-parse main"),
                format!("mine\n{before}")
            );
        }
    }
}

#[test]
fn restoring_never_overwrites_what_no_snapshot_holds() {
    for reads in READS {
        let mut world = World::new();
        world.reads = reads;
        let attempt = world.attempt("Over");
        attempt.write("notes.log", "in the snapshot\n");
        world.sh_in(
            attempt.path(),
            "git add -f notes.log && echo x >inner && echo x >cache && mkdir deep && echo x >deep/file",
        );
        let first = world
            .git
            .snapshot(&attempt.place, attempt.id, SnapshotReason::Commit)
            .unwrap()
            .unwrap();
        let restore = || {
            world
                .git
                .restore(&attempt.place, &attempt.marker, &first.commit, &first.head, None)
        };
        world.sh_in(
            attempt.path(),
            "git reset -q && rm -rf notes.log inner cache deep",
        );
        // Each is something that only the disk has.
        let cases = [
            ("echo mine >notes.log", "notes.log"),
            ("git init -q inner && echo mine >inner/file", "inner/file"),
            ("mkdir cache && echo mine >cache/x.log", "cache/x.log"),
            ("echo deep >>.gitignore && echo mine >deep", "deep"),
        ];
        for (script, file) in cases {
            world.sh_in(attempt.path(), script);
            let refused = restore();
            assert!(
                matches!(refused, Err(GitError::InTheWay { .. })),
                "{reads:?} {script}: {refused:?}"
            );
            assert_eq!(attempt.read(file), "mine\n", "{script}");
            world.sh_in(
                attempt.path(),
                "rm -rf notes.log inner cache deep && git checkout -q .gitignore",
            );
        }
        restore().unwrap();
        assert_eq!(attempt.read("notes.log"), "in the snapshot\n");
        assert_eq!(attempt.read("deep/file"), "x\n");
    }
}

#[test]
fn changes_that_git_was_told_not_to_see_are_kept_committed_and_shown() {
    for reads in READS {
        let mut world = World::new();
        world.reads = reads;
        for name in ["assumed.txt", "skipped.txt", "absent.txt"] {
            world.write(name, "old\n");
        }
        world.commit("three");
        let hide = |attempt: &Attempt| {
            world.sh_in(
                attempt.path(),
                "git update-index --assume-unchanged assumed.txt && git update-index --skip-worktree skipped.txt absent.txt
                 echo new >assumed.txt && echo new >skipped.txt && rm absent.txt",
            );
        };
        let show = |commit: &str| {
            world.sh(&format!(
                "for f in assumed skipped absent; do git cat-file blob {commit}:$f.txt; done"
            ))
        };
        let dropped = make(&world, "anyon/dropped", reads, 1);
        let landed = make(&world, "anyon/landed", reads, 2);
        hide(&dropped);
        hide(&landed);
        let cancel = anyon_git::CancelToken::default();
        let shown = world.git.diff_summary(&landed.place, &cancel).unwrap();
        assert_eq!(shown.files.len(), 2, "{shown:?}");
        let made = drop_it(&world, &dropped).unwrap().snapshot.unwrap();
        assert_eq!(show(&made.commit), "new\nnew\nold");
        let report = world.git.land(&landed.place, landed.id, "m", "w").unwrap();
        assert_eq!(show(&report.commit), "new\nnew\nold");
    }
}

fn make(world: &World, branch: &str, reads: GitReads, number: u8) -> Attempt {
    let marker = anyon_git::Marker {
        store_id: anyon_model::StoreId::from_bytes([7; 16]),
        attempt_id: anyon_model::AttemptId::from_bytes([number; 16]),
    };
    let plan = world.plan(branch);
    let cancel = anyon_git::CancelToken::default();
    let made = world
        .git
        .create_worktree(&plan, &marker, &cancel, &mut |_| {})
        .unwrap();
    Attempt {
        place: anyon_model::AttemptPlace {
            repo: world.repo.as_path().into(),
            worktree: made.path,
            branch: branch.into(),
            target: "main".into(),
            base_commit: made.base_commit,
            next_snapshot: 1,
            git_reads: reads,
        },
        id: marker.attempt_id,
        marker,
    }
}

#[test]
fn commits_that_only_the_reflog_knows_survive_a_drop() {
    for reads in READS {
        let mut world = World::new();
        world.reads = reads;
        let attempt = world.attempt("Amended");
        world.sh_in(
            attempt.path(),
            "echo 1 >a && git add a && git commit -qm first && echo 2 >a && git commit -qa --amend -m second
             git commit -q --allow-empty -m third && git commit -q --allow-empty -m fourth && git reset -q --hard HEAD~2
             git checkout -q --detach && git commit -q --allow-empty -m aside && git checkout -q -",
        );
        let lost = world.sh_in(attempt.path(), "git rev-list -g HEAD");
        let made = drop_it(&world, &attempt).unwrap().snapshot.unwrap();
        assert!(!world.sh("git branch").contains(&attempt.place.branch));
        for commit in lost.lines() {
            world.sh(&format!("git merge-base --is-ancestor {commit} {}", made.commit));
        }
        assert_eq!(world.sh(&format!("git rev-parse {}^", made.commit)), made.head);
        let subjects = world.sh(&format!("git log --format=%s {}", made.commit));
        for subject in ["first", "second", "fourth", "aside"] {
            assert!(subjects.contains(subject), "{subject}: {subjects}");
        }
    }
}

#[test]
fn a_landing_that_was_not_recorded_is_told_again() {
    for reads in READS {
        let mut world = World::new();
        world.reads = reads;
        let attempt = world.attempt("Again");
        attempt.write("new.txt", "new\n");
        let land = || world.git.land(&attempt.place, attempt.id, "m", "w");
        let first = land().unwrap();
        let again = land().unwrap();
        assert_eq!(
            (&again.commit, &again.moved, &again.followed),
            (&first.commit, &first.moved, &first.followed)
        );
        assert_eq!((&again.work.commit, &again.work.snapshot), (&None, &None));
        // Others landed since.
        world.write("theirs.txt", "theirs\n");
        world.commit("theirs");
        world.sh("git rm -q theirs.txt && git commit -qm 'and gone'");
        assert_eq!(land().unwrap().commit, first.commit);
        world.sh("git reset -q --hard HEAD~2");

        let before = first.moved.before.unwrap();
        let undo = || world.git.undo_merge(&world.repo, "main", &first.commit, &before);
        let undone = undo().unwrap();
        assert_eq!(undone.after.as_deref(), Some(before.as_str()));
        assert_eq!(undo().unwrap(), undone);
        assert_eq!(world.sh("git for-each-ref refs/anyon/landed"), "");
        assert!(land().unwrap().commit != first.commit || world.sh("git rev-parse main") == first.commit);
        assert_eq!(world.sh("cat new.txt && git status --porcelain"), "new");
    }
}

#[test]
fn an_attempt_without_the_landing_has_nothing_to_land_as_before() {
    let mut world = World::new();
    let attempt = world.attempt("Taken back");
    attempt.write("new.txt", "new\n");
    let report = world.git.land(&attempt.place, attempt.id, "m", "w").unwrap();
    let other = world.attempt("Other");
    let refused = world.git.land(&other.place, other.id, "m", "w");
    assert!(
        matches!(refused, Err(GitError::NothingToDo { .. })),
        "{refused:?}"
    );
    // The ref of the landing alone proves nothing: it has to be in the target.
    world.sh(&format!("git reset -q --hard {}^", report.commit));
    world.sh_in(attempt.path(), "git reset -q --hard main");
    let refused = world.git.land(&attempt.place, attempt.id, "m", "w");
    assert!(
        matches!(refused, Err(GitError::NothingToDo { .. })),
        "{refused:?}"
    );
}

#[test]
fn snapshots_that_were_not_recorded_are_found() {
    let mut world = World::new();
    let attempt = world.attempt("Found");
    let list = || world.git.snapshots(&world.repo, attempt.id).unwrap();
    assert_eq!(list(), []);
    for number in 1..=11 {
        attempt.write("new.txt", &format!("{number}\n"));
        let made = world
            .git
            .snapshot(&attempt.place, attempt.id, SnapshotReason::Restore)
            .unwrap();
        assert_eq!(list().last(), made.as_ref());
    }
    attempt.write(".env", "KEY=1\n");
    let dropped = drop_it(&world, &attempt).unwrap().snapshot.unwrap();
    assert_eq!(
        list().iter().map(|made| made.number).collect::<Vec<_>>(),
        (1..=12).collect::<Vec<_>>()
    );
    let last = list().pop().unwrap();
    assert_eq!(
        (&last.commit, &last.head, last.reason),
        (&dropped.commit, &dropped.head, SnapshotReason::Drop)
    );
    // The removal was done but not recorded: it is told again.
    assert_eq!(drop_it(&world, &attempt).unwrap().snapshot, Some(dropped.clone()));
    // Interrupted between the folder and the branch.
    world.sh(&format!("git branch {} {}", attempt.place.branch, dropped.head));
    assert_eq!(drop_it(&world, &attempt).unwrap().snapshot, Some(dropped));
    assert_eq!(world.sh("git branch --format='%(refname:short)'"), "main");
    assert_eq!(list().len(), 12);
}

#[test]
fn a_removal_that_fails_brings_the_ignored_files_back_and_overwrites_nothing() {
    let mut world = World::new();
    let attempt = world.attempt("Fails");
    attempt.write(".env", "KEY=1\n");
    attempt.write("new.txt", "new\n");
    attempt.write("z.log", "log\n");
    // Something of the same name is in the trash already.
    let trash = world.trash().join(format!("{}-1", attempt.id));
    support::write(&trash, "files/z.log", "older\n");
    assert!(drop_it(&world, &attempt).is_err());
    assert_eq!(
        (
            attempt.read(".env"),
            attempt.read("new.txt"),
            attempt.read("z.log")
        ),
        ("KEY=1\n".into(), "new\n".into(), "log\n".into())
    );
    assert_eq!(fs::read_to_string(trash.join("files/z.log")).unwrap(), "older\n");
    assert!(!trash.join("files/.env").exists());
    assert_eq!(world.git.snapshots(&world.repo, attempt.id).unwrap().len(), 1);
    assert!(drop_it(&world, &attempt).unwrap().snapshot.is_some());
}

#[test]
fn a_removal_that_was_killed_after_the_folder_went_is_told_by_its_snapshot() {
    let mut world = World::new();
    let attempt = world.attempt("Killed");
    attempt.write("new.txt", "new\n");
    let made = world
        .git
        .snapshot(&attempt.place, attempt.id, SnapshotReason::Drop)
        .unwrap();
    fs::remove_dir_all(attempt.path()).unwrap();
    assert_eq!(drop_it(&world, &attempt).unwrap().snapshot, made);
    assert_eq!(world.sh("git worktree list | wc -l").trim(), "1");
    assert_eq!(world.sh("git branch --format='%(refname:short)'"), "main");
}

#[test]
fn a_worktree_without_a_commit_under_it_can_be_dropped() {
    for reads in READS {
        let mut world = World::new();
        world.reads = reads;
        let attempt = world.attempt("Orphan");
        world.sh_in(attempt.path(), "git checkout -q --orphan y");
        attempt.write("new.txt", "new\n");
        let made = drop_it(&world, &attempt).unwrap().snapshot.unwrap();
        assert_eq!(made.head, attempt.place.base_commit);
        assert_eq!(kept(&world, &made, "new.txt").as_deref(), Some("new\n"));
    }
}

#[test]
#[cfg(unix)]
fn a_name_that_git_refuses_goes_to_the_trash() {
    for reads in READS {
        let mut world = World::new();
        world.reads = reads;
        let attempt = world.attempt("Names");
        attempt.write("git~1", "precious\n");
        attempt.write("a.txt", "a\n");
        attempt.write("z.txt", "z\n");
        let made = drop_it(&world, &attempt).unwrap().snapshot.unwrap();
        for (name, text) in [("git~1", "precious\n"), ("a.txt", "a\n"), ("z.txt", "z\n")] {
            assert_eq!(
                kept(&world, &made, name).as_deref(),
                Some(text),
                "{reads:?} {name}"
            );
        }
        assert!(made.trash.unwrap().as_path().join("files/git~1").exists());
    }
}

#[test]
fn line_endings_that_the_user_wants_kept_safe_do_not_stop_a_landing() {
    for reads in READS {
        let mut world = World::new();
        world.reads = reads;
        world.sh("git config core.autocrlf input && git config core.safecrlf true");
        let attempt = world.attempt("Safe");
        attempt.write("new.txt", "a\r\nb\r\n");
        let report = world.git.land(&attempt.place, attempt.id, "m", "w").unwrap();
        assert_eq!(
            world.sh(&format!("git cat-file blob {}:new.txt", report.commit)),
            "a\nb"
        );
    }
}

#[test]
fn the_newest_removal_outlives_the_cap_and_what_is_largest_goes_first() {
    let world = World::empty();
    let removal = |number| format!("00000000-0000-0000-0000-000000000065-{number}/files");
    for number in 1..=2 {
        support::write(&world.trash(), &format!("{}/.env", removal(number)), "KEY=1\n");
        support::write(
            &world.trash(),
            &format!("{}/build/out", removal(number)),
            &"x".repeat(1000),
        );
        support::write(
            &world.trash(),
            &format!("{}/cache/out", removal(number)),
            &"x".repeat(500),
        );
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let there = |number, name: &str| world.trash().join(removal(number)).join(name).exists();
    let prune = |cap| prune_trash(&world.trash(), cap, i64::MAX, Timestamp::from_ms(0)).unwrap();
    prune(2100);
    assert!(there(1, ".env") && there(1, "cache") && !there(1, "build"));
    prune(1600);
    assert!(there(1, ".env") && !there(1, "cache"));
    prune(0);
    assert!(!there(1, ".env"));
    assert!(there(2, ".env") && there(2, "build") && there(2, "cache"));
}

#[test]
fn files_of_a_folder_with_a_broken_repository_land() {
    for reads in READS {
        let mut world = World::new();
        world.reads = reads;
        let attempt = world.attempt("Broken lands");
        world.sh_in(
            attempt.path(),
            "mkdir -p a/.git a/deep && echo work >a/work.txt && echo deep >a/deep/work.txt && echo x >a/x.log
             git init -q b && echo theirs >b/theirs.txt",
        );
        let cancel = anyon_git::CancelToken::default();
        let shown = world.git.diff_summary(&attempt.place, &cancel).unwrap();
        assert_eq!(shown.files.len(), 2, "{reads:?} {shown:?}");
        let report = world.git.land(&attempt.place, attempt.id, "m", "w").unwrap();
        assert_eq!(
            world.sh(&format!("git show --format= --name-only {}", report.commit)),
            "a/deep/work.txt\na/work.txt",
            "{reads:?}"
        );
    }
}
