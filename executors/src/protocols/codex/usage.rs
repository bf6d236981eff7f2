//! Tokens, told as the sum of the thread: what this process spent is the difference.

use super::Codex;
use crate::protocols::{LineUse, Step, json};
use anyon_model::{AgentEvent, EntryKind, TokenUsage};
use serde_json::Value;

/// What was spent, and on top of what.
#[derive(Debug, Default)]
pub(super) struct Spent {
    usage: TokenUsage,
    /// What the thread had used before this process did anything.
    before: Option<Counts>,
    in_turn: bool,
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    input: u64,
    output: u64,
    cached: u64,
}

impl Counts {
    fn of(told: &Value) -> Self {
        Self {
            input: json::number(told, "inputTokens"),
            output: json::number(told, "outputTokens"),
            cached: json::number(told, "cachedInputTokens"),
        }
    }

    fn without(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_sub(other.input),
            output: self.output.saturating_sub(other.output),
            cached: self.cached.saturating_sub(other.cached),
        }
    }
}

impl Codex {
    pub(super) fn token_usage(&mut self, params: &Value, step: &mut Step) -> LineUse {
        let told = params.get("tokenUsage").unwrap_or(&Value::Null);
        let of = |key: &str| told.get(key).unwrap_or(&Value::Null);
        let (total, last) = (Counts::of(of("total")), Counts::of(of("last")));
        // A resumed thread tells first what it had used before.
        let before = match self.turn.running {
            true => total.without(last),
            false => total,
        };
        let spent = total.without(*self.usage.before.get_or_insert(before));
        let usage = TokenUsage {
            input: spent.input,
            output: spent.output,
            cached: spent.cached,
            context_used: json::number(of("last"), "totalTokens"),
            context_size: json::number(told, "modelContextWindow"),
            cost_usd: 0.0,
        };
        if usage != self.usage.usage {
            self.usage.in_turn |=
                usage.input + usage.output > self.usage.usage.input + self.usage.usage.output;
            self.usage.usage = usage;
            step.event(AgentEvent::Usage(usage));
        }
        LineUse::Used
    }

    /// Shows the usage at the end of a turn that used some.
    pub(super) fn show_usage(&mut self, step: &mut Step) {
        if std::mem::take(&mut self.usage.in_turn) {
            let usage = self.usage.usage;
            self.book.add(EntryKind::TokenUsage { usage }, None, step);
        }
    }
}
