//! The product at a desk: a running window, found and used through its tree.

use super::{
    desk::Desk,
    processes,
    tree::{Node, Role, Tree},
    wait::{until, until_holds},
};
use anyhow::{Context, bail, ensure};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command},
};
use x11rb::protocol::xproto::Window;

/// A running window.
pub struct Product<'d> {
    desk: &'d Desk,
    child: Child,
    window: Window,
    tree: Tree,
}

/// The command that starts the window of a desk.
pub fn command(desk: &Desk, program: &Path) -> anyhow::Result<Command> {
    let mut command = desk.command(program);
    let log = File::options().create(true).append(true).open(said_file(desk))?;
    command
        .env("ANYON_LOG", "warn")
        .env("ANYON_REDUCED_MOTION", "1")
        .stdout(log.try_clone()?)
        .stderr(log);
    Ok(command)
}

/// What the program said on its standard output and error.
pub fn said(desk: &Desk) -> String {
    fs::read_to_string(said_file(desk)).unwrap_or_default()
}

fn said_file(desk: &Desk) -> PathBuf {
    desk.home().join("said.log")
}

impl<'d> Product<'d> {
    /// Starts the window and waits until it is there, with the keyboard.
    pub fn start(desk: &'d Desk, program: &Path, size: (u32, u32)) -> anyhow::Result<Self> {
        let child = command(desk, program)?.spawn()?;
        Self::attach(desk, child, size).with_context(|| format!("it said:\n{}", said(desk)))
    }

