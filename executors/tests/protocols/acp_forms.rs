//! What the Agent Client Protocol allows and no recording here holds.

use crate::support::Conversation;
use anyon_executors::{
    mcp_config::Server,
    protocols::{Acp, AcpOptions, Protocol, quirks},
};
use anyon_model::{
    AgentEvent, AgentRequest, ApprovalAnswer, ApprovalScope, EntryKind, FailureKind, LogStream, ToolStatus,
    TurnOutcome,
};
use serde_json::{Value, json};
use std::path::Path;

/// An ACP agent on the other end of the line.
struct Peer {
    protocol: Acp,
    conversation: Conversation,
}

impl Peer {
    /// Before anything was said.
    fn new(options: AcpOptions) -> Self {
        Self {
            protocol: Acp::new(options),
            conversation: Conversation::default(),
        }
    }
    /// In the middle of a turn.
    fn working() -> Self {
        let mut peer = Self::new(AcpOptions {
            prompt: "go".into(),
            ..AcpOptions::default()
        });
        peer.starts();
        peer.says(&json!({"id": 1, "result": {"protocolVersion": 1}}));
        peer.says(&json!({"id": 2, "result": {"sessionId": "s1"}}));
        peer
    }
    fn starts(&mut self) -> Vec<Value> {
        let mut stdin = Vec::new();
        self.protocol.start(&mut stdin);
        self.written(&stdin)
    }
    /// Writes lines, as the runtime does.
    fn written(&mut self, stdin: &[u8]) -> Vec<Value> {
        let lines = stdin.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let mut written = Vec::new();
        for line in lines {
            let more = self.conversation.line(&mut self.protocol, LogStream::In, line);
            assert!(more.is_empty(), "a line of ours never leads to another");
            written.push(serde_json::from_slice(line).unwrap());
        }
        written
    }
    fn says(&mut self, line: &Value) -> Vec<Value> {
        let line = line.to_string();
        let stdin = self
            .conversation
            .line(&mut self.protocol, LogStream::Out, line.as_bytes());
        self.written(&stdin)
    }
    fn updates(&mut self, update: &Value) {
        self.says(&json!({"method": "session/update", "params": {"sessionId": "s1", "update": update}}));
    }
    fn ask(&mut self, request: &AgentRequest) -> Vec<Value> {
        let mut stdin = Vec::new();
        self.protocol.request(request, &mut stdin);
        self.written(&stdin)
    }
    fn asks(&mut self, id: u64, options: &Value) {
        self.says(
            &json!({"id": id, "method": "session/request_permission", "params": {"sessionId": "s1",
            "toolCall": {"toolCallId": format!("c{id}"), "title": "make", "kind": "execute",
                "rawInput": {"command": "make"}},
            "options": options}}),
        );
    }
    fn answer(&mut self, key: &str, answer: ApprovalAnswer) -> Value {
        let key = key.to_owned();
        let written = self.ask(&AgentRequest::Answer { key, answer });
        written[0]["result"]["outcome"].clone()
    }
    fn outcome(&self) -> Option<TurnOutcome> {
        self.conversation
            .events
            .iter()
            .rev()
            .find_map(|event| match event {
                AgentEvent::TurnEnded(outcome) => Some(outcome.clone()),
                _ => None,
            })
    }
}

fn methods(lines: &[Value]) -> Vec<&str> {
    lines.iter().filter_map(|line| line["method"].as_str()).collect()
}

fn yes() -> ApprovalAnswer {
    ApprovalAnswer::Approved {
        scope: ApprovalScope::Always,
    }
}

