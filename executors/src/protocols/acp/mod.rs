//! The Agent Client Protocol, version 1, as a client without I/O: JSON-RPC lines in, events and lines out.
//!
//! Files and terminals are not offered: agents have their own, and the next version of the protocol drops them. Types
//! come from the protocol's schema; whatever does not fit them is shown raw. How agents differ stands in [`Quirks`].

mod answers;
mod calls;
mod manners;
mod outcome;
pub mod quirks;
mod rpc;
mod session;
mod tools;
mod updates;
mod usage;

pub use manners::{Manners, ResumeBy};
pub use quirks::Quirks;

use super::{LineUse, Output, Protocol, Step, book::EntryBook, json};
use crate::{agents::Guide, mcp_config::Server};
use anyon_model::{
    AgentRequest, EntryIndex, EntryKind, ExitStatus, FailureKind, Image, LogStream, Timestamp, TokenUsage,
    ToolStatus,
};
use rpc::Envelope;
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    path::PathBuf,
};

/// What a conversation with an ACP agent starts with. The default reads recordings.
#[derive(Debug, Clone, Default)]
pub struct AcpOptions {
    /// The folder it runs in.
    pub worktree: Option<PathBuf>,
    /// The first prompt.
    pub prompt: String,
    /// Pictures that go with it.
    pub images: Vec<Image>,
    /// Text after every prompt.
    pub append_prompt: Option<String>,
    /// The agent's name of the session to go on with.
    pub resume: Option<String>,
    /// The model to ask for.
    pub model: Option<String>,
    /// How hard the model is to think, where the agent has an option for it.
    pub effort: Option<String>,
    /// The agent only plans.
    pub plan: bool,
    /// An MCP server for the session.
    pub mcp: Option<Server>,
    /// What the repository says to agents: goes with the first prompt of a new session.
    pub guide: Option<Guide>,
    /// How the agent differs from the protocol's text.
    pub quirks: Quirks,
    /// What a person configured of it.
    pub manners: Manners,
}

/// Where the session is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    /// Introducing ourselves.
    #[default]
    Greeting,
    /// The session is being made or loaded: what the agent says now is history.
    Opening,
    /// It takes prompts.
    Ready,
}

/// An ACP conversation as a state machine.
#[derive(Debug, Default)]
pub struct Acp {
    options: AcpOptions,
    book: EntryBook,
    phase: Phase,
    /// Requests of ours without an answer, by their ids.
    sent: BTreeMap<String, Sent>,
    next_request: u64,
    /// Lines that we wrote are in the log.
    saw_input: bool,
    /// A prompt was written in this process.
    prompted: bool,
    turn: Turn,
    session: session::Session,
    waiting: VecDeque<String>,
    message: Option<updates::OpenMessage>,
    calls: HashMap<String, calls::OpenCall>,
    pending: BTreeMap<String, answers::Pending>,
    usage: TokenUsage,
}

/// A request of ours.
#[derive(Debug)]
struct Sent {
    method: String,
    params: Value,
}

#[derive(Debug, Default)]
struct Turn {
    running: bool,
    /// A prompt was written and not yet answered.
    busy: bool,
    cancelled: bool,
    retries: u32,
    used_tokens: bool,
}

impl Acp {
    /// A conversation that has not begun.
    pub fn new(options: AcpOptions) -> Self {
        let mut acp = Self {
            options,
            ..Self::default()
        };
        let options = &acp.options;
        if !options.prompt.is_empty() {
            let append = options.append_prompt.as_deref();
            let prompt = super::prompt_text(&options.prompt, &options.images, append);
            acp.waiting.push_back(prompt);
        }
        acp
    }

    /// A conversation that only reads a recording of an agent.
    pub fn for_replay(quirks: Quirks) -> Self {
        Self::new(AcpOptions {
            quirks,
            ..AcpOptions::default()
        })
    }

    fn write_request(&mut self, method: &str, params: &Value, stdin: &mut Vec<u8>) {
        self.next_request += 1;
        json::line(&rpc::request(self.next_request, method, params), stdin);
    }

