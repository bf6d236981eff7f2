//! How processes start, what they see, and why they do not.

use crate::{
    stories,
    world::{Case, launch, line, rest, stat},
};
use anyon_executors::process::{ProcessPlan, start};
use anyon_model::{ExitStatus, FailureKind, LaunchFailure};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    time::{Duration, Instant},
};
use tokio::io::AsyncWriteExt;

stories![
    bytes_go_straight_through_and_ends_are_seen,
    an_agent_gives_way_to_the_person,
    an_agent_sees_its_environment_and_nothing_else,
    nothing_of_the_plan_is_on_the_supervisors_command_line,
    the_terminal_reaches_neither_agent_nor_supervisor,
    twenty_start_at_once,
    a_start_is_quick_and_a_supervisor_small,
    a_program_is_found_by_its_name_and_finds_its_neighbours,
    a_missing_program_is_not_installed,
    what_cannot_run_says_why,
    an_executable_that_is_no_supervisor_is_said_so,
];

async fn an_agent_gives_way_to_the_person() {
    let mut started = Case::new().start("sleep 0.3; nice").await;
    assert_eq!(line(&mut started).await, "5");
    started.exit.wait().await;
}

async fn bytes_go_straight_through_and_ends_are_seen() {
    let mut started = Case::new().start("cat; echo done >&2").await;
    let mut stdin = started.stdin;
    let sent: Vec<u8> = (0..4_000_000u32).map(|number| (number % 251) as u8).collect();
    let to_send = sent.clone();
    let writing = tokio::spawn(async move {
        stdin.write_all(&to_send).await.unwrap();
        drop(stdin);
    });
    let mut received = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut started.stdout, &mut received)
        .await
        .unwrap();
    writing.await.unwrap();
    assert!(
        received == sent,
        "{} bytes came back of {}",
        received.len(),
        sent.len()
    );
    let mut error = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut started.stderr, &mut error)
        .await
        .unwrap();
    assert_eq!(error, "done\n");
    let exit = started.exit.wait().await;
    assert_eq!((exit.status, exit.left), (ExitStatus::Code { code: 0 }, 0));
}

async fn an_agent_sees_its_environment_and_nothing_else() {
    let case = Case::new();
    let mut started = launch(case.program("/usr/bin/env", &["-0"])).await.unwrap();
    let text = String::from_utf8(rest(&mut started).await).unwrap();
    let mut seen: Vec<&str> = text.trim_end_matches('\0').split('\0').collect();
    seen.sort_unstable();
    let mark = format!("ANYON_EXECUTION_ID={}", case.execution_id);
    assert_eq!(
        seen,
        ["ANYON_ATTEMPT=ANY-1/1", mark.as_str(), "PATH=/usr/bin:/bin"]
    );
}

async fn nothing_of_the_plan_is_on_the_supervisors_command_line() {
    let case = Case::new();
    let mut plan = case.script("echo ready; read line");
    plan.args.push("a prompt that is nobody's business".into());
    plan.environment
        .push(("SECRET_OF_THE_PLAN".into(), "canary".into()));
    let mut started = launch(plan).await.unwrap();
    assert_eq!(line(&mut started).await, "ready");
    for file in ["cmdline", "environ"] {
        let path = format!("/proc/{}/{file}", started.record.supervisor_pid);
        let text = String::from_utf8_lossy(&fs::read(path).unwrap()).replace('\0', "\n");
        assert!(
            !text.contains("nobody's business") && !text.contains("canary"),
            "{text}"
        );
        assert!(
            !text.contains("CARGO"),
            "the app's own environment is not there either: {text}"
        );
    }
    let open = fs::read_dir(format!("/proc/{}/fd", started.record.pid))
        .unwrap()
        .flatten();
    let sockets = open
        .filter_map(|entry| fs::read_link(entry.path()).ok())
        .filter(|link| link.to_string_lossy().starts_with("socket:"));
    assert_eq!(sockets.count(), 0, "the agent holds no end of the socket");
}

async fn the_terminal_reaches_neither_agent_nor_supervisor() {
    let mut started = Case::new().start("echo ready; read line").await;
    line(&mut started).await;
    let (supervisor, agent) = (started.record.supervisor_pid, started.record.pid);
    let own_session = stat(std::process::id()).unwrap()[3].clone();
    for pid in [supervisor, agent] {
        let fields = stat(pid).unwrap();
        assert_eq!(
            fields[3],
            supervisor.to_string(),
            "the session is the supervisor's"
        );
        assert_ne!(fields[3], own_session);
        assert_eq!(fields[4], "0", "no terminal");
    }
    assert_eq!(
        stat(agent).unwrap()[2],
        agent.to_string(),
        "the agent leads its own group"
    );
}

