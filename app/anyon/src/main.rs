//! The binary of Anyon: the supervisor of a process, the demo agent, the window, or the command line.
//!
//! The first two come before anything else: they are other programs that only share the file.

mod cli;
mod demo;
mod host;
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
        _ => {
            log_to_stderr();
            cli::main()
        }
    }
}

/// What goes wrong inside goes to standard error; `ANYON_LOG` asks for more.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("ANYON_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
