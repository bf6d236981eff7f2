//! `anyon export`: everything as JSON lines, readable without Anyon.
//!
//! Only asks: entities from the state, conversations and raw logs page by page. Secrets stay: of a profile's
//! environment only the names are written. The file has its name once it is whole, and is the user's alone.

use super::{
    ending::Ending,
    exchange::Exchange,
    out::{Out, raw_object},
};
use anyon_model::{Entity, ExecutionId, PageRange, Problem, ProblemCode, ProjectShard, State};
use clap::Args;
use serde_json::{Value, json};
use std::{
    fs::{self, File, OpenOptions},
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
    let mut sink = Sink::begin(&args.file)?;
    let state = exchange.state();
    for entity in entities(&state) {
        sink.write(&entity_object(&entity))?;
    }
    let mut ending = Ending::Done;
    for execution_id in state.projects.values().flat_map(|shard| shard.executions.keys()) {
        let entries = export_entries(*execution_id, exchange, &mut sink);
        let raw = export_raw(*execution_id, exchange, &mut sink);
        for broken in [entries, raw].into_iter().filter_map(Result::err) {
            ending = unreadable(broken, ending, out)?;
        }
    }
    let lines = sink.end()?;
    out.done("exported", &format!("{lines} lines in {}", args.file.display()));
    Ok(ending)
}

/// Why the log of an execution is not whole in the export.
enum Broken {
    /// It cannot be read; the others can.
    Log(Problem),
    /// Nothing more can be written.
    File(Problem),
}

/// One log less is told, and is no reason to lose the others.
fn unreadable(broken: Broken, ending: Ending, out: &mut Out) -> Result<Ending, Problem> {
    match broken {
        Broken::Log(problem) if problem.code == ProblemCode::NotFound => {
            out.problem(&problem);
            Ok(ending)
        }
        Broken::Log(problem) if problem.code != ProblemCode::Cancelled => {
            out.problem(&problem);
            Ok(Ending::Failed)
        }
        Broken::Log(problem) | Broken::File(problem) => Err(problem),
    }
}

/// An entity as it is written.
fn entity_object(entity: &Entity) -> Value {
    let mut object = json!({"record": "entity", "entity": entity});
    if let Some(env) = object.pointer_mut("/entity/profile/config/env") {
        let names = env.as_object().map(|env| env.keys().cloned().collect::<Vec<_>>());
        *env = json!(names.unwrap_or_default());
    }
    object
}

fn export_entries(
    execution_id: ExecutionId,
    exchange: &mut Exchange<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Broken> {
    let mut first = 0;
    loop {
        let page = exchange
            .entries(execution_id, PageRange::From { first, count: PAGE })
            .map_err(Broken::Log)?;
        for entry in &page.entries {
            let object = json!({"record": "entry", "execution": execution_id, "entry": entry.as_ref()});
            sink.write(&object).map_err(Broken::File)?;
        }
        first += page.entries.len() as u64;
        if page.entries.is_empty() || first >= page.total {
            return Ok(());
        }
    }
}

fn export_raw(
    execution_id: ExecutionId,
    exchange: &mut Exchange<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Broken> {
    let mut first = 0;
    loop {
        let page = exchange
            .raw_log(execution_id, PageRange::From { first, count: PAGE })
            .map_err(Broken::Log)?;
        for line in &page.lines {
            let mut object = raw_object(execution_id, line);
            object["record"] = json!("raw");
            sink.write(&object).map_err(Broken::File)?;
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

/// A file that gets its name when it is whole, and is gone when it does not become so.
struct Sink<'p> {
    writer: BufWriter<File>,
    part: PathBuf,
    path: &'p Path,
    lines: u64,
}

impl Drop for Sink<'_> {
    fn drop(&mut self) {
        // After the rename it is not there any more.
        let _ = fs::remove_file(&self.part);
    }
}

impl<'p> Sink<'p> {
    fn begin(path: &'p Path) -> Result<Self, Problem> {
        check_free(path)?;
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.part", std::process::id()));
        let part = path.with_file_name(name);
        let file = private_options()
            .open(&part)
            .map_err(|error| not_written(&part, &error))?;
        Ok(Self {
            writer: BufWriter::new(file),
            part,
            path,
            lines: 0,
        })
    }
    fn write(&mut self, object: &Value) -> Result<(), Problem> {
        self.lines += 1;
        writeln!(self.writer, "{object}").map_err(|error| not_written(self.path, &error))
    }
    fn end(mut self) -> Result<u64, Problem> {
        let written = self
            .writer
            .flush()
            .and_then(|()| self.writer.get_ref().sync_all());
        written.map_err(|error| not_written(&self.part, &error))?;
        check_free(self.path)?;
        fs::rename(&self.part, self.path).map_err(|error| not_written(self.path, &error))?;
        Ok(self.lines)
    }
}

/// For a new file that only its owner reads: prompts and logs may hold anything.
fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn check_free(path: &Path) -> Result<(), Problem> {
    match path.symlink_metadata() {
        Ok(_) => Err(not_written(path, &io::ErrorKind::AlreadyExists.into())),
        Err(_) => Ok(()),
    }
}

fn not_written(path: &Path, error: &io::Error) -> Problem {
    let problem = Problem::new(ProblemCode::Io, format!("{} cannot be written", path.display()));
    match error.kind() {
        io::ErrorKind::AlreadyExists => problem.detail("it exists already").hint("choose another name"),
        _ => problem.detail(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::{ExecutorProfileId, Profile, ProfileConfig, Timestamp};
    use std::sync::Arc;

    #[test]
    fn of_a_profiles_environment_only_the_names_are_written() {
        let env = [("TOKEN".to_owned(), "hunter2".to_owned())].into();
        let profile = Profile {
            id: ExecutorProfileId::new("AMP"),
            config: ProfileConfig {
                env,
                ..ProfileConfig::default()
            },
            updated_at: Timestamp::from_ms(0),
        };
        let line = entity_object(&Entity::Profile(Arc::new(profile))).to_string();
        assert!(line.contains("TOKEN") && !line.contains("hunter2"), "{line}");
    }

    #[test]
    fn an_export_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.jsonl");
        let files = || fs::read_dir(folder.path()).unwrap().count();
        let mut sink = Sink::begin(&path).unwrap();
        sink.write(&json!({"record": "entity"})).unwrap();
        assert!(!path.exists());
        drop(sink);
        assert_eq!(files(), 0, "what was broken off leaves nothing");

        let mut sink = Sink::begin(&path).unwrap();
        sink.write(&json!({})).unwrap();
        assert_eq!(sink.end().unwrap(), 1);
        assert_eq!(
            (files(), fs::read_to_string(&path).unwrap()),
            (1, "{}\n".to_owned())
        );
        assert!(Sink::begin(&path).is_err(), "it is not written over");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn one_log_that_cannot_be_read_does_not_end_the_export() {
        let mut out = Out::new(true);
        let log = |code| Broken::Log(Problem::new(code, "The log cannot be read"));
        assert_eq!(
            unreadable(log(ProblemCode::NotFound), Ending::Done, &mut out).unwrap(),
            Ending::Done
        );
        assert_eq!(
            unreadable(log(ProblemCode::Io), Ending::Done, &mut out).unwrap(),
            Ending::Failed
        );
        assert!(unreadable(log(ProblemCode::Cancelled), Ending::Done, &mut out).is_err());
        let full = Broken::File(Problem::new(ProblemCode::Io, "The disk is full"));
        assert!(unreadable(full, Ending::Done, &mut out).is_err());
    }
}
