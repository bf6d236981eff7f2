//! The main job in the real window: first start, demo, approve, changes, land, undo, quit; and what git says each time.

use super::{
    desk::Desk,
    display::Server,
    product::{LIMIT_S, Product},
    repository::Repository,
    tree::Role,
    wait::until_holds,
};
use anyhow::ensure;
use std::path::Path;

const SIZE: (u32, u32) = (1440, 900);
/// The demo agent works this long at most before it asks, and after.
pub const AGENT_S: u64 = 90;
/// What the demo agent asks to run.
pub const ASKS: &str = "Demo agent asks to run a command";

/// Tells it.
pub fn tell(program: &Path, shots: &Path) -> anyhow::Result<()> {
    let desk = Desk::new("main-job", shots, Server::Full)?;
    let product = Product::start(&desk, program, SIZE)?;
    first_start(&desk, &product)?;
    let repository = begin_demo(&desk, &product)?;
    let before = repository.head("main")?;
    approve(&desk, &product, &repository)?;
    read_changes(&desk, &product)?;
    land(&desk, &product, &repository, &before)?;
    undo(&desk, &product, &repository, &before)?;
    product.quit()?;
    ensure!(
        repository.head("main")? == before,
        "the end of the window changed main"
    );
    repository.is_sound()
}

/// Language and theme have their effect at once.
fn first_start(desk: &Desk, product: &Product<'_>) -> anyhow::Result<()> {
    product.sees("Welcome to Anyon")?;
    desk.picture("1-first-start")?;
    product.press(Role::Choice, "Language: 한국어")?;
    product.sees_no_more("Welcome to Anyon")?;
    desk.picture("2-korean")?;
    let english = product.wait_for("English in Korean", LIMIT_S, |node| {
        node.is(Role::Choice) && node.name.ends_with(": English")
    })?;
    product.press(Role::Choice, &english.name)?;
    product.wait_for("English to hold", LIMIT_S, |node| {
        node.name == "Language: English" && node.is_chosen()
    })?;
    product.press(Role::Choice, "Theme: Light")?;
    until_holds("a light window", LIMIT_S, || {
        desk.display.brightness().is_ok_and(|bright| bright > 200)
    })?;
    desk.picture("3-light")?;
    product.press(Role::Choice, "Theme: Dark")?;
    until_holds("a dark window", LIMIT_S, || {
        desk.display.brightness().is_ok_and(|bright| bright < 60)
    })
}

/// The demo begins: a worktree and a branch of its own, and nothing in the checkout.
pub fn begin_demo(desk: &Desk, product: &Product<'_>) -> anyhow::Result<Repository> {
    product.press(Role::Button, "Try the demo")?;
    product.sees("Say goodbye too")?;
    product.wait_for("the agent's first words", AGENT_S, |node| {
        node.name.contains("demo agent")
    })?;
    desk.picture("4-working")?;
    let repository = Repository::at(desk.home().join(".local/share/anyon/demo/greeting"));
    ensure!(repository.commits("main")? == 1, "main is as the sample made it");
    Ok(repository)
}

fn approve(desk: &Desk, product: &Product<'_>, repository: &Repository) -> anyhow::Result<()> {
    product.wait_for(ASKS, AGENT_S, |node| node.name.contains(ASKS))?;
    desk.picture("5-asks")?;
    let worktree = repository.worktree()?;
    ensure!(
        worktree.file("greet.sh")?.contains("--bye"),
        "the agent edited its worktree"
    );
    ensure!(
        !repository.file("greet.sh")?.contains("--bye"),
        "the checkout is untouched"
    );
    ensure!(product.children() > 0, "an agent runs");
    product.press_away(Role::Button, "Allow once")?;
    product.wait_for("the end of the turn", AGENT_S, |node| {
        node.is(Role::Button) && node.name == "Land…" && node.is_enabled()
    })?;
    Ok(())
}

fn read_changes(desk: &Desk, product: &Product<'_>) -> anyhow::Result<()> {
    let tab = product.wait_for("the changes", LIMIT_S, |node| {
        node.is(Role::Tab) && node.name.starts_with("Changes")
    })?;
    product.press(Role::Tab, &tab.name)?;
    // Until the changes have the whole width, the tree still holds the narrow ones.
    product.wait_for("the changes alone", LIMIT_S, |node| {
        node.is(Role::Tab) && node.name == tab.name && node.is_selected()
    })?;
    let file = product.wait_for("the program in the tree", LIMIT_S, |node| {
        node.is(Role::Row) && node.name.starts_with("greet.sh")
    })?;
    product.press(Role::Row, &file.name)?;
    product.wait_for("the line that was added", LIMIT_S, |node| {
        node.name.starts_with("+ ") && node.name.contains("--bye")
    })?;
    desk.picture("6-changes")
}

/// One confirm: a commit on main, the checkout follows, the worktree is gone.
fn land(desk: &Desk, product: &Product<'_>, repository: &Repository, before: &str) -> anyhow::Result<()> {
    product.press(Role::Button, "Land…")?;
    product.sees("Commit message")?;
    product.wait_for("a landing that may be", LIMIT_S, |node| {
        node.is(Role::Button) && node.name == "Land" && node.is_enabled()
    })?;
    desk.picture("7-landing")?;
    ensure!(
        repository.head("main")? == before,
        "nothing lands before the confirm"
    );
    product.press(Role::Button, "Land")?;
    product.wait_for("the way back", LIMIT_S, |node| {
        node.is(Role::Button) && node.name == "Undo"
    })?;
    desk.picture("8-landed")?;
    ensure!(repository.commits("main")? == 2, "one commit more");
    ensure!(repository.parent("main")? == before, "on top of what was there");
    ensure!(
        repository.file("greet.sh")?.contains("--bye"),
        "the checkout followed"
    );
    ensure!(repository.is_clean()?, "and is clean");
    until_holds("the worktree to go", LIMIT_S, || repository.worktree().is_err())
}

/// The landing is taken back: branch, checkout and worktree are as they were.
fn undo(desk: &Desk, product: &Product<'_>, repository: &Repository, before: &str) -> anyhow::Result<()> {
    product.press(Role::Button, "Undo")?;
    product.sees("Landing undone")?;
    desk.picture("9-undone")?;
    ensure!(repository.head("main")? == before, "main is where it was");
    ensure!(
        !repository.file("greet.sh")?.contains("--bye"),
        "the checkout followed back"
    );
    ensure!(repository.is_clean()?, "and is clean");
    until_holds("the worktree to be back", LIMIT_S, || {
        let worktree = repository.worktree();
        worktree.is_ok_and(|worktree| worktree.file("greet.sh").is_ok_and(|text| text.contains("--bye")))
    })
}
