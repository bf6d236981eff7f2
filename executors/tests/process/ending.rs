//! How processes end while the app lives: asked, forced, by themselves, or with their supervisor.

use crate::{
    stories,
    world::{Case, TREE, TREE_SIZE, line, rest, signal, stat},
};
use anyon_model::ExitStatus;
use rustix::process::Signal;
use std::time::{Duration, Instant};

stories![
    a_kill_leaves_nothing,
    a_kill_outruns_an_agent_that_keeps_starting_things,
    an_agent_that_ends_by_itself_leaves_nothing,
    what_is_left_may_clean_up_before_it_is_killed,
    its_own_end_is_told_at_once,
    term_reaches_the_agent,
    an_agent_that_ignores_everything_is_killed,
    a_sweep_needs_no_supervisor,
    a_killed_supervisor_is_noticed_and_everything_ended,
    a_stopped_supervisor_does_not_save_its_agent,
    a_supervisor_that_is_told_to_end_ends_its_agent,
    what_nobody_watches_is_ended,
    no_zombies_pile_up,
];

const KILLED: ExitStatus = ExitStatus::Signal { signal: 9 };

/// Starts the tree, sees that it is complete.
async fn tree(case: &Case) -> anyon_executors::process::Started {
    let mut started = case.start(TREE).await;
    assert_eq!(line(&mut started).await, "ready");
    let alive = case.alive();
    assert!(alive.len() >= TREE_SIZE, "{alive:?}");
    started
}

async fn a_kill_leaves_nothing() {
    let case = Case::new();
    let started = tree(&case).await;
    let begin = Instant::now();
    started.control.kill();
    let exit = started.exit.wait().await;
    println!("kill: gone after {:?}", begin.elapsed());
    assert_eq!((exit.status, exit.left), (KILLED, 0));
    assert_eq!(case.alive(), [""; 0]);
    assert!(!case.supervised());
    assert!(begin.elapsed() < Duration::from_secs(1));
    started.control.kill();
}

async fn a_kill_outruns_an_agent_that_keeps_starting_things() {
    let case = Case::new();
    let mut started = case
        .start("(while :; do setsid sh -c 'setsid sleep TOKEN & sleep TOKEN' & sleep 0.002; done) & echo ready; wait")
        .await;
    line(&mut started).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    started.control.kill();
    assert_eq!(started.exit.wait().await.left, 0);
    assert_eq!(case.alive(), [""; 0]);
}

async fn an_agent_that_ends_by_itself_leaves_nothing() {
    let case = Case::new();
    let script = TREE.replace("while :; do sleep TOKEN; done", "exit 7");
    let mut started = case.start(&script).await;
    line(&mut started).await;
    let exit = started.exit.wait().await;
    assert_eq!((exit.status, exit.left), (ExitStatus::Code { code: 7 }, 0));
    assert_eq!(case.alive(), [""; 0]);
    assert!(!case.supervised());
}

async fn what_is_left_may_clean_up_before_it_is_killed() {
    let case = Case::new();
    let mut started = case
        .start("setsid sh -c \"trap 'echo cleaned; exit' TERM; echo ready; while :; do sleep 0.01; done\" & read line <&0 || sleep 0.1")
        .await;
    assert_eq!(line(&mut started).await, "ready");
    drop(started.stdin);
    let mut output = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut started.stdout, &mut output)
        .await
        .unwrap();
    assert_eq!(output, b"cleaned\n");
    assert_eq!(started.exit.wait().await.left, 0);
}

async fn its_own_end_is_told_at_once() {
    let case = Case::new();
    // The child resists SIGTERM, so that everything is gone only after the grace.
    let mut started = case
        .start("(trap '' TERM; exec sleep TOKEN) & read line; exit 3")
        .await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let begin = Instant::now();
    drop(started.stdin);
    assert_eq!(started.exit.agent_exited().await, ExitStatus::Code { code: 3 });
    let told = begin.elapsed();
    let exit = started.exit.wait().await;
    let gone = begin.elapsed();
    println!("end: told after {told:?}, nothing left after {gone:?}");
    assert_eq!((exit.status, exit.left), (ExitStatus::Code { code: 3 }, 0));
    assert!(told < Duration::from_millis(100), "{told:?}");
    assert!(
        gone >= Duration::from_millis(300) && gone < Duration::from_secs(1),
        "{gone:?}"
    );
    let mut quick = case.start("exit 0").await;
    let begin = Instant::now();
    quick.exit.agent_exited().await;
    quick.exit.wait().await;
    println!("end without anything left: gone after {:?}", begin.elapsed());
}