#[test]
fn a_session_is_opened_set_to_planning_and_then_prompted() {
    let mut peer = Peer::new(AcpOptions {
        prompt: "go".into(),
        plan: true,
        model: Some("big".into()),
        worktree: Some("/w".into()),
        ..AcpOptions::default()
    });
    let greeting = peer.starts();
    assert_eq!(methods(&greeting), ["initialize"]);
    let fs = &greeting[0]["params"]["clientCapabilities"]["fs"];
    assert_eq!(fs, &json!({"readTextFile": false, "writeTextFile": false}));
    let opening = peer.says(&json!({"id": 1, "result": {"protocolVersion": 1}}));
    assert_eq!(
        (methods(&opening), &opening[0]["params"]["cwd"]),
        (vec!["session/new"], &json!("/w"))
    );
    let opened = json!({"sessionId": "s1",
        "modes": {"currentModeId": "default", "availableModes": [{"id": "default"}, {"id": "plan"}]},
        "configOptions": [{"id": "m", "category": "model", "currentValue": "small", "options": []}]});
    let mode = peer.says(&json!({"id": 2, "result": opened}));
    assert_eq!(
        (methods(&mode), &mode[0]["params"]["modeId"]),
        (vec!["session/set_mode"], &json!("plan"))
    );
    let model = peer.says(&json!({"id": 3, "result": {}}));
    assert_eq!(
        (methods(&model), &model[0]["params"]["configId"]),
        (vec!["session/set_config_option"], &json!("m"))
    );
    // A refusal is told and the prompt is sent nevertheless.
    let prompt = peer.says(&json!({"id": 4, "error": {"code": -32602, "message": "no such model"}}));
    assert_eq!(
        (methods(&prompt), &prompt[0]["params"]["sessionId"]),
        (vec!["session/prompt"], &json!("s1"))
    );
    assert!(
        peer.conversation
            .events
            .contains(&AgentEvent::Mode { mode: "plan".into() })
    );
}

#[test]
fn an_mcp_server_comes_with_a_new_session_and_with_an_old_one() {
    let server = Server::new(Path::new("/bin/anyon"), &["--mcp"]).unwrap();
    let named = json!([{"name": "anyon", "command": "/bin/anyon", "args": ["--mcp"], "env": []}]);
    for (quirks, resume, method, servers) in [
        (quirks::NONE, None, "session/new", &named),
        (quirks::NONE, Some("s1".to_owned()), "session/load", &named),
        (quirks::COPILOT, None, "session/new", &json!([])),
    ] {
        let mut peer = Peer::new(AcpOptions {
            mcp: Some(server.clone()),
            resume,
            quirks,
            ..AcpOptions::default()
        });
        peer.starts();
        let capable = json!({"protocolVersion": 1, "agentCapabilities": {"loadSession": true}});
        let opening = peer.says(&json!({"id": 1, "result": capable}));
        assert_eq!(methods(&opening), [method]);
        assert_eq!(&opening[0]["params"]["mcpServers"], servers);
    }
}

#[test]
fn an_agent_that_starts_in_a_mode_that_approves_is_set_to_asking() {
    let mut peer = Peer::new(AcpOptions {
        prompt: "go".into(),
        quirks: quirks::QWEN_CODE,
        ..AcpOptions::default()
    });
    peer.starts();
    peer.says(&json!({"id": 1, "result": {"protocolVersion": 1}}));
    let modes = json!({"currentModeId": "auto", "availableModes": [{"id": "auto"}, {"id": "default"}]});
    let mode = peer.says(&json!({"id": 2, "result": {"sessionId": "s1", "modes": modes}}));
    assert_eq!(
        (methods(&mode), &mode[0]["params"]["modeId"]),
        (vec!["session/set_mode"], &json!("default"))
    );
}

#[test]
fn an_old_session_is_resumed_where_the_agent_can_and_loaded_where_not() {
    let cases = [
        (
            json!({"loadSession": true, "sessionCapabilities": {"resume": {}}}),
            "session/resume",
        ),
        (json!({"loadSession": true}), "session/load"),
    ];
    for (capabilities, method) in cases {
        let mut peer = Peer::new(AcpOptions {
            prompt: "more".into(),
            resume: Some("s0".into()),
            ..AcpOptions::default()
        });
        peer.starts();
        let opening =
            peer.says(&json!({"id": 1, "result": {"protocolVersion": 1, "agentCapabilities": capabilities}}));
        assert_eq!(
            (methods(&opening), &opening[0]["params"]["sessionId"]),
            (vec![method], &json!("s0"))
        );
        peer.updates(
            &json!({"sessionUpdate": "agent_message_chunk", "content": {"type": "text", "text": "old"}}),
        );
        peer.says(&json!({"id": 2, "result": {}}));
        peer.updates(
            &json!({"sessionUpdate": "agent_message_chunk", "content": {"type": "text", "text": "new"}}),
        );
        assert_eq!(peer.conversation.said(), "new");
        assert!(peer.conversation.events.contains(&AgentEvent::Session {
            agent_session: "s0".into()
        }));
    }
}

