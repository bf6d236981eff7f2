//! Times of diffs and of making a worktree, beside the same done with git on the command line.
//!
//! `cargo run --release -p anyon-git --example measure` makes its repositories in a temporary folder.

#![expect(clippy::print_stdout, reason = "it prints its figures")]
#![expect(clippy::unwrap_used, reason = "it stops where something fails")]

use anyon_git::{CancelToken, Git, Marker};
use anyon_model::{AttemptId, AttemptPlace, GitReads, SnapshotReason, StoreId, WorktreePlan};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let git = Git::find(&folder.path().join("private")).unwrap();
    diffs(&git, folder.path());
    worktrees(&git, folder.path());
}

fn sh(folder: &Path, script: &str) {
    let status = Command::new("sh")
        .args(["-ec", script])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success(), "{script}");
}

/// The best of several, in milliseconds.
fn best(times: u32, mut work: impl FnMut()) -> f64 {
    let once = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1000.0
    };
    (0..times).map(|_| once(&mut work)).fold(f64::MAX, f64::min)
}

fn text(file: usize, from: usize, word: &str) -> String {
    (0..300)
        .map(|line| {
            let word = if line >= from && line < from + 50 {
                word
            } else {
                "plain"
            };
            format!("{word} line {line} of file {file} with some more words in it\n")
        })
        .collect()
}

fn repository(root: &Path, files: usize, lines: impl Fn(usize) -> String) {
    fs::create_dir_all(root).unwrap();
    sh(
        root,
        "git init -q -b main . && git config user.name A && git config user.email a@b",
    );
    for file in 0..files {
        let path = root.join(format!("d{}/f{file}.txt", file / 50));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, lines(file)).unwrap();
    }
    sh(root, "git add -A && git commit -qm first");
}

fn marker(number: u128) -> Marker {
    Marker {
        store_id: StoreId::from_bytes([1; 16]),
        attempt_id: AttemptId::from_bytes(number.to_be_bytes()),
    }
}

fn plan(repo: &Path, path: &Path, branch: &str) -> WorktreePlan {
    WorktreePlan {
        repo: repo.into(),
        path: path.into(),
        branch: branch.into(),
        base: "main".into(),
        copy_files: Vec::new(),
    }
}

/// 500 files, 50 lines changed in each: 25,000 removed and 25,000 added.
fn diffs(git: &Git, folder: &Path) {
    let repo = folder.join("diffs");
    repository(&repo, 500, |file| text(file, 0, "plain"));
    let cancel = CancelToken::default();
    let marker = marker(1);
    let plan = plan(&repo, &folder.join("diff-worktree"), "anyon/diff");
    let made = git.create_worktree(&plan, &marker, &cancel, &mut |_| {}).unwrap();
    for file in 0..500 {
        let path = made.path.as_path().join(format!("d{}/f{file}.txt", file / 50));
        fs::write(path, text(file, file % 200, "changed")).unwrap();
    }
    let place = AttemptPlace {
        repo: plan.repo,
        worktree: made.path,
        branch: plan.branch,
        target: "main".into(),
        base_commit: made.base_commit,
        next_snapshot: 1,
        git_reads: GitReads::Library,
    };
    let worktree = place.worktree.as_path();
    let by_git = best(7, || sh(worktree, "git diff main"));
    let summary = best(7, || drop(git.diff_summary(&place, &cancel).unwrap()));
    let all = best(7, || drop(git.diff_all(&place, &cancel).unwrap()));
    let found = git.diff_summary(&place, &cancel).unwrap();
    println!(
        "diff of {} files, +{} -{}: git diff {by_git:.0} ms; summary {summary:.0} ms ({:.2}), all lines {all:.0} ms \
         ({:.2}), both {:.2}",
        found.files.len(),
        found.additions(),
        found.deletions(),
        summary / by_git,
        all / by_git,
        (summary + all) / by_git
    );
    let snapshot = best(1, || {
        drop(
            git.snapshot(&place, marker.attempt_id, SnapshotReason::Commit)
                .unwrap(),
        )
    });
    let landing = best(1, || drop(git.land(&place, marker.attempt_id, "m", "w").unwrap()));
    println!("snapshot {snapshot:.0} ms, landing {landing:.0} ms");
}

/// 50,000 files.
fn worktrees(git: &Git, folder: &Path) {
    let repo = folder.join("worktrees");
    repository(&repo, 50_000, |file| format!("file {file}\n").repeat(20));
    let (mut by_git, mut ours) = (f64::MAX, f64::MAX);
    for number in 0..4 {
        let path = folder.join(format!("plain-{number}"));
        let script = format!(
            "git worktree add -q --no-track -b plain-{number} '{}' main",
            path.display()
        );
        by_git = by_git.min(best(1, || sh(&repo, &script)));
        fs::remove_dir_all(&path).unwrap();
        let path = folder.join(format!("ours-{number}"));
        let plan = plan(&repo, &path, &format!("ours-{number}"));
        let marker = marker(10 + number);
        ours = ours.min(best(1, || {
            git.create_worktree(&plan, &marker, &CancelToken::default(), &mut |_| {})
                .unwrap();
        }));
        fs::remove_dir_all(&path).unwrap();
    }
    println!(
        "worktree of 50,000 files: git worktree add {by_git:.0} ms, ours {ours:.0} ms ({:.2})",
        ours / by_git
    );
}
