//! What the fake agent says: lines of Claude Code's `stream-json`.
//!
//! Owns the shapes of lines and the names in them. Decides nothing.

use serde_json::{Value, json};
use std::io::{self, BufWriter, StdoutLock, Write};

const MODEL: &str = "claude-fake-1";

/// Its standard output.
#[derive(Debug)]
pub struct Mouth {
    out: BufWriter<StdoutLock<'static>>,
    session: String,
    next: u64,
}

impl Mouth {
    /// For a session.
    pub fn new(session: String) -> Self {
        Self {
            out: BufWriter::with_capacity(64 * 1024, io::stdout().lock()),
            session,
            next: 0,
        }
    }
    /// A name not used before, in the form of a UUID.
    pub fn fresh(&mut self) -> String {
        self.next += 1;
        format!("{:08x}-0000-4000-8000-{:012x}", std::process::id(), self.next)
    }
    /// The session's name.
    pub fn session(&self) -> &str {
        &self.session
    }
    /// Bytes as they are, kept back until the next [`Mouth::flush`].
    pub fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }
    /// Hands everything to the pipe.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
    /// One line.
    pub fn line(&mut self, line: &Value) -> io::Result<()> {
        self.bytes(line.to_string().as_bytes())?;
        self.bytes(b"\n")?;
        self.flush()
    }
    /// One line of the session: with its name and one of its own.
    pub fn said(&mut self, mut line: Value) -> io::Result<()> {
        line["session_id"] = json!(self.session);
        line["uuid"] = json!(self.fresh());
        self.line(&line)
    }
    /// The answer to a request.
    pub fn answer(&mut self, request_id: &str, response: &Value) -> io::Result<()> {
        self.line(&json!({"type": "control_response", "response":
            {"subtype": "success", "request_id": request_id, "response": response}}))
    }
    /// The head of a turn.
    pub fn turn_begins(&mut self) -> io::Result<()> {
        let folder = std::env::current_dir().unwrap_or_default();
        self.said(
            json!({"type": "system", "subtype": "init", "cwd": folder, "model": MODEL,
            "tools": ["Bash", "Edit", "Read", "Write"], "mcp_servers": [], "permissionMode": "default",
            "slash_commands": [], "agents": [], "apiKeySource": "none", "claude_code_version": "2.1.330"}),
        )?;
        self.said(json!({"type": "system", "subtype": "status", "status": "requesting"}))
    }
    /// A message of one block: its deltas, then the whole.
    pub fn message(&mut self, block: &Value, deltas: &[Value]) -> io::Result<()> {
        let message = self.message_begins(block)?;
        for delta in deltas {
            self.delta(delta)?;
        }
        self.message_ends(&message)
    }
    /// The head of a message of one block. Returns the message.
    pub fn message_begins(&mut self, block: &Value) -> io::Result<Value> {
        let message = self.message_of(block);
        let mut head = message.clone();
        head["content"] = json!([]);
        self.event(json!({"type": "message_start", "message": head}))?;
        let empty = empty_block(block);
        self.event(json!({"type": "content_block_start", "index": 0, "content_block": empty}))?;
        Ok(message)
    }
    /// A piece of a message.
    pub fn delta(&mut self, delta: &Value) -> io::Result<()> {
        self.event(json!({"type": "content_block_delta", "index": 0, "delta": delta}))
    }
    /// The whole message and its end.
    pub fn message_ends(&mut self, message: &Value) -> io::Result<()> {
        self.whole(message)?;
        self.event(json!({"type": "content_block_stop", "index": 0}))?;
        let calls = message["content"][0]["type"] == "tool_use";
        let stop = if calls { "tool_use" } else { "end_turn" };
        self.event(json!({"type": "message_delta", "usage": usage(),
            "delta": {"stop_reason": stop, "stop_sequence": null}}))?;
        self.event(json!({"type": "message_stop"}))
    }
    /// A message in one line.
    pub fn whole(&mut self, message: &Value) -> io::Result<()> {
        self.said(json!({"type": "assistant", "message": message, "parent_tool_use_id": null}))
    }
    /// A text in one line.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        let message = self.message_of(&json!({"type": "text", "text": text}));
        self.whole(&message)
    }
    fn event(&mut self, event: Value) -> io::Result<()> {
        self.said(json!({"type": "stream_event", "event": event, "parent_tool_use_id": null}))
    }
    /// A message of one block.
    pub fn message_of(&mut self, block: &Value) -> Value {
        json!({"id": format!("msg_{}", self.fresh()), "type": "message", "role": "assistant", "model": MODEL,
            "content": [block], "stop_reason": null, "stop_sequence": null, "usage": usage()})
    }
    /// What came out of a tool.
    pub fn tool_result(&mut self, call_id: &str, output: &str, failed: bool) -> io::Result<()> {
        self.said(
            json!({"type": "user", "parent_tool_use_id": null, "message": {"role": "user", "content":
            [{"tool_use_id": call_id, "type": "tool_result", "content": output, "is_error": failed}]}}),
        )
    }
    /// An error of the API or the login in the form of a message.
    pub fn api_error(&mut self, error: &str, status: Option<u16>, text: &str) -> io::Result<()> {
        let mut message = self.message_of(&json!({"type": "text", "text": text}));
        message["model"] = json!("<synthetic>");
        message["stop_reason"] = json!("stop_sequence");
        self.said(
            json!({"type": "assistant", "message": message, "parent_tool_use_id": null, "error": error,
            "is_api_error_message": true, "api_error_status": status}),
        )
    }
    /// The end of a turn.
    pub fn result(&mut self, fields: Value) -> io::Result<()> {
        let mut line = json!({"duration_api_ms": 1, "total_cost_usd": 0.001, "usage": usage(), "modelUsage": {},
            "permission_denials": [], "num_turns": 1, "stop_reason": "end_turn", "duration_ms": 1,
            "queued_turn_count": 0, "result_index": 0, "type": "result"});
        if let (Some(line), Value::Object(fields)) = (line.as_object_mut(), fields) {
            line.extend(fields);
        }
        self.said(line)
    }
}

fn usage() -> Value {
    json!({"input_tokens": 1200, "cache_creation_input_tokens": 300, "cache_read_input_tokens": 5000,
        "output_tokens": 42})
}

fn empty_block(block: &Value) -> Value {
    match block["type"].as_str() {
        Some("text") => json!({"type": "text", "text": ""}),
        Some("thinking") => json!({"type": "thinking", "thinking": "", "signature": ""}),
        _ => {
            let mut empty = block.clone();
            empty["input"] = json!({});
            empty
        }
    }
}
