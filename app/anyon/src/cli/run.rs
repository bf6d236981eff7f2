//! `anyon run`: one task, one attempt, followed in the terminal.

use super::{
    agent,
    cards::{AttemptCard, TaskCard},
    drive::{Drive, Voice},
    ending::Ending,
    exchange::Exchange,
    interrupts::Interrupts,
    lines::{self, Lines},
    name,
    out::Out,
};
use anyon_model::{
    Answer, ApproveMode, AttemptId, Command, ExecutorProfileId, Outcome, Problem, ProblemCode, ProjectId,
    ProjectShard, Query, TaskId, WorktreeState,
};
use clap::{Args, ValueEnum};
use std::{
    io::Read,
    path::{Path, PathBuf},
};

const TITLE_WIDTH: usize = 72;
/// At most so many branches are named to a person who named another one.
const NAMED_BRANCHES: usize = 10;

/// Let an agent work on a prompt, in its own worktree
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Folder of the git repository; it becomes a project if it is none
    #[arg(long, value_name = "DIR", required_unless_present = "task")]
    project: Option<PathBuf>,
    /// A task that is there, such as `ANY-1`: it gets a further attempt
    #[arg(long, conflicts_with_all = ["project", "title"])]
    task: Option<String>,
    #[arg(long, value_name = "ID", help = agent::help("; the one used last by default"))]
    agent: Option<String>,
    /// The agent's variant, such as PLAN
    #[arg(long, value_name = "V")]
    variant: Option<String>,
    /// Branch to start from and to land on; the one checked out by default
    #[arg(long, value_name = "BRANCH")]
    base: Option<String>,
    /// Title of the task; the first line of the prompt by default
    #[arg(long)]
    title: Option<String>,
    /// What passes without asking
    #[arg(long, value_enum, default_value_t = Approve::Edits)]
    approve: Approve,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// What the agent shall do; `-` reads it from standard input. With `--task` the task says that, and this is a
    /// follow-up, sent after the first turn
    #[arg(required_unless_present = "task")]
    prompt: Option<String>,
}

/// What an agent may do without asking.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Approve {
    /// Only what a rule allows; all else that the agent asks is put to you (DEMO asks about commands, not about edits)
    Ask,
    /// Reads, edits inside the worktree and harmless commands
    Edits,
    /// Everything; each answer is recorded
    All,
}

impl From<Approve> for ApproveMode {
    fn from(approve: Approve) -> Self {
        match approve {
            Approve::Ask => Self::Ask,
            Approve::Edits => Self::Edits,
            Approve::All => Self::All,
        }
    }
}

/// Runs it.
pub fn run(args: &RunArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let takes_stdin = args.prompt.as_deref() == Some("-");
    let prompt = match takes_stdin {
        true => read_prompt()?,
        false => args.prompt.clone().unwrap_or_default(),
    };
    // Not before: Ctrl+C while the prompt is typed ends everything, as nothing has begun.
    let interrupts = Interrupts::watch();
    let attempt_id = match (&args.task, &args.project) {
        (Some(task), _) => try_again(args, task, &prompt, exchange, out)?,
        (None, Some(folder)) => try_new(args, folder, &prompt, exchange, out)?,
        (None, None) => return Err(nothing_named()),
    };
    let voice = if takes_stdin { Voice::Nobody } else { voice(out) };
    stay(attempt_id, voice, interrupts, exchange, out)
}

