//! `anyon demo`: the main job with the built-in agent, in folders of its own that are removed at the end.

use super::{
    attempt::land,
    cards::{AttemptCard, TaskCard},
    drive::{Drive, Voice},
    ending::Ending,
    exchange::Exchange,
    interrupts::Interrupts,
    lines::{self, Lines},
    out::{Landing, Out},
    run,
};
use crate::{demo::sample, host::with_host, window};
use anyon_model::{
    ApproveMode, AttemptId, AttemptStatus, Command, ExecutorProfileId, Problem, ProblemCode, TaskStatus,
    WorktreeState,
};
use clap::Args;
use std::{
    fs,
    path::{Path, PathBuf},
};

const AGENT: &str = "DEMO";
/// The demo agent without its pauses.
const HURRIED: &str = "HURRIED";

/// Try the main job with the built-in demo agent and a sample project
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Ask nobody: the demo allows what its agent asks, and says so
    #[arg(long)]
    headless: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Leave the data folder and the sample project where they are
    #[arg(long)]
    keep: bool,
}

/// Runs it.
pub fn run(args: &DemoArgs, out: &mut Out) -> Result<Ending, Problem> {
    if !args.headless && !args.json && window::display_is_there() {
        return in_window(args, out);
    }
    if !args.headless && !lines::person_is_there() {
        return Err(Problem::new(
            ProblemCode::InvalidRequest,
            "The demo asks you something, and there is no terminal",
        )
        .hint("use `anyon demo --headless`"));
    }
    let interrupts = Interrupts::watch();
    let place = Place::make(args.keep)?;
    out.note("This is a demo: its agent follows a script, no model is involved. All else is real.");
    sample::build(&place.sample)?;
    let landing = with_host(&place.data, out, |exchange, out| {
        play(args, &place, interrupts, exchange, out)
    })?;
    let Some(landing) = landing else {
        return Ok(Ending::Failed);
    };
    let folder = place.folder.clone();
    place.end()?;
    match args.keep {
        true => out.note(&format!("kept: {}", folder.display())),
        false => out.note("the demo's folders are removed"),
    }
    out.merged(&landing);
    Ok(Ending::Done)
}

/// The tour: the same main job, done by the person in the window.
fn in_window(args: &DemoArgs, out: &mut Out) -> Result<Ending, Problem> {
    let place = Place::make(args.keep)?;
    sample::build(&place.sample)?;
    window::open(window::WindowOptions {
        data_folder: place.data.clone(),
        tour: Some(place.sample.clone()),
    })?;
    let folder = place.folder.clone();
    place.end()?;
    if args.keep {
        out.note(&format!("kept: {}", folder.display()));
    }
    Ok(Ending::Done)
}

/// Project, task, attempt, answers, diff, landing; `None` when the person did not want it.
fn play(
    args: &DemoArgs,
    place: &Place,
    interrupts: Interrupts,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<Option<Landing>, Problem> {
    let project_id = run::project_for(&place.sample, exchange, out)?;
    let title = Some(sample::TASK_TITLE);
    let task_id = run::create_task(project_id, title, sample::TASK_DESCRIPTION, exchange, out)?;
    let variant = args.headless.then(|| HURRIED.to_owned());
    let attempt_id = run::started(exchange.command(Command::StartAttempt {
        task_id,
        profile: ExecutorProfileId {
            executor: AGENT.to_owned(),
            variant,
        },
        base: None,
        target: None,
        approve: ApproveMode::Edits,
    })?)?;
    let voice = match args.headless {
        true => Voice::Yes,
        false => Voice::Person(Lines::read()),
    };
    let ending = Drive::new(exchange, out, interrupts, voice, attempt_id)?.work()?;
    run::tell_changes(attempt_id, exchange, out);
    if ending != Ending::Done {
        return Ok(None);
    }
    let card = card(exchange, attempt_id)?;
    let landing = land(&card, None, false, exchange, out)?;
    verify(exchange, attempt_id, place)?;
    Ok(Some(landing))
}

/// A demo that only claims to work would be worse than none.
fn verify(exchange: &Exchange<'_>, attempt_id: AttemptId, place: &Place) -> Result<(), Problem> {
    let card = card(exchange, attempt_id)?;
    let task = TaskCard::of(&exchange.state(), card.attempt.task_id).map(|card| card.task.status);
    let program = fs::read_to_string(place.sample.join("greet.sh")).unwrap_or_default();
    let checks = [
        (card.status == AttemptStatus::Landed, "the attempt is not landed"),
        (task == Some(TaskStatus::Done), "the task is not done"),
        (
            card.attempt.worktree.state == WorktreeState::Removed,
            "the worktree is still recorded",
        ),
        (
            !card.attempt.worktree.path.as_path().exists(),
            "the worktree is still there",
        ),
        (program.contains("--bye"), "the sample project did not follow"),
    ];
    match checks.iter().find(|(holds, _)| !holds) {
        None => Ok(()),
        Some((_, what)) => Err(Problem::new(
            ProblemCode::Internal,
            format!("The demo failed: {what}"),
        )),
    }
}

fn card(exchange: &Exchange<'_>, attempt_id: AttemptId) -> Result<AttemptCard, Problem> {
    AttemptCard::of(&exchange.state(), attempt_id).ok_or_else(run::unexpected)
}

/// The demo's folders. Removed when dropped, unless they are kept.
struct Place {
    folder: PathBuf,
    data: PathBuf,
    sample: PathBuf,
    keep: bool,
}

impl Place {
    fn make(keep: bool) -> Result<Self, Problem> {
        let name = format!(
            "anyon-demo-{}-{}",
            std::process::id(),
            super::clock::now().as_ms()
        );
        let folder = std::env::temp_dir().join(name);
        make_private(&folder).map_err(|error| {
            Problem::new(ProblemCode::Io, format!("{} cannot be made", folder.display()))
                .detail(error.to_string())
        })?;
        Ok(Self {
            data: folder.join("data"),
            sample: folder.join("greeting"),
            folder,
            keep,
        })
    }

    fn end(mut self) -> Result<(), Problem> {
        if self.keep {
            return Ok(());
        }
        self.keep = true;
        fs::remove_dir_all(&self.folder).map_err(|error| {
            Problem::new(
                ProblemCode::Io,
                format!("{} cannot be removed", self.folder.display()),
            )
            .detail(error.to_string())
            .hint("remove it by hand")
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.keep {
            // The demo failed already; what is left lies in the folder for temporary files.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}
#[cfg(not(unix))]
fn make_private(folder: &Path) -> std::io::Result<()> {
    fs::create_dir(folder)
}
