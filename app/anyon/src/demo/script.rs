//! One turn of the demo agent: it plans, thinks aloud, reads, asks before it edits and runs the check, and sums up.

use super::{
    edits::{self, Edit, Job},
    wire::{Halt, Wire},
};
use serde_json::{Value, json};
use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

const INTRODUCTION: &str = "This is Anyon's **demo agent**. No model is involved: I follow a script, but I edit real \
                            files, run a real command and work over the same protocol as every other agent.\n\n";
const CONFLICTS: &str = "## Not done\n\nConflicts want somebody who understands both sides, and I am only a script. \
                         Give this to another agent, or merge by hand in the attempt's worktree.\n";
const CHECK: &str = "sh check.sh";

/// What is said of the permission that was asked.
enum Checked {
    Passed,
    Failed(String),
    Refused,
}

/// One prompt and the work on it.
pub struct Turn<'a, W> {
    wire: &'a mut Wire<W>,
    session: &'a str,
    folder: PathBuf,
    plan: Vec<(&'static str, &'static str)>,
    calls: u32,
    number: usize,
}

impl<'a, W: Write> Turn<'a, W> {
    /// A turn in a folder. `number` counts the prompts of the session and keeps the names of tool calls apart.
    pub fn new(wire: &'a mut Wire<W>, session: &'a str, folder: &Path, number: usize) -> Self {
        Self {
            wire,
            session,
            folder: folder.to_path_buf(),
            plan: Vec::new(),
            calls: 0,
            number,
        }
    }

    /// Works on a prompt to its end.
    pub fn work(&mut self, prompt: &str) -> Result<(), Halt> {
        self.say(INTRODUCTION)?;
        let asked = anyon_text::first_line(prompt, 60);
        match edits::job_in(&self.folder, prompt) {
            Job::Conflicts => self.say(CONFLICTS),
            Job::Farewell => self.add_farewell(&asked),
            Job::Note => self.add_note(&asked),
            Job::OwnFile => self.write_own_file(&asked),
        }
    }

    fn add_farewell(&mut self, asked: &str) -> Result<(), Halt> {
        self.show_plan(&[
            "Look at the program",
            "Teach it to say goodbye",
            "Add checks and a line in the README",
            "Run the check",
        ])?;
        self.think(&format!(
            "The prompt says “{asked}”. The sample project greets people; a farewell is the natural next step. I \
             look at greet.sh first, then change the program and its messages, then the checks."
        ))?;
        self.read_file("greet.sh")?;
        self.advance()?;
        if !self.make_edits(edits::change_program)? {
            return self.leave_it();
        }
        self.advance()?;
        if !self.make_edits(edits::change_checks)? {
            return self.leave_it();
        }
        self.advance()?;
        let checked = self.run_check()?;
        if matches!(checked, Checked::Passed) {
            self.advance()?;
        }
        self.sum_up(
            &checked,
            "- `greet.sh --bye NAME` says goodbye, in English and Korean\n- two more checks, one more line in the README",
        )
    }

    fn add_note(&mut self, asked: &str) -> Result<(), Halt> {
        self.show_plan(&["Write the note", "Run the check"])?;
        self.think("The farewell is there already, so I note the wish in the README and check again.")?;
        let note = asked.to_owned();
        if !self.make_edits(|folder| edits::add_note(folder, &note).map(|edit| vec![edit]))? {
            return self.leave_it();
        }
        self.advance()?;
        let checked = self.run_check()?;
        if matches!(checked, Checked::Passed) {
            self.advance()?;
        }
        self.sum_up(&checked, "- your wish is a line in the README's notes")
    }

    fn write_own_file(&mut self, asked: &str) -> Result<(), Halt> {
        self.show_plan(&["Write DEMO.md"])?;
        self.think(
            "This is not the sample project. A demo has no business in anybody's files, so I write one of my own.",
        )?;
        let note = asked.to_owned();
        if !self.make_edits(|folder| edits::write_own_file(folder, &note).map(|edit| vec![edit]))? {
            return self.leave_it();
        }
        self.advance()?;
        self.say("## Done\n\n- `DEMO.md` holds the prompt's first line; nothing else was touched\n")
    }

    /// An edit was not permitted: the rest would stand on it.
    fn leave_it(&mut self) -> Result<(), Halt> {
        self.say("## Stopped\n\nThat edit was not permitted, so I leave the rest as it is.\n")
    }

