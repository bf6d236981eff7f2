//! From the greeting to an open thread.

use super::{Codex, Phase, wire};
use crate::{
    mcp_config,
    protocols::{LineUse, Step, failure, json},
};
use anyon_model::{AgentEvent, EntryKind, FailureKind, TurnOutcome};
use serde_json::{Value, json};

/// Everything but what Codex itself knows to be a reading command is asked for, so that our policy decides.
const ASK_EVERYTHING: &str = "untrusted";
/// Where that is not known any more: nothing is written without being asked for, as the sandbox only reads.
const ASK_TO_WRITE: &str = "on-request";

/// What is known of the thread.
#[derive(Debug, Default)]
pub(super) struct Thread {
    pub(super) name: String,
    pub(super) model: String,
    pub(super) mode: String,
    /// The model and the effort that it began with.
    first_model: String,
    first_effort: Option<String>,
    /// It refused to ask for everything.
    asks_to_write: bool,
}

impl Thread {
    fn policy(&self) -> &'static str {
        if self.asks_to_write {
            ASK_TO_WRITE
        } else {
            ASK_EVERYTHING
        }
    }
}

/// How we introduce ourselves.
pub(super) fn greeting() -> Value {
    json!({
        "clientInfo": {"name": "anyon", "title": "Anyon", "version": env!("CARGO_PKG_VERSION")},
        "capabilities": {"experimentalApi": true},
    })
}

impl Codex {
    /// The agent introduced itself.
    pub(super) fn greeted(&mut self, step: &mut Step) -> LineUse {
        self.phase = Phase::Opening;
        json::line(&wire::notification("initialized"), &mut step.output.stdin);
        self.write_opening(step);
        LineUse::Control
    }

    fn write_opening(&mut self, step: &mut Step) {
        let (method, params) = self.opening();
        let mut stdin = std::mem::take(&mut step.output.stdin);
        self.write_request(method, &params, &mut stdin);
        step.output.stdin = stdin;
    }

    /// The sandbox is not named here but with every turn: naming it here makes Codex trust the repository for good,
    /// in the user's own configuration file, and start the hooks and MCP servers that the repository brings.
    fn opening(&self) -> (&'static str, Value) {
        let options = &self.options;
        let cwd = options.worktree.as_ref().map(|path| path.display().to_string());
        let mut params = json!({
            "cwd": cwd,
            "approvalPolicy": self.thread.policy(),
            "approvalsReviewer": "user",
            "config": self.config(),
        });
        if let Some(model) = &options.model {
            params["model"] = json!(model);
        }
        let Some(resume) = &options.resume else {
            return ("thread/start", params);
        };
        params["threadId"] = json!(resume.agent_session);
        // The turns before are in the logs of their executions.
        params["excludeTurns"] = json!(true);
        if let Some(at) = &resume.at {
            params["lastTurnId"] = json!(at);
        }
        match resume.fork || resume.at.is_some() {
            true => ("thread/fork", params),
            false => ("thread/resume", params),
        }
    }

    /// On top of the user's own configuration, for this thread only.
    fn config(&self) -> Value {
        let mut config = json!({"tools": {"update_plan": {"enabled": true}}});
        if let Some(server) = &self.options.mcp {
            let entry = json!({"command": server.program(), "args": server.arguments()});
            config["mcp_servers"] = json!({mcp_config::NAME: entry});
        }
        config
    }

    /// The thread is open.
    pub(super) fn opened(&mut self, result: &Value, step: &mut Step) -> LineUse {
        self.phase = Phase::Ready;
        let thread = result.get("thread").unwrap_or(&Value::Null);
        self.named(json::text(thread, "id"), step);
        self.model(json::text(result, "model"), step);
        self.thread.first_model.clone_from(&self.thread.model);
        self.thread.first_effort = json::some(json::text(result, "reasoningEffort"));
        self.write_next(step);
        LineUse::Used
    }

    /// The thread has a name.
    pub(super) fn named(&mut self, name: &str, step: &mut Step) {
        if !name.is_empty() && self.thread.name != name {
            name.clone_into(&mut self.thread.name);
            let agent_session = name.to_owned();
            step.event(AgentEvent::Session { agent_session });
        }
    }

    pub(super) fn model(&mut self, model: &str, step: &mut Step) {
        if !model.is_empty() && self.thread.model != model {
            model.clone_into(&mut self.thread.model);
            step.event(AgentEvent::Model { model: model.into() });
        }
    }

    pub(super) fn mode(&mut self, mode: &str, step: &mut Step) {
        if !mode.is_empty() && self.thread.mode != mode {
            mode.clone_into(&mut self.thread.mode);
            step.event(AgentEvent::Mode { mode: mode.into() });
        }
    }

    /// The thread could not be opened. A version that does not know the policy any more gets the other one.
    pub(super) fn not_opened(&mut self, sent: Option<&str>, message: String, step: &mut Step) {
        let opens = sent.is_some_and(|method| method.starts_with("thread/"));
        if opens && !self.thread.asks_to_write && message.contains(ASK_EVERYTHING) {
            self.thread.asks_to_write = true;
            return self.write_opening(step);
        }
        let kind = failure::failure_kind(failure::Told {
            text: &message,
            ..failure::Told::default()
        });
        let (kind, message) = match (sent, kind) {
            (Some("thread/resume" | "thread/fork"), kind) => failure::of_resuming(kind, message),
            (_, FailureKind::Other) if !opens => (FailureKind::Protocol, message),
            (_, kind) => (kind, message),
        };
        let (text, failure) = (message.clone(), Some(kind.clone()));
        self.book
            .add(EntryKind::ErrorMessage { text, failure }, None, step);
        self.waiting.clear();
        step.event(AgentEvent::TurnEnded(TurnOutcome::Failed { kind, message }));
    }

    /// The settings of the next turn. Each turn names all of them, as they hold for the turns after it too.
    pub(super) fn turn_settings(&self) -> Value {
        let options = &self.options;
        let model = options.model.as_ref().unwrap_or(&self.thread.first_model);
        let effort = options.effort.as_ref().or(self.thread.first_effort.as_ref());
        let reads_only = options.plan || self.thread.asks_to_write;
        let sandbox = match reads_only {
            true => json!({"type": "readOnly", "networkAccess": false}),
            false => json!({"type": "workspaceWrite", "writableRoots": [], "networkAccess": false}),
        };
        let mode = if options.plan { "plan" } else { "default" };
        let settings = json!({"model": model, "reasoning_effort": effort, "developer_instructions": null});
        json!({
            "approvalPolicy": self.thread.policy(),
            "approvalsReviewer": "user",
            "sandboxPolicy": sandbox,
            "collaborationMode": {"mode": mode, "settings": settings},
        })
    }
}
