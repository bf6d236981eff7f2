//! The fake agent itself: it keeps to the protocol unless it is told not to.

use anyon_e2e::{
    fake_agent::{Script, Step, burst},
    world::{Running, World, built_beside},
};
use serde_json::{Value, json};
use std::{process::Command, time::Duration};

fn prompt(text: &str) -> Value {
    json!({"type": "user", "message": {"role": "user", "content": text}, "parent_tool_use_id": null})
}

fn started(world: &World) -> Running {
    world
        .program(built_beside("fake-agent"), ["-p", "--session-id", "s-1"])
        .start()
}

fn allow(request: &Value) -> Value {
    json!({"type": "control_response", "response": {"subtype": "success", "request_id": request["request_id"],
        "response": {"behavior": "allow", "updatedInput": request["request"]["input"]}}})
}

#[test]
fn it_says_its_version_and_whether_it_is_logged_in() {
    let script = Script {
        logged_in: false,
        ..Script::default()
    };
    let world = World::with_agent(&script);
    let ask = |arguments: &[&str]| {
        let asked = world.program(built_beside("fake-agent"), arguments.iter().copied());
        asked.finish()
    };
    assert_eq!(ask(&["--version"]).expect(0).stdout, "2.1.330 (Claude Code)");
    assert_eq!(ask(&["auth", "status"]).expect(1).events[0]["loggedIn"], false);
}

#[test]
fn it_asks_before_it_writes_and_takes_a_reason() {
    let world = World::with_agent(&Script::of([vec![
        Step::write("tmp/first.txt", "one"),
        Step::write("tmp/second.txt", "two"),
        Step::say("finished"),
    ]]));
    let mut agent = started(&world);
    agent.say(prompt("go"));
    let first = agent.wait_for("a question", |line| line["type"] == "control_request");
    agent.say(allow(&first));
    let second = agent.wait_for("a question", |line| line["type"] == "control_request");
    agent.say(
        json!({"type": "control_response", "response": {"subtype": "success",
        "request_id": second["request_id"], "response": {"behavior": "deny", "message": "not that one"}}}),
    );
    agent.wait_for("the refusal", |line| {
        line.to_string().contains("not that one") && line["type"] == "user"
    });
    let result = agent.wait_for("the result", |line| line["type"] == "result");
    assert_eq!(
        (&result["is_error"], &result["session_id"]),
        (&json!(false), &json!("s-1"))
    );
    agent.finish().expect(0);
    assert_eq!(
        std::fs::read_to_string(world.path("home/tmp/first.txt")).unwrap(),
        "one"
    );
    assert!(!world.path("home/tmp/second.txt").exists());
}

#[test]
fn an_interrupt_ends_its_turn_and_its_command() {
    let world = World::with_agent(&Script::of([vec![Step::run("sleep 600")]]));
    let mut agent = started(&world);
    agent.say(prompt("go"));
    let question = agent.wait_for("a question", |line| line["type"] == "control_request");
    agent.say(allow(&question));
    world.wait_until("the command", |world| {
        world.living().iter().any(|one| one.command_line == "sleep 600")
    });
    agent.say(json!({"type": "control_request", "request_id": "i", "request": {"subtype": "interrupt"}}));
    let result = agent.wait_for("the result", |line| line["type"] == "result");
    assert_eq!(result["subtype"], "error_during_execution");
    agent.finish().expect(1);
    world.expect_nothing_lives();
}

#[test]
fn it_can_be_deaf_to_everything_but_the_end() {
    let script = Script {
        ignores_eof: true,
        ignores_term: true,
        ..Script::of([vec![Step::LeaveChildren, Step::say("left them")]])
    };
    let world = World::with_agent(&script);
    let mut agent = started(&world);
    agent.say(prompt("go"));
    agent.wait_for("the result", |line| line["type"] == "result");
    agent.close_stdin();
    agent.signal(rustix::process::Signal::TERM);
    std::thread::sleep(Duration::from_millis(200));
    assert!(
        world.living().len() >= 5,
        "itself, a child, one in its own session, a nested pair"
    );
    agent.signal(rustix::process::Signal::KILL);
    std::thread::sleep(Duration::from_millis(100));
    assert!(
        !world.living().is_empty(),
        "its children live on: that is what it is for"
    );
}

#[test]
fn a_burst_is_complete() {
    let world = World::with_agent(&Script::of([vec![Step::Burst(1000)]]));
    let mut agent = started(&world);
    agent.say(prompt("go"));
    agent.wait_for("the result", |line| line["type"] == "result");
    let said = agent.finish().expect(0);
    let streamed: String = said
        .events
        .iter()
        .filter_map(|line| line["event"]["delta"]["text"].as_str())
        .collect();
    let words: String = (0..burst::words_in(1000)).map(burst::word).collect();
    assert_eq!(streamed, words);
}

#[test]
fn it_starts_fast() {
    let world = World::with_agent(&Script::default());
    let begun = std::time::Instant::now();
    let output = Command::new(built_beside("fake-agent"))
        .arg("--version")
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(begun.elapsed() < Duration::from_secs(1));
    drop(world);
}
