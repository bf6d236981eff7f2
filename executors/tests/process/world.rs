//! What the stories share: agents made of shell scripts, and looking at what lives.

use anyon_executors::process::{Environment, ProcessPlan, Started, start};
use anyon_model::{ExecutionId, LaunchFailure};
use std::{
    collections::BTreeMap,
    fs,
    future::Future,
    path::PathBuf,
    pin::Pin,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

/// A test.
#[derive(Clone, Copy)]
pub struct Story {
    /// Its name.
    pub name: &'static str,
    /// What it does; panics when it does not hold.
    pub run: fn() -> Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// The list of a module's stories.
#[macro_export]
macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        /// The stories of this module.
        pub fn stories() -> Vec<$crate::world::Story> {
            vec![$($crate::world::Story { name: stringify!($name), run: || Box::pin($name()) }),*]
        }
    };
}

/// How many cases there are.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// An execution of a test: its id, and a token that all its `sleep`s carry on their command line.
#[derive(Clone)]
pub struct Case {
    /// Its id.
    pub execution_id: ExecutionId,
    /// A number of seconds that no other test sleeps.
    pub token: String,
}

impl Case {
    /// A new one.
    pub fn new() -> Self {
        Self::numbered(COUNT.fetch_add(1, Ordering::Relaxed))
    }

    fn numbered(number: u32) -> Self {
        let unique = (u64::from(std::process::id()) << 16) | u64::from(number);
        Self::named(ExecutionId(uuid::Uuid::from_u64_pair(
            0x0192_7000_7000_8000,
            unique,
        )))
    }

    /// The one with this id.
    pub fn named(execution_id: ExecutionId) -> Self {
        let (_, unique) = execution_id.0.as_u64_pair();
        Self {
            execution_id,
            token: format!("3000.{unique}"),
        }
    }

    /// A plan that runs a shell script. `TOKEN` in it is the token.
    pub fn script(&self, script: &str) -> ProcessPlan {
        let script = script.replace("TOKEN", &self.token);
        self.program("/bin/sh", &["-c", &script])
    }

    /// A plan that runs a program.
    pub fn program(&self, program: impl Into<PathBuf>, args: &[&str]) -> ProcessPlan {
        let environment = Environment::of([("PATH".into(), "/usr/bin:/bin".into())]);
        ProcessPlan {
            execution_id: self.execution_id,
            program: program.into(),
            args: args.iter().map(Into::into).collect(),
            folder: "/".into(),
            environment: environment.for_agent(&[], &[], &BTreeMap::new(), self.execution_id, "ANY-1/1"),
        }
    }

    /// Starts a shell script.
    pub async fn start(&self, script: &str) -> Started {
        launch(self.script(script)).await.unwrap()
    }

    /// Command lines of everything of this execution that lives, its supervisor left out.
    pub fn alive(&self) -> Vec<String> {
        self.processes().map(|(_, line)| line).collect()
    }

    fn processes(&self) -> impl Iterator<Item = (u32, String)> {
        let mark = format!("ANYON_EXECUTION_ID={}", self.execution_id);
        let marked = move |pid: u32| {
            let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|pair| pair == mark.as_bytes())
        };
        living().filter(move |(pid, line)| line.contains(&self.token) || marked(*pid))
    }

    /// Its supervisor lives.
    pub fn supervised(&self) -> bool {
        let line = format!("--supervise {}", self.execution_id);
        living().any(|(_, other)| other.contains(&line))
    }

    /// Waits until nothing of it lives and tells how long that took.
    pub async fn gone(&self, limit: Duration) -> Duration {
        let begin = Instant::now();
        loop {
            let alive = self.alive();
            if alive.is_empty() {
                return begin.elapsed();
            }
            assert!(begin.elapsed() < limit, "still there after {limit:?}: {alive:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// Starts a plan under this executable.
pub async fn launch(plan: ProcessPlan) -> Result<Started, LaunchFailure> {
    start(&std::env::current_exe().unwrap(), plan).await
}

/// Every process that is not a zombie: its pid and command line.
fn living() -> impl Iterator<Item = (u32, String)> {
    fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let line = fs::read(entry.path().join("cmdline"))
            .ok()
            .filter(|line| !line.is_empty())?;
        let pid = entry.file_name().to_str()?.parse().ok()?;
        Some((pid, String::from_utf8_lossy(&line).replace('\0', " ")))
    })
}

/// Ends what failed stories left.
pub fn clean_up() {
    for number in 0..COUNT.load(Ordering::Relaxed) {
        for (pid, _) in Case::numbered(number).processes() {
            let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    }
}

/// Fields of `/proc/<pid>/stat` after the name: state, parent, group, session …
pub fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(
        text.rsplit_once(')')?
            .1
            .split_ascii_whitespace()
            .map(str::to_owned)
            .collect(),
    )
}

/// Sends a signal.
pub fn signal(pid: u32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

/// Reads one line of the agent's output.
pub async fn line(started: &mut Started) -> String {
    let mut line = String::new();
    let mut reader = BufReader::with_capacity(1, &mut started.stdout);
    let read = tokio::time::timeout(Duration::from_secs(5), reader.read_line(&mut line)).await;
    read.expect("the agent says something").unwrap();
    line.trim_end().to_owned()
}

/// Reads the agent's output to its end.
pub async fn rest(started: &mut Started) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), started.stdout.read_to_end(&mut bytes)).await;
    read.expect("the output ends").unwrap();
    bytes
}

/// An agent that starts a plain child, one in a session of its own, one there without parent and mark, and a nested pair, says
/// `ready` and stays, whatever is asked of it.
pub const TREE: &str = "trap '' TERM
sleep TOKEN & setsid sleep TOKEN & (env -i setsid sleep TOKEN &)
setsid sh -c 'setsid sh -c \"sleep TOKEN & sleep TOKEN\" & sleep TOKEN' &
until [ $(grep -slz '^TOKEN$' /proc/[0-9]*/cmdline | wc -l) -ge 6 ]; do :; done
echo ready; while :; do sleep TOKEN; done";

/// How many processes [`TREE`] is at least: the agent, six sleeping, their two shells.
pub const TREE_SIZE: usize = 9;
