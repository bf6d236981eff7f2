//! An agent that begins when its input ends, cannot be spoken to afterwards, and asks nothing: Amp, with a script in
//! its place.

use anyon_e2e::world::World;
use rustix::process::Signal;
use std::os::unix::fs::PermissionsExt;

/// Hears its prompt to the end of its input, notes it and its arguments, and answers as Amp does. A prompt with
/// “wait” in it is worked on for ever.
const SCRIPT: &str = r#"#!/bin/sh
printf '%s\n' "$*" >> "$HOME/arguments"
prompt=$(cat)
printf '%s\n' "$prompt" >> "$HOME/prompts"
printf '{"type":"system","subtype":"init","cwd":"%s","session_id":"T-1","tools":[],"mcp_servers":[]}\n' "$PWD"
case "$prompt" in *wait*) sleep 600 ;; esac
echo new > made.txt
printf '{"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"made it"}]},"session_id":"T-1"}\n'
printf '{"type":"result","subtype":"success","is_error":false,"result":"made it","session_id":"T-1"}\n'
"#;

fn world() -> World {
    let world = World::without_agent();
    let script = world.path("amp.sh");
    std::fs::write(&script, SCRIPT).expect("a script");
    let runs = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&script, runs).expect("a program");
    world.install("amp", &script);
    world
}

fn noted(world: &World, name: &str) -> String {
    std::fs::read_to_string(world.path("home").join(name)).unwrap_or_default()
}

#[test]
fn its_prompt_ends_with_its_input_and_a_further_one_goes_on_with_the_thread() {
    let mut world = world();
    world.set("AMP_API_KEY", "sgamp-dummy");
    let repository = world.repository("shop");
    let run = world.run_of("AMP", &repository, &[], "make it\n\nand nothing else");
    let run = run.finish().expect(0);
    assert_eq!(run.outcome(), "completed", "{run}");
    assert_eq!(run.texts("assistant_message"), ["made it"]);
    assert_eq!(run.changed_paths(), ["made.txt"]);
    let told = run.texts("system_message").concat();
    assert!(told.contains("cannot ask"), "{told}");
    let prompts = noted(&world, "prompts");
    assert!(prompts.contains("make it\n\nand nothing else"), "{prompts}");
    let arguments = noted(&world, "arguments");
    assert!(arguments.starts_with("--execute --stream-json"), "{arguments}");
    assert!(
        !arguments.contains("make it") && !arguments.contains("allow-all"),
        "{arguments}"
    );
    world.expect_nothing_lives();

    let sent = world.attempt("send", &run.attempt_name(), &["once more"]);
    sent.finish().expect(0);
    let arguments = noted(&world, "arguments");
    assert!(
        arguments.contains("\nthreads continue T-1 --execute"),
        "{arguments}"
    );
    assert!(noted(&world, "prompts").contains("once more"));
    world.expect_nothing_lives();
}

#[test]
fn it_is_stopped_by_one_interrupt() {
    let mut world = world();
    world.set("AMP_API_KEY", "sgamp-dummy");
    let repository = world.repository("shop");
    let mut run = world.run_of("AMP", &repository, &[], "wait").start();
    run.close_stdin();
    run.wait_for_entry("system_message", "cannot ask");
    run.signal(Signal::INT);
    run.finish();
    world.expect_nothing_lives();
}

#[test]
fn without_a_key_it_is_not_started_where_it_would_open_a_browser() {
    let world = world();
    let repository = world.repository("shop");
    let run = world
        .run_of("AMP", &repository, &[], "make it")
        .finish()
        .expect(3);
    assert!(run.said().contains("Amp is not logged in"), "{run}");
    assert!(noted(&world, "arguments").is_empty(), "it was started");
    world.expect_nothing_lives();
}
