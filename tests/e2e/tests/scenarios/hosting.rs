//! A host without a window: others work through it, it ends when nobody needs it, and its death is survived.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::{Running, World},
};
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
    time::{Duration, Instant},
};

/// A host that waits so long for somebody.
fn host(world: &World, grace_ms: u32) -> Running {
    let mut host = world
        .anyon(["--host"])
        .with("ANYON_HOST_GRACE_MS", grace_ms.to_string())
        .start();
    host.wait_for_event("host");
    host
}

#[test]
fn a_host_without_a_window_ends_when_nobody_needs_it() {
    let world = World::with_agent(&Script::of([vec![
        Step::say("here"),
        Step::Pause(1_000),
        Step::say("done"),
    ]]));
    let repository = world.repository("shop");
    let host = host(&world, 300);
    let run = world.run(&repository, &[], "work").finish().expect(0);
    assert_eq!(run.outcome(), "completed");
    let left = Instant::now();
    host.finish().expect(0);
    assert!(left.elapsed() < Duration::from_secs(10));
    assert!(!world.data_folder().join("host.json").exists());
    world.expect_nothing_lives();
}

#[test]
fn the_end_of_a_client_does_not_end_its_agent() {
    let world = World::with_agent(&Script::of([vec![
        Step::say("here"),
        Step::Pause(1_500),
        Step::write("mine.txt", "mine\n"),
    ]]));
    let repository = world.repository("shop");
    let host = host(&world, 100);
    let mut run = world.run(&repository, &["--approve", "all"], "work").start();
    let name = run.wait_for_event("attempt")["name"].as_str().unwrap().to_owned();
    run.wait_for_entry("assistant_message", "here");
    run.kill();
    // Nobody is connected, but something runs: it goes on to its end.
    world.wait_until("the end of the turn", |world| {
        world.attempt_now(&name)["status"] != "running"
    });
    let worktree = repository.worktrees().remove(0);
    assert!(worktree.join("mine.txt").is_file());
    world.attempt("stop", &name, &[]).finish();
    host.finish().expect(0);
    world.expect_nothing_lives();
}

#[test]
fn a_second_host_says_who_is_there_and_a_request_to_end_is_orderly() {
    let world = World::without_agent();
    let host = host(&world, 60_000);
    let second = world.anyon(["--host"]).finish().expect(3);
    assert_eq!(second.last_event("problem")["code"], "store_locked", "{second}");
    host.signal(rustix::process::Signal::TERM);
    host.finish().expect(0);
    assert!(!world.data_folder().join("host.json").exists());
    world.expect_nothing_lives();
}

#[test]
fn an_older_and_a_newer_program_are_told_clearly() {
    let world = World::without_agent();
    let host = host(&world, 60_000);
    let said = std::fs::read(world.data_folder().join("host.json")).unwrap();
    let told: Value = serde_json::from_slice(&said).unwrap();
    let socket = told["socket"].as_str().unwrap().to_owned();
    let greeting = |protocol: u64| {
        let hello = json!({"protocol": protocol, "version": "99.1.0", "client": "terminal", "unknown": true});
        let mut stream = UnixStream::connect(&socket).unwrap();
        let text = hello.to_string();
        let length = u32::try_from(text.len()).unwrap().to_le_bytes();
        stream.write_all(&length).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        let mut length = [0; 4];
        stream.read_exact(&mut length).unwrap();
        let mut answer = vec![0; u32::from_le_bytes(length) as usize];
        stream.read_exact(&mut answer).unwrap();
        serde_json::from_slice::<Value>(&answer).unwrap()
    };
    for protocol in [1, 999] {
        let refused = &greeting(protocol)["refused"];
        assert_eq!(refused["code"], "version_skew", "{refused}");
        assert!(refused["title"].as_str().unwrap().contains("99.1.0"), "{refused}");
        assert!(!refused["hint"].as_str().unwrap().is_empty());
    }
    assert_eq!(greeting(2)["welcome"]["protocol"], 2);
    host.signal(rustix::process::Signal::TERM);
    host.finish().expect(0);
}

#[test]
fn without_a_window_nothing_comes_to_the_front_and_the_short_help_is_shown() {
    let world = World::without_agent();
    let host = host(&world, 60_000);
    let help = world.anyon::<[&str; 0]>([]).finish().expect(0);
    assert!(help.to_string().contains("anyon demo"), "{help}");
    host.signal(rustix::process::Signal::TERM);
    host.finish().expect(0);
    world.expect_nothing_lives();
}
