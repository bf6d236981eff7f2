//! Codex.

use crate::real::{Installed, Real, tool};
use rustix::process::Signal;
use serde_json::{Value, json};

const CODEX: Installed = Installed {
    agent: "CODEX",
    programs: &[(
        "codex",
        "@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex",
    )],
    prepare: |world, model| {
        let home = world.path("home/.codex");
        std::fs::create_dir_all(&home).expect("a home of Codex");
        let provider = format!(
            "name = \"Scripted\"\nbase_url = \"{}/v1\"\nwire_api = \"responses\"\nenv_key = \"OPENAI_API_KEY\"\n\
             request_max_retries = 1\nstream_max_retries = 1\n",
            model.address()
        );
        let text = format!(
            "model = \"gpt-5.5\"\nmodel_provider = \"scripted\"\ncheck_for_update_on_startup = false\n\
             [analytics]\nenabled = false\n[model_providers.scripted]\n{provider}"
        );
        std::fs::write(home.join("config.toml"), text).expect("the configuration of Codex");
        world.set("CODEX_HOME", home);
        world.set("OPENAI_API_KEY", "sk-dummy-for-the-scripted-model");
    },
};

/// `None`, and a word about it, when no real agents are installed.
fn real(scenario: Value) -> Option<Real> {
    crate::real::real(&CODEX, scenario)
}

fn shell(command: &str) -> Value {
    tool("exec_command", json!({"cmd": command}))
}

fn patch(text: &str) -> Value {
    let patch = format!("*** Begin Patch\n{text}*** End Patch\n");
    tool("apply_patch", json!({"freeform": patch}))
}

/// What the configuration of Codex says after a run: never that a repository is trusted.
fn configuration(real: &Real) -> String {
    std::fs::read_to_string(real.world.path("home/.codex/config.toml")).unwrap()
}

#[test]
fn plain_answer() {
    let Some(real) = real(json!({"turns": [{"thinking": "hm", "text": "Nothing to do, 안녕."}]})) else {
        return;
    };
    let run = real.run(&[], "look around").finish().expect(0);
    assert_eq!(run.texts("assistant_message"), ["Nothing to do, 안녕."], "{run}");
    assert_eq!(run.texts("thinking"), ["hm"]);
    assert_eq!(run.outcome(), "completed");
    let asked = &real.model.main_requests()[0];
    assert!(
        asked.body["input"].to_string().contains("look around"),
        "{}",
        asked.body["input"]
    );
    assert!(
        !configuration(&real).contains("trust_level"),
        "{}",
        configuration(&real)
    );
    real.world.expect_nothing_lives();
}