#[test]
fn an_agent_that_cannot_go_on_fails_the_turn_that_waits() {
    let mut peer = Peer::new(AcpOptions {
        prompt: "more".into(),
        resume: Some("s0".into()),
        ..AcpOptions::default()
    });
    peer.starts();
    assert!(
        peer.says(&json!({"id": 1, "result": {"protocolVersion": 1}}))
            .is_empty()
    );
    assert!(matches!(peer.outcome(), Some(TurnOutcome::Failed { .. })));
}

#[test]
fn without_a_login_the_session_fails_as_that() {
    let mut peer = Peer::new(AcpOptions {
        prompt: "go".into(),
        ..AcpOptions::default()
    });
    peer.starts();
    peer.says(&json!({"id": 1, "result": {"protocolVersion": 1}}));
    peer.says(&json!({"id": 2, "error": {"code": -32000, "message": "Authentication required"}}));
    let message = "Authentication required".to_owned();
    assert_eq!(
        peer.outcome(),
        Some(TurnOutcome::Failed {
            kind: FailureKind::Auth,
            message
        })
    );
}

#[test]
fn a_session_that_the_agent_does_not_know_is_told_apart_from_other_failures() {
    let cases = [
        (-32603, "OpenCode service failure", FailureKind::SessionLost),
        (-32602, "Session not found", FailureKind::SessionLost),
        (-32000, "Authentication required", FailureKind::Auth),
        (
            429,
            "Too many requests",
            FailureKind::RateLimit { resets_at: None },
        ),
    ];
    for (code, message, kind) in cases {
        let mut peer = Peer::new(AcpOptions {
            prompt: "go on".into(),
            resume: Some("s0".into()),
            ..AcpOptions::default()
        });
        peer.starts();
        let capable = json!({"protocolVersion": 1, "agentCapabilities": {"loadSession": true}});
        peer.says(&json!({"id": 1, "result": capable}));
        let more = peer.says(&json!({"id": 2, "error": {"code": code, "message": message}}));
        assert!(more.is_empty(), "nothing is sent into nothing");
        let Some(TurnOutcome::Failed {
            kind: told,
            message: said,
        }) = peer.outcome()
        else {
            panic!("{:?}", peer.outcome())
        };
        assert_eq!(told, kind, "{message}");
        assert!(said.contains(message), "{said}");
    }
}

#[test]
fn another_version_of_the_protocol_is_refused() {
    let mut peer = Peer::new(AcpOptions {
        prompt: "go".into(),
        ..AcpOptions::default()
    });
    peer.starts();
    assert!(
        peer.says(&json!({"id": 1, "result": {"protocolVersion": 2}}))
            .is_empty()
    );
    assert!(matches!(
        peer.outcome(),
        Some(TurnOutcome::Failed {
            kind: FailureKind::Protocol,
            ..
        })
    ));
}

#[test]
fn yes_never_chooses_an_option_that_writes_rules_or_changes_the_mode() {
    let mut peer = Peer::working();
    peer.asks(
        0,
        &json!([
            {"optionId": "proceed_always_project", "name": "Always in project", "kind": "allow_always"},
            {"optionId": "proceed_always_user", "name": "Always for user", "kind": "allow_always"},
            {"optionId": "proceed_once_and_switch_to_default", "name": "Once, switch", "kind": "allow_once"},
            {"optionId": "proceed_once", "name": "Allow", "kind": "allow_once"},
            {"optionId": "cancel", "name": "Reject", "kind": "reject_once"},
        ]),
    );
    assert_eq!(
        peer.answer("0", yes()),
        json!({"outcome": "selected", "optionId": "proceed_once"})
    );
    peer.asks(
        1,
        &json!([{"optionId": "always_and_save", "name": "Always", "kind": "allow_always"}]),
    );
    assert_eq!(peer.answer("1", yes()), json!({"outcome": "cancelled"}));
}

#[test]
fn no_is_the_option_that_rejects_once_and_closes_the_call() {
    let mut peer = Peer::working();
    peer.asks(
        0,
        &json!([
            {"optionId": "never", "name": "Never", "kind": "reject_always"},
            {"optionId": "no", "name": "No", "kind": "reject_once"},
        ]),
    );
    let denied = ApprovalAnswer::Denied {
        reason: Some("not now".into()),
    };
    assert_eq!(
        peer.answer("0", denied),
        json!({"outcome": "selected", "optionId": "no"})
    );
    peer.updates(&json!({"sessionUpdate": "tool_call_update", "toolCallId": "c0", "status": "failed"}));
    assert_eq!(
        peer.conversation.tools()[0].status,
        ToolStatus::Denied { reason: None }
    );
}

