//! From the greeting to the first prompt: opening a session and setting it up.

use super::{Acp, Phase, ResumeBy, Sent, rpc};
use crate::{
    agents::Guide,
    mcp_config::{self, Server},
    protocols::{LineUse, Step, json},
};
use anyon_model::{AgentEvent, EntryKind, FailureKind, TurnOutcome};
use serde_json::{Value, json};

/// What is known of the session.
#[derive(Debug, Default)]
pub(super) struct Session {
    pub(super) name: String,
    pub(super) model: String,
    pub(super) mode: String,
    can_load: bool,
    can_resume: bool,
    /// Requests that set the session up, each after the answer to the one before.
    setup: Vec<(&'static str, Value)>,
    /// One of them has no answer yet.
    settling: bool,
    /// Modes and models that the agent offers, as it told them when the session was opened.
    offered: Value,
    /// The mode and the model that it was in then.
    first_mode: String,
    first_model: String,
}

/// How we introduce ourselves: no files and no terminals of ours.
pub(super) fn greeting() -> Value {
    json!({
        "protocolVersion": 1,
        "clientCapabilities": {"fs": {"readTextFile": false, "writeTextFile": false}, "terminal": false},
        "clientInfo": {"name": "anyon", "title": "Anyon", "version": env!("CARGO_PKG_VERSION")},
    })
}

impl Acp {
    /// The agent introduced itself.
    pub(super) fn greeted(&mut self, result: &Value, step: &mut Step) -> LineUse {
        let version = json::number(result, "protocolVersion");
        if version != 1 {
            let message = format!("The agent speaks version {version} of the protocol, not version 1");
            self.cannot_start(FailureKind::Protocol, message, step);
            return LineUse::Used;
        }
        let capabilities = result.get("agentCapabilities").unwrap_or(&Value::Null);
        self.session.can_load = capabilities.get("loadSession") == Some(&Value::Bool(true));
        let of_session = capabilities.get("sessionCapabilities");
        self.session.can_resume = of_session
            .and_then(|of_session| of_session.get("resume"))
            .is_some_and(|resume| !resume.is_null());
        self.phase = Phase::Opening;
        let by_person = self.options.manners.authenticate.clone();
        let login = by_person.or_else(|| self.options.quirks.authenticates.map(str::to_owned));
        let offered = json::items(result, "authMethods")
            .iter()
            .map(|method| json::text(method, "id"));
        match login.filter(|login| offered.clone().any(|method| method == login)) {
            Some(login) => self.write("authenticate", &json!({"methodId": login}), step),
            None => self.write_opening(step),
        }
        LineUse::Control
    }

    fn write(&mut self, method: &str, params: &Value, step: &mut Step) {
        let mut stdin = std::mem::take(&mut step.output.stdin);
        self.write_request(method, params, &mut stdin);
        step.output.stdin = stdin;
    }

    pub(super) fn write_opening(&mut self, step: &mut Step) {
        let cwd = self
            .options
            .worktree
            .as_ref()
            .map(|path| path.display().to_string());
        let takes_none = self.options.quirks.no_programs || self.options.manners.without_mcp;
        let servers = self.options.mcp.iter().filter(|_| !takes_none);
        let servers: Vec<Value> = servers.map(server).collect();
        let mut params = json!({"cwd": cwd.unwrap_or_default(), "mcpServers": servers});
        let method = match &self.options.resume {
            None => "session/new",
            Some(name) => {
                params["sessionId"] = json!(name);
                let Some(method) = self.resuming() else {
                    let message = "The agent cannot go on with an earlier session".to_owned();
                    return self.cannot_start(FailureKind::SessionLost, message, step);
                };
                method
            }
        };
        self.write(method, &params, step);
    }

    /// What goes on with an old session: what the person says works, else what the agent says it can.
    fn resuming(&self) -> Option<&'static str> {
        const RESUME: &str = "session/resume";
        const LOAD: &str = "session/load";
        match self.options.manners.resume_by {
            ResumeBy::Load => Some(LOAD),
            ResumeBy::Resume => Some(RESUME),
            ResumeBy::Announced if self.session.can_resume => Some(RESUME),
            ResumeBy::Announced => self.session.can_load.then_some(LOAD),
        }
    }

