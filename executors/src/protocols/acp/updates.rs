//! `session/update`: messages in chunks, plans, modes, and what else an agent reports.

use super::{Acp, Phase, parent_of};
use crate::protocols::{LineUse, Step, json};
use agent_client_protocol_schema::v1::{
    CompactionUpdate, ContentBlock, ContentChunk, Notice, Plan, PlanEntryStatus, ToolCallUpdate, UsageUpdate,
};
use anyon_model::{AgentEvent, EntryIndex, EntryKind, PlanItem, PlanStatus};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

/// A message whose chunks still come.
#[derive(Debug)]
pub(super) struct OpenMessage {
    pub(super) entry: EntryIndex,
    speaker: Speaker,
    message_id: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaker {
    User,
    Agent,
    Thought,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Params<'a> {
    #[serde(borrow)]
    update: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Head<'a> {
    #[serde(borrow, rename = "sessionUpdate")]
    kind: json::Text<'a>,
}

impl Acp {
    pub(super) fn session_update(&mut self, params: &RawValue, step: &mut Step) -> Option<LineUse> {
        let params: Params = serde_json::from_str(params.get()).ok()?;
        let update = params.update?.get();
        let head: Head = serde_json::from_str(update).ok()?;
        match &*head.kind {
            "user_message_chunk" => self.chunk(Speaker::User, update, step),
            "agent_message_chunk" => self.chunk(Speaker::Agent, update, step),
            "agent_thought_chunk" => self.chunk(Speaker::Thought, update, step),
            "tool_call" | "tool_call_update" => {
                let call: ToolCallUpdate = serde_json::from_str(update).ok()?;
                if self.is_history() {
                    return Some(LineUse::Control);
                }
                self.live(step);
                self.tool_call(call, &*head.kind == "tool_call", step);
                Some(LineUse::Used)
            }
            "plan" => self.plan(update, step),
            _ => self.report(&head.kind, update, step),
        }
    }

    fn report(&mut self, kind: &str, update: &str, step: &mut Step) -> Option<LineUse> {
        match kind {
            "available_commands_update" | "session_info_update" | "compaction_summary_chunk" => {
                return Some(LineUse::Control);
            }
            "usage_update" => {
                let usage: UsageUpdate = serde_json::from_str(update).ok()?;
                self.context_usage(&usage, step);
            }
            "current_mode_update" => {
                let update: Value = serde_json::from_str(update).ok()?;
                self.mode(json::text(&update, "currentModeId"), step);
            }
            "config_option_update" => {
                let update: Value = serde_json::from_str(update).ok()?;
                self.config_options(&update, step);
            }
            "notice" => {
                let notice: Notice = serde_json::from_str(update).ok()?;
                let more = notice
                    .description
                    .map(|more| format!("\n{more}"))
                    .unwrap_or_default();
                self.note(&format!("{}{more}", notice.title), step);
            }
            "compaction_update" => {
                let _: CompactionUpdate = serde_json::from_str(update).ok()?;
                self.book.activity("compacting the conversation", step);
            }
            _ => return None,
        }
        Some(LineUse::Used)
    }

    /// What comes now was said in an earlier process: it is in that execution's log.
    fn is_history(&self) -> bool {
        self.phase != Phase::Ready || (self.saw_input && !self.prompted)
    }

    /// In a log without our own lines, the first thing that the agent says or does begins the turn.
    pub(super) fn live(&mut self, step: &mut Step) {
        if !self.saw_input {
            self.begin_turn(step);
        }
    }

    fn chunk(&mut self, speaker: Speaker, update: &str, step: &mut Step) -> Option<LineUse> {
        let chunk: ContentChunk = serde_json::from_str(update).ok()?;
        if self.is_history() || (speaker == Speaker::User && self.saw_input) {
            return Some(LineUse::Control);
        }
        let meta = chunk.meta.clone().map(Value::Object);
        if let Some(usage) = meta.as_ref().and_then(|meta| meta.get("usage"))
            && self.options.quirks.usage_in_chunks
        {
            self.call_usage(usage, step);
        }
        let text = block_text(&chunk.content);
        if text.is_empty() {
            return Some(LineUse::Used);
        }
        if let Some(used) = self.special(speaker, &text, meta.as_ref(), step) {
            return Some(used);
        }
        let message_id = chunk.message_id.map(|message| message.to_string());
        let parent = parent_of(meta.as_ref(), &self.book);
        self.say(speaker, text, message_id, parent, step);
        Some(LineUse::Used)
    }

