//! Chores of the repository: `cargo xtask <chore>`. One file or folder a chore, one line for it here.

mod crash;
#[cfg(target_os = "linux")]
mod election;
mod screenshots;
#[cfg(target_os = "linux")]
mod window;

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
    /// Kill the host again and again while twelve programs work through it
    #[cfg(target_os = "linux")]
    Election(election::Arguments),
    /// Paint the README's pictures
    Screenshots(screenshots::Arguments),
    /// Drive the real window on a display of its own, and see what git says after each step
    #[cfg(target_os = "linux")]
    Window(window::Arguments),
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().chore {
        Chore::Crash(arguments) => crash::run(&arguments),
        Chore::CrashWriter(arguments) => crash::write(&arguments),
        #[cfg(target_os = "linux")]
        Chore::Election(arguments) => election::run(&arguments),
        Chore::Screenshots(arguments) => screenshots::run(&arguments),
        #[cfg(target_os = "linux")]
        Chore::Window(arguments) => window::run(&arguments),
    }
}
