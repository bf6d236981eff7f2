//! `anyon replay`: a recording of an agent's standard output, read as its protocol reads it.
//!
//! Needs no store, no agent and no network: for looking at a bug report, and for checking a protocol.

use super::{ending::Ending, out::Out};
use anyon_executors::{
    agents::replay_protocol,
    protocols::{LineUse, Output, Protocol},
};
use anyon_model::{
    AgentEvent, Entry, EntryChange, ExecutionId, ExitStatus, LogStream, Problem, ProblemCode, Timestamp,
};
use clap::Args;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

/// Show the conversation in a recording of an agent's standard output
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The agent that wrote it, such as CLAUDE_CODE
    agent: String,
    /// The recording
    file: PathBuf,
    /// One JSON object a line: the entries, then a summary
    #[arg(long)]
    pub json: bool,
}

/// What became of the lines.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    lines: u64,
    used: u64,
    control: u64,
    raw: u64,
}

/// Runs it.
pub fn run(args: &ReplayArgs, out: &mut Out) -> Result<Ending, Problem> {
    let mut protocol = replay_protocol(&args.agent).ok_or_else(|| unknown_agent(&args.agent))?;
    let file = File::open(&args.file).map_err(|error| unreadable(&args.file, &error))?;
    let mut entries = BTreeMap::new();
    let counts = read(&mut *protocol, BufReader::new(file), &mut entries)
        .map_err(|error| unreadable(&args.file, &error))?;
    for entry in entries.values() {
        match out.is_json() {
            true => out.object(&told(entry)),
            false => out.entry("", ExecutionId::from_bytes([0; 16]), entry),
        }
    }
    out.entries_end("");
    let Counts {
        lines,
        used,
        control,
        raw,
    } = counts;
    out.object(&json!({"event": "summary", "lines": lines, "used": used, "control": control, "raw": raw}));
    if !out.is_json() {
        out.note(&format!(
            "{lines} lines: {used} used, {control} control, {raw} raw"
        ));
    }
    Ok(Ending::Done)
}

fn told(entry: &Entry) -> Value {
    let mut object = json!({"event": "entry"});
    if let Some(object) = object.as_object_mut() {
        object.extend(super::out::entry_object(entry));
    }
    object
}

/// Reads all lines; a recording has no clock, so all entries are of the same moment.
fn read(
    protocol: &mut dyn Protocol,
    mut file: impl BufRead,
    entries: &mut BTreeMap<u64, Entry>,
) -> io::Result<Counts> {
    let at = Timestamp::from_ms(0);
    let (mut counts, mut output, mut line) = (Counts::default(), Output::default(), Vec::new());
    while file.read_until(b'\n', &mut line)? > 0 {
        let bytes = line.strip_suffix(b"\n").unwrap_or(&line);
        counts.lines += 1;
        match protocol.on_line(LogStream::Out, bytes, at, &mut output) {
            LineUse::Used => counts.used += 1,
            LineUse::Control => counts.control += 1,
            LineUse::Raw => counts.raw += 1,
        }
        take(&mut output, entries);
        line.clear();
    }
    protocol.on_exit(ExitStatus::Unknown, at, &mut output);
    take(&mut output, entries);
    Ok(counts)
}

fn take(output: &mut Output, entries: &mut BTreeMap<u64, Entry>) {
    output.stdin.clear();
    for event in output.events.drain(..) {
        match event {
            AgentEvent::Entry(EntryChange::Put(entry)) => {
                entries.insert(entry.index.0, entry);
            }
            AgentEvent::Entry(EntryChange::Append { index, text }) => {
                if let Some(grown) = entries.get_mut(&index.0).and_then(Entry::growing_text) {
                    grown.push_str(&text);
                }
            }
            _ => {}
        }
    }
}

fn unknown_agent(agent: &str) -> Problem {
    Problem::new(
        ProblemCode::InvalidRequest,
        format!("Anyon cannot read recordings of “{agent}”"),
    )
    .hint("there are the agents that `anyon doctor` lists, and claude-agent-acp")
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let code = match error.kind() {
        io::ErrorKind::NotFound => ProblemCode::NotFound,
        _ => ProblemCode::Io,
    };
    Problem::new(code, format!("{} cannot be read", path.display())).detail(error.to_string())
}