    /// Chunks that are not what they seem.
    fn special(
        &mut self,
        speaker: Speaker,
        text: &str,
        meta: Option<&Value>,
        step: &mut Step,
    ) -> Option<LineUse> {
        let quirks = self.options.quirks;
        if let Some(mode) = quirks.mode_message.and_then(|begin| text.strip_prefix(begin)) {
            self.mode(mode.trim(), step);
            return Some(LineUse::Used);
        }
        let kind = meta.and_then(|meta| meta.pointer("/claudeCode/kind"));
        if kind.and_then(Value::as_str) == Some("informational") {
            self.note(text, step);
            return Some(LineUse::Used);
        }
        let notice = text.strip_prefix("Info: ");
        if let Some(notice) = notice.filter(|_| quirks.errors_as_messages && speaker == Speaker::Agent) {
            self.notice(notice, step);
            return Some(LineUse::Used);
        }
        None
    }

    fn notice(&mut self, notice: &str, step: &mut Step) {
        self.live(step);
        self.note(notice, step);
        if notice.starts_with("Request failed") {
            self.turn.retries += 1;
            step.event(AgentEvent::Retrying {
                attempt: self.turn.retries,
                max: 0,
                delay_ms: 0,
                why: notice.to_owned(),
            });
        }
    }

    fn say(
        &mut self,
        speaker: Speaker,
        text: String,
        message_id: Option<String>,
        parent: Option<EntryIndex>,
        step: &mut Step,
    ) {
        self.live(step);
        let alone = self.options.quirks.errors_as_messages && text.starts_with("Error: ");
        if let Some(open) = &self.message
            && open.speaker == speaker
            && (open.message_id.is_none() || message_id.is_none() || open.message_id == message_id)
            && !alone
        {
            let entry = open.entry;
            return self.book.append(entry, &text, step);
        }
        self.close_message(step);
        let (kind, activity) = match speaker {
            Speaker::User => (EntryKind::UserMessage { text }, None),
            Speaker::Agent => (EntryKind::AssistantMessage { text }, Some("writing")),
            Speaker::Thought => (EntryKind::Thinking { text }, Some("thinking")),
        };
        if let Some(activity) = activity {
            self.book.activity(activity, step);
        }
        let entry = self.book.open(kind, parent, step);
        self.message = Some(OpenMessage {
            entry,
            speaker,
            message_id,
        });
    }

    /// No more chunks of the message that is open.
    pub(super) fn close_message(&mut self, step: &mut Step) {
        if let Some(open) = self.message.take() {
            self.book.settle(open.entry, None, step);
        }
    }

    fn plan(&mut self, update: &str, step: &mut Step) -> Option<LineUse> {
        let plan: Plan = serde_json::from_str(update).ok()?;
        if self.is_history() || plan.entries.is_empty() {
            return Some(LineUse::Control);
        }
        self.live(step);
        let items = plan.entries.into_iter().map(|entry| PlanItem {
            text: entry.content,
            status: match entry.status {
                PlanEntryStatus::InProgress => PlanStatus::InProgress,
                PlanEntryStatus::Completed => PlanStatus::Completed,
                _ => PlanStatus::Pending,
            },
        });
        self.book.plan(items.collect(), step);
        Some(LineUse::Used)
    }
}

/// The text of a block; what is not text stands as a word.
pub(super) fn block_text(block: &ContentBlock) -> String {
    match block {
        ContentBlock::Text(text) => text.text.clone(),
        ContentBlock::ResourceLink(link) => link.uri.clone(),
        ContentBlock::Image(_) => "[image]".into(),
        ContentBlock::Audio(_) => "[audio]".into(),
        _ => "[resource]".into(),
    }
}