    /// The handshake failed: the prompt that waits will not be worked on.
    pub(super) fn cannot_start(&mut self, kind: FailureKind, message: String, step: &mut Step) {
        let failure = Some(kind.clone());
        let text = message.clone();
        self.book
            .add(EntryKind::ErrorMessage { text, failure }, None, step);
        self.waiting.clear();
        step.event(AgentEvent::TurnEnded(TurnOutcome::Failed { kind, message }));
    }

    /// The session is open.
    pub(super) fn opened(&mut self, result: &Value, sent: Option<&Sent>, step: &mut Step) -> LineUse {
        self.phase = Phase::Ready;
        let loaded = sent.map_or("", |sent| json::text(&sent.params, "sessionId"));
        let name = json::some(json::text(result, "sessionId")).unwrap_or_else(|| loaded.to_owned());
        if !name.is_empty() && self.session.name != name {
            self.session.name.clone_from(&name);
            step.event(AgentEvent::Session { agent_session: name });
        }
        self.tell_modes(result, step);
        self.session.first_mode.clone_from(&self.session.mode);
        self.session.first_model.clone_from(&self.session.model);
        self.session.offered = json!({
            "modes": result.get("modes"),
            "models": result.get("models"),
            "configOptions": result.get("configOptions"),
        });
        if self.prompted {
            return LineUse::Used;
        }
        match self.unchosen_model() {
            // Told to the engine now, and in the conversation at the end: whether a model was named is in no log.
            Some(message) if !self.waiting.is_empty() => {
                self.waiting.clear();
                let kind = FailureKind::Auth;
                step.event(AgentEvent::TurnEnded(TurnOutcome::Failed { kind, message }));
            }
            _ => {
                self.session.setup = self.setup(result);
                self.write_next(step);
            }
        }
        LineUse::Used
    }

    /// What to say of a model that would be used although nobody chose it.
    pub(super) fn unchosen_model(&self) -> Option<String> {
        let free = self.options.quirks.unchosen_models?;
        let model = &self.session.model;
        (self.options.model.is_none() && !self.prompted && model.starts_with(free)).then(|| {
            format!(
                "No model was chosen, and the agent would send the code to {model}, which is free and belongs to \
                 somebody else. Log in with a provider of yours, or name a model in the profile"
            )
        })
    }

    fn tell_modes(&mut self, result: &Value, step: &mut Step) {
        let modes = result.get("modes").unwrap_or(&Value::Null);
        self.mode(json::text(modes, "currentModeId"), step);
        // An older form than today's configuration options, still in use.
        let models = result.get("models").unwrap_or(&Value::Null);
        self.model(json::text(models, "currentModelId"), step);
        self.config_options(result, step);
    }

    /// Modes and models among configuration options.
    pub(super) fn config_options(&mut self, holder: &Value, step: &mut Step) {
        for option in json::items(holder, "configOptions") {
            let value = json::text(option, "currentValue");
            match json::text(option, "category") {
                "mode" => self.mode(value, step),
                "model" => self.model(value, step),
                _ => {}
            }
        }
    }

    pub(super) fn mode(&mut self, mode: &str, step: &mut Step) {
        if !mode.is_empty() && self.session.mode != mode {
            mode.clone_into(&mut self.session.mode);
            step.event(AgentEvent::Mode { mode: mode.into() });
        }
    }

    pub(super) fn model(&mut self, model: &str, step: &mut Step) {
        if !model.is_empty() && self.session.model != model {
            model.clone_into(&mut self.session.model);
            step.event(AgentEvent::Model { model: model.into() });
        }
    }

