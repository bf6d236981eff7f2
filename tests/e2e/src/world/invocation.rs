//! One run of a program: its lines as they come, its JSON events, its end. Everything has a time limit.

use super::World;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::{
    ffi::OsString,
    io::{BufRead, BufReader, Read, Write},
    os::unix::process::{CommandExt, ExitStatusExt},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};

const LIMIT: Duration = Duration::from_secs(60);
const STREAMS_LIMIT: Duration = Duration::from_secs(5);

/// A run that is being prepared.
#[derive(Debug)]
pub struct Invocation {
    command: Command,
    limit: Duration,
}

impl Invocation {
    pub(super) fn new<I: IntoIterator>(world: &World, program: &Path, arguments: I) -> Self
    where
        I::Item: Into<OsString>,
    {
        let mut command = Command::new(program);
        command
            .args(arguments.into_iter().map(Into::into))
            .env_clear()
            .envs(world.environment())
            .env("ANYON_TEST_CLOCK", world.next_clock())
            .current_dir(world.path("home"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        Self {
            command,
            limit: LIMIT,
        }
    }
    /// In another folder than the home.
    pub fn in_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }
    /// With a variable more.
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }
    /// With another limit than a minute.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }
    /// Starts it.
    pub fn start(mut self) -> Running {
        let mut child = self.command.spawn().expect("the program starts");
        let lines = Arc::new(Lines::default());
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let stderr = child.stderr.take().expect("a pipe");
        Running {
            stdin: child.stdin.take(),
            stdout: Some(collect(stdout, lines.clone())),
            stderr: Some(swallow(stderr)),
            begun: Instant::now(),
            limit: self.limit,
            child,
            lines,
            seen: 0,
        }
    }
    /// Runs it to its end with nothing on its standard input.
    #[track_caller]
    pub fn finish(self) -> Finished {
        self.start().finish()
    }
}

/// The lines of a stream so far.
#[derive(Debug, Default)]
struct Lines {
    lines: Mutex<Vec<String>>,
    news: Condvar,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn collect(mut from: impl BufRead + Send + 'static, into: Arc<Lines>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        loop {
            let mut line = Vec::new();
            if !matches!(from.read_until(b'\n', &mut line), Ok(1..)) {
                return;
            }
            let line = String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned();
            lock(&into.lines).push(line);
            into.news.notify_all();
        }
    })
}

fn swallow(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// A run that goes on.
#[derive(Debug)]
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Option<JoinHandle<()>>,
    stderr: Option<JoinHandle<String>>,
    lines: Arc<Lines>,
    seen: usize,
    begun: Instant,
    limit: Duration,
}

