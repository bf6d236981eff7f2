//! Amp's stream-json: one prompt in, one JSON object a line out, no questions and no way to say more.
//!
//! The prompt is plain text and ends with the standard input. Lines look like Claude Code's with less in them: whole
//! messages, calls and their results, and a result at the end. Written after the documentation of Amp, which runs its
//! agent on its own servers.

mod outcome;
mod tools;

use super::{LineUse, Output, Protocol, Step, book::EntryBook, json, words};
use anyon_model::{
    AgentEvent, AgentRequest, EntryIndex, EntryKind, ExitStatus, Image, LogStream, Timestamp, TokenUsage,
    ToolStatus,
};
use serde_json::Value;
use std::{collections::BTreeSet, path::PathBuf};

/// What a person has to know who relies on being asked.
const CANNOT_ASK: &str = "Amp cannot ask here, whatever the attempt is set to: it does what its own settings allow, and \
                          refuses what they want to have asked";

/// What a conversation with Amp starts with. The default reads recordings.
#[derive(Debug, Clone, Default)]
pub struct AmpOptions {
    /// The prompt.
    pub prompt: String,
    /// Pictures that go with it.
    pub images: Vec<Image>,
    /// Text after the prompt.
    pub append_prompt: Option<String>,
    /// The folder it runs in; without it, the one the agent tells.
    pub worktree: Option<PathBuf>,
}

/// Amp's stream-json as a state machine.
#[derive(Debug, Default)]
pub struct Amp {
    options: AmpOptions,
    book: EntryBook,
    /// The prompt while it is written.
    prompt: Option<EntryIndex>,
    /// Lines that we wrote are in the log.
    saw_input: bool,
    running: bool,
    thread: String,
    /// Messages whose usage was counted.
    counted: BTreeSet<String>,
    usage: TokenUsage,
    used: bool,
}

impl Amp {
    /// A conversation that has not begun.
    pub fn new(options: AmpOptions) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    fn begin_turn(&mut self, step: &mut Step) {
        if !self.running {
            self.running = true;
            step.event(AgentEvent::TurnStarted);
        }
    }

    /// A line of the prompt.
    fn prompted(&mut self, line: &str, step: &mut Step) -> LineUse {
        self.saw_input = true;
        match self.prompt {
            Some(prompt) => self.book.append(prompt, &format!("\n{line}"), step),
            None => {
                let text = line.to_owned();
                self.prompt = Some(self.book.open(EntryKind::UserMessage { text }, None, step));
                self.begin_turn(step);
            }
        }
        LineUse::Used
    }

    fn out_line(&mut self, line: &Value, step: &mut Step) -> Option<LineUse> {
        if let Some(prompt) = self.prompt.take() {
            self.book.settle(prompt, None, step);
        }
        match (json::text(line, "type"), json::text(line, "subtype")) {
            ("system", "init") => self.init(line, step),
            ("assistant", _) => self.message(line, step)?,
            ("user", _) => return self.user(line, step),
            ("result", _) => self.result(line, step),
            _ => return None,
        }
        Some(LineUse::Used)
    }

    fn init(&mut self, line: &Value, step: &mut Step) {
        if self.thread.is_empty() {
            let text = CANNOT_ASK.to_owned();
            self.book.add(EntryKind::SystemMessage { text }, None, step);
        }
        if self.options.worktree.is_none() {
            self.options.worktree = json::some(json::text(line, "cwd")).map(PathBuf::from);
        }
        let thread = json::text(line, "session_id");
        if !thread.is_empty() && self.thread != thread {
            thread.clone_into(&mut self.thread);
            let agent_session = thread.to_owned();
            step.event(AgentEvent::Session { agent_session });
        }
        for server in json::items(line, "mcp_servers") {
            let (name, status) = (json::text(server, "name"), json::text(server, "status"));
            if !matches!(status, "" | "connected" | "connecting") {
                let text = format!("MCP server “{name}”: {status}");
                self.book.add(EntryKind::SystemMessage { text }, None, step);
            }
        }
        self.begin_turn(step);
    }

    /// The call of the sub-agent that a line belongs to.
    fn parent(&self, line: &Value) -> Option<EntryIndex> {
        self.book.call(json::text(line, "parent_tool_use_id"))
    }

