//! The real window under Xvfb, painted by software: how soon it is there, and what it costs while it stands there.

use crate::{
    Figure,
    bench::Bench,
    measure, repository,
    window::{Board, Display, Running, entities},
};
use anyhow::{Result, bail};
use anyon_e2e::fake_agent::script::{Script, Step};
use anyon_model::{Change, Client, Entity, ExecutorProfileId, Project, StoreId, Timestamp, WorktreeState};
use anyon_storage::Store;
use std::{
    process::Command,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

/// Starts of each window, in turns.
const STARTS: usize = 9;
/// A point in the middle of the side bar, without anything on it.
const SIDE_BAR: (i16, i16) = (10, 700);

/// Our window against one with nothing in it.
pub fn first_frame(bench: &Bench) -> Result<Vec<Figure>> {
    fill_store(bench)?;
    let display = Display::start()?;
    let (mut bare, mut ours, mut board) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let black = |color: [u8; 3]| color == [0, 0, 0];
        display.until_color(SIDE_BAR, black)?;
        let window = display.run(&mut Command::new(crate::bench::program("bare-window")?))?;
        let shown = display.until_color(SIDE_BAR, |color| !black(color))?;
        bare.push(since(&window, shown));
        drop(window);
        display.until_color(SIDE_BAR, black)?;
        let window = display.run(&mut anyon(bench))?;
        let shown = display.until_color(SIDE_BAR, |color| !black(color))?;
        ours.push(since(&window, shown));
        let first = display.color(SIDE_BAR.0, SIDE_BAR.1)?;
        let opened = if is_opening(first) {
            display.until_color(SIDE_BAR, |color| !is_opening(color))?
        } else {
            shown
        };
        board.push(since(&window, opened));
    }
    let bare = measure::median(&mut bare);
    let ours = measure::median(&mut ours);
    let board = measure::median(&mut board);
    Ok(vec![
        Figure::at_most(
            &format!("first frame ÷ a bare window's ({ours:.0} ÷ {bare:.0} ms, medians of {STARTS})"),
            ours / bare,
            1.3,
            "×",
        ),
        Figure::at_most(
            "– the board of 20 projects, 2,000 tasks and 500 attempts is shown",
            board,
            bare * 1.3 + 100.0,
            " ms",
        ),
    ])
}

/// The ground of the window before there is a board; the renderer may dither it.
fn is_opening(color: [u8; 3]) -> bool {
    const GROUND: [u8; 3] = [0x0E, 0x0F, 0x11];
    color
        .iter()
        .zip(GROUND)
        .all(|(is, ground)| is.abs_diff(ground) <= 1)
}

fn since(window: &Running, shown: Instant) -> f64 {
    shown.duration_since(window.began).as_secs_f64() * 1e3
}

/// The window with nothing to do.
pub fn idle(bench: &Bench) -> Result<Vec<Figure>> {
    fill_store(bench)?;
    let display = Display::start()?;
    let window = open(bench, &display)?;
    let children = measure::descendants(window.pid()).len();
    let watched = window.watch(Duration::from_secs(10));
    let children = children + measure::descendants(window.pid()).len();
    let (memory, driver) = measure::memory_with_driver(window.pid());
    let mib = |bytes: u64| bytes as f64 / (1 << 20) as f64;
    let what = format!(
        "– resident without the software renderer ({:.0} MiB with its {:.0} MiB of libraries)",
        mib(memory),
        mib(driver)
    );
    Ok(vec![
        Figure::exactly("idle for 10 s: frames", watched.frames, 0),
        Figure::exactly("– processes", children, 0),
        Figure::at_most("– of a core", watched.percent(|_| true), 0.1, " %"),
        Figure::at_most(&what, mib(memory - driver), 90.0, " MiB"),
    ])
}

