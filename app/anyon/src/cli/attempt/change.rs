//! What is done with an attempt's work: commit, merge, stop, drop, restore.

use crate::cli::{
    cards::AttemptCard,
    ending::Ending,
    exchange::Exchange,
    interrupts::Interrupts,
    name,
    out::{Landing, Out},
    run::unexpected,
};
use anyon_model::{Command, Outcome, Problem, ProblemCode, Snapshot, State};
use clap::Args;
use std::sync::Arc;

/// Commit the open work of an attempt to its branch
#[derive(Debug, Args)]
pub struct CommitArgs {
    /// The attempt: `ANY-1.1`, its id, or the start of its id
    attempt: String,
    /// The message; one made from the task by default
    #[arg(short, long)]
    message: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Land an attempt on its target branch as one commit
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// The attempt: `ANY-1.1`, its id, or the start of its id
    attempt: String,
    /// The message; one made from the task by default
    #[arg(short, long)]
    message: Option<String>,
    /// Leave the worktree where it is
    #[arg(long)]
    keep_worktree: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Stop an attempt's agent and everything it started
#[derive(Debug, Args)]
pub struct StopArgs {
    /// The attempt: `ANY-1.1`, its id, or the start of its id
    attempt: String,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Give an attempt up: a snapshot is kept, worktree and branch are removed
#[derive(Debug, Args)]
pub struct DropArgs {
    /// The attempt: `ANY-1.1`, its id, or the start of its id
    attempt: String,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Put an attempt's files back to a snapshot
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The attempt: `ANY-1.1`, its id, or the start of its id
    attempt: String,
    /// Number of the snapshot; the newest by default
    snapshot: Option<u32>,
    /// List the snapshots
    #[arg(long)]
    list: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Commits.
pub fn commit(args: &CommitArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let card = name::attempt(&exchange.state(), &args.attempt)?;
    let attempt_id = card.attempt.id;
    let message = args.message.clone();
    match to_its_end(Command::CommitAttempt { attempt_id, message }, exchange, out)? {
        Outcome::Committed { commit } => out.committed(&card.name, commit.as_deref()),
        _ => return Err(unexpected()),
    }
    Ok(Ending::Done)
}

/// Lands.
pub fn merge(args: &MergeArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let card = name::attempt(&exchange.state(), &args.attempt)?;
    let landing = land(&card, args.message.clone(), args.keep_worktree, exchange, out)?;
    out.merged(&landing);
    Ok(Ending::Done)
}

/// Lands an attempt.
pub fn land(
    card: &AttemptCard,
    message: Option<String>,
    keep_worktree: bool,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<Landing, Problem> {
    let attempt_id = card.attempt.id;
    let command = Command::MergeAttempt {
        attempt_id,
        message,
        keep_worktree,
    };
    let Outcome::Landed { commit, target, .. } = to_its_end(command, exchange, out)? else {
        return Err(unexpected());
    };
    let state = exchange.state();
    let repo = state
        .shard_of_attempt(attempt_id)
        .map(|shard| shard.project.repo_path.to_string());
    Ok(Landing {
        commit,
        target,
        repo: repo.unwrap_or_default(),
        attempt: card.name.clone(),
    })
}

/// Stops.
pub fn stop(args: &StopArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let card = name::attempt(&exchange.state(), &args.attempt)?;
    exchange.command(Command::StopAttempt {
        attempt_id: card.attempt.id,
    })?;
    out.done("stopped", &format!("{} is stopped", card.name));
    Ok(Ending::Done)
}

/// Gives it up.
pub fn drop(args: &DropArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let card = name::attempt(&exchange.state(), &args.attempt)?;
    let attempt_id = card.attempt.id;
    to_its_end(Command::DropAttempt { attempt_id }, exchange, out)?;
    out.done(
        "dropped",
        &format!("{} is dropped; its work is kept as a snapshot", card.name),
    );
    out.next(&[format!("anyon attempt restore {}", card.name)]);
    Ok(Ending::Done)
}

/// Puts files back.
pub fn restore(args: &RestoreArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let state = exchange.state();
    let card = name::attempt(&state, &args.attempt)?;
    let snapshots = snapshots_of(&state, &card);
    if args.list {
        snapshots.iter().for_each(|snapshot| tell_snapshot(snapshot, out));
        return Ok(Ending::Done);
    }
    let chosen = match args.snapshot {
        Some(number) => snapshots.iter().find(|snapshot| snapshot.number == number),
        None => snapshots.last(),
    };
    let Some(snapshot) = chosen else {
        return Err(Problem::new(
            ProblemCode::NotFound,
            format!("{} has no such snapshot", card.name),
        )
        .hint(format!(
            "list them with `anyon attempt restore {} --list`",
            card.name
        )));
    };
    let snapshot_id = snapshot.id;
    match to_its_end(Command::RestoreSnapshot { snapshot_id }, exchange, out)? {
        Outcome::Restored { worktree } => {
            out.done("restored", &format!("{} is back in {worktree}", card.name))
        }
        _ => return Err(unexpected()),
    }
    Ok(Ending::Done)
}

/// Sends a command that cannot be cut in the middle. Ctrl+C meanwhile ends this after it; the third ends it at once.
fn to_its_end(command: Command, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Outcome, Problem> {
    let interrupts = Interrupts::watch();
    let mut told = false;
    exchange.command_with(command, &mut || {
        if interrupts.count() > 0 && !told {
            told = true;
            out.note("this cannot be cut in the middle: it ends when that is done");
        }
    })
}

fn snapshots_of(state: &State, card: &AttemptCard) -> Vec<Arc<Snapshot>> {
    let shard = state.shard_of_attempt(card.attempt.id);
    shard
        .map(|shard| shard.snapshots_of(card.attempt.id).cloned().collect())
        .unwrap_or_default()
}

fn tell_snapshot(snapshot: &Snapshot, out: &mut Out) {
    let at = crate::cli::clock::local_time(snapshot.created_at);
    if out.is_json() {
        out.object(&serde_json::json!({
            "event": "snapshot", "id": snapshot.id, "number": snapshot.number, "commit": snapshot.commit,
            "head": snapshot.head, "reason": snapshot.reason, "created_at": snapshot.created_at,
        }));
    } else {
        out.done(
            "snapshot",
            &format!(
                "{:>3}  {at}  {:?}  {}",
                snapshot.number, snapshot.reason, snapshot.commit
            ),
        );
    }
}