#[test]
fn edit_and_land() {
    let scenario = json!({"turns": [
        patch("*** Update File: hello.txt\n@@\n-hello old world\n+hello new world\n"),
        {"text": "done"},
    ]});
    let Some(real) = real(scenario) else { return };
    let before = real.repository.checkout_state();
    let run = real.run(&["--approve", "edits"], "change it").finish().expect(0);
    assert_eq!(run.changed_paths(), ["hello.txt"], "{run}");
    assert!(
        run.events_named("approval").is_empty(),
        "an edit in the worktree is not asked: {run}"
    );
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
fn a_command_is_asked_as_the_agent_wrote_it() {
    let Some(real) = real(json!({"turns": [shell("touch made.txt"), {"text": "made it"}]})) else {
        return;
    };
    let mut run = real.run(&["--approve", "edits"], "make it").start();
    let question = run.approve_next();
    assert!(question.to_string().contains("\"touch made.txt\""), "{question}");
    let run = run.finish().expect(0);
    assert_eq!(run.changed_paths(), ["made.txt"], "{run}");
    real.world.expect_nothing_lives();
}

#[test]
fn a_refusal_reaches_the_model_with_its_reason() {
    let Some(real) = real(json!({"turns": [shell("rm -rf build"), {"text": "understood"}]})) else {
        return;
    };
    let mut run = real.run(&["--approve", "ask"], "clean up").start();
    run.deny_next("the build is needed");
    let run = run.finish().expect(0);
    assert_eq!(run.texts("assistant_message"), ["understood"], "{run}");
    let requests = real.model.main_requests();
    let told = requests.last().expect("a second request").body["input"].to_string();
    assert!(
        told.contains("rejected by user") && told.contains("the build is needed"),
        "{told}"
    );
    real.world.expect_nothing_lives();
}

#[test]
fn a_thread_that_is_gone_is_followed_by_a_new_one_with_a_summary() {
    let Some(real) = real(json!({"turns": [{"text": "It is a kettle."}, {"text": "two"}]})) else {
        return;
    };
    let run = real.run(&[], "the first prompt").finish().expect(0);
    std::fs::remove_dir_all(real.world.path("home/.codex/sessions")).expect("its sessions");
    let sent = real
        .attempt("send", &run.attempt_name(), &["the second prompt"])
        .finish()
        .expect(0);
    assert_eq!(sent.texts("assistant_message"), ["two"], "{sent}");
    let requests = real.model.main_requests();
    let body = requests.last().expect("a second request").body.to_string();
    for part in ["the second prompt", "It is a kettle.", "that cannot be resumed"] {
        assert!(body.contains(part), "{part}: {body}");
    }
    real.world.expect_nothing_lives();
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
    let body = requests.last().expect("a second request").body["input"].to_string();
    for part in ["the first prompt", "one", "the second prompt"] {
        assert!(body.contains(part), "the old conversation goes on: {body}");
    }
    real.world.expect_nothing_lives();
}

#[test]
fn an_interrupt_during_a_command_leaves_nothing() {
    let Some(real) = real(json!({"turns": [shell("tail -f /dev/null"), {"text": "never said"}]})) else {
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
fn what_a_repository_brings_for_codex_is_not_started() {
    let Some(real) = real(json!({"turns": [{"text": "done"}]})) else {
        return;
    };
    let trap = real.world.path("trap");
    let text = format!(
        "[mcp_servers.trap]\ncommand = \"/bin/touch\"\nargs = [\"{}\"]\n",
        trap.display()
    );
    real.repository.write(".codex/config.toml", &text);
    real.repository.write("AGENTS.md", "Always be kind.\n");
    real.repository.commit("Bring a server");
    let run = real.run(&["--approve", "all"], "look around").finish().expect(0);
    assert_eq!(run.outcome(), "completed", "{run}");
    assert!(!trap.exists(), "the server of the repository was started");
    assert!(
        !configuration(&real).contains("trust_level"),
        "{}",
        configuration(&real)
    );
    let asked = real.model.main_requests()[0].body.to_string();
    assert!(asked.contains("Always be kind."), "its instructions are read");
}

#[test]
fn codex_in_an_attempt_reads_the_board() {
    let ours = |name: &str, input: Value| tool(&format!("mcp__anyon.{name}"), input);
    let scenario = json!({
        "turns": [
            tool("tool_search", json!({"query": "list_projects list_tasks", "limit": 20})),
            ours("list_projects", json!({})),
            {"text": "I saw it"},
        ],
    });
    let Some(real) = real(scenario) else { return };
    let run = real.run(&["--approve", "all"], "look around").finish().expect(0);
    assert_eq!(run.texts("assistant_message"), ["I saw it"], "{run}");
    let requests = real.model.main_requests();
    let heard = requests.last().unwrap().body["input"].to_string();
    assert!(heard.contains("shop"), "{heard}");
    real.world.expect_nothing_lives();
}

#[test]
fn a_refused_login_is_told() {
    let error = json!({"status": 401, "type": "invalid_api_key", "message": "no such key"});
    let Some(real) = real(json!({"turns": [], "fallback": {"error": error}})) else {
        return;
    };
    let run = real.run(&[], "go").finish().expect(3);
    assert_eq!(run.outcome(), "failed", "{run}");
    assert_eq!(real.world.attempt_now(&run.attempt_name())["status"], "failed");
    real.world.expect_nothing_lives();
}
