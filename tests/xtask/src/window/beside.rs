//! Agents that go on without their window and without the terminal it was started from, and windows beside the process that holds them: full clients, which close
//! without a question, come to the front instead of a second one, and take over when that process dies.

use super::{
    desk::Desk,
    display::Server,
    front,
    main_job::{AGENT_S, ASKS, begin_demo},
    product::{self, LIMIT_S, Product},
    terminal::Terminal,
    tree::Role,
    wait::until_holds,
};
use anyhow::{Context, ensure};
use std::path::Path;

const SIZE: (u32, u32) = (1440, 900);

/// Tells it.
pub fn tell(program: &Path, shots: &Path) -> anyhow::Result<()> {
    let desk = Desk::new("beside", shots, Server::Full)?;
    let terminal = Terminal::open()?;
    let started = terminal.start(product::command(&desk, program)?)?;
    let mut first = Product::attach(&desk, started, SIZE)?;
    first.sees("Welcome to Anyon")?;
    let repository = begin_demo(&desk, &first)?;
    asks(&first)?;
    keep_running(&desk, &mut first)?;
    // Its session is told of the end of its terminal; it was the one that led it.
    terminal.close();

    let beside = Product::start(&desk, program, SIZE).context("a window beside the host")?;
    asks(&beside)?;
    desk.picture("2-beside")?;
    front::a_second_start_ends(&desk, program)?;
    beside.close().context("a client closes without a question")?;
    ensure!(first.lives()? && first.children() > 0, "the agent goes on");

    let last = Product::start(&desk, program, SIZE).context("one more window")?;
    asks(&last)?;
    first.kill_alone()?;
    // The window is the host now: it found the run interrupted, and lets it go on.
    last.press_within(AGENT_S, Role::Button, "Resume")?;
    asks(&last)?;
    desk.picture("3-taken-over")?;
    last.press_away(Role::Button, "Allow once")?;
    last.wait_for("the end of the turn", AGENT_S, |node| {
        node.is(Role::Button) && node.name == "Land…" && node.is_enabled()
    })?;
    ensure!(
        repository.worktree()?.file("greet.sh")?.contains("--bye"),
        "its work is there"
    );
    last.quit()
}

fn asks(product: &Product<'_>) -> anyhow::Result<()> {
    product.wait_for(ASKS, AGENT_S, |node| node.name.contains(ASKS))?;
    Ok(())
}

/// The window goes, its process and the agent stay.
fn keep_running(desk: &Desk, first: &mut Product<'_>) -> anyhow::Result<()> {
    first.ask_to_close()?;
    first.sees("Agents are still running")?;
    desk.picture("1-closing")?;
    first.press(Role::Button, "Keep running")?;
    until_holds("the window to go", LIMIT_S, || {
        desk.display.window().is_ok_and(|window| window.is_none())
    })?;
    ensure!(first.lives()? && first.children() > 0, "the agent goes on");
    Ok(())
}
