//! Wrong, missing and hostile arguments; agents that reach for what is not theirs; hosts that go away.

use crate::{
    desk::{Desk, world},
    session::Mcp,
};
use anyon_model::Actor;
use anyon_testkit::fixed;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

/// Right arguments of every tool, for a world in which there is an attempt `ANY-1.1`.
fn right() -> Vec<(&'static str, Value)> {
    let attempt = json!({"attempt_id": "ANY-1.1"});
    let start = json!({"task_id": "ANY-1", "executor": "CLAUDE_CODE", "base_branch": "main"});
    let answer = json!({"approval_id": "00000000-0000-7000-8000-000000000001", "status": "approved"});
    vec![
        ("list_projects", json!({})),
        ("create_project", json!({"git_repo_path": "/repositories/x"})),
        ("list_branches", json!({"project_id": "ANY"})),
        ("list_tasks", json!({"project_id": "ANY"})),
        ("get_task", json!({"task_id": "ANY-1"})),
        ("create_task", json!({"project_id": "ANY", "title": "x"})),
        ("update_task", json!({"task_id": "ANY-1"})),
        (
            "update_task_status",
            json!({"task_id": "ANY-1", "status": "todo"}),
        ),
        ("delete_task", json!({"task_id": "ANY-2"})),
        ("list_agents", json!({})),
        ("list_templates", json!({})),
        ("create_task_attempt", start.clone()),
        ("start_task_attempt", start),
        ("get_attempt_status", attempt.clone()),
        ("wait_for_attempt", attempt.clone()),
        ("get_attempt_log", attempt.clone()),
        ("get_attempt_diff", attempt.clone()),
        ("search_files", json!({"attempt_id": "ANY-1.1", "query": "main"})),
        ("send_follow_up", json!({"attempt_id": "ANY-1.1", "prompt": "x"})),
        ("list_approvals", json!({})),
        ("answer_approval", answer),
        ("stop_attempt", attempt.clone()),
        ("commit_attempt", attempt.clone()),
        ("merge_attempt", attempt.clone()),
        ("drop_attempt", attempt),
        ("open_in_window", json!({"task_id": "ANY-1"})),
    ]
}

/// A session in which the agent of `ANY-1.1` asks something, and the id of its question.
async fn asked() -> (Mcp, Value) {
    let mut mcp = Mcp::with(&Desk::over(&world())).await;
    let start = json!({"task_id": "ANY-1", "executor": "CLAUDE_CODE", "base_branch": "main"});
    mcp.call("create_task_attempt", start).await;
    let open = mcp.call("list_approvals", json!({})).await;
    let id = open["approvals"][0]["approval_id"].clone();
    (mcp, id)
}

/// The session, and right arguments in it: whoever answers finds a question, everybody else an agent that is done.
async fn ready(tool: &str, mut arguments: Value) -> (Mcp, Value) {
    let (mut mcp, id) = asked().await;
    if tool == "answer_approval" {
        arguments["approval_id"] = id;
    } else {
        let answer = json!({"approval_id": id, "status": "approved"});
        mcp.call("answer_approval", answer).await;
    }
    (mcp, arguments)
}

/// Values of the right kind that nobody means well, for an argument with this schema.
fn hostile(schema: &Value) -> Vec<Value> {
    match schema["type"].as_str() {
        Some("string") => vec![
            json!("x".repeat(2 << 20)),
            json!("../../etc/passwd"),
            json!("/etc/passwd\u{0}"),
            json!("--upload-pack=touch x"),
            json!("\u{1b}[2J\u{202e}\n\r"),
            json!("00000000-0000-0000-0000-000000000000"),
            json!(""),
        ],
        Some("integer") => vec![json!(-1), json!(u64::MAX), json!(1e300), json!(0.5)],
        Some("boolean") => vec![json!("true"), json!(1)],
        Some("object") => vec![
            json!({"x": "y".repeat(1 << 20)}),
            json!({"../..": ""}),
            json!({"x": [1]}),
        ],
        other => panic!("what is hostile for {other:?}?"),
    }
}

/// The arguments of a tool, as it is listed.
fn listed_arguments(tools: &Value, tool: &str) -> Vec<(String, Value)> {
    let listed = tools
        .as_array()
        .unwrap()
        .iter()
        .find(|listed| listed["name"] == tool);
    let properties = &listed.unwrap()["inputSchema"]["properties"];
    let properties = properties.as_object().unwrap().iter();
    properties
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect()
}