    fn message(&mut self, line: &Value, step: &mut Step) -> Option<()> {
        let message = line.get("message").filter(|message| message.is_object())?;
        self.begin_turn(step);
        let parent = self.parent(line);
        for block in json::items(message, "content") {
            let text = || json::first_text(block, &["text", "thinking"]).to_owned();
            match json::text(block, "type") {
                "text" => {
                    self.book.activity("writing", step);
                    let kind = EntryKind::AssistantMessage { text: text() };
                    self.book.add(kind, parent, step);
                }
                "thinking" => {
                    self.book.activity("thinking", step);
                    self.book.add(EntryKind::Thinking { text: text() }, parent, step);
                }
                "tool_use" => self.call(block, parent, step),
                other => {
                    let text = format!("[{other}]");
                    self.book.add(EntryKind::SystemMessage { text }, parent, step);
                }
            }
        }
        self.count(message, step);
        Some(())
    }

    fn call(&mut self, block: &Value, parent: Option<EntryIndex>, step: &mut Step) {
        let tool = tools::tool_use(block, self.options.worktree.as_deref());
        if self.book.is_open(&tool.call_id) {
            return;
        }
        let activity = words::activity(tool.tool_kind, &tool.tool, &tool.title);
        self.book.activity(&activity, step);
        let todos = tools::todos(block);
        if !todos.is_empty() {
            self.book.plan(todos, step);
        }
        self.book.open_tool(tool, parent, step);
    }

    /// Results of tools, or the echo of the prompt.
    fn user(&mut self, line: &Value, step: &mut Step) -> Option<LineUse> {
        let message = line.get("message").filter(|message| message.is_object())?;
        let parent = self.parent(line);
        let mut used = LineUse::Control;
        for block in json::items(message, "content") {
            match json::text(block, "type") {
                "tool_result" => self.tool_result(block, step),
                // What we wrote ourselves stands in the conversation already.
                "text" if self.saw_input && parent.is_none() => continue,
                "text" => {
                    let text = json::text(block, "text").to_owned();
                    self.book.add(EntryKind::UserMessage { text }, parent, step);
                    self.begin_turn(step);
                }
                _ => return None,
            }
            used = LineUse::Used;
        }
        Some(used)
    }

    fn tool_result(&mut self, block: &Value, step: &mut Step) {
        let call_id = json::text(block, "tool_use_id");
        let kind = self.book.tool(call_id).map(|tool| tool.tool_kind);
        let (status, output) = tools::ended(block, kind);
        if self.book.call(call_id).is_some() {
            return self.book.end_tool(call_id, status, output, step);
        }
        if let Some(output) = output {
            let text = output.text;
            self.book.add(EntryKind::SystemMessage { text }, None, step);
        }
    }

    /// Several lines may tell the same message: its tokens count once.
    fn count(&mut self, message: &Value, step: &mut Step) {
        let Some(told) = message.get("usage").filter(|told| told.is_object()) else {
            return;
        };
        let name = json::text(message, "id");
        if !name.is_empty() && !self.counted.insert(name.to_owned()) {
            return;
        }
        let of = |key: &str| json::number(told, key);
        let cached = of("cache_read_input_tokens");
        let input = of("input_tokens") + of("cache_creation_input_tokens") + cached;
        self.usage.input += input;
        self.usage.output += of("output_tokens");
        self.usage.cached += cached;
        self.usage.context_used = input + of("output_tokens");
        self.usage.context_size = of("max_tokens").max(self.usage.context_size);
        self.used = true;
        step.event(AgentEvent::Usage(self.usage));
    }
}

impl Protocol for Amp {
    fn start(&mut self, stdin: &mut Vec<u8>) {
        let options = &self.options;
        let prompt = super::prompt_text(&options.prompt, &options.images, options.append_prompt.as_deref());
        stdin.extend_from_slice(prompt.trim_end().as_bytes());
        stdin.push(b'\n');
    }

    fn speaks_once(&self) -> bool {
        true
    }

    fn on_line(&mut self, stream: LogStream, line: &[u8], now: Timestamp, output: &mut Output) -> LineUse {
        let step = &mut Step { now, output };
        let text = json::readable(line);
        if stream == LogStream::In {
            return self.prompted(&text, step);
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            return LineUse::Control;
        }
        let read: Option<Value> = (stream == LogStream::Out).then(|| json::object(&text)).flatten();
        let known = read.and_then(|read| self.out_line(&read, step));
        known.unwrap_or_else(|| {
            self.book.raw_line(stream, line, step);
            self.without_login(&text, step);
            LineUse::Raw
        })
    }

    /// Nothing can be said once it works: it is stopped by a signal.
    fn request(&mut self, _: &AgentRequest, _: &mut Vec<u8>) {}

    fn on_exit(&mut self, _: ExitStatus, now: Timestamp, output: &mut Output) {
        let step = &mut Step { now, output };
        self.book.end_turn(&ToolStatus::Failed, step);
    }
}