async fn term_reaches_the_agent() {
    let mut started = Case::new()
        .start("trap 'echo asked; exit 4' TERM; echo ready; while :; do sleep 0.01; done")
        .await;
    line(&mut started).await;
    started.control.term();
    assert_eq!(rest(&mut started).await, b"asked\n");
    assert_eq!(started.exit.wait().await.status, ExitStatus::Code { code: 4 });
}

async fn an_agent_that_ignores_everything_is_killed() {
    let case = Case::new();
    let mut started = case
        .start("trap 'echo no' TERM; echo ready; while :; do sleep 0.01; done")
        .await;
    line(&mut started).await;
    for _ in 0..2 {
        started.control.term();
        assert_eq!(line(&mut started).await, "no");
    }
    drop(started.stdin);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!case.alive().is_empty());
    started.control.kill();
    assert_eq!(started.exit.wait().await.status, KILLED);
}

async fn a_sweep_needs_no_supervisor() {
    let case = Case::new();
    let started = tree(&case).await;
    signal(started.record.supervisor_pid, Signal::STOP);
    let begin = Instant::now();
    started.control.sweep();
    let exit = started.exit.wait().await;
    assert_eq!(exit.left, 0);
    assert_eq!(case.alive(), [""; 0]);
    assert!(!case.supervised());
    assert!(
        begin.elapsed() < Duration::from_millis(1900),
        "{:?}",
        begin.elapsed()
    );
    let started = tree(&case).await;
    started.control.sweep();
    let exit = started.exit.wait().await;
    assert_eq!(
        (exit.status, exit.left),
        (KILLED, 0),
        "a living supervisor tells how the agent ended"
    );
}

async fn a_killed_supervisor_is_noticed_and_everything_ended() {
    let case = Case::new();
    // All but what has neither our mark nor our session: nothing leads to that any more.
    let mut started = case
        .start(&TREE.replace("env -i setsid sleep", "env -i sleep"))
        .await;
    line(&mut started).await;
    let begin = Instant::now();
    signal(started.record.supervisor_pid, Signal::KILL);
    let exit = started.exit.wait().await;
    println!("supervisor killed: gone after {:?}", begin.elapsed());
    assert_eq!((exit.status, exit.left), (ExitStatus::Unknown, 0));
    assert_eq!(case.alive(), [""; 0]);
}

async fn a_stopped_supervisor_does_not_save_its_agent() {
    let case = Case::new();
    let started = tree(&case).await;
    signal(started.record.supervisor_pid, Signal::STOP);
    let begin = Instant::now();
    started.control.kill();
    assert_eq!(started.exit.wait().await.left, 0);
    println!("supervisor stopped: gone after {:?}", begin.elapsed());
    assert_eq!(case.alive(), [""; 0]);
    assert!(!case.supervised());
}

async fn a_supervisor_that_is_told_to_end_ends_its_agent() {
    for how in [Signal::TERM, Signal::INT, Signal::HUP] {
        let case = Case::new();
        let started = tree(&case).await;
        signal(started.record.supervisor_pid, how);
        let exit = started.exit.wait().await;
        assert_eq!((exit.status, exit.left), (KILLED, 0));
        assert_eq!(case.alive(), [""; 0]);
    }
}

async fn what_nobody_watches_is_ended() {
    let case = Case::new();
    drop(tree(&case).await);
    case.gone(Duration::from_secs(2)).await;
}

async fn no_zombies_pile_up() {
    let case = Case::new();
    let mut started = case
        .start("for i in 1 2 3 4 5 6 7 8 9; do (setsid sleep 0.01 &); done; sleep 0.2; echo ready; read line")
        .await;
    line(&mut started).await;
    let parent = started.record.supervisor_pid.to_string();
    let children = std::fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let fields = stat(entry.file_name().to_str()?.parse().ok()?)?;
        (fields[1] == parent).then(|| fields[0].clone())
    });
    let states: Vec<String> = children.collect();
    assert_eq!(
        states.len(),
        1,
        "the agent alone, nine orphans collected: {states:?}"
    );
    assert_ne!(states, ["Z"]);
}
