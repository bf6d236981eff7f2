//! Prompts and answers: what an attempt does while its agent behaves.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::World,
};
use rustix::process::Signal;
use std::time::Duration;

#[test]
fn a_plain_answer_is_shown_and_the_process_ends() {
    let world = World::with_agent(&Script::of([vec![
        Step::Think("hm".into()),
        Step::say("Hello, 세계! There is nothing to do."),
    ]]));
    let repository = world.repository("shop");
    let before = repository.checkout_state();
    let run = world.run(&repository, &[], "look around").finish().expect(0);
    assert_eq!(
        run.texts("assistant_message"),
        ["Hello, 세계! There is nothing to do."]
    );
    assert_eq!(run.texts("thinking"), ["hm"]);
    assert_eq!(run.outcome(), "completed");
    assert_eq!(repository.checkout_state(), before);
    assert_eq!(world.task_status(), "inreview");
    world.expect_nothing_lives();
}

#[test]
fn the_prompt_reaches_the_agent_and_no_process_list() {
    let world = World::with_agent(&Script::of([vec![Step::Pause(300)]]));
    let repository = world.repository("shop");
    let mut run = world
        .run(&repository, &["--title", "Unremarkable"], "a-secret-plan")
        .start();
    run.close_stdin();
    run.wait_for("a running attempt", |value| {
        value["event"] == "attempt" && value["status"] == "running"
    });
    for one in world.living() {
        let is_ours = one.command_line.contains("--agent CLAUDE_CODE");
        assert!(is_ours || !one.command_line.contains("a-secret-plan"), "{one:?}");
    }
    run.finish().expect(0);
    assert!(world.heard().iter().any(|line| line.contains("a-secret-plan")));
}

#[test]
fn an_edit_stays_in_the_worktree() {
    let world = World::with_agent(&Script::of([vec![
        Step::write("hello.txt", "hello new world\n"),
        Step::write("src/새 파일.txt", "새로운\n"),
        Step::say("done"),
    ]]));
    let repository = world.repository("shop");
    let before = repository.checkout_state();
    let run = world
        .run(&repository, &["--approve", "edits"], "change it")
        .finish()
        .expect(0);
    assert!(
        run.events_named("approval").is_empty(),
        "edits in the worktree pass: {run}"
    );
    let mut paths = run.changed_paths();
    paths.sort();
    assert_eq!(paths, ["hello.txt", "src/새 파일.txt"]);
    assert_eq!(repository.checkout_state(), before);
    assert_eq!(repository.read("hello.txt"), "hello old world\nline two\n");
    let worktrees = repository.worktrees();
    assert_eq!(worktrees.len(), 1);
    assert_eq!(
        std::fs::read_to_string(worktrees[0].join("hello.txt")).unwrap(),
        "hello new world\n"
    );
    assert!(worktrees[0].starts_with(world.data_folder().canonicalize().unwrap()));
}

#[test]
fn a_command_runs_once_it_is_allowed() {
    let world = World::with_agent(&Script::of([vec![
        Step::run("echo made > made.txt"),
        Step::say("done"),
    ]]));
    let repository = world.repository("shop");
    let mut run = world.run(&repository, &["--approve", "edits"], "make it").start();
    let question = run.approve_next();
    assert!(
        question.to_string().contains("echo made > made.txt"),
        "{question}"
    );
    let run = run.finish().expect(0);
    assert_eq!(run.changed_paths(), ["made.txt"]);
}

#[test]
fn a_refusal_reaches_the_agent_with_its_reason() {
    let world = World::with_agent(&Script::of([vec![
        Step::run("rm -rf build"),
        Step::say("understood"),
    ]]));
    let repository = world.repository("shop");
    let mut run = world.run(&repository, &["--approve", "ask"], "clean up").start();
    run.deny_next("the build is needed");
    let run = run.finish().expect(0);
    assert_eq!(run.texts("assistant_message"), ["understood"]);
    let answer = world
        .heard()
        .into_iter()
        .find(|line| line.contains("deny"))
        .expect("an answer");
    assert!(answer.contains("the build is needed"), "{answer}");
    assert!(
        run.said().contains("the build is needed"),
        "the conversation shows the reason: {run}"
    );
}

#[test]
fn without_anybody_to_answer_a_question_ends_the_run() {
    let world = World::with_agent(&Script::of([vec![Step::run("make install")]]));
    let repository = world.repository("shop");
    let run = world
        .run(&repository, &["--approve", "ask"], "install it")
        .finish()
        .expect(1);
    assert_eq!(run.outcome(), "unanswered");
    world.expect_nothing_lives();
}

