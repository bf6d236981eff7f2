//! Queries: what a client asks that is not in the state. Each ends in one [`crate::Event::Answered`].

use crate::{
    AgentFile, AgentFileEdit, AgentFileFault, AgentFinding, AnsiLine, AnsiPage, AttemptId, Block,
    DiffSummary, DirectoryList, Entry, EntryIndex, ExecutionId, FileDiff, FileLines, FilePath,
    FoundRepositories, LogLine, LogStream, McpSetup, Problem, ProjectId, StyledDiff,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Query {
    /// A page of a conversation.
    Entries {
        /// Whose.
        execution_id: ExecutionId,
        /// Which.
        range: PageRange,
    },
    /// A page of a raw log; lines are counted from 0.
    RawLog {
        /// Whose.
        execution_id: ExecutionId,
        /// Which.
        range: PageRange,
    },
    /// The files of an attempt that differ: of its worktree from the merge base; of one that landed, what landed; of one
    /// whose worktree is gone, what its last snapshot holds. So with all queries of diffs. Starts watching it first when `watch` is set: from then on each change
    /// is told by [`crate::Event::DiffChanged`], until [`Query::UnwatchDiff`].
    DiffSummary {
        /// Whose.
        attempt_id: AttemptId,
        /// Tell changes from now on.
        watch: bool,
    },
    /// The lines of one file that differ.
    DiffFile {
        /// Whose.
        attempt_id: AttemptId,
        /// Path relative to the worktree.
        path: FilePath,
        /// Show it although it is large.
        whole: bool,
    },
    /// The lines of all files that differ, large ones left out.
    DiffAll {
        /// Whose.
        attempt_id: AttemptId,
    },
    /// All that differs, as a patch that `git apply` takes, whatever the files hold. → [`Answer::Patch`]
    Patch {
        /// Whose.
        attempt_id: AttemptId,
    },
    /// Stop watching.
    UnwatchDiff {
        /// Whose.
        attempt_id: AttemptId,
    },
    /// The files of an attempt that git knows, those that fit best first. → [`Answer::Files`]
    Files {
        /// Whose.
        attempt_id: AttemptId,
        /// A part of the path, or letters of it in order.
        typed: String,
        /// At most so many.
        limit: u32,
    },
    /// The local branches of a project.
    Branches {
        /// Whose.
        project_id: ProjectId,
    },
    /// Whether an attempt would land, without landing it.
    LandingCheck {
        /// Whose.
        attempt_id: AttemptId,
    },
    /// Markdown as blocks. → [`Answer::Blocks`]
    Markdown {
        /// The text.
        text: Arc<str>,
    },
    /// The text of an entry as blocks: a message, a thought, the plan of a question, the command or input of a tool.
    /// Empty where an entry has none. → [`Answer::Blocks`]
    Blocks {
        /// Whose.
        execution_id: ExecutionId,
        /// Which entry.
        index: EntryIndex,
    },
    /// The changes that a tool call makes or made, as the agent tells them. → [`Answer::Edits`]
    Edits {
        /// Whose.
        execution_id: ExecutionId,
        /// Which entry.
        index: EntryIndex,
    },
    /// The output of a tool call, or the text of another entry, as a terminal would show it. → [`Answer::Ansi`]
    Ansi {
        /// Whose.
        execution_id: ExecutionId,
        /// Which entry.
        index: EntryIndex,
    },
    /// A page of a raw log as a terminal would show it; of very long lines only the beginning, of pages as much as is
    /// shown at once. → [`Answer::AnsiLog`]
    AnsiLog {
        /// Whose.
        execution_id: ExecutionId,
        /// Which; lines are counted from 0.
        range: PageRange,
    },
    /// The lines of a part of a raw log that come from certain streams and hold a text; whoever looks through all of
    /// it asks part by part. → [`Answer::FoundInLog`]
    FindInLog {
        /// Whose.
        execution_id: ExecutionId,
        /// The first line that is looked at; lines are counted from 0.
        first: u64,
        /// At most so many lines are looked at, and at most 65,536.
        count: u32,
        /// The text; upper and lower case of Latin letters are the same. Empty: every line.
        text: String,
        /// The streams. Empty: all.
        streams: Vec<LogStream>,
    },
    /// The lines of one file that differ, with syntax, word differences and counterparts. Slower than
    /// [`Query::DiffFile`], which can be shown until then. → [`Answer::DiffSpans`]
    DiffSpans {
        /// Whose.
        attempt_id: AttemptId,
        /// Path relative to the worktree.
        path: FilePath,
        /// Show it although it is large.
        whole: bool,
    },
    /// Lines of a file in the worktree, with syntax: what a diff leaves out. → [`Answer::FileLines`]
    FileLines {
        /// Whose.
        attempt_id: AttemptId,
        /// Path relative to the worktree.
        path: FilePath,
        /// Which; lines are counted from 0.
        range: PageRange,
    },
    /// What is in a folder. → [`Answer::Directory`]
    ListDirectory {
        /// The folder, absolute or beginning with `~`; `None`: the person's own.
        path: Option<FilePath>,
        /// List what is hidden too.
        hidden: bool,
    },
    /// A quick scan for git repositories: about a second at most. → [`Answer::Repositories`]
    FindRepositories {
        /// Where to begin; empty: the person's own folder.
        roots: Vec<FilePath>,
    },
    /// Which agents are on this computer. → [`Answer::Agents`]
    Agents {
        /// Start each to ask for its version and login: takes seconds.
        probe: bool,
    },
    /// How the configuration files of agents stand to Anyon's MCP server. → [`Answer::McpSetups`]
    McpSetups,
    /// The file of the person's own agents and profiles, read anew. → [`Answer::AgentFile`]
    AgentFile,
    /// What would be wrong with that file after an edit. → [`Answer::AgentFileFault`]
    CheckAgentFile {
        /// The edit.
        edit: AgentFileEdit,
    },
}

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageRange {
    /// So many from this place on.
    From {
        /// First place.
        first: u64,
        /// At most so many.
        count: u32,
    },
    /// The last ones.
    Last {
        /// At most so many.
        count: u32,
    },
}

/// Lines of a part of a raw log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundInLog {
    /// The lines found, ascending.
    pub lines: Vec<u64>,
    /// How many lines were looked at: fewer than asked for, the log ends there.
    pub seen: u32,
}