    fn out_line(&mut self, line: &Envelope, bytes: &[u8], step: &mut Step) -> LineUse {
        let known = match (line.id, &*line.method) {
            (None, "") => None,
            (Some(_), "") => self.response(line, step),
            (None, _) => self.notification(line, step),
            (Some(id), _) => self.agent_request(id.get(), line, step),
        };
        known.unwrap_or_else(|| {
            self.book.raw_line(LogStream::Out, bytes, step);
            LineUse::Raw
        })
    }

    fn notification(&mut self, line: &Envelope, step: &mut Step) -> Option<LineUse> {
        match &*line.method {
            "session/update" => self.session_update(line.params?, step),
            "$/cancel_request" => {
                let params = json::value(line.params);
                Some(self.taken_back(&params.get("requestId")?.to_string(), step))
            }
            method if self.options.quirks.silent_methods.contains(&method) => Some(LineUse::Control),
            _ => None,
        }
    }

    /// Every request of the agent is answered, or its turn would hang.
    fn agent_request(&mut self, id: &str, line: &Envelope, step: &mut Step) -> Option<LineUse> {
        if &*line.method == "session/request_permission"
            && let Some(used) = self.permission(id, line.params, step)
        {
            return Some(used);
        }
        json::line(&rpc::not_found(line.id), &mut step.output.stdin);
        let declined = ["fs/", "terminal/"]
            .iter()
            .any(|part| line.method.starts_with(part));
        let silent = self.options.quirks.silent_methods.contains(&&*line.method);
        (declined || silent).then_some(LineUse::Control)
    }

    fn in_line(&mut self, line: &Envelope, step: &mut Step) -> LineUse {
        self.saw_input = true;
        let id = line.id.map(|id| id.get().to_owned());
        if let Some(number) = id.as_deref().and_then(|id| id.parse().ok()) {
            let ours = !line.method.is_empty();
            self.next_request = if ours {
                self.next_request.max(number)
            } else {
                self.next_request
            };
        }
        match (id, &*line.method) {
            (Some(id), "") => self.answer_written(&id, line, step),
            (Some(id), method) => {
                let params = json::value(line.params);
                let used = self.request_written(method, &params, step);
                let method = method.to_owned();
                self.sent.insert(id, Sent { method, params });
                used
            }
            (None, "session/cancel") => {
                self.turn.cancelled = self.turn.running;
                LineUse::Control
            }
            (None, _) => LineUse::Control,
        }
    }

    fn request_written(&mut self, method: &str, params: &Value, step: &mut Step) -> LineUse {
        match method {
            "session/new" | "session/load" | "session/resume" | "session/fork" => {
                self.phase = Phase::Opening;
                if self.options.worktree.is_none() {
                    self.options.worktree = json::some(json::text(params, "cwd")).map(PathBuf::from);
                }
            }
            "session/prompt" => {
                self.prompt_written(params, step);
                return LineUse::Used;
            }
            _ => {}
        }
        LineUse::Control
    }
}

impl Protocol for Acp {
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
                let prompt = super::prompt_text(text, images, self.options.append_prompt.as_deref());
                self.waiting.push_back(prompt);
                self.write_next_prompt(stdin);
            }
            AgentRequest::Answer { key, answer } => self.write_answer(key, answer, stdin),
            AgentRequest::Switch { model, plan } => self.switch(model.as_deref(), *plan, stdin),
            AgentRequest::Interrupt if self.turn.running => self.write_cancel(stdin),
            AgentRequest::Interrupt => {}
        }
    }

    fn on_exit(&mut self, _: ExitStatus, now: Timestamp, output: &mut Output) {
        let step = &mut Step { now, output };
        self.void_pending(step);
        if let Some(text) = self.unchosen_model() {
            let failure = Some(FailureKind::Auth);
            self.book
                .add(EntryKind::ErrorMessage { text, failure }, None, step);
        }
        self.message = None;
        self.calls.clear();
        self.book.end_turn(&ToolStatus::Failed, step);
    }
}

/// The entry of the sub-agent's call that an update says it belongs to.
fn parent_of(meta: Option<&Value>, book: &EntryBook) -> Option<EntryIndex> {
    let claude = meta?.get("claudeCode")?;
    book.call(json::text(claude, "parentToolUseId"))
}
