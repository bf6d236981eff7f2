//! Resources, and being told when they change.

use crate::{
    desk::{Desk, world},
    session::Mcp,
};
use anyon_model::{AgentEvent, TurnOutcome};
use serde_json::{Value, json};

fn text(answer: &Value) -> &str {
    answer["result"]["contents"][0]["text"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"))
}

async fn read(mcp: &mut Mcp, uri: &str) -> Value {
    mcp.ask("resources/read", json!({"uri": uri})).await
}

async fn with_attempt(desk: &std::sync::Arc<Desk>) -> Mcp {
    let mut mcp = Mcp::with(desk).await;
    let start = json!({"task_id": "ANY-1", "executor": "CLAUDE_CODE"});
    mcp.call("create_task_attempt", start).await;
    mcp
}

#[tokio::test]
async fn everything_listed_can_be_read() {
    let desk = Desk::over(&world());
    let mut mcp = with_attempt(&desk).await;
    let listed = mcp.ask("resources/list", json!({})).await["result"]["resources"].take();
    let uris: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["uri"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        uris.len(),
        2 + 3 + 3,
        "projects, tasks, and an attempt with log and diff: {uris:?}"
    );
    for uri in &uris {
        let answer = read(&mut mcp, uri).await;
        assert!(!text(&answer).is_empty(), "{uri}");
    }
    let task = read(&mut mcp, "anyon://tasks/ANY-1").await;
    assert!(text(&task).contains("Fix login"));
    let log = read(&mut mcp, "anyon://attempts/ANY-1.1/log").await;
    assert!(text(&log).contains("[assistant_message] message 6"), "{log}");
    for uri in [
        "anyon://tasks/ANY-9",
        "file:///etc/passwd",
        "anyon://attempts/ANY-1.1/../x",
        "",
    ] {
        let answer = read(&mut mcp, uri).await;
        assert!(answer["error"]["message"].is_string(), "{uri}: {answer}");
    }
}

#[tokio::test]
async fn changes_are_told_to_who_subscribed() {
    let desk = Desk::over(&world());
    let mut mcp = with_attempt(&desk).await;
    let wrong = mcp
        .ask("resources/subscribe", json!({"uri": "anyon://tasks/ANY-9"}))
        .await;
    assert!(wrong["error"].is_object());
    let uri = "anyon://attempts/ANY-1.1";
    mcp.ask("resources/subscribe", json!({"uri": uri})).await;
    desk.agent_says(vec![AgentEvent::TurnEnded(TurnOutcome::Completed)]);
    assert_eq!(
        mcp.notification("notifications/resources/updated").await["uri"],
        uri
    );
    mcp.ask("resources/unsubscribe", json!({"uri": uri})).await;
    let log = "anyon://attempts/ANY-1.1/log";
    mcp.ask("resources/subscribe", json!({"uri": log})).await;
    desk.log_grows();
    assert_eq!(
        mcp.notification("notifications/resources/updated").await["uri"],
        log
    );
}

#[tokio::test]
async fn a_new_task_is_told_as_a_change_of_the_list() {
    let desk = Desk::over(&world());
    let mut mcp = Mcp::with(&desk).await;
    // The first look at things is taken in the background.
    mcp.call("list_projects", json!({})).await;
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    mcp.call("create_task", json!({"project_id": "ANY", "title": "New"}))
        .await;
    mcp.notification("notifications/resources/list_changed").await;
}
