//! What the command line says: results on standard output, the rest on standard error.
//!
//! Only [`human`] and [`json`] write; everything else hands them facts. A reader that goes away ends the writing, not
//! the work: [`Out::is_closed`] tells.

mod approval_lines;
mod conversation;
mod diff_lines;
mod human;
mod json;
mod kind_words;
mod reader;
mod style;
mod wire;

pub use human::Human;
pub use json::Json;
pub use reader::Reader;
pub use wire::{entry as entry_object, raw_line as raw_object};

use super::cards::{AttemptCard, RuleCard, TaskCard};
use anyon_model::{Approval, DiffSummary, Entry, ExecutionId, FileDiff, LogLine, Problem, ProjectShard};
use serde_json::Value;

/// A landing, as it is told.
#[derive(Debug, Clone)]
pub struct Landing {
    /// The commit on the target.
    pub commit: String,
    /// The branch.
    pub target: String,
    /// The repository.
    pub repo: String,
    /// The attempt's name.
    pub attempt: String,
}

/// How a turn or a run ended, as it is told.
#[derive(Debug, Clone)]
pub struct TurnEnd {
    /// The attempt's name.
    pub attempt: String,
    /// `completed`, `failed`, `interrupted`, `stopped` or `unanswered`.
    pub outcome: &'static str,
    /// In words; may be empty.
    pub message: String,
}

/// One of the two ways to say it.
pub enum Out {
    /// For a person.
    Human(Human),
    /// For a program: one object a line.
    Json(Json),
}

macro_rules! both {
    ($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*)) => {
        $(#[$doc])*
        pub fn $name(&mut self, $($arg: $type),*) {
            match self {
                Self::Human(human) => human.$name($($arg),*),
                Self::Json(json) => json.$name($($arg),*),
            }
        }
    };
}

impl Out {
    /// For a person or for a program.
    pub fn new(json: bool) -> Self {
        if json {
            Self::Json(Json::new())
        } else {
            Self::Human(Human::new())
        }
    }
    /// Objects are written, not text.
    pub fn is_json(&self) -> bool {
        matches!(self, Self::Json(_))
    }
    /// Who reads what is written.
    pub fn reader(&self) -> &Reader {
        match self {
            Self::Human(human) => human.reader(),
            Self::Json(json) => json.reader(),
        }
    }
    /// Nobody reads any more.
    pub fn is_closed(&self) -> bool {
        self.reader().is_away()
    }
    both!(
        /// Something that is going on.
        note(text: &str)
    );
    both!(
        /// Something that could not be done.
        problem(problem: &Problem)
    );
    both!(
        /// Projects.
        projects(shards: &[&ProjectShard])
    );
    both!(
        /// One project, whole.
        project(shard: &ProjectShard)
    );
    both!(
        /// Tasks.
        tasks(cards: &[TaskCard])
    );
    both!(
        /// One task, whole.
        task(card: &TaskCard)
    );
    both!(
        /// Attempts.
        attempts(cards: &[AttemptCard])
    );
    both!(
        /// One attempt, whole.
        attempt(card: &AttemptCard)
    );
    both!(
        /// An attempt stands otherwise than before.
        attempt_moved(card: &AttemptCard)
    );
    both!(
        /// An entry, or a newer version of one.
        entry(attempt: &str, execution_id: ExecutionId, entry: &Entry)
    );
    both!(
        /// No more entries for now: what was held back is written.
        entries_end(attempt: &str)
    );
    both!(
        /// A line of a raw log.
        raw_line(execution_id: ExecutionId, line: &LogLine)
    );
    both!(
        /// An agent asks.
        approval(card: &AttemptCard, approval: &Approval)
    );
    both!(
        /// A question is answered, or nobody needs to answer any more.
        approval_resolved(attempt: &str, approval: &Approval)
    );
    both!(
        /// A turn or a run ended.
        turn(end: &TurnEnd)
    );
    both!(
        /// The files that differ.
        diff(attempt: &str, summary: &DiffSummary)
    );
    both!(
        /// The lines that differ.
        diff_files(attempt: &str, files: &[FileDiff])
    );
    both!(
        /// All that differs, as a patch.
        patch(attempt: &str, patch: &[u8])
    );
    both!(
        /// Open work was committed, or there was none.
        committed(attempt: &str, commit: Option<&str>)
    );
    both!(
        /// An attempt landed.
        merged(landing: &Landing)
    );
    both!(
        /// Standing answers.
        rules(cards: &[RuleCard])
    );
    both!(
        /// A finding of the doctor: `ok`, `note` or `problem`.
        finding(level: &str, what: &str, text: &str, facts: &Value)
    );
    both!(
        /// Something is done that has no result of its own.
        done(what: &str, text: &str)
    );
    both!(
        /// What to do next.
        next(commands: &[String])
    );
    /// An object for programs that has no form for people.
    pub fn object(&mut self, object: &Value) {
        if let Self::Json(json) = self {
            json.write(object);
        }
    }
    /// A question on the terminal, without a newline. Programs are asked by the objects before it.
    pub fn prompt(&mut self, text: &str) {
        if let Self::Human(human) = self {
            human.prompt(text);
        }
    }
}
