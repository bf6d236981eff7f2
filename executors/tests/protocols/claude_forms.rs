//! Claude Code's lines that no recording here holds, told in its words.

use crate::support::{Conversation, START};
use anyon_executors::protocols::{ClaudeOptions, ClaudeStream, Protocol};
use anyon_model::{
    AgentEvent, AgentRequest, ApprovalAnswer, ApprovalScope, EntryIndex, EntryKind, FailureKind, LogStream,
    PlanStatus, Question, Timestamp, ToolKind, ToolStatus, TurnOutcome,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Claude Code on the other end of the line.
struct Claude {
    protocol: ClaudeStream,
    conversation: Conversation,
}

impl Claude {
    fn new() -> Self {
        Self {
            protocol: ClaudeStream::new(ClaudeOptions::default()),
            conversation: Conversation::default(),
        }
    }
    /// In the middle of a turn.
    fn working() -> Self {
        let mut claude = Self::new();
        claude.ask(&AgentRequest::Prompt {
            text: "go".into(),
            images: Vec::new(),
        });
        claude.says(&json!({"type": "system", "subtype": "init", "session_id": "s1", "cwd": "/w"}));
        claude
    }
    fn says(&mut self, line: &Value) -> Vec<u8> {
        let line = line.to_string();
        self.conversation
            .line(&mut self.protocol, LogStream::Out, line.as_bytes())
    }
    /// Asks the protocol for lines and writes them, as the runtime does.
    fn ask(&mut self, request: &AgentRequest) -> Vec<Value> {
        let mut stdin = Vec::new();
        self.protocol.request(request, &mut stdin);
        let lines = stdin.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let mut written = Vec::new();
        for line in lines {
            self.conversation.line(&mut self.protocol, LogStream::In, line);
            written.push(serde_json::from_slice(line).unwrap());
        }
        written
    }
    fn uses(&mut self, call_id: &str, tool: &str, input: &Value) {
        let block = json!({"type": "tool_use", "id": call_id, "name": tool, "input": input});
        self.says(&json!({"type": "assistant", "uuid": "u1", "message": {"content": [block]}}));
    }
    fn asks(&mut self, key: &str, call_id: &str, tool: &str, input: &Value) {
        self.says(&json!({"type": "control_request", "request_id": key, "request": {
            "subtype": "can_use_tool", "tool_name": tool, "input": input, "tool_use_id": call_id,
        }}));
    }
    fn answer(&mut self, key: &str, answer: ApprovalAnswer) -> Vec<Value> {
        let key = key.to_owned();
        self.ask(&AgentRequest::Answer { key, answer })
    }
    fn gets(&mut self, call_id: &str, text: &str, is_error: bool) {
        let block =
            json!({"type": "tool_result", "tool_use_id": call_id, "content": text, "is_error": is_error});
        self.says(&json!({"type": "user", "message": {"content": [block]}}));
    }
    fn ends(&mut self, result: &Value) {
        let mut line = json!({"type": "result", "subtype": "success", "is_error": false});
        line.as_object_mut()
            .unwrap()
            .extend(result.as_object().unwrap().clone());
        self.says(&line);
    }
    fn status(&self, call_id: &str) -> ToolStatus {
        let tools = self.conversation.tools();
        tools
            .iter()
            .find(|tool| tool.call_id == call_id)
            .unwrap()
            .status
            .clone()
    }
    fn outcome(&self) -> TurnOutcome {
        let ended = self
            .conversation
            .events
            .iter()
            .rev()
            .find_map(|event| match event {
                AgentEvent::TurnEnded(outcome) => Some(outcome.clone()),
                _ => None,
            });
        ended.expect("the turn ended")
    }
    fn failure(&self) -> FailureKind {
        match self.outcome() {
            TurnOutcome::Failed { kind, .. } => kind,
            outcome => panic!("{outcome:?}"),
        }
    }
    fn notes(&self) -> Vec<String> {
        self.conversation.texts(|entry| match &entry.kind {
            EntryKind::SystemMessage { text } => Some(text.clone()),
            _ => None,
        })
    }
}

fn approved(scope: ApprovalScope) -> ApprovalAnswer {
    ApprovalAnswer::Approved { scope }
}

#[test]
fn the_first_lines_are_the_handshake_and_the_prompt() {
    let mut protocol = ClaudeStream::new(ClaudeOptions {
        prompt: "fix it".into(),
        append_prompt: Some("and test".into()),
        ..ClaudeOptions::default()
    });
    let mut stdin = Vec::new();
    protocol.start(&mut stdin);
    let lines: Vec<Value> = stdin
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["request"]["subtype"], "initialize");
    assert_eq!(lines[1]["message"]["content"], "fix it\n\nand test");
    assert_eq!(stdin.last(), Some(&b'\n'));
}

