//! Turns: what starts one, and the lines of users.

use super::{
    ClaudeStream, tools,
    wire::{self, Line, Message},
};
use crate::protocols::{LineUse, Step, json};
use anyon_model::{AgentEvent, EntryKind, FailureKind, ToolKind};
use std::collections::VecDeque;

/// Where the conversation is.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// A prompt is being worked on.
    pub(super) running: bool,
    /// Prompts that wait for their turn.
    pub(super) waiting: u32,
    /// Prompts that we wrote and the agent has not echoed.
    unechoed: VecDeque<String>,
    /// An interrupt was sent in this turn.
    pub(super) interrupted: bool,
    /// The agent said or did something in this turn.
    pub(super) spoke: bool,
    /// The failure that was shown in this turn.
    pub(super) failure: Option<FailureKind>,
    /// The agent's name of its last message.
    pub(super) last_message: Option<String>,
}

impl ClaudeStream {
    /// A turn begins, unless one runs.
    pub(super) fn begin_turn(&mut self, step: &mut Step) {
        if !self.turn.running {
            self.turn.running = true;
            self.turn.interrupted = false;
            self.turn.spoke = false;
            self.turn.failure = None;
            step.event(AgentEvent::TurnStarted);
        }
    }

    /// A prompt was written to the agent.
    pub(super) fn prompted(&mut self, line: &Line, step: &mut Step) -> LineUse {
        let message: Message = line
            .message
            .and_then(|message| serde_json::from_str(message.get()).ok())
            .unwrap_or_default();
        let text = wire::content_text(message.content);
        self.turn.unechoed.push_back(text.clone());
        self.book.add(EntryKind::UserMessage { text }, None, step);
        if self.turn.running {
            self.turn.waiting += 1;
        } else {
            self.begin_turn(step);
        }
        LineUse::Used
    }

    /// A user's line: results of tools, the echo of a prompt, or something that the agent's program injects.
    pub(super) fn user(&mut self, line: &Line, step: &mut Step) -> Option<LineUse> {
        let message: Message = serde_json::from_str(line.message?.get()).ok()?;
        let blocks = wire::blocks(message.content)?;
        if blocks.iter().any(|block| &*block.kind == "tool_result") {
            let result = json::value(line.tool_use_result);
            let meta = json::value(line.tool_result_meta);
            for block in blocks.iter().filter(|block| &*block.kind == "tool_result") {
                self.tool_result(block, result.clone(), &meta, step);
            }
            return Some(LineUse::Used);
        }
        let text = wire::content_text(message.content);
        Some(self.user_text(line, text, step))
    }

    fn tool_result(
        &mut self,
        block: &wire::Block,
        result: serde_json::Value,
        meta: &serde_json::Value,
        step: &mut Step,
    ) {
        let kind = self.book.tool(&block.tool_use_id).map(|tool| tool.tool_kind);
        let ended = tools::ended(block, kind.unwrap_or(ToolKind::Other), result, meta);
        self.overtaken(&block.tool_use_id, step);
        if self.book.call(&block.tool_use_id).is_some() {
            return self.end_call(ended, step);
        }
        // A result without its call, such as after a resume: what it says is still shown.
        let text = wire::content_text(block.content);
        if !text.is_empty() {
            self.book.add(EntryKind::SystemMessage { text }, None, step);
        }
    }

    fn user_text(&mut self, line: &Line, text: String, step: &mut Step) -> LineUse {
        let parent = self.parent(line);
        if let Some(output) = local_output(&text) {
            self.turn.spoke = true;
            let text = output.to_owned();
            self.book.add(EntryKind::SystemMessage { text }, parent, step);
        } else if parent.is_some() {
            self.book.add(EntryKind::UserMessage { text }, parent, step);
        } else if json::yes(line.is_replay) {
            if self.turn.unechoed.pop_front().is_some() {
                return LineUse::Control;
            }
            self.book.add(EntryKind::UserMessage { text }, None, step);
            self.begin_turn(step);
        } else if !text.is_empty() {
            self.book.add(EntryKind::SystemMessage { text }, None, step);
        }
        LineUse::Used
    }
}

/// The output of a slash command that the agent's program answered itself.
fn local_output(text: &str) -> Option<&str> {
    ["local-command-stdout", "local-command-stderr"]
        .iter()
        .find_map(|tag| {
            text.strip_prefix(&format!("<{tag}>"))?
                .strip_suffix(&format!("</{tag}>"))
        })
}
