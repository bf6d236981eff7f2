//! A world of its own for a test: home, data folder, repositories, agents, and the processes that live in it.
//!
//! Nothing of the machine's user is seen or touched. Every process of a world carries its mark in the environment,
//! so that a test can tell whether one is left, and a world that ends takes them with it.

mod census;
mod invocation;
mod mcp;
mod program;
mod repository;
mod story;

pub use census::{Living, living_with};
pub use invocation::{Finished, Invocation, Running};
pub use mcp::Mcp;
pub use program::{anyon_program, built_beside};
pub use repository::Repository;

use crate::fake_agent::{Script, record};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    ffi::OsString,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// The variable that marks the processes of a world.
pub const MARK: &str = "E2E_WORLD";

/// A world.
#[derive(Debug)]
pub struct World {
    root: TempDir,
    mark: String,
    environment: BTreeMap<String, OsString>,
    invocations: AtomicU32,
    ids: u64,
}

impl World {
    /// A world in which the fake agent is installed as `claude` and follows this script.
    pub fn with_agent(script: &Script) -> Self {
        let world = Self::without_agent();
        world.script(script);
        world.install("claude", &built_beside("fake-agent"));
        world
    }

    /// A world in which no agent is installed.
    pub fn without_agent() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let root = tempfile::Builder::new()
            .prefix("anyon-e2e-")
            .tempdir()
            .expect("a temporary folder");
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut world = Self {
            root,
            mark: format!("{}-{number}", std::process::id()),
            environment: BTreeMap::new(),
            invocations: AtomicU32::new(0),
            ids: u64::from(std::process::id()) << 32 | u64::from(number),
        };
        for folder in ["home", "bin", "run", "tmp", "repositories"] {
            std::fs::create_dir(world.path(folder)).expect("a folder of the world");
        }
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(world.path("run"), private).expect("a private folder");
        world.name_the_person("Ada Example", "ada@example.org");
        world.environment = world.plain_environment();
        world.write_profile();
        world
    }

    /// A login shell, which a host without a terminal asks for the environment of agents, finds what the world has.
    fn write_profile(&self) {
        let path = self.environment["PATH"].to_string_lossy().into_owned();
        let text = format!("PATH='{path}'\nexport PATH\n");
        std::fs::write(self.path("home/.profile"), text).expect("a profile");
    }

    fn plain_environment(&self) -> BTreeMap<String, OsString> {
        let home = self.path("home");
        let mut path = OsString::from(self.path("bin"));
        path.push(":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        let variables: [(&str, OsString); 14] = [
            ("HOME", home.clone().into()),
            ("PATH", path),
            ("XDG_CONFIG_HOME", home.join(".config").into()),
            ("XDG_DATA_HOME", home.join(".local/share").into()),
            ("XDG_STATE_HOME", home.join(".local/state").into()),
            ("XDG_CACHE_HOME", home.join(".cache").into()),
            ("XDG_RUNTIME_DIR", self.path("run").into()),
            ("TMPDIR", self.path("tmp").into()),
            ("SHELL", "/bin/sh".into()),
            ("LANG", "C.UTF-8".into()),
            ("ANYON_DATA_DIR", self.data_folder().into()),
            ("FAKE_AGENT_SCRIPT", self.path("script.json").into()),
            ("FAKE_AGENT_RECORD", self.path("record.jsonl").into()),
            (MARK, self.mark.clone().into()),
        ];
        variables
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// A path in the world.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.path().join(name)
    }
    /// Where Anyon keeps everything; made by Anyon.
    pub fn data_folder(&self) -> PathBuf {
        self.path("data")
    }
    /// Sets a variable for everything that is started from now on.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.environment.insert(name.to_owned(), value.into());
    }
    /// The variables of the world's processes.
    pub fn environment(&self) -> &BTreeMap<String, OsString> {
        &self.environment
    }
    /// What agents that are started from now on do.
    pub fn script(&self, script: &Script) {
        script.write(&self.path("script.json")).expect("a script");
    }
    /// What happened to the fake agents so far.
    pub fn record(&self) -> Vec<Value> {
        record::read(&self.path("record.jsonl"))
    }
    /// The lines that fake agents heard.
    pub fn heard(&self) -> Vec<String> {
        let lines = self.record();
        lines
            .iter()
            .filter_map(|line| line["heard"].as_str().map(str::to_owned))
            .collect()
    }
    /// With what fake agents were started, in order.
    pub fn started_agents(&self) -> Vec<Value> {
        let mut started = self.record();
        started.retain(|line| line["started"].is_object());
        started.iter_mut().map(|line| line["started"].take()).collect()
    }
    /// Puts a program in front of PATH.
    pub fn install(&self, name: &str, program: &Path) {
        symlink(program, self.path("bin").join(name)).expect("a link to the program");
    }
    /// Writes a file of the world.
    pub fn write(&self, name: &str, text: &str) {
        let file = self.path(name);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).expect("a folder");
        }
        std::fs::write(file, text).expect("a file");
    }
    /// Writes git's idea of who the person is.
    pub fn name_the_person(&self, name: &str, email: &str) {
        let text = format!("[user]\n\tname = {name}\n\temail = {email}\n[init]\n\tdefaultBranch = main\n");
        std::fs::write(self.path("home/.gitconfig"), text).expect("git's configuration");
    }
    /// A repository with a first commit.
    pub fn repository(&self, name: &str) -> Repository {
        Repository::create(self, self.path("repositories").join(name))
    }
    /// Anyon with these arguments.
    pub fn anyon<I: IntoIterator>(&self, arguments: I) -> Invocation
    where
        I::Item: Into<OsString>,
    {
        Invocation::new(self, anyon_program(), arguments)
    }
    /// Another program with these arguments.
    pub fn program<I: IntoIterator>(&self, program: impl AsRef<Path>, arguments: I) -> Invocation
    where
        I::Item: Into<OsString>,
    {
        Invocation::new(self, program.as_ref(), arguments)
    }

    /// The same world again has the same ids. Not for all: processes are marked with the ids of their executions, and
    /// worlds that live at the same time would end each other's.
    pub fn with_the_same_ids(mut self) -> Self {
        self.ids = 0;
        self
    }

    /// Every world begins on the same morning, and each program that is started in it comes a minute later and makes
    /// other ids.
    fn next_clock(&self) -> String {
        const MORNING_MS: u64 = 1_767_258_000_000;
        let number = u64::from(self.invocations.fetch_add(1, Ordering::Relaxed));
        let seed = (self.ids << 8 | number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!("{} {seed}", MORNING_MS + number * 60_000)
    }

    /// The processes of this world.
    pub fn living(&self) -> Vec<Living> {
        living_with(MARK, &self.mark)
    }
    /// Waits until this holds; fails the test when it takes a minute.
    #[track_caller]
    pub fn wait_until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "waited too long for {what}"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    /// Waits until no process of this world is left; how long that took.
    pub fn wait_until_nothing_lives(&self, limit: Duration) -> Result<Duration, Vec<Living>> {
        let begun = Instant::now();
        loop {
            let living = self.living();
            if living.is_empty() {
                return Ok(begun.elapsed());
            }
            if begun.elapsed() > limit {
                return Err(living);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    /// Fails the test when a process of this world is left after two seconds.
    #[track_caller]
    pub fn expect_nothing_lives(&self) {
        if let Err(left) = self.wait_until_nothing_lives(Duration::from_secs(2)) {
            panic!("left behind: {left:#?}");
        }
    }
    /// The files below a folder of the world whose content has these bytes.
    pub fn files_with(&self, below: &Path, bytes: &[u8]) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![below.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() && holds(&entry.path(), bytes) => found.push(entry.path()),
                    _ => {}
                }
            }
        }
        found
    }
}

fn holds(file: &Path, bytes: &[u8]) -> bool {
    std::fs::read(file).is_ok_and(|content| content.windows(bytes.len()).any(|part| part == bytes))
}

impl Drop for World {
    fn drop(&mut self) {
        census::end_all_with(MARK, &self.mark);
    }
}
