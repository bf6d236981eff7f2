//! Anyon for other programs: the main job through `anyon --mcp` alone, and the documentation's examples.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::{Mcp, World},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// The sample project of the demo, after its first work.
fn sample(world: &World) -> PathBuf {
    let demo = world
        .anyon(["demo", "--headless", "--json", "--keep"])
        .finish()
        .expect(0);
    PathBuf::from(demo.last_event("merged")["repo"].as_str().unwrap())
}

/// A world whose hosts end soon after their clients.
fn world_of_the_demo() -> World {
    let mut world = World::without_agent();
    world.set("ANYON_HOST_GRACE_MS", "200");
    world
}

#[test]
fn the_main_job_by_mcp_alone() {
    let world = world_of_the_demo();
    let repository = sample(&world);
    let mut mcp = world.mcp();
    let project = mcp.call("create_project", json!({"git_repo_path": repository}));
    let task = json!({"project_id": project["project_id"], "title": "Mention goodbye", "description": ""});
    let task = mcp.call("create_task", task);
    let start =
        json!({"task_id": task["task_id"], "executor": "DEMO", "variant": "HURRIED", "approve": "ask"});
    let attempt = mcp.call("create_task_attempt", start);
    let attempt = json!({"attempt_id": attempt["attempt_id"]});
    let mut calls = 3;
    let idle = loop {
        let waited = mcp.call("wait_for_attempt", attempt.clone());
        calls += 1;
        let Some(question) = waited["approvals"].get(0) else {
            break waited;
        };
        let answer = json!({"approval_id": question["approval_id"], "status": "approved"});
        mcp.call("answer_approval", answer);
        calls += 1;
    };
    assert_eq!(idle["status"], "idle", "{idle}");
    let diff = mcp.call("get_attempt_diff", attempt.clone());
    assert_eq!(diff["files"][0]["path"], "README.md", "{diff}");
    let merged = mcp.call("merge_attempt", attempt);
    assert!(calls + 2 <= 12, "{calls} calls and two");
    let head = std::fs::read_to_string(repository.join(".git/refs/heads/main")).unwrap();
    assert_eq!(head.trim(), merged["commit"]);
    let finished = mcp.running().finish().expect(0);
    assert_eq!(finished.stderr, "", "nothing went wrong");
    let lines = finished.stdout.lines().count();
    assert_eq!(
        finished.events.len(),
        lines,
        "standard output carries the protocol only"
    );
    world
        .wait_until_nothing_lives(Duration::from_secs(10))
        .expect("the host ends by itself");
}

#[test]
fn a_warm_server_answers_at_once_and_the_agent_outlives_its_client() {
    let mut world = World::with_agent(&Script::of([vec![
        Step::say("here"),
        Step::Pause(1_500),
        Step::write("mine.txt", "mine\n"),
    ]]));
    world.set("ANYON_HOST_GRACE_MS", "200");
    let repository = world.repository("shop");
    let mut first = world.mcp();
    first.call("create_project", json!({"git_repo_path": repository.folder()}));
    let mut warm: Vec<Duration> = (0..5)
        .map(|_| {
            let mut mcp = world.mcp();
            let begun = Instant::now();
            mcp.call("list_projects", json!({}));
            begun.elapsed()
        })
        .collect();
    warm.sort();
    assert!(warm[0] < Duration::from_millis(100), "{warm:?}");
    first.call("create_task", json!({"project_id": "SHO", "title": "work"}));
    let start = json!({"task_id": "SHO-1", "executor": "CLAUDE_CODE", "approve": "all"});
    first.call("create_task_attempt", start);
    first.running().finish().expect(0);
    world.wait_until("the agent's file", |_| {
        repository
            .worktrees()
            .first()
            .is_some_and(|worktree| worktree.join("mine.txt").is_file())
    });
}

#[test]
fn an_agent_is_known_by_its_ancestry_through_mcp_too() {
    let mut world = World::with_agent(&Script::default());
    world.set("ANYON_HOST_GRACE_MS", "200");
    let anyon = anyon_e2e::world::anyon_program().display().to_string();
    let data = world.data_folder().display().to_string();
    let run = world.path("run").display().to_string();
    let message = |value: Value| format!("echo '{value}'");
    let greeting = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "sly", "version": "1"}}});
    let merge = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
        "name": "merge_attempt", "arguments": {"attempt_id": "SHO-1.1"}}});
    // It sheds every variable; where it comes from it cannot shed.
    let script = format!(
        "({}; {}; sleep 2) | env -i PATH=$PATH HOME=$HOME XDG_RUNTIME_DIR={run} {anyon} --mcp --data-dir {data} > said.txt",
        message(greeting),
        message(merge)
    );
    std::fs::write(world.path("tmp/sly.sh"), script).unwrap();
    let sly = world.path("tmp/sly.sh").display().to_string();
    world.script(&Script::of([vec![
        Step::run(format!("sh {sly}")),
        Step::say("done"),
    ]]));
    let repository = world.repository("shop");
    let mut mcp = world.mcp();
    mcp.call("create_project", json!({"git_repo_path": repository.folder()}));
    mcp.call("create_task", json!({"project_id": "SHO", "title": "work"}));
    let start = json!({"task_id": "SHO-1", "executor": "CLAUDE_CODE", "approve": "all"});
    mcp.call("create_task_attempt", start);
    let waited = mcp.call("wait_for_attempt", json!({"attempt_id": "SHO-1.1"}));
    assert_eq!(waited["status"], "idle", "{waited}");
    let said = std::fs::read_to_string(repository.worktrees().remove(0).join("said.txt")).unwrap();
    assert!(said.contains("may not merge its own attempt"), "{said}");
    mcp.call("stop_attempt", json!({"attempt_id": "SHO-1.1"}));
}

