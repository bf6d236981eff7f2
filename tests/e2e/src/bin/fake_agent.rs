//! The fake agent as a program.

use std::{io::Write, process::ExitCode};

fn main() -> ExitCode {
    match anyon_e2e::fake_agent::run() {
        Ok(status) => u8::try_from(status).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "fake agent: {error}");
            ExitCode::FAILURE
        }
    }
}
