//! Commands: what a client intends. Each ends in one [`crate::Event::CommandDone`].

use crate::{
    AgentFileEdit, ApprovalAnswer, ApprovalId, ApproveMode, AttemptId, CommandId, DraftId, ExecutorProfileId,
    FilePath, MergeId, Priority, Problem, ProjectId, Recipient, Rule, RuleId, Settings, SnapshotId, TaskId,
    TaskStatus, Template, TemplateId,
};
use serde::{Deserialize, Serialize};

/// What a client intends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum Command {
    /// Register a git repository.
    AddProject {
        /// A folder in it.
        path: FilePath,
        /// The name; the folder's if `None`.
        name: Option<String>,
        /// Make an initial commit if it has none.
        initial_commit: bool,
    },
    /// Clone a repository and register it. Its progress is in [`crate::State::clones`].
    CloneProject {
        /// The address, checked: a [`crate::RemoteUrl`]. Text, so that what is refused can be told why.
        url: String,
        /// The folder that the clone becomes: not there yet, or empty.
        folder: FilePath,
        /// The project's name; the folder's if `None`.
        name: Option<String>,
    },
    /// Break off a [`Command::CloneProject`]. What it wrote is removed.
    CancelClone {
        /// The command that began it.
        clone_id: CommandId,
    },
    /// Change a project's settings. `None` leaves a field as it is.
    UpdateProject {
        /// Which.
        project_id: ProjectId,
        /// What changes.
        patch: ProjectPatch,
    },
    /// Forget a project and its tasks. Refused while attempts of it run or hold work.
    RemoveProject {
        /// Which.
        project_id: ProjectId,
    },
    /// Write a new card.
    CreateTask {
        /// Its project.
        project_id: ProjectId,
        /// One line.
        title: String,
        /// Markdown.
        description: String,
    },
    /// Change a card. `None` leaves a field as it is.
    UpdateTask {
        /// Which.
        task_id: TaskId,
        /// What changes.
        patch: TaskPatch,
    },
    /// Remove a card. Refused while attempts of it run; their worktrees are removed after a snapshot.
    DeleteTask {
        /// Which.
        task_id: TaskId,
    },
    /// Try a task with an agent.
    StartAttempt {
        /// The task.
        task_id: TaskId,
        /// Agent and variant.
        profile: ExecutorProfileId,
        /// Branch to start from; the project's default if `None`.
        base: Option<String>,
        /// Branch to land on; the base if `None`.
        target: Option<String>,
        /// What it may do without asking.
        approve: ApproveMode,
    },
    /// A further prompt. Sent at once when the agent is idle or gone (then its session is resumed), else queued.
    FollowUp {
        /// The attempt.
        attempt_id: AttemptId,
        /// The text.
        text: String,
    },
    /// A further prompt to a chosen agent, variant or model. Sent, queued or used to resume as [`Self::FollowUp`]; for
    /// another agent than the last one a process of its own is started in the same worktree.
    SendTo {
        /// The attempt.
        attempt_id: AttemptId,
        /// Whom it goes to.
        to: Recipient,
        /// The text; blank: go on.
        text: String,
    },
    /// Go on with an attempt whose last execution was interrupted, stopped or failed.
    ResumeAttempt {
        /// The attempt.
        attempt_id: AttemptId,
        /// What the agent is told; `Continue where you left off.` if `None`.
        text: Option<String>,
    },
    /// Start what waits for a limit of its agent's service to end.
    StartNow {
        /// The attempt.
        attempt_id: AttemptId,
    },
    /// Change a draft's text. Empty text removes it.
    EditDraft {
        /// Which.
        draft_id: DraftId,
        /// The text.
        text: String,
    },
    /// Change the place of a draft among those of its attempt.
    MoveDraft {
        /// Which.
        draft_id: DraftId,
        /// The draft that comes right after it; `None`: it is the last.
        before: Option<DraftId>,
    },
    /// End the turn, the process stays. Without a turn it stops the process.
    InterruptAttempt {
        /// The attempt.
        attempt_id: AttemptId,
    },
    /// Stop the process and everything it started. Sent again it skips a rung of the ladder.
    StopAttempt {
        /// The attempt.
        attempt_id: AttemptId,
    },
    /// Answer a question of an agent.
    AnswerApproval {
        /// Which.
        approval_id: ApprovalId,
        /// With what.
        answer: ApprovalAnswer,
    },
    /// Change what an attempt may do without asking.
    SetApproveMode {
        /// The attempt.
        attempt_id: AttemptId,
        /// The mode.
        approve: ApproveMode,
    },
    /// Commit the open work of an attempt to its branch.
    CommitAttempt {
        /// The attempt.
        attempt_id: AttemptId,
        /// The message; one made from the task if `None`.
        message: Option<String>,
    },
    /// Land an attempt on its target as one commit.
    MergeAttempt {
        /// The attempt.
        attempt_id: AttemptId,
        /// The message; one made from the task if `None`.
        message: Option<String>,
        /// Leave the worktree where it is.
        keep_worktree: bool,
    },
    /// Put the target back to before a merge, if nothing came after it.
    UndoMerge {
        /// Which.
        merge_id: MergeId,
    },
    /// Give an attempt up: stop it, snapshot, remove worktree and branch.
    DropAttempt {
        /// The attempt.
        attempt_id: AttemptId,
    },
    /// Put an attempt's files back to a snapshot; makes the worktree again if it is gone.
    RestoreSnapshot {
        /// Which.
        snapshot_id: SnapshotId,
    },
    /// Nobody needs to look at this task any more.
    MarkRead {
        /// Which.
        task_id: TaskId,
    },
    /// Make or change a template.
    PutTemplate {
        /// The template; a new id makes a new one.
        template: Template,
    },
    /// Remove a template.
    RemoveTemplate {
        /// Which.
        template_id: TemplateId,
    },
    /// Make or change a rule.
    PutRule {
        /// The rule; a new id makes a new one.
        rule: Rule,
    },
    /// Remove a rule.
    RemoveRule {
        /// Which.
        rule_id: RuleId,
    },
    /// Change the settings: all of them at once.
    SetSettings {
        /// The settings.
        settings: Settings,
    },
    /// Copy the store to a file.
    Backup {
        /// The file; must not exist.
        path: FilePath,
    },
    /// Put Anyon's MCP server into an agent's own configuration file. → [`Outcome::McpSetUp`]
    SetUpMcp {
        /// The agent's id.
        agent_id: String,
    },
    /// Change the file of the person's own agents and profiles.
    EditAgentFile {
        /// How.
        edit: AgentFileEdit,
    },
    /// Bring the window that is open to the front. Refused where none is.
    Focus {
        /// What it shows then; `None`: what it shows now.
        on: Option<FocusOn>,
    },
    /// A person's answer to what an MCP client asked for: see [`crate::State::confirmations`].
    Confirm {
        /// The command that waits.
        asked: CommandId,
        /// Do it.
        allow: bool,
    },
    /// Stop everything that runs and end.
    Shutdown,
}