    fn sum_up(&mut self, checked: &Checked, changes: &str) -> Result<(), Halt> {
        let check = match checked {
            Checked::Passed => "`sh check.sh` passes".to_owned(),
            Checked::Failed(why) => format!("`sh check.sh` **fails**: {why}"),
            Checked::Refused => "I did **not** run `sh check.sh`, because it was not permitted".to_owned(),
        };
        let heading = match checked {
            Checked::Passed => "Done",
            Checked::Failed(_) => "Written, but the check fails",
            Checked::Refused => "Written, but not checked",
        };
        self.say(&format!("## {heading}\n\n{changes}\n- {check}\n"))
    }

    /// Text in small pieces, as a model writes it.
    fn say(&mut self, text: &str) -> Result<(), Halt> {
        self.chunks("agent_message_chunk", text)
    }

    fn think(&mut self, text: &str) -> Result<(), Halt> {
        self.wire.pause(400)?;
        self.chunks("agent_thought_chunk", text)
    }

    fn chunks(&mut self, update: &str, text: &str) -> Result<(), Halt> {
        for piece in pieces(text) {
            let content = json!({"type": "text", "text": piece});
            self.update(json!({"sessionUpdate": update, "content": content}))?;
            self.wire.pause(45)?;
        }
        Ok(())
    }

