//! What a client is told of the server before it calls anything.

use crate::{
    desk::{Desk, world},
    session::Mcp,
};
use serde_json::{Value, json};
use std::path::Path;

#[tokio::test]
async fn the_tools_are_as_they_were_written_down() {
    let mut mcp = Mcp::with(&Desk::over(&world())).await;
    let tools = mcp.ask("tools/list", json!({})).await["result"]["tools"].take();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools.json");
    let now = serde_json::to_string_pretty(&tools).unwrap() + "\n";
    if std::env::var_os("ANYON_WRITE_TOOLS").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&written).unwrap(),
        tools,
        "clients know these; ANYON_WRITE_TOOLS=1 writes them down anew"
    );
}

#[tokio::test]
async fn the_whole_list_costs_an_agent_few_tokens() {
    let mut mcp = Mcp::with(&Desk::over(&world())).await;
    let answer = mcp.ask("tools/list", json!({})).await;
    // About four characters a token.
    let tokens = answer["result"].to_string().len() / 4;
    assert!(tokens <= 6_000, "{tokens} tokens");
}

#[tokio::test]
async fn every_tool_says_what_it_does_to_the_world() {
    let mut mcp = Mcp::with(&Desk::over(&world())).await;
    let tools = mcp.ask("tools/list", json!({})).await["result"]["tools"].take();
    let destroys = ["delete_task", "merge_attempt", "drop_attempt"];
    for tool in tools.as_array().unwrap() {
        let (name, notes) = (tool["name"].as_str().unwrap(), &tool["annotations"]);
        assert!(
            tool["description"]
                .as_str()
                .is_some_and(|about| !about.is_empty()),
            "{name}"
        );
        assert_eq!(tool["inputSchema"]["type"], "object", "{name}");
        assert_eq!(tool["outputSchema"]["type"], "object", "{name}");
        let reads = ["get_", "list_", "wait_", "search_"]
            .iter()
            .any(|begin| name.starts_with(begin));
        assert_eq!(notes["readOnlyHint"], reads, "{name}");
        if !reads {
            assert_eq!(notes["destructiveHint"], destroys.contains(&name), "{name}");
        }
    }
}

#[tokio::test]
async fn every_version_with_a_handshake_is_spoken() {
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let mut mcp = Mcp::of_version(&Desk::over(&world()), version).await;
        assert_eq!(mcp.greeting["protocolVersion"], version);
        assert_eq!(mcp.greeting["serverInfo"]["name"], "anyon");
        assert_eq!(mcp.greeting["serverInfo"]["version"], "1.2.3");
        let projects = mcp.call("list_projects", json!({})).await;
        assert_eq!(projects["count"], 2, "{version}");
    }
    // A version that nobody knows yet is answered with one that both may speak.
    let mcp = Mcp::of_version(&Desk::over(&world()), "2099-01-01").await;
    assert_eq!(mcp.greeting["protocolVersion"], "2025-11-25");
}

#[tokio::test]
async fn the_newest_version_needs_no_handshake() {
    let mut mcp = Mcp::silent(vec![Desk::over(&world())]);
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "new", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let call = json!({"name": "list_projects", "arguments": {}, "_meta": meta});
    let answer = mcp.ask("tools/call", call).await;
    assert_eq!(answer["result"]["structuredContent"]["count"], 2, "{answer}");
    assert_eq!(answer["result"]["resultType"], "complete", "{answer}");
}

#[tokio::test]
async fn the_tools_are_listed_before_there_is_a_host() {
    let mut mcp = Mcp::silent(Vec::new());
    let params = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
    mcp.ask("initialize", params).await;
    let tools = mcp.ask("tools/list", json!({})).await;
    assert!(
        tools["result"]["tools"]
            .as_array()
            .is_some_and(|tools| tools.len() > 20)
    );
    assert_eq!(mcp.connected.load(std::sync::atomic::Ordering::Acquire), 0);
}

#[tokio::test]
async fn prompts_put_a_task_and_an_attempt_into_words() {
    let mut mcp = Mcp::with(&Desk::over(&world())).await;
    let prompts = mcp.ask("prompts/list", json!({})).await["result"]["prompts"].take();
    let names: Vec<_> = prompts
        .as_array()
        .unwrap()
        .iter()
        .map(|prompt| prompt["name"].clone())
        .collect();
    assert_eq!(names, ["split_task", "review_attempt"]);
    let split = json!({"name": "split_task", "arguments": {"task_id": "ANY-1"}});
    let split = mcp.ask("prompts/get", split).await["result"]["messages"][0]["content"]["text"].take();
    let text = split.as_str().unwrap();
    assert!(text.contains("Fix login") && text.contains("/repo"), "{text}");
    let wrong = json!({"name": "review_attempt", "arguments": {}});
    let wrong = mcp.ask("prompts/get", wrong).await;
    assert!(
        wrong["error"]["message"].as_str().unwrap().contains("attempt_id"),
        "{wrong}"
    );
}
