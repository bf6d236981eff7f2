//! The programs that write tasks: MCP servers that are spoken with, and verbs that are typed.

use super::{ledger::Ledger, world::World};
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
    thread,
    time::Duration,
};

/// Somebody who reads an answer before the next question.
const PAUSE: Duration = Duration::from_millis(20);

/// Writes tasks through an MCP server, which lives from the beginning to the end.
pub fn speak(number: usize, world: &World, ledger: &Ledger) -> anyhow::Result<()> {
    let spoken = (|| {
        let mut server = Server::start(world)?;
        for count in 0.. {
            if ledger.is_stopped() {
                break;
            }
            let title = format!("writer {number}, task {count}");
            match server.create_task(&title)? {
                Answer::Written(name) => ledger.acknowledge(number, title, name),
                Answer::TryAgain => ledger.retry(),
            }
            thread::sleep(PAUSE);
        }
        server.end()
    })();
    spoken.inspect_err(|error| ledger.fail(number, &format!("{error:#}")))
}

/// Writes tasks by one verb after the other.
pub fn type_in(number: usize, world: &World, ledger: &Ledger) -> anyhow::Result<()> {
    for count in 0.. {
        if ledger.is_stopped() {
            break;
        }
        let title = format!("writer {number}, task {count}");
        let typed = world
            .anyon(&["task", "add", &title, "--project", "shop", "--json"])
            .output()?;
        let said = String::from_utf8_lossy(&typed.stdout).into_owned();
        let mut lines = said
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let told = lines
            .find(|told| told["event"] == "task" || told["event"] == "problem")
            .unwrap_or_default();
        match (typed.status.code(), told["name"].as_str(), told["code"].as_str()) {
            (Some(0), Some(name), _) => ledger.acknowledge(number, title, name.to_owned()),
            (Some(1), _, Some("host_gone")) => ledger.retry(),
            // It was the host, and was killed.
            (None, ..) => {}
            _ => {
                ledger.fail(number, &format!("{} {said}", typed.status));
                bail!("{} {said}", typed.status);
            }
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}

/// What a server answered.
enum Answer {
    /// It is written, and is called so.
    Written(String),
    /// It may be written or not.
    TryAgain,
}

/// An MCP server.
struct Server {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    next: u64,
}

impl Server {
    fn start(world: &World) -> anyhow::Result<Self> {
        let mut child = world
            .anyon(&["--mcp"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdin = child.stdin.take().context("no input")?;
        let stdout = BufReader::new(child.stdout.take().context("no output")?);
        let mut server = Self {
            child,
            stdin,
            stdout,
            next: 0,
        };
        let hello = json!({
            "protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": {"name": "election", "version": "1"},
        });
        server.ask("initialize", &hello)?;
        server.say(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}))?;
        Ok(server)
    }

    fn create_task(&mut self, title: &str) -> anyhow::Result<Answer> {
        let arguments = json!({"project_id": "shop", "title": title});
        let answer = self.ask(
            "tools/call",
            &json!({"name": "create_task", "arguments": arguments}),
        )?;
        let result = &answer["result"];
        if let Some(name) = result["structuredContent"]["short_id"].as_str() {
            return Ok(Answer::Written(name.to_owned()));
        }
        if result["isError"] == true && answer.to_string().contains("host_gone") {
            return Ok(Answer::TryAgain);
        }
        bail!("neither done nor to be tried again: {answer}");
    }

    fn ask(&mut self, method: &str, params: &Value) -> anyhow::Result<Value> {
        self.next += 1;
        let id = self.next;
        self.say(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        loop {
            let mut line = String::new();
            if self.stdout.read_line(&mut line)? == 0 {
                bail!("the server ended: {:?}", self.child.wait());
            }
            let said: Value = serde_json::from_str(&line).with_context(|| line.clone())?;
            if said["id"] == id {
                return Ok(said);
            }
        }
    }

    fn say(&mut self, message: &Value) -> anyhow::Result<()> {
        writeln!(self.stdin, "{message}")?;
        Ok(self.stdin.flush()?)
    }

    fn end(self) -> anyhow::Result<()> {
        let Self { mut child, stdin, .. } = self;
        drop(stdin);
        let status = child.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }
}
