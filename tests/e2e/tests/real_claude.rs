//! The real Claude Code through `anyon`, against the scripted model, without a network.
//!
//! `ANYON_REAL_AGENTS` names the folder that the pinned version was installed into (`.ci/run` does it); without it
//! every scenario here says that it is skipped and why.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on ends here and says why"
)]

#[path = "real_claude/mcp.rs"]
mod mcp;

use anyon_e2e::{
    model_server::ModelServer,
    world::{Repository, World},
};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::{path::PathBuf, time::Duration};

const PROGRAM: &str = "node_modules/@anthropic-ai/claude-code-linux-x64/claude";
const PATIENCE: Duration = Duration::from_secs(60);

/// A world with the real agent, a model that follows a script, and a repository.
struct Real {
    world: World,
    model: ModelServer,
    repository: Repository,
}

/// `None`, and a word about it, when there is no real agent.
fn real(scenario: Value) -> Option<Real> {
    let Some(folder) = std::env::var_os("ANYON_REAL_AGENTS") else {
        println!("skipped: ANYON_REAL_AGENTS does not name a folder with installed agents");
        return None;
    };
    let program = PathBuf::from(folder).join(PROGRAM);
    assert!(
        program.is_file(),
        "{} is not there: see .ci/run",
        program.display()
    );
    let model = ModelServer::start(scenario, &[]).expect("a model");
    let mut world = World::without_agent();
    world.install("claude", &program);
    for (name, value) in [
        ("ANTHROPIC_BASE_URL", model.address().as_str()),
        ("ANTHROPIC_API_KEY", "sk-ant-dummy"),
        ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
        ("DISABLE_AUTOUPDATER", "1"),
        ("CLAUDE_CODE_MAX_RETRIES", "1"),
    ] {
        world.set(name, value);
    }
    let repository = world.repository("shop");
    Some(Real {
        world,
        model,
        repository,
    })
}

fn tool(name: &str, input: Value) -> Value {
    json!({"tool_use": [{"name": name, "input": input}]})
}

fn bash(command: &str) -> Value {
    tool("Bash", json!({"command": command, "description": "do it"}))
}

#[test]
fn plain_answer() {
    let Some(real) = real(json!({"turns": [{"thinking": "hm", "text": "Nothing to do, 안녕."}]})) else {
        return;
    };
    let run = real
        .world
        .run(&real.repository, &[], "look around")
        .finish()
        .expect(0);
    assert_eq!(run.texts("assistant_message"), ["Nothing to do, 안녕."]);
    assert_eq!(run.outcome(), "completed");
    let asked = &real.model.main_requests()[0];
    // The CLI may put a message with its environment after the prompt.
    assert!(
        asked.body["messages"].to_string().contains("look around"),
        "{}",
        asked.body["messages"]
    );
    real.world.expect_nothing_lives();
}

#[test]
fn edit_and_land() {
    let scenario = json!({"turns": [
        tool("Edit", json!({"file_path": "${CWD}/hello.txt", "old_string": "old world", "new_string": "new world"})),
        {"text": "done"},
    ], "capture": {"CWD": "Primary working directory: ([^\\\\\"]+)"}});
    let Some(real) = real(scenario) else { return };
    let before = real.repository.checkout_state();
    let run = real
        .world
        .run(&real.repository, &["--approve", "edits"], "change it")
        .finish()
        .expect(0);
    assert_eq!(run.changed_paths(), ["hello.txt"], "{run}");
    assert_eq!(
        real.repository.checkout_state(),
        before,
        "the checkout is untouched"
    );
    let name = run.attempt_name();
    real.world.attempt("merge", &name, &[]).finish().expect(0);
    assert!(
        real.repository
            .file_at("main", "hello.txt")
            .starts_with("hello new world")
    );
    assert_eq!(real.world.task_status(), "done");
    real.world.expect_nothing_lives();
}

#[test]
fn permission_allowed() {
    let Some(real) = real(json!({"turns": [bash("touch made.txt"), {"text": "made it"}]})) else {
        return;
    };
    let mut run = real
        .world
        .run(&real.repository, &["--approve", "ask"], "make it")
        .start();
    let question = run.approve_next();
    assert!(question.to_string().contains("touch made.txt"), "{question}");
    let run = run.finish().expect(0);
    assert_eq!(
        run.changed_paths(),
        ["made.txt"],
        "no settings of the agent are left in the worktree: {run}"
    );
    real.world.expect_nothing_lives();
}

#[test]
fn a_refusal_reaches_the_model_with_its_reason() {
    let Some(real) = real(json!({"turns": [bash("rm -rf build"), {"text": "understood"}]})) else {
        return;
    };
    let mut run = real
        .world
        .run(&real.repository, &["--approve", "ask"], "clean up")
        .start();
    run.deny_next("the build is needed");
    let run = run.finish().expect(0);
    assert_eq!(run.texts("assistant_message"), ["understood"]);
    let told = real.model.main_requests();
    let last = told.last().expect("a second request").last_message();
    assert!(
        last.contains("tool_result") && last.contains("the build is needed"),
        "{last}"
    );
}

#[test]
fn follow_up_after_the_process_ended() {
    let Some(real) = real(json!({"turns": [{"text": "one"}, {"text": "two"}]})) else {
        return;
    };
    let run = real
        .world
        .run(&real.repository, &[], "the first prompt")
        .finish()
        .expect(0);
    let name = run.attempt_name();
    real.world.expect_nothing_lives();
    let sent = real
        .world
        .attempt("send", &name, &["the second prompt"])
        .finish()
        .expect(0);
    assert!(
        sent.texts("assistant_message").contains(&"two".to_owned()),
        "{sent}"
    );
    let requests = real.model.main_requests();
    let body = requests.last().expect("a second request").body["messages"].to_string();
    for part in ["the first prompt", "one", "the second prompt"] {
        assert!(body.contains(part), "the old conversation goes on: {body}");
    }
}

#[test]
fn an_interrupt_during_a_command_leaves_nothing() {
    let Some(real) = real(json!({"turns": [bash("tail -f /dev/null"), {"text": "never said"}]})) else {
        return;
    };
    let mut run = real
        .world
        .run(&real.repository, &["--approve", "all"], "wait")
        .start();
    run.close_stdin();
    let begun = std::time::Instant::now();
    while !real
        .world
        .living()
        .iter()
        .any(|one| one.command_line == "tail -f /dev/null")
    {
        assert!(begun.elapsed() < PATIENCE, "the command does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    run.signal(Signal::INT);
    let run = run.finish();
    assert_eq!(run.outcome(), "interrupted", "{run}");
    real.world.expect_nothing_lives();
    assert_eq!(real.model.main_requests().len(), 1);
}

#[test]
fn a_refused_login_is_told() {
    let error = json!({"status": 401, "type": "authentication_error", "message": "invalid x-api-key"});
    let Some(real) = real(json!({"turns": [], "fallback": {"error": error}})) else {
        return;
    };
    let run = real
        .world
        .run(&real.repository, &[], "go")
        .limit(2 * PATIENCE)
        .finish()
        .expect(3);
    assert_eq!(run.outcome(), "failed");
    assert_eq!(real.world.attempt_now(&run.attempt_name())["status"], "failed");
    real.world.expect_nothing_lives();
}
