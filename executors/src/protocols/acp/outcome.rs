//! Answers of the agent to our requests, and how turns end.

use super::{Acp, Phase, Sent, rpc::Envelope};
use crate::protocols::{LineUse, Step, failure, json};
use anyon_model::{AgentEvent, EntryKind, FailureKind, ToolStatus, TurnOutcome};
use serde_json::Value;

/// What was asked for, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Greeting,
    Login,
    Opening,
    Prompt,
    Setup,
    Other,
}

impl Acp {
    /// An answer. One to a request that is not in the log is told by its shape.
    pub(super) fn response(&mut self, line: &Envelope, step: &mut Step) -> Option<LineUse> {
        let result = json::value(line.result);
        let error = json::value(line.error);
        let known = line.id.and_then(|id| self.sent.remove(id.get()));
        let asked = match &known {
            Some(sent) => asked_by_method(&sent.method),
            None if !error.is_null() => self.asked_by_state(),
            None => self.asked_by_shape(&result),
        };
        if !error.is_null() {
            let method = known.as_ref().map(|sent| sent.method.as_str());
            return Some(self.refused(asked, method, &error, step));
        }
        Some(match asked {
            Asked::Greeting => self.greeted(&result, step),
            Asked::Login => {
                self.write_opening(step);
                LineUse::Control
            }
            Asked::Opening => self.opened(&result, known.as_ref(), step),
            Asked::Prompt => self.prompt_answered(&result, step),
            Asked::Setup => self.set_up(known.as_ref(), step),
            Asked::Other => LineUse::Control,
        })
    }

    fn asked_by_state(&self) -> Asked {
        match (self.turn.running, self.phase) {
            (true, _) => Asked::Prompt,
            (false, Phase::Greeting) => Asked::Greeting,
            (false, Phase::Opening) => Asked::Opening,
            (false, Phase::Ready) => Asked::Other,
        }
    }

    fn asked_by_shape(&self, result: &Value) -> Asked {
        let has = |key: &str| result.get(key).is_some();
        if has("protocolVersion") {
            Asked::Greeting
        } else if has("stopReason") {
            Asked::Prompt
        } else if has("sessionId") || has("modes") || has("configOptions") || self.phase == Phase::Opening {
            Asked::Opening
        } else {
            Asked::Other
        }
    }

    fn set_up(&mut self, sent: Option<&Sent>, step: &mut Step) -> LineUse {
        if let Some(sent) = sent {
            self.mode(json::text(&sent.params, "modeId"), step);
            self.model(json::text(&sent.params, "modelId"), step);
        }
        self.write_next(step);
        LineUse::Control
    }

    fn refused(&mut self, asked: Asked, method: Option<&str>, error: &Value, step: &mut Step) -> LineUse {
        let message = message(error);
        match asked {
            Asked::Prompt if self.turn.cancelled || json::is(error, "code", -32800) => {
                self.end_turn(TurnOutcome::Interrupted, step);
            }
            Asked::Prompt => {
                let kind = kind(error, &message);
                self.show_error(&message, &kind, step);
                self.end_turn(TurnOutcome::Failed { kind, message }, step);
            }
            // A session that was asked for beside the one in use.
            Asked::Opening if self.prompted => {
                self.phase = Phase::Ready;
                self.note(
                    &format!("{} failed: {message}", method.unwrap_or("A request")),
                    step,
                );
            }
            Asked::Login => self.cannot_start(FailureKind::Auth, message, step),
            Asked::Opening if matches!(method, Some("session/load" | "session/resume")) => {
                let (kind, message) = failure::of_resuming(kind(error, &message), message);
                self.cannot_start(kind, message, step);
            }
            Asked::Greeting | Asked::Opening => self.cannot_start(kind(error, &message), message, step),
            Asked::Setup | Asked::Other => {
                self.note(
                    &format!("{} failed: {message}", method.unwrap_or("A request")),
                    step,
                );
                if asked == Asked::Setup {
                    self.write_next(step);
                }
            }
        }
        LineUse::Used
    }

    pub(super) fn note(&mut self, text: &str, step: &mut Step) {
        let text = text.to_owned();
        self.close_message(step);
        self.book.add(EntryKind::SystemMessage { text }, None, step);
    }