async fn twenty_start_at_once() {
    let starts = (0..20).map(|number| {
        tokio::spawn(async move {
            let case = Case::new();
            let mut started = case
                .start(&format!("read line; echo \"$line {number}\"; sleep 0.1"))
                .await;
            started.stdin.write_all(b"hello\n").await.unwrap();
            assert_eq!(line(&mut started).await, format!("hello {number}"));
            assert_eq!(started.exit.wait().await.left, 0);
            assert!(!case.supervised());
        })
    });
    for start in starts.collect::<Vec<_>>() {
        start.await.unwrap();
    }
}

async fn a_start_is_quick_and_a_supervisor_small() {
    let mut times = Vec::new();
    for _ in 0..20 {
        let begin = Instant::now();
        let mut started = Case::new().start("echo ready; read line").await;
        times.push(begin.elapsed());
        line(&mut started).await;
        let status = fs::read_to_string(format!("/proc/{}/status", started.record.supervisor_pid)).unwrap();
        let kib = |name: &str| -> u64 {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
        };
        assert!(kib("RssAnon") < 2048, "{status}");
        assert_eq!(kib("Threads"), 1);
        if times.len() == 20 {
            println!(
                "supervisor: {} KiB resident, {} KiB of its own",
                kib("VmRSS"),
                kib("RssAnon")
            );
        }
    }
    times.sort_unstable();
    println!("start: {:?} median, {:?} worst of 20", times[10], times[19]);
    assert!(times[10] < Duration::from_millis(200), "{times:?}");
}

fn executable(folder: &Path, name: &str, text: &[u8]) -> std::path::PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

async fn a_program_is_found_by_its_name_and_finds_its_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    executable(folder.path(), "interpreter-of-agents", b"#!/bin/sh\necho found\n");
    let agent = executable(folder.path(), "agent", b"#!/usr/bin/env interpreter-of-agents\n");
    let mut started = launch(Case::new().program(agent, &[])).await.unwrap();
    assert_eq!(line(&mut started).await, "found");
    let mut by_name = launch(Case::new().program("echo", &["by name"])).await.unwrap();
    assert_eq!(line(&mut by_name).await, "by name");
}

async fn refusal(plan: ProcessPlan) -> LaunchFailure {
    match launch(plan).await {
        Ok(_) => panic!("it runs"),
        Err(failure) => failure,
    }
}

async fn a_missing_program_is_not_installed() {
    let case = Case::new();
    for program in ["/nowhere/agent", "no-such-agent"] {
        let failure = refusal(case.program(program, &[])).await;
        assert_eq!(failure.kind, FailureKind::NotInstalled);
        assert!(failure.message.contains(program), "{}", failure.message);
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!case.supervised(), "its supervisor is gone");
}

async fn what_cannot_run_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let case = Case::new();
    let not_executable = executable(folder.path(), "notes", b"text");
    fs::set_permissions(&not_executable, fs::Permissions::from_mode(0o644)).unwrap();
    let foreign = executable(
        folder.path(),
        "foreign",
        b"\x7fELF\x02\x01\x01 of another machine",
    );
    let script = executable(folder.path(), "script", b"#!/nowhere/node\n");
    let mut homeless = case.script("true");
    homeless.folder = "/nowhere/worktree".into();
    for (plan, why) in [
        (case.program(not_executable, &[]), "not executable"),
        (case.program(foreign, &[]), "not a program for this machine"),
        (case.program(script, &[]), "interpreter /nowhere/node is missing"),
        (case.program(folder.path(), &[]), "is a folder"),
        (homeless, "/nowhere/worktree is missing"),
        (
            case.program("/bin/echo", &["x".repeat(300_000).as_str()]),
            "longer than the system takes",
        ),
    ] {
        let failure = refusal(plan).await;
        assert_eq!(failure.kind, FailureKind::Spawn);
        assert!(failure.message.contains(why), "{}", failure.message);
    }
}

async fn an_executable_that_is_no_supervisor_is_said_so() {
    for exe in ["/bin/true", "/nowhere/anyon"] {
        let result = start(Path::new(exe), Case::new().script("true")).await;
        let failure = result.err().expect("nothing runs");
        assert_eq!(failure.kind, FailureKind::Spawn);
        assert!(
            failure.message.contains("supervisor") && failure.message.contains(exe),
            "{}",
            failure.message
        );
    }
}
