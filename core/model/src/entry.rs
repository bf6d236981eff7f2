//! Entries: the normalised conversation of an execution, the same for every agent.

use crate::{FailureKind, FilePath, Timestamp, TokenUsage};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Place of an entry in its execution, from 0 without gaps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryIndex(pub u64);
impl fmt::Display for EntryIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One thing that was said or done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place.
    pub index: EntryIndex,
    /// When it began.
    pub at: Timestamp,
    /// The tool call of the sub-agent that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<EntryIndex>,
    /// Nothing more is added to it. A later change is still possible (a status).
    pub done: bool,
    /// What it is.
    #[serde(flatten)]
    pub kind: EntryKind,
}

/// The text of the [`EntryKind::SystemMessage`] that ends a turn which a person stopped, where the agent says nothing of
/// it itself.
pub const TURN_STOPPED: &str = "The turn was stopped";

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum EntryKind {
    /// A prompt.
    UserMessage {
        /// Markdown.
        text: String,
    },
    /// The agent speaks.
    AssistantMessage {
        /// Markdown.
        text: String,
    },
    /// The agent thinks aloud.
    Thinking {
        /// Markdown.
        text: String,
    },
    /// The agent uses a tool.
    ToolUse(Box<ToolUse>),
    /// The agent's plan, or its to-do list: the whole of it each time.
    Plan {
        /// The steps.
        items: Vec<PlanItem>,
    },
    /// The agent's program or Anyon reports something.
    SystemMessage {
        /// Plain text.
        text: String,
    },
    /// Something failed.
    ErrorMessage {
        /// Plain text.
        text: String,
        /// In which way, if known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<FailureKind>,
    },
    /// Tokens and cost.
    TokenUsage {
        /// The figures.
        usage: TokenUsage,
    },
    /// A line that the protocol does not know, as it came.
    Raw {
        /// Where it came from.
        stream: LogStream,
        /// The line; bytes that are not UTF-8 are replaced.
        text: String,
    },
}

/// A tool call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolUse {
    /// The agent's name for the call.
    pub call_id: String,
    /// The tool's name in the agent's words.
    pub tool: String,
    /// What it does.
    pub tool_kind: ToolKind,
    /// One line: the verb's object (`npm test`, `src/main.rs`).
    pub title: String,
    /// How it stands.
    pub status: ToolStatus,
    /// What exactly.
    pub detail: ToolDetail,
    /// What came out of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<ToolOutput>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// What a tool does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolKind {
    /// Reads files.
    Read,
    /// Writes, creates or changes files.
    Edit,
    /// Deletes files.
    Delete,
    /// Moves files.
    Move,
    /// Searches files.
    Search,
    /// Runs a command.
    Command,
    /// Fetches from the network.
    Fetch,
    /// Only thinks.
    Think,
    /// Hands work to a sub-agent.
    Task,
    /// Presents a plan.
    Plan,
    /// Keeps the to-do list.
    Todo,
    /// Asks the user.
    Question,
    /// A tool of an MCP server.
    Mcp,
    /// Something else.
    Other,
}

/// How a tool call stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum ToolStatus {
    /// Announced or at work.
    Created,
    /// Waits for an answer.
    PendingApproval,
    /// Worked.
    Success,
    /// Did not work.
    Failed,
    /// Refused.
    Denied {
        /// Why.
        reason: Option<String>,
    },
    /// Nobody answered in time, or it took too long.
    TimedOut,
}

/// What exactly a tool call does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum ToolDetail {
    /// Runs a command line.
    Command {
        /// The command line.
        command: String,
        /// What it is for, in the agent's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    /// Reads a file.
    FileRead {
        /// The file.
        path: FilePath,
    },
    /// Changes files. Shown as said by the agent; git is the truth.
    FileEdit {
        /// The changes.
        changes: Vec<FileChange>,
    },
    /// Searches.
    Search {
        /// For what.
        query: String,
    },
    /// Fetches.
    Fetch {
        /// The address or query.
        target: String,
    },
    /// Hands work to a sub-agent.
    Task {
        /// What it is to do.
        description: String,
    },
    /// Presents a plan.
    Plan {
        /// Markdown.
        plan: String,
    },
    /// Keeps the to-do list.
    Todo {
        /// The list after the call.
        items: Vec<PlanItem>,
    },
    /// Asks the user.
    Questions {
        /// The questions.
        questions: Vec<crate::ChoiceQuestion>,
        /// The answers by question.
        answers: std::collections::BTreeMap<String, String>,
    },
    /// Anything else.
    Other {
        /// The input as JSON text.
        input: String,
    },
}

