//! What survives the app: nothing. And what the next start finds, if something did.

use crate::{
    stories,
    world::{Case, TREE, TREE_SIZE, line},
};
use anyon_executors::process::{MARK, end_survivors};
use anyon_model::{ExecutionId, ProcessRecord};
use std::{
    env::ArgsOs,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, ExitCode, Stdio},
    time::Duration,
};

stories![
    nothing_survives_the_app,
    nothing_survives_the_app_and_its_supervisor_at_once_for_long,
    a_marked_process_is_found_without_its_pid,
    a_process_that_got_a_recorded_pid_is_not_touched,
    an_unmarked_agent_is_ended_only_with_a_marked_descendant,
    nobody_ends_himself,
];

fn next_id(args: &mut ArgsOs) -> ExecutionId {
    args.next().unwrap().to_str().unwrap().parse().unwrap()
}

/// An app that starts the tree, says so, and waits for its death.
pub fn be_an_app(mut args: ArgsOs) -> ExitCode {
    let case = Case::named(next_id(&mut args));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut started = case.start(TREE).await;
        println!("{} {}", line(&mut started).await, started.record.supervisor_pid);
        std::io::stdout().flush().unwrap();
        std::future::pending::<()>().await;
    });
    ExitCode::SUCCESS
}

/// Ends survivors of the execution that this very process is marked for.
pub fn be_a_sweep(mut args: ArgsOs) -> ExitCode {
    let ended = end_survivors(&[(next_id(&mut args), None)]);
    println!("{}", ended.first().map_or(0, |(_, count)| *count));
    ExitCode::SUCCESS
}

/// Starts an app, returns it with its supervisor's pid once its tree is complete.
fn app(case: &Case) -> (Child, u32) {
    let mut app = Command::new(std::env::current_exe().unwrap())
        .args(["--app", &case.execution_id.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(app.stdout.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    let supervisor = said.trim().strip_prefix("ready ").unwrap().parse().unwrap();
    assert!(case.alive().len() >= TREE_SIZE);
    (app, supervisor)
}

async fn nothing_survives_the_app() {
    let case = Case::new();
    let (mut app, _) = app(&case);
    app.kill().unwrap();
    let took = case.gone(Duration::from_secs(2)).await;
    println!("app killed: gone after {took:?}");
    app.wait().unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!case.supervised());
}

async fn nothing_survives_the_app_and_its_supervisor_at_once_for_long() {
    let case = Case::new();
    let (mut app, supervisor) = app(&case);
    crate::world::signal(supervisor, rustix::process::Signal::STOP);
    app.kill().unwrap();
    app.wait().unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(
        case.alive().len() >= TREE_SIZE,
        "a stopped supervisor ends nothing"
    );
    let ended = end_survivors(&[(case.execution_id, None)]);
    assert_eq!(ended.len(), 1);
    assert!(ended[0].1 as usize >= TREE_SIZE, "{ended:?}");
    assert_eq!(case.alive(), [""; 0]);
    assert!(!case.supervised());
    assert_eq!(
        end_survivors(&[(case.execution_id, None)]),
        [],
        "there is nothing more to end"
    );
}

/// A process of its own, as one that outlived everything.
fn sleeper(case: &Case, marked: bool) -> Child {
    let mut command = Command::new("sleep");
    command.arg(&case.token).env_remove(MARK);
    if marked {
        command.env(MARK, case.execution_id.to_string());
    }
    let child = command.spawn().unwrap();
    // spawn() returns inside the child's exec, when the kernel has not yet given it its environment.
    while std::fs::read(format!("/proc/{}/environ", child.id()))
        .unwrap()
        .is_empty()
    {
        std::thread::sleep(Duration::from_millis(1));
    }
    child
}

fn record_of(child: &Child, later_ticks: u64) -> ProcessRecord {
    let fields = crate::world::stat(child.id()).unwrap();
    ProcessRecord {
        supervisor_pid: 0,
        pid: child.id(),
        start_time: fields[19].parse::<u64>().unwrap() + later_ticks,
        boot_id: std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
            .unwrap()
            .trim()
            .to_owned(),
    }
}

async fn a_marked_process_is_found_without_its_pid() {
    let case = Case::new();
    let mut child = sleeper(&case, true);
    let mut record = record_of(&child, 0);
    record.pid = 4_000_000;
    let another_boot = ProcessRecord {
        boot_id: "another".into(),
        ..record.clone()
    };
    assert_eq!(end_survivors(&[(case.execution_id, Some(another_boot))]), []);
    assert!(
        child.try_wait().unwrap().is_none(),
        "nothing outlives a boot, so nothing was looked for"
    );
    assert_eq!(
        end_survivors(&[(case.execution_id, Some(record))]),
        [(case.execution_id, 1)]
    );
    child.wait().unwrap();
}

async fn a_process_that_got_a_recorded_pid_is_not_touched() {
    let case = Case::new();
    let mut child = sleeper(&case, false);
    for later_ticks in [0, 1] {
        let record = record_of(&child, later_ticks);
        assert_eq!(end_survivors(&[(case.execution_id, Some(record))]), []);
    }
    let mut other = sleeper(&Case::new(), true);
    assert_eq!(
        end_survivors(&[(case.execution_id, Some(record_of(&other, 0)))]),
        [],
        "another execution's"
    );
    for child in [&mut child, &mut other] {
        assert!(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

async fn an_unmarked_agent_is_ended_only_with_a_marked_descendant() {
    let case = Case::new();
    let mark = format!("{MARK}={}", case.execution_id);
    let script = format!("env {mark} sleep {} & echo ready; wait", case.token);
    let mut agent = Command::new("sh")
        .args(["-c", &script])
        .env_remove(MARK)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    BufReader::new(agent.stdout.take().unwrap())
        .read_line(&mut String::new())
        .unwrap();
    while case
        .alive()
        .iter()
        .all(|line| line.starts_with("sh ") || line.starts_with("env "))
    {
        std::thread::yield_now();
    }
    let record = record_of(&agent, 0);
    assert_eq!(
        end_survivors(&[(case.execution_id, Some(record))]),
        [(case.execution_id, 2)]
    );
    agent.wait().unwrap();
    assert_eq!(case.alive(), [""; 0]);
}

async fn nobody_ends_himself() {
    let case = Case::new();
    let mut bystander = sleeper(&case, true);
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--sweep", &case.execution_id.to_string()])
        .env(MARK, case.execution_id.to_string())
        .output()
        .unwrap();
    assert!(output.status.success(), "the sweep survived its own mark");
    assert_eq!(output.stdout, b"1\n");
    bystander.wait().unwrap();
}
