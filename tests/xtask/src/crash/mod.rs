//! `cargo xtask crash`: kill -9 of a real process at random moments.
//!
//! Each round a writer is started that commits changes and writes a log, and says on its standard output what is
//! durable. It is killed; then the store has to open, hold every commit that was acknowledged and no half of one,
//! and the log has to be a prefix of what was written, not shorter than what was acknowledged.

mod check;
mod plan;
mod writer;

use anyhow::{Context, bail};
use check::Acknowledged;
use clap::Args;
use plan::Plan;
use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

pub(crate) use writer::{WriterArguments, write};

/// Rounds on one store before a new one is begun, so that creating is killed too.
const ROUNDS_PER_STORE: u32 = 5;

/// What the chore is told.
#[derive(Args)]
pub(crate) struct Arguments {
    /// How often the writer is killed
    #[arg(long, default_value_t = 10)]
    rounds: u32,
    /// Where the random moments come from; the time if not given
    #[arg(long)]
    seed: Option<u64>,
}

/// What all rounds came to.
#[derive(Default)]
struct Tally {
    commits: u64,
    log_bytes: u64,
    losses: u32,
}

/// Kills and checks; fails when anything was lost.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let seed = arguments.seed.unwrap_or_else(seed_from_time);
    let mut tally = Tally::default();
    let mut round = 0;
    while round < arguments.rounds {
        let rounds = round..arguments.rounds.min(round + ROUNDS_PER_STORE);
        round = rounds.end;
        one_store(seed, rounds, &mut tally)?;
    }
    let Tally {
        commits,
        log_bytes,
        losses,
    } = tally;
    writeln!(
        std::io::stdout(),
        "crash: {} rounds, {commits} commits and {log_bytes} bytes of logs acknowledged, {losses} lost (seed {seed})",
        arguments.rounds
    )?;
    Ok(match losses {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Some rounds on one store. A store that lost something is kept for a look, and no more rounds are run on it.
fn one_store(seed: u64, rounds: std::ops::Range<u32>, tally: &mut Tally) -> anyhow::Result<()> {
    let home = tempfile::Builder::new().prefix("anyon-crash-").tempdir()?;
    let mut plan = Plan::new(seed, rounds.start);
    for round in rounds {
        plan.round = round;
        let acknowledged = kill_once(home.path(), &plan)?;
        tally.commits += acknowledged.commits(&plan);
        tally.log_bytes += acknowledged.log_bytes;
        match check::check(home.path(), &plan, &acknowledged) {
            Ok(next_commit) => plan.first_commit = next_commit,
            Err(loss) => {
                tally.losses += 1;
                let kept = home.keep();
                writeln!(
                    std::io::stderr(),
                    "round {round}: {loss:#} (kept in {})",
                    kept.display()
                )?;
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Starts a writer, kills it at a random moment and gives what it had acknowledged.
fn kill_once(folder: &Path, plan: &Plan) -> anyhow::Result<Acknowledged> {
    let mut writer = spawn(folder, plan)?;
    let stdout = writer.stdout.take().context("the writer has no output")?;
    let reader = thread::spawn(move || Acknowledged::read(BufReader::new(stdout)));
    thread::sleep(Duration::from_millis(20 + plan.random(u64::MAX) % 330));
    if let Some(status) = writer.try_wait()? {
        bail!("the writer ended by itself: {status}");
    }
    writer.kill()?;
    writer.wait()?;
    reader.join().map_err(|_| anyhow::anyhow!("the reader failed"))?
}

fn spawn(folder: &Path, plan: &Plan) -> anyhow::Result<Child> {
    let program: PathBuf = std::env::current_exe()?;
    Command::new(program)
        .arg("crash-writer")
        .arg(folder)
        .args([
            plan.seed.to_string(),
            plan.round.to_string(),
            plan.first_commit.to_string(),
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting the writer")
}

impl Acknowledged {
    /// What a writer said, up to the last whole line.
    fn read(output: impl BufRead) -> anyhow::Result<Self> {
        let mut acknowledged = Self::default();
        for line in output.split(b'\n') {
            let line = String::from_utf8(line?)?;
            // A line cut by the kill has no last word.
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["commit", number, "."] => acknowledged.last_commit = Some(number.parse()?),
                ["log", bytes, "."] => acknowledged.log_bytes = bytes.parse()?,
                _ => {}
            }
        }
        Ok(acknowledged)
    }
}

fn seed_from_time() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(1, |since| since.as_nanos() as u64)
}
