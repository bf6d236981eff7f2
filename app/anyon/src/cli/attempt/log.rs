//! `anyon attempt log`: the conversation, or the raw lines it came from.

use crate::cli::{
    cards::AttemptCard,
    ending::Ending,
    exchange::Exchange,
    follow::{Follow, executions},
    interrupts::Interrupts,
    name,
    out::Out,
};
use anyon_model::{Event, ExecutionId, PageRange, Problem, ProblemCode};
use clap::Args;
use std::time::Duration;

const PAGE: u32 = 500;
const BEAT: Duration = Duration::from_millis(200);

/// Show the conversation of an attempt
#[derive(Debug, Args)]
pub struct LogArgs {
    /// The attempt: `ANY-1.1`, its id, or the start of its id
    attempt: String,
    /// Go on until the attempt is at rest
    #[arg(long, conflicts_with = "raw")]
    follow: bool,
    /// The lines as the agent wrote them
    #[arg(long)]
    raw: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Runs it.
pub fn run(args: &LogArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let card = name::attempt(&exchange.state(), &args.attempt)?;
    if args.raw {
        return raw(&card, exchange, out);
    }
    let interrupts = args.follow.then(Interrupts::watch);
    let mut follow = Follow::new(&card);
    follow.show_all(exchange, out);
    if let Some(interrupts) = interrupts {
        follow_on(&card, &mut follow, &interrupts, exchange, out);
    }
    follow.catch_up(exchange, out);
    Ok(ending(follow.has_failed()))
}

/// What could be shown was shown, but not all.
fn ending(has_failed: bool) -> Ending {
    match has_failed {
        true => Ending::Failed,
        false => Ending::Done,
    }
}

fn follow_on(
    card: &AttemptCard,
    follow: &mut Follow,
    interrupts: &Interrupts,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) {
    let mut status = None;
    while interrupts.count() == 0 && !out.is_closed() {
        let Some(now) = AttemptCard::of(&exchange.state(), card.attempt.id) else {
            return;
        };
        if status.replace(now.status) != Some(now.status) {
            out.attempt_moved(&now);
        }
        let events = exchange.events(BEAT);
        follow.take(exchange, out, &events);
        if !now.status.is_active() && events.is_empty() || events.contains(&Event::Ended) {
            return;
        }
    }
}

fn raw(card: &AttemptCard, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let mut has_failed = false;
    for execution_id in executions(&exchange.state(), card.attempt.id) {
        if let Err(problem) = raw_of(execution_id, exchange, out) {
            has_failed |= problem.code != ProblemCode::NotFound;
            out.problem(&problem);
        }
    }
    Ok(ending(has_failed))
}

/// All raw lines of an execution, page by page.
fn raw_of(execution_id: ExecutionId, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<(), Problem> {
    let mut first = 0;
    loop {
        let page = exchange.raw_log(execution_id, PageRange::From { first, count: PAGE })?;
        page.lines
            .iter()
            .for_each(|line| out.raw_line(execution_id, line));
        first += page.lines.len() as u64;
        if page.lines.is_empty() || first >= page.total || out.is_closed() {
            return Ok(());
        }
    }
}