    fn show_error(&mut self, message: &str, kind: &FailureKind, step: &mut Step) {
        let (text, failure) = (message.to_owned(), Some(kind.clone()));
        self.close_message(step);
        self.book
            .add(EntryKind::ErrorMessage { text, failure }, None, step);
    }

    fn prompt_answered(&mut self, result: &Value, step: &mut Step) -> LineUse {
        let outcome = match self.error_message(result, step) {
            Some(failed) => failed,
            None => self.outcome(json::text(result, "stopReason"), step),
        };
        self.turn_usage(result, step);
        self.end_turn(outcome, step);
        LineUse::Used
    }

    /// The failure of an agent that tells it as a message, in an answer without usage.
    fn error_message(&mut self, result: &Value, step: &mut Step) -> Option<TurnOutcome> {
        if !self.options.quirks.errors_as_messages || result.get("usage").is_some() {
            return None;
        }
        let open = self.message.as_ref()?.entry;
        let message = self.book.text(open)?.strip_prefix("Error: ")?.to_owned();
        let kind = failure::failure_kind(failure::Told {
            text: &message,
            ..failure::Told::default()
        });
        let (text, failure) = (message.clone(), Some(kind.clone()));
        self.book
            .settle(open, Some(EntryKind::ErrorMessage { text, failure }), step);
        self.message = None;
        Some(TurnOutcome::Failed { kind, message })
    }

    fn outcome(&mut self, stop_reason: &str, step: &mut Step) -> TurnOutcome {
        let message = match stop_reason {
            "end_turn" => return TurnOutcome::Completed,
            "cancelled" => return TurnOutcome::Interrupted,
            "max_tokens" => "The agent stopped: its answer reached the limit of tokens".to_owned(),
            "max_turn_requests" => {
                "The agent stopped: the limit of model calls for one turn is reached".to_owned()
            }
            "refusal" => "The model refused to go on".to_owned(),
            other => format!("The agent stopped: {other}"),
        };
        let kind = FailureKind::Other;
        self.show_error(&message, &kind, step);
        TurnOutcome::Failed { kind, message }
    }

    fn end_turn(&mut self, outcome: TurnOutcome, step: &mut Step) {
        self.void_pending(step);
        self.close_message(step);
        self.calls.clear();
        self.book.end_turn(&ToolStatus::Failed, step);
        self.show_usage(step);
        self.turn.running = false;
        self.turn.busy = false;
        if outcome == TurnOutcome::Interrupted {
            self.note(anyon_model::TURN_STOPPED, step);
        }
        step.event(AgentEvent::TurnEnded(outcome));
        self.write_next(step);
    }
}

fn asked_by_method(method: &str) -> Asked {
    match method {
        "initialize" => Asked::Greeting,
        "authenticate" => Asked::Login,
        "session/new" | "session/load" | "session/resume" | "session/fork" => Asked::Opening,
        "session/prompt" => Asked::Prompt,
        "session/set_mode" | "session/set_model" | "session/set_config_option" => Asked::Setup,
        _ => Asked::Other,
    }
}

/// The kind of an error: its code may be an HTTP status, and its text may hold one.
fn kind(error: &Value, message: &str) -> FailureKind {
    let code = error.get("code").and_then(Value::as_i64).unwrap_or(0);
    if code == -32000 {
        return FailureKind::Auth;
    }
    let word = error.get("data").map_or("", |data| json::text(data, "errorKind"));
    failure::failure_kind(failure::Told {
        word,
        status: u64::try_from(code).ok(),
        text: message,
        resets_at: None,
    })
}

/// The text for people: details before the message, and the message inside of a service's JSON.
fn message(error: &Value) -> String {
    let data = error.get("data").unwrap_or(&Value::Null);
    let told = match json::first_text(data, &["details", "message"]) {
        "" => json::text(error, "message"),
        details => details,
    };
    let inner: Option<Value> = serde_json::from_str(told).ok();
    let inner = inner.as_ref().and_then(|inner| inner.get("error"));
    match inner.map_or("", |inner| json::text(inner, "message")) {
        "" if told.is_empty() => "The agent answered with an error".to_owned(),
        "" => told.to_owned(),
        inner => inner.to_owned(),
    }
}