#[test]
fn approving_all_asks_nobody_and_keeps_the_record() {
    let world = World::with_agent(&Script::of([vec![
        Step::run("echo a > a.txt"),
        Step::say("done"),
    ]]));
    let repository = world.repository("shop");
    let run = world
        .run(&repository, &["--approve", "all"], "do it")
        .finish()
        .expect(0);
    assert_eq!(run.changed_paths(), ["a.txt"]);
    let started = world.started_agents();
    assert!(
        !started[0]["arguments"].to_string().contains("bypass"),
        "{}",
        started[0]["arguments"]
    );
}

#[test]
fn a_follow_up_goes_on_with_the_session_after_its_process_ended() {
    let script = Script {
        resumed: vec![vec![Step::write("second.txt", "2"), Step::say("went on")]],
        ..Script::of([vec![Step::write("first.txt", "1"), Step::say("begun")]])
    };
    let world = World::with_agent(&script);
    let repository = world.repository("shop");
    let run = world.run(&repository, &[], "begin").finish().expect(0);
    let name = run.attempt_name();
    let sent = world
        .attempt("send", &name, &["and now the second"])
        .finish()
        .expect(0);
    assert!(
        sent.texts("assistant_message").contains(&"went on".to_owned()),
        "{sent}"
    );
    let started = world.started_agents();
    assert_eq!(started.len(), 2);
    let session = |agent: &serde_json::Value, option: &str| {
        let arguments = agent["arguments"].as_array().unwrap();
        let place = arguments.iter().position(|argument| argument == option);
        place.map(|place| arguments[place + 1].clone())
    };
    let first = session(&started[0], "--session-id");
    assert!(
        first.is_some() && first == session(&started[1], "--resume"),
        "{started:#?}"
    );
    let diff = world.attempt("diff", &name, &[]).finish().expect(0);
    assert_eq!(diff.changed_paths().len(), 2, "{diff}");
}

#[test]
fn ctrl_c_ends_the_turn_and_what_it_ran() {
    let world = World::with_agent(&Script::of([vec![Step::run("sleep 600")]]));
    let repository = world.repository("shop");
    let mut run = world.run(&repository, &["--approve", "all"], "wait").start();
    run.close_stdin();
    world.wait_until("the command", |world| {
        world.living().iter().any(|one| one.command_line == "sleep 600")
    });
    run.signal(Signal::INT);
    let run = run.finish();
    assert_eq!(run.outcome(), "interrupted", "{run}");
    world.expect_nothing_lives();
}

#[test]
fn an_agent_that_is_deaf_to_everything_is_ended_with_all_that_it_left() {
    let script = Script {
        ignores_eof: true,
        ignores_term: true,
        ignores_interrupt: true,
        ..Script::of([vec![Step::LeaveChildren, Step::say("they live"), Step::Hang]])
    };
    let world = World::with_agent(&script);
    let repository = world.repository("shop");
    let mut run = world.run(&repository, &[], "never end").start();
    run.wait_for_entry("assistant_message", "they live");
    let begun = std::time::Instant::now();
    run.signal(Signal::INT);
    std::thread::sleep(Duration::from_millis(100));
    run.signal(Signal::INT);
    run.finish();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    world.expect_nothing_lives();
}

#[test]
fn an_agent_that_never_answers_can_be_stopped() {
    let script = Script {
        silent: true,
        at_start: vec![Step::Hang],
        ..Script::default()
    };
    let world = World::with_agent(&script);
    let repository = world.repository("shop");
    let mut run = world.run(&repository, &[], "hello?").start();
    world.wait_until("the agent", |world| !world.started_agents().is_empty());
    run.wait_for_event("attempt");
    let begun = std::time::Instant::now();
    run.signal(Signal::INT);
    std::thread::sleep(Duration::from_millis(100));
    run.signal(Signal::INT);
    run.finish();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    world.expect_nothing_lives();
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only a development build takes the clock of tests"
)]
fn two_worlds_live_the_same_morning_with_the_same_names() {
    let lived = || {
        let world = World::with_agent(&Script::of([vec![Step::say("done")]])).with_the_same_ids();
        let repository = world.repository("shop");
        world.run(&repository, &[], "Sort the shelves").finish().expect(0);
        let attempt = world.attempt_now("SHO-1.1");
        (
            attempt["branch"].as_str().expect("a branch").to_owned(),
            attempt["created_at"].as_i64().expect("a time"),
        )
    };
    let (one, other) = (lived(), lived());
    assert_eq!(one.0, other.0);
    let morning_ms = 1_767_258_000_000..1_767_258_060_000;
    assert!(morning_ms.contains(&one.1), "{}", one.1);
}
