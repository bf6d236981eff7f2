//! A terminal that a program is started from, and that is closed under it.

use anyhow::Context;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::{
    fs::File,
    os::fd::OwnedFd,
    process::{Child, Command, Stdio},
};

/// A terminal. Nobody reads what is written to it.
pub struct Terminal(OwnedFd);

impl Terminal {
    /// Opens one.
    pub fn open() -> anyhow::Result<Self> {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&terminal)?;
        unlockpt(&terminal)?;
        Ok(Self(terminal))
    }

    /// Starts a program that leads the terminal's session, as the shell in it would: it is the first one to be told of
    /// its end. Its standard input and error are the terminal.
    pub fn start(&self, command: Command) -> anyhow::Result<Child> {
        let name = ptsname(&self.0, Vec::new())?;
        let side = File::options().read(true).write(true).open(name.to_str()?)?;
        let mut leader = Command::new("setsid");
        leader
            .args(["--ctty", "--"])
            .arg(command.get_program())
            .args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => leader.env(name, value),
                None => leader.env_remove(name),
            };
        }
        leader
            .stdin(Stdio::from(side.try_clone()?))
            .stdout(Stdio::null())
            .stderr(Stdio::from(side));
        leader.spawn().context("setsid")
    }

    /// Closes it.
    pub fn close(self) {
        drop(self.0);
    }
}
