//! What each step of a script does.

use super::{
    burst, mischief,
    play::{Cut, FOREVER, Player},
    script::Step,
};
use serde_json::{Value, json};
use std::{
    io::{self, Write},
    process::{Child, Command, Stdio},
    time::{Duration, SystemTime},
};

impl Player {
    /// Does one step.
    pub(super) fn step(&mut self, step: &Step) -> Result<(), Cut> {
        match step {
            Step::Say { text, pause_ms } => self.say(text, *pause_ms)?,
            Step::Think(text) => self.think(text)?,
            Step::Tool {
                name,
                input,
                output,
                failed,
            } => {
                let call = self.call(name, input)?;
                self.mouth.tool_result(&call, output, *failed)?;
            }
            Step::Write { path, text } => self.write(path, text)?,
            Step::Run { command } => self.run(command)?,
            Step::ApiError {
                status,
                error,
                message,
            } => self.api_error(error, Some(*status), message)?,
            Step::NotLoggedIn => {
                self.api_error("authentication_failed", None, "Not logged in · Please run /login")?;
            }
            Step::NoResult => {}
            Step::Pause(ms) => self.pause(Duration::from_millis(*ms))?,
            Step::Hang => self.pause(FOREVER)?,
            Step::Exit(status) => return Err(Cut::Exit(*status)),
            Step::Die(signal) => mischief::die(*signal)?,
            Step::LeaveChildren => mischief::leave_children()?,
            Step::Overhear {
                socket,
                messages,
                listen_ms,
                into,
            } => mischief::overhear(socket, messages, Duration::from_millis(*listen_ms), into)?,
            Step::Complain(text) => writeln!(io::stderr(), "{text}")?,
            Step::Burst(lines) => self.burst(*lines)?,
            Step::Ticks { lines, every_ms } => self.ticks(*lines, *every_ms)?,
            Step::Line(_) | Step::InvalidUtf8 | Step::LongLine(_) | Step::Partial(_) => {
                self.odd_line(step)?
            }
        }
        Ok(())
    }

    fn say(&mut self, text: &str, pause_ms: u64) -> Result<(), Cut> {
        let message = self
            .mouth
            .message_begins(&json!({"type": "text", "text": text}))?;
        let characters: Vec<char> = text.chars().collect();
        for piece in characters.chunks(24) {
            let piece: String = piece.iter().collect();
            self.mouth.delta(&json!({"type": "text_delta", "text": piece}))?;
            self.pause(Duration::from_millis(pause_ms))?;
        }
        Ok(self.mouth.message_ends(&message)?)
    }

    fn think(&mut self, text: &str) -> io::Result<()> {
        let block = json!({"type": "thinking", "thinking": text, "signature": "c2NyaXB0ZWQ="});
        let delta = json!({"type": "thinking_delta", "thinking": text});
        self.mouth.message(&block, &[delta])
    }

    /// Announces a tool call and returns its name.
    fn call(&mut self, tool: &str, input: &Value) -> io::Result<String> {
        let call_id = format!("toolu_{}", self.mouth.fresh());
        let block = json!({"type": "tool_use", "id": call_id, "name": tool, "input": input});
        let delta = json!({"type": "input_json_delta", "partial_json": input.to_string()});
        self.mouth.message(&block, &[delta])?;
        Ok(call_id)
    }

    /// Announces a tool call and asks for leave. `None`: it was refused, and the refusal was passed on.
    fn asked(&mut self, tool: &str, input: &Value) -> Result<Option<String>, Cut> {
        let call_id = self.call(tool, input)?;
        let request_id = self.mouth.fresh();
        self.mouth.line(
            &json!({"type": "control_request", "request_id": request_id, "request": {
            "subtype": "can_use_tool", "tool_name": tool, "display_name": tool, "input": input,
            "permission_suggestions": [], "tool_use_id": call_id}}),
        )?;
        self.open_question = Some(request_id.clone());
        let answer = loop {
            if let Some(place) = self.answers.iter().position(|(name, _)| *name == request_id) {
                break self.answers.swap_remove(place).1;
            }
            if self.eof {
                break json!({"response": {"response": {"behavior": "deny", "message": "stream closed"}}});
            }
            self.hear(FOREVER)?;
        };
        self.open_question = None;
        let response = &answer["response"]["response"];
        if response["behavior"] == "allow" {
            return Ok(Some(call_id));
        }
        let why = response["message"].as_str().unwrap_or("refused").to_owned();
        self.mouth.tool_result(&call_id, &why, true)?;
        Ok(None)
    }

