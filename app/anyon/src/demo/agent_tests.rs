//! The demo agent as its client sees it: real pipes, a real folder, the sample's real check.

use super::*;
use crate::demo::sample;
use std::{
    fs,
    io::{PipeReader, PipeWriter, pipe},
    path::Path,
    thread,
    time::{Duration, Instant},
};

struct Client {
    input: Option<PipeWriter>,
    output: BufReader<PipeReader>,
    seen: Vec<Value>,
    next: u64,
}

impl Client {
    fn start(hurried: bool) -> Self {
        let (agent_input, input) = pipe().unwrap();
        let (output, agent_output) = pipe().unwrap();
        let input_reader = BufReader::new(agent_input);
        thread::spawn(move || Agent::new(input_reader, agent_output, hurried).serve());
        Self {
            input: Some(input),
            output: BufReader::new(output),
            seen: Vec::new(),
            next: 1,
        }
    }

    fn write(&mut self, message: &Value) {
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
    }

    fn send(&mut self, method: &str, params: Value) -> u64 {
        let request = self.next + 100;
        self.next += 1;
        self.write(&json!({"jsonrpc": "2.0", "id": request, "method": method, "params": params}));
        request
    }

    fn read(&mut self) -> Value {
        let mut line = String::new();
        assert!(
            self.output.read_line(&mut line).unwrap() > 0,
            "the agent closed its output"
        );
        let message: Value = serde_json::from_str(&line).unwrap();
        self.seen.push(message.clone());
        message
    }

    /// Reads up to the answer of a request and answers permissions on the way with an option; `reject_check` refuses
    /// the command alone.
    fn until_answered(&mut self, request: u64, option: &str) -> Value {
        loop {
            let message = self.read();
            if message["method"] == "session/request_permission" {
                let is_edit = message["params"]["toolCall"]["kind"] == "edit";
                let option = match option {
                    "reject_check" if is_edit => "allow_once",
                    "reject_check" => "reject_once",
                    option => option,
                };
                let outcome = json!({"outcome": {"outcome": "selected", "optionId": option}});
                self.write(&json!({"jsonrpc": "2.0", "id": message["id"], "result": outcome}));
            } else if message["id"] == request {
                return message;
            }
        }
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        let request = self.send(method, params);
        self.until_answered(request, "allow_once")
    }

    fn new_session(&mut self, folder: &Path) -> String {
        self.call("initialize", json!({"protocolVersion": 1}));
        let answer = self.call("session/new", json!({"cwd": folder, "mcpServers": []}));
        answer["result"]["sessionId"].as_str().unwrap().to_owned()
    }

    fn prompt(&mut self, session: &str, text: &str, option: &str) -> String {
        let params = json!({"sessionId": session, "prompt": [{"type": "text", "text": text}]});
        let request = self.send("session/prompt", params);
        let answer = self.until_answered(request, option);
        answer["result"]["stopReason"].as_str().unwrap().to_owned()
    }

    fn updates<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        let updates = self.seen.iter().map(|message| &message["params"]["update"]);
        updates.filter(move |update| update["sessionUpdate"] == kind)
    }

    fn text(&self, kind: &str) -> String {
        self.updates(kind)
            .filter_map(|update| update["content"]["text"].as_str())
            .collect()
    }
}

fn sample_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    sample::write_files(folder.path());
    folder
}