/// A change of a file as an agent tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// The file.
    pub path: FilePath,
    /// Text before; `None`: a new file or not told.
    pub old_text: Option<String>,
    /// Text after; `None`: deleted or not told.
    pub new_text: Option<String>,
    /// The texts are pieces of the file, not the whole.
    pub partial: bool,
}

/// What came out of a tool call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolOutput {
    /// The text, possibly with ANSI sequences; cut to [`ToolOutput::KEPT_BYTES`] with the middle left out.
    pub text: String,
    /// Exit status of a command, where told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// Bytes that the whole has, if `text` is cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_bytes: Option<u64>,
}

impl ToolOutput {
    /// Bytes of a tool's output that an entry keeps; the raw log has the rest.
    pub const KEPT_BYTES: usize = 128 * 1024;

    /// An output whose middle is left out when it is longer than [`Self::KEPT_BYTES`].
    pub fn cut(text: String, exit_code: Option<i32>) -> Self {
        if text.len() <= Self::KEPT_BYTES {
            return Self {
                text,
                exit_code,
                total_bytes: None,
            };
        }
        let half = Self::KEPT_BYTES / 2;
        let head = floor_boundary(&text, half);
        let tail = ceil_boundary(&text, text.len() - half);
        let left_out = tail - head;
        let cut = format!(
            "{}\n… {left_out} bytes left out …\n{}",
            &text[..head],
            &text[tail..]
        );
        Self {
            text: cut,
            exit_code,
            total_bytes: Some(text.len() as u64),
        }
    }
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
fn ceil_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// A step of a plan or to-do list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanItem {
    /// What is to be done.
    pub text: String,
    /// How far it is.
    pub status: PlanStatus,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// Not begun.
    Pending,
    /// At work.
    InProgress,
    /// Done.
    Completed,
}

/// A change of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryChange {
    /// A new entry, or a new version of one.
    Put(Entry),
    /// More text at the end of a message or of a thought.
    Append {
        /// Which entry.
        index: EntryIndex,
        /// The text.
        text: String,
    },
}

impl Entry {
    /// The text that grows, for kinds whose text grows.
    pub fn growing_text(&mut self) -> Option<&mut String> {
        match &mut self.kind {
            EntryKind::UserMessage { text }
            | EntryKind::AssistantMessage { text }
            | EntryKind::Thinking { text }
            | EntryKind::SystemMessage { text }
            | EntryKind::ErrorMessage { text, .. }
            | EntryKind::Raw { text, .. } => Some(text),
            EntryKind::ToolUse(_) | EntryKind::Plan { .. } | EntryKind::TokenUsage { .. } => None,
        }
    }
}

/// Where a line of the log came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogStream {
    /// The agent's standard output.
    Out,
    /// The agent's standard error.
    Err,
    /// What we wrote to its standard input.
    In,
}

/// A line of a raw log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// Where it came from.
    pub stream: LogStream,
    /// Milliseconds since the execution's log began.
    pub after_ms: u64,
    /// The line without its newline, as received.
    #[serde(with = "crate::bytes")]
    pub bytes: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_output_keeps_its_ends_and_tells_its_size() {
        let long = "ä".repeat(ToolOutput::KEPT_BYTES);
        let output = ToolOutput::cut(long.clone(), Some(0));
        assert_eq!(output.total_bytes, Some(long.len() as u64));
        assert!(output.text.len() < ToolOutput::KEPT_BYTES + 100);
        assert!(output.text.contains("bytes left out"));
        let short = ToolOutput::cut("ok".into(), None);
        assert_eq!((short.text.as_str(), short.total_bytes), ("ok", None));
    }
}
