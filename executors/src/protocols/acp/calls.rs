//! Tool calls: announced, changed and ended by `tool_call`, `tool_call_update` and permission requests alike.

use super::{Acp, parent_of, tools, updates};
use crate::protocols::{Step, json, words};
use agent_client_protocol_schema::v1::{
    ToolCallContent, ToolCallStatus, ToolCallUpdate, ToolCallUpdateFields,
};
use anyon_model::{ToolKind, ToolStatus};
use serde_json::Value;

/// A call that has not ended, as all updates together tell it.
#[derive(Debug, Default)]
pub(super) struct OpenCall {
    pub(super) fields: ToolCallUpdateFields,
    pub(super) tool: String,
    pub(super) said: String,
}

impl Acp {
    pub(super) fn tool_call(&mut self, update: ToolCallUpdate, announces: bool, step: &mut Step) {
        let call_id = update.tool_call_id.to_string();
        if self.book.call(&call_id).is_some() && !self.book.is_open(&call_id) {
            return self.late(&call_id, &update, step);
        }
        let status = update.fields.status;
        self.upsert(update, announces, step);
        match status {
            Some(ToolCallStatus::Completed) => self.end_call(&call_id, ToolStatus::Success, step),
            Some(ToolCallStatus::Failed) => self.end_call(&call_id, ToolStatus::Failed, step),
            _ => {}
        }
    }

    /// Makes or changes the entry of a call.
    pub(super) fn upsert(&mut self, update: ToolCallUpdate, announces: bool, step: &mut Step) {
        let call_id = update.tool_call_id.to_string();
        let meta = update.meta.map(Value::Object);
        let quirks = self.options.quirks;
        let call = self.calls.entry(call_id.clone()).or_default();
        if let Some(tool) = tools::name(&call_id, &update.fields, meta.as_ref(), quirks) {
            call.tool = tool;
        } else if quirks.name_is_first_title && call.tool.is_empty() {
            call.tool = update.fields.title.clone().unwrap_or_default();
        }
        if let Some(said) = output_text(&update.fields, announces) {
            call.said = said;
        }
        merge(&mut call.fields, update.fields);
        let tool = tools::tool_use(&call_id, call, self.options.worktree.as_deref());
        let activity = words::activity(tool.tool_kind, &tool.tool, &tool.title);
        if self.book.is_open(&call_id) {
            self.book.change_tool(&call_id, step, |known| {
                known.tool = tool.tool;
                known.tool_kind = tool.tool_kind;
                known.title = tool.title;
                known.detail = tool.detail;
                known.output = tool.output;
            });
        } else {
            self.close_message(step);
            let parent = parent_of(meta.as_ref(), &self.book);
            self.book.open_tool(tool, parent, step);
        }
        self.book.activity(&activity, step);
    }

    fn end_call(&mut self, call_id: &str, status: ToolStatus, step: &mut Step) {
        let Some(call) = self.calls.remove(call_id) else {
            return;
        };
        self.overtaken(call_id, step);
        let output = tools::output(&call);
        let failed = output
            .as_ref()
            .is_some_and(|output| output.exit_code.is_some_and(|code| code != 0));
        let kind = tools::kind(&call);
        let no_status = output.as_ref().is_none_or(|output| output.exit_code.is_none());
        let broken_off = self.turn.cancelled && kind == ToolKind::Command && no_status;
        let status = if failed || broken_off {
            ToolStatus::Failed
        } else {
            status
        };
        let todos = tools::todos(&call);
        if kind == ToolKind::Todo && status == ToolStatus::Success && !todos.is_empty() {
            self.book.plan(todos, step);
        }
        // What was changed stands in the entry already; that it worked is its status.
        let is_told = status == ToolStatus::Success && tools::tells_itself(kind);
        let output = output.filter(|_| !is_told);
        self.book.end_tool(call_id, status, output, step);
    }

    /// Something that is told of a call after its end: more output, unless it was refused.
    fn late(&mut self, call_id: &str, update: &ToolCallUpdate, step: &mut Step) {
        let call = OpenCall {
            said: output_text(&update.fields, false).unwrap_or_default(),
            fields: update.fields.clone(),
            tool: String::new(),
        };
        let tells_itself = self
            .book
            .tool(call_id)
            .is_some_and(|tool| tools::tells_itself(tool.tool_kind));
        let output = tools::output(&call).filter(|output| !output.text.is_empty());
        if let Some(output) = output.filter(|_| !tells_itself) {
            self.book.change_tool(call_id, step, |tool| {
                if !matches!(tool.status, ToolStatus::Denied { .. }) {
                    tool.output = Some(output);
                }
            });
        }
    }
}

/// What a call says that is its output and not a description: nothing of an announcement or of a change of the input.
fn output_text(fields: &ToolCallUpdateFields, announces: bool) -> Option<String> {
    let ended = matches!(
        fields.status,
        Some(ToolCallStatus::Completed | ToolCallStatus::Failed)
    );
    let at_work = fields.status == Some(ToolCallStatus::InProgress);
    let grows = fields.status.is_none() && fields.raw_input.is_none();
    if !(ended || (!announces && (at_work || grows))) {
        return None;
    }
    content_text(fields)
}

/// The texts of the content, if there is any.
pub(super) fn content_text(fields: &ToolCallUpdateFields) -> Option<String> {
    let texts: Vec<String> = fields
        .content
        .iter()
        .flatten()
        .filter_map(|content| match content {
            ToolCallContent::Content(content) => Some(updates::block_text(&content.content)),
            _ => None,
        })
        .collect();
    json::some(&texts.join("\n"))
}

/// Lists are replaced as a whole, but an empty one never takes away what is known.
fn merge(known: &mut ToolCallUpdateFields, new: ToolCallUpdateFields) {
    known.kind = new.kind.or(known.kind);
    known.status = new.status.or(known.status);
    known.title = new.title.filter(|title| !title.is_empty()).or(known.title.take());
    known.name = new.name.or(known.name.take());
    known.locations = full(new.locations).or(known.locations.take());
    known.raw_output = new.raw_output.or(known.raw_output.take());
    if new
        .content
        .iter()
        .flatten()
        .any(|part| matches!(part, ToolCallContent::Diff(_)))
        || known.content.is_none()
    {
        known.content = full(new.content).or(known.content.take());
    }
    if let Some(input) = new.raw_input {
        known.raw_input = Some(merged_input(known.raw_input.take(), input));
    }
}

fn full<T>(list: Option<Vec<T>>) -> Option<Vec<T>> {
    list.filter(|list| !list.is_empty())
}

/// A permission request may tell the input in other words: what is not told again stays.
fn merged_input(known: Option<Value>, new: Value) -> Value {
    match (known, new) {
        (Some(Value::Object(mut known)), Value::Object(new)) => {
            known.extend(new);
            Value::Object(known)
        }
        (_, new) => new,
    }
}
