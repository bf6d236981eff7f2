//! From a key to its glyph while other programs work through the window's process: without and with MCP clients that
//! ask again and again.

use super::typing::{KEYS, LIMIT_MS, Typist};
use crate::{
    Figure,
    bench::{Bench, Desk, program},
    measure, repository,
};
use anyhow::{Context, Result, ensure};
use anyon_e2e::fake_agent::script::{Script, Step};
use anyon_model::{Actor, AttemptId, Client, Problem};
use anyon_remote::{Address, Admitted, ClientKind, Door, Hello, Peer, Server};
use anyon_runtime::Entrance;
use anyon_storage::Holder;
use anyon_ui::Place;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

const CLIENTS: usize = 5;
/// Between two rounds of questions of one client.
const PAUSE: Duration = Duration::from_millis(50);
/// The agent says something so often: enough that every log has news.
const TICK_MS: u64 = 50;

/// Types into the composer of an attempt at work, first alone, then beside five `anyon --mcp`.
pub fn typing_beside_mcp_clients(bench: &Bench) -> Result<Vec<Figure>> {
    let repo = bench.folder.join("repo");
    repository::make(&repo, 20, 20)?;
    bench.script(&Script::of([vec![Step::Ticks {
        lines: 1_000_000,
        every_ms: TICK_MS,
    }]]))?;
    // As the window does: on a thread that gives way to this one.
    let host = || {
        anyon_executors::process::give_way();
        bench.host()
    };
    let desk = thread::scope(|scope| scope.spawn(host).join())
        .map_err(|_| anyhow::anyhow!("the host panicked"))??;
    let project_id = desk.add_project(&repo)?;
    let attempt_id = desk.start(project_id)?;
    desk.until_state(|state| {
        let execution = state
            .shard_of_attempt(attempt_id)?
            .last_agent_execution(attempt_id)?;
        state.live.get(&execution.id)?.last_output_at
    })?;
    let alone = typed(&desk, attempt_id)?;
    let data = bench.data_folder();
    let server = Server::listen(
        Address::of(&data, None),
        env!("CARGO_PKG_VERSION"),
        Arc::new(OpenDoor(desk.host.entrance())),
    )?;
    Holder::announce(&data, server.address().path())?;
    let (beside, answers) = beside(bench, || typed(&desk, attempt_id))?;
    drop(server);
    desk.host.shutdown();
    ensure!(
        answers > CLIENTS * 100,
        "the clients hardly asked: {answers} answers"
    );
    Ok(vec![
        figure("nobody beside it", &alone),
        figure(
            &format!("{CLIENTS} MCP clients that asked {answers} times"),
            &beside,
        ),
    ])
}

fn figure(beside: &str, typed: &Typed) -> Figure {
    let what = format!(
        "key → glyph in the composer, {beside}: p99 of {KEYS} (median {:.1} ms, worst {:.1} ms, {} frames)",
        typed.median_ms, typed.worst_ms, typed.frames
    );
    Figure::at_most(&what, typed.p99_ms, LIMIT_MS, " ms")
}

struct Typed {
    median_ms: f64,
    p99_ms: f64,
    worst_ms: f64,
    frames: usize,
}

fn typed(desk: &Desk, attempt_id: AttemptId) -> Result<Typed> {
    let state = desk.client.state();
    let shard = state.shard_of_attempt(attempt_id).context("no attempt")?;
    let task_id = shard.attempts[&attempt_id].task_id;
    let mut window = Typist::at(&desk.host, Place::attempt(task_id, attempt_id));
    let mut took = window.type_keys()?;
    Ok(Typed {
        median_ms: measure::median(&mut took),
        p99_ms: measure::p99(&mut took),
        worst_ms: took.iter().copied().fold(0.0, f64::max),
        frames: window.frames(),
    })
}

/// Does some work while clients ask; how many answers they got.
fn beside<T>(bench: &Bench, work: impl FnOnce() -> Result<T>) -> Result<(T, usize)> {
    let clients: Vec<McpClient> = (0..CLIENTS)
        .map(|_| McpClient::start(bench))
        .collect::<Result<_>>()?;
    let over = Arc::new(AtomicBool::new(false));
    let asking: Vec<_> = clients
        .into_iter()
        .map(|mut client| {
            let over = over.clone();
            thread::spawn(move || client.ask_until(&over))
        })
        .collect();
    let worked = work();
    over.store(true, Ordering::Release);
    let mut answers = 0;
    for asking in asking {
        answers += asking
            .join()
            .map_err(|_| anyhow::anyhow!("a client panicked"))??;
    }
    Ok((worked?, answers))
}

/// Lets everybody in, as MCP clients.
struct OpenDoor(Entrance);

impl Door for OpenDoor {
    fn admit(&self, hello: &Hello, _peer: Peer) -> Result<Admitted, Problem> {
        let client = match &hello.client {
            ClientKind::Mcp { client } => client.clone(),
            ClientKind::Window | ClientKind::Terminal => String::new(),
        };
        let actor = Actor::Mcp { client };
        let (client, state, changes) = self.0.join(actor.clone(), false);
        Ok(Admitted {
            actor,
            client: Arc::new(client),
            state,
            changes,
        })
    }
    fn left(&self) {}
}

/// An `anyon --mcp` and the program that started it.
struct McpClient {
    process: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
}

impl McpClient {
    fn start(bench: &Bench) -> Result<Self> {
        let mut process = bench
            .environment(Command::new(program("anyon")?))
            .arg("--mcp")
            .arg("--data-dir")
            .arg(bench.data_folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let to = process.stdin.take().context("a pipe")?;
        let from = BufReader::new(process.stdout.take().context("a pipe")?).lines();
        let mut client = Self { process, to, from };
        let hello = json!({
            "protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"},
        });
        client.ask("initialize", &hello)?;
        Ok(client)
    }

    fn ask(&mut self, method: &str, params: &Value) -> Result<Value> {
        let request = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        writeln!(self.to, "{request}")?;
        for line in self.from.by_ref() {
            let said: Value = serde_json::from_str(&line?)?;
            if said["id"] == 1 {
                return Ok(said);
            }
        }
        anyhow::bail!("it ended")
    }

    fn call(&mut self, tool: &str, arguments: &Value) -> Result<()> {
        let said = self.ask("tools/call", &json!({"name": tool, "arguments": arguments}))?;
        ensure!(said["result"]["isError"] != true, "{tool}: {said}");
        Ok(())
    }

    /// Looks at the board, reads the newest of the log, and now and then waits for the agent.
    fn ask_until(&mut self, over: &AtomicBool) -> Result<usize> {
        let mut answers = 0;
        while !over.load(Ordering::Acquire) {
            self.call("list_tasks", &json!({"project_id": "REP"}))?;
            self.call("get_attempt_log", &json!({"attempt_id": "REP-1.1", "tail": 20}))?;
            if answers % 20 == 0 {
                let wait = json!({"attempt_id": "REP-1.1", "timeout_seconds": 1});
                self.call("wait_for_attempt", &wait)?;
            }
            answers += 2;
            thread::sleep(PAUSE);
        }
        Ok(answers)
    }
}

impl Drop for McpClient {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
