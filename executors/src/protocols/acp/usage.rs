//! Tokens and cost, which every agent tells in another place.

use super::Acp;
use crate::protocols::{Step, json};
use agent_client_protocol_schema::v1::UsageUpdate;
use anyon_model::{AgentEvent, EntryKind, TokenUsage};
use serde_json::Value;

impl Acp {
    /// The context, and the cost where it is money we know.
    pub(super) fn context_usage(&mut self, update: &UsageUpdate, step: &mut Step) {
        let mut usage = self.usage;
        usage.context_used = update.used;
        usage.context_size = update.size;
        if let Some(cost) = update.cost.as_ref().filter(|cost| cost.currency == "USD") {
            usage.cost_usd = cost.amount;
        }
        self.tell(usage, step);
    }

    /// The tokens of one model call.
    pub(super) fn call_usage(&mut self, told: &Value, step: &mut Step) {
        self.spend(told, step);
    }

    /// The tokens of a turn, told with its end.
    pub(super) fn turn_usage(&mut self, result: &Value, step: &mut Step) {
        if let Some(told) = result.get("usage").filter(|told| told.is_object()) {
            return self.spend(told, step);
        }
        let quota = result.pointer("/_meta/quota/token_count");
        if let Some(told) = quota {
            let mut usage = self.usage;
            usage.input += json::number(told, "input_tokens");
            usage.output += json::number(told, "output_tokens");
            self.tell(usage, step);
        }
    }

    fn spend(&mut self, told: &Value, step: &mut Step) {
        let of = |key: &str| json::number(told, key);
        let (input, output, cached) = (of("inputTokens"), of("outputTokens"), of("cachedReadTokens"));
        // Some count what came from a cache as input, some beside it: the total tells.
        let counts_cached = of("totalTokens") == input + output;
        let mut usage = self.usage;
        usage.output += output;
        usage.cached += cached;
        usage.input += input;
        if !counts_cached {
            usage.input += cached + of("cachedWriteTokens");
        }
        self.tell(usage, step);
    }

    fn tell(&mut self, usage: TokenUsage, step: &mut Step) {
        if usage != self.usage {
            self.turn.used_tokens |= usage.input + usage.output > self.usage.input + self.usage.output;
            self.usage = usage;
            step.event(AgentEvent::Usage(usage));
        }
    }

    /// Shows the usage at the end of a turn that used some.
    pub(super) fn show_usage(&mut self, step: &mut Step) {
        if self.turn.used_tokens {
            let usage = self.usage;
            self.book.add(EntryKind::TokenUsage { usage }, None, step);
        }
    }
}
