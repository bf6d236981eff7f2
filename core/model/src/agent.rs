//! What agents are, what they say and what they are told, in one shape for all of them.

use crate::{
    ApprovalAnswer, ApprovalRequest, ApproveMode, AttemptId, EntryChange, ExecutionId, ExecutorProfileId,
    FilePath, Image, LogLengths, ProfileConfig, RunReason, Timestamp, TokenUsage,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the engine and the panels know of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentInfo {
    /// Its id, such as `CLAUDE_CODE`; lower-case slugs for configured ones.
    pub id: String,
    /// Its name, such as `Claude Code`.
    pub name: String,
    /// What it can do.
    pub capabilities: Capabilities,
    /// How long each rung of the stop ladder waits.
    pub stop: StopTimes,
    /// Its variants by name; there is always `DEFAULT`.
    pub variants: BTreeMap<String, ProfileConfig>,
    /// How to install it, one line.
    pub install_hint: String,
    /// How to log in, one line. Empty: it has no login.
    pub login_hint: String,
}

/// What an agent can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// It asks before it acts.
    pub asks: bool,
    /// A refusal's reason reaches its model.
    pub deny_reason: bool,
    /// Its process lives on after a turn and takes the next prompt.
    pub stays: bool,
    /// A new process can go on with an old session.
    pub resumes: bool,
    /// A session can be continued under a new name, the old one kept.
    pub forks: bool,
    /// Its session's name can be chosen before it starts.
    pub names_session: bool,
    /// Model and mode can be changed while its process lives.
    pub switches: bool,
}

/// How long each rung of the stop ladder waits before the next, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopTimes {
    /// After the protocol's interrupt.
    pub interrupt_ms: u32,
    /// After its standard input was closed.
    pub close_stdin_ms: u32,
    /// After SIGTERM.
    pub term_ms: u32,
}

/// In which way an execution failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "failure")]
pub enum FailureKind {
    /// The process could not be started.
    Spawn,
    /// The program is not installed.
    NotInstalled,
    /// The program is too old or too new.
    UnsupportedVersion,
    /// Not logged in, or the login is refused.
    Auth,
    /// Too many requests.
    RateLimit {
        /// When it may go on, if told.
        resets_at: Option<Timestamp>,
    },
    /// No credit left.
    Quota,
    /// The conversation does not fit any more.
    ContextTooLong,
    /// The model could not be reached.
    Network,
    /// The model's service failed.
    Model,
    /// The process ended with this status.
    Exit {
        /// The status.
        code: i32,
    },
    /// A signal ended the process.
    Signal {
        /// Its number.
        signal: i32,
    },
    /// It did not speak its protocol.
    Protocol,
    /// Anyon ended while it ran.
    Orphaned,
    /// The worktree could not be made.
    Worktree,
    /// The setup script failed.
    Setup,
    /// The agent says that it failed, and nothing more exact.
    Other,
    /// The agent cannot go on with the session that it was started for: it does not know it any more, or its file is
    /// gone. Nothing was done.
    SessionLost,
}

/// What a protocol makes of an agent's lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentEvent {
    /// The conversation changed. Goes to the log, never to the engine.
    Entry(EntryChange),
    /// The agent's name for the conversation.
    Session {
        /// The name.
        agent_session: String,
    },
    /// The agent's name of the last message that a later session can be cut at.
    ResumePoint {
        /// The name.
        message: String,
    },
    /// The model it uses.
    Model {
        /// Its name.
        model: String,
    },
    /// The mode it is in, in its own words.
    Mode {
        /// Its name.
        mode: String,
    },
    /// It works on a prompt.
    TurnStarted,
    /// It is done with a prompt.
    TurnEnded(TurnOutcome),
    /// It asks.
    Approval(ApprovalRequest),
    /// The question with this key, which follows, names something that lies elsewhere: behind a link that leads out
    /// of the worktree. Found by the process driver, which can look; a person answers it.
    Misleading {
        /// The question's [`ApprovalRequest::key`].
        key: String,
    },
    /// It takes a question back.
    ApprovalVoid {
        /// The question's [`ApprovalRequest::key`].
        key: String,
    },
    /// Tokens and cost.
    Usage(TokenUsage),
    /// What it does now, one short line (`editing main.rs`).
    Activity(String),
    /// It tries the model again.
    Retrying {
        /// Which try.
        attempt: u32,
        /// How many there will be; 0: not told.
        max: u32,
        /// How long it waits, in milliseconds.
        delay_ms: u64,
        /// Why, in its words.
        why: String,
    },
}

