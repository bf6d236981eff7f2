//! `anyon attempt resume` and `anyon attempt send`: go on with an attempt, followed in the terminal.

use crate::cli::{
    agent,
    ending::Ending,
    exchange::Exchange,
    interrupts::Interrupts,
    name,
    out::Out,
    recipient::Names,
    run::{Approve, stay, voice},
};
use anyon_model::{AttemptId, Command, Problem};
use clap::Args;

/// Go on with an attempt that rests: interrupted, stopped, failed or done
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
    #[arg(long, value_name = "ID", help = agent::help("; another one than the last takes over in the same worktree"))]
    agent: Option<String>,
    /// The agent's variant, such as PLAN
    #[arg(long, value_name = "V")]
    variant: Option<String>,
    /// The model, in the agent's words; empty: the one it uses by itself
    #[arg(long, value_name = "M")]
    model: Option<String>,
    /// What passes without asking from now on
    #[arg(long, value_enum)]
    approve: Option<Approve>,
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
    let state = exchange.state();
    let attempt_id = name::attempt(&state, &args.attempt)?.attempt.id;
    let names = Names {
        agent: args.agent.clone(),
        variant: args.variant.clone(),
        model: args.model.clone(),
    };
    let to = names.recipient(&state, attempt_id);
    if let Some(approve) = args.approve {
        let approve = approve.into();
        exchange.command(Command::SetApproveMode { attempt_id, approve })?;
    }
    let text = args.text.clone();
    go_on(
        Command::SendTo { attempt_id, to, text },
        attempt_id,
        exchange,
        out,
    )
}

fn go_on(
    command: Command,
    attempt_id: AttemptId,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<Ending, Problem> {
    let interrupts = Interrupts::watch();
    exchange.command(command)?;
    let voice = voice(out);
    stay(attempt_id, voice, interrupts, exchange, out)
}
