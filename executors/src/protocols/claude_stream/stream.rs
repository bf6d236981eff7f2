//! The model's stream: entries that grow, and the final lines that settle them.

use super::{
    ClaudeStream,
    blocks::BlockKind,
    tools::{self, Call},
    wire::{self, Block, Delta, Event, Line, Message},
};
use crate::protocols::{LineUse, Step, failure, json, words};
use anyon_model::{AgentEvent, EntryIndex, EntryKind, ToolKind, ToolStatus};

/// Blocks of messages that are known. A line with another one is shown raw.
const BLOCK_KINDS: [&str; 4] = ["text", "thinking", "redacted_thinking", "tool_use"];

impl ClaudeStream {
    /// The entry of the sub-agent's call that a line belongs to.
    pub(super) fn parent(&self, line: &Line) -> Option<EntryIndex> {
        if line.parent_tool_use_id.is_empty() {
            return None;
        }
        self.book.call(&line.parent_tool_use_id)
    }

    pub(super) fn stream_event(&mut self, line: &Line, step: &mut Step) -> Option<LineUse> {
        let event: Event = serde_json::from_str(line.event?.get()).ok()?;
        let parent = self.parent(line);
        match (&*event.kind, &event.delta) {
            ("content_block_delta", Some(delta)) => Some(self.delta(parent, event.index, delta, step)),
            ("content_block_start", _) => self.block_start(parent, &event, step),
            ("content_block_stop", _) => Some(self.block_stop(parent, event.index, step)),
            ("message_start" | "message_stop", _) => {
                for index in self.blocks.end_all(parent) {
                    self.book.settle(index, None, step);
                }
                Some(LineUse::Control)
            }
            ("message_delta", _) => Some(self.call_usage(parent, &event, step)),
            ("ping", _) => Some(LineUse::Control),
            _ => None,
        }
    }

    fn delta(&mut self, parent: Option<EntryIndex>, number: u64, delta: &Delta, step: &mut Step) -> LineUse {
        let (kind, text) = match &*delta.kind {
            "text_delta" => (BlockKind::Text, &*delta.text),
            "thinking_delta" => (BlockKind::Thinking, &*delta.thinking),
            _ => return LineUse::Control,
        };
        if text.is_empty() {
            return LineUse::Control;
        }
        let block = self.blocks.get(parent, number);
        if let Some(index) = block.as_ref().and_then(|block| block.entry) {
            self.book.append(index, text, step);
            return LineUse::Used;
        }
        if block.is_none() {
            self.blocks.begin(parent, number, kind);
        }
        self.first_text(parent, number, kind, text, step);
        LineUse::Used
    }

    fn first_text(
        &mut self,
        parent: Option<EntryIndex>,
        number: u64,
        kind: BlockKind,
        text: &str,
        step: &mut Step,
    ) {
        self.turn.spoke = true;
        let activity = match kind {
            BlockKind::Thinking => "thinking",
            BlockKind::Text | BlockKind::Tool => "writing",
        };
        self.book.activity(activity, step);
        let index = self.book.open(entry_kind(kind, text.to_owned()), parent, step);
        if let Some(block) = self.blocks.get(parent, number) {
            block.entry = Some(index);
        }
    }

    fn block_start(&mut self, parent: Option<EntryIndex>, event: &Event, step: &mut Step) -> Option<LineUse> {
        let block: Block = serde_json::from_str(event.content_block?.get()).ok()?;
        let kind = match &*block.kind {
            "text" => BlockKind::Text,
            "thinking" => BlockKind::Thinking,
            "tool_use" if !block.id.is_empty() => BlockKind::Tool,
            _ => return Some(LineUse::Control),
        };
        self.blocks.begin(parent, event.index, kind);
        match kind {
            BlockKind::Tool => self.call(&Call::announced(&block), parent, step),
            BlockKind::Text if !block.text.is_empty() => {
                self.first_text(parent, event.index, kind, &block.text, step);
            }
            _ => return Some(LineUse::Control),
        }
        Some(LineUse::Used)
    }

    fn block_stop(&mut self, parent: Option<EntryIndex>, number: u64, step: &mut Step) -> LineUse {
        let Some(block) = self.blocks.end(parent, number) else {
            return LineUse::Control;
        };
        match block.entry {
            Some(index) if !block.settled => {
                self.book.settle(index, None, step);
                LineUse::Used
            }
            _ => LineUse::Control,
        }
    }

    /// A model call is over and tells its tokens.
    fn call_usage(&mut self, parent: Option<EntryIndex>, event: &Event, step: &mut Step) -> LineUse {
        let usage = json::value(event.usage);
        if parent.is_some() || !usage.is_object() {
            return LineUse::Control;
        }
        let cached = json::number(&usage, "cache_read_input_tokens");
        let input = json::number(&usage, "input_tokens")
            + json::number(&usage, "cache_creation_input_tokens")
            + cached;
        let output = json::number(&usage, "output_tokens");
        self.live.input += input;
        self.live.output += output;
        self.live.cached += cached;
        self.usage.context_used = input + output;
        let mut now = self.usage;
        now.input += self.live.input;
        now.output += self.live.output;
        now.cached += self.live.cached;
        step.event(AgentEvent::Usage(now));
        LineUse::Used
    }

