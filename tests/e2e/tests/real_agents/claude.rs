//! Claude Code.

use crate::real::{Installed, PATIENCE, Real, tool};
use rustix::process::Signal;
use serde_json::{Value, json};

const CLAUDE: Installed = Installed {
    agent: "CLAUDE_CODE",
    programs: &[("claude", "@anthropic-ai/claude-code-linux-x64/claude")],
    prepare: |world, model| {
        for (name, value) in [
            ("ANTHROPIC_BASE_URL", model.address().as_str()),
            ("ANTHROPIC_API_KEY", "sk-ant-dummy"),
            ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
            ("DISABLE_AUTOUPDATER", "1"),
            ("CLAUDE_CODE_MAX_RETRIES", "1"),
        ] {
            world.set(name, value);
        }
    },
};

/// `None`, and a word about it, when no real agents are installed.
pub fn real(scenario: Value) -> Option<Real> {
    crate::real::real(&CLAUDE, scenario)
}

fn bash(command: &str) -> Value {
    tool("Bash", json!({"command": command, "description": "do it"}))
}

#[test]
fn plain_answer() {
    let Some(real) = real(json!({"turns": [{"thinking": "hm", "text": "Nothing to do, 안녕."}]})) else {
        return;
    };
    let run = real.run(&[], "look around").finish().expect(0);
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
fn a_repository_speaks_and_runs_nothing() {
    let Some(real) = real(json!({"turns": [{"text": "a verse"}]})) else {
        return;
    };
    let trap = real.world.path("trap");
    let command = format!("touch {}", trap.display());
    let hook = json!([{"hooks": [{"type": "command", "command": command}]}]);
    let settings = json!({"hooks": {"SessionStart": hook, "UserPromptSubmit": hook}});
    real.repository
        .write(".claude/settings.json", &settings.to_string());
    real.repository.write("CLAUDE.md", "Answer in verse.\n");
    real.repository.commit("Bring words and something to run");
    let run = real.run(&[], "look around").finish().expect(0);
    let asked = &real.model.main_requests()[0].body;
    assert!(asked.to_string().contains("Answer in verse."), "{asked}");
    assert!(!run.texts("user_message").concat().contains("verse"), "{run}");
    assert!(!trap.exists(), "a hook of the repository ran");
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
    let run = real.run(&["--approve", "edits"], "change it").finish().expect(0);
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
    let mut run = real.run(&["--approve", "ask"], "make it").start();
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
    let mut run = real.run(&["--approve", "ask"], "clean up").start();
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
    let run = real.run(&[], "the first prompt").finish().expect(0);
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
fn a_session_that_is_gone_is_followed_by_a_new_one_with_a_summary() {
    let Some(real) = real(json!({"turns": [{"text": "It is a kettle."}, {"text": "two"}]})) else {
        return;
    };
    let run = real.run(&[], "the first prompt").finish().expect(0);
    std::fs::remove_dir_all(real.world.path("home/.claude/projects")).expect("its sessions");
    let sent = real
        .attempt("send", &run.attempt_name(), &["the second prompt"])
        .finish()
        .expect(0);
    assert!(
        sent.texts("assistant_message").contains(&"two".to_owned()),
        "{sent}"
    );
    let requests = real.model.main_requests();
    let body = requests.last().expect("a second request").body["messages"].to_string();
    for part in [
        "the second prompt",
        "the first prompt",
        "It is a kettle.",
        "that cannot be resumed",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    real.world.expect_nothing_lives();
}

#[test]
fn an_interrupt_during_a_command_leaves_nothing() {
    let Some(real) = real(json!({"turns": [bash("tail -f /dev/null"), {"text": "never said"}]})) else {
        return;
    };
    let mut run = real.run(&["--approve", "all"], "wait").start();
    run.close_stdin();
    real.wait_for_process("tail -f /dev/null");
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
    let run = real.run(&[], "go").limit(2 * PATIENCE).finish().expect(3);
    assert_eq!(run.outcome(), "failed");
    assert_eq!(real.world.attempt_now(&run.attempt_name())["status"], "failed");
    real.world.expect_nothing_lives();
}
