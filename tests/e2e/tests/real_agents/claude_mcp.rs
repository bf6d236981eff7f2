//! The real Claude Code as a client of Anyon's MCP server: started by a person, and in an attempt.

use crate::{
    claude::real,
    real::{PATIENCE, tool},
};
use serde_json::{Value, json};

/// An id in what a tool answered, as it stands in a request to the model.
fn id_of(field: &str) -> String {
    format!("{field}\\\\+\":\\\\+\"([0-9a-f-]{{36}})")
}

fn ours(name: &str, input: Value) -> Value {
    tool(&format!("mcp__anyon__{name}"), input)
}

#[test]
fn claude_does_the_main_job_with_our_tools() {
    let attempt = || json!({"attempt_id": "${ATTEMPT}"});
    let scenario = json!({
        "turns": [
            ours("create_project", json!({"git_repo_path": "${REPOSITORY}"})),
            ours("create_task", json!({"project_id": "${PROJECT}", "title": "Say goodbye"})),
            ours("create_task_attempt", json!({"task_id": "${TASK}", "executor": "DEMO", "variant": "HURRIED"})),
            ours("wait_for_attempt", attempt()),
            ours("get_attempt_diff", attempt()),
            ours("merge_attempt", attempt()),
            {"text": "landed"},
        ],
        "capture": {
            "REPOSITORY": "the repository ([^\\\\\" ]+) is",
            "PROJECT": id_of("project_id"), "TASK": id_of("task_id"), "ATTEMPT": id_of("attempt_id"),
        },
    });
    let Some(mut real) = real(scenario) else { return };
    real.world.set("ANYON_HOST_GRACE_MS", "300");
    let written = real.world.anyon(["mcp-config", "claude-code", "--write"]);
    written.finish().expect(0);
    let claude = real.world.path("bin/claude");
    let listed = real.world.program(&claude, ["mcp", "list"]);
    let listed = listed.limit(PATIENCE).finish().expect(0);
    assert!(listed.stdout.contains("Connected"), "{}", listed.said());

    let prompt = format!(
        "the repository {} is to say goodbye",
        real.repository.folder().display()
    );
    let arguments = ["-p", prompt.as_str(), "--allowedTools", "mcp__anyon"];
    let said = real.world.program(&claude, arguments);
    let said = said.limit(2 * PATIENCE).finish().expect(0);
    let requests = real.model.main_requests();
    let heard = requests
        .last()
        .map(|request| request.body["messages"].to_string());
    assert!(said.stdout.contains("landed"), "{}\n{heard:?}", said.said());
    assert_eq!(real.world.task_status(), "done", "{heard:?}");
    assert!(!real.repository.file_at("main", "DEMO.md").is_empty());
    real.world.expect_nothing_lives();
}

#[test]
fn claude_in_an_attempt_reads_the_board_and_may_not_land_itself() {
    let scenario = json!({
        "turns": [
            ours("list_projects", json!({})),
            ours("list_tasks", json!({"project_id": "${PROJECT}"})),
            ours("merge_attempt", json!({"attempt_id": "${TASK}.1"})),
            {"text": "so be it"},
        ],
        "capture": {"PROJECT": "\\\\+\"id\\\\+\":\\\\+\"([0-9a-f-]{36})", "TASK": "short_id\\\\+\":\\\\+\"([A-Z]+-[0-9]+)"},
    });
    let Some(real) = real(scenario) else { return };
    let run = real.run(&["--approve", "all"], "look around");
    let run = run.finish().expect(0);
    assert_eq!(run.texts("assistant_message"), ["so be it"], "{run}");
    let requests = real.model.main_requests();
    let heard = requests.last().unwrap().body["messages"].to_string();
    assert!(heard.contains("may not merge its own attempt"), "{heard}");
    assert!(
        run.events_named("problem").is_empty(),
        "it is the agent's to hear: {run}"
    );
    assert_ne!(real.world.task_status(), "done");
    real.world.expect_nothing_lives();
}