#[test]
fn yes_repeats_the_whole_input_and_never_writes_a_rule() {
    for scope in [ApprovalScope::Once, ApprovalScope::Session, ApprovalScope::Always] {
        let mut claude = Claude::working();
        let input = json!({"command": "touch a", "description": "make a file"});
        claude.uses("t1", "Bash", &input);
        claude.asks("q1", "t1", "Bash", &input);
        assert_eq!(claude.status("t1"), ToolStatus::PendingApproval);
        let written = claude.answer("q1", approved(scope));
        assert_eq!(
            written[0]["response"]["response"],
            json!({"behavior": "allow", "updatedInput": input})
        );
        assert_eq!(claude.status("t1"), ToolStatus::Created);
    }
}

#[test]
fn no_carries_its_reason_and_the_call_is_refused_whatever_comes_after() {
    let mut claude = Claude::working();
    claude.uses("t1", "Bash", &json!({"command": "rm -rf x"}));
    claude.asks("q1", "t1", "Bash", &json!({"command": "rm -rf x"}));
    let reason = Some("use git clean".to_owned());
    let written = claude.answer(
        "q1",
        ApprovalAnswer::Denied {
            reason: reason.clone(),
        },
    );
    assert_eq!(
        written[0]["response"]["response"],
        json!({"behavior": "deny", "message": "use git clean"})
    );
    claude.gets("t1", "use git clean", true);
    assert_eq!(claude.status("t1"), ToolStatus::Denied { reason });
    assert!(
        claude.answer("q1", approved(ApprovalScope::Once)).is_empty(),
        "the question is answered"
    );
}

#[test]
fn chosen_options_go_back_with_the_questions() {
    let mut claude = Claude::working();
    let input = json!({"questions": [{"question": "Which?", "header": "DB", "multiSelect": false,
        "options": [{"label": "redb", "description": "embedded"}]}]});
    claude.asks("q1", "t1", "AskUserQuestion", &input);
    let answers = BTreeMap::from([("Which?".to_owned(), "redb".to_owned())]);
    let written = claude.answer("q1", ApprovalAnswer::Answered { answers });
    let given = &written[0]["response"]["response"]["updatedInput"];
    assert_eq!(given["answers"], json!({"Which?": "redb"}));
    assert_eq!(given["questions"], input["questions"]);
}

