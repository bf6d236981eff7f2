//! What people do all day: tasks, an agent at work, its questions, its changes, home.

use crate::{
    desk::{Desk, world},
    session::Mcp,
};
use anyon_model::{AgentEvent, Command, TurnOutcome};
use serde_json::{Value, json};

/// A session with an attempt whose agent waits for an answer; the attempt's id.
async fn waiting(desk: &std::sync::Arc<Desk>) -> (Mcp, Value) {
    let mut mcp = Mcp::with(desk).await;
    let start =
        json!({"task_id": "ANY-1", "executor": "claude-code", "variant": "DEFAULT", "base_branch": "main"});
    let started = mcp.call("create_task_attempt", start).await;
    (mcp, started["attempt_id"].clone())
}

#[tokio::test]
async fn from_a_task_to_the_target_branch_in_few_calls() {
    let desk = Desk::over(&world());
    let mut mcp = Mcp::with(&desk).await;
    let project = mcp
        .call("create_project", json!({"git_repo_path": "/repositories/shop"}))
        .await;
    let task =
        json!({"project_id": project["project_id"], "title": "Say goodbye", "description": "Politely"});
    let task = mcp.call("create_task", task).await;
    let start = json!({"task_id": task["task_id"], "executor": "CLAUDE_CODE", "base_branch": "main"});
    let started = mcp.call("start_task_attempt", start).await;
    assert_eq!(started["task_id"], task["task_id"]);
    let attempt = json!({"attempt_id": started["attempt_id"]});
    let waited = mcp.call("wait_for_attempt", attempt.clone()).await;
    assert_eq!(
        (&waited["status"], &waited["timed_out"]),
        (&json!("waiting"), &json!(false))
    );
    let question = &waited["approvals"][0];
    assert_eq!(question["question"], "Run this command?\nnpm test");
    let answer = json!({"approval_id": question["approval_id"], "status": "approved"});
    mcp.call("answer_approval", answer).await;
    let waited = mcp.call("wait_for_attempt", attempt.clone()).await;
    assert_eq!(waited["status"], "idle");
    assert_eq!(waited["log"]["last_message"], "message 6");
    assert_eq!(
        waited["diff"],
        json!({"files": 2, "additions": 4, "deletions": 2})
    );
    let diff = mcp.call("get_attempt_diff", attempt.clone()).await;
    assert_eq!(diff["files"][0]["path"], "src/main.rs");
    let merged = mcp.call("merge_attempt", attempt).await;
    assert_eq!(merged["target_branch"], "main");
    let shown = mcp.call("get_task", json!({"task_id": task["short_id"]})).await;
    assert_eq!(shown["task"]["status"], "done");
    assert_eq!(shown["task"]["attempts"][0]["status"], "landed");
}

#[tokio::test]
async fn tasks_are_written_changed_listed_and_removed() {
    let mut mcp = Mcp::with(&Desk::over(&world())).await;
    let listed = mcp
        .call(
            "list_tasks",
            json!({"project_id": "any-on", "status": "todo", "limit": 1}),
        )
        .await;
    assert_eq!(listed["tasks"][0]["short_id"], "ANY-2");
    assert_eq!(listed["applied_filters"], json!({"status": "todo", "limit": 1}));
    let next = json!({"project_id": "ANY", "limit": 1, "cursor": listed["next_cursor"]});
    let listed = mcp.call("list_tasks", next).await;
    assert_eq!(listed["tasks"][0]["short_id"], "ANY-1");
    assert_eq!(listed.get("next_cursor"), None);
    let changed = json!({"task_id": "any-2", "title": "Dark", "description": "Black", "status": "inreview"});
    let changed = mcp.call("update_task", changed).await;
    assert_eq!(changed["task"]["title"], "Dark");
    let moved = mcp
        .call(
            "update_task_status",
            json!({"task_id": "ANY-2", "status": "cancelled"}),
        )
        .await;
    assert_eq!(moved["task"]["status"], "cancelled");
    let removed = mcp.call("delete_task", json!({"task_id": "ANY-2"})).await;
    assert_eq!(removed["deleted_task_id"], moved["task"]["id"]);
    let gone = mcp.refusal("get_task", json!({"task_id": "ANY-2"})).await;
    assert_eq!(gone["code"], "not_found");
}

