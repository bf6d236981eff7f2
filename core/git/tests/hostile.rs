//! A repository that tries to run programs through everything git can be told to run. None of ours may run one.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]
#![cfg(unix)]

mod support;

use anyon_git::{CancelToken, watch_filter};
use anyon_model::{GitReads, Problem, ProblemCode, SnapshotReason};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use support::{Attempt, World};

const HOOKS: &[&str] = &[
    "applypatch-msg",
    "commit-msg",
    "fsmonitor-watchman",
    "post-applypatch",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "post-rewrite",
    "pre-applypatch",
    "pre-auto-gc",
    "pre-commit",
    "pre-merge-commit",
    "pre-push",
    "pre-rebase",
    "prepare-commit-msg",
    "push-to-checkout",
    "reference-transaction",
    "sendemail-validate",
    "update",
];

/// Plants everything that runs a program. Each appends its name to the log.
fn plant(world: &World) -> PathBuf {
    let log = world.root().join("executed.log");
    let program = world.root().join("evil");
    fs::write(
        &program,
        format!("#!/bin/sh\necho \"$0 $*\" >>'{}'\ncat\n", log.display()),
    )
    .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let evil = program.display();
    for hook in HOOKS {
        fs::create_dir_all(world.repo.join(".git/hooks")).unwrap();
        fs::copy(&program, world.repo.join(".git/hooks").join(hook)).unwrap();
    }
    let keys = [
        "core.fsmonitor",
        "core.sshCommand",
        "core.askPass",
        "core.editor",
        "core.pager",
        "core.gitProxy",
        "core.alternateRefsCommand",
        "sequence.editor",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "merge.evil.driver",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "filter.a=b.c.clean",
        "filter.a=b.c.smudge",
        "filter.lfs.process",
        "filter.lfs.smudge",
        "filter.lfs.clean",
        "gpg.program",
        "gpg.openpgp.program",
        "gpg.ssh.program",
        "gpg.ssh.defaultKeyCommand",
        "gpg.x509.program",
        "credential.helper",
        "pager.status",
        "pager.diff",
        "interactive.diffFilter",
        "hook.evil.command",
        "remote.origin.uploadpack",
        "remote.origin.vcs",
        "uploadpack.packObjectsHook",
        "core.hooksPath.x",
    ];
    for key in keys {
        world.sh(&format!("git config '{key}' '{evil}'"));
    }
    for name in [
        "status",
        "add",
        "diff",
        "worktree",
        "update-ref",
        "commit-tree",
        "read-tree",
        "config",
        "var",
    ] {
        world.sh(&format!("git config alias.{name} '!{evil}'"));
    }
    world.sh("git config filter.evil.required true && git config hook.evil.event reference-transaction");
    world.sh("git config remote.origin.url 'ext::sh -c evil' && git config remote.origin.promisor true");
    world.write(
        ".gitattributes",
        "*.rs diff=evil merge=evil\n*.secret filter=evil\n*.note filter=a=b.c\n*.lfs filter=lfs\n",
    );
    log
}

fn plain(world: &World, script: &str) {
    // The fixture itself must not run what it plants.
    let quiet = "git -c core.fsmonitor=false -c core.hooksPath=/dev/null -c filter.evil.process= \
                 -c filter.evil.clean= -c filter.evil.required=false -c filter.lfs.process= -c filter.lfs.clean=";
    world.sh(&script.replace("GIT", quiet));
}

/// A world with everything planted, and the log that has to stay empty.
fn hostile_world(reads: GitReads) -> (World, PathBuf) {
    let mut world = World::new();
    world.reads = reads;
    world.write("weights.lfs", "pointer\n");
    world.write("login.secret", "secret\n");
    world.write("first.note", "note\n");
    world.write("src/lib.rs", &support::numbered(1, 50));
    let log = plant(&world);
    plain(&world, "GIT add -A && GIT commit -q -m planted");
    let _ = fs::remove_file(&log);
    (world, log)
}