/// A first attempt at a task made of the prompt.
fn try_new(
    args: &RunArgs,
    folder: &Path,
    prompt: &str,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<AttemptId, Problem> {
    let project_id = project_for(folder, exchange, out)?;
    let profile = profile(args, project_id, exchange, out)?;
    check_base(args.base.as_deref(), project_id, exchange)?;
    let task_id = create_task(project_id, args.title.as_deref(), prompt, exchange, out)?;
    let attempt = exchange.command(start(args, task_id, profile)).and_then(started);
    if attempt.is_err() {
        // A task that nobody wrote on purpose would only be in the way. Whether it goes or not: what went wrong is the
        // start.
        let _ = exchange.command(Command::DeleteTask { task_id });
    }
    attempt
}

/// A further attempt at a task that is there.
fn try_again(
    args: &RunArgs,
    task: &str,
    follow_up: &str,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<AttemptId, Problem> {
    let card = name::task(&exchange.state(), task)?;
    let project_id = card.task.project_id;
    let profile = profile(args, project_id, exchange, out)?;
    check_base(args.base.as_deref(), project_id, exchange)?;
    let attempt_id = exchange
        .command(start(args, card.task.id, profile))
        .and_then(started)?;
    if !follow_up.trim().is_empty() {
        let text = follow_up.trim().to_owned();
        exchange.command(Command::FollowUp { attempt_id, text })?;
    }
    Ok(attempt_id)
}

fn start(args: &RunArgs, task_id: TaskId, profile: ExecutorProfileId) -> Command {
    Command::StartAttempt {
        task_id,
        profile,
        base: args.base.clone(),
        target: None,
        approve: args.approve.into(),
    }
}

/// The agent and variant that are named, else those used last, which is told.
fn profile(
    args: &RunArgs,
    project_id: ProjectId,
    exchange: &Exchange<'_>,
    out: &mut Out,
) -> Result<ExecutorProfileId, Problem> {
    if let Some(agent) = &args.agent {
        return Ok(ExecutorProfileId {
            executor: agent::named(agent),
            variant: args.variant.clone(),
        });
    }
    let last = agent::last_used(&exchange.state(), project_id)?;
    let profile = ExecutorProfileId {
        variant: args.variant.clone().or(last.variant),
        executor: last.executor,
    };
    out.note(&format!("{profile} works, as the last time"));
    Ok(profile)
}

/// Before anything is made for it: the branch has to be there, since the work lands on it too.
fn check_base(base: Option<&str>, project_id: ProjectId, exchange: &mut Exchange<'_>) -> Result<(), Problem> {
    let Some(base) = base else { return Ok(()) };
    let Answer::Branches(branches) = exchange.query(Query::Branches { project_id })? else {
        return Err(unexpected());
    };
    if branches.iter().any(|branch| branch == base) {
        return Ok(());
    }
    let title = format!("There is no branch “{base}” to start from");
    let named: Vec<&str> = branches.iter().take(NAMED_BRANCHES).map(String::as_str).collect();
    Err(Problem::new(ProblemCode::NotFound, title).hint(format!("there are: {}", named.join(", "))))
}

fn nothing_named() -> Problem {
    Problem::new(
        ProblemCode::InvalidRequest,
        "Neither a project nor a task is named",
    )
}

/// Follows an attempt to its end, then tells what changed and what to do next.
pub fn stay(
    attempt_id: AttemptId,
    voice: Voice,
    interrupts: Interrupts,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<Ending, Problem> {
    let ending = Drive::new(exchange, out, interrupts, voice, attempt_id)?.work()?;
    let has_changes = tell_changes(attempt_id, exchange, out);
    if let Some(card) = AttemptCard::of(&exchange.state(), attempt_id) {
        out.next(&next_commands(&card.name, ending, !has_changes));
    }
    Ok(ending)
}

/// Tells which files an attempt changed; false when it changed none. That they cannot be listed is told, but does not
/// change how the work ended.
pub fn tell_changes(attempt_id: AttemptId, exchange: &mut Exchange<'_>, out: &mut Out) -> bool {
    let card = AttemptCard::of(&exchange.state(), attempt_id);
    let Some(card) = card.filter(|card| card.attempt.worktree.state == WorktreeState::Ready) else {
        return false;
    };
    match exchange.diff_summary(attempt_id, false) {
        Ok(summary) => {
            out.diff(&card.name, &summary);
            !summary.files.is_empty()
        }
        Err(problem) => {
            out.problem(&problem);
            true
        }
    }
}

fn next_commands(name: &str, ending: Ending, is_empty: bool) -> Vec<String> {
    let mut commands = Vec::new();
    if !is_empty {
        commands.push(format!("anyon attempt diff {name}"));
    }
    if ending == Ending::Done && !is_empty {
        commands.push(format!("anyon attempt merge {name}"));
    }
    if ending != Ending::Done {
        commands.push(format!("anyon attempt resume {name}"));
    }
    commands
}

/// Who is there to answer.
pub fn voice(out: &Out) -> Voice {
    match (out.is_json(), lines::person_is_there()) {
        (true, _) => Voice::Program(Lines::read()),
        (false, true) => Voice::Person(Lines::read()),
        (false, false) => Voice::Nobody,
    }
}

/// The project of a folder, registered now if it is none yet.
pub fn project_for(folder: &Path, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<ProjectId, Problem> {
    if let Some(shard) = name::project_at(&exchange.state(), folder) {
        return Ok(shard.project.id);
    }
    let path = name::folder(folder)?;
    let outcome = exchange.command(Command::AddProject {
        path,
        name: None,
        initial_commit: false,
    })?;
    let Outcome::Project { project_id } = outcome else {
        return Err(unexpected());
    };
    if let Some(shard) = exchange.state().projects.get(&project_id) {
        out.note(&format!(
            "{} is a project now: {}",
            shard.project.repo_path, shard.project.name
        ));
        tell_submodules(shard, out);
    }
    Ok(project_id)
}

/// Git leaves submodules empty in a new worktree; only a setup script knows which the work needs.
pub fn tell_submodules(shard: &ProjectShard, out: &mut Out) {
    let project = &shard.project;
    if project.setup_script.is_empty() && project.repo_path.as_path().join(".gitmodules").exists() {
        out.note(&format!(
            "its submodules are empty in an attempt's worktree; to fill them: \
             anyon project set {} --setup 'git submodule update --init'",
            project.short_prefix
        ));
    }
}

/// A task for a prompt: its first line is the title unless there is one.
pub fn create_task(
    project_id: ProjectId,
    title: Option<&str>,
    prompt: &str,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<TaskId, Problem> {
    let (title, description) = match title {
        Some(title) => (title.to_owned(), prompt.to_owned()),
        None => split_prompt(prompt),
    };
    let outcome = exchange.command(Command::CreateTask {
        project_id,
        title,
        description,
    })?;
    let Outcome::Task { task_id } = outcome else {
        return Err(unexpected());
    };
    if let Some(card) = TaskCard::of(&exchange.state(), task_id).filter(|_| out.is_json()) {
        out.task(&card);
    }
    Ok(task_id)
}

/// A short prompt is a title; a long one keeps its whole text as the description.
fn split_prompt(prompt: &str) -> (String, String) {
    let prompt = prompt.trim();
    let title = anyon_text::first_line(prompt, TITLE_WIDTH);
    match title == prompt {
        true => (title, String::new()),
        false => (title, prompt.to_owned()),
    }
}

fn read_prompt() -> Result<String, Problem> {
    let mut prompt = String::new();
    let read = std::io::stdin().read_to_string(&mut prompt);
    read.map_err(|error| {
        Problem::new(ProblemCode::Io, "The prompt cannot be read from standard input")
            .detail(error.to_string())
    })?;
    Ok(prompt)
}

/// The attempt that a command made or continued.
pub fn started(outcome: Outcome) -> Result<AttemptId, Problem> {
    match outcome {
        Outcome::Attempt { attempt_id } => Ok(attempt_id),
        _ => Err(unexpected()),
    }
}

/// An outcome that does not belong to the command.
pub fn unexpected() -> Problem {
    Problem::new(
        ProblemCode::Internal,
        "The host answered with another outcome than the command has",
    )
}

#[cfg(test)]
mod tests {
    use super::split_prompt;

    #[test]
    fn a_long_prompt_is_not_lost_in_its_title() {
        assert_eq!(
            split_prompt(" Fix the login \n"),
            ("Fix the login".into(), String::new())
        );
        let (title, description) = split_prompt("Fix the login\n\nIt fails with 500.");
        assert_eq!(
            (title.as_str(), description.as_str()),
            ("Fix the login …", "Fix the login\n\nIt fails with 500.")
        );
    }
}
