//! What an attempt's diff shows, compared with what git itself says.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

mod support;

use anyon_git::{CancelToken, watch_filter};
use anyon_model::{DiffLineKind, DiffSummary, FileStat, FileStatus, GitReads, Omitted};
use std::{fs, path::Path};
use support::{Attempt, World, numbered, write};

fn summary(world: &World, attempt: &Attempt) -> DiffSummary {
    world
        .git
        .diff_summary(&attempt.place, &CancelToken::default())
        .unwrap()
}

/// One line a file: status, counts, path, old path.
fn shown(summary: &DiffSummary) -> Vec<String> {
    summary
        .files
        .iter()
        .map(|file| {
            let old = file
                .old_path
                .as_ref()
                .map_or(String::new(), |old| format!(" < {old}"));
            format!(
                "{:?} +{} -{} {}{old}",
                file.status, file.additions, file.deletions, file.path
            )
        })
        .collect()
}

/// The same for both readers.
fn both(world: &World, attempt: &mut Attempt) -> Vec<String> {
    let files = [GitReads::Library, GitReads::Command].map(|reads| {
        attempt.place.git_reads = reads;
        let summary = summary(world, attempt);
        let all = world
            .git
            .diff_all(&attempt.place, &CancelToken::default())
            .unwrap();
        let stats: Vec<FileStat> = all.iter().map(|file| file.stat.clone()).collect();
        assert_eq!(
            stats, summary.files,
            "the lines and the counts of {reads:?} disagree"
        );
        shown(&summary)
    });
    assert_eq!(files[0], files[1]);
    let [library, _] = files;
    library
}

fn work_of_all_kinds(world: &World, attempt: &Attempt) {
    attempt.write("committed.txt", "committed\n");
    world.sh_in(attempt.path(), "git add committed.txt && git commit -qm one");
    attempt.write("staged.txt", "staged\n");
    world.sh_in(attempt.path(), "git add staged.txt");
    attempt.write(
        "src/main.rs",
        &numbered(1, 40).replace("line 20\n", "line twenty\nand more\n"),
    );
    attempt.write("untracked/new.txt", "no newline at the end");
    attempt.write("ignored.log", "ignored\n");
    fs::remove_file(attempt.path().join("README.md")).unwrap();
}

#[test]
fn committed_staged_open_and_untracked_work_are_one_diff() {
    let mut world = World::new();
    let mut attempt = world.attempt("All");
    work_of_all_kinds(&world, &attempt);
    let expected = [
        "Deleted +0 -1 README.md",
        "Added +1 -0 committed.txt",
        "Modified +2 -1 src/main.rs",
        "Added +1 -0 staged.txt",
        "Untracked +1 -0 untracked/new.txt",
    ];
    assert_eq!(both(&world, &mut attempt), expected);
    let summary = summary(&world, &attempt);
    assert_eq!(summary.base_commit, attempt.place.base_commit);
    assert_ne!(summary.head, summary.base_commit);
    assert_eq!((summary.additions(), summary.deletions()), (5, 2));
}

#[test]
fn the_lines_of_a_file_are_those_of_git() {
    let mut world = World::new();
    let mut attempt = world.attempt("Lines");
    work_of_all_kinds(&world, &attempt);
    let expected = world.sh_in(
        attempt.path(),
        "git diff --no-color -U3 HEAD -- src/main.rs | tail -n +5",
    );
    for reads in [GitReads::Library, GitReads::Command] {
        attempt.place.git_reads = reads;
        let diff = world
            .git
            .diff_file(&attempt.place, Path::new("src/main.rs"), false)
            .unwrap();
        let mut text = String::new();
        for hunk in &diff.hunks {
            let head = format!(
                "@@ -{},{} +{},{} @@ line 16\n",
                hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines
            );
            text.push_str(&head);
            for line in &hunk.lines {
                let mark = match line.kind {
                    DiffLineKind::Context => ' ',
                    DiffLineKind::Added => '+',
                    DiffLineKind::Removed => '-',
                };
                text.push_str(&format!("{mark}{}\n", line.text));
            }
        }
        assert_eq!(text.trim_end(), expected);
        let new = world
            .git
            .diff_file(&attempt.place, Path::new("untracked/new.txt"), false)
            .unwrap();
        assert!(new.hunks[0].lines[0].no_newline);
        assert_eq!(new.hunks[0].lines[0].text, "no newline at the end");
        assert!(
            world
                .git
                .diff_file(&attempt.place, Path::new(".gitignore"), false)
                .is_err()
        );
    }
}