#[test]
fn the_examples_of_the_documentation_work() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/mcp.md");
    let document = std::fs::read_to_string(document).unwrap();
    let world = world_of_the_demo();
    let repository = sample(&world);
    let mut mcp = world.mcp();
    let mut known = BTreeMap::from([("git_repo_path".to_owned(), json!(repository))]);
    let mut shown = Vec::new();
    for Example {
        tool,
        refused,
        arguments,
        expected,
    } in examples(&document)
    {
        let arguments = filled(arguments, &known);
        if refused {
            assert_eq!(mcp.refusal(&tool, arguments), expected, "{tool}");
            shown.push(tool);
            continue;
        }
        let answer = mcp.call(&tool, arguments);
        let schema = mcp.output_schema(&tool);
        compare(&schema, &expected, &answer, &tool);
        learn(&answer, &mut known);
        shown.push(tool);
    }
    for tool in mcp.tool_names() {
        assert!(shown.contains(&tool), "{tool} has an example in docs/mcp.md");
    }
    drop::<Mcp>(mcp);
}

/// A call and what it is to be answered.
struct Example {
    tool: String,
    refused: bool,
    arguments: Value,
    expected: Value,
}

/// Two fenced blocks each, one after the other.
fn examples(document: &str) -> Vec<Example> {
    let mut blocks = document.split("```json").skip(1).map(|block| {
        let (head, rest) = block.split_once('\n').unwrap();
        let body = rest.split("```").next().unwrap();
        let value: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"));
        (head.trim().to_owned(), value)
    });
    let mut found = Vec::new();
    while let Some((head, arguments)) = blocks.next() {
        let (none, expected) = blocks.next().expect("an answer after a call");
        assert_eq!(none, "", "an answer after a call");
        let (how, tool) = head.split_once('=').expect("a call before an answer");
        found.push(Example {
            tool: tool.to_owned(),
            refused: how == "refused",
            arguments,
            expected,
        });
    }
    found
}

/// `<name>` is what an answer last called so.
fn filled(arguments: Value, known: &BTreeMap<String, Value>) -> Value {
    let Value::Object(mut arguments) = arguments else {
        panic!("arguments are an object")
    };
    for value in arguments.values_mut() {
        let name = value
            .as_str()
            .and_then(|text| text.strip_prefix('<')?.strip_suffix('>'));
        if let Some(name) = name.map(str::to_owned) {
            *value = known
                .get(&name)
                .unwrap_or_else(|| panic!("no answer told {name}"))
                .clone();
        }
    }
    Value::Object(arguments)
}

fn learn(answer: &Value, known: &mut BTreeMap<String, Value>) {
    for (name, value) in answer.as_object().into_iter().flatten() {
        if value.is_string() {
            known.insert(name.clone(), value.clone());
        }
        learn(value, known);
    }
    answer
        .as_array()
        .into_iter()
        .flatten()
        .for_each(|value| learn(value, known));
}

/// The words that are the same each time.
const WORDS: [&str; 14] = [
    "status",
    "attempt_status",
    "timed_out",
    "queued",
    "count",
    "title",
    "short_id",
    "short_prefix",
    "name",
    "has_more",
    "executor",
    "target_branch",
    "question",
    "kind",
];

/// What depends on how far an agent without pauses has come by then.
const RACES: [&str; 2] = ["send_follow_up.status", "answer_approval.attempt_status"];

/// Example and answer have the shape that the schema tells, and the same words where words are fixed.
fn compare(schema: &Value, example: &Value, answer: &Value, place: &str) {
    let kind = schema["type"]
        .as_str()
        .unwrap_or_else(|| panic!("{place} is not in the schema"));
    for value in [example, answer] {
        let fits = match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "integer" => value.is_u64(),
            _ => value.is_boolean(),
        };
        assert!(fits, "{place}: {value} is no {kind}");
    }
    for required in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        assert!(
            example.get(required).is_some(),
            "{place}.{required} is missing in the example"
        );
        assert!(
            answer.get(required).is_some(),
            "{place}.{required} is missing in the answer"
        );
    }
    for (name, value) in example.as_object().into_iter().flatten() {
        let (inner, place) = (&schema["properties"][name], format!("{place}.{name}"));
        let Some(told) = answer.get(name) else {
            panic!("{place} is not in the answer {answer}")
        };
        if WORDS.contains(&name.as_str()) && !RACES.contains(&place.as_str()) {
            assert_eq!(value, told, "{place}");
        }
        compare(inner, value, told, &place);
    }
    if let (Some(example), Some(answer)) = (example.get(0), answer.get(0)) {
        compare(&schema["items"], example, answer, &format!("{place}[]"));
    }
}
