//! The sentences that scenarios are told in: starting an attempt, answering its questions, looking at what became.

use super::{Finished, Invocation, Repository, Running, World};
use serde_json::{Value, json};
use std::ffi::OsString;

impl World {
    /// `anyon run --json`: a new attempt of Claude Code in this repository. `more` goes before the prompt.
    pub fn run(&self, repository: &Repository, more: &[&str], prompt: &str) -> Invocation {
        self.run_of("CLAUDE_CODE", repository, more, prompt)
    }
    /// `anyon run --json`: a new attempt of this agent in this repository. `more` goes before the prompt.
    pub fn run_of(&self, agent: &str, repository: &Repository, more: &[&str], prompt: &str) -> Invocation {
        let mut arguments: Vec<OsString> = ["run", "--json", "--agent", agent, "--project"]
            .map(Into::into)
            .to_vec();
        arguments.push(repository.folder().into());
        arguments.extend(more.iter().map(Into::into));
        arguments.push(prompt.into());
        self.anyon(arguments)
    }
    /// `anyon attempt VERB NAME --json`.
    pub fn attempt(&self, verb: &str, name: &str, more: &[&str]) -> Invocation {
        let mut arguments = vec!["attempt", verb, name, "--json"];
        arguments.extend(more);
        self.anyon(arguments)
    }
    /// An attempt as `anyon attempt show` tells it now.
    #[track_caller]
    pub fn attempt_now(&self, name: &str) -> Value {
        let shown = self.attempt("show", name, &[]).finish().expect(0);
        shown.last_event("attempt").clone()
    }
    /// The status of the only task.
    #[track_caller]
    pub fn task_status(&self) -> String {
        let listed = self.anyon(["task", "list", "--json"]).finish().expect(0);
        text_of(&listed.last_event("task")["status"])
    }
}

impl Running {
    /// Waits for a question of the agent, answers yes, and returns the question.
    #[track_caller]
    pub fn approve_next(&mut self) -> Value {
        let question = self.wait_for_event("approval");
        self.say(json!({"approve": question["id"]}));
        question
    }
    /// Waits for a question of the agent, answers no with a reason, and returns the question.
    #[track_caller]
    pub fn deny_next(&mut self, reason: &str) -> Value {
        let question = self.wait_for_event("approval");
        self.say(json!({"deny": question["id"], "reason": reason}));
        question
    }
    /// Waits until the agent said or did something with this text.
    #[track_caller]
    pub fn wait_for_entry(&mut self, kind: &str, part: &str) -> Value {
        self.wait_for(&format!("a {kind} with “{part}”"), |value| {
            value["event"] == "entry"
                && value["kind"] == kind
                && value["text"].as_str().is_some_and(|text| text.contains(part))
        })
    }
}

impl Finished {
    /// The name of the attempt it was about, such as `SHO-1.1`.
    #[track_caller]
    pub fn attempt_name(&self) -> String {
        text_of(&self.last_event("attempt")["name"])
    }
    /// The texts of entries of a kind.
    pub fn texts(&self, kind: &str) -> Vec<String> {
        let entries = self.events_named("entry").into_iter();
        entries
            .filter(|entry| entry["kind"] == kind)
            .map(|entry| text_of(&entry["text"]))
            .collect()
    }
    /// How the last turn ended.
    #[track_caller]
    pub fn outcome(&self) -> String {
        text_of(&self.last_event("turn")["outcome"])
    }
    /// The paths of the last diff.
    #[track_caller]
    pub fn changed_paths(&self) -> Vec<String> {
        let files = self.last_event("diff")["files"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        files.iter().map(|file| text_of(&file["path"])).collect()
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