#[test]
fn renames_are_found_as_git_finds_them() {
    let mut world = World::new();
    world.write("lib/exact.rs", &numbered(1, 30));
    world.write("lib/changed.rs", &numbered(100, 140));
    world.write("lib/rewritten.rs", &numbered(200, 240));
    world.commit("more");
    let mut attempt = world.attempt("Renames");
    world.sh_in(
        attempt.path(),
        "mkdir new && mv lib/exact.rs new/ && mv lib/changed.rs new/renamed.rs && mv lib/rewritten.rs new/other.rs",
    );
    attempt.write(
        "new/renamed.rs",
        &numbered(100, 140).replace("line 120\n", "changed\n"),
    );
    attempt.write("new/other.rs", &numbered(300, 340));
    let expected = [
        "Deleted +0 -41 lib/rewritten.rs",
        "Renamed +0 -0 new/exact.rs < lib/exact.rs",
        "Untracked +41 -0 new/other.rs",
        "Renamed +1 -1 new/renamed.rs < lib/changed.rs",
    ];
    assert_eq!(both(&world, &mut attempt), expected);
    world.sh_in(attempt.path(), "git add -A");
    let git = world.sh_in(attempt.path(), "git diff --cached -M --name-status");
    assert_eq!(
        git.lines().filter(|line| line.starts_with('R')).count(),
        2,
        "{git}"
    );
}

#[test]
fn binary_and_large_files_say_so() {
    let mut world = World::new();
    world.write("lock.json", "{}\n");
    world.write(".gitattributes", "lock.json -diff\n");
    world.commit("lock");
    let mut attempt = world.attempt("Big");
    fs::write(attempt.path().join("image.bin"), b"\x89PNG\0\0").unwrap();
    attempt.write("lock.json", "{\"a\": 1}\n");
    attempt.write("large.txt", &"a long line of text\n".repeat(200_000));
    for reads in [GitReads::Library, GitReads::Command] {
        attempt.place.git_reads = reads;
        let omitted: Vec<_> = summary(&world, &attempt)
            .files
            .iter()
            .map(|file| (file.path.to_string(), file.omitted))
            .collect();
        let expected = [
            ("image.bin".to_owned(), Some(Omitted::Binary)),
            (
                "large.txt".to_owned(),
                Some(Omitted::TooLarge { bytes: 4_000_000 }),
            ),
            ("lock.json".to_owned(), Some(Omitted::Binary)),
        ];
        assert_eq!(omitted, expected);
        let large = |whole| {
            world
                .git
                .diff_file(&attempt.place, Path::new("large.txt"), whole)
                .unwrap()
        };
        assert!(large(false).hunks.is_empty());
        assert_eq!(large(true).stat.additions, 200_000);
        assert_eq!(large(true).stat.omitted, None);
    }
}

#[test]
fn the_index_never_confuses_the_diff() {
    let mut world = World::new();
    world.write("restored.txt", "as it was\n");
    world.write("uncached.txt", "kept\n");
    world.write("mode.sh", "#!/bin/sh\n");
    world.commit("more");
    let mut attempt = world.attempt("Index");
    world.sh_in(
        attempt.path(),
        "echo staged >gone.txt && git add gone.txt && rm gone.txt
         echo changed >restored.txt && git add restored.txt && echo 'as it was' >restored.txt
         git rm -q --cached uncached.txt
         echo intent >intent.txt && git add -N intent.txt
         chmod +x mode.sh",
    );
    let expected = ["Added +1 -0 intent.txt", "Modified +0 -0 mode.sh"];
    assert_eq!(both(&world, &mut attempt), expected);
}

#[test]
fn conflict_markers_of_a_merge_in_progress_are_shown() {
    let mut world = World::new();
    let mut attempt = world.attempt("Conflict");
    attempt.write("README.md", "ours\n");
    world.sh_in(attempt.path(), "git commit -qam ours");
    world.write("README.md", "theirs\n");
    world.commit("theirs");
    assert!(!world.try_sh(attempt.path(), "git merge main").status.success());
    let files = both(&world, &mut attempt);
    assert_eq!(files, ["Modified +5 -1 README.md"]);
}

