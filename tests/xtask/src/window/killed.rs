//! The window is killed in the middle of a run and started again: the same place, the same scroll, and the run goes on.

use super::{
    desk::Desk,
    display::Server,
    main_job::{AGENT_S, ASKS, begin_demo},
    product::{LIMIT_S, Product},
    tree::Role,
    wait::until,
};
use anyhow::{bail, ensure};
use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// So small that the conversation is longer than what is seen of it.
const SIZE: (u32, u32) = (1024, 820);

/// Longer than the window waits between two writes of a place.
const WRITTEN: Duration = Duration::from_millis(2_500);

/// Tells it.
pub fn tell(program: &Path, shots: &Path) -> anyhow::Result<()> {
    let desk = Desk::new("killed", shots, Server::Full)?;
    let product = Product::start(&desk, program, SIZE)?;
    product.sees("Welcome to Anyon")?;
    let repository = begin_demo(&desk, &product)?;
    // The agent waits for an answer: its turn is not over.
    product.wait_for(ASKS, AGENT_S, |node| node.name.contains(ASKS))?;
    let read = scroll_up(&desk, &product)?;
    desk.picture("5-before")?;
    product.kill()?;

    let product = Product::start(&desk, program, SIZE)?;
    product.sees("1 run interrupted")?;
    let again = until("the rows that were read", LIMIT_S, || {
        Ok(rows(&product)?.is_superset(&read.rows).then_some(()))
    });
    desk.picture("6-again")?;
    if again.is_err() {
        bail!(
            "read before: {:#?}\nread again: {:#?}",
            read.rows,
            rows(&product)?
        );
    }
    let place = kept_place(&desk)?;
    ensure!(
        place == read.place,
        "read at {:?}, again at {place:?}",
        read.place
    );
    product.press(Role::Button, "Resume")?;
    product.wait_for(ASKS, AGENT_S, |node| node.name.contains(ASKS))?;
    product.press_away(Role::Button, "Allow once")?;
    product.wait_for("the end of the turn", AGENT_S, |node| {
        node.is(Role::Button) && node.name == "Land…" && node.is_enabled()
    })?;
    desk.picture("7-resumed")?;
    ensure!(
        repository.worktree()?.file("greet.sh")?.contains("--bye"),
        "its work is there"
    );
    product.quit()
}

/// What was read, and where.
struct Read {
    rows: BTreeSet<String>,
    place: Option<String>,
}

/// Reads further up; gives what is seen there once the place is kept.
fn scroll_up(desk: &Desk, product: &Product<'_>) -> anyhow::Result<Read> {
    product.focus(Role::List, "Conversation")?;
    // Some pages, so that the end stays out of sight also where more fits into it.
    desk.display.keys(&["Prior", "Prior", "Prior"])?;
    let (mut last, mut since) = (None, Instant::now());
    let place = until("the place to be kept", LIMIT_S, || {
        let place = kept_place(desk)?;
        if place != last {
            (last, since) = (place.clone(), Instant::now());
        }
        let rests = place.is_some() && since.elapsed() > WRITTEN;
        Ok(rests.then_some(place))
    })?;
    let rows = rows(product)?;
    ensure!(!rows.is_empty(), "nothing to read there");
    Ok(Read { rows, place })
}

/// The place in a conversation, as the window keeps it on the disk.
fn kept_place(desk: &Desk) -> anyhow::Result<Option<String>> {
    let text = fs::read_to_string(desk.home().join(".local/share/anyon/window.json"))?;
    let note = text.split_once("\"scroll/").map(|(_, rest)| rest);
    let place = note.and_then(|note| note.split_once("\"text\":\"")?.1.split_once('"'));
    Ok(place.map(|(place, _)| place.to_owned()))
}

/// What is seen of the conversation: the tool calls, by their names.
fn rows(product: &Product<'_>) -> anyhow::Result<BTreeSet<String>> {
    let nodes = product.nodes()?;
    let calls = nodes.into_iter().map(|node| node.name);
    let calls = calls.filter(|name| ["Read · ", "Edit · "].iter().any(|verb| name.starts_with(verb)));
    Ok(calls.collect())
}
