//! Chores of the repository: `cargo xtask <chore>`. One file or folder a chore, one line for it here.

mod crash;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Chores of the repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Kill a process that writes the store and a log, again and again, and see that nothing acknowledged is lost
    Crash(crash::Arguments),
    /// The process that is killed
    #[command(hide = true)]
    CrashWriter(crash::WriterArguments),
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().chore {
        Chore::Crash(arguments) => crash::run(&arguments),
        Chore::CrashWriter(arguments) => crash::write(&arguments),
    }
}
