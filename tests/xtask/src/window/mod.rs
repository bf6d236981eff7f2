//! The real window, driven as a person without a mouse would: through the accessibility tree and the keyboard, on a
//! display, a session bus and a home folder of its own.
//!
//! Each story is told by [`stories`]; what they stand on is one file each. Nothing waits for a time: everything waits
//! for something to be seen, with a limit.

mod beside;
mod by_mcp;
mod desk;
mod display;
mod front;
mod killed;
mod main_job;
mod manager;
mod processes;
mod product;
mod renderers;
mod repository;
mod terminal;
mod tree;
mod wait;

use anyhow::Context;
use desk::Desk;
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

/// Drives the real window.
#[derive(clap::Args)]
pub struct Arguments {
    /// The program
    #[arg(long, default_value = "target/debug/anyon")]
    program: PathBuf,
    /// Only stories whose name contains this
    #[arg(long)]
    only: Option<String>,
    /// Folder for pictures of each step, else the one that `ANYON_WINDOW_SHOTS` names
    #[arg(long)]
    shots: Option<PathBuf>,
}

/// Where pictures go if nobody names a folder.
const SHOTS: &str = "target/window-shots";

type Story = fn(&Path, &Path) -> anyhow::Result<()>;

/// The story that needs an MCP client.
const BY_MCP: &str = "by MCP alone";

/// Every story by its name.
const STORIES: &[(&str, Story)] = &[
    ("main job", main_job::tell),
    ("killed in the middle", killed::tell),
    ("beside a host", beside::tell),
    (BY_MCP, by_mcp::tell),
    ("to the front", front::tell),
    ("renderers", renderers::tell),
];

/// Tells the stories, one after the other.
#[expect(clippy::print_stdout, reason = "a chore tells how it went")]
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    Desk::check_tools()?;
    let program = arguments
        .program
        .canonicalize()
        .with_context(|| format!("{} is not there; cargo build", arguments.program.display()))?;
    let named = std::env::var_os("ANYON_WINDOW_SHOTS").map(PathBuf::from);
    let shots = arguments.shots.clone().or(named).unwrap_or_else(|| SHOTS.into());
    fs::create_dir_all(&shots)?;
    let shots = shots.canonicalize()?;
    let mut failed = false;
    for (name, tell) in STORIES {
        if arguments.only.as_ref().is_some_and(|only| !name.contains(only)) {
            continue;
        }
        if let (true, Some(why)) = (*name == BY_MCP, by_mcp::missing()) {
            println!("{name}: left out, {why}");
            continue;
        }
        let begun = Instant::now();
        let ended = tell(&program, &shots);
        let seconds = begun.elapsed().as_secs_f32();
        match ended {
            Ok(()) => println!("{name}: as it should be ({seconds:.1} s)"),
            Err(error) => {
                failed = true;
                let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
                println!(
                    "{name}: FAILED ({seconds:.1} s)\n{}",
                    causes.join("\n\nbecause: ")
                );
            }
        }
    }
    println!("pictures: {}", shots.display());
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