    /// The window of a process that was started.
    pub fn attach(desk: &'d Desk, mut child: Child, size: (u32, u32)) -> anyhow::Result<Self> {
        let found = find(desk, &mut child);
        let (window, tree) = match found {
            Ok(found) => found,
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(error);
            }
        };
        desk.display.arrange(window, size)?;
        Ok(Self {
            desk,
            child,
            window,
            tree,
        })
    }

    /// The widgets that are shown.
    pub fn nodes(&self) -> anyhow::Result<Vec<Node>> {
        self.tree.nodes()
    }

    /// Waits for a widget.
    pub fn wait_for(&self, what: &str, limit_s: u64, wanted: impl Fn(&Node) -> bool) -> anyhow::Result<Node> {
        let found = until(what, limit_s, || {
            Ok(self.nodes()?.into_iter().find(|node| wanted(node)))
        });
        found.map_err(|error| self.explain(error))
    }

    /// Waits for a text that contains this.
    pub fn sees(&self, words: &str) -> anyhow::Result<Node> {
        self.wait_for(words, LIMIT_S, |node| node.name.contains(words))
    }

    /// Waits until no text contains this.
    pub fn sees_no_more(&self, words: &str) -> anyhow::Result<()> {
        let gone = until(&format!("“{words}” to go"), LIMIT_S, || {
            let any = self.nodes()?.iter().any(|node| node.name.contains(words));
            Ok((!any).then_some(()))
        });
        gone.map_err(|error| self.explain(error))
    }

    /// Waits for a widget that can be pressed, and presses it.
    pub fn press(&self, role: Role, name: &str) -> anyhow::Result<()> {
        self.press_within(LIMIT_S, role, name)
    }

    /// The same with a limit of its own. A widget that goes between the look and the press is looked for again.
    pub fn press_within(&self, limit_s: u64, role: Role, name: &str) -> anyhow::Result<()> {
        let wanted = |node: &Node| node.is(role) && node.name == name && node.is_enabled();
        let pressed = until(&format!("“{name}” to be pressed"), limit_s, || {
            let found = self.nodes()?.into_iter().find(wanted);
            found.map(|node| self.tree.press(&node)).transpose()
        });
        let pressed = pressed.map_err(|error| self.explain(error))?;
        ensure!(pressed, "“{name}” cannot be pressed");
        Ok(())
    }

    /// Presses a widget that goes when it was pressed.
    pub fn press_away(&self, role: Role, name: &str) -> anyhow::Result<()> {
        self.press(role, name)?;
        let gone = until(&format!("“{name}” to go"), LIMIT_S, || {
            let any = self
                .nodes()?
                .iter()
                .any(|node| node.is(role) && node.name == name);
            Ok((!any).then_some(()))
        });
        gone.map_err(|error| self.explain(error))
    }

    /// Gives a widget the keyboard.
    pub fn focus(&self, role: Role, name: &str) -> anyhow::Result<()> {
        let wanted = |node: &Node| node.is(role) && node.name == name;
        let node = self.wait_for(name, LIMIT_S, wanted)?;
        self.tree.focus(&node)?;
        self.wait_for(&format!("the keyboard at {name}"), LIMIT_S, |node| {
            wanted(node) && node.is_focused()
        })?;
        Ok(())
    }

    /// Closes the window as its frame's button does, and waits for its end and that of everything it started.
    pub fn quit(self) -> anyhow::Result<()> {
        let desk = self.desk;
        self.close()?;
        nothing_left(desk)
    }

    /// Closes the window, and waits for its end; what it did not start stays.
    pub fn close(mut self) -> anyhow::Result<()> {
        self.ask_to_close()?;
        let status = until("the window to close", LIMIT_S, || Ok(self.child.try_wait()?));
        let status = status.map_err(|error| self.explain(error))?;
        ensure!(status.success(), "it ended with {status}:\n{}", said(self.desk));
        Ok(())
    }

    /// Presses the button of the window's frame.
    pub fn ask_to_close(&self) -> anyhow::Result<()> {
        self.desk.display.ask_to_close(self.window)
    }

    /// Makes an icon of the window.
    pub fn minimise(&self) -> anyhow::Result<()> {
        self.desk.display.minimise(self.window)
    }

    /// The window is no icon.
    pub fn is_shown(&self) -> anyhow::Result<bool> {
        self.desk.display.is_shown(self.window)
    }

    /// The window manager calls it active.
    pub fn is_in_front(&self) -> anyhow::Result<bool> {
        Ok(self.desk.display.active()? == Some(self.window))
    }

    /// The process goes on.
    pub fn lives(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// Ends the process as a power cut would; others may be left.
    pub fn kill_alone(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Ends it as a power cut would, and waits for the end of everything it started.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        nothing_left(self.desk)
    }

    /// The processes that it started.
    pub fn children(&self) -> usize {
        processes::living_in(self.desk.home())
            .iter()
            .filter(|found| found.number != self.child.id())
            .count()
    }

    /// Adds what was there instead to an error.
    fn explain(&self, error: anyhow::Error) -> anyhow::Error {
        let _ = self.desk.picture("failed");
        let names: Vec<String> = self
            .nodes()
            .unwrap_or_default()
            .into_iter()
            .filter(|node| !node.name.is_empty())
            .map(|node| node.name)
            .collect();
        error.context(format!(
            "there was instead: {}\nit said: {}",
            names.join(" | "),
            said(self.desk)
        ))
    }
}

impl Drop for Product<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// For what a person would wait for, on a slow computer.
pub const LIMIT_S: u64 = 30;
/// For what follows from the end of the program.
const END_S: u64 = 5;

fn find(desk: &Desk, child: &mut Child) -> anyhow::Result<(Window, Tree)> {
    let mut ended = None;
    let window = until("a window", LIMIT_S, || {
        ended = child.try_wait()?;
        match ended {
            Some(_) => Ok(Some(None)),
            None => Ok(desk.display.window()?.map(Some)),
        }
    })?;
    let Some(window) = window else {
        bail!("it ended with {ended:?}");
    };
    let address = desk.tree_address()?;
    let number = child.id();
    let tree = until("its tree", LIMIT_S, || Tree::of_process(&address, number))?;
    Ok((window, tree))
}

fn nothing_left(desk: &Desk) -> anyhow::Result<()> {
    let left = || processes::living_in(desk.home());
    let gone = until_holds("the end of every process", END_S, || left().is_empty());
    gone.with_context(|| format!("{:?}", left()))
}
