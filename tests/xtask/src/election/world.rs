//! A world for the programs of an election: home, data folder, a repository that is a project; gone when it is dropped.

use super::ledger::Task;
use anyhow::{Context, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long it may take until there is a host, or until nobody is left.
const LIMIT: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(5);

/// A world.
pub struct World {
    root: TempDir,
    program: PathBuf,
}

impl World {
    /// One with a project.
    pub fn begin(program: PathBuf) -> anyhow::Result<Self> {
        let root = tempfile::Builder::new().prefix("anyon-election-").tempdir()?;
        let world = Self { root, program };
        for folder in ["home", "run", "shop"] {
            fs::create_dir(world.path(folder))?;
        }
        fs::set_permissions(world.path("run"), fs::Permissions::from_mode(0o700))?;
        fs::write(
            world.path("home/.gitconfig"),
            "[user]\n\tname = Ada\n\temail = ada@example.org\n",
        )?;
        let repository = world.path("shop");
        let git = Command::new("git")
            .args(["init", "-q"])
            .arg(&repository)
            .status()?;
        ensure!(git.success(), "git init");
        let added = world
            .anyon(&["project", "add", "--initial-commit", "--json"])
            .arg(&repository)
            .output()?;
        ensure!(added.status.success(), "{added:?}");
        Ok(world)
    }

    /// The program with these arguments.
    pub fn anyon(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", self.path("home"))
            .env("XDG_RUNTIME_DIR", self.path("run"))
            .env("ANYON_DATA_DIR", self.path("data"))
            .env("ANYON_HOST_GRACE_MS", "1000")
            .env("SHELL", "/bin/sh")
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::null());
        command
    }

    /// Kills the host that there is, as soon as there is one.
    pub fn kill_the_host(&self) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            if let Some(pid) = self.host()
                && kill_process(pid, Signal::KILL).is_ok()
            {
                return Ok(());
            }
            ensure!(begun.elapsed() < LIMIT, "there is no host");
            thread::sleep(LOOK);
        }
    }

    /// Who says that it is the host, if it lives and is of this world.
    fn host(&self) -> Option<Pid> {
        let said = fs::read(self.path("data/host.json")).ok()?;
        let said: Value = serde_json::from_slice(&said).ok()?;
        let pid = Pid::from_raw(said["pid"].as_i64()?.try_into().ok()?)?;
        let folder = PathBuf::from(format!("/proc/{}", pid.as_raw_nonzero()));
        self.lives_here(&folder).then_some(pid)
    }

    /// Waits until the last host has ended by itself.
    pub fn wait_until_nobody_lives(&self) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            let processes = fs::read_dir("/proc")?.flatten();
            let left: Vec<PathBuf> = processes
                .map(|entry| entry.path())
                .filter(|folder| self.lives_here(folder))
                .collect();
            if left.is_empty() {
                return Ok(());
            }
            ensure!(begun.elapsed() < LIMIT, "left behind: {left:?}");
            thread::sleep(LOOK);
        }
    }

    fn lives_here(&self, process: &Path) -> bool {
        let home = self.path("home");
        let all = fs::read(process.join("environ")).unwrap_or_default();
        all.split(|byte| *byte == 0)
            .filter_map(|entry| entry.strip_prefix(b"HOME="))
            .any(|found| OsStr::from_bytes(found) == home)
    }

    /// All tasks, as somebody who looks now is told.
    pub fn tasks(&self) -> anyhow::Result<Vec<Task>> {
        let output = self.anyon(&["task", "list", "--json"]).output()?;
        if !output.status.success() {
            bail!("task list: {output:?}");
        }
        let text = String::from_utf8(output.stdout)?;
        let task = |line: &str| {
            let told: Value = serde_json::from_str(line)?;
            let word = |key: &str| told[key].as_str().map(str::to_owned).context("no such word");
            Ok(Task {
                name: word("name")?,
                title: word("title")?,
            })
        };
        text.lines().map(task).collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // What is left after a failure goes with its world.
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let pid = entry.file_name().to_str().and_then(|name| name.parse().ok());
            if self.lives_here(&entry.path())
                && let Some(pid) = pid.and_then(Pid::from_raw)
            {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }
}
