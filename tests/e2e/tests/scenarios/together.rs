//! Several programs at once: the first one holds the store, the others work through it.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::{World, anyon_program},
};
use serde_json::json;

#[test]
fn a_running_attempt_is_seen_and_stopped_from_another_terminal() {
    let world = World::with_agent(&Script::of([vec![Step::say("here"), Step::Hang]]));
    let repository = world.repository("shop");
    let mut run = world.run(&repository, &[], "hold on").start();
    let name = run.wait_for_event("attempt")["name"].as_str().unwrap().to_owned();
    run.wait_for_entry("assistant_message", "here");

    assert_eq!(world.attempt_now(&name)["status"], "running");
    let log = world.attempt("log", &name, &[]).finish().expect(0);
    assert_eq!(log.texts("assistant_message"), ["here"]);
    world.attempt("stop", &name, &[]).finish().expect(0);
    let run = run.finish();
    assert_eq!(run.outcome(), "stopped");
    assert_eq!(world.attempt_now(&name)["status"], "stopped");
    world.expect_nothing_lives();
}

#[test]
fn two_runs_at_once_each_have_their_own_worktree_and_end() {
    let world = World::with_agent(&Script::of([vec![
        Step::say("here"),
        Step::Pause(400),
        Step::write("mine.txt", "mine\n"),
    ]]));
    let repository = world.repository("shop");
    let edits = ["--approve", "edits"];
    let mut first = world.run(&repository, &edits, "one").start();
    first.wait_for_entry("assistant_message", "here");
    let second = world.run(&repository, &edits, "two").finish().expect(0);
    let first = first.finish().expect(0);
    assert_eq!(first.outcome(), "completed");
    assert_eq!(second.outcome(), "completed");
    assert_ne!(first.attempt_name(), second.attempt_name());
    assert_eq!(second.changed_paths(), ["mine.txt"]);
    world.expect_nothing_lives();
}

#[test]
fn the_death_of_the_one_that_holds_the_store_is_survived_by_the_others() {
    let world = World::with_agent(&Script::of([vec![Step::say("here"), Step::Hang]]));
    let repository = world.repository("shop");
    let mut run = world.run(&repository, &[], "hold on").start();
    let name = run.wait_for_event("attempt")["name"].as_str().unwrap().to_owned();
    run.wait_for_entry("assistant_message", "here");
    let mut follower = world.attempt("log", &name, &["--follow"]).start();
    follower.wait_for_entry("assistant_message", "here");
    run.kill();
    // It takes the store over, finds the attempt stopped, and says what there is to say.
    let follower = follower.finish().expect(0);
    assert_eq!(follower.texts("assistant_message"), ["here"], "{follower}");
    assert_eq!(world.attempt_now(&name)["status"], "stopped");
    world.expect_nothing_lives();
}

#[test]
fn an_agent_cannot_decide_over_itself_through_the_command_line() {
    let anyon = anyon_program().display().to_string();
    let world = World::with_agent(&Script::default());
    let data = world.data_folder().display().to_string();
    // The agent sheds every variable; where it comes from it cannot shed.
    let alone = format!("env -i PATH=$PATH HOME=$HOME {anyon} --data-dir {data} attempt");
    let merge =
        format!("{alone} merge SHO-1.1 --json > merge.txt 2>&1; {alone} show SHO-1.1 --json > show.txt 2>&1");
    world.script(&Script::of([vec![
        Step::write("work.txt", "work\n"),
        Step::run(format!("setsid sh -c '{merge}'")),
        Step::say("done"),
    ]]));
    let repository = world.repository("shop");
    let run = world
        .run(&repository, &["--approve", "all"], "try")
        .finish()
        .expect(0);
    let worktree = repository.worktrees().remove(0);
    let said = |file: &str| std::fs::read_to_string(worktree.join(file)).unwrap();
    let refused = said("merge.txt");
    assert!(refused.contains("forbidden"), "{refused}\n{run}");
    assert!(said("show.txt").contains("\"status\":\"running\""), "it may look");
    assert_eq!(world.attempt_now("SHO-1.1")["status"], json!("idle"));
}
