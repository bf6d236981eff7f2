//! Claude Code's stream-json, both ways.
//!
//! One line is one JSON object; the order of its keys is not stable and new types appear with almost every version,
//! so lines are read into a flat structure first and the parts only where they matter. No I/O, no clock.

mod blocks;
mod control;
mod outcome;
mod say;
mod stream;
mod system;
mod todo;
mod tools;
mod turn;
mod wire;

use super::{LineUse, Output, Protocol, Step, book::EntryBook, json};
use anyon_model::{AgentRequest, ExitStatus, Image, LogStream, Timestamp, TokenUsage, ToolStatus};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};
use wire::Line;

/// What Claude Code calls the model that it uses by itself.
const OWN_MODEL: &str = "default";

/// What a conversation with Claude Code starts with. The default reads recordings.
#[derive(Debug, Clone, Default)]
pub struct ClaudeOptions {
    /// The first prompt.
    pub prompt: String,
    /// Pictures that go with it.
    pub images: Vec<Image>,
    /// Text after every prompt.
    pub append_prompt: Option<String>,
    /// The folder it runs in; without it, the one the agent tells.
    pub worktree: Option<PathBuf>,
    /// The model it was started with; `None`: the one it uses by itself.
    pub model: Option<String>,
}

/// Claude Code's stream-json as a state machine.
#[derive(Debug, Default)]
pub struct ClaudeStream {
    options: ClaudeOptions,
    book: EntryBook,
    blocks: blocks::Blocks,
    turn: turn::Turn,
    todo: todo::TodoList,
    pending: BTreeMap<String, control::Pending>,
    said: Said,
    usage: TokenUsage,
    /// Usage of the model calls of this turn, on top of `usage`, until its result tells the sum.
    live: TokenUsage,
    resets_at: Option<Timestamp>,
    next_request: u32,
}

/// What the agent told about itself, to tell it only once.
#[derive(Debug, Default)]
struct Said {
    session: String,
    model: String,
    mode: String,
    failed_servers: BTreeSet<String>,
}

impl ClaudeStream {
    /// A conversation that has not begun.
    pub fn new(options: ClaudeOptions) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// The mode always, as the agent may have left it by itself; the model only if it is another one.
    fn switch(&mut self, model: Option<&String>, plan: bool, stdin: &mut Vec<u8>) {
        let mode = if plan { "plan" } else { "default" };
        let request_id = self.next_request_id();
        json::line(
            &say::set(&request_id, "set_permission_mode", ("mode", mode)),
            stdin,
        );
        if self.options.model.as_ref() != model {
            self.options.model = model.cloned();
            let model = model.map_or(OWN_MODEL, String::as_str);
            let request_id = self.next_request_id();
            json::line(&say::set(&request_id, "set_model", ("model", model)), stdin);
        }
    }

    fn next_request_id(&mut self) -> String {
        self.next_request += 1;
        format!("anyon-{}", self.next_request)
    }

    fn out_line(&mut self, line: &Line, bytes: &[u8], step: &mut Step) -> LineUse {
        let known = match &*line.kind {
            "stream_event" => self.stream_event(line, step),
            "assistant" => self.assistant(line, step),
            "user" => self.user(line, step),
            "system" => self.system(line, bytes, step),
            "result" => self.result(bytes, step),
            "control_request" => self.control_request(line, step),
            "control_response" => self.control_response(line, false, step),
            "control_cancel_request" => Some(self.cancelled(&line.request_id, step)),
            "rate_limit_event" => self.rate_limit(bytes, step),
            kind if system::SILENT.contains(&kind) => Some(LineUse::Control),
            _ => None,
        };
        known.unwrap_or_else(|| {
            self.book.raw_line(LogStream::Out, bytes, step);
            LineUse::Raw
        })
    }

    fn in_line(&mut self, line: &Line, step: &mut Step) -> LineUse {
        match &*line.kind {
            "user" => self.prompted(line, step),
            "control_request" => self.requested(line),
            "control_response" => self
                .control_response(line, true, step)
                .unwrap_or(LineUse::Control),
            _ => LineUse::Control,
        }
    }
}

impl Protocol for ClaudeStream {
    fn start(&mut self, stdin: &mut Vec<u8>) {
        let request_id = self.next_request_id();
        json::line(&say::control(&request_id, "initialize"), stdin);
        let options = &self.options;
        if !options.prompt.is_empty() {
            let message = say::prompt(&options.prompt, &options.images, options.append_prompt.as_deref());
            json::line(&message, stdin);
        }
    }

    fn on_line(&mut self, stream: LogStream, line: &[u8], now: Timestamp, output: &mut Output) -> LineUse {
        let step = &mut Step { now, output };
        if line.iter().all(u8::is_ascii_whitespace) {
            return LineUse::Control;
        }
        if stream == LogStream::Err {
            self.book.raw_line(stream, line, step);
            return LineUse::Raw;
        }
        let text = json::readable(line);
        match (json::object::<Line>(&text), stream) {
            (Some(read), LogStream::Out) => self.out_line(&read, text.as_bytes(), step),
            (Some(read), _) => self.in_line(&read, step),
            (None, _) => {
                self.book.raw_line(stream, line, step);
                LineUse::Raw
            }
        }
    }

    fn request(&mut self, request: &AgentRequest, stdin: &mut Vec<u8>) {
        match request {
            AgentRequest::Prompt { text, images } => {
                let message = say::prompt(text, images, self.options.append_prompt.as_deref());
                json::line(&message, stdin);
            }
            AgentRequest::Answer { key, answer } => self.answer(key, answer, stdin),
            AgentRequest::Switch { model, plan } => self.switch(model.as_ref(), *plan, stdin),
            AgentRequest::Interrupt if self.turn.running => {
                let request_id = self.next_request_id();
                json::line(&say::control(&request_id, "interrupt"), stdin);
            }
            AgentRequest::Interrupt => {}
        }
    }

    fn on_exit(&mut self, _: ExitStatus, now: Timestamp, output: &mut Output) {
        let step = &mut Step { now, output };
        self.blocks.clear();
        self.void_pending(step);
        self.book.end_turn(&ToolStatus::Failed, step);
    }
}
