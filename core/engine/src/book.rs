//! The engine's volatile bookkeeping: who waits for what. Nothing of it survives a restart, and nothing a restart
//! needs may live here.

use anyon_model::{
    Actor, ApprovalId, AttemptId, Command, CommandId, DraftId, ExecutionId, FailureKind, Problem, ProjectId,
    Question, QueueReason, RuleId, RunReason, SessionId, StopReason, Timestamp, ToolKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// Who waits for what.
#[derive(Debug, Default)]
pub struct Book {
    /// Every execution that is not final.
    pub runs: BTreeMap<ExecutionId, Run>,
    /// Executions that wait for their turn, oldest first.
    pub queue: Vec<ExecutionId>,
    /// An answer to `MeasureResources` is on its way.
    pub measuring: bool,
    /// Memory or disk was short at the last measurement; the queue rests until its timer fires.
    pub short: Option<QueueReason>,
    /// When the limits end that agents' services told of. What is over may stay in it.
    pub limits: BTreeMap<String, Timestamp>,
    /// The one operation on an attempt's worktree or branch that is under way.
    pub operations: BTreeMap<AttemptId, Operation>,
    /// `AddProject` commands whose repository is being looked at.
    pub inspections: BTreeMap<CommandId, Inspection>,
    /// `CloneProject` commands under way, with the name asked for.
    pub clones: BTreeMap<CommandId, Option<String>>,
    /// Projects whose branches are watched.
    pub watched: BTreeSet<ProjectId>,
    /// Commands of MCP clients that wait for a person, or for knowing whether there is one.
    pub held: BTreeMap<CommandId, Held>,
    /// Commands under way that a driver does alone: `Backup`, `SetUpMcp`, `EditAgentFile`.
    pub errands: BTreeSet<CommandId>,
    /// Commands to answer when an execution is final.
    pub stop_waiters: Vec<(ExecutionId, CommandId)>,
    /// Commands to answer when an execution's turn is over.
    pub interrupt_waiters: Vec<(ExecutionId, CommandId)>,
    /// Answers that hold for a session.
    pub session_rules: Vec<SessionRule>,
    /// Attempts whose half-made worktree could not be taken back at the start.
    pub unswept: BTreeSet<AttemptId>,
    /// The store failed: nothing starts any more.
    pub store_failed: Option<Problem>,
    /// Anyon ends.
    pub shutdown: Option<Vec<CommandId>>,
    /// `Exit` was said.
    pub ended: bool,
}

impl Book {
    /// Nothing new may start.
    pub fn is_halted(&self) -> bool {
        self.store_failed.is_some() || self.shutdown.is_some()
    }
    /// The live execution of an attempt's agent. There is at most one.
    pub fn live_agent(&self, attempt_id: AttemptId) -> Option<ExecutionId> {
        self.live(attempt_id, RunReason::CodingAgent)
    }
    /// The live execution of an attempt's setup script. There is at most one.
    pub fn live_setup(&self, attempt_id: AttemptId) -> Option<ExecutionId> {
        self.live(attempt_id, RunReason::SetupScript)
    }
    fn live(&self, attempt_id: AttemptId, run_reason: RunReason) -> Option<ExecutionId> {
        let mut runs = self.runs.iter();
        let found = runs.find(|(_, run)| run.attempt_id == attempt_id && run.run_reason == run_reason);
        found.map(|(execution_id, _)| *execution_id)
    }
    /// Something of an attempt is not final.
    pub fn is_live(&self, attempt_id: AttemptId) -> bool {
        self.runs.values().any(|run| run.attempt_id == attempt_id)
    }
}

/// What is remembered of an execution that is not final.
#[derive(Debug)]
pub struct Run {
    /// The attempt it belongs to.
    pub attempt_id: AttemptId,
    /// What it is for.
    pub run_reason: RunReason,
    /// `Spawn` was said and not answered yet.
    pub spawning: bool,
    /// It was started to go on with an earlier session of its agent.
    pub resumes: bool,
    /// A person wants it started although its agent has reached a limit.
    pub in_any_case: bool,
    /// When it is woken that waits for a limit to end.
    pub wakes_at: Option<Timestamp>,
    /// Told to stop before it had a process.
    pub cancelled: Option<StopReason>,
    /// How its last turn ended, for a process that is closed because of it.
    pub outcome: Option<TurnEnd>,
    /// A person interrupted or stopped it, or Anyon ends: queued drafts wait for a person.
    pub holds_drafts: bool,
    /// What became of its last prompt.
    pub prompt: Prompt,
    /// It asks while it waits for a prompt: the answer leads back there.
    pub rests: bool,
    /// Its unanswered questions, oldest first.
    pub pending: Vec<ApprovalId>,
    /// Questions that were too long: what is kept of them does not say all that is to be decided.
    pub cut: Vec<ApprovalId>,
    /// Keys of questions to come that name something else than it seems to.
    pub misleading: BTreeSet<String>,
}

impl Run {
    /// A run that nothing happened to yet.
    pub fn new(attempt_id: AttemptId, run_reason: RunReason) -> Self {
        Self {
            attempt_id,
            run_reason,
            spawning: false,
            resumes: false,
            in_any_case: false,
            wakes_at: None,
            cancelled: None,
            outcome: None,
            holds_drafts: false,
            prompt: Prompt::Launched { draft_id: None },
            rests: false,
            pending: Vec::new(),
            cut: Vec::new(),
            misleading: BTreeSet::new(),
        }
    }
}

/// What became of the last prompt of an agent. Its draft is kept until the agent reacted, so that no end in between
/// loses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// Given to a new process, which has not reacted yet.
    Launched {
        /// The draft that it was.
        draft_id: Option<DraftId>,
    },
    /// Sent to an idle process, which has not reacted yet.
    Sent {
        /// The draft that it was.
        draft_id: DraftId,
    },
    /// The agent reacted.
    Heard,
}