    fn show_plan(&mut self, steps: &[&'static str]) -> Result<(), Halt> {
        self.plan = steps.iter().map(|step| (*step, "pending")).collect();
        if let Some(first) = self.plan.first_mut() {
            first.1 = "in_progress";
        }
        self.send_plan()
    }

    /// The step at work is done, the next one begins.
    fn advance(&mut self) -> Result<(), Halt> {
        if let Some(step) = self.plan.iter_mut().find(|step| step.1 == "in_progress") {
            step.1 = "completed";
        }
        if let Some(step) = self.plan.iter_mut().find(|step| step.1 == "pending") {
            step.1 = "in_progress";
        }
        self.send_plan()
    }

    fn send_plan(&mut self) -> Result<(), Halt> {
        let entries: Vec<Value> = self
            .plan
            .iter()
            .map(|(content, status)| json!({"content": content, "priority": "medium", "status": status}))
            .collect();
        self.update(json!({"sessionUpdate": "plan", "entries": entries}))
    }

    fn read_file(&mut self, path: &str) -> Result<(), Halt> {
        let full = self.folder.join(path);
        let location = json!([{"path": full.to_string_lossy()}]);
        let call = self.begin_call(json!({
            "title": format!("Read {path}"), "kind": "read", "locations": location,
            "rawInput": {"path": full.to_string_lossy()},
        }))?;
        self.wire.pause(350)?;
        match std::fs::read_to_string(&full) {
            Ok(text) => self.end_call(&call, "completed", json!([text_content(&text)])),
            Err(error) => self.end_call(&call, "failed", json!([text_content(&error.to_string())])),
        }
    }

    /// Makes edits, each once it is permitted; whether all of them were.
    fn make_edits(&mut self, plan: impl FnOnce(&Path) -> io::Result<Vec<Edit>>) -> Result<bool, Halt> {
        self.wire.pause(500)?;
        match plan(&self.folder) {
            Ok(edits) => {
                for edit in &edits {
                    if !self.make_edit(edit)? {
                        return Ok(false);
                    }
                }
            }
            Err(error) => self.say(&format!("I could not write a file: {error}\n\n"))?,
        }
        Ok(true)
    }

    fn make_edit(&mut self, edit: &Edit) -> Result<bool, Halt> {
        let full = self.folder.join(edit.path);
        let full = full.to_string_lossy();
        let diff =
            json!([{"type": "diff", "path": full, "oldText": edit.old_text, "newText": edit.new_text}]);
        let tool = json!({
            "title": format!("Edit {}", edit.path), "kind": "edit", "locations": [{"path": full}],
            "content": diff,
        });
        let call = self.begin_call(tool.clone())?;
        self.wire.pause(450)?;
        if !self.is_permitted(&call, tool)? {
            self.end_call(&call, "failed", json!([text_content("Not permitted")]))?;
            return Ok(false);
        }
        match edit.make(&self.folder) {
            Ok(()) => self.end_call(&call, "completed", diff)?,
            Err(error) => self.end_call(&call, "failed", json!([text_content(&error.to_string())]))?,
        }
        Ok(true)
    }

    /// Asks whether the check may run, and runs it if so.
    fn run_check(&mut self) -> Result<Checked, Halt> {
        self.say("Now I run the sample's own check, to see whether it still holds.\n\n")?;
        let tool = json!({
            "title": CHECK, "kind": "execute", "rawInput": {"command": CHECK},
            "content": [text_content("Run the sample's own check")],
        });
        let call = self.begin_call(tool.clone())?;
        if !self.is_permitted(&call, tool)? {
            self.end_call(&call, "failed", json!([text_content("Not permitted")]))?;
            return Ok(Checked::Refused);
        }
        self.update(
            json!({"sessionUpdate": "tool_call_update", "toolCallId": call, "status": "in_progress"}),
        )?;
        self.wire.pause(600)?;
        let (passed, output) = match self.run_shell(CHECK) {
            Ok(ended) => ended,
            Err(halt) => {
                // The client wants to know how the call ended even when the turn does not go on.
                self.end_call(&call, "failed", json!([text_content("Cancelled")]))?;
                return Err(halt);
            }
        };
        let status = if passed { "completed" } else { "failed" };
        self.end_call(&call, status, json!([text_content(&output)]))?;
        Ok(match passed {
            true => Checked::Passed,
            false => Checked::Failed(output.lines().last().unwrap_or("no output").to_owned()),
        })
    }

    fn is_permitted(&mut self, call: &str, mut tool: Value) -> Result<bool, Halt> {
        tool["toolCallId"] = json!(call);
        tool["status"] = json!("pending");
        let options = json!([
            {"optionId": "allow_once", "name": "Yes", "kind": "allow_once"},
            {"optionId": "allow_always", "name": "Yes, always", "kind": "allow_always"},
            {"optionId": "reject_once", "name": "No", "kind": "reject_once"},
        ]);
        let params = json!({"sessionId": self.session, "toolCall": tool, "options": options});
        let answer = self.wire.ask("session/request_permission", params)?;
        if answer["outcome"]["outcome"] == "cancelled" {
            return Err(Halt::Cancelled);
        }
        Ok(answer["outcome"]["optionId"]
            .as_str()
            .is_some_and(|option| option.starts_with("allow")))
    }

    /// Runs a command line in the worktree; whether it ended with 0, and what it wrote.
    fn run_shell(&mut self, command: &str) -> Result<(bool, String), Halt> {
        let started = Command::new("sh")
            .args(["-c", &format!("{command} 2>&1")])
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        match started {
            Ok(child) => self.await_end(child),
            Err(error) => Ok((false, format!("sh could not be started: {error}"))),
        }
    }

    fn await_end(&mut self, mut child: Child) -> Result<(bool, String), Halt> {
        let pipe = child.stdout.take();
        let reader = thread::spawn(move || {
            let mut bytes = Vec::new();
            // A broken pipe only means less output to show.
            let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
            bytes
        });
        let passed = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status.success(),
                Ok(None) => {}
                Err(_) => break false,
            }
            if let Err(halt) = self.wire.wait(Duration::from_millis(10)) {
                // Already gone is as good.
                let _ = child.kill();
                let _ = child.wait();
                return Err(halt);
            }
        };
        let bytes = reader.join().unwrap_or_default();
        Ok((passed, String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn begin_call(&mut self, mut call: Value) -> Result<String, Halt> {
        self.calls += 1;
        let name = format!("demo-{}-{}", self.number, self.calls);
        call["sessionUpdate"] = json!("tool_call");
        call["toolCallId"] = json!(name);
        call["status"] = json!("pending");
        self.update(call)?;
        Ok(name)
    }

    fn end_call(&mut self, call: &str, status: &str, content: Value) -> Result<(), Halt> {
        self.update(json!({
            "sessionUpdate": "tool_call_update", "toolCallId": call, "status": status, "content": content,
        }))
    }

    fn update(&mut self, update: Value) -> Result<(), Halt> {
        self.wire.update(self.session, update)
    }
}

fn text_content(text: &str) -> Value {
    json!({"type": "content", "content": {"type": "text", "text": text}})
}

/// The text in pieces of three words; together they are the text.
fn pieces(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut words = text.split_inclusive(' ').peekable();
    std::iter::from_fn(move || {
        words.peek()?;
        Some(words.by_ref().take(3).collect())
    })
}