    /// What is to be set before the first prompt, last first.
    fn setup(&self, result: &Value) -> Vec<(&'static str, Value)> {
        let mut setup = Vec::new();
        if let Some(model) = &self.options.model
            && self.session.model != *model
        {
            setup.extend(self.model_request(result, model));
        }
        if let Some(effort) = &self.options.effort {
            setup.extend(self.option_request(result, "effort", effort));
        }
        // A session that is gone on with may be in another mode than it says. The answer also tells that it has said
        // all of its history.
        if let Some(mode) = self.wanted_mode(result)
            && (self.options.resume.is_some() || self.session.mode != mode)
        {
            setup.push(self.mode_request(result, &mode));
        }
        for (option, value) in self.options.quirks.asking_options {
            setup.extend(self.option_request(result, option, value));
        }
        setup
    }

    /// Sets an option that is offered and stands otherwise.
    fn option_request(&self, result: &Value, name: &str, value: &str) -> Option<(&'static str, Value)> {
        let mut options = json::items(result, "configOptions").iter();
        let option = options.find(|option| json::text(option, "id") == name)?;
        let params = json!({"sessionId": self.session.name, "configId": name, "value": value});
        (json::text(option, "currentValue") != value).then_some(("session/set_config_option", params))
    }

    /// Another model or mode from the next prompt on, as far as the agent offers them.
    pub(super) fn switch(&mut self, model: Option<&str>, plan: bool, stdin: &mut Vec<u8>) {
        let offered = std::mem::take(&mut self.session.offered);
        self.options.plan = plan;
        let model = model.unwrap_or(&self.session.first_model).to_owned();
        if !model.is_empty() && model != self.session.model {
            self.session.setup.extend(self.model_request(&offered, &model));
        }
        let mode = self
            .wanted_mode(&offered)
            .or_else(|| self.unplanned_mode(&offered));
        if let Some(mode) = mode.filter(|mode| *mode != self.session.mode) {
            let request = self.mode_request(&offered, &mode);
            self.session.setup.push(request);
        }
        self.session.offered = offered;
        self.write_setup(stdin);
    }

    /// The mode that the session began in, or the first offered one, if it does not plan.
    fn unplanned_mode(&self, offered: &Value) -> Option<String> {
        if self.options.plan || !self.is_plan(&self.session.mode) {
            return None;
        }
        let mut modes = vec![self.session.first_mode.clone()];
        modes.extend(offered_modes(offered));
        modes
            .into_iter()
            .find(|mode| !mode.is_empty() && !self.is_plan(mode))
    }

    fn is_plan(&self, mode: &str) -> bool {
        match &self.options.manners.plan_mode {
            Some(plan) => mode == plan,
            None => mode == "plan" || mode.ends_with("#plan"),
        }
    }

    fn wanted_mode(&self, result: &Value) -> Option<String> {
        let offered = offered_modes(result);
        if self.options.plan {
            return offered.into_iter().find(|mode| self.is_plan(mode));
        }
        let by_person = self.options.manners.ask_mode.as_deref();
        let asking = by_person.or(self.options.quirks.asking_mode)?;
        offered.into_iter().find(|mode| mode == asking)
    }

    fn mode_request(&self, result: &Value, mode: &str) -> (&'static str, Value) {
        let session = &self.session.name;
        match result.get("modes").filter(|modes| modes.is_object()) {
            Some(_) => ("session/set_mode", json!({"sessionId": session, "modeId": mode})),
            None => {
                let option = option_of(result, "mode").map_or("mode", |option| json::text(option, "id"));
                let params = json!({"sessionId": session, "configId": option, "value": mode});
                ("session/set_config_option", params)
            }
        }
    }

    fn model_request(&self, result: &Value, model: &str) -> Option<(&'static str, Value)> {
        let session = &self.session.name;
        if let Some(option) = option_of(result, "model") {
            let option = json::text(option, "id");
            let params = json!({"sessionId": session, "configId": option, "value": model});
            return Some(("session/set_config_option", params));
        }
        result.get("models").filter(|models| models.is_object())?;
        Some((
            "session/set_model",
            json!({"sessionId": session, "modelId": model}),
        ))
    }

