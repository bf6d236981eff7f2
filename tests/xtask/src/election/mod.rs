//! `cargo xtask election`: twelve real programs write tasks through one host, which is killed again and again.
//!
//! Eight are MCP servers, which are always clients and start a host where there is none; four are verbs of the command
//! line, one after the other, which are the host themselves where there is none. After each kill everybody has to get
//! answers again; at the end every task that was acknowledged is there, under the name that was told, and none twice.

mod ledger;
mod world;
mod writers;

use anyhow::{Context, ensure};
use clap::Args;
use ledger::Ledger;
use std::{
    io::Write,
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use world::World;

/// Programs that are clients and nothing else.
const SPEAKERS: usize = 8;
/// Programs that become the host where there is none.
const TYPISTS: usize = 4;
/// So many answers have to come between two kills: what is killed is at work.
const ANSWERS: u64 = 6;
/// How long it may take until they have come.
const LIMIT: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(5);

/// What the chore is told.
#[derive(Args)]
pub struct Arguments {
    /// How often the host is killed
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// The program
    #[arg(long, default_value = "target/debug/anyon")]
    program: PathBuf,
}

/// Kills and counts; fails when anything was lost, done twice or left without an answer.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let program = &arguments.program;
    let program = program
        .canonicalize()
        .with_context(|| format!("{} is not there; cargo build", program.display()))?;
    let world = Arc::new(World::begin(program)?);
    let ledger = Arc::new(Ledger::default());
    let worked = work(arguments.rounds, &world, &ledger);
    ledger.stop();
    worked?;
    world.wait_until_nobody_lives()?;
    let problems = ledger.compare(&world.tasks()?);
    let told = format!(
        "election: {} kills, {} tasks acknowledged, {} times told to try again, {} wrong",
        arguments.rounds,
        ledger.acknowledged(),
        ledger.retries(),
        problems.len()
    );
    let mut stdout = std::io::stdout();
    problems
        .iter()
        .try_for_each(|problem| writeln!(stdout, "{problem}"))?;
    writeln!(stdout, "{told}")?;
    Ok(match problems.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn work(rounds: u32, world: &Arc<World>, ledger: &Arc<Ledger>) -> anyhow::Result<()> {
    let speakers = (0..SPEAKERS).map(|number| {
        let (world, ledger) = (world.clone(), ledger.clone());
        thread::spawn(move || writers::speak(number, &world, &ledger))
    });
    let typists = (SPEAKERS..SPEAKERS + TYPISTS).map(|number| {
        let (world, ledger) = (world.clone(), ledger.clone());
        thread::spawn(move || writers::type_in(number, &world, &ledger))
    });
    let writers: Vec<_> = speakers.chain(typists).collect();
    let killed = (0..rounds).try_for_each(|round| {
        answers_come(ledger).with_context(|| format!("before kill {round}"))?;
        world.kill_the_host()
    });
    let came = killed.and_then(|()| everybody_is_answered(ledger));
    ledger.stop();
    for writer in writers {
        let ended = writer.join().map_err(|_| anyhow::anyhow!("a writer panicked"))?;
        ended?;
    }
    came
}

/// Waits until the next few answers have come.
fn answers_come(ledger: &Ledger) -> anyhow::Result<()> {
    let (begun, before) = (Instant::now(), ledger.acknowledged());
    while ledger.acknowledged() < before + ANSWERS {
        ledger.check()?;
        ensure!(begun.elapsed() < LIMIT, "nobody is answered any more");
        thread::sleep(LOOK);
    }
    Ok(())
}

/// Waits until each of them had an answer that it may rely on.
fn everybody_is_answered(ledger: &Ledger) -> anyhow::Result<()> {
    let (begun, before) = (Instant::now(), ledger.by_writer());
    loop {
        ledger.check()?;
        let now = ledger.by_writer();
        let waits = (0..SPEAKERS + TYPISTS).find(|number| now.get(number) <= before.get(number));
        let Some(waits) = waits else {
            return Ok(());
        };
        ensure!(begun.elapsed() < LIMIT, "writer {waits} is not answered any more");
        thread::sleep(LOOK);
    }
}
