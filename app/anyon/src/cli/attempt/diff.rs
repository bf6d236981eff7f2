//! `anyon attempt diff`: what an attempt changed, once or as it changes.

use crate::cli::{
    cards::AttemptCard, ending::Ending, exchange::Exchange, interrupts::Interrupts, name, out::Out,
};
use anyon_model::{AttemptId, Event, MergeKind, Problem, Query, State, WorktreeState};
use clap::Args;
use std::time::Duration;

const BEAT: Duration = Duration::from_millis(200);

/// Show what an attempt changed
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The attempt: `ANY-1.1`, its id, or the start of its id
    attempt: String,
    /// Only the files and how many lines
    #[arg(long)]
    stat: bool,
    /// As a patch for `git apply`, binary files and modes included
    #[arg(long, conflicts_with_all = ["stat", "watch"])]
    patch: bool,
    /// Show it again whenever files change, until the attempt is at rest
    #[arg(long)]
    watch: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Runs it.
pub fn run(args: &DiffArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let state = exchange.state();
    let card = name::attempt(&state, &args.attempt)?;
    if let Some(words) = kept_words(&state, &card).filter(|_| !out.is_json()) {
        out.note(&words);
    }
    if args.patch {
        let patch = exchange.diff_patch(card.attempt.id)?;
        out.patch(&card.name, &patch.bytes);
        return Ok(Ending::Done);
    }
    show(args, &card, exchange, out)?;
    if args.watch {
        let interrupts = Interrupts::watch();
        watch(args, &card, &interrupts, exchange, out)?;
        exchange.query(Query::UnwatchDiff {
            attempt_id: card.attempt.id,
        })?;
    }
    Ok(Ending::Done)
}

/// What is shown of an attempt that is over.
fn kept_words(state: &State, card: &AttemptCard) -> Option<String> {
    let merge = state.shard_of_attempt(card.attempt.id)?.merge_of(card.attempt.id);
    match merge.map(|merge| (&merge.target, &merge.kind)) {
        Some((target, MergeKind::Direct { commit, .. })) => {
            let commit = commit.get(..7).unwrap_or(commit);
            Some(format!("what landed on {target} as {commit}"))
        }
        _ if card.attempt.worktree.state == WorktreeState::Removed => {
            Some("the worktree is gone: from its last snapshot".into())
        }
        _ => None,
    }
}

fn show(
    args: &DiffArgs,
    card: &AttemptCard,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<(), Problem> {
    let summary = exchange.diff_summary(card.attempt.id, args.watch)?;
    if !args.stat && !args.watch {
        let files = exchange.diff_all(card.attempt.id)?;
        out.diff_files(&card.name, &files);
    }
    if args.stat || args.watch || out.is_json() || summary.files.is_empty() {
        out.diff(&card.name, &summary);
    }
    Ok(())
}

fn watch(
    args: &DiffArgs,
    card: &AttemptCard,
    interrupts: &Interrupts,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<(), Problem> {
    let attempt_id = card.attempt.id;
    while interrupts.count() == 0 && !out.is_closed() {
        let events = exchange.events(BEAT);
        if events.contains(&Event::DiffChanged { attempt_id }) {
            show(args, card, exchange, out)?;
        } else if events.contains(&Event::Ended) || is_at_rest(exchange, attempt_id) {
            return Ok(());
        }
    }
    Ok(())
}

fn is_at_rest(exchange: &Exchange<'_>, attempt_id: AttemptId) -> bool {
    let state = exchange.state();
    !AttemptCard::of(&state, attempt_id).is_some_and(|card| card.status.is_active())
}
