//! One JSON object a line, for programs. The schema is `docs/cli.md`.

use super::{Landing, TurnEnd, reader::Reader, wire};
use crate::cli::cards::{AttemptCard, RuleCard, TaskCard};
use anyon_model::{
    Approval, DiffSummary, Entry, EntryKind, ExecutionId, FileDiff, LogLine, Problem, ProjectShard,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    io::Write,
};

/// Writes objects on standard output.
pub struct Json {
    reader: Reader,
    /// Fingerprint of the version written last, by entry.
    written: BTreeMap<(ExecutionId, u64), u64>,
    /// Entries that still grow: written when they are done, or at the end.
    held: BTreeMap<(ExecutionId, u64), Entry>,
}

impl Json {
    /// On standard output.
    pub fn new() -> Self {
        Self {
            reader: Reader::default(),
            written: BTreeMap::new(),
            held: BTreeMap::new(),
        }
    }
    /// Who reads what is written.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }
    /// Writes one object.
    pub fn write(&mut self, object: &Value) {
        let mut stdout = std::io::stdout().lock();
        let written = writeln!(stdout, "{object}").and_then(|()| stdout.flush());
        self.reader.take(written);
    }

    /// Something that is going on.
    pub fn note(&mut self, text: &str) {
        self.write(&json!({"event": "note", "text": text}));
    }
    /// Something that could not be done.
    pub fn problem(&mut self, problem: &Problem) {
        self.write(&json!({
            "event": "problem", "code": problem.code, "title": problem.title, "detail": problem.detail,
            "hint": problem.hint,
        }));
    }
    /// Projects.
    pub fn projects(&mut self, shards: &[&ProjectShard]) {
        shards.iter().for_each(|shard| self.project(shard));
    }
    /// One project.
    pub fn project(&mut self, shard: &ProjectShard) {
        self.write(&wire::project(shard));
    }
    /// Tasks.
    pub fn tasks(&mut self, cards: &[TaskCard]) {
        cards.iter().for_each(|card| self.task(card));
    }
    /// One task.
    pub fn task(&mut self, card: &TaskCard) {
        self.write(&wire::task(card));
    }
    /// Attempts.
    pub fn attempts(&mut self, cards: &[AttemptCard]) {
        cards.iter().for_each(|card| self.attempt(card));
    }
    /// One attempt.
    pub fn attempt(&mut self, card: &AttemptCard) {
        self.write(&wire::attempt(card));
    }
    /// An attempt stands otherwise than before.
    pub fn attempt_moved(&mut self, card: &AttemptCard) {
        self.attempt(card);
    }
    /// An entry: written once it is done; tool calls and plans each time they change.
    pub fn entry(&mut self, attempt: &str, execution_id: ExecutionId, entry: &Entry) {
        let key = (execution_id, entry.index.0);
        if entry.done || matches!(entry.kind, EntryKind::ToolUse(_) | EntryKind::Plan { .. }) {
            self.held.remove(&key);
            self.write_entry(attempt, execution_id, entry);
        } else {
            self.held.insert(key, entry.clone());
        }
    }
    /// Writes the entries that still grow.
    pub fn entries_end(&mut self, attempt: &str) {
        for ((execution_id, _), entry) in std::mem::take(&mut self.held) {
            self.write_entry(attempt, execution_id, &entry);
        }
    }
    fn write_entry(&mut self, attempt: &str, execution_id: ExecutionId, entry: &Entry) {
        let mut object = json!({"event": "entry", "attempt": attempt, "execution": execution_id});
        if let Some(object) = object.as_object_mut() {
            object.extend(wire::entry(entry));
        }
        let mut hasher = DefaultHasher::new();
        object.to_string().hash(&mut hasher);
        let fingerprint = hasher.finish();
        if self.written.insert((execution_id, entry.index.0), fingerprint) != Some(fingerprint) {
            self.write(&object);
        }
    }
    /// A line of a raw log.
    pub fn raw_line(&mut self, execution_id: ExecutionId, line: &LogLine) {
        self.write(&wire::raw_line(execution_id, line));
    }
    /// An agent asks.
    pub fn approval(&mut self, card: &AttemptCard, approval: &Approval) {
        let mut object = wire::approval(&card.name, approval);
        object["event"] = json!("approval");
        self.write(&object);
    }
    /// A question is answered.
    pub fn approval_resolved(&mut self, attempt: &str, approval: &Approval) {
        let mut object = wire::approval(attempt, approval);
        object["event"] = json!("approval_resolved");
        self.write(&object);
    }
    /// A turn or a run ended.
    pub fn turn(&mut self, end: &TurnEnd) {
        self.write(&json!({
            "event": "turn", "attempt": end.attempt, "outcome": end.outcome, "message": end.message,
        }));
    }
    /// The files that differ.
    pub fn diff(&mut self, attempt: &str, summary: &DiffSummary) {
        self.write(&wire::diff(attempt, summary));
    }
    /// The lines that differ, a file a line.
    pub fn diff_files(&mut self, attempt: &str, files: &[FileDiff]) {
        for file in files {
            self.write(&json!({"event": "file", "attempt": attempt, "stat": file.stat, "hunks": file.hunks}));
        }
    }
    /// A patch.
    pub fn patch(&mut self, attempt: &str, patch: &[u8]) {
        self.write(&wire::patch(attempt, patch));
    }
    /// Open work was committed, or there was none.
    pub fn committed(&mut self, attempt: &str, commit: Option<&str>) {
        self.write(&json!({"event": "committed", "attempt": attempt, "commit": commit}));
    }
    /// An attempt landed.
    pub fn merged(&mut self, landing: &Landing) {
        self.write(&json!({
            "event": "merged", "commit": landing.commit, "target": landing.target, "repo": landing.repo,
            "attempt": landing.attempt,
        }));
    }
    /// Standing answers.
    pub fn rules(&mut self, cards: &[RuleCard]) {
        cards.iter().for_each(|card| self.write(&wire::rule(card)));
    }
    /// A finding of the doctor.
    pub fn finding(&mut self, level: &str, what: &str, text: &str, facts: &Value) {
        self.write(&json!({"event": "finding", "level": level, "what": what, "text": text, "facts": facts}));
    }
    /// Something is done.
    pub fn done(&mut self, what: &str, text: &str) {
        self.write(&json!({"event": "done", "what": what, "text": text}));
    }
    /// What to do next: for people only.
    pub fn next(&mut self, _commands: &[String]) {}
}
