//! The command line: what is typed becomes commands and questions, what comes back becomes lines.
//!
//! One verb, one file. A verb speaks with the host only through a client; the host may be in this process or not.

mod agent;
mod answer;
pub mod attempt;
mod backup;
mod cards;
pub mod clock;
mod demo;
mod doctor;
mod drive;
mod ending;
pub mod exchange;
mod export;
mod follow;
pub mod interrupts;
mod lines;
mod mcp_config;
mod name;
pub mod out;
mod project;
mod recipient;
mod replay;
mod restore;
mod rule;
mod run;
mod task;

use crate::{
    host::{self, default_data_folder, with_host},
    log, mcp, window,
};
use anyon_model::{Problem, ProblemCode};
use clap::{CommandFactory, Parser, Subcommand};
use ending::Ending;
use out::{Out, Reader};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Run many AI coding agents side by side, each in its own git worktree, and bring home only what passed review
#[derive(Debug, Parser)]
#[command(name = "anyon", version, after_help = "Try it without any agent: anyon demo")]
struct Cli {
    /// Folder of the store, logs and worktrees; ANYON_DATA_DIR by default, else the system's place for data
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Hold the store for other programs, without a window; ends when nothing runs and nobody is connected
    #[arg(long)]
    host: bool,
    /// Serve an MCP client on standard input and output
    #[arg(long)]
    mcp: bool,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Demo(demo::DemoArgs),
    Run(Box<run::RunArgs>),
    Attempt(attempt::AttemptArgs),
    Task(task::TaskArgs),
    Project(project::ProjectArgs),
    Rule(rule::RuleArgs),
    Doctor(doctor::DoctorArgs),
    McpConfig(mcp_config::McpConfigArgs),
    Replay(replay::ReplayArgs),
    Export(export::ExportArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
}

impl Verb {
    fn json(&self) -> bool {
        match self {
            Self::Demo(args) => args.json,
            Self::Run(args) => args.json,
            Self::Attempt(args) => args.json(),
            Self::Task(args) => args.json(),
            Self::Project(args) => args.json(),
            Self::Rule(args) => args.json(),
            Self::Doctor(args) => args.json,
            Self::McpConfig(args) => args.json,
            Self::Replay(args) => args.json,
            Self::Export(args) => args.json,
            Self::Backup(args) => args.json,
            Self::Restore(args) => args.json,
        }
    }
}

/// Does what the arguments say.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if cli.host {
        return match cli.verb {
            None => host_alone(cli.data_dir),
            Some(_) => with_a_verb("--host"),
        };
    }
    log::to_stderr();
    if cli.mcp {
        return match cli.verb {
            None => serve_mcp(cli.data_dir),
            Some(_) => with_a_verb("--mcp"),
        };
    }
    let Some(verb) = cli.verb else {
        return without_verb(cli.data_dir);
    };
    let mut out = Out::new(verb.json());
    let ending = data_folder(cli.data_dir).and_then(|folder| dispatch(&verb, &folder, &mut out));
    let ending = ending.unwrap_or_else(|problem| {
        out.problem(&problem);
        Ending::of(&problem)
    });
    ExitCode::from(told(ending, out.reader()).status())
}

/// A host for others. Whoever started it reads one line of JSON.
fn host_alone(data_dir: Option<PathBuf>) -> ExitCode {
    let mut out = Out::new(true);
    let served = data_folder(data_dir).and_then(|folder| {
        log::to_file(&folder);
        host::serve(&folder, &mut out)
    });
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            out.problem(&problem);
            ExitCode::from(Ending::of(&problem).status())
        }
    }
}

fn with_a_verb(option: &str) -> ExitCode {
    let title = format!("`{option}` takes no verb");
    let problem = Problem::new(ProblemCode::InvalidRequest, title).hint("see `anyon --help`");
    Out::new(false).problem(&problem);
    ExitCode::from(Ending::of(&problem).status())
}

/// What could not be written was not done, whatever else was. A reader that had enough is none of it.
fn told(ending: Ending, reader: &Reader) -> Ending {
    let Reader::Lost(why) = reader else {
        return ending;
    };
    let title = "What there was to say could not be written";
    Out::new(false).problem(&Problem::new(ProblemCode::Io, title).detail(why));
    match ending {
        Ending::Done => Ending::Failed,
        ending => ending,
    }
}

fn dispatch(verb: &Verb, data_folder: &Path, out: &mut Out) -> Result<Ending, Problem> {
    match verb {
        Verb::Demo(args) => demo::run(args, out),
        Verb::Doctor(_) => Ok(doctor::run(data_folder, out)),
        Verb::McpConfig(args) => mcp_config::run(args, data_folder, out),
        Verb::Replay(args) => replay::run(args, out),
        Verb::Restore(args) => restore::run(args, data_folder, out),
        Verb::Run(args) => with_host(data_folder, out, |exchange, out| run::run(args, exchange, out)),
        Verb::Attempt(args) => with_host(data_folder, out, |exchange, out| {
            attempt::run(args, exchange, out)
        }),
        Verb::Task(args) => with_host(data_folder, out, |exchange, out| task::run(args, exchange, out)),
        Verb::Project(args) => with_host(data_folder, out, |exchange, out| {
            project::run(args, exchange, out)
        }),
        Verb::Rule(args) => with_host(data_folder, out, |exchange, out| rule::run(args, exchange, out)),
        Verb::Export(args) => with_host(data_folder, out, |exchange, out| export::run(args, exchange, out)),
        Verb::Backup(args) => with_host(data_folder, out, |exchange, out| backup::run(args, exchange, out)),
    }
}

fn data_folder(named: Option<PathBuf>) -> Result<PathBuf, Problem> {
    let named = named.or_else(|| {
        std::env::var_os("ANYON_DATA_DIR")
            .filter(|name| !name.is_empty())
            .map(PathBuf::from)
    });
    match named {
        Some(folder) => Ok(name::absolute(&folder)?.as_path().to_path_buf()),
        None => default_data_folder(),
    }
}

/// Everything but the protocol goes to standard error.
fn serve_mcp(data_dir: Option<PathBuf>) -> ExitCode {
    let served = data_folder(data_dir).and_then(mcp::serve);
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            Out::new(false).problem(&problem);
            ExitCode::from(Ending::of(&problem).status())
        }
    }
}

/// Without a verb: the window, or where none can be shown what else there is.
fn without_verb(data_dir: Option<PathBuf>) -> ExitCode {
    if !window::display_is_there() {
        return short_help();
    }
    let opened = data_folder(data_dir).and_then(|data_folder| {
        if host::focus_open_window(&data_folder) {
            return Ok(());
        }
        window::open(window::WindowOptions {
            data_folder,
            tour: None,
        })
    });
    match opened {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            Out::new(false).problem(&problem);
            ExitCode::from(Ending::of(&problem).status())
        }
    }
}

/// What there is. Nothing was asked, so nothing went wrong.
fn short_help() -> ExitCode {
    // A closed standard output leaves nobody to help.
    let _ = Cli::command().print_help();
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_data_folder_is_absolute_whatever_is_named() {
        let folder = data_folder(Some(PathBuf::from("here"))).unwrap();
        assert!(folder.is_absolute() && folder.ends_with("here"));
    }
}