#[test]
fn an_interrupt_answers_open_questions_first() {
    let mut peer = Peer::working();
    peer.asks(
        7,
        &json!([{"optionId": "yes", "name": "Yes", "kind": "allow_once"}]),
    );
    let written = peer.ask(&AgentRequest::Interrupt);
    assert_eq!(written[0]["result"]["outcome"]["outcome"], "cancelled");
    assert_eq!(
        (methods(&written), &written[1]["params"]["sessionId"]),
        (vec!["session/cancel"], &json!("s1"))
    );
    assert!(
        peer.conversation
            .events
            .contains(&AgentEvent::ApprovalVoid { key: "7".into() })
    );
    peer.says(&json!({"id": 3, "result": {"stopReason": "cancelled"}}));
    assert_eq!(peer.outcome(), Some(TurnOutcome::Interrupted));
    assert!(
        peer.ask(&AgentRequest::Interrupt).is_empty(),
        "there is no turn to end"
    );
}

#[test]
fn a_command_that_a_cancel_broke_off_has_not_worked() {
    let mut peer = Peer::working();
    peer.updates(
        &json!({"sessionUpdate": "tool_call", "toolCallId": "c1", "title": "sleep 9", "kind": "execute"}),
    );
    peer.ask(&AgentRequest::Interrupt);
    peer.updates(&json!({"sessionUpdate": "tool_call_update", "toolCallId": "c1", "status": "completed"}));
    assert_eq!(peer.conversation.tools()[0].status, ToolStatus::Failed);
}

#[test]
fn a_prompt_during_a_turn_is_sent_after_it() {
    let mut peer = Peer::working();
    let prompt = AgentRequest::Prompt {
        text: "and this".into(),
        images: Vec::new(),
    };
    assert!(
        peer.ask(&prompt).is_empty(),
        "a second prompt would end the first"
    );
    let next = peer.says(&json!({"id": 3, "result": {"stopReason": "end_turn"}}));
    assert_eq!(
        (methods(&next), &next[0]["params"]["prompt"][0]["text"]),
        (vec!["session/prompt"], &json!("and this"))
    );
}

#[test]
fn model_and_mode_are_switched_between_turns_before_the_prompt() {
    let mut peer = Peer::new(AcpOptions {
        prompt: "go".into(),
        ..AcpOptions::default()
    });
    peer.starts();
    peer.says(&json!({"id": 1, "result": {"protocolVersion": 1}}));
    peer.says(&json!({"id": 2, "result": {"sessionId": "s1",
        "modes": {"currentModeId": "auto", "availableModes": [{"id": "auto"}, {"id": "plan"}]},
        "models": {"currentModelId": "small", "availableModels": []}}}));
    peer.says(&json!({"id": 3, "result": {"stopReason": "end_turn"}}));
    let big = Some("big".to_owned());
    let first = peer.ask(&AgentRequest::Switch {
        model: big,
        plan: true,
    });
    assert_eq!(
        (methods(&first), &first[0]["params"]["modeId"]),
        (vec!["session/set_mode"], &json!("plan"))
    );
    // The prompt waits until both are answered, even if one is refused.
    let prompt = AgentRequest::Prompt {
        text: "plan it".into(),
        images: Vec::new(),
    };
    assert!(peer.ask(&prompt).is_empty());
    let second = peer.says(&json!({"id": 4, "result": {}}));
    assert_eq!(
        (methods(&second), &second[0]["params"]["modelId"]),
        (vec!["session/set_model"], &json!("big"))
    );
    let sent = peer.says(&json!({"id": 5, "error": {"code": -32602, "message": "no such model"}}));
    assert_eq!(methods(&sent), ["session/prompt"]);
    peer.says(&json!({"id": 6, "result": {"stopReason": "end_turn"}}));
    // Back: the mode that it began in; the model never changed.
    let back = peer.ask(&AgentRequest::Switch {
        model: None,
        plan: false,
    });
    assert_eq!(
        (methods(&back), &back[0]["params"]["modeId"]),
        (vec!["session/set_mode"], &json!("auto"))
    );
    peer.says(&json!({"id": 7, "result": {}}));
    assert!(
        peer.ask(&AgentRequest::Switch {
            model: None,
            plan: false
        })
        .is_empty()
    );
    assert_eq!(methods(&peer.ask(&prompt)), ["session/prompt"]);
}

