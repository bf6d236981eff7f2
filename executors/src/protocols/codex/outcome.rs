//! Answers to our requests, errors, and the end of a turn.

use super::{Codex, Phase, wire::Envelope};
use crate::protocols::{LineUse, Step, failure, json};
use anyon_model::{AgentEvent, EntryKind, FailureKind, ToolStatus, TurnOutcome};
use serde_json::Value;

impl Codex {
    /// An answer. One to a request that is not in the log is told by its shape.
    pub(super) fn response(&mut self, id: &str, line: &Envelope, step: &mut Step) -> Option<LineUse> {
        let known = self.sent.remove(id);
        if line.error.is_some() {
            let error = json::value(line.error);
            return Some(self.refused(known.as_deref(), &error, step));
        }
        let result: Value = serde_json::from_str(line.result?.get()).ok()?;
        let has = |key: &str| result.get(key).is_some();
        let method = known.as_deref().unwrap_or("");
        Some(match method {
            "initialize" => self.greeted(step),
            "thread/start" | "thread/resume" | "thread/fork" => self.opened(&result, step),
            "turn/start" => self.turn_named(turn_name(&result), step),
            "" if has("userAgent") => self.greeted(step),
            "" if has("thread") && has("model") => self.opened(&result, step),
            "" if has("turn") => self.turn_named(turn_name(&result), step),
            _ => LineUse::Control,
        })
    }

    fn refused(&mut self, sent: Option<&str>, error: &Value, step: &mut Step) -> LineUse {
        let message = match json::text(error, "message") {
            "" => "Codex answered with an error".to_owned(),
            message => message.to_owned(),
        };
        match sent {
            // Once a thread is open, another one was asked for beside it.
            Some("initialize" | "thread/start" | "thread/resume" | "thread/fork")
                if self.thread.name.is_empty() =>
            {
                self.not_opened(sent, message, step);
            }
            Some("turn/start") => self.fail_turn(message, step),
            // The turn it was about is over.
            Some("turn/interrupt" | "thread/backgroundTerminals/clean") => return LineUse::Control,
            Some(method) => self.note(&format!("{method} failed: {message}"), step),
            None if self.turn.running => self.fail_turn(message, step),
            None if self.phase != Phase::Ready => self.not_opened(None, message, step),
            None => self.note(&message, step),
        }
        LineUse::Used
    }

    fn fail_turn(&mut self, message: String, step: &mut Step) {
        let kind = failure::failure_kind(failure::Told {
            text: &message,
            ..failure::Told::default()
        });
        self.show_failure(&message, &kind, step);
        self.end_turn(TurnOutcome::Failed { kind, message }, step);
    }

    /// A remark of the agent's program, or of ours about it.
    pub(super) fn note(&mut self, text: &str, step: &mut Step) {
        let text = text.to_owned();
        self.book.add(EntryKind::SystemMessage { text }, None, step);
    }

    fn show_failure(&mut self, message: &str, kind: &FailureKind, step: &mut Step) {
        let (text, failure) = (message.to_owned(), Some(kind.clone()));
        self.turn.failure = failure.clone();
        self.book
            .add(EntryKind::ErrorMessage { text, failure }, None, step);
    }

    /// An error in a turn: it tries again, or the turn ends with it.
    pub(super) fn error(&mut self, params: &Value, step: &mut Step) -> LineUse {
        let error = params.get("error").unwrap_or(&Value::Null);
        let message = json::text(error, "message");
        if params.get("willRetry") == Some(&Value::Bool(true)) {
            self.retrying(error, message, step);
            return LineUse::Used;
        }
        let kind = self.kind(error, message);
        self.show_failure(message, &kind, step);
        LineUse::Used
    }

    fn retrying(&mut self, error: &Value, message: &str, step: &mut Step) {
        self.turn.retries += 1;
        let (attempt, max) = tries(message).unwrap_or((self.turn.retries, 0));
        let why = match json::text(error, "additionalDetails") {
            "" => message,
            details => details,
        };
        step.event(AgentEvent::Retrying {
            attempt,
            max,
            delay_ms: 0,
            why: why.to_owned(),
        });
    }

