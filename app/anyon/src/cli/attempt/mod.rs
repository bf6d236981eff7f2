//! `anyon attempt`: look at attempts, go on with them, bring them home or give them up.

mod change;
mod diff;
mod log;
mod look;
mod resume;
mod warn;

pub use change::land;

use super::{ending::Ending, exchange::Exchange, out::Out};
use anyon_model::Problem;
use clap::{Args, Subcommand};

/// Look at attempts, go on with them, land them or give them up
#[derive(Debug, Args)]
pub struct AttemptArgs {
    #[command(subcommand)]
    verb: AttemptVerb,
}

#[derive(Debug, Subcommand)]
enum AttemptVerb {
    List(look::ListArgs),
    Show(look::ShowArgs),
    Log(log::LogArgs),
    Diff(diff::DiffArgs),
    Commit(change::CommitArgs),
    Merge(change::MergeArgs),
    Undo(change::UndoArgs),
    Resume(resume::ResumeArgs),
    Send(resume::SendArgs),
    Stop(change::StopArgs),
    Drop(change::DropArgs),
    Restore(change::RestoreArgs),
}

impl AttemptArgs {
    /// JSON is wanted.
    pub fn json(&self) -> bool {
        match &self.verb {
            AttemptVerb::List(args) => args.json,
            AttemptVerb::Show(args) => args.json,
            AttemptVerb::Log(args) => args.json,
            AttemptVerb::Diff(args) => args.json,
            AttemptVerb::Commit(args) => args.json,
            AttemptVerb::Merge(args) => args.json,
            AttemptVerb::Undo(args) => args.json,
            AttemptVerb::Resume(args) => args.json,
            AttemptVerb::Send(args) => args.json,
            AttemptVerb::Stop(args) => args.json,
            AttemptVerb::Drop(args) => args.json,
            AttemptVerb::Restore(args) => args.json,
        }
    }
}

/// Runs it.
pub fn run(args: &AttemptArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    match &args.verb {
        AttemptVerb::List(args) => look::list(args, exchange, out),
        AttemptVerb::Show(args) => look::show(args, exchange, out),
        AttemptVerb::Log(args) => log::run(args, exchange, out),
        AttemptVerb::Diff(args) => diff::run(args, exchange, out),
        AttemptVerb::Commit(args) => change::commit(args, exchange, out),
        AttemptVerb::Merge(args) => change::merge(args, exchange, out),
        AttemptVerb::Undo(args) => change::undo(args, exchange, out),
        AttemptVerb::Resume(args) => resume::resume(args, exchange, out),
        AttemptVerb::Send(args) => resume::send(args, exchange, out),
        AttemptVerb::Stop(args) => change::stop(args, exchange, out),
        AttemptVerb::Drop(args) => change::drop(args, exchange, out),
        AttemptVerb::Restore(args) => change::restore(args, exchange, out),
    }
}
