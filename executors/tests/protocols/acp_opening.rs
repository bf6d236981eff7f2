//! How an ACP session is opened where agents differ: logged in first, in the mode that asks, with a model that somebody
//! chose.

#![allow(clippy::expect_used, reason = "a test may stop")]

use crate::support::Conversation;
use anyon_executors::protocols::{Acp, AcpOptions, Manners, Protocol, Quirks, ResumeBy, quirks};
use anyon_model::{AgentEvent, ExitStatus, FailureKind, LogStream, TurnOutcome};
use serde_json::{Value, json};

/// Plays the agent's lines; what was written to it, line by line.
struct Opening {
    protocol: Acp,
    conversation: Conversation,
}

impl Opening {
    fn of(quirks: Quirks, change: impl FnOnce(&mut AcpOptions)) -> Self {
        let mut options = AcpOptions {
            prompt: "go".into(),
            quirks,
            ..AcpOptions::default()
        };
        change(&mut options);
        let mut opening = Self {
            protocol: Acp::new(options),
            conversation: Conversation::default(),
        };
        let mut stdin = Vec::new();
        opening.protocol.start(&mut stdin);
        opening.write(&stdin);
        opening
    }
    fn write(&mut self, stdin: &[u8]) -> Vec<Value> {
        let lines = stdin.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let written = lines.map(|line| {
            self.conversation.line(&mut self.protocol, LogStream::In, line);
            serde_json::from_slice(line).expect("a line of JSON")
        });
        written.collect()
    }
    fn says(&mut self, line: &Value) -> Vec<Value> {
        let line = line.to_string();
        let stdin = self
            .conversation
            .line(&mut self.protocol, LogStream::Out, line.as_bytes());
        self.write(&stdin)
    }
    /// Answers a request of ours.
    fn answers(&mut self, id: u64, result: Value) -> Vec<Value> {
        self.says(&json!({"id": id, "result": result}))
    }
}

fn methods(written: &[Value]) -> Vec<&str> {
    written
        .iter()
        .map(|line| line["method"].as_str().expect("a request or notice"))
        .collect()
}

#[test]
fn an_agent_that_wants_a_login_is_logged_in_before_its_session() {
    let mut opening = Opening::of(quirks::CURSOR_AGENT, |_| ());
    let greeting = json!({"protocolVersion": 1, "authMethods": [{"id": "cursor_login", "name": "Cursor"}]});
    let written = opening.answers(1, greeting);
    assert_eq!(written[0]["method"], "authenticate");
    assert_eq!(written[0]["params"]["methodId"], "cursor_login");
    let written = opening.answers(2, json!({}));
    assert_eq!(methods(&written), ["session/new"]);
}

