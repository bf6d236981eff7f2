//! Agents and profiles of the person's own, by `agents.toml`: the demo agent's program, configured as any other agent
//! that speaks the Agent Client Protocol.

use anyon_e2e::world::{World, anyon_program};
use serde_json::{Value, json};
use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

const SECRET: &str = "s3cret-of-mine";

/// What a person writes.
fn agents_toml() -> String {
    format!(
        r#"# Mine.
[agents.parrot]
name = "Parrot"
command = "parrot"
args = ["--demo-agent"]
env = {{ ANYON_DEMO_PACE = "none", PARROT_TOKEN = "{SECRET}" }}

[profiles.parrot.LOUD]
append_prompt = "And be loud."
"#
    )
}

/// A world in which the demo agent's program is installed under another name.
fn world() -> World {
    let world = World::without_agent();
    world.install("parrot", anyon_program());
    world.write("data/agents.toml", &agents_toml());
    world
}

#[test]
fn any_agent_of_the_protocol_is_one_by_a_few_lines() {
    let world = world();
    let repository = world.repository("shop");
    let run = world.run_of(
        "parrot",
        &repository,
        &["--variant", "LOUD", "--approve", "all"],
        "Say it",
    );
    let run = run.finish().expect(0);
    assert_eq!(run.outcome(), "completed", "{run}");
    assert!(run.texts("user_message")[0].contains("And be loud."), "{run}");
    assert!(!run.changed_paths().is_empty(), "{run}");
    world.expect_nothing_lives();

    let name = run.attempt_name();
    let sent = world.attempt("send", &name, &["Once more"]).finish().expect(0);
    assert_eq!(sent.outcome(), "completed", "another process goes on: {sent}");
    let merged = world.attempt("merge", &name, &[]).finish().expect(0);
    assert!(merged.last_event("merged")["commit"].is_string(), "{merged}");
    assert_eq!(world.task_status(), "done");
    world.expect_nothing_lives();
    let told = world.files_with(&world.data_folder(), SECRET.as_bytes());
    let mut told: Vec<_> = told.iter().filter_map(|file| file.file_name()).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        ["agents.last-good.toml", "agents.toml"],
        "in no log and no store"
    );
    let kept = fs::metadata(world.path("data/agents.last-good.toml")).unwrap();
    assert_eq!(kept.permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_mistake_is_told_with_its_line_and_takes_nothing_away() {
    let world = world();
    let repository = world.repository("shop");
    let doctor = || world.anyon(["doctor", "--json"]).finish().expect(0);
    let finding = |what: &str| -> Value {
        let findings = doctor()
            .events_named("finding")
            .into_iter()
            .cloned()
            .collect::<Vec<_>>();
        let found = findings.into_iter().find(|finding| finding["what"] == what);
        found.unwrap_or_default()
    };
    let parrot = finding("parrot");
    assert_eq!(parrot["facts"]["found"], true, "{parrot}");
    assert_eq!(finding("agents.toml")["facts"]["profiles"], 1);
    world
        .run_of("parrot", &repository, &["--approve", "all"], "Say it")
        .finish()
        .expect(0);

    let broken = agents_toml().replace("args = [\"--demo-agent\"]", "args = \"--demo-agent\"");
    world.write("data/agents.toml", &broken);
    let told = finding("agents.toml");
    assert_eq!(
        (&told["level"], &told["facts"]["line"]),
        (&json!("note"), &json!(5)),
        "{told}"
    );
    let text = told["text"].as_str().unwrap();
    assert!(text.contains("line 5: “args” has to be a list"), "{text}");
    assert!(!told.to_string().contains(SECRET));
    let run = world.run_of("parrot", &repository, &["--approve", "all"], "Say it again");
    assert_eq!(
        run.finish().expect(0).outcome(),
        "completed",
        "the last good one is in force"
    );
    world.expect_nothing_lives();
}

#[test]
fn an_agent_that_is_added_while_the_host_runs_is_there_when_agents_are_listed() {
    let mut world = World::without_agent();
    world.set("ANYON_HOST_GRACE_MS", "200");
    world.install("parrot", anyon_program());
    let repository = world.repository("shop");
    let mut mcp = world.mcp();
    let listed = |answer: &Value| {
        let agents = answer["agents"].as_array().cloned().unwrap_or_default();
        agents.into_iter().find(|agent| agent["executor"] == "parrot")
    };
    assert_eq!(listed(&mcp.call("list_agents", json!({}))), None);
    world.write("data/agents.toml", &agents_toml());
    let parrot = listed(&mcp.call("list_agents", json!({}))).expect("it is there");
    assert_eq!(parrot["name"], "Parrot");
    assert_eq!(
        parrot["variants"],
        json!(["DEFAULT", "APPROVALS", "LOUD", "PLAN"])
    );
    let project = mcp.call("create_project", json!({"git_repo_path": repository.folder()}));
    let task = json!({"project_id": project["project_id"], "title": "Say it", "description": ""});
    let task = mcp.call("create_task", task);
    let start = json!({"task_id": task["task_id"], "executor": "parrot", "approve": "all"});
    let attempt = mcp.call("create_task_attempt", start);
    let waited = mcp.call("wait_for_attempt", json!({"attempt_id": attempt["attempt_id"]}));
    assert_eq!(waited["status"], "idle", "{waited}");
    mcp.running().finish().expect(0);
    world
        .wait_until_nothing_lives(Duration::from_secs(10))
        .expect("the host ends by itself");
}