#[test]
fn an_agent_without_modes_and_models_gets_the_prompt_at_once() {
    let mut peer = Peer::working();
    peer.says(&json!({"id": 3, "result": {"stopReason": "end_turn"}}));
    let model = Some("big".to_owned());
    assert!(peer.ask(&AgentRequest::Switch { model, plan: true }).is_empty());
    let prompt = AgentRequest::Prompt {
        text: "go on".into(),
        images: Vec::new(),
    };
    assert_eq!(methods(&peer.ask(&prompt)), ["session/prompt"]);
}

#[test]
fn every_request_of_the_agent_is_answered() {
    let mut peer = Peer::working();
    for (method, shown) in [
        ("fs/read_text_file", false),
        ("terminal/create", false),
        ("vendor/whatever", true),
    ] {
        let before = peer.conversation.uses.get("raw").copied().unwrap_or(0);
        let written = peer.says(&json!({"id": "x-1", "method": method, "params": {}}));
        assert_eq!(
            (&written[0]["id"], &written[0]["error"]["code"]),
            (&json!("x-1"), &json!(-32601))
        );
        let after = peer.conversation.uses.get("raw").copied().unwrap_or(0);
        assert_eq!(after > before, shown, "{method}");
    }
}

#[test]
fn a_question_that_the_agent_takes_back_is_void() {
    let mut peer = Peer::working();
    peer.asks(
        5,
        &json!([{"optionId": "yes", "name": "Yes", "kind": "allow_once"}]),
    );
    peer.says(&json!({"method": "$/cancel_request", "params": {"requestId": 5}}));
    assert!(
        peer.conversation
            .events
            .contains(&AgentEvent::ApprovalVoid { key: "5".into() })
    );
    let late = AgentRequest::Answer {
        key: "5".into(),
        answer: yes(),
    };
    assert!(peer.ask(&late).is_empty());
}

#[test]
fn ends_that_are_no_success_are_told() {
    for (reason, words) in [
        ("max_tokens", "limit of tokens"),
        ("refusal", "refused"),
        ("brand_new", "brand_new"),
    ] {
        let mut peer = Peer::working();
        peer.says(&json!({"id": 3, "result": {"stopReason": reason}}));
        let Some(TurnOutcome::Failed { message, .. }) = peer.outcome() else {
            panic!("{reason}")
        };
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn a_change_of_mode_that_comes_as_a_message_is_not_shown_as_one() {
    let mut peer = Peer::working();
    peer.protocol = Acp::new(AcpOptions {
        quirks: quirks::GEMINI,
        ..AcpOptions::default()
    });
    peer.conversation = Conversation::default();
    peer.says(&json!({"id": 1, "result": {"protocolVersion": 1}}));
    peer.says(&json!({"id": 2, "result": {"sessionId": "s1"}}));
    peer.protocol.on_line(
        LogStream::In,
        br#"{"id":3,"method":"session/prompt","params":{"prompt":[{"type":"text","text":"go"}]}}"#,
        crate::support::START,
        &mut anyon_executors::protocols::Output::default(),
    );
    let mut conversation = Conversation::default();
    let line = json!({"method": "session/update", "params": {"update": {"sessionUpdate": "agent_message_chunk",
        "content": {"type": "text", "text": "[MODE_UPDATE] plan"}}}});
    conversation.line(&mut peer.protocol, LogStream::Out, line.to_string().as_bytes());
    assert_eq!(conversation.events, [AgentEvent::Mode { mode: "plan".into() }]);
    assert!(conversation.entries.is_empty());
}

#[test]
fn updates_of_tomorrow_are_shown_raw() {
    let mut peer = Peer::working();
    peer.updates(&json!({"sessionUpdate": "telepathy", "thought": 7}));
    let raw = peer.conversation.texts(|entry| match &entry.kind {
        EntryKind::Raw { text, .. } => Some(text.clone()),
        _ => None,
    });
    assert!(raw[0].contains("telepathy"));
}
