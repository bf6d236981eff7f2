//! Starting.

use crate::{
    Figure,
    bench::{Bench, Desk},
    measure, repository,
};
use anyhow::{Context, Result, bail};
use anyon_e2e::fake_agent::script::{Script, Step};
use anyon_model::{Client, ProjectId, Query, WorktreeState};
use std::{
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// 50,000 files: from the command until the agent's process runs, against a plain `git worktree add`.
pub fn attempt_start(bench: &Bench) -> Result<Vec<Figure>> {
    let repo = bench.folder.join("repo");
    repository::make(&repo, 50_000, 20)?;
    bench.script(&Script::of([vec![Step::say("ready")]]))?;
    let desk = bench.host()?;
    desk.allow_running(4)?;
    let project_id = desk.add_project(&repo)?;
    let (mut ratios, mut slowest) = (Vec::new(), Duration::ZERO);
    for round in 0..6 {
        let plain = || time_git(bench, &repo, &format!("plain-{round}"));
        let mut ours = || time_attempt(&desk, project_id, &mut slowest);
        // Whoever goes second writes while the disk still works for the first: they take turns.
        let (git, attempt) = if round % 2 == 0 {
            let git = plain()?;
            (git, ours()?)
        } else {
            let attempt = ours()?;
            (plain()?, attempt)
        };
        ratios.push(attempt / git);
    }
    desk.host.shutdown();
    Ok(vec![
        Figure::at_most(
            "attempt start ÷ `git worktree add`, 50,000 files, median of 6",
            measure::median(&mut ratios),
            1.05,
            "×",
        ),
        Figure::at_most(
            "– slowest answer to another question meanwhile",
            slowest.as_secs_f64() * 1e3,
            100.0,
            " ms",
        ),
    ])
}

/// Seconds of a plain `git worktree add`; the worktree is gone again afterwards.
fn time_git(bench: &Bench, repo: &Path, name: &str) -> Result<f64> {
    let folder = bench.folder.join(name).to_string_lossy().into_owned();
    rustix::fs::sync();
    let began = Instant::now();
    repository::git(repo, &["worktree", "add", "--quiet", "-b", name, &folder])?;
    let seconds = began.elapsed().as_secs_f64();
    repository::git(repo, &["worktree", "remove", "--force", &folder])?;
    Ok(seconds)
}

/// Seconds from the command until the agent's process runs; the attempt is dropped afterwards. `slowest` keeps the
/// longest that another question waited for its answer meanwhile.
fn time_attempt(desk: &Desk, project_id: ProjectId, slowest: &mut Duration) -> Result<f64> {
    rustix::fs::sync();
    let began = Instant::now();
    let attempt_id = desk.start(project_id)?;
    let ready = || {
        let state = desk.client.state();
        let shard = state.shard_of_attempt(attempt_id)?;
        let made = shard.attempts.get(&attempt_id)?.worktree.state == WorktreeState::Ready;
        (made && shard.last_agent_execution(attempt_id)?.process.is_some()).then_some(())
    };
    while ready().is_none() {
        let asked = Instant::now();
        desk.ask(Query::Branches { project_id })?;
        *slowest = (*slowest).max(asked.elapsed());
        std::thread::sleep(Duration::from_millis(1));
        if began.elapsed() > Duration::from_secs(60) {
            bail!("the attempt did not start");
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    desk.until_idle(attempt_id)?;
    desk.run(anyon_model::Command::DropAttempt { attempt_id })?;
    Ok(seconds)
}

/// Every program in PATH is a shim that writes its name down: opening the store with a project and a finished attempt
/// in it must run none.
pub fn programs_at_start(bench: &Bench) -> Result<Vec<Figure>> {
    let repo = bench.folder.join("repo");
    repository::make(&repo, 5, 5)?;
    bench.script(&Script::of([vec![Step::say("ready")]]))?;
    let desk = bench.host()?;
    let attempt_id = desk.start(desk.add_project(&repo)?)?;
    desk.until_idle(attempt_id)?;
    desk.host.shutdown();

    let (shims, log) = (bench.folder.join("shims"), bench.folder.join("shims.log"));
    std::fs::create_dir_all(&shims)?;
    let programs = [
        "git",
        "sh",
        "bash",
        "zsh",
        "node",
        "npx",
        "claude",
        "codex",
        "gemini",
        "qwen",
        "copilot",
        "cursor",
        "cursor-agent",
        "amp",
        "opencode",
        "gh",
        "which",
        "env",
        "ps",
    ];
    for name in programs {
        let shim = shims.join(name);
        std::fs::write(&shim, format!("#!/bin/sh\necho {name} >> {}\n", log.display()))?;
        std::fs::set_permissions(&shim, std::fs::Permissions::from_mode(0o755))?;
    }
    let status = Command::new(&bench.anyon)
        .args(["task", "list", "--data-dir"])
        .arg(bench.data_folder())
        .env("PATH", &shims)
        .env("SHELL", shims.join("sh"))
        .stdout(Stdio::null())
        .status()
        .context("anyon did not start")?;
    if !status.success() {
        bail!("anyon task list failed");
    }
    let run = std::fs::read_to_string(&log).unwrap_or_default();
    Ok(vec![Figure::exactly(
        "programs run at start without being asked",
        run.lines().count(),
        0,
    )])
}
