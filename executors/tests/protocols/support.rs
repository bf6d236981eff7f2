//! Recordings, their replay, and a readable picture of what came out.

use anyon_executors::{
    agents::replay_protocol,
    protocols::{LineUse, Output, Protocol},
};
use anyon_model::{
    AgentEvent, Entry, EntryChange, EntryIndex, EntryKind, ExitStatus, LogStream, Timestamp, ToolDetail,
    ToolStatus, ToolUse,
};
use std::{collections::BTreeMap, fmt::Write, fs, path::PathBuf};

/// A recorded run of an agent.
pub struct Recording {
    pub agent: String,
    pub scenario: String,
    pub stdout: Vec<Vec<u8>>,
    /// What was written to it, each after how many lines of its output.
    pub stdin: Vec<(usize, Vec<u8>)>,
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/agents")
}

fn names(folder: PathBuf) -> Vec<String> {
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// All agents of which there are recordings.
pub fn recorded_agents() -> Vec<String> {
    names(fixtures())
}

/// All recordings of an agent.
pub fn recordings_of(agent: &str) -> Vec<Recording> {
    let folder = fixtures().join(agent);
    names(folder.clone())
        .iter()
        .filter_map(|name| name.strip_suffix(".jsonl"))
        .map(|scenario| Recording {
            agent: agent.into(),
            scenario: scenario.into(),
            stdout: lines(&folder.join(format!("{scenario}.jsonl"))),
            stdin: sent(&folder.join(format!("{scenario}.stdin"))),
        })
        .collect()
}

/// All recordings.
pub fn recordings() -> Vec<Recording> {
    recorded_agents()
        .iter()
        .flat_map(|agent| recordings_of(agent))
        .collect()
}

fn lines(path: &PathBuf) -> Vec<Vec<u8>> {
    let bytes = fs::read(path).unwrap();
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(<[u8]>::to_vec)
        .collect()
}

fn sent(path: &PathBuf) -> Vec<(usize, Vec<u8>)> {
    let split = |line: Vec<u8>| {
        let tab = line.iter().position(|byte| *byte == b'\t').unwrap();
        let after = std::str::from_utf8(&line[..tab]).unwrap().parse().unwrap();
        (after, line[tab + 1..].to_vec())
    };
    lines(path).into_iter().map(split).collect()
}

/// A conversation as it is put together from changes.
#[derive(Default)]
pub struct Conversation {
    pub entries: BTreeMap<EntryIndex, Entry>,
    pub events: Vec<AgentEvent>,
    pub uses: BTreeMap<&'static str, usize>,
}

pub const START: Timestamp = Timestamp::from_ms(1_000);

impl Conversation {
    pub fn line(&mut self, protocol: &mut dyn Protocol, stream: LogStream, line: &[u8]) -> Vec<u8> {
        let mut output = Output::default();
        let used = match protocol.on_line(stream, line, START, &mut output) {
            LineUse::Used => "used",
            LineUse::Control => "control",
            LineUse::Raw => "raw",
        };
        if stream == LogStream::Out {
            *self.uses.entry(used).or_default() += 1;
        }
        self.take(output.events);
        output.stdin
    }

    pub fn exit(&mut self, protocol: &mut dyn Protocol) {
        let mut output = Output::default();
        protocol.on_exit(ExitStatus::Code { code: 0 }, START, &mut output);
        self.take(output.events);
        let open: Vec<_> = self.entries.values().filter(|entry| !entry.done).collect();
        assert!(open.is_empty(), "still open: {open:?}");
    }

    /// Applies changes as every reader does, and checks what every reader relies on.
    fn take(&mut self, events: Vec<AgentEvent>) {
        for event in events {
            match event {
                AgentEvent::Entry(EntryChange::Put(entry)) => {
                    let next = EntryIndex(self.entries.len() as u64);
                    let known = self.entries.get(&entry.index);
                    assert!(
                        known.is_some() || entry.index == next,
                        "a gap before {}",
                        entry.index
                    );
                    if let Some(known) = known {
                        assert!(
                            entry.done || !known.done,
                            "{} was done and is open again",
                            entry.index
                        );
                    }
                    self.entries.insert(entry.index, entry);
                }
                AgentEvent::Entry(EntryChange::Append { index, text }) => {
                    let entry = self
                        .entries
                        .get_mut(&index)
                        .expect("text for an entry that is not there");
                    assert!(!entry.done, "text for {index}, which is done");
                    entry
                        .growing_text()
                        .expect("text for an entry without text")
                        .push_str(&text);
                }
                event => self.events.push(event),
            }
        }
    }

    /// The texts of the agent's messages, without those of sub-agents.
    pub fn said(&self) -> String {
        self.texts(|entry| match &entry.kind {
            EntryKind::AssistantMessage { text } if entry.parent.is_none() => Some(text.clone()),
            _ => None,
        })
        .concat()
    }

    pub fn texts(&self, pick: impl Fn(&Entry) -> Option<String>) -> Vec<String> {
        self.entries.values().filter_map(pick).collect()
    }

    pub fn tools(&self) -> Vec<&ToolUse> {
        let tools = self.entries.values().filter_map(|entry| match &entry.kind {
            EntryKind::ToolUse(tool) => Some(&**tool),
            _ => None,
        });
        tools.collect()
    }

    /// The events as short words, without activities and usage.
    pub fn story(&self) -> Vec<String> {
        self.events
            .iter()
            .filter(|event| !matches!(event, AgentEvent::Activity(_) | AgentEvent::Usage(_)))
            .map(event_line)
            .collect()
    }

    pub fn picture(&self) -> String {
        let mut picture = String::new();
        for entry in self.entries.values() {
            picture.push_str(&entry_lines(entry));
        }
        picture.push_str("--- events\n");
        for event in &self.events {
            writeln!(picture, "{}", event_line(event)).unwrap();
        }
        writeln!(picture, "--- lines {:?}", self.uses).unwrap();
        picture
    }
}

/// Replays a recording: the agent's lines alone, or with ours between them.
pub fn replay(recording: &Recording, with_stdin: bool) -> Conversation {
    let mut protocol = replay_protocol(&recording.agent).expect("an agent whose protocol is known");
    let mut conversation = Conversation::default();
    let mut stdin = recording.stdin.iter().peekable();
    for (number, line) in recording.stdout.iter().enumerate() {
        while with_stdin && stdin.peek().is_some_and(|(after, _)| *after <= number) {
            conversation.line(&mut *protocol, LogStream::In, &stdin.next().unwrap().1);
        }
        conversation.line(&mut *protocol, LogStream::Out, line);
    }
    for (_, line) in stdin.filter(|_| with_stdin) {
        conversation.line(&mut *protocol, LogStream::In, line);
    }
    conversation.exit(&mut *protocol);
    conversation
}

fn entry_lines(entry: &Entry) -> String {
    let parent = entry
        .parent
        .map(|parent| format!(" in {parent}"))
        .unwrap_or_default();
    let text = match &entry.kind {
        EntryKind::UserMessage { text } => format!("user: {}", quoted(text)),
        EntryKind::AssistantMessage { text } => format!("agent: {}", quoted(text)),
        EntryKind::Thinking { text } => format!("thinks: {}", quoted(text)),
        EntryKind::ToolUse(tool) => tool_lines(tool),
        EntryKind::Plan { items } => {
            let items: Vec<String> = items
                .iter()
                .map(|item| format!("{:?} {}", item.status, item.text))
                .collect();
            format!("plan: {}", items.join(" | "))
        }
        EntryKind::SystemMessage { text } => format!("system: {}", quoted(text)),
        EntryKind::ErrorMessage { text, failure } => format!("error {failure:?}: {}", quoted(text)),
        EntryKind::TokenUsage { usage } => format!("usage: {usage:?}"),
        EntryKind::Raw { stream, text } => format!("raw {stream:?}: {}", quoted(text)),
    };
    format!("{}{parent} {text}\n", entry.index)
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

fn tool_lines(tool: &ToolUse) -> String {
    let status = match &tool.status {
        ToolStatus::Denied { reason } => format!("Denied {reason:?}"),
        status => format!("{status:?}"),
    };
    let mut text = format!(
        "tool {} [{:?}] {} — {status}",
        tool.tool,
        tool.tool_kind,
        quoted(&tool.title)
    );
    let detail = match &tool.detail {
        ToolDetail::FileEdit { changes } => {
            let changes: Vec<String> = changes.iter().map(|change| format!("{change:?}")).collect();
            changes.join("\n      ")
        }
        detail => format!("{detail:?}"),
    };
    write!(text, "\n      {detail}").unwrap();
    if let Some(output) = &tool.output {
        write!(
            text,
            "\n      → {} (exit {:?})",
            quoted(&output.text),
            output.exit_code
        )
        .unwrap();
    }
    text
}

fn event_line(event: &AgentEvent) -> String {
    match event {
        AgentEvent::Approval(request) => format!(
            "asks {} about {:?}: {:?} (reason {:?}, takes reason {})",
            request.tool, request.entry, request.question, request.reason, request.takes_reason
        ),
        event => format!("{event:?}"),
    }
}
