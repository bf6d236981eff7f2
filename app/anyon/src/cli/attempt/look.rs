//! `anyon attempt list` and `anyon attempt show`.

use crate::cli::{cards::AttemptCard, ending::Ending, exchange::Exchange, name, out::Out};
use anyon_model::Problem;
use clap::Args;

/// List attempts
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only of this project: name, folder or id
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Show an attempt
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The attempt: `ANY-1.1`, its id, or the start of its id
    attempt: String,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Lists them.
pub fn list(args: &ListArgs, exchange: &Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let state = exchange.state();
    let mut cards = AttemptCard::all(&state);
    if let Some(project) = &args.project {
        let project_id = name::project(&state, project)?.project.id;
        cards.retain(|card| card.attempt.project_id == project_id);
    }
    out.attempts(&cards);
    Ok(Ending::Done)
}

/// Shows one, with the files it changed while its worktree is there.
pub fn show(args: &ShowArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let state = exchange.state();
    let card = name::attempt(&state, &args.attempt)?;
    out.attempt(&card);
    for approval in &card.approvals {
        if out.is_json() {
            out.approval(&card, approval);
        }
    }
    if card.attempt.worktree.state == anyon_model::WorktreeState::Ready {
        let summary = exchange.diff_summary(card.attempt.id, false)?;
        out.diff(&card.name, &summary);
    }
    Ok(Ending::Done)
}