#[tokio::test]
async fn what_there_is_to_start_with_is_listed() {
    let mut mcp = Mcp::with(&Desk::over(&world())).await;
    let agents = mcp.call("list_agents", json!({})).await;
    assert_eq!(agents["agents"][0]["executor"], "CLAUDE_CODE");
    assert_eq!(agents["agents"][1]["available"], false);
    let branches = mcp
        .call("list_branches", json!({"project_id": "ANY", "limit": 1}))
        .await;
    assert_eq!(
        (&branches["branches"], &branches["next_cursor"]),
        (&json!(["main"]), &json!("main"))
    );
    let templates = mcp.call("list_templates", json!({})).await;
    assert_eq!(
        templates["templates"][0],
        json!({"name": "tests", "text": "Write tests first."})
    );
}

#[tokio::test]
async fn templates_expand_in_what_an_agent_is_told() {
    let desk = Desk::over(&world());
    let (_mcp, _) = waiting(&desk).await;
    use anyon_model::Client as _;
    let state = desk.state();
    let shard = state.projects.values().next().unwrap();
    let prompt = &shard.executions.values().next().unwrap().prompt;
    assert_eq!(prompt, "Fix login\n\nIt says 500. Write tests first.");
}

#[tokio::test]
async fn a_log_is_read_in_pages_and_only_what_is_new_afterwards() {
    let (mut mcp, attempt_id) = waiting(&Desk::over(&world())).await;
    let page = mcp
        .call("get_attempt_log", json!({"attempt_id": attempt_id, "limit": 4}))
        .await;
    assert_eq!(
        (page["entries"].as_array().unwrap().len(), &page["has_more"]),
        (4, &json!(true))
    );
    let rest = json!({"attempt_id": attempt_id, "cursor": page["next_cursor"]});
    let rest = mcp.call("get_attempt_log", rest).await;
    assert_eq!(rest["entries"][0]["text"], "message 4");
    assert_eq!(rest["has_more"], false);
    let later = json!({"attempt_id": attempt_id, "cursor": rest["next_cursor"]});
    let later = mcp.call("get_attempt_log", later).await;
    assert_eq!(later["entries"], json!([]));
    let tail = mcp
        .call("get_attempt_log", json!({"attempt_id": attempt_id, "tail": 2}))
        .await;
    assert_eq!(tail["entries"][0]["text"], "message 5");
    let raw = mcp
        .call(
            "get_attempt_log",
            json!({"attempt_id": attempt_id, "format": "raw"}),
        )
        .await;
    assert_eq!(raw["entries"][0], json!({"kind": "out", "text": "{}"}));
}

#[tokio::test]
async fn a_diff_is_sums_files_or_lines() {
    let (mut mcp, attempt_id) = waiting(&Desk::over(&world())).await;
    let stat = mcp
        .call(
            "get_attempt_diff",
            json!({"attempt_id": attempt_id, "format": "stat"}),
        )
        .await;
    assert_eq!((&stat["total_files"], stat.get("files")), (&json!(2), None));
    let patch = mcp
        .call(
            "get_attempt_diff",
            json!({"attempt_id": attempt_id, "format": "patch"}),
        )
        .await;
    assert!(patch["patch"].as_str().unwrap().ends_with("+a line\n"));
    let one = mcp
        .call(
            "get_attempt_diff",
            json!({"attempt_id": attempt_id, "path": "src/main.rs"}),
        )
        .await;
    assert_eq!(
        one["patch"],
        "--- a/src/main.rs\n+++ b/src/main.rs\n@@ -1,1 +1,1 @@\n-old\n+new\n"
    );
}

