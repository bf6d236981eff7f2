//! What every agent of the Agent Client Protocol has to do, told once: answer and go on after its process ended, edit
//! and land, take a no, be interrupted.

use crate::real::{Installed, real};
use rustix::process::Signal;
use serde_json::{Value, json};

/// How the model of an agent asks for what the stories need.
pub struct Speech {
    pub installed: Installed,
    /// The turns that change “old world” to “new world” in `hello.txt`, which is in `${CWD}`.
    pub edit: fn() -> Vec<Value>,
    /// Where the worktree is told to the model.
    pub folder: &'static str,
    /// A turn that runs a command.
    pub command: fn(&str) -> Value,
    /// After a no the model is asked again.
    pub goes_on: bool,
    /// The file in which a repository speaks to it.
    pub guide: &'static str,
    /// Files of a repository that would have it run this command unasked.
    pub traps: fn(&str) -> Vec<(&'static str, Value)>,
}

/// An MCP server that is no more than a command.
pub fn server(command: &str) -> Value {
    json!({"command": "/bin/sh", "args": ["-c", command]})
}

/// The agent's own files are gone when the second prompt comes.
pub fn begins_anew_when_its_session_is_gone(speech: &Speech, sessions: &[&str]) {
    let turns = json!({"turns": [{"text": "It is a kettle."}, {"text": "two"}]});
    let Some(real) = real(&speech.installed, turns) else {
        return;
    };
    let run = real.run(&[], "the first prompt").finish().expect(0);
    real.world.expect_nothing_lives();
    for folder in sessions {
        let folder = real.world.path(folder);
        std::fs::remove_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    }
    let name = run.attempt_name();
    let sent = real.attempt("send", &name, &["the second prompt"]);
    let sent = sent.finish().expect(0);
    assert_eq!(sent.outcome(), "completed", "{sent}");
    assert_eq!(sent.texts("assistant_message"), ["two"], "{sent}");
    let asked = sent.texts("user_message").pop().expect("a prompt");
    for part in ["the second prompt", "that cannot be resumed", "It is a kettle."] {
        assert!(asked.contains(part), "{part}: {sent}");
    }
    let requests = real.model.main_requests();
    let heard = requests.last().expect("a second request").body.to_string();
    assert!(heard.contains("It is a kettle."), "{heard}");
    real.world.expect_nothing_lives();
}

pub fn answers_and_goes_on(speech: &Speech) {
    let turns = json!({"turns": [{"thinking": "hm", "text": "Nothing to do, 안녕."}, {"text": "two"}]});
    let Some(real) = real(&speech.installed, turns) else {
        return;
    };
    let trap = real.world.path("trap");
    for (file, content) in (speech.traps)(&format!("touch {}", trap.display())) {
        let text = content
            .as_str()
            .map_or_else(|| content.to_string(), str::to_owned);
        real.repository.write(file, &text);
    }
    real.repository.write(speech.guide, "Answer in verse.\n");
    real.repository.commit("Bring something to run");
    let run = real.run(&[], "the first prompt").finish().expect(0);
    assert_eq!(run.texts("assistant_message"), ["Nothing to do, 안녕."], "{run}");
    assert_eq!(run.outcome(), "completed");
    assert!(!run.events_named("entry").is_empty());
    let asked = &real.model.main_requests()[0].body;
    assert!(asked.to_string().contains("the first prompt"), "{asked}");
    assert!(
        asked.to_string().contains("Answer in verse."),
        "the repository's own words reach it although nothing of it is run: {asked}"
    );
    assert!(!run.texts("user_message").concat().contains("verse"), "{run}");
    real.world.expect_nothing_lives();

    let name = run.attempt_name();
    let sent = real.attempt("send", &name, &["the second prompt"]);
    let sent = sent.finish().expect(0);
    assert_eq!(
        sent.texts("assistant_message"),
        ["two"],
        "what was said before is not said again: {sent}"
    );
    let requests = real.model.main_requests();
    let heard = requests.last().expect("a second request").body.to_string();
    for part in ["the first prompt", "Nothing to do", "the second prompt"] {
        assert!(heard.contains(part), "the old conversation goes on: {heard}");
    }
    assert!(!trap.exists(), "something of the repository was started");
    real.world.expect_nothing_lives();
}

pub fn edits_and_lands(speech: &Speech) {
    let mut turns = (speech.edit)();
    turns.push(json!({"text": "done"}));
    let scenario = json!({"turns": turns, "capture": {"CWD": speech.folder}});
    let Some(real) = real(&speech.installed, scenario) else {
        return;
    };
    let before = real.repository.checkout_state();
    let run = real.run(&["--approve", "edits"], "change it").finish().expect(0);
    assert_eq!(run.changed_paths(), ["hello.txt"], "{run}");
    assert_eq!(run.texts("assistant_message"), ["done"], "{run}");
    assert_eq!(
        real.repository.checkout_state(),
        before,
        "the checkout is untouched"
    );
    let name = run.attempt_name();
    real.attempt("merge", &name, &[]).finish().expect(0);
    let landed = real.repository.file_at("main", "hello.txt");
    assert!(landed.starts_with("hello new world"), "{landed}");
    assert_eq!(real.world.task_status(), "done");
    real.world.expect_nothing_lives();
}

pub fn takes_a_no(speech: &Speech) {
    let turns = json!({"turns": [(speech.command)("touch made.txt"), {"text": "understood"}]});
    let Some(real) = real(&speech.installed, turns) else {
        return;
    };
    let mut run = real.run(&["--approve", "ask"], "make it").start();
    let question = run.deny_next("not now");
    assert!(question.to_string().contains("touch made.txt"), "{question}");
    let run = run.finish().expect(0);
    assert_eq!(run.outcome(), "completed", "{run}");
    assert!(run.changed_paths().is_empty(), "{run}");
    let mut tools = run.events_named("entry").into_iter();
    let tool = tools.rfind(|entry| entry["kind"] == "tool_use");
    assert_eq!(
        tool.map(|tool| &tool["status"]["status"]),
        Some(&json!("denied")),
        "the card is closed: {run}"
    );
    let said = run.texts("assistant_message");
    assert_eq!(said.contains(&"understood".to_owned()), speech.goes_on, "{run}");
    real.world.expect_nothing_lives();
}

pub fn is_interrupted(speech: &Speech) {
    let turns = json!({"turns": [(speech.command)("tail -f /dev/null"), {"text": "never said"}]});
    let Some(real) = real(&speech.installed, turns) else {
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

pub fn tells_a_refused_key(speech: &Speech) {
    let error =
        json!({"status": 401, "type": "invalid_api_key", "message": "Unauthorized: this key is refused"});
    let Some(real) = real(
        &speech.installed,
        json!({"turns": [], "fallback": {"error": error}}),
    ) else {
        return;
    };
    let run = real.run(&[], "go").finish().expect(3);
    assert_eq!(run.outcome(), "failed", "{run}");
    let now = real.world.attempt_now(&run.attempt_name());
    assert_eq!(now["status"], "failed");
    let entries = run.events_named("entry").into_iter();
    let mut failures = entries.filter_map(|entry| entry["failure"]["failure"].as_str());
    assert!(failures.any(|failure| failure == "auth"), "{run}");
    real.world.expect_nothing_lives();
}