#[tokio::test]
async fn every_tool_does_what_right_arguments_ask_for() {
    let tools = Mcp::with(&Desk::over(&world()))
        .await
        .ask("tools/list", json!({}))
        .await;
    for tool in tools["result"]["tools"].as_array().unwrap() {
        let name = tool["name"].as_str().unwrap();
        let (_, arguments) = right().into_iter().find(|(tool, _)| *tool == name).unwrap();
        let (mut mcp, arguments) = ready(name, arguments).await;
        // That the answer fits its schema is seen by who calls.
        mcp.call(name, arguments).await;
    }
}

#[tokio::test]
async fn every_argument_of_every_tool_stands_what_nobody_means_well() {
    let tools = Mcp::with(&Desk::over(&world()))
        .await
        .ask("tools/list", json!({}))
        .await["result"]["tools"]
        .take();
    for (tool, arguments) in right() {
        let (mut mcp, arguments) = ready(tool, arguments).await;
        let unknown = json!({"../../etc/passwd": "x".repeat(1 << 20)});
        mcp.refusal(tool, unknown).await;
        for (name, schema) in listed_arguments(&tools, tool) {
            for value in hostile(&schema) {
                let mut tried = arguments.clone();
                let is_huge = value.to_string().len() > 1 << 20;
                tried[&name] = value.clone();
                let answer = mcp
                    .ask("tools/call", json!({"name": tool, "arguments": tried}))
                    .await;
                let result = &answer["result"];
                let text = result["content"][0]["text"].as_str().unwrap();
                if result["isError"] == true {
                    assert!(text.len() < 2_000, "{tool} {name}: an error is short");
                    let said: Value = serde_json::from_str(text).unwrap();
                    assert!(said["error"].is_string(), "{tool} {name}: {text}");
                    assert!(!said.to_string().contains("\\u001b"), "{tool} {name}: {text}");
                } else {
                    assert!(!is_huge, "{tool} took a huge {name}");
                    assert!(schema["type"] == "string", "{tool} took {value} as {name}");
                }
            }
        }
        assert!(mcp.call("list_projects", json!({})).await["count"].as_u64() >= Some(2));
    }
}

#[tokio::test]
async fn every_tool_says_what_is_wrong_with_its_arguments() {
    let desk = Desk::over(&world());
    let mut mcp = Mcp::with(&desk).await;
    let tools = mcp.ask("tools/list", json!({})).await["result"]["tools"].take();
    let covered: Vec<_> = right().iter().map(|(name, _)| json!(name)).collect();
    let listed: Vec<_> = tools
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].clone())
        .collect();
    assert_eq!(listed, covered, "each tool is covered here");
    for (tool, arguments) in right() {
        let mut unknown = arguments.clone();
        unknown["taskId"] = json!(1);
        let said = mcp.refusal(tool, unknown).await;
        assert_eq!(said["error"], "There is no argument “taskId”", "{tool}");
        assert!(
            said["hint"].as_str().unwrap().starts_with("It takes "),
            "{tool}: {said}"
        );
        for name in arguments.as_object().unwrap().keys() {
            let mut wrong = arguments.clone();
            wrong[name] = json!([1]);
            let said = mcp.refusal(tool, wrong).await;
            let title = said["error"].as_str().unwrap();
            assert!(
                title.starts_with(&format!("The argument “{name}” has to be")),
                "{tool}: {said}"
            );
        }
        let schema = &tools[listed.iter().position(|name| *name == tool).unwrap()]["inputSchema"];
        for name in schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            for absent in [true, false] {
                let mut missing = arguments.clone();
                match absent {
                    true => drop(missing.as_object_mut().unwrap().remove(name)),
                    false => missing[name] = Value::Null,
                }
                let said = mcp.refusal(tool, missing).await;
                assert_eq!(
                    said["error"],
                    format!("The argument “{name}” is missing"),
                    "{tool}"
                );
            }
        }
    }
    assert_eq!(desk.commands(), [], "nothing reached the host");
}

