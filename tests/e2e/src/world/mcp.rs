//! A session with `anyon --mcp`: JSON-RPC, one message a line.

use super::{Running, World};
use serde_json::{Value, json};

/// A session.
#[derive(Debug)]
pub struct Mcp {
    running: Running,
    next: u64,
    tools: Vec<Value>,
}

impl World {
    /// Starts the server and greets it.
    pub fn mcp(&self) -> Mcp {
        let mut session = Mcp {
            running: self.anyon(["--mcp"]).start(),
            next: 0,
            tools: Vec::new(),
        };
        let greeting = json!({
            "protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "Ed", "version": "1"},
        });
        session.ask("initialize", &greeting);
        session
            .running
            .say(json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        let tools = session.ask("tools/list", &json!({}));
        session.tools = tools["result"]["tools"].as_array().cloned().unwrap_or_default();
        session
    }
}

impl Mcp {
    /// Asks and waits for the answer.
    #[track_caller]
    pub fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        let request = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        self.running.say(request);
        self.running
            .wait_for(&format!("the answer to {method} {params}"), |value| {
                value["id"] == id
            })
    }
    /// The result of a tool.
    #[track_caller]
    pub fn result(&mut self, tool: &str, arguments: &Value) -> Value {
        let mut answer = self.ask("tools/call", &json!({"name": tool, "arguments": arguments}));
        answer["result"].take()
    }
    /// Calls a tool that has to work.
    #[track_caller]
    pub fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let mut result = self.result(tool, &arguments);
        assert!(result["isError"] != true, "{tool} {arguments}: {result}");
        result["structuredContent"].take()
    }
    /// Calls a tool that has to refuse; what it says.
    #[track_caller]
    pub fn refusal(&mut self, tool: &str, arguments: Value) -> Value {
        let result = self.result(tool, &arguments);
        assert!(result["isError"] == true, "{tool} {arguments}: {result}");
        let text = result["content"][0]["text"].as_str().unwrap_or_default();
        serde_json::from_str(text).unwrap_or_default()
    }
    /// The names of all tools.
    pub fn tool_names(&self) -> Vec<String> {
        let names = self.tools.iter().filter_map(|tool| tool["name"].as_str());
        names.map(str::to_owned).collect()
    }
    /// What a tool says its answers are like.
    pub fn output_schema(&self, tool: &str) -> Value {
        let found = self.tools.iter().find(|listed| listed["name"] == tool);
        found
            .map(|found| found["outputSchema"].clone())
            .unwrap_or_default()
    }
    /// The process.
    pub fn running(self) -> Running {
        self.running
    }
}