    /// The kind of a failure, by the agent's word for it.
    fn kind(&self, error: &Value, message: &str) -> FailureKind {
        let told = error.get("codexErrorInfo").unwrap_or(&Value::Null);
        let details = told.as_object().and_then(|told| told.values().next());
        let status = details.map(|details| details.get("httpStatusCode").and_then(Value::as_u64));
        let resets_at = self.limits.resets_at();
        match (told.as_str().unwrap_or(""), status) {
            ("contextWindowExceeded", _) => FailureKind::ContextTooLong,
            ("sessionBudgetExceeded", _) => FailureKind::Quota,
            ("usageLimitExceeded" | "rateLimitExceeded", _) => FailureKind::RateLimit { resets_at },
            ("unauthorized", _) => FailureKind::Auth,
            (
                "serverOverloaded"
                | "flexUnavailable"
                | "modelNotFound"
                | "internalServerError"
                | "policyCapacityUnavailable",
                _,
            ) => FailureKind::Model,
            (_, Some(None)) => FailureKind::Network,
            _ if message.starts_with("Missing environment variable") => FailureKind::Auth,
            (_, status) => failure::failure_kind(failure::Told {
                word: "",
                status: status.flatten(),
                text: message,
                resets_at,
            }),
        }
    }

    /// The turn is over.
    pub(super) fn turn_completed(&mut self, params: &Value, step: &mut Step) -> LineUse {
        if !self.turn.running {
            return LineUse::Control;
        }
        let turn = params.get("turn").unwrap_or(&Value::Null);
        let outcome = match json::text(turn, "status") {
            "interrupted" => TurnOutcome::Interrupted,
            "failed" => self.failed(turn.get("error").unwrap_or(&Value::Null), step),
            _ => TurnOutcome::Completed,
        };
        let message = json::text(turn, "id").to_owned();
        if outcome == TurnOutcome::Completed && !message.is_empty() {
            step.event(AgentEvent::ResumePoint { message });
        }
        self.end_turn(outcome, step);
        LineUse::Used
    }

    fn failed(&mut self, error: &Value, step: &mut Step) -> TurnOutcome {
        let message = match json::text(error, "message") {
            "" => "Codex ended the turn with a failure".to_owned(),
            message => message.to_owned(),
        };
        let kind = self.kind(error, &message);
        if self.turn.failure.is_none() {
            self.show_failure(&message, &kind, step);
        }
        TurnOutcome::Failed { kind, message }
    }

    fn end_turn(&mut self, outcome: TurnOutcome, step: &mut Step) {
        self.void_pending(step);
        self.texts.clear();
        self.helpers.clear();
        let left = match outcome {
            // What is still at work then runs on in the background.
            TurnOutcome::Completed => ToolStatus::Success,
            _ => ToolStatus::Failed,
        };
        self.leave_calls(step);
        self.book.end_turn(&left, step);
        self.show_usage(step);
        self.turn.running = false;
        self.turn.busy = false;
        if outcome == TurnOutcome::Interrupted {
            self.note("The turn was stopped", step);
        }
        step.event(AgentEvent::TurnEnded(outcome));
        self.write_next(step);
    }
}

fn turn_name(result: &Value) -> &str {
    result.pointer("/turn/id").and_then(Value::as_str).unwrap_or("")
}

/// Which try of how many, from the end of `Reconnecting... 2/5`.
fn tries(message: &str) -> Option<(u32, u32)> {
    let (attempt, max) = message.rsplit(' ').next()?.split_once('/')?;
    Some((attempt.parse().ok()?, max.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_tells_which_it_is() {
        assert_eq!(tries("Reconnecting... 2/5"), Some((2, 5)));
        assert_eq!(tries("Reconnecting"), None);
        assert_eq!(tries("a/b"), None);
    }
}