#[test]
fn it_adds_the_farewell_and_its_check_passes() {
    let folder = sample_folder();
    let mut client = Client::start(true);
    let session = client.new_session(folder.path());
    assert_eq!(
        client.prompt(&session, "Say goodbye too", "allow_once"),
        "end_turn"
    );

    let said = client.text("agent_message_chunk");
    assert!(said.contains("No model is involved"), "{said}");
    assert!(said.contains("`sh check.sh` passes"), "{said}");
    assert!(client.text("agent_thought_chunk").contains("Say goodbye too"));
    let program = fs::read_to_string(folder.path().join("greet.sh")).unwrap();
    assert!(program.contains("--bye"));
    let edited: Vec<_> = client
        .updates("tool_call_update")
        .filter(|update| update["content"][0]["type"] == "diff")
        .collect();
    assert_eq!(edited.len(), 5);
    assert!(edited[0]["content"][0]["newText"].as_str().unwrap() == program);
    let output = client.updates("tool_call_update").last().unwrap().clone();
    assert_eq!(output["status"], "completed");
    assert!(
        output["content"][0]["content"]["text"]
            .as_str()
            .unwrap()
            .contains("4 passed, 0 failed")
    );
    let plan = client.updates("plan").last().unwrap()["entries"].clone();
    assert!(
        plan.as_array()
            .unwrap()
            .iter()
            .all(|step| step["status"] == "completed")
    );
}

#[test]
fn a_follow_up_makes_a_further_small_edit() {
    let folder = sample_folder();
    let mut client = Client::start(true);
    let session = client.new_session(folder.path());
    client.prompt(&session, "Say goodbye too", "allow_once");
    assert_eq!(client.prompt(&session, "and in French", "allow_once"), "end_turn");
    let readme = fs::read_to_string(folder.path().join("README.md")).unwrap();
    assert!(readme.contains("## Notes\n\n- and in French\n"), "{readme}");
}

#[test]
fn refused_it_says_what_it_did_not_do() {
    let folder = sample_folder();
    let mut client = Client::start(true);
    let session = client.new_session(folder.path());
    assert_eq!(
        client.prompt(&session, "Say goodbye too", "reject_check"),
        "end_turn"
    );
    let said = client.text("agent_message_chunk");
    assert!(said.contains("did **not** run `sh check.sh`"), "{said}");
    let last = client.updates("tool_call_update").last().unwrap();
    assert_eq!(last["status"], "failed");
}

#[test]
fn it_asks_before_each_edit_and_writes_nothing_without_a_yes() {
    let folder = sample_folder();
    let before = fs::read(folder.path().join("greet.sh")).unwrap();
    let mut client = Client::start(true);
    let session = client.new_session(folder.path());
    client.prompt(&session, "Say goodbye too", "reject_once");
    assert_eq!(fs::read(folder.path().join("greet.sh")).unwrap(), before);
    let asked = client
        .seen
        .iter()
        .filter(|message| message["method"] == "session/request_permission");
    let asked: Vec<_> = asked.map(|message| &message["params"]["toolCall"]).collect();
    assert_eq!(asked.len(), 1, "nothing stands on what was refused: {asked:?}");
    let change = &asked[0]["content"][0];
    assert!(change["newText"].as_str().unwrap().contains("--bye"), "{change}");
    assert!(client.text("agent_message_chunk").contains("not permitted"));
}

#[test]
fn it_does_not_pretend_to_resolve_conflicts() {
    let folder = sample_folder();
    let mut client = Client::start(true);
    let session = client.new_session(folder.path());
    let prompt = "Merging this branch into main conflicts in these files:\n\n- greet.sh\n\nBring in the changes of \
                  main, resolve the conflicts so that both sides keep their meaning.";
    client.prompt(&session, prompt, "allow_once");
    assert!(client.text("agent_message_chunk").contains("## Not done"));
    assert_eq!(client.updates("tool_call").count(), 0);
}

#[test]
fn a_failing_check_is_told() {
    let folder = sample_folder();
    fs::write(folder.path().join("messages/English.txt"), "hello=Hi, %s!\n").unwrap();
    let mut client = Client::start(true);
    let session = client.new_session(folder.path());
    client.prompt(&session, "Say goodbye too", "allow_once");
    let said = client.text("agent_message_chunk");
    assert!(said.contains("**fails**: 2 passed, 2 failed"), "{said}");
}

