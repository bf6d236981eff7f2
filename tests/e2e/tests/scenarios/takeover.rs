//! A second agent takes over in the same worktree; another model and mode for the one that is there.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::World,
};

#[test]
fn the_demo_agent_takes_over_from_claude_and_is_told_what_was_done() {
    let world = World::with_agent(&Script::of([vec![
        Step::write("hello.txt", "hello new world\n"),
        Step::say("I said hello to the new world."),
    ]]));
    let repository = world.repository("shop");
    let first = world
        .run(&repository, &["--approve", "all"], "greet the world")
        .finish()
        .expect(0);
    let name = first.attempt_name();
    let second = world
        .attempt(
            "send",
            &name,
            &["write it down", "--agent", "DEMO", "--variant", "HURRIED"],
        )
        .finish()
        .expect(0);
    assert_eq!(second.outcome(), "completed");
    assert!(
        second
            .events_named("note")
            .iter()
            .any(|note| note["text"] == "Demo agent takes over from Claude Code"),
        "{second}"
    );
    let asked = second.texts("user_message");
    assert_eq!(asked.len(), 1, "{asked:?}");
    for part in [
        "write it down",
        "You take over this work from Claude Code",
        "greet the world",
        "I said hello to the new world.",
        "hello.txt",
    ] {
        assert!(asked[0].contains(part), "{part}: {}", asked[0]);
    }
    // One worktree, with the work of both.
    assert_eq!(repository.worktrees().len(), 1);
    assert!(second.changed_paths().len() > first.changed_paths().len());
    assert!(second.changed_paths().contains(&"hello.txt".to_owned()));
    assert_eq!(world.attempt_now(&name)["agent"], "DEMO:HURRIED");
    let log = world.attempt("log", &name, &[]).finish().expect(0);
    assert_eq!(log.texts("user_message").len(), 2);
    assert!(
        log.events_named("note")
            .iter()
            .any(|note| note["text"] == "Demo agent takes over from Claude Code")
    );
    world.expect_nothing_lives();
}

#[test]
fn another_model_and_variant_of_the_same_agent_resume_its_conversation() {
    let world = World::with_agent(&Script::of([vec![Step::say("done")]]));
    let repository = world.repository("shop");
    let name = world
        .run(&repository, &[], "look around")
        .finish()
        .expect(0)
        .attempt_name();
    world
        .attempt(
            "send",
            &name,
            &["plan the rest", "--variant", "PLAN", "--model", "opus"],
        )
        .finish()
        .expect(0);
    let started = world.started_agents();
    let arguments = started.last().unwrap()["arguments"].to_string();
    for part in ["--resume", "opus", "plan"] {
        assert!(arguments.contains(part), "{part}: {arguments}");
    }
    assert_eq!(world.attempt_now(&name)["agent"], "CLAUDE_CODE:PLAN");
    let refused = world
        .attempt("send", &name, &["hello", "--agent", "NOBODY"])
        .finish();
    assert!(refused.to_string().contains("There is no agent"), "{refused}");
}

#[test]
fn a_living_agent_is_switched_and_then_ends_for_its_successor() {
    let world = World::with_agent(&Script::of([
        vec![Step::Pause(600), Step::say("first")],
        vec![Step::say("second")],
    ]));
    let repository = world.repository("shop");
    let mut run = world.run(&repository, &["--approve", "all"], "begin").start();
    run.wait_for("a running attempt", |value| {
        value["event"] == "attempt" && value["status"] == "running"
    });
    run.say(r#"{"send":"plan the rest","variant":"PLAN","model":"opus"}"#);
    run.say(r#"{"send":"carry it out","agent":"DEMO","variant":"HURRIED"}"#);
    run.wait_for_entry("user_message", "carry it out");
    run.close_stdin();
    let run = run.finish().expect(0);
    assert_eq!(run.texts("assistant_message")[..2], ["first", "second"]);
    // One process of Claude Code did both of its turns, the second one planning with another model.
    assert_eq!(world.started_agents().len(), 1);
    let heard = world.heard();
    let place = |part: &str| {
        let found = heard.iter().position(|line| line.contains(part));
        found.unwrap_or_else(|| panic!("{part}: {heard:?}"))
    };
    let (mode, model) = (place("set_permission_mode"), place("set_model"));
    assert!(heard[mode].contains("plan") && heard[model].contains("opus"));
    assert!(mode < place("plan the rest") && model < place("plan the rest"));
    let handed_over = run.texts("user_message").pop().unwrap_or_default();
    for part in [
        "plan the rest",
        "second",
        "You take over this work from Claude Code",
    ] {
        assert!(handed_over.contains(part), "{part}: {handed_over}");
    }
    world.expect_nothing_lives();
}

#[test]
fn an_agent_that_lost_its_session_goes_on_in_a_new_one_with_a_summary() {
    let lost = serde_json::json!({"type": "result", "subtype": "error_during_execution", "is_error": true,
        "errors": ["No conversation found with session ID: gone"]});
    let script = Script {
        resumed: vec![vec![Step::Line(lost.to_string()), Step::Exit(1)]],
        ..Script::of([vec![
            Step::write("hello.txt", "hello new world\n"),
            Step::say("I said hello to the new world."),
        ]])
    };
    let world = World::with_agent(&script);
    let repository = world.repository("shop");
    let first = world
        .run(&repository, &["--approve", "all"], "greet the world")
        .finish()
        .expect(0);
    let name = first.attempt_name();
    let second = world.attempt("send", &name, &["and the moon"]).finish().expect(0);
    assert_eq!(second.outcome(), "completed", "{second}");
    let notes = second.events_named("note");
    let told = "Claude Code does not have its session any more: a new one goes on, with a summary";
    assert!(notes.iter().any(|note| note["text"] == told), "{second}");
    let asked = second.texts("user_message").pop().expect("a prompt");
    for part in [
        "and the moon",
        "You take over this work from an earlier session of Claude Code that cannot be resumed",
        "greet the world",
        "I said hello to the new world.",
        "hello.txt",
    ] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    let errors = second.texts("error_message");
    assert!(errors[0].contains("No conversation found"), "{second}");
    let started = world.started_agents();
    assert_eq!(started.len(), 3);
    assert!(started[2]["arguments"].to_string().contains("--session-id"));
    world.expect_nothing_lives();
}