impl Running {
    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
    /// Writes a line to its standard input.
    pub fn say(&mut self, line: impl std::fmt::Display) {
        let stdin = self.stdin.as_mut().expect("standard input is open");
        writeln!(stdin, "{line}").expect("the program reads");
    }
    /// Closes its standard input.
    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }
    /// Waits for the next line that is JSON and fits. Lines before it are not looked at again.
    #[track_caller]
    pub fn wait_for(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let until = self.begun + self.limit;
        let lines = self.lines.clone();
        let mut all = lock(&lines.lines);
        loop {
            while let Some(line) = all.get(self.seen) {
                self.seen += 1;
                if let Ok(value) = serde_json::from_str(line)
                    && fits(&value)
                {
                    return value;
                }
            }
            let over = self.stdout.as_ref().is_none_or(JoinHandle::is_finished);
            if over || Instant::now() > until {
                let told = all.join("\n");
                drop(all);
                self.signal(Signal::KILL);
                let stderr = self.ended_stderr();
                panic!("{what} did not come; standard output:\n{told}\nstandard error:\n{stderr}");
            }
            let waited = lines.news.wait_timeout(all, Duration::from_millis(20));
            all = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
    /// Waits for the next line with this text. Lines before it are not looked at again.
    #[track_caller]
    pub fn wait_for_text(&mut self, part: &str) {
        let until = self.begun + self.limit;
        let lines = self.lines.clone();
        loop {
            let told = lock(&lines.lines).clone();
            let mut news = told.iter().enumerate().skip(self.seen);
            if let Some((place, _)) = news.find(|(_, line)| line.contains(part)) {
                self.seen = place + 1;
                return;
            }
            if Instant::now() > until {
                self.signal(Signal::KILL);
                panic!("“{part}” did not come; standard output:\n{}", told.join("\n"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    /// Waits for an event by its name.
    #[track_caller]
    pub fn wait_for_event(&mut self, name: &str) -> Value {
        self.wait_for(&format!("event “{name}”"), |value| value["event"] == name)
    }
    /// Sends it a signal, to it alone.
    pub fn signal(&self, signal: Signal) {
        if let Some(process) = Pid::from_raw(self.child.id().cast_signed()) {
            let _ = kill_process(process, signal);
        }
    }
    /// Ends it with SIGKILL and waits until it is gone.
    pub fn kill(self) -> Finished {
        self.signal(Signal::KILL);
        self.end()
    }
    /// Closes its standard input and waits for its end.
    #[track_caller]
    pub fn finish(mut self) -> Finished {
        self.stdin = None;
        let until = self.begun + self.limit;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > until {
                self.signal(Signal::KILL);
                let limit = self.limit;
                panic!("not at its end after {limit:?}: {}", self.end());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.end()
    }

    fn end(mut self) -> Finished {
        let status = self.child.wait().expect("its status");
        let took = self.begun.elapsed();
        let stderr = self.ended_stderr();
        let stdout = lock(&self.lines.lines).join("\n");
        let events = stdout
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        Finished {
            status: status.code(),
            signal: status.signal(),
            stdout,
            stderr,
            events,
            took,
        }
    }
    /// What it said on its standard error, once both streams are at their end: nobody else keeps them open.
    fn ended_stderr(&mut self) -> String {
        self.stdin = None;
        let until = Instant::now() + STREAMS_LIMIT;
        let open = |running: &Self| {
            running
                .stdout
                .as_ref()
                .is_some_and(|reader| !reader.is_finished())
                || running
                    .stderr
                    .as_ref()
                    .is_some_and(|reader| !reader.is_finished())
        };
        while open(self) {
            if Instant::now() > until {
                return "(a process that it left behind keeps its streams open)".to_owned();
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let stderr = self.stderr.take().and_then(|reader| reader.join().ok());
        stderr.unwrap_or_default()
    }
}

/// A run that is over.
#[derive(Debug)]
pub struct Finished {
    /// Its exit status.
    pub status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// All of its standard output.
    pub stdout: String,
    /// All of its standard error.
    pub stderr: String,
    /// The lines of its standard output that are JSON.
    pub events: Vec<Value>,
    /// How long it took.
    pub took: Duration,
}

impl Finished {
    /// Fails the test when the exit status is another.
    #[track_caller]
    pub fn expect(self, status: i32) -> Self {
        assert!(
            self.status == Some(status),
            "expected exit status {status}: {self}"
        );
        self
    }
    /// The events of a name.
    pub fn events_named(&self, name: &str) -> Vec<&Value> {
        let named = self.events.iter().filter(|value| value["event"] == name);
        named.collect()
    }
    /// The last event of a name.
    #[track_caller]
    pub fn last_event(&self, name: &str) -> &Value {
        match self.events_named(name).pop() {
            Some(event) => event,
            None => panic!("no event “{name}”: {self}"),
        }
    }
    /// Both streams, for texts that may be on either.
    pub fn said(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

impl std::fmt::Display for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (status, signal, took) = (self.status, self.signal, self.took);
        write!(
            f,
            "status {status:?}, signal {signal:?} after {took:?}\nstandard output:\n{}\nstandard error:\n{}",
            self.stdout, self.stderr
        )
    }
}