#[test]
fn questions_say_what_exactly_is_to_be_decided() {
    let mut claude = Claude::working();
    let asked = [
        ("Edit", json!({"file_path": "/w/a.rs"})),
        ("Read", json!({"file_path": "/etc/passwd"})),
        ("WebFetch", json!({"url": "https://example.org"})),
        ("ExitPlanMode", json!({"plan": "# Do it"})),
        ("Skill", json!({"skill": "x"})),
    ];
    for (number, (tool, input)) in asked.iter().enumerate() {
        claude.asks(&format!("q{number}"), &format!("t{number}"), tool, input);
    }
    let questions: Vec<Question> = claude
        .conversation
        .events
        .iter()
        .filter_map(|event| match event {
            AgentEvent::Approval(request) => Some(request.question.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(
        questions,
        [
            Question::Edit {
                paths: vec!["/w/a.rs".into()]
            },
            Question::Read {
                paths: vec!["/etc/passwd".into()]
            },
            Question::Fetch {
                target: "https://example.org".into()
            },
            Question::Plan {
                plan: "# Do it".into()
            },
            Question::Tool {
                input: r#"{"skill":"x"}"#.into()
            },
        ]
    );
}

#[test]
fn an_interrupt_takes_the_question_back_and_ends_the_turn() {
    let mut claude = Claude::working();
    claude.uses("t1", "Bash", &json!({"command": "make"}));
    claude.asks("q1", "t1", "Bash", &json!({"command": "make"}));
    let written = claude.ask(&AgentRequest::Interrupt);
    assert_eq!(written[0]["request"]["subtype"], "interrupt");
    claude.says(&json!({"type": "control_cancel_request", "request_id": "q1"}));
    claude.says(&json!({"type": "user", "message": {"content": [
        {"type": "text", "text": "[Request interrupted by user for tool use]"}]}}));
    claude.ends(&json!({"subtype": "error_during_execution", "is_error": true,
        "terminal_reason": "aborted_tools"}));
    assert!(
        claude
            .conversation
            .events
            .contains(&AgentEvent::ApprovalVoid { key: "q1".into() })
    );
    assert_eq!(claude.outcome(), TurnOutcome::Interrupted);
    assert_eq!(claude.status("t1"), ToolStatus::Failed);
    assert!(
        claude.ask(&AgentRequest::Interrupt).is_empty(),
        "there is no turn to end"
    );
}

#[test]
fn an_older_version_tells_an_interrupt_only_by_having_been_asked() {
    let mut claude = Claude::working();
    claude.ask(&AgentRequest::Interrupt);
    claude.ends(&json!({"subtype": "error_during_execution", "is_error": true}));
    assert_eq!(claude.outcome(), TurnOutcome::Interrupted);
}

#[test]
fn failures_have_kinds() {
    let cases = [
        (
            json!({"result": "bad key", "api_error_status": 401}),
            FailureKind::Auth,
        ),
        (
            json!({"result": "no", "api_error_status": 403}),
            FailureKind::Auth,
        ),
        (
            json!({"result": "slow down", "api_error_status": 429}),
            FailureKind::RateLimit { resets_at: None },
        ),
        (
            json!({"result": "Credit balance is too low", "api_error_status": 400}),
            FailureKind::Quota,
        ),
        (
            json!({"result": "x", "terminal_reason": "prompt_too_long"}),
            FailureKind::ContextTooLong,
        ),
        (
            json!({"result": "Unable to connect to API (ConnectionRefused)"}),
            FailureKind::Network,
        ),
        (
            json!({"result": "Overloaded", "api_error_status": 529}),
            FailureKind::Model,
        ),
        (
            json!({"result": "no such model", "api_error_status": 404}),
            FailureKind::Model,
        ),
        (json!({"subtype": "error_max_turns"}), FailureKind::Other),
        (json!({"subtype": "error_max_budget_usd"}), FailureKind::Quota),
    ];
    for (mut result, kind) in cases {
        let mut claude = Claude::working();
        result["is_error"] = json!(true);
        claude.ends(&result);
        assert_eq!(claude.failure(), kind, "{result}");
        let errors = claude.conversation.entries.values();
        let shown = errors
            .filter(|entry| matches!(entry.kind, EntryKind::ErrorMessage { .. }))
            .count();
        assert_eq!(shown, 1, "{result}");
    }
}

#[test]
fn an_error_that_was_shown_is_not_shown_again_and_gives_the_turn_its_kind() {
    let mut claude = Claude::working();
    claude.says(
        &json!({"type": "assistant", "error": "billing_error", "is_api_error_message": true,
        "message": {"content": [{"type": "text", "text": "No credit"}]}}),
    );
    claude.ends(&json!({"is_error": true, "result": "No credit", "api_error_status": 400}));
    assert_eq!(claude.failure(), FailureKind::Quota);
    assert_eq!(claude.conversation.entries.len(), 2);
}

#[test]
fn a_session_that_does_not_exist_fails_with_what_was_said() {
    let mut claude = Claude::new();
    claude.ask(&AgentRequest::Prompt {
        text: "go on".into(),
        images: Vec::new(),
    });
    claude.ends(&json!({"subtype": "error_during_execution", "is_error": true,
        "errors": ["No conversation found with session ID: x"]}));
    let TurnOutcome::Failed { message, kind } = claude.outcome() else {
        panic!("{:?}", claude.outcome())
    };
    assert!(message.contains("No conversation found"));
    assert_eq!(kind, FailureKind::SessionLost);
}

#[test]
fn a_limit_tells_when_it_ends() {
    let mut claude = Claude::working();
    claude.says(&json!({"type": "rate_limit_event", "rate_limit_info": {
        "status": "rejected", "resetsAt": 1_900_000_000, "rateLimitType": "five_hour"}}));
    claude.ends(&json!({"is_error": true, "result": "limit", "api_error_status": 429}));
    let resets_at = Some(Timestamp::from_ms(1_900_000_000_000));
    assert_eq!(claude.failure(), FailureKind::RateLimit { resets_at });
    assert_eq!(claude.notes(), ["Rate limit five_hour: rejected"]);
}

#[test]
fn a_prompt_during_a_turn_waits_and_gets_a_turn_of_its_own() {
    let mut claude = Claude::working();
    claude.ask(&AgentRequest::Prompt {
        text: "and this".into(),
        images: Vec::new(),
    });
    claude.ends(&json!({"result": "one"}));
    claude.ends(&json!({"result": "two"}));
    let turns: Vec<String> = claude.conversation.story();
    let turns: Vec<&str> = turns
        .iter()
        .map(String::as_str)
        .filter(|line| line.starts_with("Turn"))
        .collect();
    assert_eq!(
        turns,
        [
            "TurnStarted",
            "TurnEnded(Completed)",
            "TurnStarted",
            "TurnEnded(Completed)"
        ]
    );
}

#[test]
fn what_a_sub_agent_does_belongs_to_its_call() {
    let mut claude = Claude::working();
    claude.uses(
        "t1",
        "Agent",
        &json!({"description": "Look around", "prompt": "Find it"}),
    );
    claude.says(&json!({"type": "system", "subtype": "task_started", "tool_use_id": "t1"}));
    claude.says(&json!({"type": "user", "parent_tool_use_id": "t1", "message": {"content": "Find it"}}));
    claude.says(
        &json!({"type": "assistant", "parent_tool_use_id": "t1", "uuid": "sub", "message": {"content": [
        {"type": "tool_use", "id": "t2", "name": "Read", "input": {"file_path": "/w/a"}}]}}),
    );
    claude.gets("t2", "text", false);
    claude.says(&json!({"type": "system", "subtype": "task_notification", "tool_use_id": "t1", "status": "completed"}));
    claude.gets("t1", "Found it", false);
    claude.ends(&json!({"result": "done"}));
    let entries = &claude.conversation.entries;
    let parents: Vec<Option<u64>> = entries
        .values()
        .map(|entry| entry.parent.map(|parent| parent.0))
        .collect();
    assert_eq!(parents, [None, None, Some(1), Some(1)]);
    assert_eq!(claude.conversation.tools()[0].tool_kind, ToolKind::Task);
    // A later session cannot be cut at a message of a sub-agent.
    assert!(
        !claude
            .conversation
            .story()
            .iter()
            .any(|line| line.contains("sub"))
    );
}

#[test]
fn a_background_task_is_told_when_it_ends() {
    let mut claude = Claude::working();
    claude.says(
        &json!({"type": "system", "subtype": "task_notification", "status": "completed",
        "summary": "npm run dev ended"}),
    );
    assert_eq!(claude.notes(), ["Background task completed: npm run dev ended"]);
}

#[test]
fn a_to_do_list_written_as_a_whole_becomes_the_plan_of_the_turn() {
    let mut claude = Claude::working();
    let list = |status: &str| json!({"todos": [{"content": "a", "status": status, "activeForm": "doing a"}]});
    claude.uses("t1", "TodoWrite", &list("in_progress"));
    claude.gets("t1", "ok", false);
    claude.uses("t2", "TodoWrite", &list("completed"));
    claude.gets("t2", "ok", false);
    let plans: Vec<_> = claude
        .conversation
        .entries
        .values()
        .filter_map(|entry| match &entry.kind {
            EntryKind::Plan { items } => Some(items.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(plans.len(), 1);
    assert_eq!(
        (plans[0][0].text.as_str(), plans[0][0].status),
        ("a", PlanStatus::Completed)
    );
}

#[test]
fn model_and_mode_are_switched_between_turns() {
    let mut claude = Claude::working();
    claude.ends(&json!({"subtype": "success", "is_error": false, "result": "done"}));
    let mut switched = |model: Option<&str>, plan: bool| -> Vec<Value> {
        let model = model.map(str::to_owned);
        let written = claude.ask(&AgentRequest::Switch { model, plan });
        written.into_iter().map(|line| line["request"].clone()).collect()
    };
    let mode = |mode: &str| json!({"subtype": "set_permission_mode", "mode": mode});
    let model = |model: &str| json!({"subtype": "set_model", "model": model});
    assert_eq!(switched(Some("opus"), true), [mode("plan"), model("opus")]);
    assert_eq!(switched(Some("opus"), false), [mode("default")]);
    assert_eq!(switched(None, false), [mode("default"), model("default")]);
}

#[test]
fn servers_that_do_not_work_are_named_in_one_line() {
    let mut claude = Claude::working();
    claude.says(&json!({"type": "system", "subtype": "init", "mcp_servers": [
        {"name": "tiny", "status": "failed"}, {"name": "good", "status": "connected"},
        {"name": "mail", "status": "needs-auth"}, {"name": "slow", "status": "pending"}]}));
    assert_eq!(
        claude.notes(),
        ["MCP servers: “tiny” did not start, “mail” needs a login"]
    );
}

#[test]
fn the_program_reports_what_happens_to_it() {
    let mut claude = Claude::working();
    claude.says(&json!({"type": "system", "subtype": "init", "mcp_servers": [
        {"name": "tiny", "status": "failed"}, {"name": "good", "status": "connected"}]}));
    claude.says(
        &json!({"type": "system", "subtype": "init", "mcp_servers": [{"name": "tiny", "status": "failed"}]}),
    );
    claude.says(&json!({"type": "system", "subtype": "status", "status": "compacting"}));
    claude.says(&json!({"type": "system", "subtype": "compact_boundary",
        "compact_metadata": {"trigger": "auto", "pre_tokens": 150_000, "post_tokens": 20_000}}));
    claude.says(
        &json!({"type": "system", "subtype": "permission_denied", "tool_name": "Bash", "message": "dontAsk"}),
    );
    assert_eq!(
        claude.notes(),
        [
            "MCP server “tiny” did not start",
            "Conversation compacted from 150000 to 20000 tokens",
            "Bash was refused: dontAsk",
        ]
    );
    let compacting = AgentEvent::Activity("compacting the conversation".into());
    assert!(claude.conversation.events.contains(&compacting));
}

#[test]
fn a_slash_command_is_answered_although_no_model_spoke() {
    let mut claude = Claude::working();
    claude.ends(&json!({"result": "Total cost: $0"}));
    assert_eq!(claude.notes(), ["Total cost: $0"]);
}

#[test]
fn text_that_is_still_streamed_grows_and_settles_in_one_entry() {
    let mut claude = Claude::working();
    let event = |event: Value| json!({"type": "stream_event", "parent_tool_use_id": null, "event": event});
    let delta = |text: &str| {
        event(
            json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}),
        )
    };
    claude.says(&event(json!({"type": "message_start", "message": {}})));
    claude.says(&event(
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
    ));
    claude.says(&delta("Hel"));
    claude.says(&delta("lo"));
    let entry = &claude.conversation.entries[&EntryIndex(1)];
    assert!(!entry.done && matches!(&entry.kind, EntryKind::AssistantMessage { text } if text == "Hello"));
    claude.says(&json!({"type": "assistant", "uuid": "u", "message": {"content": [{"type": "text", "text": "Hello!"}]}}));
    claude.says(&event(json!({"type": "content_block_stop", "index": 0})));
    assert_eq!(claude.conversation.said(), "Hello!");
    assert_eq!(claude.conversation.entries.len(), 2);
}

#[test]
fn a_stream_that_breaks_off_keeps_what_was_said() {
    let mut claude = Claude::working();
    claude.says(
        &json!({"type": "stream_event", "event": {"type": "content_block_delta", "index": 0,
        "delta": {"type": "text_delta", "text": "half a sen"}}}),
    );
    claude.uses("t1", "Bash", &json!({"command": "make"}));
    let Claude {
        mut protocol,
        mut conversation,
    } = claude;
    conversation.exit(&mut protocol);
    assert_eq!(conversation.said(), "half a sen");
    assert_eq!(conversation.tools()[0].status, ToolStatus::Failed);
    assert!(
        !conversation
            .story()
            .iter()
            .any(|line| line.starts_with("TurnEnded")),
        "no end is invented"
    );
}

#[test]
fn requests_that_we_do_not_serve_are_refused_and_shown() {
    let mut claude = Claude::working();
    let stdin = claude.says(&json!({"type": "control_request", "request_id": "h1",
        "request": {"subtype": "hook_callback", "callback_id": "x"}}));
    let refusal: Value = serde_json::from_slice(&stdin).unwrap();
    assert_eq!(
        (
            &refusal["response"]["subtype"],
            &refusal["response"]["request_id"]
        ),
        (&json!("error"), &json!("h1"))
    );
    assert_eq!(claude.conversation.uses["raw"], 1);
}

#[test]
fn lines_of_standard_error_are_shown_together() {
    let mut claude = Claude::working();
    for line in ["Error: something", "    at main.js:1"] {
        claude
            .conversation
            .line(&mut claude.protocol, LogStream::Err, line.as_bytes());
    }
    claude.uses("t1", "Bash", &json!({"command": "make"}));
    claude
        .conversation
        .line(&mut claude.protocol, LogStream::Err, b"later");
    let raw = claude.conversation.texts(|entry| match &entry.kind {
        EntryKind::Raw {
            stream: LogStream::Err,
            text,
        } => Some(text.clone()),
        _ => None,
    });
    assert_eq!(raw, ["Error: something\n    at main.js:1", "later"]);
    assert_eq!(claude.conversation.entries[&EntryIndex(1)].at, START);
}
