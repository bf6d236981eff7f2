//! The fake agent: a stand-in for Claude Code that does what a script says, also what no agent should do.
//!
//! It speaks `stream-json` on its standard streams, really writes files and runs commands in its folder, and
//! misbehaves on request. Tests put it in front of PATH under the name `claude`. Blocking, no runtime, starts fast.

pub mod burst;
mod ear;
mod mischief;
mod mouth;
mod play;
pub mod record;
pub mod script;
mod steps;

use play::Player;
use record::Record;
pub use script::{Script, Step};
use serde_json::json;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Runs it with the arguments and the environment of this process. Returns the exit status.
pub fn run() -> io::Result<i32> {
    let script = match std::env::var_os("FAKE_AGENT_SCRIPT") {
        Some(file) => Script::read(&PathBuf::from(file))?,
        None => Script::default(),
    };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--version" | "-v"] => print(&script.version, 0),
        ["auth", "status", ..] => auth_status(script.logged_in),
        _ => converse(script, &arguments),
    }
}

fn print(text: &str, status: i32) -> io::Result<i32> {
    writeln!(io::stdout(), "{text}")?;
    Ok(status)
}

fn auth_status(logged_in: bool) -> io::Result<i32> {
    let method = if logged_in { "claude.ai" } else { "none" };
    let told = json!({"loggedIn": logged_in, "authMethod": method, "apiProvider": "firstParty"});
    print(&told.to_string(), i32::from(!logged_in))
}

fn converse(script: Script, arguments: &[String]) -> io::Result<i32> {
    if script.ignores_term {
        mischief::restart_deaf_to_signals()?;
    }
    let record = Record::open();
    let status = Player::new(script, arguments, record.clone()).play()?;
    record.note("ended", &json!(status));
    Ok(status)
}