fn check_quiet(log: &Path, after: &str) {
    assert_eq!(fs::read_to_string(log).unwrap_or_default(), "", "{after}");
}

/// Registers, makes a worktree, works in it, reads.
fn begin(world: &mut World, log: &Path) -> Attempt {
    world.git.inspect(&world.repo, false).unwrap();
    world.git.branches(&world.repo).unwrap();
    check_quiet(log, "looking");
    let attempt = world.attempt("Hostile");
    check_quiet(log, "making a worktree");
    attempt.write("src/main.rs", &support::numbered(2, 40));
    attempt.write("src/new.rs", "new\n");
    attempt.write("weights.lfs", "changed\n");
    attempt.write("build/ignored", "x");
    fs::remove_file(attempt.path().join("README.md")).unwrap();
    let cancel = CancelToken::default();
    let files = world.git.diff_summary(&attempt.place, &cancel).unwrap().files;
    assert_eq!(files.len(), 4, "{files:?}");
    world.git.diff_all(&attempt.place, &cancel).unwrap();
    let file = files[1].path.as_path();
    world.git.diff_file(&attempt.place, file, true).unwrap();
    world.git.head(attempt.path()).unwrap();
    assert!(watch_filter(attempt.path()).matters(&attempt.path().join("src/main.rs")));
    check_quiet(log, "reading");
    attempt
}

#[test]
fn nothing_planted_ever_runs() {
    for reads in [GitReads::Library, GitReads::Command] {
        let (mut world, log) = hostile_world(reads);
        let attempt = begin(&mut world, &log);
        let made = world
            .git
            .snapshot(&attempt.place, attempt.id, SnapshotReason::Commit)
            .unwrap()
            .unwrap();
        check_quiet(&log, "a snapshot");
        let check = world.git.landing_check(&attempt.place, "m").unwrap();
        assert!(check.conflicts.is_empty());
        check_quiet(&log, "a landing check");
        // LFS stands for a planted program here, which is not run: what it should have stored is not landed.
        assert!(
            world
                .git
                .land(&attempt.place, attempt.id, "land", "work")
                .is_err()
        );
        attempt.write("weights.lfs", "pointer\n");
        let report = world
            .git
            .land(&attempt.place, attempt.id, "land", "work")
            .unwrap();
        assert!(report.followed.is_some());
        check_quiet(&log, "landing");
        let before = report.moved.before.unwrap();
        let undone = world.git.undo_merge(&world.repo, "main", &report.commit, &before);
        undone.unwrap();
        check_quiet(&log, "undoing");
        attempt.write("src/new.rs", "newer\n");
        let restore = |commit: &str, head: &str, trash: Option<&Path>| {
            let restored = world
                .git
                .restore(&attempt.place, &attempt.marker, commit, head, trash);
            restored.unwrap();
            check_quiet(&log, "restoring");
        };
        restore(&made.commit, &made.head, None);
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
        check_quiet(&log, "removing");
        let trash = removed.trash.as_ref().map(|trash| trash.as_path());
        restore(&removed.commit, &removed.head, trash);
        fs::remove_dir_all(attempt.path()).unwrap();
        let branch = &attempt.place.branch;
        let swept = world
            .git
            .sweep_half_made(&world.repo, attempt.path(), &attempt.marker, branch);
        swept.unwrap();
        check_quiet(&log, "sweeping");
        // The same repository does run programs for a git that is not hardened: the test can fail.
        world.try_sh(&world.repo, "git status");
        assert_ne!(fs::read_to_string(&log).unwrap_or_default(), "");
    }
}

