//! Benchmarks of the product, headless and in its window: what `docs/performance.md` says, measured.
//!
//! `cargo run --release -p anyon-bench [CASE …]` runs each case in a process of its own (so that memory, CPU and I/O
//! are that case's) and prints a Markdown table on standard output. It needs the release builds of `anyon` and of the
//! fake agent: `cargo build --release -p anyon -p anyon-e2e`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints its figures"
)]

mod bench;
mod cases;
mod measure;
mod repository;
mod window;

use anyhow::{Context, Result, bail};
use bench::Bench;
use serde::{Deserialize, Serialize};
use std::process::{Command, ExitCode, Stdio};

/// A measured figure and what it must be.
#[derive(Debug, Serialize, Deserialize)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// What came out, with its unit.
    pub value: String,
    /// What it must be.
    pub limit: String,
    /// It is so.
    pub met: bool,
}

impl Figure {
    /// A figure that must not be larger than `limit`.
    pub fn at_most(what: &str, value: f64, limit: f64, unit: &str) -> Self {
        let show = |number: f64| format!("{number:.*}{unit}", if number < 10.0 { 2 } else { 0 });
        Self {
            what: what.into(),
            value: show(value),
            limit: format!("≤ {}", show(limit)),
            met: value <= limit,
        }
    }
    /// A figure that must be exactly this.
    pub fn exactly(what: &str, value: impl ToString, wanted: impl ToString) -> Self {
        let (value, limit) = (value.to_string(), wanted.to_string());
        Self {
            what: what.into(),
            met: value == limit,
            value,
            limit,
        }
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(3)
        }
    }
}

fn run() -> Result<bool> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, case] = &args[..]
        && flag == "--case"
    {
        let figures = run_case(case)?;
        println!("{}", serde_json::to_string(&figures)?);
        return Ok(true);
    }
    let chosen: Vec<_> = cases::ALL
        .iter()
        .filter(|(name, _)| args.is_empty() || args.iter().any(|arg| arg == name))
        .collect();
    if chosen.is_empty() {
        bail!(
            "no such case; there are {}",
            cases::ALL.map(|(name, _)| name).join(", ")
        );
    }
    println!("| measured | ours | must be | |\n|---|---|---|---|");
    let mut all_met = true;
    for (name, _) in chosen {
        for figure in in_own_process(name)? {
            all_met &= figure.met;
            let mark = if figure.met { "met" } else { "**missed**" };
            println!(
                "| {} | {} | {} | {mark} |",
                figure.what, figure.value, figure.limit
            );
        }
    }
    Ok(all_met)
}

fn in_own_process(case: &str) -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let bench = Bench::prepare(folder.path())?;
    let output = bench
        .environment(Command::new(std::env::current_exe()?))
        .args(["--case", case])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        bail!("the case “{case}” failed");
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("the case “{case}” printed no figures"))
}

fn run_case(name: &str) -> Result<Vec<Figure>> {
    let (_, case) = cases::ALL
        .iter()
        .find(|(known, _)| *known == name)
        .context("no such case")?;
    case(&Bench::of_this_process()?)
}
