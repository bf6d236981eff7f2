//! What the fake agent hears on its standard input.
//!
//! Reads and sorts lines on a thread of its own, so that an interrupt is heard in the middle of a turn.

use super::record::Record;
use serde_json::Value;
use std::{
    io::{self, BufRead},
    sync::mpsc::{Receiver, channel},
};

/// One thing that was said to it.
#[derive(Debug)]
pub enum Heard {
    /// A prompt: the whole message.
    Prompt(Value),
    /// A request of the control protocol.
    Request {
        /// Its name.
        request_id: String,
        /// What is asked.
        subtype: String,
    },
    /// The answer to a request of its own, as it came.
    Answer {
        /// The request's name.
        request_id: String,
        /// The whole line.
        line: Value,
    },
    /// A line that is not JSON: the real program ends on it.
    Garbage(String),
    /// Nothing more comes.
    Eof,
}

/// Starts to listen. What is heard is also recorded.
pub fn listen(record: Record) -> Receiver<Heard> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for line in io::stdin().lock().split(b'\n') {
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line).into_owned();
            record.note("heard", &Value::String(line.clone()));
            let Some(heard) = sort(&line) else { continue };
            if tell.send(heard).is_err() {
                return;
            }
        }
        let _ = tell.send(Heard::Eof);
    });
    told
}

fn sort(text: &str) -> Option<Heard> {
    let Ok(line) = serde_json::from_str::<Value>(text) else {
        return Some(Heard::Garbage(text.to_owned()));
    };
    let name = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match line["type"].as_str() {
        Some("user") => Some(Heard::Prompt(line)),
        Some("control_request") => Some(Heard::Request {
            request_id: name(&line["request_id"]),
            subtype: name(&line["request"]["subtype"]),
        }),
        Some("control_response") => Some(Heard::Answer {
            request_id: name(&line["response"]["request_id"]),
            line,
        }),
        _ => None,
    }
}
