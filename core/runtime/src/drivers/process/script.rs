//! The protocol of a project's scripts: there is none. Their output is one growing entry.

use anyon_executors::protocols::{LineUse, Output, Protocol};
use anyon_model::{
    AgentEvent, AgentRequest, Entry, EntryChange, EntryIndex, EntryKind, ExitStatus, LogStream, Timestamp,
};

/// Shows a script's output.
pub struct ScriptOutput {
    script: String,
    said: bool,
}

const OUTPUT: EntryIndex = EntryIndex(1);

impl ScriptOutput {
    /// For this script.
    pub fn new(script: String) -> Self {
        Self { script, said: false }
    }

    fn first(&mut self, now: Timestamp, output: &mut Output) {
        if self.said {
            return;
        }
        self.said = true;
        let script = EntryKind::SystemMessage {
            text: format!("$ {}", self.script.trim()),
        };
        output.events.push(put(EntryIndex(0), now, true, script));
        output.events.push(put(
            OUTPUT,
            now,
            false,
            EntryKind::SystemMessage { text: String::new() },
        ));
    }
}

fn put(index: EntryIndex, at: Timestamp, done: bool, kind: EntryKind) -> AgentEvent {
    AgentEvent::Entry(EntryChange::Put(Entry {
        index,
        at,
        parent: None,
        done,
        kind,
    }))
}

impl Protocol for ScriptOutput {
    fn start(&mut self, _: &mut Vec<u8>) {}

    fn on_line(&mut self, _: LogStream, line: &[u8], now: Timestamp, output: &mut Output) -> LineUse {
        self.first(now, output);
        let text = format!("{}\n", String::from_utf8_lossy(line));
        output
            .events
            .push(AgentEvent::Entry(EntryChange::Append { index: OUTPUT, text }));
        LineUse::Used
    }

    fn request(&mut self, _: &AgentRequest, _: &mut Vec<u8>) {}

    fn on_exit(&mut self, status: ExitStatus, now: Timestamp, output: &mut Output) {
        self.first(now, output);
        let text = match status {
            ExitStatus::Code { code: 0 } => return,
            ExitStatus::Code { code } => format!("The script ended with status {code}"),
            ExitStatus::Signal { signal } => format!("Signal {signal} ended the script"),
            ExitStatus::Unknown => "Nobody saw how the script ended".into(),
        };
        output.events.push(put(
            EntryIndex(2),
            now,
            true,
            EntryKind::ErrorMessage { text, failure: None },
        ));
    }
}