#[test]
fn a_login_that_is_refused_is_a_failure_of_the_login() {
    let mut opening = Opening::of(quirks::CURSOR_AGENT, |_| ());
    opening.answers(
        1,
        json!({"protocolVersion": 1, "authMethods": [{"id": "cursor_login"}]}),
    );
    let refused = json!({"id": 2, "error": {"code": -32603, "message": "please log in"}});
    assert!(opening.says(&refused).is_empty());
    let kind = match opening.conversation.events.last() {
        Some(AgentEvent::TurnEnded(TurnOutcome::Failed { kind, .. })) => kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(*kind, FailureKind::Auth);
}

#[test]
fn what_would_keep_an_agent_from_asking_is_set_before_the_first_prompt() {
    let mut opening = Opening::of(quirks::COPILOT, |_| ());
    opening.answers(1, json!({"protocolVersion": 1}));
    let asking = quirks::COPILOT.asking_mode.unwrap();
    let autopilot = "https://agentclientprotocol.com/protocol/session-modes#autopilot";
    let opened = json!({
        "sessionId": "s1",
        "modes": {"currentModeId": autopilot, "availableModes": [{"id": asking}, {"id": autopilot}]},
        "configOptions": [{"id": "allow_all", "currentValue": "on"}],
    });
    let written = opening.answers(2, opened);
    assert_eq!(
        written[0]["params"],
        json!({"sessionId": "s1", "configId": "allow_all", "value": "off"})
    );
    let written = opening.answers(3, json!({}));
    assert_eq!(written[0]["params"], json!({"sessionId": "s1", "modeId": asking}));
    let written = opening.answers(4, json!({}));
    assert_eq!(methods(&written), ["session/prompt"]);
}

/// The first answer after a session was loaded also says that its history is over.
#[test]
fn the_mode_of_a_session_that_is_gone_on_with_is_set_in_any_case() {
    let mut opening = Opening::of(quirks::GEMINI, |options| options.resume = Some("s1".into()));
    opening.answers(
        1,
        json!({"protocolVersion": 1, "agentCapabilities": {"loadSession": true}}),
    );
    let modes = json!({"currentModeId": "default", "availableModes": [{"id": "default"}, {"id": "plan"}]});
    let written = opening.answers(2, json!({"modes": modes}));
    assert_eq!(methods(&written), ["session/set_mode"]);
    let said = json!({"method": "session/update", "params": {"update": {
        "sessionUpdate": "agent_message_chunk", "content": {"type": "text", "text": "of old"}}}});
    opening.says(&said);
    assert!(opening.conversation.entries.is_empty(), "that was said before");
    let written = opening.answers(3, json!({}));
    assert_eq!(methods(&written), ["session/prompt"]);
}

fn with_free_model(model: Option<&str>) -> (Opening, Vec<Value>) {
    let model = model.map(str::to_owned);
    let mut opening = Opening::of(quirks::OPENCODE, |options| options.model = model);
    opening.answers(1, json!({"protocolVersion": 1}));
    let options = json!([{"id": "model", "category": "model", "currentValue": "opencode/big-pickle"}]);
    let written = opening.answers(2, json!({"sessionId": "s1", "configOptions": options}));
    (opening, written)
}

#[test]
fn no_prompt_goes_to_a_model_that_nobody_chose() {
    let (mut opening, written) = with_free_model(None);
    assert!(written.is_empty());
    let Some(AgentEvent::TurnEnded(TurnOutcome::Failed { message, .. })) = opening.conversation.events.last()
    else {
        panic!("{:?}", opening.conversation.events)
    };
    assert!(message.contains("opencode/big-pickle"), "{message}");
    let mut output = anyon_executors::protocols::Output::default();
    let status = ExitStatus::Code { code: 0 };
    opening
        .protocol
        .on_exit(status, crate::support::START, &mut output);
    let told = format!("{:?}", output.events);
    assert!(told.contains("No model was chosen"), "{told}");
}

#[test]
fn a_free_model_that_is_named_is_used() {
    let (_, written) = with_free_model(Some("opencode/big-pickle"));
    assert_eq!(methods(&written), ["session/prompt"]);
}

fn modes() -> Value {
    let modes = ["auto", "approve", "chat"].map(|mode| json!({"id": mode, "name": mode}));
    json!({"sessionId": "s", "modes": {"currentModeId": "auto", "availableModes": modes}})
}

#[test]
fn what_a_person_says_of_an_agent_is_how_it_is_spoken_to() {
    let manners = Manners {
        ask_mode: Some("approve".into()),
        plan_mode: Some("chat".into()),
        authenticate: Some("key".into()),
        without_mcp: true,
        ..Manners::default()
    };
    for (plan, mode) in [(false, "approve"), (true, "chat")] {
        let mut opening = Opening::of(quirks::NONE, |options| {
            options.manners = manners.clone();
            options.plan = plan;
        });
        let methods = json!([{"id": "browser", "name": "Browser"}, {"id": "key", "name": "Key"}]);
        let written = opening.answers(1, json!({"protocolVersion": 1, "authMethods": methods}));
        assert_eq!(written[0]["params"]["methodId"], "key");
        let written = opening.answers(2, json!({}));
        assert_eq!(written[0]["params"]["mcpServers"], json!([]));
        let written = opening.answers(3, modes());
        assert_eq!(written[0]["method"], "session/set_mode");
        assert_eq!(written[0]["params"]["modeId"], mode);
    }
}

#[test]
fn a_session_is_gone_on_with_as_the_person_says_and_else_as_the_agent_does() {
    let both = json!({"loadSession": true, "sessionCapabilities": {"resume": {}}});
    for (resume_by, capabilities, method) in [
        (ResumeBy::Load, &both, "session/load"),
        (ResumeBy::Resume, &json!({}), "session/resume"),
        (ResumeBy::Announced, &both, "session/resume"),
        (ResumeBy::Announced, &json!({"loadSession": true}), "session/load"),
    ] {
        let mut opening = Opening::of(quirks::NONE, |options| {
            options.resume = Some("old".into());
            options.manners.resume_by = resume_by;
        });
        let greeting = json!({"protocolVersion": 1, "agentCapabilities": capabilities});
        let written = opening.answers(1, greeting);
        assert_eq!(methods(&written), [method], "{resume_by:?}");
        assert_eq!(written[0]["params"]["sessionId"], "old");
    }
}
