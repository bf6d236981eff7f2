//! A second start of the window: it ends, and the one that is open comes to the front, from behind another program's
//! window and from being an icon.

use super::{
    desk::Desk,
    display::Server,
    manager::Manager,
    product::{self, LIMIT_S, Product, said},
    tree::Role,
    wait::{until, until_holds},
};
use anyhow::{Context, ensure};
use std::path::Path;

const SIZE: (u32, u32) = (1024, 700);

/// Tells it.
pub fn tell(program: &Path, shots: &Path) -> anyhow::Result<()> {
    let desk = Desk::new("front", shots, Server::Full)?;
    let manager = Manager::start(&desk)?;
    let product = Product::start(&desk, program, SIZE)?;
    product.press(Role::Button, "Skip for now")?;
    in_front(&product).context("a new window is in front")?;

    let cover = desk.display.cover()?;
    until_holds("another window in front", LIMIT_S, || {
        desk.display.active().is_ok_and(|active| active == Some(cover.0))
    })?;
    desk.picture("1-behind")?;
    a_second_start_ends(&desk, program)?;
    in_front(&product).context("from behind another window")?;
    desk.picture("2-in-front")?;

    product.minimise()?;
    until_holds("an icon", LIMIT_S, || !product.is_shown().unwrap_or(true))?;
    a_second_start_ends(&desk, program)?;
    in_front(&product).context("from being an icon")?;
    ensure!(product.is_shown()?, "it is on the screen again");
    desk.picture("3-again")?;
    product.quit()?;
    drop(manager);
    Ok(())
}

fn in_front(product: &Product<'_>) -> anyhow::Result<()> {
    until_holds("the window in front", LIMIT_S, || {
        product.is_in_front().unwrap_or(false)
    })
}

/// There is a window: it comes to the front, and the one that was started ends.
pub fn a_second_start_ends(desk: &Desk, program: &Path) -> anyhow::Result<()> {
    let mut second = product::command(desk, program)?.spawn()?;
    let ended = until("the second start to end", LIMIT_S, || Ok(second.try_wait()?));
    if ended.is_err() {
        second.kill()?;
        second.wait()?;
    }
    let status = ended?;
    ensure!(status.success(), "it ended with {status}:\n{}", said(desk));
    Ok(())
}