#[test]
fn a_commit_is_signed_by_the_users_program_and_never_by_the_repositorys() {
    let mut world = World::new();
    let log = plant(&world);
    plain(
        &world,
        "GIT add -A && GIT commit -q -m planted && git config commit.gpgsign true",
    );
    let _ = fs::remove_file(&log);
    let users = world.root().join("users-gpg");
    let signed = world.root().join("signed");
    let script = "#!/bin/sh\ncat >/dev/null\necho signed >>'SIGNED'\necho '[GNUPG:] SIG_CREATED ' >&2\necho -----BEGIN PGP SIGNATURE-----\n";
    fs::write(&users, script.replace("SIGNED", &signed.display().to_string())).unwrap();
    fs::set_permissions(&users, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(
        world.home.join(".gitconfig"),
        format!("[gpg]\n\tprogram = {}\n", users.display()),
    )
    .unwrap();
    let attempt = world.attempt("Signed");
    attempt.write("new.txt", "new\n");
    let report = world
        .git
        .land(&attempt.place, attempt.id, "land", "work")
        .unwrap();
    assert_eq!(fs::read_to_string(&log).unwrap_or_default(), "");
    assert_eq!(fs::read_to_string(&signed).unwrap(), "signed\nsigned\n");
    let commit = world.sh(&format!("git cat-file commit {}", report.commit));
    assert!(
        commit.contains("gpgsig -----BEGIN PGP SIGNATURE-----"),
        "{commit}"
    );
}

/// Makes the repository one whose missing objects are fetched from a remote that is a program.
fn plant_promisor(world: &World, log: &Path) {
    let program = world.root().join("evil-pack");
    fs::write(&program, format!("#!/bin/sh\necho ran >>'{}'\n", log.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    world.sh(&format!(
        "git config core.repositoryFormatVersion 1 && git config extensions.partialClone o &&
         git config remote.o.promisor true && git config remote.o.url '{}' && git config protocol.file.allow always &&
         git config remote.o.uploadpack '{}'",
        world.repo.display(),
        program.display()
    ));
}

#[test]
fn a_missing_object_never_starts_the_program_of_a_remote() {
    for reads in [GitReads::Library, GitReads::Command] {
        let mut world = World::new();
        world.reads = reads;
        let attempt = world.attempt("Missing");
        attempt.write("new.txt", "new\n");
        let log = world.root().join("executed.log");
        plant_promisor(&world, &log);
        let tip = world.repo.join(".git/refs/heads").join(&attempt.place.branch);
        fs::write(&tip, "1234567890123456789012345678901234567890\n").unwrap();
        let cancel = CancelToken::default();
        let _ = world.git.inspect(&world.repo, false);
        world.git.branches(&world.repo).unwrap();
        assert!(world.git.head(attempt.path()).is_err());
        assert!(world.git.diff_summary(&attempt.place, &cancel).is_err());
        let place = &attempt.place;
        assert!(
            world
                .git
                .snapshot(place, attempt.id, SnapshotReason::Drop)
                .is_err()
        );
        assert!(world.git.land(place, attempt.id, "m", "w").is_err());
        check_quiet(&log, "a missing commit");
        // The program does run for a git that is not hardened: the test can fail.
        world.try_sh(attempt.path(), "git rev-parse 'HEAD^{commit}'");
        assert_ne!(fs::read_to_string(&log).unwrap_or_default(), "");
    }
}

/// The names of what is in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn no_setting_makes_our_writes_go_elsewhere() {
    for reads in [GitReads::Library, GitReads::Command] {
        let mut world = World::new();
        world.reads = reads;
        let attempt = world.attempt("Elsewhere");
        let elsewhere = world.root().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        world.sh(&format!("git config core.worktree '{}'", elsewhere.display()));
        attempt.write("new.txt", "new\n");
        let report = world.git.land(&attempt.place, attempt.id, "m", "w").unwrap();
        assert!(report.followed.is_some());
        assert_eq!(fs::read_to_string(world.repo.join("new.txt")).unwrap(), "new\n");
        // The same in the configuration of the worktree alone.
        world.sh("git config --unset core.worktree && git config extensions.worktreeConfig true");
        let set = format!("git config --worktree core.worktree '{}'", elsewhere.display());
        world.sh_in(attempt.path(), &set);
        let before = world.sh("git rev-parse main~1");
        attempt.write("new.txt", "newer\n");
        let place = &attempt.place;
        let restored = world.git.restore(place, &attempt.marker, &before, &before, None);
        assert!(restored.unwrap().is_some());
        assert!(!attempt.path().join("new.txt").exists());
        attempt.write("README.md", "mine\n");
        let restored = world.git.restore(place, &attempt.marker, &before, &before, None);
        assert!(restored.unwrap().is_some());
        assert_eq!(attempt.read("README.md"), "hello\n");
        assert_eq!(names(&elsewhere), [""; 0]);
    }
}

#[test]
fn a_repository_whose_files_are_elsewhere_is_refused() {
    let world = World::new();
    world.sh(&format!("git config core.worktree '{}'", world.home.display()));
    let problem = Problem::from(world.git.inspect(&world.repo, false).unwrap_err());
    assert_eq!(problem.code, ProblemCode::NotARepository);
    assert!(problem.title.contains("core.worktree"), "{problem}");
}

#[test]
fn a_worktree_that_shares_with_another_repository_is_refused() {
    let mut world = World::new();
    let attempt = world.attempt("Shared");
    attempt.write("new.txt", "new\n");
    let other = world.root().join("other");
    world.sh(&format!("git clone -q . '{}'", other.display()));
    let git_dir = world.sh_in(attempt.path(), "git rev-parse --absolute-git-dir");
    fs::write(
        Path::new(&git_dir).join("commondir"),
        format!("{}\n", other.join(".git").display()),
    )
    .unwrap();
    let kept = world
        .git
        .snapshot(&attempt.place, attempt.id, SnapshotReason::Drop);
    let problem = Problem::from(kept.unwrap_err());
    assert!(problem.title.contains("another repository"), "{problem}");
}

/// What comes of it within ten seconds; a test that waits longer has failed.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(std::time::Duration::from_secs(10)).unwrap()
}

#[test]
fn a_pipe_in_the_place_of_a_file_is_refused_and_never_waited_for() {
    for reads in [GitReads::Library, GitReads::Command] {
        let mut world = World::new();
        world.reads = reads;
        let attempt = world.attempt("Pipes");
        attempt.write("new.txt", "new\n");
        let git_dir = world.sh_in(attempt.path(), "git rev-parse --absolute-git-dir");
        let worktree = attempt.path().display();
        let shared = world.repo.join(".git").display().to_string();
        let pipes = [
            format!("{worktree}/.gitattributes"),
            format!("{worktree}/.gitignore"),
            format!("{git_dir}/HEAD"),
            format!("{git_dir}/commondir"),
            format!("{shared}/info/exclude"),
            format!("{shared}/config"),
            format!("{worktree}/.git"),
        ];
        for pipe in pipes {
            world.sh(&format!(
                "if [ -e '{pipe}' ]; then mv '{pipe}' '{pipe}.kept'; fi; mkfifo '{pipe}'"
            ));
            let (git, place, id) = (world.git.clone(), attempt.place.clone(), attempt.id);
            let told = in_time(move || {
                let cancel = CancelToken::default();
                let all = [
                    git.diff_summary(&place, &cancel).err(),
                    git.snapshot(&place, id, SnapshotReason::Drop).err(),
                    git.land(&place, id, "m", "w").err(),
                ];
                all.map(|error| error.map(|error| error.to_string()))
            });
            assert!(told.iter().all(Option::is_some), "{pipe}: {told:?}");
            world.sh(&format!(
                "rm '{pipe}'; if [ -e '{pipe}.kept' ]; then mv '{pipe}.kept' '{pipe}'; fi"
            ));
        }
        world.git.land(&attempt.place, attempt.id, "m", "w").unwrap();
    }
}

#[test]
fn nothing_in_a_repository_can_hold_our_lock() {
    let mut world = World::new();
    let attempt = world.attempt("Held");
    attempt.write("new.txt", "new\n");
    let path = world.repo.join(".git/anyon.lock");
    let held = fs::File::create(&path).unwrap();
    held.lock().unwrap();
    let (git, place, id) = (world.git.clone(), attempt.place.clone(), attempt.id);
    in_time(move || git.land(&place, id, "m", "w").map(drop)).unwrap();
}
