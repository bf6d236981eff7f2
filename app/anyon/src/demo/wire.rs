//! JSON-RPC lines of the demo agent: reads them on a thread of its own, so that a cancellation is heard at once.

use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    io::{BufRead, Write},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

/// Why a turn does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// The client cancelled it.
    Cancelled,
    /// The client is gone.
    Closed,
}

/// The connection with the client.
pub struct Wire<W> {
    lines: Receiver<Value>,
    waiting: VecDeque<Value>,
    output: W,
    next_request: u64,
    hurried: bool,
}

impl<W: Write> Wire<W> {
    /// A connection over an input that is read to its end and an output. `hurried`: pauses take no time.
    pub fn new(input: impl BufRead + Send + 'static, output: W, hurried: bool) -> Self {
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in input.split(b'\n').map_while(Result::ok) {
                let message = serde_json::from_slice(&line).unwrap_or(Value::Null);
                if !line.trim_ascii().is_empty() && sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            lines,
            waiting: VecDeque::new(),
            output,
            next_request: 0,
            hurried,
        }
    }

    /// The next message that nobody has taken yet; `None`: the client is gone.
    pub fn next(&mut self) -> Option<Value> {
        self.waiting.pop_front().or_else(|| self.lines.recv().ok())
    }

    /// Answers a request.
    pub fn respond(&mut self, request: &Value, result: Result<Value, (i64, &str)>) -> Result<(), Halt> {
        let mut message = json!({"jsonrpc": "2.0", "id": request});
        match result {
            Ok(result) => message["result"] = result,
            Err((code, text)) => message["error"] = json!({"code": code, "message": text}),
        }
        self.write(&message)
    }

    /// Tells something about a session.
    pub fn update(&mut self, session: &str, update: Value) -> Result<(), Halt> {
        let params = json!({"sessionId": session, "update": update});
        self.write(&json!({"jsonrpc": "2.0", "method": "session/update", "params": params}))
    }

    /// Asks the client and waits for its answer, however long it takes.
    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, Halt> {
        let request = json!(self.next_request);
        self.next_request += 1;
        self.write(&json!({"jsonrpc": "2.0", "id": request, "method": method, "params": params}))?;
        loop {
            let message = self.lines.recv().map_err(|_| Halt::Closed)?;
            if is_cancel(&message) {
                return Err(Halt::Cancelled);
            }
            if message.get("method").is_none() && message["id"] == request {
                return Ok(message["result"].clone());
            }
            self.waiting.push_back(message);
        }
    }

    /// Lets time pass as a person would need it, but hears a cancellation at once.
    pub fn pause(&mut self, ms: u64) -> Result<(), Halt> {
        let ms = if self.hurried { 0 } else { ms };
        self.wait(Duration::from_millis(ms))
    }

    /// Lets real time pass, whatever the pace; hears a cancellation at once.
    pub fn wait(&mut self, time: Duration) -> Result<(), Halt> {
        let until = Instant::now() + time;
        loop {
            match self
                .lines
                .recv_timeout(until.saturating_duration_since(Instant::now()))
            {
                Ok(message) if is_cancel(&message) => return Err(Halt::Cancelled),
                Ok(message) => self.waiting.push_back(message),
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(Halt::Closed),
            }
        }
    }

    fn write(&mut self, message: &Value) -> Result<(), Halt> {
        let written = writeln!(self.output, "{message}").and_then(|()| self.output.flush());
        written.map_err(|_| Halt::Closed)
    }
}

fn is_cancel(message: &Value) -> bool {
    message["method"] == "session/cancel"
}