impl Prompt {
    /// The draft that waits for the agent's reaction.
    pub fn draft_id(self) -> Option<DraftId> {
        match self {
            Self::Launched { draft_id } => draft_id,
            Self::Sent { draft_id } => Some(draft_id),
            Self::Heard => None,
        }
    }
}

/// How a turn ended after which the process is closed.
#[derive(Debug, Clone)]
pub enum TurnEnd {
    /// As it should; the agent does not stay.
    Completed,
    /// It failed.
    Failed {
        /// In which way.
        kind: FailureKind,
        /// In words.
        message: String,
    },
}

/// An operation on an attempt's worktree or branch.
#[derive(Debug, Clone)]
pub struct Operation {
    /// What is done.
    pub kind: OperationKind,
    /// The command that waits for it.
    pub command_id: Option<CommandId>,
    /// Who asked.
    pub actor: Actor,
}

/// What is done to a worktree or branch.
#[derive(Debug, Clone)]
pub enum OperationKind {
    /// Open work is committed.
    Commit,
    /// The attempt is landed.
    Land {
        /// Its worktree stays.
        keep_worktree: bool,
    },
    /// The attempt landed; its worktree goes when nothing runs in it.
    CleanUp {
        /// What the merge's command is told afterwards.
        outcome: anyon_model::Outcome,
        /// `RemoveWorktree` was said.
        removing: bool,
    },
    /// The attempt is given up; its worktree goes when nothing runs in it.
    Drop {
        /// `RemoveWorktree` was said.
        removing: bool,
    },
    /// Its merge is taken back.
    Undo {
        /// Which.
        merge_id: anyon_model::MergeId,
    },
    /// Its files are put back.
    Restore,
}

impl OperationKind {
    /// In words: `it is being …`.
    pub fn as_participle(&self) -> &'static str {
        match self {
            Self::Commit => "committed",
            Self::Land { .. } => "merged",
            Self::CleanUp { .. } => "cleaned up after its merge",
            Self::Drop { .. } => "dropped",
            Self::Undo { .. } => "taken back from its target",
            Self::Restore => "restored",
        }
    }
    /// An agent must not start or get a prompt meanwhile.
    pub fn bars_agents(&self) -> bool {
        !matches!(self, Self::Commit)
    }
}

/// A command of an MCP client that waits.
#[derive(Debug)]
pub struct Held {
    /// Who sent it.
    pub actor: Actor,
    /// The command.
    pub command: Command,
    /// Since when a person is asked; `None`: it is not known yet whether there is one.
    pub asked: Option<Timestamp>,
}

/// An `AddProject` command whose repository is being looked at.
#[derive(Debug)]
pub struct Inspection {
    /// The name asked for.
    pub name: Option<String>,
}

/// A yes that holds for the same question in a session.
#[derive(Debug, Clone)]
pub struct SessionRule {
    /// Names it in the answers it gives.
    pub rule_id: RuleId,
    /// The session.
    pub session_id: SessionId,
    /// The tool.
    pub tool: String,
    /// What the tool does.
    pub kind: ToolKind,
    /// The question.
    pub question: Question,
}