#[tokio::test]
async fn foreign_odd_and_huge_names_are_not_found_and_not_repeated() {
    let desk = Desk::over(&world());
    let mut mcp = Mcp::with(&desk).await;
    let huge = "x".repeat(1 << 20);
    let names = [
        "",
        " ",
        "ANY-99",
        "ANY-1.99",
        "../../etc/passwd",
        "ANY-1/../..",
        "'; DROP TABLE tasks; --",
        "\u{1b}[2J\u{202e}",
        "00000000-0000-0000-0000-000000000000",
        huge.as_str(),
    ];
    for (tool, arguments) in right() {
        let keys = ["project_id", "task_id", "attempt_id", "approval_id"];
        for key in keys.into_iter().filter(|key| arguments.get(key).is_some()) {
            for name in names {
                let mut foreign = arguments.clone();
                foreign[key] = json!(name);
                let said = mcp.refusal(tool, foreign).await;
                assert_eq!(said["code"], "not_found", "{tool} {key}: {said}");
                assert!(said["hint"].is_string(), "{tool}: {said}");
            }
        }
    }
    assert_eq!(desk.commands(), [], "nothing reached the host");
}

#[tokio::test]
async fn huge_texts_are_refused_in_words() {
    let mut mcp = Mcp::with(&Desk::over(&world())).await;
    let huge = "가".repeat(400_000);
    for (tool, arguments) in [
        ("create_task", json!({"project_id": "ANY", "title": huge})),
        (
            "create_task",
            json!({"project_id": "ANY", "title": "x", "description": huge}),
        ),
        ("update_task", json!({"task_id": "ANY-1", "description": huge})),
        (
            "create_task_attempt",
            json!({"task_id": "ANY-1", "executor": huge}),
        ),
        (
            "create_task_attempt",
            json!({"task_id": "ANY-1", "executor": "CLAUDE_CODE", "base_branch": huge}),
        ),
    ] {
        let said = mcp.refusal(tool, arguments).await;
        assert!(said["hint"].is_string(), "{tool}: {said}");
    }
}

#[tokio::test]
async fn paths_lead_nowhere_they_should_not() {
    let mut mcp = Mcp::with(&Desk::over(&world())).await;
    let start = json!({"task_id": "ANY-1", "executor": "CLAUDE_CODE", "base_branch": "main"});
    mcp.call("create_task_attempt", start).await;
    for path in [
        "/etc/passwd",
        "../x",
        "src/../src/main.rs",
        "",
        ".git/config",
        "src/main.rs\u{0}",
    ] {
        let asked = json!({"attempt_id": "ANY-1.1", "path": path});
        let said = mcp.refusal("get_attempt_diff", asked).await;
        assert_eq!(said["code"], "not_found", "{path}");
    }
    for path in ["relative", "../up", "", "~/x"] {
        let said = mcp
            .refusal("create_project", json!({"git_repo_path": path}))
            .await;
        assert_eq!(said["code"], "invalid_request", "{path}");
    }
    let said = mcp
        .refusal("create_project", json!({"git_repo_path": "/etc"}))
        .await;
    assert_eq!(said["code"], "not_a_repository");
    for branch in ["--upload-pack=x", "a..b", "-x"] {
        let start = json!({"task_id": "ANY-1", "executor": "CLAUDE_CODE", "base_branch": branch});
        let said = mcp.refusal("create_task_attempt", start).await;
        assert_eq!(said["code"], "invalid_request", "{branch}");
    }
}

#[tokio::test]
async fn wrong_cursors_and_answers_are_refused() {
    let mut mcp = Mcp::with(&Desk::over(&world())).await;
    let start = json!({"task_id": "ANY-1", "executor": "CLAUDE_CODE"});
    mcp.call("create_task_attempt", start).await;
    for (tool, arguments) in [
        ("list_projects", json!({"cursor": "x"})),
        ("list_tasks", json!({"project_id": "ANY", "cursor": "-1"})),
        (
            "get_attempt_log",
            json!({"attempt_id": "ANY-1.1", "cursor": "9:9:9"}),
        ),
        (
            "get_attempt_log",
            json!({"attempt_id": "ANY-1.1", "cursor": "77:0"}),
        ),
        (
            "get_attempt_diff",
            json!({"attempt_id": "ANY-1.1", "format": "patch", "cursor": "x"}),
        ),
    ] {
        let said = mcp.refusal(tool, arguments).await;
        assert!(
            said["error"].as_str().unwrap().contains("leads nowhere"),
            "{tool}: {said}"
        );
    }
    let open = mcp.call("list_approvals", json!({})).await;
    let id = &open["approvals"][0]["approval_id"];
    let mixed = json!({"approval_id": id, "status": "approved", "reason": "because"});
    mcp.refusal("answer_approval", mixed).await;
    let choice = json!({"approval_id": id, "status": "answered", "answers": {"a": "b"}});
    mcp.refusal("answer_approval", choice).await;
}

