//! The binary of Anyon: the supervisor of a process, the demo agent, the window, or the command line.
//!
//! The first two come before anything else: they are other programs that only share the file.

mod cli;
mod demo;
mod host;
mod log;
mod mcp;
mod window;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os();
    match args.nth(1).as_ref().and_then(|word| word.to_str()) {
        Some("--supervise") => std::process::exit(anyon_executors::process::supervise(args)),
        Some("--demo-agent") => {
            demo::demo_agent();
            ExitCode::SUCCESS
        }
        _ => cli::main(),
    }
}