#[tokio::test]
async fn an_agent_is_spoken_to_stopped_committed_and_given_up() {
    let desk = Desk::over(&world());
    let (mut mcp, attempt_id) = waiting(&desk).await;
    let open = mcp
        .call("list_approvals", json!({"attempt_id": attempt_id}))
        .await;
    assert_eq!(
        (&open["count"], &open["approvals"][0]["attempt"]),
        (&json!(1), &json!("ANY-1.1"))
    );
    let sent = mcp
        .call(
            "send_follow_up",
            json!({"attempt_id": attempt_id, "prompt": "And then?"}),
        )
        .await;
    assert_eq!(sent["queued"], true);
    let status = mcp
        .call("get_attempt_status", json!({"attempt_id": "ANY-1.1"}))
        .await;
    assert_eq!(
        (&status["status"], &status["queued_follow_ups"]),
        (&json!("waiting"), &json!(1))
    );
    let denied =
        json!({"approval_id": open["approvals"][0]["approval_id"], "status": "denied", "reason": "No"});
    mcp.call("answer_approval", denied).await;
    let stopped = mcp.call("stop_attempt", json!({"attempt_id": attempt_id})).await;
    assert_eq!(stopped["status"], "stopped");
    let committed = mcp
        .call("commit_attempt", json!({"attempt_id": attempt_id}))
        .await;
    assert_eq!(committed["commit"].as_str().unwrap().len(), 40);
    let dropped = mcp.call("drop_attempt", json!({"attempt_id": attempt_id})).await;
    assert_eq!(dropped["status"], "dropped");
    let reason = Some("No".to_owned());
    assert!(desk.commands().iter().any(|command| matches!(
        command,
        Command::AnswerApproval { answer: anyon_model::ApprovalAnswer::Denied { reason: said }, .. } if *said == reason
    )));
}

#[tokio::test]
async fn waiting_ends_when_the_agent_does_and_tells_how_far_it_is() {
    let desk = Desk::over(&world());
    let (mut mcp, attempt_id) = waiting(&desk).await;
    let open = mcp.call("list_approvals", json!({})).await;
    // The agent takes its question back and goes on working.
    desk.agent_says(vec![AgentEvent::ApprovalVoid { key: "q1".into() }]);
    assert_eq!(open["count"], 1);
    let wait = json!({
        "name": "wait_for_attempt", "arguments": {"attempt_id": attempt_id, "timeout_seconds": 9},
        "_meta": {"progressToken": "p1"},
    });
    let id = mcp.send("tools/call", wait).await;
    let progress = mcp.notification("notifications/progress").await;
    assert_eq!(
        (&progress["progressToken"], &progress["total"]),
        (&json!("p1"), &json!(9.0))
    );
    assert!(
        progress["message"].as_str().unwrap().starts_with("running"),
        "{progress}"
    );
    desk.agent_says(vec![AgentEvent::TurnEnded(TurnOutcome::Completed)]);
    let waited = mcp.done("wait_for_attempt", id).await;
    assert_eq!(
        (&waited["status"], &waited["timed_out"]),
        (&json!("idle"), &json!(false))
    );
}

#[tokio::test]
async fn waiting_has_a_limit_and_can_be_cancelled() {
    let desk = Desk::over(&world());
    let (mut mcp, attempt_id) = waiting(&desk).await;
    desk.agent_says(vec![AgentEvent::ApprovalVoid { key: "q1".into() }]);
    let brief = json!({"attempt_id": attempt_id, "timeout_seconds": 0});
    let waited = mcp.call("wait_for_attempt", brief).await;
    assert_eq!(
        (&waited["status"], &waited["timed_out"]),
        (&json!("running"), &json!(true))
    );
    let id = mcp
        .begin(
            "wait_for_attempt",
            json!({"attempt_id": attempt_id, "timeout_seconds": 3600}),
        )
        .await;
    mcp.tell("notifications/cancelled", json!({"requestId": id}))
        .await;
    // The server is there for others at once.
    assert_eq!(mcp.call("list_projects", json!({})).await["count"], 2);
}

#[tokio::test]
async fn the_window_shows_one_thing_or_is_not_there() {
    let mut mcp = Mcp::with(&Desk::over(&world())).await;
    for one in [json!({"task_id": "ANY-1"}), json!({"project_id": "ANY"})] {
        assert_eq!(mcp.call("open_in_window", one).await["shown"], true);
    }
    let both = json!({"task_id": "ANY-1", "project_id": "ANY"});
    assert_eq!(
        mcp.refusal("open_in_window", both).await["code"],
        "invalid_request"
    );
    // In this world there is no window for nothing.
    let said = mcp.refusal("open_in_window", json!({})).await;
    assert_eq!(said["error"], "No window of Anyon is open");
}
