//! `anyon --demo-agent`: an agent that speaks ACP version 1 on its standard input and output.
//!
//! Blocking and small. It keeps its sessions in the folder that `ANYON_DEMO_STATE` names; without one it says that it
//! cannot load sessions. `ANYON_DEMO_PACE=none` takes its pauses away.

use super::{
    script::Turn,
    wire::{Halt, Wire},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

/// Speaks with the client until it closes the connection.
pub fn demo_agent() {
    let hurried = env::var_os("ANYON_DEMO_PACE").is_some_and(|pace| pace == "none");
    let state_folder = env::var_os("ANYON_DEMO_STATE").map(PathBuf::from);
    let input = BufReader::new(std::io::stdin());
    Agent::new(input, std::io::stdout(), hurried, state_folder).serve();
}

/// A conversation that can be gone on with.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Session {
    folder: PathBuf,
    turns: Vec<(String, String)>,
}

struct Agent<W> {
    wire: Wire<W>,
    state_folder: Option<PathBuf>,
    sessions: BTreeMap<String, Session>,
}

impl<W: Write> Agent<W> {
    fn new(
        input: impl BufRead + Send + 'static,
        output: W,
        hurried: bool,
        state_folder: Option<PathBuf>,
    ) -> Self {
        Self {
            wire: Wire::new(input, output, hurried),
            state_folder,
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
            "session/load" => self.load(params)?,
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
                "loadSession": self.state_folder.is_some(),
                "promptCapabilities": {"image": false, "audio": false, "embeddedContext": false},
            },
            "authMethods": [],
        })
    }

    fn begin(&mut self, params: &Value) -> Value {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let name = format!("demo-{:x}-{}", since.as_nanos(), self.sessions.len());
        let session = Session {
            folder: folder_of(params),
            turns: Vec::new(),
        };
        self.sessions.insert(name.clone(), session);
        json!({"sessionId": name})
    }

    /// As the protocol wants it: what was said is told again, then the session goes on.
    fn load(&mut self, params: &Value) -> Result<Result<Value, (i64, &'static str)>, Halt> {
        let name = params["sessionId"].as_str().unwrap_or_default();
        let Some(mut session) = self.state_file(name).and_then(|file| read_session(&file)) else {
            return Ok(Err((-32002, "the demo agent does not know this session")));
        };
        session.folder = folder_of(params);
        for (prompt, answer) in &session.turns {
            for (update, text) in [("user_message_chunk", prompt), ("agent_message_chunk", answer)] {
                let content = json!({"type": "text", "text": text});
                self.wire
                    .update(name, json!({"sessionUpdate": update, "content": content}))?;
            }
        }
        self.sessions.insert(name.to_owned(), session);
        Ok(Ok(json!({})))
    }

    fn prompt(&mut self, params: &Value) -> Result<Result<Value, (i64, &'static str)>, Halt> {
        let name = params["sessionId"].as_str().unwrap_or_default();
        let Some(session) = self.sessions.get_mut(name) else {
            return Ok(Err((-32002, "the demo agent does not know this session")));
        };
        let prompt = text_of(&params["prompt"]);
        let mut turn = Turn::new(&mut self.wire, name, &session.folder, session.turns.len() + 1);
        let ended = turn.work(&prompt);
        let said = std::mem::take(&mut turn.said);
        session.turns.push((prompt, said));
        self.save(name);
        match ended {
            Ok(()) => Ok(Ok(json!({"stopReason": "end_turn"}))),
            Err(Halt::Cancelled) => Ok(Ok(json!({"stopReason": "cancelled"}))),
            Err(Halt::Closed) => Err(Halt::Closed),
        }
    }

    /// A session that cannot be kept is only lost for later: the turn itself went well.
    fn save(&self, name: &str) {
        if let (Some(file), Some(session)) = (self.state_file(name), self.sessions.get(name))
            && let Ok(text) = serde_json::to_vec(session)
        {
            let _ = file.parent().map(fs::create_dir_all);
            let _ = fs::write(file, text);
        }
    }

    /// Where a session is kept; `None` for a name that is not one of ours.
    fn state_file(&self, name: &str) -> Option<PathBuf> {
        let ours = name.starts_with("demo-") && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let folder = self.state_folder.as_ref().filter(|_| ours)?;
        Some(folder.join(format!("{name}.json")))
    }
}

fn read_session(file: &Path) -> Option<Session> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

fn folder_of(params: &Value) -> PathBuf {
    PathBuf::from(params["cwd"].as_str().unwrap_or("."))
}

fn text_of(blocks: &Value) -> String {
    let blocks = blocks.as_array().map(Vec::as_slice).unwrap_or_default();
    let texts: Vec<&str> = blocks.iter().filter_map(|block| block["text"].as_str()).collect();
    texts.join("\n")
}

#[cfg(test)]
#[path = "agent_tests.rs"]
mod tests;
