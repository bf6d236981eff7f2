//! `anyon export`: everything as JSON lines, readable without Anyon.
//!
//! Only asks: entities from the state, conversations and raw logs page by page.

use super::{
    ending::Ending,
    exchange::Exchange,
    out::{Out, raw_object},
};
use anyon_model::{Entity, ExecutionId, PageRange, Problem, ProblemCode, ProjectShard, State};
use clap::Args;
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

const PAGE: u32 = 500;

/// Write everything to a file, one JSON object a line
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The file; must not exist
    file: PathBuf,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Runs it.
pub fn run(args: &ExportArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let file = File::create_new(&args.file).map_err(|error| not_written(&args.file, &error))?;
    let mut sink = Sink {
        writer: BufWriter::new(file),
        path: &args.file,
        lines: 0,
    };
    let state = exchange.state();
    for entity in entities(&state) {
        sink.write(&json!({"record": "entity", "entity": entity}))?;
    }
    for execution_id in state.projects.values().flat_map(|shard| shard.executions.keys()) {
        export_log(*execution_id, exchange, &mut sink)?;
    }
    let lines = sink.end()?;
    out.done("exported", &format!("{lines} lines in {}", args.file.display()));
    Ok(Ending::Done)
}

fn export_log(
    execution_id: ExecutionId,
    exchange: &mut Exchange<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Problem> {
    let mut first = 0;
    loop {
        let page = exchange.entries(execution_id, PageRange::From { first, count: PAGE })?;
        for entry in &page.entries {
            sink.write(&json!({"record": "entry", "execution": execution_id, "entry": entry.as_ref()}))?;
        }
        first += page.entries.len() as u64;
        if page.entries.is_empty() || first >= page.total {
            break;
        }
    }
    let mut first = 0;
    loop {
        let page = exchange.raw_log(execution_id, PageRange::From { first, count: PAGE })?;
        for line in &page.lines {
            let mut object = raw_object(execution_id, line);
            object["record"] = json!("raw");
            sink.write(&object)?;
        }
        first += page.lines.len() as u64;
        if page.lines.is_empty() || first >= page.total {
            return Ok(());
        }
    }
}

/// Everything the store keeps, owners first.
fn entities(state: &State) -> Vec<Entity> {
    let mut all = vec![Entity::Settings(state.settings.clone())];
    all.extend(state.templates.values().cloned().map(Entity::Template));
    all.extend(state.rules.values().cloned().map(Entity::Rule));
    all.extend(state.profiles.values().cloned().map(Entity::Profile));
    for shard in state.projects.values() {
        push_shard(shard, &mut all);
    }
    all
}

fn push_shard(shard: &ProjectShard, all: &mut Vec<Entity>) {
    all.push(Entity::Project(shard.project.clone()));
    all.extend(shard.labels.values().cloned().map(Entity::Label));
    all.extend(shard.tasks.values().cloned().map(Entity::Task));
    all.extend(shard.attempts.values().cloned().map(Entity::Attempt));
    all.extend(shard.sessions.values().cloned().map(Entity::Session));
    all.extend(shard.executions.values().cloned().map(Entity::Execution));
    all.extend(shard.approvals.values().cloned().map(Entity::Approval));
    all.extend(shard.drafts.values().cloned().map(Entity::Draft));
    all.extend(shard.merges.values().cloned().map(Entity::Merge));
    all.extend(shard.snapshots.values().cloned().map(Entity::Snapshot));
    all.extend(shard.comments.values().cloned().map(Entity::Comment));
    all.extend(shard.history.values().cloned().map(Entity::History));
}

struct Sink<'p> {
    writer: BufWriter<File>,
    path: &'p Path,
    lines: u64,
}

impl Sink<'_> {
    fn write(&mut self, object: &Value) -> Result<(), Problem> {
        self.lines += 1;
        writeln!(self.writer, "{object}").map_err(|error| not_written(self.path, &error))
    }
    fn end(mut self) -> Result<u64, Problem> {
        let written = self
            .writer
            .flush()
            .and_then(|()| self.writer.get_ref().sync_all());
        written.map_err(|error| not_written(self.path, &error))?;
        Ok(self.lines)
    }
}

fn not_written(path: &Path, error: &io::Error) -> Problem {
    let problem = Problem::new(ProblemCode::Io, format!("{} cannot be written", path.display()));
    match error.kind() {
        io::ErrorKind::AlreadyExists => problem.detail("it exists already").hint("choose another name"),
        _ => problem.detail(error.to_string()),
    }
}
