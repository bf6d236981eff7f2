//! Ending.

use crate::{Figure, bench::Bench, measure, repository};
use anyhow::{Context, Result, bail};
use anyon_e2e::fake_agent::script::{Script, Step};
use anyon_model::{AttemptStatus, Command as Intent};
use std::{
    collections::BTreeSet,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// An agent that takes no notice of anything and leaves a child, one in its own session, and one of that.
fn stubborn() -> Script {
    Script {
        ignores_eof: true,
        ignores_term: true,
        ignores_interrupt: true,
        ..Script::of([vec![Step::LeaveChildren, Step::say("ready"), Step::Hang]])
    }
}

/// All processes whose environment names this case's folder, but those of the case itself.
fn alive(bench: &Bench) -> BTreeSet<u32> {
    let mark = format!("FAKE_AGENT_SCRIPT={}", bench.folder.join("script.json").display());
    let ours = std::process::id();
    std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| *pid != ours)
        .filter(|pid| {
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|variable| variable == mark.as_bytes())
        })
        .collect()
}

/// Stop of the stubborn agent.
pub fn worst_case(bench: &Bench) -> Result<Vec<Figure>> {
    let repo = bench.folder.join("repo");
    repository::make(&repo, 5, 5)?;
    bench.script(&stubborn())?;
    let desk = bench.host()?;
    let project_id = desk.add_project(&repo)?;
    let attempt_id = desk.start(project_id)?;
    desk.until_state(|state| {
        (state.shard_of_attempt(attempt_id)?.attempt_status(attempt_id)? == AttemptStatus::Running)
            .then_some(())
    })?;
    wait_until(|| alive(bench).len() >= 4).context("the agent left no children")?;
    let began = Instant::now();
    desk.run(Intent::StopAttempt { attempt_id })?;
    let took = began.elapsed();
    let left = alive(bench).len();

    let second = desk.start(project_id)?;
    desk.until_state(|state| {
        (state.shard_of_attempt(second)?.attempt_status(second)? == AttemptStatus::Running).then_some(())
    })?;
    wait_until(|| alive(bench).len() >= 4).context("the agent left no children")?;
    desk.host.shutdown();
    let after_shutdown = alive(bench).len();
    Ok(vec![
        Figure::at_most(
            "stop, worst case (ignores interrupt, EOF and SIGTERM)",
            took.as_secs_f64(),
            2.5,
            " s",
        ),
        Figure::exactly("– alive after stop", left, 0),
        Figure::exactly("– alive after an orderly end of Anyon", after_shutdown, 0),
    ])
}

/// kill -9 of the program in mid-run.
pub fn kill_host(bench: &Bench) -> Result<Vec<Figure>> {
    let mut counts = Vec::new();
    for signal in ["KILL", "TERM"] {
        let repo = bench.folder.join(format!("repo-{signal}"));
        repository::make(&repo, 5, 5)?;
        bench.script(&stubborn())?;
        let mut anyon = Command::new(&bench.anyon)
            .args([
                "run",
                "--agent",
                "CLAUDE_CODE",
                "--approve",
                "all",
                "--json",
                "--project",
            ])
            .arg(&repo)
            .arg("--data-dir")
            .arg(bench.folder.join(format!("data-{signal}")))
            .arg("Be stubborn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        wait_until(|| alive(bench).len() >= 6).context("the agent left no children")?;
        Command::new("kill")
            .args([&format!("-{signal}"), &anyon.id().to_string()])
            .status()?;
        let after_two_seconds = {
            if signal == "KILL" {
                std::thread::sleep(Duration::from_secs(2));
            } else {
                // An orderly end takes the ladder's time.
                wait_until(|| matches!(anyon.try_wait(), Ok(Some(_))))?;
            }
            alive(bench).len()
        };
        let _ = anyon.wait();
        counts.push(after_two_seconds);
    }
    Ok(vec![
        Figure::exactly("alive 2 s after kill -9 of Anyon", counts[0], 0),
        Figure::exactly("alive after SIGTERM of Anyon", counts[1], 0),
    ])
}

fn wait_until(mut done: impl FnMut() -> bool) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(15);
    while !done() {
        if Instant::now() > deadline {
            bail!(
                "it did not happen in 15 s; alive are {:?}",
                measure::descendants(std::process::id())
            );
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
