//! `anyon backup`: a consistent copy of the store, also while agents work.

use super::{ending::Ending, exchange::Exchange, name, out::Out};
use anyon_model::{Command, Problem};
use clap::Args;
use std::path::PathBuf;

/// Copy the store to a file
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The file; must not exist
    file: PathBuf,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Runs it.
pub fn run(args: &BackupArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let path = name::absolute(&args.file)?;
    exchange.command(Command::Backup { path: path.clone() })?;
    out.done(
        "backup",
        &format!("the store is copied to {path}; logs and worktrees are not in it"),
    );
    Ok(Ending::Done)
}
