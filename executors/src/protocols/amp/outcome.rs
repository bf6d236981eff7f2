//! The end of the turn.

use super::Amp;
use crate::protocols::{Step, failure, json};
use anyon_model::{AgentEvent, EntryKind, FailureKind, ToolStatus, TurnOutcome};
use serde_json::Value;

/// What Amp says before it opens a browser and waits there for ever.
const WAITS_FOR_LOGIN: &str = "No API key found";

impl Amp {
    pub(super) fn result(&mut self, line: &Value, step: &mut Step) {
        let is_error = line.get("is_error") == Some(&Value::Bool(true));
        let subtype = json::text(line, "subtype");
        let outcome = match subtype == "success" && !is_error {
            true => TurnOutcome::Completed,
            false => self.failed(line, subtype, step),
        };
        self.end_turn(outcome, step);
    }

    fn failed(&mut self, line: &Value, subtype: &str, step: &mut Step) -> TurnOutcome {
        let message = match (json::first_text(line, &["error", "result"]), subtype) {
            ("", "error_max_turns") => "The limit of model calls for one turn is reached".to_owned(),
            ("", subtype) => format!("Amp ended the turn with {subtype}"),
            (told, _) => told.to_owned(),
        };
        let kind = failure::failure_kind(failure::Told {
            text: &message,
            ..failure::Told::default()
        });
        self.failure(message, kind, step)
    }

    fn failure(&mut self, message: String, kind: FailureKind, step: &mut Step) -> TurnOutcome {
        let (text, failure) = (message.clone(), Some(kind.clone()));
        self.book
            .add(EntryKind::ErrorMessage { text, failure }, None, step);
        TurnOutcome::Failed { kind, message }
    }

    /// It waits for a login that nobody sees: its turn is over.
    pub(super) fn without_login(&mut self, line: &str, step: &mut Step) {
        if self.running && line.contains(WAITS_FOR_LOGIN) {
            let message = "Amp has no key and is not logged in".to_owned();
            let outcome = self.failure(message, FailureKind::Auth, step);
            self.end_turn(outcome, step);
        }
    }

    fn end_turn(&mut self, outcome: TurnOutcome, step: &mut Step) {
        self.book.end_turn(&ToolStatus::Failed, step);
        if std::mem::take(&mut self.used) {
            let usage = self.usage;
            self.book.add(EntryKind::TokenUsage { usage }, None, step);
        }
        if std::mem::take(&mut self.running) {
            step.event(AgentEvent::TurnEnded(outcome));
        }
    }
}
