//! `anyon --demo-agent`: an agent that speaks ACP version 1 on its standard input and output.
//!
//! Blocking and small. It keeps no file of its own: what it has to know of an earlier session it sees in the worktree,
//! so a session goes on under its name and nothing is told again. `ANYON_DEMO_PACE=none` takes its pauses away.

use super::{
    script::Turn,
    wire::{Halt, Wire},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

const UNKNOWN_SESSION: (i64, &str) = (-32002, "the demo agent does not know this session");

/// Speaks with the client until it closes the connection.
pub fn demo_agent() {
    let hurried = env::var_os("ANYON_DEMO_PACE").is_some_and(|pace| pace == "none");
    let input = BufReader::new(std::io::stdin());
    Agent::new(input, std::io::stdout(), hurried).serve();
}

/// A conversation.
#[derive(Debug)]
struct Session {
    folder: PathBuf,
    prompts: usize,
}

struct Agent<W> {
    wire: Wire<W>,
    sessions: BTreeMap<String, Session>,
}

impl<W: Write> Agent<W> {
    fn new(input: impl BufRead + Send + 'static, output: W, hurried: bool) -> Self {
        Self {
            wire: Wire::new(input, output, hurried),
            sessions: BTreeMap::new(),
        }
    }

    fn serve(&mut self) {
        while let Some(message) = self.wire.next() {
            if self.take(&message) == Err(Halt::Closed) {
                return;
            }
        }
    }

    fn take(&mut self, message: &Value) -> Result<(), Halt> {
        let Some(method) = message["method"].as_str() else {
            return match message.get("id") {
                Some(_) => Ok(()),
                None => self.wire.respond(&Value::Null, Err((-32700, "not a message"))),
            };
        };
        let Some(request) = message.get("id") else {
            return Ok(());
        };
        let params = &message["params"];
        let result = match method {
            "initialize" => Ok(self.introduction()),
            "session/new" => Ok(self.begin(params)),
            "session/load" => self.load(params),
            "session/prompt" => self.prompt(params)?,
            _ => Err((-32601, "the demo agent does not know this method")),
        };
        self.wire.respond(request, result)
    }

    fn introduction(&self) -> Value {
        json!({
            "protocolVersion": 1,
            "agentInfo": {
                "name": "Anyon demo agent", "title": "Anyon demo agent", "version": env!("CARGO_PKG_VERSION"),
            },
            "agentCapabilities": {
                "loadSession": true,
                "promptCapabilities": {"image": false, "audio": false, "embeddedContext": false},
            },
            "authMethods": [],
        })
    }

    fn begin(&mut self, params: &Value) -> Value {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let name = format!("demo-{:x}-{}", since.as_nanos(), self.sessions.len());
        self.open(&name, params);
        json!({"sessionId": name})
    }

    fn load(&mut self, params: &Value) -> Result<Value, (i64, &'static str)> {
        match params["sessionId"].as_str() {
            Some(name) if name.starts_with("demo-") => {
                self.open(name, params);
                Ok(json!({}))
            }
            _ => Err(UNKNOWN_SESSION),
        }
    }

    fn open(&mut self, name: &str, params: &Value) {
        let folder = PathBuf::from(params["cwd"].as_str().unwrap_or("."));
        self.sessions
            .insert(name.to_owned(), Session { folder, prompts: 0 });
    }

    fn prompt(&mut self, params: &Value) -> Result<Result<Value, (i64, &'static str)>, Halt> {
        let name = params["sessionId"].as_str().unwrap_or_default();
        let Some(session) = self.sessions.get_mut(name) else {
            return Ok(Err(UNKNOWN_SESSION));
        };
        session.prompts += 1;
        let prompt = text_of(&params["prompt"]);
        let ended = Turn::new(&mut self.wire, name, &session.folder, session.prompts).work(&prompt);
        match ended {
            Ok(()) => Ok(Ok(json!({"stopReason": "end_turn"}))),
            Err(Halt::Cancelled) => Ok(Ok(json!({"stopReason": "cancelled"}))),
            Err(Halt::Closed) => Err(Halt::Closed),
        }
    }
}

fn text_of(blocks: &Value) -> String {
    let blocks = blocks.as_array().map(Vec::as_slice).unwrap_or_default();
    let texts: Vec<&str> = blocks.iter().filter_map(|block| block["text"].as_str()).collect();
    texts.join("\n")
}

#[cfg(test)]
#[path = "agent_tests.rs"]
mod tests;
