//! The control protocol: questions of the agent, their answers, and requests we do not serve.

use super::{
    ClaudeStream, say,
    tools::{self, Call},
    wire::Line,
};
use crate::protocols::{LineUse, Step, json};
use anyon_model::{
    AgentEvent, ApprovalAnswer, ApprovalRequest, EntryKind, Question, ToolDetail, ToolKind, ToolStatus,
};
use serde::Deserialize;
use serde_json::value::RawValue;

/// A question that waits for its answer.
#[derive(Debug)]
pub(super) struct Pending {
    call_id: String,
    input: Box<RawValue>,
    is_choice: bool,
}

/// A request of the agent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Request<'a> {
    #[serde(borrow)]
    subtype: json::Text<'a>,
    #[serde(borrow)]
    tool_name: json::Text<'a>,
    #[serde(borrow)]
    input: Option<&'a RawValue>,
    #[serde(borrow)]
    description: json::Text<'a>,
    #[serde(borrow)]
    decision_reason: json::Text<'a>,
    #[serde(borrow)]
    tool_use_id: json::Text<'a>,
}

/// An answer, ours or theirs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Response<'a> {
    #[serde(borrow)]
    subtype: json::Text<'a>,
    #[serde(borrow)]
    request_id: json::Text<'a>,
    #[serde(borrow)]
    response: Option<&'a RawValue>,
    #[serde(borrow)]
    error: json::Text<'a>,
}

impl ClaudeStream {
    /// A request of the agent. What is not served is refused, so that the turn never hangs on it.
    pub(super) fn control_request(&mut self, line: &Line, step: &mut Step) -> Option<LineUse> {
        let request: Request = serde_json::from_str(line.request?.get()).ok()?;
        if &*request.subtype == "can_use_tool" {
            self.can_use_tool(&line.request_id, &request, step);
            return Some(LineUse::Used);
        }
        let refusal = say::refusal(&line.request_id, "Anyon does not serve this request");
        json::line(&refusal, &mut step.output.stdin);
        None
    }

    fn can_use_tool(&mut self, request_id: &str, request: &Request, step: &mut Step) {
        // Without a call's name the question's own stands for it: the entry is still one.
        let call_id = match &*request.tool_use_id {
            "" => request_id,
            call_id => call_id,
        };
        let call = Call::new(call_id, &request.tool_name, request.input);
        if !self.book.is_open(call_id) {
            self.call(&call, None, step);
        }
        let plan = match self.book.tool(call_id).map(|tool| &tool.detail) {
            Some(ToolDetail::Plan { plan }) => Some(plan.clone()),
            _ => None,
        };
        let question = tools::question(&call, plan.as_deref());
        let pending = Pending {
            call_id: call_id.to_owned(),
            input: owned(request.input),
            is_choice: matches!(question, Question::Choice { .. }),
        };
        self.pending.insert(request_id.to_owned(), pending);
        let asked = approval(request_id, request, question);
        self.book.ask(call_id, asked, step);
    }

    /// An answer: ours when it was written or echoed, theirs to a request of ours.
    pub(super) fn control_response(&mut self, line: &Line, ours: bool, step: &mut Step) -> Option<LineUse> {
        let response: Response = serde_json::from_str(line.response?.get()).ok()?;
        if let Some(pending) = self.pending.remove(&*response.request_id) {
            self.answered(&pending, &response, step);
            return Some(LineUse::Used);
        }
        if !ours && &*response.subtype == "error" {
            let text = format!("Claude Code refused a request: {}", &*response.error);
            self.book.add(EntryKind::SystemMessage { text }, None, step);
            return Some(LineUse::Used);
        }
        Some(LineUse::Control)
    }

    fn answered(&mut self, pending: &Pending, response: &Response, step: &mut Step) {
        let answer = json::value(response.response);
        if json::text(&answer, "behavior") == "deny" {
            let status = tools::denied(json::text(&answer, "message"));
            return self.book.end_tool(&pending.call_id, status, None, step);
        }
        let answers = answer.get("updatedInput").map(tools::answers).unwrap_or_default();
        self.book.change_tool(&pending.call_id, step, |tool| {
            tool.status = ToolStatus::Created;
            if let ToolDetail::Questions { answers: given, .. } = &mut tool.detail {
                *given = answers;
            }
        });
    }

    /// The agent takes a question back.
    pub(super) fn cancelled(&mut self, request_id: &str, step: &mut Step) -> LineUse {
        let Some(pending) = self.pending.remove(request_id) else {
            return LineUse::Control;
        };
        self.void(request_id.to_owned(), &pending, step);
        LineUse::Used
    }

    /// All questions are void: their turn or their process is over.
    pub(super) fn void_pending(&mut self, step: &mut Step) {
        for (key, pending) in std::mem::take(&mut self.pending) {
            self.void(key, &pending, step);
        }
    }

    fn void(&mut self, key: String, pending: &Pending, step: &mut Step) {
        self.book.unask(&pending.call_id, step);
        step.event(AgentEvent::ApprovalVoid { key });
    }

    /// The agent went on with a call although its question was not answered here.
    pub(super) fn overtaken(&mut self, call_id: &str, step: &mut Step) {
        let key = self
            .pending
            .iter()
            .find(|(_, pending)| pending.call_id == call_id)
            .map(|(key, _)| key.clone());
        if let Some(key) = key {
            self.pending.remove(&key);
            step.event(AgentEvent::ApprovalVoid { key });
        }
    }

    /// Writes the answer to a question that is still open.
    pub(super) fn answer(&self, key: &str, answer: &ApprovalAnswer, stdin: &mut Vec<u8>) {
        let Some(pending) = self.pending.get(key) else {
            return;
        };
        let response = match answer {
            ApprovalAnswer::Approved { .. } => say::allow(&pending.input, None),
            ApprovalAnswer::Denied { reason } => say::deny(reason.as_deref()),
            ApprovalAnswer::Answered { answers } => {
                say::allow(&pending.input, pending.is_choice.then_some(answers))
            }
        };
        json::line(&say::answer(key, &response), stdin);
    }

    /// A request of ours was written.
    pub(super) fn requested(&mut self, line: &Line) -> LineUse {
        let request: Request = line
            .request
            .and_then(|request| serde_json::from_str(request.get()).ok())
            .unwrap_or_default();
        if &*request.subtype == "interrupt" {
            self.turn.interrupted = self.turn.running;
        }
        LineUse::Control
    }
}

fn approval(request_id: &str, request: &Request, question: Question) -> ApprovalRequest {
    let kind = tools::tool_kind(&request.tool_name);
    let described = (kind == ToolKind::Command).then_some(&*request.description);
    ApprovalRequest {
        key: request_id.to_owned(),
        entry: None,
        tool: request.tool_name.to_string(),
        kind,
        question,
        reason: json::some(&request.decision_reason).or_else(|| json::some(described.unwrap_or(""))),
        takes_reason: true,
    }
}

fn owned(input: Option<&RawValue>) -> Box<RawValue> {
    input.map_or_else(|| RawValue::NULL.to_owned(), ToOwned::to_owned)
}
