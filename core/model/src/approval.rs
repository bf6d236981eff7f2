//! Approvals: a pending question of an agent and its answer. Rules: standing answers.

use crate::{
    ApprovalId, AttemptId, EntryIndex, ExecutionId, FilePath, ProjectId, RuleId, Timestamp, ToolKind,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A question of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Its identity.
    pub id: ApprovalId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// The attempt it belongs to.
    pub attempt_id: AttemptId,
    /// The execution that asks.
    pub execution_id: ExecutionId,
    /// What it asks.
    pub request: ApprovalRequest,
    /// How it stands.
    pub state: ApprovalState,
    /// When it was asked.
    pub created_at: Timestamp,
    /// When it was answered or became void.
    pub resolved_at: Option<Timestamp>,
}

/// What an agent asks, in one shape for all agents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRequest {
    /// The agent's name for the question; its answer carries it back.
    pub key: String,
    /// The entry of the tool call it is about.
    pub entry: Option<EntryIndex>,
    /// Name of the tool, in the agent's words.
    pub tool: String,
    /// What the tool does.
    pub kind: ToolKind,
    /// What exactly is to be decided.
    pub question: Question,
    /// Why the agent asks, in its words.
    pub reason: Option<String>,
    /// The agent takes a refusal's reason.
    pub takes_reason: bool,
}

/// What exactly is to be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Question {
    /// May this command run?
    Command {
        /// The command line as the agent wrote it.
        command: String,
        /// The folder it runs in; `None`: the worktree.
        cwd: Option<FilePath>,
    },
    /// May these files change?
    Edit {
        /// The files, absolute or relative to the worktree.
        paths: Vec<FilePath>,
    },
    /// May these files be read?
    Read {
        /// The files, absolute or relative to the worktree.
        paths: Vec<FilePath>,
    },
    /// May this address be fetched?
    Fetch {
        /// The address or query.
        target: String,
    },
    /// May this tool be called?
    Tool {
        /// Its input as JSON text.
        input: String,
    },
    /// Shall this plan be carried out?
    Plan {
        /// Markdown.
        plan: String,
    },
    /// Questions with options.
    Choice {
        /// The questions.
        questions: Vec<ChoiceQuestion>,
    },
}

/// One question with options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceQuestion {
    /// The question; also the key of its answer.
    pub question: String,
    /// A word above it.
    pub header: String,
    /// The options.
    pub options: Vec<ChoiceOption>,
    /// More than one may be chosen.
    pub multi_select: bool,
}

/// An option of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceOption {
    /// What is chosen.
    pub label: String,
    /// What that means.
    pub description: String,
}

/// How an approval stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ApprovalState {
    /// Not answered.
    Pending,
    /// Answered.
    Answered {
        /// With what.
        answer: ApprovalAnswer,
        /// By whom or what.
        by: AnsweredBy,
    },
    /// Nobody answered in time.
    TimedOut,
    /// The agent took it back, or its process is gone.
    Void,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum ApprovalAnswer {
    /// Yes.
    Approved {
        /// For how long.
        scope: ApprovalScope,
    },
    /// No.
    Denied {
        /// Why; reaches the model where the protocol carries it.
        reason: Option<String>,
    },
    /// The chosen options by question (several joined by `, `).
    Answered {
        /// Question to answer.
        answers: BTreeMap<String, String>,
    },
}

/// How long a yes holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalScope {
    /// This once.
    #[default]
    Once,
    /// For the same question in this session.
    Session,
    /// For good: a rule is made.
    Always,
}

/// Who or what answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum AnsweredBy {
    /// An actor.
    Actor {
        /// Who.
        actor: crate::Actor,
    },
    /// The attempt's [`crate::ApproveMode`].
    Mode,
    /// A rule.
    Rule {
        /// Which.
        rule: RuleId,
    },
}

/// A standing answer. Fields that are `None` match everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its identity.
    pub id: RuleId,
    /// Only in this project.
    pub project_id: Option<ProjectId>,
    /// Only for this agent.
    pub executor: Option<String>,
    /// Only for this kind of tool.
    pub kind: Option<ToolKind>,
    /// The command, address or tool it holds for; with ` *` behind it also for what begins so, word by word. A path
    /// holds for what lies below it too.
    pub pattern: Option<String>,
    /// Yes or no.
    pub allow: bool,
    /// When it was made.
    pub created_at: Timestamp,
}