    /// A final line of the agent: one block each, before the block's stop.
    pub(super) fn assistant(&mut self, line: &Line, step: &mut Step) -> Option<LineUse> {
        let message: Message = serde_json::from_str(line.message?.get()).ok()?;
        let blocks = wire::blocks(message.content)?;
        let is_known = |block: &Block| BLOCK_KINDS.contains(&&*block.kind);
        if !blocks.iter().all(is_known) {
            return None;
        }
        let parent = self.parent(line);
        if json::yes(line.is_api_error_message) || !line.error.is_empty() {
            self.api_error(line, &message, step);
            return Some(LineUse::Used);
        }
        for block in &blocks {
            self.final_block(block, parent, step);
        }
        if line.parent_tool_use_id.is_empty() && !line.uuid.is_empty() {
            self.turn.last_message = Some(line.uuid.to_string());
        }
        Some(LineUse::Used)
    }

    fn final_block(&mut self, block: &Block, parent: Option<EntryIndex>, step: &mut Step) {
        match &*block.kind {
            "text" => self.final_text(BlockKind::Text, &block.text, parent, step),
            "thinking" => self.final_text(BlockKind::Thinking, &block.thinking, parent, step),
            "tool_use" if !block.id.is_empty() => {
                if let Some(open) = self.blocks.unsettled(parent, BlockKind::Tool) {
                    open.settled = true;
                }
                self.call(&Call::complete(block), parent, step);
            }
            _ => {}
        }
    }

    fn final_text(&mut self, kind: BlockKind, text: &str, parent: Option<EntryIndex>, step: &mut Step) {
        let mut open = self.blocks.unsettled(parent, kind);
        if let Some(block) = &mut open {
            block.settled = true;
        }
        let entry = open.and_then(|block| block.entry);
        match entry {
            // A block whose text was streamed but is not repeated keeps what was streamed.
            Some(index) if text.is_empty() => self.book.settle(index, None, step),
            Some(index) => {
                self.book
                    .settle(index, Some(entry_kind(kind, text.to_owned())), step);
            }
            None if text.is_empty() => {}
            None => {
                self.turn.spoke = true;
                self.book.add(entry_kind(kind, text.to_owned()), parent, step);
            }
        }
    }

    fn api_error(&mut self, line: &Line, message: &Message, step: &mut Step) {
        let text = wire::content_text(message.content);
        let kind = failure::failure_kind(failure::Told {
            word: &line.error,
            status: line.api_error_status.and_then(|raw| raw.get().parse().ok()),
            text: &text,
            resets_at: self.resets_at,
        });
        self.turn.failure = Some(kind.clone());
        let failure = Some(kind);
        self.book
            .add(EntryKind::ErrorMessage { text, failure }, None, step);
    }

    /// A tool call is announced, or its input is complete.
    pub(super) fn call(&mut self, call: &Call, parent: Option<EntryIndex>, step: &mut Step) {
        self.turn.spoke = true;
        let tool = tools::tool_use(call, self.options.worktree.as_deref());
        let activity = match call.input.is_null() {
            true => format!("preparing {}", call.tool),
            false => words::activity(tool.tool_kind, &tool.tool, &tool.title),
        };
        if tool.tool_kind == ToolKind::Todo {
            self.todo.called(&call.call_id, &call.tool, &call.input);
        }
        if self.book.call(&call.call_id).is_none() {
            self.book.open_tool(tool, parent, step);
        } else {
            self.book.change_tool(&call.call_id, step, |known| {
                known.tool_kind = tool.tool_kind;
                known.title = tool.title;
                known.detail = tool.detail;
            });
        }
        self.book.activity(&activity, step);
    }

    /// Ends a tool call and shows the to-do list if it is one that changes it.
    pub(super) fn end_call(&mut self, ended: tools::Ended, step: &mut Step) {
        let call_id = ended.call_id;
        let is_todo = self
            .book
            .tool(&call_id)
            .is_some_and(|tool| tool.tool_kind == ToolKind::Todo);
        if ended.status == ToolStatus::Success {
            self.book
                .change_tool(&call_id, step, |tool| tools::add_result(tool, &ended.result));
        }
        if is_todo && ended.status == ToolStatus::Success {
            self.todo_done(&call_id, &ended.result, step);
        }
        self.book.end_tool(&call_id, ended.status, ended.output, step);
    }
}

fn entry_kind(kind: BlockKind, text: String) -> EntryKind {
    match kind {
        BlockKind::Thinking => EntryKind::Thinking { text },
        BlockKind::Text | BlockKind::Tool => EntryKind::AssistantMessage { text },
    }
}