#[test]
#[cfg(unix)]
fn links_are_shown_and_never_followed() {
    let mut world = World::new();
    world.write("dir/file.txt", "inside\n");
    world.commit("dir");
    let outside = world.root().join("outside");
    write(&outside, "file.txt", "secret\n");
    let mut attempt = world.attempt("Links");
    fs::remove_dir_all(attempt.path().join("dir")).unwrap();
    std::os::unix::fs::symlink(&outside, attempt.path().join("dir")).unwrap();
    fs::remove_file(attempt.path().join("README.md")).unwrap();
    std::os::unix::fs::symlink(outside.join("file.txt"), attempt.path().join("README.md")).unwrap();
    let files = both(&world, &mut attempt);
    let expected = [
        "TypeChanged +1 -1 README.md",
        "Untracked +1 -0 dir",
        "Deleted +0 -1 dir/file.txt",
    ];
    assert_eq!(files, expected);
    let all = world
        .git
        .diff_all(&attempt.place, &CancelToken::default())
        .unwrap();
    assert!(!format!("{all:?}").contains("secret"));
}

#[test]
#[cfg(target_os = "linux")]
fn names_that_are_not_utf8_survive() {
    use std::os::unix::ffi::OsStrExt;
    let mut world = World::new();
    let mut attempt = world.attempt("Bytes");
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9 \"x\"\n.txt");
    fs::write(attempt.path().join(name), "latin\n").unwrap();
    for reads in [GitReads::Library, GitReads::Command] {
        attempt.place.git_reads = reads;
        let files = summary(&world, &attempt).files;
        assert_eq!(files[0].path.as_path().as_os_str(), name);
        assert_eq!(
            world
                .git
                .diff_file(&attempt.place, Path::new(name), false)
                .unwrap()
                .stat,
            files[0]
        );
    }
}

#[test]
fn line_endings_of_the_working_tree_are_not_changes() {
    let mut world = World::new();
    world.write(".gitattributes", "*.txt text eol=crlf\n");
    world.write("crlf.txt", "one\ntwo\nthree\n");
    world.commit("crlf");
    let mut attempt = world.attempt("Crlf");
    assert_eq!(attempt.read("crlf.txt"), "one\r\ntwo\r\nthree\r\n");
    attempt.write("crlf.txt", "one\r\n2\r\nthree\r\n");
    assert_eq!(both(&world, &mut attempt), ["Modified +1 -1 crlf.txt"]);
    assert_eq!(
        world.sh_in(attempt.path(), "git status --porcelain"),
        " M crlf.txt",
        "reading must not change the repository"
    );
}

#[test]
fn only_the_attempts_own_work_is_shown_when_the_target_moves_on() {
    let mut world = World::new();
    let mut attempt = world.attempt("Behind");
    attempt.write("mine.txt", "mine\n");
    world.write("theirs.txt", "theirs\n");
    world.commit("theirs");
    assert_eq!(both(&world, &mut attempt), ["Untracked +1 -0 mine.txt"]);
    world.sh_in(attempt.path(), "git merge -q main");
    assert_eq!(both(&world, &mut attempt), ["Untracked +1 -0 mine.txt"]);
    // The target was deleted: the commit that the attempt started from takes its place.
    attempt.place.target = "deleted".into();
    assert_eq!(
        both(&world, &mut attempt),
        ["Untracked +1 -0 mine.txt", "Added +1 -0 theirs.txt"][..].to_vec()
    );
}

#[test]
fn many_files_keep_their_order_and_match_gits_counts() {
    let mut world = World::new();
    for number in 0..120 {
        world.write(
            &format!("d{}/f{number}.txt", number % 7),
            &numbered(number, number + 60),
        );
    }
    world.commit("many");
    let mut attempt = world.attempt("Many");
    for number in 0..120 {
        let path = format!("d{}/f{number}.txt", number % 7);
        let text = numbered(number, number + 60).replace("5\n", "five\n");
        match number % 4 {
            0 => fs::remove_file(attempt.path().join(&path)).unwrap(),
            1 => attempt.write(&format!("moved/{number}.txt"), &text),
            _ => attempt.write(&path, &text),
        }
    }
    let files = both(&world, &mut attempt);
    world.sh_in(attempt.path(), "git add -A");
    let git = world.sh_in(attempt.path(), "git diff --cached -M --numstat");
    let total = |column: usize| -> u64 {
        git.lines()
            .map(|line| line.split('\t').nth(column).unwrap().parse::<u64>().unwrap())
            .sum()
    };
    let ours = summary(&world, &attempt);
    assert_eq!(files.len(), git.lines().count());
    assert_eq!((ours.additions(), ours.deletions()), (total(0), total(1)));
}

