//! Plays a script: waits for prompts, plays a turn for each, and listens while it does.

use super::{
    ear::{self, Heard},
    mouth::Mouth,
    record::Record,
    script::{Script, Step},
};
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    io::{self, Write},
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

pub(super) const FOREVER: Duration = Duration::from_secs(24 * 3600);

/// Why a turn did not go to its end.
pub(super) enum Cut {
    /// The protocol's interrupt.
    Interrupt,
    /// The script ends the program.
    Exit(i32),
    /// A stream broke.
    Io(io::Error),
}
impl From<io::Error> for Cut {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

pub(super) struct Player {
    pub(super) mouth: Mouth,
    pub(super) ear: Receiver<Heard>,
    /// Answers that nobody has looked at, by the name of their question.
    pub(super) answers: Vec<(String, Value)>,
    /// Nothing more is heard.
    pub(super) eof: bool,
    /// The last turn failed.
    pub(super) failed: bool,
    pub(super) open_question: Option<String>,
    script: Script,
    turns: VecDeque<Vec<Step>>,
    waiting: VecDeque<Value>,
}

impl Player {
    pub(super) fn new(script: Script, arguments: &[String], record: Record) -> Self {
        let after = |name: &str| {
            let place = arguments.iter().position(|argument| argument == name)?;
            arguments.get(place + 1).cloned()
        };
        let fork = arguments.iter().any(|argument| argument == "--fork-session");
        let resumed = after("--resume");
        let turns = if resumed.is_some() {
            &script.resumed
        } else {
            &script.turns
        };
        let made = || format!("{:08x}-0000-4000-8000-000000000000", std::process::id());
        let session = resumed
            .clone()
            .filter(|_| !fork)
            .or_else(|| after("--session-id"));
        Self {
            turns: turns.iter().cloned().collect(),
            mouth: Mouth::new(session.unwrap_or_else(made)),
            ear: ear::listen(record),
            script,
            waiting: VecDeque::new(),
            answers: Vec::new(),
            eof: false,
            failed: false,
            open_question: None,
        }
    }

    pub(super) fn play(mut self) -> io::Result<i32> {
        let begun = self.steps(&self.script.at_start.clone());
        if let Some(status) = ended(begun)? {
            return Ok(status);
        }
        loop {
            if let Some(prompt) = self.waiting.pop_front() {
                if let Some(status) = self.turn(prompt)? {
                    return Ok(status);
                }
            } else if self.eof && !self.script.ignores_eof {
                return Ok(i32::from(self.failed));
            } else if let Some(status) = ended(self.hear(FOREVER))? {
                return Ok(status);
            }
        }
    }

    /// Plays one turn; a status ends the program.
    fn turn(&mut self, mut prompt: Value) -> io::Result<Option<i32>> {
        self.mouth.turn_begins()?;
        prompt["isReplay"] = json!(true);
        self.mouth.said(prompt)?;
        self.failed = false;
        let steps = self.turns.pop_front().unwrap_or_else(|| vec![Step::say("done")]);
        match self.steps(&steps) {
            Ok(()) if steps.iter().any(ends_by_itself) => Ok(None),
            Ok(()) => {
                self.mouth
                    .result(json!({"subtype": "success", "is_error": false, "result": "done",
                    "terminal_reason": "completed"}))?;
                Ok(None)
            }
            Err(Cut::Interrupt) => self.interrupted().map(|()| None),
            other => ended(other),
        }
    }

    fn interrupted(&mut self) -> io::Result<()> {
        if let Some(request_id) = self.open_question.take() {
            self.mouth
                .line(&json!({"type": "control_cancel_request", "request_id": request_id}))?;
        }
        self.failed = true;
        self.mouth.said(
            json!({"type": "user", "parent_tool_use_id": null, "message": {"role": "user",
            "content": [{"type": "text", "text": "[Request interrupted by user]"}]}}),
        )?;
        self.mouth.result(
            json!({"subtype": "error_during_execution", "is_error": true, "errors": [],
            "terminal_reason": "aborted_streaming"}),
        )
    }

    fn steps(&mut self, steps: &[Step]) -> Result<(), Cut> {
        for step in steps {
            self.hear(Duration::ZERO)?;
            self.step(step)?;
        }
        Ok(())
    }

    /// Waits and listens.
    pub(super) fn pause(&mut self, how_long: Duration) -> Result<(), Cut> {
        let until = Instant::now() + how_long;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            self.hear(left)?;
        }
        Ok(())
    }

    /// Listens for at most so long and takes in what comes, all that is there already.
    pub(super) fn hear(&mut self, limit: Duration) -> Result<(), Cut> {
        let mut limit = limit;
        loop {
            match self.ear.recv_timeout(limit) {
                Ok(heard) => self.take(heard)?,
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => {
                    // Nothing can come any more; a script that waits still waits.
                    std::thread::sleep(limit);
                    return Ok(());
                }
            }
            limit = Duration::ZERO;
        }
    }

    pub(super) fn take(&mut self, heard: Heard) -> Result<(), Cut> {
        match heard {
            Heard::Prompt(prompt) => self.waiting.push_back(prompt),
            Heard::Request { request_id, subtype } => return self.requested(&request_id, &subtype),
            Heard::Answer { request_id, line } => {
                self.mouth.line(&line)?;
                self.answers.push((request_id, line));
            }
            Heard::Garbage(line) => {
                writeln!(io::stderr(), "Error parsing streaming input line: {line}")?;
                return Err(Cut::Exit(1));
            }
            Heard::Eof => self.eof = true,
        }
        Ok(())
    }

    fn requested(&mut self, request_id: &str, subtype: &str) -> Result<(), Cut> {
        match subtype {
            "initialize" if self.script.silent => Ok(()),
            "initialize" => {
                let response = json!({"commands": [], "agents": [], "output_style": "default", "models": [],
                    "account": {"apiProvider": "firstParty"}, "pid": std::process::id(),
                    "claude_code_version": "2.1.330", "current_permission_mode": "default"});
                Ok(self.mouth.answer(request_id, &response)?)
            }
            "interrupt" if self.script.ignores_interrupt => Ok(()),
            "interrupt" => {
                self.mouth.answer(request_id, &json!({"still_queued": []}))?;
                Err(Cut::Interrupt)
            }
            "end_session" => {
                self.mouth.answer(request_id, &json!({}))?;
                Err(Cut::Exit(i32::from(self.failed)))
            }
            _ => Ok(self.mouth.answer(request_id, &json!({}))?),
        }
    }
}

fn ends_by_itself(step: &Step) -> bool {
    matches!(step, Step::NoResult | Step::NotLoggedIn | Step::ApiError { .. })
}

/// The status that ends the program, if it was cut short. An interrupt outside a turn is harmless.
fn ended(played: Result<(), Cut>) -> io::Result<Option<i32>> {
    match played {
        Ok(()) | Err(Cut::Interrupt) => Ok(None),
        Err(Cut::Exit(status)) => Ok(Some(status)),
        Err(Cut::Io(error)) => Err(error),
    }
}
