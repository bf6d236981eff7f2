//! `anyon attempt resume` and `anyon attempt send`: go on with an attempt, followed in the terminal.

use crate::cli::{
    ending::Ending,
    exchange::Exchange,
    interrupts::Interrupts,
    name,
    out::Out,
    run::{stay, voice},
};
use anyon_model::{Command, Problem};
use clap::Args;

/// Go on with an attempt that was interrupted, stopped or failed
#[derive(Debug, Args)]
pub struct ResumeArgs {
    /// The attempt: `ANY-1.1`, its id, or the start of its id
    attempt: String,
    /// What the agent is told
    text: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Send a further prompt to an attempt
#[derive(Debug, Args)]
pub struct SendArgs {
    /// The attempt: `ANY-1.1`, its id, or the start of its id
    attempt: String,
    /// What the agent is told
    text: String,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Goes on.
pub fn resume(args: &ResumeArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let attempt_id = name::attempt(&exchange.state(), &args.attempt)?.attempt.id;
    let text = args.text.clone();
    go_on(
        Command::ResumeAttempt { attempt_id, text },
        attempt_id,
        exchange,
        out,
    )
}

/// Sends it.
pub fn send(args: &SendArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let attempt_id = name::attempt(&exchange.state(), &args.attempt)?.attempt.id;
    let text = args.text.clone();
    go_on(Command::FollowUp { attempt_id, text }, attempt_id, exchange, out)
}

fn go_on(
    command: Command,
    attempt_id: anyon_model::AttemptId,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<Ending, Problem> {
    let interrupts = Interrupts::watch();
    exchange.command(command)?;
    let voice = voice(out);
    stay(attempt_id, voice, interrupts, exchange, out)
}