/// What a window is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FocusOn {
    /// The board of a project.
    Project {
        /// Which.
        project_id: ProjectId,
    },
    /// A task with its newest attempt.
    Task {
        /// Which.
        task_id: TaskId,
    },
    /// An attempt.
    Attempt {
        /// Which.
        attempt_id: AttemptId,
    },
}

/// Changes of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of Project")]
pub struct ProjectPatch {
    pub name: Option<String>,
    pub default_target: Option<Option<String>>,
    pub setup_script: Option<String>,
    pub cleanup_script: Option<String>,
    pub dev_script: Option<String>,
    pub copy_files: Option<Vec<String>>,
}

/// Changes of a task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of Task")]
pub struct TaskPatch {
    pub title: Option<String>,
    pub description: Option<String>,
    pub status: Option<TaskStatus>,
    pub priority: Option<Priority>,
    /// Names: one that the project does not have yet becomes a label, one that no task has any more goes.
    pub labels: Option<Vec<String>>,
    pub order: Option<crate::BoardOrder>,
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// Done; nothing more to say.
    Done,
    /// A project was made, or is there.
    Project {
        /// Which.
        project_id: ProjectId,
    },
    /// A task was made.
    Task {
        /// Which.
        task_id: TaskId,
    },
    /// An attempt was made or continued.
    Attempt {
        /// Which.
        attempt_id: AttemptId,
    },
    /// A follow-up waits as a draft.
    Queued {
        /// Which.
        draft_id: DraftId,
    },
    /// Open work was committed.
    Committed {
        /// The commit; `None`: there was nothing to commit.
        commit: Option<String>,
    },
    /// An attempt landed.
    Landed {
        /// Our record of it.
        merge_id: MergeId,
        /// The commit on the target.
        commit: String,
        /// The target.
        target: String,
    },
    /// Files were put back.
    Restored {
        /// The worktree they are in.
        worktree: FilePath,
    },
    /// An agent knows Anyon's MCP server.
    McpSetUp {
        /// Its configuration file.
        file: FilePath,
        /// Where the old text of the file is. `None`: there was none, or nothing had to be changed.
        backup: Option<FilePath>,
    },
}

/// The answer to a command.
pub type CommandResult = Result<Outcome, Problem>;