#[test]
fn a_cancellation_is_heard_in_the_middle_of_a_pause() {
    let folder = sample_folder();
    let mut client = Client::start(false);
    let session = client.new_session(folder.path());
    let params = json!({"sessionId": session, "prompt": [{"type": "text", "text": "Say goodbye too"}]});
    let request = client.send("session/prompt", params);
    client.read();
    let cancelled = Instant::now();
    client.write(&json!({"jsonrpc": "2.0", "method": "session/cancel", "params": {"sessionId": session}}));
    let answer = client.until_answered(request, "allow_once");
    assert_eq!(answer["result"]["stopReason"], "cancelled");
    assert!(cancelled.elapsed() < Duration::from_millis(500));
}

#[test]
fn a_cancellation_takes_the_question_back() {
    let folder = sample_folder();
    let mut client = Client::start(true);
    let session = client.new_session(folder.path());
    let params = json!({"sessionId": session, "prompt": [{"type": "text", "text": "Say goodbye too"}]});
    let request = client.send("session/prompt", params);
    while client.read()["method"] != "session/request_permission" {}
    client.write(&json!({"jsonrpc": "2.0", "method": "session/cancel", "params": {"sessionId": session}}));
    let answer = client.until_answered(request, "none");
    assert_eq!(answer["result"]["stopReason"], "cancelled");
}

#[test]
fn in_any_other_folder_it_writes_one_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("main.rs"), "fn main() {}").unwrap();
    let mut client = Client::start(true);
    let session = client.new_session(folder.path());
    assert_eq!(client.prompt(&session, "Fix the login", "allow_once"), "end_turn");
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["DEMO.md", "main.rs"]);
    let written = fs::read_to_string(folder.path().join("DEMO.md")).unwrap();
    assert!(written.ends_with("- Fix the login\n"), "{written}");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_worktree_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("precious");
    fs::write(&target, "precious").unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(&target, folder.path().join("DEMO.md")).unwrap();
    let mut client = Client::start(true);
    let session = client.new_session(folder.path());
    client.prompt(&session, "Fix the login", "allow_once");
    assert_eq!(fs::read_to_string(&target).unwrap(), "precious");
    assert!(client.text("agent_message_chunk").contains("could not write"));
}

#[test]
fn a_session_goes_on_in_a_new_process_from_what_the_worktree_shows() {
    let folder = sample_folder();
    let mut first = Client::start(true);
    let session = first.new_session(folder.path());
    first.prompt(&session, "Say goodbye too", "allow_once");
    drop(first);

    let mut second = Client::start(true);
    let hello = second.call("initialize", json!({"protocolVersion": 1}));
    assert_eq!(hello["result"]["agentCapabilities"]["loadSession"], true);
    let params = json!({"sessionId": session, "cwd": folder.path(), "mcpServers": []});
    let loaded = second.call("session/load", params);
    assert!(loaded.get("error").is_none(), "{loaded}");
    assert_eq!(second.prompt(&session, "and in French", "allow_once"), "end_turn");
    let readme = fs::read_to_string(folder.path().join("README.md")).unwrap();
    assert!(readme.contains("- and in French\n"), "{readme}");
    let other = second.call(
        "session/load",
        json!({"sessionId": "not-ours", "cwd": folder.path()}),
    );
    assert_eq!(other["error"]["code"], -32002);
}

#[test]
fn what_it_does_not_know_it_answers_with_an_error() {
    let mut client = Client::start(true);
    let hello = client.call("initialize", json!({"protocolVersion": 1}));
    assert_eq!(hello["result"]["agentInfo"]["name"], "Anyon demo agent");
    writeln!(client.input.as_mut().unwrap(), "not json").unwrap();
    assert_eq!(client.read()["error"]["code"], -32700);
    assert_eq!(client.call("session/fork", json!({}))["error"]["code"], -32601);
    let prompt = client.call("session/prompt", json!({"sessionId": "nobody", "prompt": []}));
    assert_eq!(prompt["error"]["code"], -32002);
}
