//! What is done with an attempt's work: commit, merge, undo, stop, drop, restore.

use crate::cli::{
    cards::AttemptCard,
    ending::Ending,
    exchange::Exchange,
    interrupts::Interrupts,
    name,
    out::{Landing, Out},
    run::unexpected,
};
use anyon_model::{
    AttemptStatus, Command, Outcome, Problem, ProblemCode, Snapshot, SnapshotId, State, WorktreeState,
};
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

/// Take a landing back: the target stands where it stood before, the attempt has its files again
#[derive(Debug, Args)]
pub struct UndoArgs {
    /// The attempt: `ANY-1.1`, its id, or the start of its id
    attempt: String,
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

/// Put an attempt's files back to a snapshot (a backup of the store comes back with `anyon restore`)
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
    super::warn::of_large_files(&card, exchange, out);
    let landing = land(&card, args.message.clone(), args.keep_worktree, exchange, out)?;
    out.merged(&landing);
    out.next(&[format!("anyon attempt undo {}", card.name)]);
    Ok(Ending::Done)
}

/// Takes a landing back.
pub fn undo(args: &UndoArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let state = exchange.state();
    let card = name::attempt(&state, &args.attempt)?;
    let shard = state.shard_of_attempt(card.attempt.id);
    let Some(merge) = shard.and_then(|shard| shard.merge_of(card.attempt.id)) else {
        return Err(Problem::new(
            ProblemCode::WrongState,
            format!("{} has not landed, so there is nothing to undo", card.name),
        )
        .hint(format!(
            "it is {}: anyon attempt show {}",
            card.status.as_str(),
            card.name
        )));
    };
    let merge_id = merge.id;
    to_its_end(Command::UndoMerge { merge_id }, exchange, out)?;
    out.done(
        "undone",
        &format!("{} is taken back from {}", card.name, merge.target),
    );
    files_back(&card, exchange, out)
}

/// An attempt whose landing was undone can be gone on with: it has its worktree again.
fn files_back(card: &AttemptCard, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let state = exchange.state();
    let is_gone = AttemptCard::of(&state, card.attempt.id)
        .is_some_and(|card| card.attempt.worktree.state == WorktreeState::Removed);
    let snapshots = snapshots_of(&state, card);
    match snapshots.last().filter(|_| is_gone) {
        Some(snapshot) => put_back(card, snapshot.id, exchange, out),
        None => Ok(Ending::Done),
    }
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
    let landed = to_its_end(command, exchange, out).map_err(|problem| with_the_way_out(problem, card));
    let Outcome::Landed { commit, target, .. } = landed? else {
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

/// Where conflicts are resolved, and how: by the person or by the agent.
fn with_the_way_out(problem: Problem, card: &AttemptCard) -> Problem {
    if problem.code != ProblemCode::Conflicts {
        return problem;
    }
    let (name, target) = (&card.name, &card.attempt.target);
    problem.hint(format!(
        "resolve them in the worktree, then land again: cd {} && git merge {target}; or have the agent do it: \
         anyon attempt send {name} \"Merge {target} and resolve the conflicts\"",
        card.attempt.worktree.path.quoted()
    ))
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
    if snapshots_of(&exchange.state(), &card).is_empty() {
        out.done(
            "dropped",
            &format!("{} is dropped; it had no work to keep", card.name),
        );
        return Ok(Ending::Done);
    }
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
    put_back(&card, snapshot.id, exchange, out)
}

fn put_back(
    card: &AttemptCard,
    snapshot_id: SnapshotId,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<Ending, Problem> {
    match to_its_end(Command::RestoreSnapshot { snapshot_id }, exchange, out)? {
        Outcome::Restored { worktree } => {
            out.done("restored", &format!("{} is back in {worktree}", card.name));
        }
        _ => return Err(unexpected()),
    }
    let now = AttemptCard::of(&exchange.state(), card.attempt.id);
    if now.is_some_and(|now| now.status == AttemptStatus::Landed) {
        out.note(
            "it has landed, so its files are only there to look at; to go on with it, undo the landing:",
        );
        out.next(&[format!("anyon attempt undo {}", card.name)]);
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