/// How a turn ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum TurnOutcome {
    /// As it should.
    Completed,
    /// It was interrupted.
    Interrupted,
    /// It failed.
    Failed {
        /// In which way.
        kind: FailureKind,
        /// In words.
        message: String,
    },
}

/// What an agent is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentRequest {
    /// A prompt.
    Prompt {
        /// The text.
        text: String,
        /// Pictures that go with it.
        images: Vec<Image>,
    },
    /// The answer to a question.
    Answer {
        /// The question's [`ApprovalRequest::key`].
        key: String,
        /// The answer.
        answer: ApprovalAnswer,
    },
    /// Use another model or mode from the next prompt on.
    Switch {
        /// The model; `None`: the one it would use by itself.
        model: Option<String>,
        /// It only plans.
        plan: bool,
    },
    /// End the turn.
    Interrupt,
}

/// Everything needed to start a process in an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchRequest {
    /// The execution it is for.
    pub execution_id: ExecutionId,
    /// The attempt it belongs to.
    pub attempt_id: AttemptId,
    /// What it is for.
    pub run_reason: RunReason,
    /// The folder it runs in.
    pub worktree: FilePath,
    /// What to run.
    pub launch: Launch,
}

/// What to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Launch {
    /// An agent.
    Agent(Box<AgentLaunch>),
    /// A shell script of the project.
    Script {
        /// Its text.
        script: String,
    },
}

/// An agent to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentLaunch {
    /// Agent and variant.
    pub profile: ExecutorProfileId,
    /// The variant's configuration.
    pub config: ProfileConfig,
    /// The first prompt.
    pub prompt: String,
    /// Pictures that go with it.
    pub images: Vec<Image>,
    /// What the attempt may do without asking.
    pub approve: ApproveMode,
    /// The session to go on with, or none for a new one.
    pub resume: Option<ResumeFrom>,
    /// A name for a new session, for agents whose session can be named: a UUID.
    pub session_name: String,
    /// What others did in the worktree before, for an agent that takes over.
    pub handover: Option<Handover>,
    /// It gets Anyon's MCP server for its session, where its protocol allows.
    #[serde(default)]
    pub mcp: bool,
}

/// What an agent is told that takes over from others. The driver makes a summary of it and puts it after the prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// The task, as the first agent was told it.
    pub task: String,
    /// The commit that the attempt started from, in hexadecimal.
    pub base_commit: String,
    /// The executions before, oldest first.
    pub earlier: Vec<EarlierExecution>,
    /// The last of them was the same agent's, whose session cannot be gone on with.
    #[serde(default)]
    pub lost: bool,
}

impl Handover {
    /// What comes between a prompt and the summary of what was asked and done.
    pub const MARK: &str = "\n\n---\nYou take over this work from ";

    /// A prompt and the summary that came with it.
    pub fn split(text: &str) -> Option<(&str, &str)> {
        let at = text.find(Self::MARK)?;
        Some((&text[..at], text[at..].trim_start_matches(['\n', '-'])))
    }
}

/// An execution whose log tells what was asked and done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierExecution {
    /// Which.
    pub execution_id: ExecutionId,
    /// The agent's id.
    pub executor: String,
    /// The agent's name.
    pub agent_name: String,
    /// When it began.
    pub began: Timestamp,
    /// What is durable of its log.
    pub log: LogLengths,
}

/// The session to go on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResumeFrom {
    /// The agent's name for it.
    pub agent_session: String,
    /// Cut it after this message.
    pub at: Option<String>,
    /// Continue under a new name, keep the old one.
    pub fork: bool,
}

/// A process that could not be started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchFailure {
    /// In which way.
    pub kind: FailureKind,
    /// In words, with what to do.
    pub message: String,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "exit")]
pub enum ExitStatus {
    /// With a status.
    Code {
        /// The status; 0 is success.
        code: i32,
    },
    /// By a signal.
    Signal {
        /// Its number.
        signal: i32,
    },
    /// Nobody knows: its supervisor died.
    Unknown,
}