    /// Writes what comes next: the rest of the set-up, then the prompt that waits.
    pub(super) fn write_next(&mut self, step: &mut Step) {
        let mut stdin = std::mem::take(&mut step.output.stdin);
        self.session.settling = false;
        self.write_setup(&mut stdin);
        self.write_next_prompt(&mut stdin);
        step.output.stdin = stdin;
    }

    fn write_setup(&mut self, stdin: &mut Vec<u8>) {
        if self.session.settling {
            return;
        }
        if let Some((method, params)) = self.session.setup.pop() {
            self.session.settling = true;
            self.write_request(method, &params, stdin);
        }
    }

    /// Writes the prompt that waits, unless one is being worked on: a second one would end the first.
    pub(super) fn write_next_prompt(&mut self, stdin: &mut Vec<u8>) {
        let settling = self.session.settling || !self.session.setup.is_empty();
        if self.phase != Phase::Ready || self.turn.busy || settling {
            return;
        }
        let Some(prompt) = self.waiting.pop_front() else {
            return;
        };
        self.turn.busy = true;
        let mut content = vec![json!({"type": "text", "text": prompt})];
        let begins = !self.prompted && self.options.resume.is_none();
        if let Some(guide) = self.options.guide.as_ref().filter(|_| begins) {
            content.push(resource(guide));
        }
        let params = json!({"sessionId": self.session.name, "prompt": content});
        self.write_request("session/prompt", &params, stdin);
    }

    /// Writes the end of the turn; open questions are answered first, some agents wait for that.
    pub(super) fn write_cancel(&mut self, stdin: &mut Vec<u8>) {
        for pending in self.pending.values() {
            json::line(&pending.cancelled(), stdin);
        }
        let params = json!({"sessionId": self.session.name});
        json::line(&rpc::notification("session/cancel", &params), stdin);
    }

    /// A prompt was written to the agent.
    pub(super) fn prompt_written(&mut self, params: &Value, step: &mut Step) {
        let parts: Vec<&str> = json::items(params, "prompt")
            .iter()
            // What the repository says is not what the person said.
            .filter(|part| json::text(part, "type") != "resource")
            .map(|part| json::first_text(part, &["text", "uri", "type"]))
            .collect();
        let text = parts.join("\n");
        self.prompted = true;
        self.turn.busy = true;
        if self.session.name.is_empty() {
            json::text(params, "sessionId").clone_into(&mut self.session.name);
        }
        self.close_message(step);
        self.book.add(EntryKind::UserMessage { text }, None, step);
        self.begin_turn(step);
    }

    pub(super) fn begin_turn(&mut self, step: &mut Step) {
        if !self.turn.running {
            self.turn.running = true;
            self.turn.cancelled = false;
            self.turn.retries = 0;
            self.turn.used_tokens = false;
            step.event(AgentEvent::TurnStarted);
        }
    }
}

fn option_of<'v>(result: &'v Value, category: &str) -> Option<&'v Value> {
    let mut options = json::items(result, "configOptions").iter();
    options.find(|option| json::text(option, "category") == category)
}

/// A server as the protocol names one that is a program.
fn server(server: &Server) -> Value {
    json!({"name": mcp_config::NAME, "command": server.program(), "args": server.arguments(), "env": []})
}

/// A file of the repository as part of a prompt.
fn resource(guide: &Guide) -> Value {
    let uri = format!("file://{}", guide.path.display());
    json!({"type": "resource", "resource": {"uri": uri, "mimeType": "text/markdown", "text": guide.text}})
}

fn offered_modes(result: &Value) -> Vec<String> {
    let modes = result.get("modes").unwrap_or(&Value::Null);
    let named = json::items(modes, "availableModes")
        .iter()
        .map(|mode| json::text(mode, "id"));
    let options = option_of(result, "mode").map_or(&[][..], |option| json::items(option, "options"));
    let listed = options.iter().map(|option| json::text(option, "value"));
    named.chain(listed).map(str::to_owned).collect()
}
