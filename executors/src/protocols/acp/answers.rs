//! Permission requests and their answers.

use super::{Acp, calls::OpenCall, rpc, rpc::Envelope, tools};
use crate::protocols::{LineUse, Step, json};
use agent_client_protocol_schema::v1::{PermissionOption, PermissionOptionKind, RequestPermissionRequest};
use anyon_model::{AgentEvent, ApprovalAnswer, ApprovalRequest, ToolKind, ToolStatus};
use serde_json::{Value, json, value::RawValue};

/// A question that waits for its answer.
#[derive(Debug)]
pub(super) struct Pending {
    id: Box<RawValue>,
    call_id: String,
    options: Vec<PermissionOption>,
}

impl Pending {
    /// The answer when the turn is cancelled.
    pub(super) fn cancelled(&self) -> Value {
        rpc::result(&self.id, &json!({"outcome": {"outcome": "cancelled"}}))
    }

    fn selected(&self, option: &PermissionOption) -> Value {
        let outcome = json!({"outcome": "selected", "optionId": option.option_id.to_string()});
        rpc::result(&self.id, &json!({"outcome": outcome}))
    }

    fn written(&self, yes: bool) -> Value {
        let option = if yes { self.allowing() } else { self.rejecting() };
        option.map_or_else(|| self.cancelled(), |option| self.selected(option))
    }

    /// The option that allows this once and nothing else. Rules are ours: options that an agent remembers beyond
    /// its session write files, some into the worktree, and are never chosen.
    fn allowing(&self) -> Option<&PermissionOption> {
        let of_kind = |kind: PermissionOptionKind| {
            self.options
                .iter()
                .filter(move |option| option.kind == kind && is_harmless(&option.option_id.to_string()))
        };
        of_kind(PermissionOptionKind::AllowOnce)
            .min_by_key(|option| !is_plain(&option.option_id.to_string()))
            .or_else(|| of_kind(PermissionOptionKind::AllowAlways).next())
    }

    fn rejecting(&self) -> Option<&PermissionOption> {
        let mut options = self.options.iter();
        options.find(|option| option.kind == PermissionOptionKind::RejectOnce)
    }
}

/// The option neither writes rules nor changes the agent's mode.
fn is_harmless(option_id: &str) -> bool {
    let option_id = option_id.to_lowercase();
    !["project", "_user", "and_save", "bypass", "auto", "yolo", "switch"]
        .iter()
        .any(|word| option_id.contains(word))
}

/// The option's name is a known word for "this once".
fn is_plain(option_id: &str) -> bool {
    [
        "proceed_once",
        "allow_once",
        "allow-once",
        "once",
        "exit-plan-default",
    ]
    .contains(&option_id)
}

impl Acp {
    /// The agent asks.
    pub(super) fn permission(
        &mut self,
        id: &str,
        params: Option<&RawValue>,
        step: &mut Step,
    ) -> Option<LineUse> {
        let request: RequestPermissionRequest = serde_json::from_str(params?.get()).ok()?;
        let call_id = request.tool_call.tool_call_id.to_string();
        self.live(step);
        self.upsert(request.tool_call, true, step);
        let call = self.calls.get(&call_id)?;
        let asked = approval(id, call);
        let pending = Pending {
            id: RawValue::from_string(id.to_owned()).ok()?,
            call_id: call_id.clone(),
            options: request.options,
        };
        self.pending.insert(id.to_owned(), pending);
        self.book.ask(&call_id, asked, step);
        Some(LineUse::Used)
    }

    /// Writes the answer to a question that is still open.
    pub(super) fn write_answer(&self, key: &str, answer: &ApprovalAnswer, stdin: &mut Vec<u8>) {
        if let Some(pending) = self.pending.get(key) {
            let yes = !matches!(answer, ApprovalAnswer::Denied { .. });
            json::line(&pending.written(yes), stdin);
        }
    }

    /// An answer of ours was written.
    pub(super) fn answer_written(&mut self, id: &str, line: &Envelope, step: &mut Step) -> LineUse {
        let Some(pending) = self.pending.remove(id) else {
            return LineUse::Control;
        };
        let result = json::value(line.result);
        let outcome = result.get("outcome").unwrap_or(&Value::Null);
        let chosen = pending
            .options
            .iter()
            .find(|option| option.option_id.to_string() == json::text(outcome, "optionId"));
        match chosen.map(|option| option.kind) {
            Some(PermissionOptionKind::AllowOnce | PermissionOptionKind::AllowAlways) => {
                self.book.unask(&pending.call_id, step);
            }
            Some(_) => self.refuse(&pending.call_id, step),
            None => {
                self.refuse(&pending.call_id, step);
                step.event(AgentEvent::ApprovalVoid { key: id.to_owned() });
            }
        }
        LineUse::Used
    }

    /// A refused call is closed here: some agents say nothing more about it.
    fn refuse(&mut self, call_id: &str, step: &mut Step) {
        self.calls.remove(call_id);
        let denied = ToolStatus::Denied { reason: None };
        self.book.end_tool(call_id, denied, None, step);
    }

    /// The agent takes a question back.
    pub(super) fn taken_back(&mut self, key: &str, step: &mut Step) -> LineUse {
        let Some(pending) = self.pending.remove(key) else {
            return LineUse::Control;
        };
        self.book.unask(&pending.call_id, step);
        step.event(AgentEvent::ApprovalVoid { key: key.to_owned() });
        LineUse::Used
    }

    /// The agent ended a call although its question was not answered here.
    pub(super) fn overtaken(&mut self, call_id: &str, step: &mut Step) {
        let open = self
            .pending
            .iter()
            .find(|(_, pending)| pending.call_id == call_id);
        if let Some(key) = open.map(|(key, _)| key.clone()) {
            self.taken_back(&key, step);
        }
    }

    /// All questions are void: their turn or their process is over.
    pub(super) fn void_pending(&mut self, step: &mut Step) {
        let keys: Vec<String> = self.pending.keys().cloned().collect();
        for key in keys {
            self.taken_back(&key, step);
        }
    }
}

fn approval(id: &str, call: &OpenCall) -> ApprovalRequest {
    let kind = tools::kind(call);
    let input = call.fields.raw_input.as_ref().unwrap_or(&Value::Null);
    // A title is a reason only where the question does not say the same.
    let title = match kind {
        ToolKind::Mcp | ToolKind::Other | ToolKind::Think | ToolKind::Todo => call.fields.title.as_deref(),
        _ => None,
    };
    ApprovalRequest {
        key: id.to_owned(),
        entry: None,
        tool: tools::tool_name(call),
        kind,
        question: tools::question(call),
        reason: json::some(json::text(input, "description")).or_else(|| json::some(title.unwrap_or(""))),
        takes_reason: false,
    }
}
