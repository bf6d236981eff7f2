//! The end of a turn: `result` lines, in every form they have.

use super::{ClaudeStream, system::LEFT_OPEN};
use crate::protocols::{LineUse, Step, failure, json};
use anyon_model::{AgentEvent, EntryKind, FailureKind, TokenUsage, TurnOutcome};
use serde_json::Value;

/// What it says of a session to go on with that it does not have.
const UNKNOWN_SESSION: &str = "No conversation found with session ID";

impl ClaudeStream {
    pub(super) fn result(&mut self, bytes: &[u8], step: &mut Step) -> Option<LineUse> {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        self.blocks.clear();
        self.void_pending(step);
        let outcome = self.outcome(&value);
        self.show_rest(&value, &outcome, step);
        self.book.end_turn(&LEFT_OPEN, step);
        self.tell_usage(&value, step);
        if let Some(message) = self.turn.last_message.take() {
            step.event(AgentEvent::ResumePoint { message });
        }
        step.event(AgentEvent::TurnEnded(outcome));
        self.turn.running = false;
        if self.turn.waiting > 0 {
            self.turn.waiting -= 1;
            self.begin_turn(step);
        }
        Some(LineUse::Used)
    }

    /// `subtype` alone does not tell: failures of the model's service are `success` with `is_error`.
    fn outcome(&self, value: &Value) -> TurnOutcome {
        let subtype = json::text(value, "subtype");
        let is_error = value.get("is_error").and_then(Value::as_bool) == Some(true);
        let reason = json::text(value, "terminal_reason");
        if subtype == "success" && !is_error {
            return TurnOutcome::Completed;
        }
        let aborted = reason.starts_with("aborted") || (reason.is_empty() && self.turn.interrupted);
        if subtype == "error_during_execution" && aborted {
            return TurnOutcome::Interrupted;
        }
        TurnOutcome::Failed {
            kind: self.failure(value, subtype, reason),
            message: message(value, subtype),
        }
    }

    fn failure(&self, value: &Value, subtype: &str, reason: &str) -> FailureKind {
        if subtype == "error_max_budget_usd" {
            return FailureKind::Quota;
        }
        if message(value, subtype).starts_with(UNKNOWN_SESSION) {
            return FailureKind::SessionLost;
        }
        if let Some(shown) = self
            .turn
            .failure
            .clone()
            .filter(|kind| *kind != FailureKind::Other)
        {
            return shown;
        }
        failure::failure_kind(failure::Told {
            word: reason,
            status: value.get("api_error_status").and_then(Value::as_u64),
            text: &message(value, subtype),
            resets_at: self.resets_at,
        })
    }

    /// Shows what the result says and no entry has shown: an error, or the answer of a slash command.
    fn show_rest(&mut self, value: &Value, outcome: &TurnOutcome, step: &mut Step) {
        match outcome {
            TurnOutcome::Failed { kind, message } if self.turn.failure.is_none() => {
                let (text, failure) = (message.clone(), Some(kind.clone()));
                self.book
                    .add(EntryKind::ErrorMessage { text, failure }, None, step);
            }
            TurnOutcome::Completed if !self.turn.spoke && !json::text(value, "result").is_empty() => {
                self.note(json::text(value, "result"), step);
            }
            _ => {}
        }
    }

    /// Adds what this turn used. The sums that a result tells go back to the session's first process, so they count
    /// only where an older version tells nothing else.
    fn tell_usage(&mut self, value: &Value, step: &mut Step) {
        self.live = TokenUsage::default();
        let mut usage = match value.get("model_usage_since_last_result") {
            Some(models) => added(self.usage, models),
            None => added(
                TokenUsage::default(),
                value.get("modelUsage").unwrap_or(&Value::Null),
            ),
        };
        if usage.input + usage.output == self.usage.input + self.usage.output {
            return;
        }
        usage.context_used = self.usage.context_used;
        self.usage = usage;
        self.book.add(EntryKind::TokenUsage { usage }, None, step);
        step.event(AgentEvent::Usage(usage));
    }
}

/// A usage and that of all models of a result.
fn added(mut sum: TokenUsage, models: &Value) -> TokenUsage {
    for (_, model) in models.as_object().into_iter().flatten() {
        let of = |key: &str| json::number(model, key);
        let cached = of("cacheReadInputTokens");
        sum.input += of("inputTokens") + of("cacheCreationInputTokens") + cached;
        sum.output += of("outputTokens");
        sum.cached += cached;
        sum.context_size = sum.context_size.max(of("contextWindow"));
        sum.cost_usd += model.get("costUSD").and_then(Value::as_f64).unwrap_or(0.0);
    }
    sum
}

fn message(value: &Value, subtype: &str) -> String {
    let errors: Vec<&str> = json::items(value, "errors")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    if !errors.is_empty() {
        return errors.join("\n");
    }
    match (json::text(value, "result"), subtype) {
        ("", "error_max_turns") => "The limit of model calls for one turn is reached".into(),
        ("", "error_max_budget_usd") => "The spending limit of the session is reached".into(),
        ("", subtype) => format!("Claude Code ended the turn with {subtype}"),
        (result, _) => result.to_owned(),
    }
}
