//! Codex's own protocol, spoken by `codex app-server`, as a client without I/O.
//!
//! Lines are JSON-RPC without the version member; ids of both sides count by themselves. A thread is the session, a
//! turn a turn, and everything said or done in it an item that starts, grows and completes. The protocol grows with
//! every release: unknown items are shown by their kind, unknown notifications raw, unknown requests are refused.

mod asks;
mod command_line;
mod elicitation;
mod forms;
mod helpers;
mod items;
mod limits;
mod notices;
mod outcome;
mod patch;
mod session;
mod tools;
mod turn;
mod usage;
mod wire;

use super::{LineUse, Output, Protocol, Step, book::EntryBook, json};
use crate::mcp_config::Server;
use anyon_model::{AgentRequest, ExitStatus, Image, LogStream, ResumeFrom, Timestamp, ToolStatus};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    path::PathBuf,
};
use wire::Envelope;

/// What a conversation with Codex starts with. The default reads recordings.
#[derive(Debug, Clone, Default)]
pub struct CodexOptions {
    /// The folder it runs in.
    pub worktree: Option<PathBuf>,
    /// The first prompt.
    pub prompt: String,
    /// Pictures that go with it.
    pub images: Vec<Image>,
    /// Text after every prompt.
    pub append_prompt: Option<String>,
    /// The thread to go on with.
    pub resume: Option<ResumeFrom>,
    /// The model to use; `None`: the one it would use by itself.
    pub model: Option<String>,
    /// How long it is to think; `None`: as it would by itself.
    pub effort: Option<String>,
    /// The agent only plans.
    pub plan: bool,
    /// An MCP server for the thread.
    pub mcp: Option<Server>,
}

/// Where the conversation is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    /// Introducing ourselves.
    #[default]
    Greeting,
    /// The thread is being made or resumed.
    Opening,
    /// It takes prompts.
    Ready,
}

/// Codex's protocol as a state machine.
#[derive(Debug, Default)]
pub struct Codex {
    options: CodexOptions,
    book: EntryBook,
    phase: Phase,
    /// The methods of our requests without an answer, by their ids.
    sent: BTreeMap<String, String>,
    next_request: u64,
    /// Lines that we wrote are in the log.
    saw_input: bool,
    thread: session::Thread,
    turn: turn::Turn,
    waiting: VecDeque<turn::Prompt>,
    /// Messages and thoughts that still grow, by item.
    texts: HashMap<String, anyon_model::EntryIndex>,
    /// Calls of tools, by item.
    calls: HashMap<String, items::OpenCall>,
    pending: BTreeMap<String, asks::Pending>,
    helpers: helpers::Helpers,
    usage: usage::Spent,
    limits: limits::Limits,
}

impl Codex {
    /// A conversation that has not begun.
    pub fn new(options: CodexOptions) -> Self {
        let mut codex = Self {
            options,
            ..Self::default()
        };
        let options = &codex.options;
        if !options.prompt.is_empty() {
            let prompt =
                turn::Prompt::new(&options.prompt, &options.images, options.append_prompt.as_deref());
            codex.waiting.push_back(prompt);
        }
        codex
    }

    fn write_request(&mut self, method: &str, params: &Value, stdin: &mut Vec<u8>) {
        self.next_request += 1;
        json::line(&wire::request(self.next_request, method, params), stdin);
    }

    fn out_line(&mut self, line: &Envelope, bytes: &[u8], step: &mut Step) -> LineUse {
        let known = match (line.id, &*line.method) {
            (None, "") => None,
            (Some(id), "") => self.response(id.get(), line, step),
            (None, _) => self.notification(line, step),
            (Some(id), _) => {
                let known = self.agent_request(id, line, step);
                if known.is_none() {
                    json::line(&wire::not_served(id), &mut step.output.stdin);
                }
                known
            }
        };
        known.unwrap_or_else(|| {
            self.book.raw_line(LogStream::Out, bytes, step);
            LineUse::Raw
        })
    }

    fn in_line(&mut self, line: &Envelope, step: &mut Step) -> LineUse {
        self.saw_input = true;
        let Some(id) = line.id.map(|id| id.get().to_owned()) else {
            return LineUse::Control;
        };
        if line.method.is_empty() {
            return self.answer_written(&id, line, step);
        }
        if let Ok(number) = id.parse() {
            self.next_request = self.next_request.max(number);
        }
        let params = json::value(line.params);
        let used = self.request_written(&line.method, &params, step);
        self.sent.insert(id, line.method.to_string());
        used
    }

    fn request_written(&mut self, method: &str, params: &Value, step: &mut Step) -> LineUse {
        match method {
            "thread/start" | "thread/resume" | "thread/fork" => {
                self.phase = Phase::Opening;
                if self.options.worktree.is_none() {
                    self.options.worktree = json::some(json::text(params, "cwd")).map(PathBuf::from);
                }
            }
            "turn/start" => {
                self.prompt_written(params, step);
                return LineUse::Used;
            }
            "turn/steer" => {
                self.steered(params, step);
                return LineUse::Used;
            }
            "turn/interrupt" => self.turn.interrupted = self.turn.running,
            _ => {}
        }
        LineUse::Control
    }
}

impl Protocol for Codex {
    fn start(&mut self, stdin: &mut Vec<u8>) {
        self.write_request("initialize", &session::greeting(), stdin);
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
        match (json::object::<Envelope>(&text), stream) {
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
                let prompt = turn::Prompt::new(text, images, self.options.append_prompt.as_deref());
                self.waiting.push_back(prompt);
                self.write_next_prompt(stdin);
            }
            AgentRequest::Answer { key, answer } => self.write_answer(key, answer, stdin),
            AgentRequest::Switch { model, plan } => {
                self.options.model.clone_from(model);
                self.options.plan = *plan;
            }
            AgentRequest::Interrupt => self.interrupt(stdin),
        }
    }

    fn on_exit(&mut self, _: ExitStatus, now: Timestamp, output: &mut Output) {
        let step = &mut Step { now, output };
        self.void_pending(step);
        self.texts.clear();
        self.calls.clear();
        self.book.end_turn(&ToolStatus::Failed, step);
    }
}
