//! A host without a window: others work through it, it ends when nobody needs it, and its death is survived.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::{Running, World},
};
use std::time::{Duration, Instant};

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
