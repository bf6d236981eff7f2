//! What Codex's protocol allows and no recording here holds.

use crate::support::Conversation;
use anyon_executors::{
    mcp_config::Server,
    protocols::{Codex, CodexOptions, Protocol},
};
use anyon_model::{
    AgentEvent, AgentRequest, ApprovalAnswer, ApprovalScope, EntryKind, FailureKind, Image, LogStream,
    Question, ResumeFrom, Timestamp, ToolStatus, TurnOutcome,
};
use serde_json::{Value, json};
use std::path::Path;

/// Codex on the other end of the line.
struct Peer {
    protocol: Codex,
    conversation: Conversation,
}

impl Peer {
    fn new(options: CodexOptions) -> Self {
        Self {
            protocol: Codex::new(options),
            conversation: Conversation::default(),
        }
    }
    /// In the middle of a turn.
    fn working() -> Self {
        Self::working_with(CodexOptions::default())
    }
    fn working_with(options: CodexOptions) -> Self {
        let mut peer = Self::new(CodexOptions {
            prompt: "go".into(),
            worktree: Some("/w".into()),
            ..options
        });
        peer.starts();
        peer.says(&json!({"id": 1, "result": {"userAgent": "codex"}}));
        peer.says(
            &json!({"id": 2, "result": {"thread": {"id": "t1"}, "model": "big", "reasoningEffort": "low"}}),
        );
        peer.says(&json!({"id": 3, "result": {"turn": {"id": "u1"}}}));
        peer.tells("turn/started", json!({"turn": {"id": "u1"}}));
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
    fn tells(&mut self, method: &str, mut params: Value) -> Vec<Value> {
        if params.get("threadId").is_none() {
            params["threadId"] = json!("t1");
        }
        self.says(&json!({"method": method, "params": params}))
    }
    fn item(&mut self, stage: &str, item: &Value) {
        self.tells(&format!("item/{stage}"), json!({"turnId": "u1", "item": item}));
    }
    fn asks(&mut self, id: u64, method: &str, mut params: Value) -> Vec<Value> {
        params["threadId"] = json!("t1");
        params["turnId"] = json!("u1");
        self.says(&json!({"id": id, "method": method, "params": params}))
    }
    fn asks_command(&mut self, id: u64, command: &str) {
        let item = json!({"type": "commandExecution", "id": format!("c{id}"), "command": command, "cwd": "/w",
            "status": "inProgress"});
        self.item("started", &item);
        let params =
            json!({"itemId": format!("c{id}"), "command": command, "cwd": "/w/sub", "kind": "command"});
        self.asks(id, "item/commandExecution/requestApproval", params);
    }
    fn ask(&mut self, request: &AgentRequest) -> Vec<Value> {
        let mut stdin = Vec::new();
        self.protocol.request(request, &mut stdin);
        self.written(&stdin)
    }
    fn answer(&mut self, key: &str, answer: ApprovalAnswer) -> Vec<Value> {
        let key = key.to_owned();
        self.ask(&AgentRequest::Answer { key, answer })
    }
    fn ends(&mut self, status: &str) -> Vec<Value> {
        self.tells("turn/completed", json!({"turn": {"id": "u1", "status": status}}))
    }
    fn fails(&mut self, told: Value) -> FailureKind {
        let error = json!({"message": "it says no", "codexErrorInfo": told});
        self.tells("error", json!({"error": error, "willRetry": false}));
        self.tells(
            "turn/completed",
            json!({"turn": {"id": "u1", "status": "failed", "error": error}}),
        );
        let errors = self.conversation.texts(|entry| match &entry.kind {
            EntryKind::ErrorMessage { text, .. } => Some(text.clone()),
            _ => None,
        });
        assert_eq!(errors, ["it says no"], "told once");
        match self.outcome() {
            Some(TurnOutcome::Failed { kind, .. }) => kind,
            other => panic!("{other:?}"),
        }
    }
    fn outcome(&self) -> Option<TurnOutcome> {
        let mut events = self.conversation.events.iter().rev();
        events.find_map(|event| match event {
            AgentEvent::TurnEnded(outcome) => Some(outcome.clone()),
            _ => None,
        })
    }
    fn question(&self) -> Question {
        let mut events = self.conversation.events.iter().rev();
        let asked = events.find_map(|event| match event {
            AgentEvent::Approval(request) => Some(request.question.clone()),
            _ => None,
        });
        asked.unwrap()
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

fn no(reason: &str) -> ApprovalAnswer {
    ApprovalAnswer::Denied {
        reason: Some(reason.into()),
    }
}

#[test]
fn a_thread_asks_for_everything_and_its_turns_name_the_sandbox() {
    let server = Server::new(Path::new("/bin/anyon"), &["--mcp"]).unwrap();
    let mut peer = Peer::new(CodexOptions {
        prompt: "go".into(),
        worktree: Some("/w".into()),
        effort: Some("high".into()),
        mcp: Some(server),
        ..CodexOptions::default()
    });
    assert_eq!(methods(&peer.starts()), ["initialize"]);
    let opening = peer.says(&json!({"id": 1, "result": {"userAgent": "codex"}}));
    assert_eq!(methods(&opening), ["initialized", "thread/start"]);
    let params = &opening[1]["params"];
    assert_eq!(
        (&params["cwd"], &params["approvalPolicy"]),
        (&json!("/w"), &json!("untrusted"))
    );
    assert_eq!(params["approvalsReviewer"], "user");
    // Named here, Codex would trust the repository for good and start what it brings.
    assert!(params.get("sandbox").is_none(), "{params}");
    assert_eq!(params["config"]["tools"]["update_plan"]["enabled"], true);
    assert_eq!(
        params["config"]["mcp_servers"],
        json!({"anyon": {"command": "/bin/anyon", "args": ["--mcp"]}})
    );
    let opened = json!({"thread": {"id": "t1"}, "model": "big", "reasoningEffort": null});
    let turn = peer.says(&json!({"id": 2, "result": opened}));
    let params = &turn[0]["params"];
    assert_eq!(
        (methods(&turn), &params["threadId"]),
        (vec!["turn/start"], &json!("t1"))
    );
    assert_eq!(params["approvalPolicy"], "untrusted");
    assert_eq!(
        params["sandboxPolicy"],
        json!({"type": "workspaceWrite", "writableRoots": [], "networkAccess": false})
    );
    assert_eq!(params["collaborationMode"]["mode"], "default");
    assert_eq!(params["collaborationMode"]["settings"]["model"], "big");
    assert_eq!(
        params["collaborationMode"]["settings"]["reasoning_effort"],
        "high"
    );
    assert_eq!(params["input"][0]["text"], "go");
}

#[test]
fn a_version_without_the_asking_policy_gets_one_that_asks_before_it_writes() {
    let mut peer = Peer::new(CodexOptions {
        prompt: "go".into(),
        ..CodexOptions::default()
    });
    peer.starts();
    peer.says(&json!({"id": 1, "result": {"userAgent": "codex"}}));
    let message = "Invalid request: unknown variant `untrusted`, expected `on-request` or `never`";
    let again = peer.says(&json!({"id": 2, "error": {"code": -32600, "message": message}}));
    assert_eq!(methods(&again), ["thread/start"]);
    assert_eq!(again[0]["params"]["approvalPolicy"], "on-request");
    let turn = peer.says(&json!({"id": 3, "result": {"thread": {"id": "t1"}, "model": "big"}}));
    assert_eq!(turn[0]["params"]["approvalPolicy"], "on-request");
    assert_eq!(turn[0]["params"]["sandboxPolicy"]["type"], "readOnly");
    // Refused once more, it is told.
    let mut peer = Peer::new(CodexOptions {
        prompt: "go".into(),
        ..CodexOptions::default()
    });
    peer.starts();
    peer.says(&json!({"id": 1, "result": {"userAgent": "codex"}}));
    peer.says(&json!({"id": 2, "error": {"code": -32600, "message": message}}));
    peer.says(&json!({"id": 3, "error": {"code": -32600, "message": message}}));
    assert!(matches!(peer.outcome(), Some(TurnOutcome::Failed { .. })));
}

#[test]
fn a_session_is_resumed_forked_or_cut() {
    let opening = |at: Option<&str>, fork: bool| {
        let mut peer = Peer::new(CodexOptions {
            resume: Some(ResumeFrom {
                agent_session: "t9".into(),
                at: at.map(str::to_owned),
                fork,
            }),
            ..CodexOptions::default()
        });
        peer.starts();
        let lines = peer.says(&json!({"id": 1, "result": {"userAgent": "codex"}}));
        let (method, params) = (lines[1]["method"].clone(), lines[1]["params"].clone());
        assert_eq!(
            (&params["threadId"], &params["excludeTurns"]),
            (&json!("t9"), &json!(true))
        );
        (method, params["lastTurnId"].clone())
    };
    assert_eq!(opening(None, false), (json!("thread/resume"), Value::Null));
    assert_eq!(opening(None, true), (json!("thread/fork"), Value::Null));
    assert_eq!(opening(Some("u3"), false), (json!("thread/fork"), json!("u3")));
}

#[test]
fn a_session_that_is_gone_is_told() {
    let mut peer = Peer::new(CodexOptions {
        prompt: "go on".into(),
        resume: Some(ResumeFrom {
            agent_session: "t9".into(),
            at: None,
            fork: false,
        }),
        ..CodexOptions::default()
    });
    peer.starts();
    peer.says(&json!({"id": 1, "result": {"userAgent": "codex"}}));
    let message = "no rollout found for thread id t9";
    let more = peer.says(&json!({"id": 2, "error": {"code": -32600, "message": message}}));
    assert!(more.is_empty(), "nothing is sent into nothing");
    let failed = TurnOutcome::Failed {
        kind: FailureKind::SessionLost,
        message: format!("The session cannot be resumed: {message}"),
    };
    assert_eq!(peer.outcome(), Some(failed));
}

#[test]
fn a_planning_agent_reads_only_and_writes_once_it_is_switched() {
    let mut peer = Peer::working_with(CodexOptions {
        plan: true,
        ..CodexOptions::default()
    });
    peer.ends("completed");
    peer.ask(&AgentRequest::Switch {
        model: Some("small".into()),
        plan: false,
    });
    let prompt = AgentRequest::Prompt {
        text: "do it".into(),
        images: Vec::new(),
    };
    let turn = peer.ask(&prompt);
    let params = &turn[0]["params"];
    assert_eq!(params["sandboxPolicy"]["type"], "workspaceWrite");
    assert_eq!(params["collaborationMode"]["mode"], "default");
    assert_eq!(params["collaborationMode"]["settings"]["model"], "small");
    assert_eq!(params["collaborationMode"]["settings"]["reasoning_effort"], "low");
    let modes = peer.conversation.events.iter().filter_map(|event| match event {
        AgentEvent::Mode { mode } => Some(mode.as_str()),
        _ => None,
    });
    assert_eq!(modes.collect::<Vec<_>>(), ["plan", "default"]);
    peer.ends("completed");
    peer.ask(&AgentRequest::Switch {
        model: None,
        plan: true,
    });
    let turn = peer.ask(&prompt);
    assert_eq!(turn[0]["params"]["sandboxPolicy"]["type"], "readOnly");
    assert_eq!(
        turn[0]["params"]["collaborationMode"]["settings"]["model"], "big",
        "as it began"
    );
}

#[test]
fn a_yes_is_for_this_once_and_a_no_goes_on_with_its_reason() {
    let mut peer = Peer::working();
    peer.asks_command(0, "/bin/bash -lc 'make all'");
    let asked = Question::Command {
        command: "make all".into(),
        cwd: Some("/w/sub".into()),
    };
    assert_eq!(peer.question(), asked);
    assert_eq!(
        peer.answer("0", yes()),
        [json!({"id": 0, "result": {"decision": "accept"}})]
    );
    peer.asks_command(1, "/bin/bash -lc 'rm -rf build'");
    let lines = peer.answer("1", no("the build is needed"));
    assert_eq!(lines[0], json!({"id": 1, "result": {"decision": "decline"}}));
    assert_eq!(lines[1]["method"], "turn/steer");
    assert_eq!(lines[1]["params"]["input"][0]["text"], "the build is needed");
    let echo = json!({"type": "userMessage", "id": "m", "content": [{"type": "text", "text": "the build is needed"}]});
    peer.item("completed", &echo);
    peer.item(
        "completed",
        &json!({"type": "commandExecution", "id": "c1", "status": "declined",
        "command": "/bin/bash -lc 'rm -rf build'"}),
    );
    let refused = ToolStatus::Denied {
        reason: Some("the build is needed".into()),
    };
    assert_eq!(peer.conversation.tools()[1].status, refused);
    let prompts = peer.conversation.texts(|entry| match &entry.kind {
        EntryKind::UserMessage { text } => Some(text.clone()),
        _ => None,
    });
    assert_eq!(prompts, ["go"], "the reason stands with what was refused");
    // Answered twice, nothing is written twice.
    assert!(peer.answer("1", yes()).is_empty());
}

#[test]
fn input_for_a_terminal_and_hosts_are_asked_as_what_they_are() {
    let mut peer = Peer::working();
    let stdin = json!({"itemId": "s1", "kind": "writeStdin", "command": "cat", "cwd": "/w"});
    peer.asks(0, "item/commandExecution/requestApproval", stdin);
    assert!(
        matches!(peer.question(), Question::Tool { .. }),
        "never taken for the command"
    );
    let host =
        json!({"itemId": "s2", "networkApprovalContext": {"host": "example.org", "protocol": "https"}});
    peer.asks(1, "item/commandExecution/requestApproval", host);
    assert_eq!(
        peer.question(),
        Question::Fetch {
            target: "https://example.org".into()
        }
    );
    let more = json!({"itemId": "s3", "cwd": "/w", "permissions": {"network": {"enabled": true}}});
    peer.asks(2, "item/permissions/requestApproval", more);
    assert_eq!(
        peer.answer("2", yes()),
        [json!({"id": 2, "result": {"permissions": {"network": {"enabled": true}}, "scope": "turn"}})]
    );
    peer.asks(
        3,
        "item/permissions/requestApproval",
        json!({"itemId": "s4", "permissions": {"network": {"enabled": true}}}),
    );
    let refused = peer.answer("3", ApprovalAnswer::Denied { reason: None });
    assert_eq!(
        refused,
        [json!({"id": 3, "result": {"permissions": {}, "scope": "turn"}})]
    );
}

#[test]
fn changes_of_files_are_asked_with_every_file_that_they_touch() {
    let mut peer = Peer::working();
    let changes = json!([
        {"path": "/w/a", "kind": {"type": "update", "move_path": "/etc/b"}, "diff": "@@ -1 +1 @@\n-x\n+y\n"},
        {"path": "/w/c", "kind": {"type": "delete"}, "diff": "z\n"},
    ]);
    peer.item(
        "started",
        &json!({"type": "fileChange", "id": "p1", "changes": changes, "status": "inProgress"}),
    );
    peer.asks(
        0,
        "item/fileChange/requestApproval",
        json!({"itemId": "p1", "grantRoot": "/else"}),
    );
    let paths = ["/w/a", "/etc/b", "/w/c", "/else"].map(Into::into).into();
    assert_eq!(peer.question(), Question::Edit { paths });
    // One whose files nobody told is not passed as an edit.
    peer.asks(1, "item/fileChange/requestApproval", json!({"itemId": "p9"}));
    assert!(matches!(peer.question(), Question::Tool { .. }));
}

#[test]
fn questions_to_the_user_are_answered_by_name() {
    let mut peer = Peer::working();
    let questions = json!([{"id": "color", "header": "Color", "question": "Which?", "isOther": true,
        "options": [{"label": "Red", "description": "warm"}]}]);
    peer.asks(
        0,
        "item/tool/requestUserInput",
        json!({"itemId": "q1", "questions": questions}),
    );
    let answers = [("Which?".to_owned(), "Red".to_owned())].into();
    let lines = peer.answer("0", ApprovalAnswer::Answered { answers });
    assert_eq!(
        lines,
        [json!({"id": 0, "result": {"answers": {"color": {"answers": ["Red"]}}}})]
    );
    assert_eq!(peer.conversation.tools()[0].status, ToolStatus::Success);
    peer.asks(
        1,
        "item/tool/requestUserInput",
        json!({"itemId": "q2", "questions": questions}),
    );
    let lines = peer.answer("1", ApprovalAnswer::Denied { reason: None });
    assert_eq!(lines, [json!({"id": 1, "result": {"answers": {}}})]);
    assert!(matches!(
        peer.conversation.tools()[1].status,
        ToolStatus::Denied { .. }
    ));
}

#[test]
fn an_mcp_server_may_ask_for_what_it_needs() {
    let mut peer = Peer::working();
    let schema = json!({"type": "object", "properties": {
        "count": {"type": "integer", "title": "How many?"},
        "really": {"type": "boolean", "title": "Really?"},
        "size": {"type": "string", "title": "Size?", "enum": ["s", "l"], "enumNames": ["Small", "Large"]},
    }});
    let params = json!({"serverName": "shop", "mode": "form", "message": "Order", "requestedSchema": schema});
    peer.asks(0, "mcpServer/elicitation/request", params);
    let Question::Choice { questions } = peer.question() else {
        panic!()
    };
    assert_eq!(questions.len(), 3);
    let given = [("How many?", "3"), ("Really?", "Yes"), ("Size?", "Large")];
    let answers = given
        .map(|(question, answer)| (question.to_owned(), answer.to_owned()))
        .into();
    let lines = peer.answer("0", ApprovalAnswer::Answered { answers });
    assert_eq!(
        lines[0]["result"]["content"],
        json!({"count": 3, "really": true, "size": "l"})
    );
    let url =
        json!({"serverName": "shop", "mode": "url", "message": "Log in", "url": "https://shop.example"});
    peer.asks(1, "mcpServer/elicitation/request", url);
    assert_eq!(
        peer.question(),
        Question::Fetch {
            target: "https://shop.example".into()
        }
    );
    let odd = peer.asks(
        2,
        "mcpServer/elicitation/request",
        json!({"serverName": "shop", "mode": "openai/userVerification"}),
    );
    assert_eq!(odd[0]["error"]["code"], -32601);
}

#[test]
fn a_request_that_is_not_known_is_refused_and_shown() {
    let mut peer = Peer::working();
    let answer = peer.asks(7, "attestation/generate", json!({}));
    assert_eq!(
        (&answer[0]["id"], &answer[0]["error"]["code"]),
        (&json!(7), &json!(-32601))
    );
    peer.tells("something/new", json!({"a": 1}));
    let raw = peer.conversation.texts(|entry| match &entry.kind {
        EntryKind::Raw { text, .. } => Some(text.clone()),
        _ => None,
    });
    assert!(raw.concat().contains("attestation/generate") && raw.concat().contains("something/new"));
    peer.item(
        "completed",
        &json!({"type": "holograms", "id": "h1", "status": "failed", "sides": 3}),
    );
    assert_eq!(peer.conversation.tools()[0].tool, "holograms");
    assert_eq!(peer.conversation.tools()[0].status, ToolStatus::Failed);
}

#[test]
fn failures_have_kinds() {
    let of = |told: Value| Peer::working().fails(told);
    assert_eq!(of(json!("contextWindowExceeded")), FailureKind::ContextTooLong);
    assert_eq!(of(json!("unauthorized")), FailureKind::Auth);
    assert_eq!(of(json!("serverOverloaded")), FailureKind::Model);
    assert_eq!(of(json!("sessionBudgetExceeded")), FailureKind::Quota);
    assert_eq!(
        of(json!("usageLimitExceeded")),
        FailureKind::RateLimit { resets_at: None }
    );
    assert_eq!(
        of(json!({"httpConnectionFailed": {"httpStatusCode": 401}})),
        FailureKind::Auth
    );
    assert_eq!(
        of(json!({"httpConnectionFailed": {"httpStatusCode": null}})),
        FailureKind::Network
    );
    assert_eq!(
        of(json!({"responseStreamDisconnected": {"httpStatusCode": 502}})),
        FailureKind::Model
    );
    assert_eq!(
        of(json!({"responseTooManyFailedAttempts": {"httpStatusCode": 429}})),
        FailureKind::RateLimit { resets_at: None }
    );
    assert_eq!(of(json!("other")), FailureKind::Other);
    assert_eq!(of(json!({"brandNew": {"a": 1}})), FailureKind::Network);
}

#[test]
fn a_limit_tells_when_it_ends() {
    let mut peer = Peer::working();
    let limits = |used: u32| {
        json!({"rateLimits": {"primary": {"usedPercent": used, "windowDurationMins": 300, "resetsAt": 1_795_400_000},
            "secondary": {"usedPercent": 7, "windowDurationMins": 10080, "resetsAt": 1_795_900_000}}})
    };
    peer.tells("account/rateLimits/updated", limits(42));
    peer.tells("account/rateLimits/updated", limits(93));
    peer.tells("account/rateLimits/updated", limits(100));
    let said = peer.conversation.texts(|entry| match &entry.kind {
        EntryKind::SystemMessage { text } => Some(text.clone()),
        _ => None,
    });
    assert_eq!(said, ["93 % of the 5-hour limit is used"], "once");
    let resets_at = Some(Timestamp::from_ms(1_795_400_000_000));
    assert_eq!(
        peer.fails(json!("usageLimitExceeded")),
        FailureKind::RateLimit { resets_at }
    );
}

#[test]
fn an_interrupt_waits_for_the_turn_to_have_a_name() {
    let mut peer = Peer::new(CodexOptions {
        prompt: "go".into(),
        ..CodexOptions::default()
    });
    peer.starts();
    peer.says(&json!({"id": 1, "result": {"userAgent": "codex"}}));
    peer.says(&json!({"id": 2, "result": {"thread": {"id": "t1"}, "model": "big"}}));
    assert!(peer.ask(&AgentRequest::Interrupt).is_empty());
    let lines = peer.says(&json!({"id": 3, "result": {"turn": {"id": "u1"}}}));
    assert_eq!(
        methods(&lines),
        ["turn/interrupt", "thread/backgroundTerminals/clean"]
    );
    assert_eq!(lines[0]["params"], json!({"threadId": "t1", "turnId": "u1"}));
    peer.ends("interrupted");
    assert_eq!(peer.outcome(), Some(TurnOutcome::Interrupted));
    assert!(
        peer.ask(&AgentRequest::Interrupt).is_empty(),
        "there is nothing to interrupt"
    );
}

#[test]
fn a_prompt_in_a_running_turn_waits_for_its_end() {
    let mut peer = Peer::working();
    let image = Image {
        hash: String::new(),
        label: "red.png".into(),
        media_type: "image/png".into(),
        source: Some("/tmp/red.png".into()),
    };
    let prompt = AgentRequest::Prompt {
        text: "and this".into(),
        images: vec![image],
    };
    assert!(peer.ask(&prompt).is_empty());
    let turn = peer.ends("completed");
    assert_eq!(methods(&turn), ["turn/start"]);
    assert_eq!(
        turn[0]["params"]["input"][1],
        json!({"type": "localImage", "path": "/tmp/red.png"})
    );
}

#[test]
fn a_command_that_outlives_its_turn_is_heard_on() {
    let mut peer = Peer::working();
    let command = json!({"type": "commandExecution", "id": "c1", "command": "serve", "cwd": "/w", "status": "inProgress"});
    peer.item("started", &command);
    let output = |text: &str| json!({"itemId": "c1", "delta": text});
    peer.tells("item/commandExecution/outputDelta", output("ready\n"));
    peer.ends("completed");
    let tool = |peer: &Peer| peer.conversation.tools()[0].clone();
    assert_eq!(
        (tool(&peer).status, tool(&peer).output.unwrap().text),
        (ToolStatus::Success, "ready\n".into())
    );
    peer.tells("item/commandExecution/outputDelta", output("one\n"));
    peer.tells("item/commandExecution/outputDelta", output("two\n"));
    let background = peer.conversation.texts(|entry| match &entry.kind {
        EntryKind::SystemMessage { text } => Some(text.clone()),
        _ => None,
    });
    assert_eq!(background, ["In the background, serve:\none\ntwo\n"]);
    peer.item(
        "completed",
        &json!({"type": "commandExecution", "id": "c1", "command": "serve", "status": "failed",
        "aggregatedOutput": "ready\none\ntwo\n", "exitCode": 137}),
    );
    assert_eq!(tool(&peer).output.unwrap().exit_code, Some(137));
    assert_eq!(tool(&peer).status, ToolStatus::Failed);
    peer.conversation.exit(&mut peer.protocol);
}

#[test]
fn what_a_sub_agent_says_belongs_to_the_call_that_started_it() {
    let mut peer = Peer::working();
    let call = json!({"type": "collabAgentToolCall", "id": "s1", "tool": "spawnAgent", "prompt": "look", "status": "inProgress",
        "receiverThreadIds": ["t2"]});
    peer.item("started", &call);
    let message = json!({"threadId": "t2", "item": {"type": "agentMessage", "id": "m1", "text": "I looked"}});
    peer.tells("item/completed", message);
    peer.tells(
        "turn/completed",
        json!({"threadId": "t2", "turn": {"id": "x", "status": "completed"}}),
    );
    assert_eq!(
        peer.outcome(),
        None,
        "the end of another thread's turn is not ours"
    );
    assert_eq!(peer.conversation.said(), "");
    let parents = peer
        .conversation
        .entries
        .values()
        .filter_map(|entry| entry.parent);
    assert_eq!(parents.count(), 1);
    // One that no call told of gets an entry of its own.
    let message = json!({"threadId": "t3", "item": {"type": "agentMessage", "id": "m2", "text": "me too"}});
    peer.tells("item/completed", message);
    peer.tells(
        "turn/completed",
        json!({"threadId": "t3", "turn": {"id": "y", "status": "completed"}}),
    );
    assert_eq!(peer.conversation.said(), "");
    assert_eq!(peer.conversation.tools()[1].status, ToolStatus::Success);
    peer.ends("completed");
    assert_eq!(peer.outcome(), Some(TurnOutcome::Completed));
}

#[test]
fn only_what_this_process_spent_counts() {
    let mut peer = Peer::new(CodexOptions {
        prompt: "go on".into(),
        ..CodexOptions::default()
    });
    let usage = |input: u32| {
        json!({"tokenUsage": {"total": {"inputTokens": input, "outputTokens": 10, "cachedInputTokens": 0},
            "last": {"totalTokens": 55, "inputTokens": 50, "outputTokens": 0}, "modelContextWindow": 1000}})
    };
    peer.starts();
    peer.says(&json!({"id": 1, "result": {"userAgent": "codex"}}));
    peer.says(&json!({"id": 2, "result": {"thread": {"id": "t1"}, "model": "big"}}));
    peer.ends("completed");
    peer.tells("thread/tokenUsage/updated", usage(100));
    peer.ask(&AgentRequest::Prompt {
        text: "more".into(),
        images: Vec::new(),
    });
    peer.tells("thread/tokenUsage/updated", usage(150));
    peer.ends("completed");
    let told = peer
        .conversation
        .events
        .iter()
        .rev()
        .find_map(|event| match event {
            AgentEvent::Usage(usage) => Some((usage.input, usage.context_used, usage.context_size)),
            _ => None,
        });
    assert_eq!(told, Some((50, 55, 1000)));
}