#[tokio::test]
async fn an_agent_sees_its_own_project_and_decides_nothing_over_itself() {
    let others = |attempt: &mut anyon_model::Attempt| attempt.task_id = fixed(2);
    let world = world().attempt(1, 1, |_| {}).attempt(2, 2, others).execution(
        2,
        2,
        anyon_model::ExecutionState::Completed,
    );
    let agent = Actor::Agent { attempt_id: fixed(1) };
    let mut mcp = Mcp::with(&Desk::acting_as(&world, agent)).await;
    let projects = mcp.call("list_projects", json!({})).await;
    assert_eq!(projects["count"], 1);
    assert_eq!(projects["projects"][0]["name"], "any-on");
    for (tool, arguments) in [
        ("get_task", json!({"task_id": "OTH-1"})),
        ("list_tasks", json!({"project_id": "other"})),
        ("create_task", json!({"project_id": "other", "title": "x"})),
    ] {
        let said = mcp.refusal(tool, arguments).await;
        assert_eq!(said["code"], "not_found", "{tool}: {said}");
    }
    for (tool, arguments) in [
        ("get_attempt_log", json!({"attempt_id": "ANY-2.1"})),
        ("get_attempt_diff", json!({"attempt_id": "ANY-2.1"})),
        ("merge_attempt", json!({"attempt_id": "ANY-1.1"})),
        ("drop_attempt", json!({"attempt_id": "ANY-1.1"})),
        ("update_task", json!({"task_id": "ANY-2", "title": "x"})),
        ("delete_task", json!({"task_id": "ANY-1"})),
        ("create_project", json!({"git_repo_path": "/repositories/x"})),
        (
            "create_task_attempt",
            json!({"task_id": "ANY-2", "executor": "CLAUDE_CODE", "approve": "all"}),
        ),
    ] {
        let said = mcp.refusal(tool, arguments).await;
        assert_eq!(said["code"], "forbidden", "{tool}: {said}");
        assert!(said["hint"].is_string(), "{tool}: {said}");
    }
    let resources = mcp.ask("resources/list", json!({})).await.to_string();
    assert!(!resources.contains("Foreign"), "{resources}");
    let foreign = mcp
        .ask("resources/read", json!({"uri": "anyon://tasks/OTH-1"}))
        .await;
    assert!(foreign["error"].is_object(), "{foreign}");
    let own = mcp
        .call("create_task", json!({"project_id": "ANY", "title": "A part"}))
        .await;
    assert_eq!(own["short_id"], "ANY-3");
}

#[tokio::test]
async fn lines_that_are_no_requests_do_not_end_the_session() {
    let mut mcp = Mcp::with(&Desk::over(&world())).await;
    for line in ["", "{", "[]", "null", "{\"jsonrpc\":\"2.0\"}", "\u{0}"] {
        mcp.write(line).await;
    }
    assert_eq!(mcp.call("list_projects", json!({})).await["count"], 2);
    let unknown = mcp
        .ask("tools/call", json!({"name": "rm_rf", "arguments": {}}))
        .await;
    assert_eq!(unknown["error"]["code"], -32602);
    let unknown = mcp.ask("no/such/method", json!({})).await;
    assert_eq!(unknown["error"]["code"], -32601);
}

#[tokio::test]
async fn a_host_that_went_away_is_replaced_by_the_next() {
    let (first, second) = (Desk::over(&world()), Desk::over(&world().task("Later", "")));
    let mut mcp = Mcp::over(vec![first.clone(), second], "2025-06-18").await;
    assert_eq!(
        mcp.call("list_tasks", json!({"project_id": "ANY"})).await["count"],
        2
    );
    first.ends();
    // Who waits for what is told in between; then the next one is asked.
    while mcp.connected.load(Ordering::Acquire) < 2 {
        mcp.call("list_projects", json!({})).await;
    }
    assert_eq!(
        mcp.call("list_tasks", json!({"project_id": "ANY"})).await["count"],
        3
    );
}