/// What a query came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A page of a conversation.
    Entries(EntryPage),
    /// A page of a raw log.
    RawLog(RawPage),
    /// The files that differ.
    DiffSummary(Arc<DiffSummary>),
    /// The lines of one file.
    DiffFile(Arc<FileDiff>),
    /// The lines of all files.
    DiffAll(Arc<Vec<FileDiff>>),
    /// All that differs, as a patch.
    Patch(Arc<Patch>),
    /// Paths relative to the worktree, best first.
    Files(Arc<Vec<String>>),
    /// Local branches, the one checked out first.
    Branches(Vec<String>),
    /// How a landing would go.
    LandingCheck(LandingCheck),
    /// Text as blocks.
    Blocks(Arc<Vec<Block>>),
    /// The changes of a tool call.
    Edits(Arc<Vec<StyledDiff>>),
    /// Terminal output.
    Ansi(Arc<Vec<AnsiLine>>),
    /// A page of terminal output.
    AnsiLog(Arc<AnsiPage>),
    /// What was found in a raw log.
    FoundInLog(Arc<FoundInLog>),
    /// The lines of one file, styled.
    DiffSpans(Arc<StyledDiff>),
    /// Lines of a file, styled.
    FileLines(Arc<FileLines>),
    /// What is in a folder.
    Directory(Arc<DirectoryList>),
    /// What a scan found.
    Repositories(Arc<FoundRepositories>),
    /// The agents, in the order they are offered.
    Agents(Arc<Vec<AgentFinding>>),
    /// One for each agent that has such a file.
    McpSetups(Arc<Vec<McpSetup>>),
    /// The file of the person's own agents and profiles.
    AgentFile(Arc<AgentFile>),
    /// What would be wrong with it; `None`: nothing.
    AgentFileFault(Option<AgentFileFault>),
    /// Done.
    Done,
}

/// What `git apply` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// Its bytes: mostly text, so they travel as text where they can.
    #[serde(with = "crate::bytes")]
    pub bytes: Vec<u8>,
}

/// A page of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntryPage {
    /// Place of the first one.
    pub first: u64,
    /// How many there are in all.
    pub total: u64,
    /// The entries.
    pub entries: Vec<Arc<Entry>>,
}

/// A page of a raw log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawPage {
    /// Number of the first line.
    pub first: u64,
    /// How many there are in all.
    pub total: u64,
    /// The lines.
    pub lines: Vec<LogLine>,
}

/// How a landing would go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandingCheck {
    /// Files that both sides changed in the same place. Empty: no conflict.
    pub conflicts: Vec<FilePath>,
    /// Files of the attempt that are not committed yet.
    pub open_files: u32,
    /// Commits of the target since the base.
    pub behind: u32,
    /// Commits of the attempt.
    pub ahead: u32,
    /// Where the target is checked out with changes in the way.
    pub dirty_checkout: Option<FilePath>,
    /// The message it would get.
    pub message: String,
    /// Files above [`LargeFile::FROM_BYTES`] that came with this attempt, the largest first. They keep nothing from
    /// landing.
    #[serde(default)]
    pub large_files: Vec<LargeFile>,
    /// The target has all of it already: a landing would change nothing.
    #[serde(default)]
    pub nothing_new: bool,
}

/// A file of unusual size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LargeFile {
    /// Path relative to the worktree.
    pub path: FilePath,
    /// Its size.
    pub bytes: u64,
}

impl LargeFile {
    /// Larger ones are unusual in a repository.
    pub const FROM_BYTES: u64 = 10 * 1024 * 1024;
}

/// The answer to a query.
pub type QueryResult = Result<Answer, Problem>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_travels_as_text_where_it_is_text_and_loses_nothing_where_it_is_not() {
        for (bytes, json) in [
            (&b"+a\n"[..], r#"{"bytes":"+a\n"}"#),
            (b"\xff", r#"{"bytes":[255]}"#),
        ] {
            let patch = Patch {
                bytes: bytes.to_vec(),
            };
            assert_eq!(serde_json::to_string(&patch).unwrap(), json);
            assert_eq!(serde_json::from_str::<Patch>(json).unwrap(), patch);
        }
    }
}
