//! The app dies in the middle: nothing it started lives on, nothing that was shown is lost, work goes on.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::World,
};
use std::time::Duration;

#[test]
fn after_kill_nine_everything_is_gone_but_the_work() {
    let script = Script {
        ignores_eof: true,
        ignores_term: true,
        resumed: vec![vec![Step::say("going on")]],
        ..Script::of([vec![
            Step::write("half.txt", "half\n"),
            Step::say("half of it is done"),
            Step::LeaveChildren,
            Step::say("children are there"),
            Step::Hang,
        ]])
    };
    let world = World::with_agent(&script);
    let repository = world.repository("shop");
    let mut run = world.run(&repository, &[], "take your time").start();
    let name = run.wait_for_event("attempt")["name"].as_str().unwrap().to_owned();
    run.wait_for_entry("assistant_message", "children are there");
    // What was shown is written within a quarter of a second.
    std::thread::sleep(Duration::from_millis(500));
    run.kill();
    let gone = world.wait_until_nothing_lives(Duration::from_secs(2));
    assert!(gone.is_ok(), "left behind: {gone:#?}");

    let shown = world.attempt_now(&name);
    assert_eq!(shown["status"], "stopped");
    let log = world.attempt("log", &name, &[]).finish().expect(0);
    let said = log.texts("assistant_message");
    assert!(said.contains(&"half of it is done".to_owned()), "{log}");
    assert!(said.contains(&"children are there".to_owned()), "{log}");
    assert_eq!(world.task_status(), "inreview");
    let worktrees = repository.worktrees();
    assert_eq!(
        std::fs::read_to_string(worktrees[0].join("half.txt")).unwrap(),
        "half\n"
    );

    let resumed = world.attempt("resume", &name, &[]).finish().expect(0);
    assert!(
        resumed
            .texts("assistant_message")
            .contains(&"going on".to_owned()),
        "{resumed}"
    );
    let started = world.started_agents();
    assert!(
        started[1]["arguments"].to_string().contains("--resume"),
        "{started:#?}"
    );
    world.attempt("merge", &name, &[]).finish().expect(0);
    assert_eq!(repository.file_at("main", "half.txt"), "half");
    world.expect_nothing_lives();
}

#[test]
fn a_request_to_end_ends_the_agent_first() {
    let world = World::with_agent(&Script::of([vec![
        Step::LeaveChildren,
        Step::say("here"),
        Step::Hang,
    ]]));
    let repository = world.repository("shop");
    let mut run = world.run(&repository, &[], "wait").start();
    run.wait_for_entry("assistant_message", "here");
    run.signal(rustix::process::Signal::TERM);
    run.finish();
    assert_eq!(world.living(), []);
}
