//! An MCP client as small as one can be: JSON-RPC, one message a line.

use crate::desk::Desk;
use anyon_mcp::{Server, Session};
use anyon_model::{Problem, lock};
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(10);

/// A session with a server.
pub struct Mcp {
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    to: WriteHalf<DuplexStream>,
    next: u64,
    /// What the server told without being asked.
    pub told: VecDeque<Value>,
    /// What it said at the beginning.
    pub greeting: Value,
    /// How often a client was asked for.
    pub connected: Arc<AtomicUsize>,
    tools: Vec<Value>,
}

impl Mcp {
    /// With a server over a host in memory.
    pub async fn with(desk: &Arc<Desk>) -> Self {
        Self::of_version(desk, "2025-03-26").await
    }

    /// The same in a certain version of the protocol.
    pub async fn of_version(desk: &Arc<Desk>, version: &str) -> Self {
        Self::over(vec![desk.clone()], version).await
    }

    /// Over hosts of which each is there until it ends.
    pub async fn over(desks: Vec<Arc<Desk>>, version: &str) -> Self {
        let mut session = Self::silent(desks);
        let params = json!({
            "protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"},
        });
        session.greeting = session.ask("initialize", params).await["result"].take();
        session.tell("notifications/initialized", json!({})).await;
        let tools = session.ask("tools/list", json!({})).await;
        session.tools = tools["result"]["tools"].as_array().cloned().unwrap_or_default();
        session
    }

    /// Before anything was said.
    pub fn silent(desks: Vec<Arc<Desk>>) -> Self {
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let (from, to) = tokio::io::split(ours);
        let (input, output) = tokio::io::split(theirs);
        let connected = Arc::new(AtomicUsize::new(0));
        let (count, desks) = (connected.clone(), Mutex::new(VecDeque::from(desks)));
        let connect = move |_: &str| -> Result<Session, Problem> {
            count.fetch_add(1, Ordering::AcqRel);
            let desk = lock(&desks).pop_front().expect("another host");
            let actor = desk.actor();
            Ok(Session { client: desk, actor })
        };
        tokio::spawn(Server::new(Arc::new(connect), "1.2.3").serve(input, output));
        Self {
            lines: BufReader::new(from).lines(),
            to,
            next: 0,
            told: VecDeque::new(),
            greeting: Value::Null,
            connected,
            tools: Vec::new(),
        }
    }

    /// Sends a line as it is.
    pub async fn write(&mut self, line: &str) {
        self.to
            .write_all(format!("{line}\n").as_bytes())
            .await
            .expect("a server");
    }

    /// Tells without wanting an answer.
    pub async fn tell(&mut self, method: &str, params: Value) {
        let line = json!({"jsonrpc": "2.0", "method": method, "params": params}).to_string();
        self.write(&line).await;
    }

    /// Sends a request; its id.
    pub async fn send(&mut self, method: &str, params: Value) -> u64 {
        self.next += 1;
        let line = json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params}).to_string();
        self.write(&line).await;
        self.next
    }

    /// The answer to a request.
    pub async fn answer(&mut self, id: u64) -> Value {
        loop {
            let message = self.message().await;
            if message["id"] == id {
                return message;
            }
            self.told.push_back(message);
        }
    }

    /// Asks and waits for the answer.
    pub async fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params).await;
        self.answer(id).await
    }

    /// The next message.
    pub async fn message(&mut self) -> Value {
        let line = timeout(PATIENCE, self.lines.next_line())
            .await
            .expect("an answer in time");
        let line = line.expect("a server").expect("another line");
        serde_json::from_str(&line).expect("nothing but JSON")
    }

    /// The next notification with this name.
    pub async fn notification(&mut self, method: &str) -> Value {
        loop {
            let message = match self.told.pop_front() {
                Some(message) => message,
                None => self.message().await,
            };
            if message["method"] == method {
                return message["params"].clone();
            }
        }
    }

    /// Calls a tool that has to work; its answer has to fit its schema, and its text has to say the same.
    pub async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let id = self.begin(tool, arguments).await;
        self.done(tool, id).await
    }

    /// Calls a tool without waiting.
    pub async fn begin(&mut self, tool: &str, arguments: Value) -> u64 {
        self.send("tools/call", json!({"name": tool, "arguments": arguments}))
            .await
    }

    /// The answer of a tool that was called.
    pub async fn done(&mut self, tool: &str, id: u64) -> Value {
        let answer = self.answer(id).await;
        let result = &answer["result"];
        assert_eq!(result["isError"], false, "{tool}: {answer}");
        let content = result["structuredContent"].clone();
        let text = result["content"][0]["text"].as_str().expect("a text");
        assert_eq!(serde_json::from_str::<Value>(text).expect("JSON"), content);
        let listed = self.tools.iter().find(|listed| listed["name"] == tool);
        conforms(&listed.expect("a listed tool")["outputSchema"], &content, tool);
        content
    }

    /// Calls a tool that has to refuse; what it says of it.
    pub async fn refusal(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self
            .ask("tools/call", json!({"name": tool, "arguments": arguments}))
            .await;
        let result = &answer["result"];
        assert_eq!(result["isError"], true, "{tool}: {answer}");
        let text = result["content"][0]["text"].as_str().expect("a text");
        let said: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(said["success"], false);
        assert!(text.len() < 2_000, "an error is short: {text}");
        said
    }
}

/// A value has what its schema says and nothing else.
pub fn conforms(schema: &Value, value: &Value, place: &str) {
    let is_of_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64(),
        Some("boolean") => value.is_boolean(),
        other => panic!("{place}: {other:?} in {schema}"),
    };
    assert!(is_of_type, "{place}: {value} is no {}", schema["type"]);
    if let Some(choices) = schema["enum"].as_array() {
        assert!(choices.contains(value), "{place}: {value}");
    }
    for required in schema["required"].as_array().into_iter().flatten() {
        assert!(
            value.get(required.as_str().unwrap_or_default()).is_some(),
            "{place}: {required} is missing"
        );
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        let known = &schema["properties"][name];
        assert!(known.is_object(), "{place}: {name} is not in the schema");
        conforms(known, inner, &format!("{place}.{name}"));
    }
    for inner in value.as_array().into_iter().flatten() {
        conforms(&schema["items"], inner, &format!("{place}[]"));
    }
}
