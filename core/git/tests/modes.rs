//! What a diff says of files that are more than their lines: modes, links, submodules.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]
#![cfg(unix)]

mod support;

use anyon_git::CancelToken;
use anyon_model::{FileKind, FileStat, FileStatus, GitReads};
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};
use support::{Attempt, World, write};

/// The files that differ, by path: both readers say the same, in lists, lines and updates alike.
fn stats(world: &World, attempt: &mut Attempt) -> Vec<FileStat> {
    let cancel = CancelToken::default();
    let [library, command] = [GitReads::Library, GitReads::Command].map(|reads| {
        attempt.place.git_reads = reads;
        let files = world.git.diff_summary(&attempt.place, &cancel).unwrap().files;
        let all = world.git.diff_all(&attempt.place, &cancel).unwrap();
        let of_lines: Vec<FileStat> = all.into_iter().map(|file| file.stat).collect();
        assert_eq!(of_lines, files, "{reads:?}");
        files
    });
    assert_eq!(library, command);
    library
}

fn of<'s>(stats: &'s [FileStat], path: &str) -> &'s FileStat {
    stats.iter().find(|stat| stat.path == path.into()).unwrap()
}

fn make_executable(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn link(target: &str, outside: bool) -> Option<FileKind> {
    let target = target.into();
    Some(FileKind::Link { target, outside })
}

#[test]
fn a_file_that_was_made_executable_says_so_without_a_line() {
    let mut world = World::new();
    let mut attempt = world.attempt("Run");
    make_executable(&attempt.path().join("src/main.rs"));
    attempt.write("run.sh", "#!/bin/sh\n");
    make_executable(&attempt.path().join("run.sh"));
    let stats = stats(&world, &mut attempt);
    let changed = of(&stats, "src/main.rs");
    assert_eq!(
        (changed.status, changed.additions, changed.deletions),
        (FileStatus::Modified, 0, 0)
    );
    assert_eq!(
        (&changed.before, &changed.after),
        (&Some(FileKind::Plain), &Some(FileKind::Executable))
    );
    let new = of(&stats, "run.sh");
    assert_eq!((&new.before, &new.after), (&None, &Some(FileKind::Executable)));
    let json = serde_json::to_value(changed).unwrap();
    assert_eq!(
        (&json["before"]["mode"], &json["after"]["mode"]),
        (&"100644".into(), &"100755".into())
    );
}

#[test]
fn a_link_tells_where_it_leads_and_whether_that_is_outside() {
    let mut world = World::new();
    let mut attempt = world.attempt("Links");
    symlink("/etc", attempt.path().join("s2")).unwrap();
    symlink("../README.md", attempt.path().join("src/inside")).unwrap();
    symlink("../../else", attempt.path().join("src/outside")).unwrap();
    let stats = stats(&world, &mut attempt);
    for (path, after) in [
        ("s2", link("/etc", true)),
        ("src/inside", link("../README.md", false)),
        ("src/outside", link("../../else", true)),
    ] {
        let stat = of(&stats, path);
        assert_eq!((&stat.before, &stat.after), (&None, &after), "{path}");
    }
}

#[test]
fn a_link_that_moves_and_a_file_that_becomes_one_show_both_sides() {
    let mut world = World::new();
    symlink("README.md", world.repo.join("read-me")).unwrap();
    world.write("large.txt", &"x".repeat(3 << 20));
    world.commit("a link");
    let mut attempt = world.attempt("Types");
    fs::remove_file(attempt.path().join("read-me")).unwrap();
    symlink("/etc/passwd", attempt.path().join("read-me")).unwrap();
    for path in ["src/main.rs", "large.txt"] {
        fs::remove_file(attempt.path().join(path)).unwrap();
        let to = if path == "large.txt" {
            "src"
        } else {
            "../README.md"
        };
        symlink(to, attempt.path().join(path)).unwrap();
    }
    fs::remove_file(attempt.path().join("README.md")).unwrap();
    let stats = stats(&world, &mut attempt);
    let moved = of(&stats, "read-me");
    assert_eq!(moved.status, FileStatus::Modified);
    assert_eq!(
        (&moved.before, &moved.after),
        (&link("README.md", false), &link("/etc/passwd", true))
    );
    let became = of(&stats, "src/main.rs");
    assert_eq!(became.status, FileStatus::TypeChanged);
    assert_eq!(
        (&became.before, &became.after),
        (&Some(FileKind::Plain), &link("../README.md", false))
    );
    let large = of(&stats, "large.txt");
    assert!(large.omitted.is_some());
    assert_eq!(large.after, link("src", false));
    let gone = of(&stats, "README.md");
    assert_eq!((&gone.before, &gone.after), (&Some(FileKind::Plain), &None));
}

#[test]
fn a_submodule_that_moved_shows_its_commits() {
    let mut world = World::new();
    let library = world.root().join("library");
    write(&library, "lib.txt", "1\n");
    world.sh_in(
        &library,
        "git init -q -b main . && git config user.name Ada && git config user.email ada@example.com \
         && git add . && git commit -qm one && git commit -qm two --allow-empty",
    );
    world.sh("git -c protocol.file.allow=always submodule --quiet add ../library lib && git commit -qm lib");
    let mut attempt = world.attempt("Move");
    let old = world.sh_in(attempt.path(), "git rev-parse HEAD:lib");
    let new = world.sh_in(&library, "git rev-parse HEAD^");
    world.sh_in(
        attempt.path(),
        &format!("git update-index --cacheinfo 160000,{new},lib && git commit -qm moved"),
    );
    let stats = stats(&world, &mut attempt);
    let commit = |commit: String| Some(FileKind::Submodule { commit });
    let moved = of(&stats, "lib");
    assert_eq!((&moved.before, &moved.after), (&commit(old), &commit(new)));
}
