//! Diffs beside git's own.

use crate::{
    Figure,
    bench::{Bench, Desk},
    measure, repository,
};
use anyhow::{Context, Result, bail};
use anyon_e2e::fake_agent::script::{Script, Step};
use anyon_model::{Answer, AttemptId, Client, Event, Query};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

fn attempt(bench: &Bench, files: usize, lines: usize) -> Result<(Desk, AttemptId, PathBuf)> {
    let repo = bench.folder.join("repo");
    repository::make(&repo, files, lines)?;
    bench.script(&Script::of([vec![Step::say("ready")]]))?;
    let desk = bench.host()?;
    let attempt_id = desk.start(desk.add_project(&repo)?)?;
    desk.until_idle(attempt_id)?;
    let state = desk.client.state();
    let attempt = state
        .shard_of_attempt(attempt_id)
        .and_then(|shard| shard.attempts.get(&attempt_id));
    let worktree = attempt
        .context("no attempt")?
        .worktree
        .path
        .as_path()
        .to_path_buf();
    Ok((desk, attempt_id, worktree))
}

/// 500 files, 50,000 changed lines (half of them removed, half added).
pub fn five_hundred_files(bench: &Bench) -> Result<Vec<Figure>> {
    let (desk, attempt_id, worktree) = attempt(bench, 2000, 200)?;
    for number in 0..500 {
        let path = worktree.join(format!("part{:04}/file{number:05}.rs", number / 50));
        let old = std::fs::read_to_string(&path)?;
        let new: String = old
            .lines()
            .enumerate()
            .map(|(at, line)| match at % 4 {
                0 => format!("{line} // changed\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        std::fs::write(path, new)?;
    }
    let mut ratios = Vec::new();
    for _ in 0..7 {
        let git = time_git(&worktree)?;
        let began = Instant::now();
        let Answer::DiffAll(files) = desk.ask(Query::DiffAll { attempt_id })? else {
            bail!("no diff")
        };
        let ours = began.elapsed().as_secs_f64();
        let changed: u32 = files
            .iter()
            .map(|file| file.stat.additions + file.stat.deletions)
            .sum();
        if files.len() != 500 || changed != 50_000 {
            bail!("{} files and {changed} lines differ", files.len());
        }
        ratios.push(ours / git);
    }
    desk.host.shutdown();
    Ok(vec![Figure::at_most(
        "diff of 500 files, 50,000 changed lines ÷ `git diff`, median of 7",
        measure::median(&mut ratios),
        1.5,
        "×",
    )])
}

fn time_git(worktree: &Path) -> Result<f64> {
    let began = Instant::now();
    let status = Command::new("git")
        .current_dir(worktree)
        .args(["diff", "HEAD"])
        .stdout(Stdio::null())
        .status()?;
    if !status.success() {
        bail!("git diff failed");
    }
    Ok(began.elapsed().as_secs_f64())
}

/// An edit made as soon as the diff was answered.
pub fn edit_after_open(bench: &Bench) -> Result<Vec<Figure>> {
    let (desk, attempt_id, worktree) = attempt(bench, 2000, 20)?;
    let mut delays = Vec::new();
    for round in 0..10 {
        desk.ask(Query::DiffSummary {
            attempt_id,
            watch: true,
        })?;
        std::fs::write(worktree.join(format!("new-{round}.txt")), "new\n")?;
        let began = Instant::now();
        loop {
            desk.until(|event| matches!(event, Event::DiffChanged { .. }).then_some(()))?;
            let Answer::DiffSummary(summary) = desk.ask(Query::DiffSummary {
                attempt_id,
                watch: true,
            })?
            else {
                bail!("no diff")
            };
            if summary.files.len() == round + 1 {
                break;
            }
        }
        delays.push(began.elapsed().as_secs_f64() * 1e3);
        desk.ask(Query::UnwatchDiff { attempt_id })?;
    }
    desk.host.shutdown();
    let worst = delays.iter().copied().fold(0.0, f64::max);
    Ok(vec![Figure::at_most(
        "an edit made right after the diff was opened: shown, worst of 10",
        worst,
        300.0,
        " ms",
    )])
}