/// The window with one agent that says ten things a second: on its board, in its conversation, and minimised.
pub fn one_agent(bench: &Bench) -> Result<Vec<Figure>> {
    let repo = bench.folder.join("repo");
    repository::make(&repo, 20, 20)?;
    bench.script(&Script::of([vec![Step::Ticks {
        lines: 100_000,
        every_ms: 100,
    }]]))?;
    let desk = bench.host()?;
    desk.add_project(&repo)?;
    let mut settings = (*desk.client.state().settings).clone();
    settings.default_profile = Some(ExecutorProfileId::new("CLAUDE_CODE"));
    desk.run(anyon_model::Command::SetSettings { settings })?;
    desk.host.shutdown();
    // A window without a terminal has the environment of the login shell.
    let bin = bench.folder.join("bin");
    let script = bench.folder.join("script.json");
    let profile = format!(
        "export PATH={}:$PATH FAKE_AGENT_SCRIPT={}\n",
        bin.display(),
        script.display()
    );
    for name in [".profile", ".bash_profile", ".zprofile"] {
        std::fs::write(bench.folder.join("home").join(name), &profile)?;
    }
    let display = Display::start()?;
    let desktop = display.run(&mut Command::new("openbox"))?;
    thread::sleep(Duration::from_millis(500));
    let window = open(bench, &display)?;
    display.tool("xdotool", &["key", "c"])?;
    thread::sleep(Duration::from_millis(300));
    display.tool("xdotool", &["type", "Measure"])?;
    display.tool("xdotool", &["key", "ctrl+Return"])?;
    thread::sleep(Duration::from_secs(4));
    if measure::descendants(window.pid()).is_empty() {
        bail!("no agent was started");
    }
    let mut figures = told(&window, "on its board", 3.0)?;
    // The first row of the side bar's list of running agents.
    display.tool(
        "xdotool",
        &["mousemove", "110", "222", "click", "1", "mousemove", "640", "780"],
    )?;
    thread::sleep(Duration::from_secs(2));
    figures.extend(told(&window, "in its conversation", 3.0)?);
    display.tool("xdotool", &["search", "--name", "^Anyon$", "windowminimize"])?;
    thread::sleep(Duration::from_secs(1));
    figures.extend(told(&window, "minimised", 1.0)?);
    drop(window);
    drop(desktop);
    Ok(figures)
}

/// Percent of a core, without the threads that paint in place of a graphics card.
fn told(window: &Running, how: &str, limit: f64) -> Result<Vec<Figure>> {
    const TIME: Duration = Duration::from_secs(10);
    let watched = window.watch(TIME);
    let painting = watched.percent(|name| name.starts_with("llvmpipe"));
    let all = watched.percent(|_| true);
    let what = format!(
        "one running agent {how}: of a core ({:.1} frames a second; {painting:.1} % more by the threads of the software renderer; {})",
        watched.frames as f64 / TIME.as_secs_f64(),
        watched.told(),
    );
    Ok(vec![Figure::at_most(&what, all - painting, limit, " %")])
}

/// Opens the window and waits until it has settled.
fn open(bench: &Bench, display: &Display) -> Result<Running> {
    let window = display.run(&mut anyon(bench))?;
    display.until_color((640, 450), |color| color != [0, 0, 0])?;
    thread::sleep(Duration::from_secs(3));
    Ok(window)
}

fn anyon(bench: &Bench) -> Command {
    let mut command = Command::new(&bench.anyon);
    command
        .arg("--data-dir")
        .arg(bench.data_folder())
        .env("ANYON_LOG", "error,anyon::window=trace")
        .env("ANYON_RENDERER", "glow");
    command
}

/// 20 projects, 2,000 tasks, 500 attempts that are over.
fn fill_store(bench: &Bench) -> Result<()> {
    let now = Timestamp::from_ms(1_767_000_000_000);
    let opened = Store::open(&bench.data_folder(), now, StoreId(uuid::Uuid::nil()))?;
    let board = Board {
        projects: 20,
        tasks: 2_000,
        attempts: 500,
    };
    let mut changes = Vec::new();
    for entity in entities(&board) {
        let entity = match entity {
            Entity::Project(project) => Entity::Project(Arc::new(with_repository(bench, &project)?)),
            Entity::Attempt(attempt) => {
                // What is over has no worktree any more.
                let mut attempt = (*attempt).clone();
                attempt.worktree.state = WorktreeState::Removed;
                Entity::Attempt(Arc::new(attempt))
            }
            other => other,
        };
        changes.push(Change::Put(entity));
    }
    opened.store.commit(&changes)?;
    Ok(opened.store.close()?)
}

fn with_repository(bench: &Bench, project: &Project) -> Result<Project> {
    let repo = bench.folder.join("repos").join(&project.name);
    repository::make(&repo, 5, 5)?;
    Ok(Project {
        repo_path: repo.into(),
        ..project.clone()
    })
}