#[test]
fn a_cancelled_diff_ends_and_a_missing_worktree_is_a_clear_problem() {
    let mut world = World::new();
    let attempt = world.attempt("Cancelled");
    attempt.write("x.txt", "x\n");
    let cancel = CancelToken::default();
    cancel.cancel();
    assert!(matches!(
        world.git.diff_summary(&attempt.place, &cancel),
        Err(anyon_git::GitError::Cancelled)
    ));
    fs::remove_dir_all(attempt.path()).unwrap();
    assert!(matches!(
        world.git.diff_all(&attempt.place, &CancelToken::default()),
        Err(anyon_git::GitError::PathMissing { .. })
    ));
}

#[test]
fn the_watcher_hears_what_changes_the_diff_and_no_noise() {
    let mut world = World::new();
    let attempt = world.attempt("Watch");
    let filter = watch_filter(attempt.path());
    let paths = filter.paths_to_watch();
    let (worktree, git_dir) = (&paths[0], &paths[1]);
    let matters = |path: &str| filter.matters(&worktree.join(path));
    let git_matters = |path: &str| filter.matters(&git_dir.join(path));
    assert!(matters("src/main.rs") && matters("new/file.txt"));
    attempt.write("build/x.o", "x");
    attempt.write("trace.log", "x");
    assert!(!matters("build/x.o") && !matters("build") && !matters("trace.log") && !matters(".git"));
    assert!(git_matters("index") && git_matters("HEAD") && git_matters("logs/HEAD"));
    assert!(!git_matters("index.lock") && !git_matters("COMMIT_EDITMSG") && !git_matters("anyon.json"));
    assert!(!filter.matters(Path::new("/elsewhere")));
    // Tracked although ignored; ignored from now on.
    world.sh_in(attempt.path(), "git add -f trace.log");
    assert!(matters("trace.log"));
    attempt.write(".gitignore", "*.tmp\n");
    assert!(!matters("a.tmp") && matters("build/x.o"));
    assert_eq!(
        summary(&world, &attempt)
            .files
            .iter()
            .filter(|f| f.status == FileStatus::Added)
            .count(),
        1
    );
}

#[test]
fn a_change_far_down_a_long_file_has_gits_hunks() {
    let mut world = World::new();
    world.write("long.txt", &numbered(1, 3000));
    world.commit("long");
    let attempt = world.attempt("Long");
    let text = numbered(1, 3000)
        .replace("line 1500\n", "")
        .replace("line 1700\n", "line 1700\nline 1700\nmore\n");
    attempt.write("long.txt", &text);
    let diff = world
        .git
        .diff_file(&attempt.place, Path::new("long.txt"), false)
        .unwrap();
    let heads: Vec<String> = diff
        .hunks
        .iter()
        .map(|hunk| {
            format!(
                "@@ -{},{} +{},{} @@",
                hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines
            )
        })
        .collect();
    let git = world.sh_in(attempt.path(), "git diff --no-color HEAD | grep -o '^@@ .* @@'");
    assert_eq!(heads.join("\n"), git);
    assert_eq!((diff.stat.additions, diff.stat.deletions), (2, 1));
}

#[test]
fn a_patch_makes_of_the_base_what_the_worktree_is() {
    let mut world = World::new();
    let mut attempt = world.attempt("patch");
    attempt.write("a.txt", "changed\n");
    attempt.write("새 파일.txt", "no newline at the end");
    fs::write(attempt.path().join("binary"), [0, 159, 146, 150, 0]).unwrap();
    world.sh_in(
        attempt.path(),
        "echo x > tool.sh && chmod +x tool.sh && ln -s a.txt link",
    );
    let index = world.sh_in(attempt.path(), "git status --porcelain");
    for reads in [GitReads::Library, GitReads::Command] {
        attempt.place.git_reads = reads;
        let patch = world.git.diff_patch(&attempt.place).unwrap();
        let other = world.root().join(format!("applied-{reads:?}"));
        fs::write(world.root().join("work.patch"), patch).unwrap();
        world.sh(&format!(
            "git worktree add -q --detach {0} HEAD && cd {0} && git apply --index ../work.patch",
            other.display()
        ));
        world.sh_in(attempt.path(), "git add --all");
        let tree = |place: &Path| world.sh_in(place, "git write-tree");
        assert_eq!(tree(attempt.path()), tree(&other), "{reads:?}");
        world.sh_in(attempt.path(), "git reset -q");
        assert_eq!(world.sh_in(attempt.path(), "git status --porcelain"), index);
    }
}
