//! `anyon restore`: a backup takes the store's place; the replaced store is kept.

use super::{clock, ending::Ending, name, out::Out};
use anyon_model::Problem;
use anyon_storage::Store;
use clap::Args;
use std::path::{Path, PathBuf};

/// Put a backup of the store in its place (an attempt's files come back with `anyon attempt restore`)
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The backup
    file: PathBuf,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Runs it. The store must not be open, so this is done without a host.
pub fn run(args: &RestoreArgs, data_folder: &Path, out: &mut Out) -> Result<Ending, Problem> {
    let file = name::absolute(&args.file)?;
    let replaced = Store::restore(data_folder, file.as_path(), clock::now())?;
    out.done("restored", &format!("{file} is the store now"));
    if replaced.exists() {
        out.note(&format!("the replaced store is kept as {}", replaced.display()));
    }
    Ok(Ending::Done)
}
