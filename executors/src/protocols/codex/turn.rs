//! Turns: prompts, what starts a turn, what is said into a running one, and its interrupt.

use super::{Codex, Phase};
use crate::protocols::{LineUse, Step, json};
use anyon_model::{AgentEvent, EntryKind, FailureKind, Image, ToolStatus};
use serde_json::{Value, json};

/// What the names of our own remarks to the agent begin with; the call that was refused comes after it.
const REFUSAL: &str = "refusal:";

/// A prompt that waits for its turn.
#[derive(Debug)]
pub(super) struct Prompt {
    input: Value,
}

impl Prompt {
    pub(super) fn new(text: &str, images: &[Image], append: Option<&str>) -> Self {
        let text = crate::protocols::prompt_text(text, images, append);
        let mut input = vec![text_part(&text)];
        let files = images.iter().filter_map(|image| image.source.as_ref());
        input.extend(files.map(|file| json!({"type": "localImage", "path": file.to_string()})));
        let input = Value::Array(input);
        Self { input }
    }
}

fn text_part(text: &str) -> Value {
    json!({"type": "text", "text": text, "text_elements": []})
}

/// The turn at work, or the last one.
#[derive(Debug, Default)]
pub(super) struct Turn {
    pub(super) running: bool,
    /// A prompt was written and its turn has not ended.
    pub(super) busy: bool,
    /// The agent's name for it.
    pub(super) name: String,
    /// An interrupt was sent in it.
    pub(super) interrupted: bool,
    /// An interrupt waits for the turn's name.
    wants_interrupt: bool,
    pub(super) retries: u32,
    /// The failure that was shown in it.
    pub(super) failure: Option<FailureKind>,
    /// What we said and the agent has not repeated.
    unechoed: u32,
}

impl Codex {
    /// Writes the prompt that waits, unless one is being worked on.
    pub(super) fn write_next_prompt(&mut self, stdin: &mut Vec<u8>) {
        if self.phase != Phase::Ready || self.turn.busy {
            return;
        }
        let Some(prompt) = self.waiting.pop_front() else {
            return;
        };
        self.turn.busy = true;
        let mut params = self.turn_settings();
        params["threadId"] = json!(self.thread.name);
        params["input"] = prompt.input;
        self.write_request("turn/start", &params, stdin);
    }

    pub(super) fn write_next(&mut self, step: &mut Step) {
        let mut stdin = std::mem::take(&mut step.output.stdin);
        self.write_next_prompt(&mut stdin);
        step.output.stdin = stdin;
    }

    /// A prompt was written to the agent.
    pub(super) fn prompt_written(&mut self, params: &Value, step: &mut Step) {
        self.turn.busy = true;
        self.turn.unechoed += 1;
        self.turn.name.clear();
        if self.thread.name.is_empty() {
            json::text(params, "threadId").clone_into(&mut self.thread.name);
        }
        let mode = params.pointer("/collaborationMode/mode").and_then(Value::as_str);
        self.mode(mode.unwrap_or(""), step);
        let text = said(params, "input");
        self.book.add(EntryKind::UserMessage { text }, None, step);
        self.begin_turn(step);
    }

    pub(super) fn begin_turn(&mut self, step: &mut Step) {
        if !self.turn.running {
            self.turn.running = true;
            self.turn.interrupted = false;
            self.turn.retries = 0;
            self.turn.failure = None;
            step.event(AgentEvent::TurnStarted);
        }
    }

    /// The agent named the turn of our prompt.
    pub(super) fn turn_named(&mut self, name: &str, step: &mut Step) -> LineUse {
        if self.turn.busy && !name.is_empty() {
            name.clone_into(&mut self.turn.name);
            self.interrupt_late(step);
        }
        LineUse::Control
    }

    /// The agent works.
    pub(super) fn turn_started(&mut self, params: &Value, step: &mut Step) -> LineUse {
        let name = params.pointer("/turn/id").and_then(Value::as_str);
        name.unwrap_or("").clone_into(&mut self.turn.name);
        self.begin_turn(step);
        self.interrupt_late(step);
        LineUse::Used
    }

    /// Text that was said into a running turn: the reason of a refusal, or anything else.
    pub(super) fn steered(&mut self, params: &Value, step: &mut Step) {
        let text = said(params, "input");
        self.turn.unechoed += 1;
        match json::text(params, "clientUserMessageId").strip_prefix(REFUSAL) {
            Some(call_id) => self.book.change_tool(call_id, step, |tool| {
                tool.status = ToolStatus::Denied { reason: Some(text) };
            }),
            None => {
                self.book.add(EntryKind::UserMessage { text }, None, step);
            }
        }
    }

    /// A refusal carries no reason: it is said into the turn.
    pub(super) fn write_reason(&mut self, call_id: &str, turn: &str, reason: &str, stdin: &mut Vec<u8>) {
        let params = json!({
            "threadId": self.thread.name,
            "expectedTurnId": turn,
            "clientUserMessageId": format!("{REFUSAL}{call_id}"),
            "input": [text_part(reason)],
        });
        self.write_request("turn/steer", &params, stdin);
    }

    /// What a person said, repeated by the agent. It is news only when we did not say it.
    pub(super) fn user_message(&mut self, item: &Value, step: &mut Step) -> LineUse {
        if self.turn.unechoed > 0 {
            self.turn.unechoed -= 1;
            return LineUse::Control;
        }
        if json::text(item, "clientId").starts_with(REFUSAL) {
            return LineUse::Control;
        }
        let text = said(item, "content");
        // Beside what we said, the program itself prompts: for a review, for one.
        let kind = match self.saw_input {
            true => EntryKind::SystemMessage { text },
            false => EntryKind::UserMessage { text },
        };
        self.book.add(kind, None, step);
        LineUse::Used
    }

    /// Ends the turn, and what its commands left running: an interrupt alone does not.
    pub(super) fn interrupt(&mut self, stdin: &mut Vec<u8>) {
        if !self.turn.running {
            return;
        }
        if self.turn.name.is_empty() {
            self.turn.wants_interrupt = true;
            return;
        }
        let thread = json!(self.thread.name);
        let params = json!({"threadId": thread, "turnId": self.turn.name});
        self.write_request("turn/interrupt", &params, stdin);
        let params = json!({"threadId": thread});
        self.write_request("thread/backgroundTerminals/clean", &params, stdin);
    }

    fn interrupt_late(&mut self, step: &mut Step) {
        if std::mem::take(&mut self.turn.wants_interrupt) {
            let mut stdin = std::mem::take(&mut step.output.stdin);
            self.interrupt(&mut stdin);
            step.output.stdin = stdin;
        }
    }
}

/// The text of an input: its texts one below the other. Pictures are named in them, or stand as a word.
fn said(holder: &Value, key: &str) -> String {
    let parts = json::items(holder, key);
    let texts: Vec<&str> = parts
        .iter()
        .map(|part| json::text(part, "text"))
        .filter(|text| !text.is_empty())
        .collect();
    if texts.is_empty() && !parts.is_empty() {
        return "[image]".into();
    }
    texts.join("\n")
}
