//! `anyon doctor`: whether Anyon itself can work here, and what it finds of agents.
//!
//! Its own health decides the exit status; agents are findings. Names of variables are shown, values never.

mod agents;
mod health;
mod probe;

use super::{ending::Ending, out::Out};
use clap::Args;
use std::path::Path;

/// Check whether Anyon can work here, and which agents it finds
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Runs it.
pub fn run(data_folder: &Path, out: &mut Out) -> Ending {
    let is_healthy = health::check(data_folder, out);
    agents::look(data_folder, out);
    match is_healthy {
        true => Ending::Done,
        false => Ending::Lacking,
    }
}