    fn write(&mut self, path: &str, text: &str) -> Result<(), Cut> {
        let whole = std::env::current_dir()?.join(path);
        let input = json!({"file_path": whole, "content": text});
        let Some(call_id) = self.asked("Write", &input)? else {
            return Ok(());
        };
        if let Some(folder) = whole.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&whole, text)?;
        Ok(self
            .mouth
            .tool_result(&call_id, "The file has been written.", false)?)
    }

    fn run(&mut self, command: &str) -> Result<(), Cut> {
        let input = json!({"command": command, "description": "run it"});
        let Some(call_id) = self.asked("Bash", &input)? else {
            return Ok(());
        };
        let child = Command::new("setsid")
            .args(["sh", "-c", command])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (output, failed) = self.await_child(child)?;
        Ok(self.mouth.tool_result(&call_id, &output, failed)?)
    }

    /// Waits for a command and listens meanwhile; an interrupt ends it.
    fn await_child(&mut self, mut child: Child) -> Result<(String, bool), Cut> {
        while child.try_wait()?.is_none() {
            if let Err(cut) = self.hear(Duration::from_millis(5)) {
                if let Some(leader) = rustix::process::Pid::from_raw(child.id().cast_signed()) {
                    let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
                }
                child.wait()?;
                return Err(cut);
            }
        }
        let output = child.wait_with_output()?;
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text += &String::from_utf8_lossy(&output.stderr);
        Ok((text, !output.status.success()))
    }

    fn api_error(&mut self, error: &str, status: Option<u16>, message: &str) -> io::Result<()> {
        self.failed = true;
        self.mouth.api_error(error, status, message)?;
        self.mouth
            .result(json!({"subtype": "success", "is_error": true, "result": message,
            "terminal_reason": "api_error", "api_error_status": status, "stop_reason": "stop_sequence"}))
    }

    fn burst(&mut self, lines: u64) -> Result<(), Cut> {
        let (ear, mut heard) = (&self.ear, None);
        burst::write(&mut self.mouth, lines, || {
            heard = ear.try_recv().ok();
            heard.is_none()
        })?;
        heard.map_or(Ok(()), |heard| self.take(heard))
    }

    fn ticks(&mut self, lines: u64, every_ms: u64) -> Result<(), Cut> {
        for _ in 0..lines {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            let text = format!("t={};", now.unwrap_or_default().as_micros());
            self.mouth.text(&text)?;
            self.pause(Duration::from_millis(every_ms))?;
        }
        Ok(())
    }

    fn odd_line(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::Line(line) => self.mouth.bytes(format!("{line}\n").as_bytes())?,
            Step::Partial(begin) => self.mouth.bytes(begin.as_bytes())?,
            Step::LongLine(bytes) => {
                self.mouth.text(&format!("START{}END", "x".repeat(*bytes)))?;
            }
            _ => {
                self.mouth.bytes(b"caf\xe9 \xff\xfe is not UTF-8\n")?;
                let message = self
                    .mouth
                    .message_of(&json!({"type": "text", "text": "caf@ after all"}));
                let line = json!({"type": "assistant", "message": message, "parent_tool_use_id": null});
                let bytes: Vec<u8> = line
                    .to_string()
                    .bytes()
                    .map(|byte| if byte == b'@' { 0xe9 } else { byte })
                    .collect();
                self.mouth.bytes(&bytes)?;
                self.mouth.bytes(b"\n")?;
            }
        }
        self.mouth.flush()
    }
}
