//! Notifications: where each goes, and the remarks of the agent's program.

use super::{Codex, tools, wire::Envelope};
use crate::protocols::{LineUse, Step, json};
use serde_json::Value;

/// Notifications that are known and have nothing to show. The whole diff of a turn is git's to tell.
const SILENT: [&str; 33] = [
    "account/gatewayOAuth/changed",
    "account/login/completed",
    "account/updated",
    "app/list/updated",
    "autoApprovalReview/strictReviewRequired",
    "deprecationNotice",
    "fs/changed",
    "hook/completed",
    "hook/started",
    "item/autoApprovalReview/completed",
    "item/autoApprovalReview/started",
    "model/safetyBuffering/updated",
    "model/verification",
    "modelProvider/authRecoveryCompleted",
    "modelProvider/authRecoveryStarted",
    "project/changed",
    "remoteControl/status/changed",
    "skills/changed",
    "thread/archived",
    "thread/attachment/updated",
    "thread/closed",
    "thread/compacted",
    "thread/environment/connected",
    "thread/environment/disconnected",
    "thread/goal/cleared",
    "thread/goal/updated",
    "thread/name/updated",
    "thread/prediction/updated",
    "thread/queue/changed",
    "thread/readState/changed",
    "thread/status/changed",
    "turn/diff/updated",
    "turn/moderationMetadata",
];

/// Codex brings what it misses here with it.
const BROUGHT_ALONG: &str = "will use the bundled bubblewrap";

impl Codex {
    pub(super) fn notification(&mut self, line: &Envelope, step: &mut Step) -> Option<LineUse> {
        let method = &*line.method;
        if SILENT.contains(&method) {
            return Some(LineUse::Control);
        }
        let params = &line.params()?;
        if method.starts_with("item/") {
            return self.item_notification(method, params, step);
        }
        if matches!(
            method,
            "turn/started" | "turn/completed" | "turn/plan/updated" | "error" | "thread/tokenUsage/updated"
        ) && !self.is_own(params)
        {
            return Some(self.other_thread(method, params, step));
        }
        Some(match method {
            "thread/started" => self.thread_started(params, step),
            "thread/settings/updated" => self.settings(params, step),
            "thread/tokenUsage/updated" => self.token_usage(params, step),
            "turn/started" => self.turn_started(params, step),
            "turn/completed" => self.turn_completed(params, step),
            "turn/plan/updated" => self.plan(params, step),
            "error" => self.error(params, step),
            "serverRequest/resolved" => self.taken_back(&params.get("requestId")?.to_string(), step),
            "account/rateLimits/updated" => self.rate_limits(params, step),
            "mcpServer/startupStatus/updated" => self.server_status(params, step),
            "model/rerouted" => self.rerouted(params, step),
            "warning" | "guardianWarning" | "configWarning" => return self.warning(params, step),
            _ => return None,
        })
    }

    fn item_notification(&mut self, method: &str, params: &Value, step: &mut Step) -> Option<LineUse> {
        match method {
            "item/started" => self.item_started(params, step),
            "item/completed" => self.item_completed(params, step),
            "item/agentMessage/delta" => self.text_delta(params, false, step),
            "item/reasoning/summaryTextDelta" | "item/reasoning/textDelta" => {
                self.text_delta(params, true, step)
            }
            "item/reasoning/summaryPartAdded" => Some(self.thought_part(params, step)),
            "item/commandExecution/outputDelta" | "item/fileChange/outputDelta" => {
                self.output_delta(params, step)
            }
            "item/fileChange/patchUpdated" => Some(self.patch_updated(params, step)),
            "item/plan/delta" => self.plan_delta(params, step),
            // What was typed into a terminal shows in its output.
            "item/commandExecution/terminalInteraction" => Some(LineUse::Control),
            "item/mcpToolCall/progress" => {
                self.book.activity(
                    &crate::protocols::words::one_line(json::text(params, "message")),
                    step,
                );
                Some(LineUse::Used)
            }
            _ => None,
        }
    }

    /// The first thread is ours, others are of sub-agents.
    fn thread_started(&mut self, params: &Value, step: &mut Step) -> LineUse {
        let name = params.pointer("/thread/id").and_then(Value::as_str).unwrap_or("");
        if self.thread.name.is_empty() {
            self.named(name, step);
        }
        LineUse::Control
    }

    fn settings(&mut self, params: &Value, step: &mut Step) -> LineUse {
        if self.is_own(params) {
            let settings = params.get("threadSettings").unwrap_or(&Value::Null);
            self.model(json::text(settings, "model"), step);
            let mode = settings
                .pointer("/collaborationMode/mode")
                .and_then(Value::as_str);
            self.mode(mode.unwrap_or(""), step);
        }
        LineUse::Control
    }

    fn plan(&mut self, params: &Value, step: &mut Step) -> LineUse {
        let steps = tools::steps(params);
        if !steps.is_empty() {
            self.book.plan(steps, step);
        }
        LineUse::Used
    }

    fn server_status(&mut self, params: &Value, step: &mut Step) -> LineUse {
        if json::text(params, "status") != "failed" {
            return LineUse::Control;
        }
        let (name, why) = (json::text(params, "name"), json::text(params, "error"));
        self.note(&format!("MCP server “{name}” did not start: {why}"), step);
        LineUse::Used
    }

    fn rerouted(&mut self, params: &Value, step: &mut Step) -> LineUse {
        let (from, to) = (json::text(params, "fromModel"), json::text(params, "toModel"));
        self.note(&format!("The model is {to} instead of {from}"), step);
        if self.is_own(params) {
            self.model(to, step);
        }
        LineUse::Used
    }

    fn warning(&mut self, params: &Value, step: &mut Step) -> Option<LineUse> {
        let text = json::first_text(params, &["message", "summary"]);
        if text.is_empty() {
            return None;
        }
        if text.contains(BROUGHT_ALONG) {
            return Some(LineUse::Control);
        }
        let text = match json::text(params, "details") {
            "" => text.to_owned(),
            details => format!("{text}\n{details}"),
        };
        self.note(&text, step);
        Some(LineUse::Used)
    }
}
