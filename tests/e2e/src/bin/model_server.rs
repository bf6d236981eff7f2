//! The model server by itself, to try an agent's command line by hand: `model-server FILE [NAME=VALUE …]`.
//!
//! Prints its address and the requests it sees, until its standard input is closed.

use anyon_e2e::model_server::ModelServer;
use std::{io, process::ExitCode, time::Duration};

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            complain(&e);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the only output of a program for developers")]
fn complain(error: &io::Error) {
    eprintln!("model-server FILE [NAME=VALUE …]: {error}");
}

#[expect(clippy::print_stdout, reason = "the only output of a program for developers")]
fn serve() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or_else(|| io::Error::other("which scenario?"))?;
    let variables: Vec<String> = args.collect();
    let variables: Vec<(&str, &str)> = variables.iter().filter_map(|v| v.split_once('=')).collect();
    let scenario = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let server = ModelServer::start(scenario, &variables)?;
    println!("{}", server.address());
    let closed = std::thread::spawn(|| io::copy(&mut io::stdin(), &mut io::sink()));
    let mut told = 0;
    while !closed.is_finished() {
        for request in server.requests().iter().skip(told) {
            told += 1;
            let kind = request.kind.map_or("-", |kind| kind.as_str());
            println!(
                "{} {} {kind} {}",
                request.method,
                request.path,
                request.last_message()
            );
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
