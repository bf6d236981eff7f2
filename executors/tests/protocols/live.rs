//! The protocols as the runtime uses them: our lines are made, written, and read back; the same log read again gives
//! the same conversation.

use crate::support::{Conversation, Recording, recordings_of};
use agent_client_protocol_schema::v1::{
    InitializeRequest, NewSessionRequest, PromptRequest, RequestPermissionResponse,
};
use anyon_executors::{
    agents::{Start, agent, replay_protocol},
    protocols::Protocol,
};
use anyon_model::{
    AgentEvent, AgentLaunch, AgentRequest, ApprovalAnswer, ApprovalScope, ApproveMode, ExecutorProfileId,
    LogStream, ProfileConfig,
};
use serde_json::Value;
use std::path::Path;

/// A log: our lines and the agent's, in order.
type Log = Vec<(LogStream, Vec<u8>)>;

fn launch(agent_id: &str, prompt: &str) -> AgentLaunch {
    AgentLaunch {
        profile: ExecutorProfileId::new(agent_id),
        config: ProfileConfig::default(),
        prompt: prompt.into(),
        images: Vec::new(),
        approve: ApproveMode::Ask,
        resume: None,
        session_name: String::new(),
        handover: None,
        mcp: false,
    }
}

/// Plays the agent's lines to the protocol as the runtime would, answering yes to every question.
fn drive(recording: &Recording, prompt: &str) -> (Conversation, Log) {
    let spec = agent(&recording.agent).unwrap();
    let mut protocol = (spec.protocol)(&Start {
        launch: &launch(spec.id, prompt),
        exe: Path::new("/anyon"),
        worktree: Path::new("/w"),
        mcp: None,
        guide: None,
    });
    let (mut conversation, mut log) = (Conversation::default(), Log::new());
    let mut stdin = Vec::new();
    protocol.start(&mut stdin);
    write(&mut *protocol, &mut conversation, &mut log, &stdin);
    for line in &recording.stdout {
        log.push((LogStream::Out, line.clone()));
        let asked = conversation.events.len();
        let mut stdin = conversation.line(&mut *protocol, LogStream::Out, line);
        for event in conversation.events[asked..].iter().cloned() {
            if let AgentEvent::Approval(request) = event {
                let answer = ApprovalAnswer::Approved {
                    scope: ApprovalScope::Always,
                };
                protocol.request(
                    &AgentRequest::Answer {
                        key: request.key,
                        answer,
                    },
                    &mut stdin,
                );
            }
        }
        write(&mut *protocol, &mut conversation, &mut log, &stdin);
    }
    conversation.exit(&mut *protocol);
    (conversation, log)
}

fn write(protocol: &mut dyn Protocol, conversation: &mut Conversation, log: &mut Log, stdin: &[u8]) {
    for line in stdin.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        log.push((LogStream::In, line.to_vec()));
        conversation.line(protocol, LogStream::In, line);
    }
}

fn find(agent_id: &str, scenario: &str) -> Recording {
    let mut recordings = recordings_of(agent_id).into_iter();
    recordings
        .find(|recording| recording.scenario == scenario)
        .unwrap()
}

fn written(log: &Log) -> Vec<Value> {
    log.iter()
        .filter(|(stream, _)| *stream == LogStream::In)
        .map(|(_, line)| serde_json::from_slice(line).unwrap())
        .collect()
}

#[test]
fn the_demo_agent_is_greeted_prompted_and_answered_in_the_words_of_the_schema() {
    let (conversation, log) = drive(&find("DEMO", "01-main-job"), "Say goodbye too");
    let lines = written(&log);
    let params = |number: usize| lines[number]["params"].clone();
    serde_json::from_value::<InitializeRequest>(params(0)).unwrap();
    serde_json::from_value::<NewSessionRequest>(params(1)).unwrap();
    serde_json::from_value::<PromptRequest>(params(2)).unwrap();
    serde_json::from_value::<RequestPermissionResponse>(lines[3]["result"].clone()).unwrap();
    assert_eq!(lines.len(), 4);
    assert_eq!(conversation.story().last().unwrap(), "TurnEnded(Completed)");
}

#[test]
fn what_is_written_to_claude_code_is_what_the_recording_wrote() {
    for scenario in ["04-permission-allow", "05-plan-exit-approve", "10-mcp-call"] {
        let recording = find("CLAUDE_CODE", scenario);
        let (_, log) = drive(&recording, "go");
        let answers = |lines: Vec<Value>| -> Vec<Value> {
            lines
                .into_iter()
                .filter(|line| line["type"] == "control_response")
                .collect()
        };
        let recorded = recording
            .stdin
            .iter()
            .map(|(_, line)| serde_json::from_slice(line).unwrap())
            .collect();
        assert_eq!(answers(written(&log)), answers(recorded), "{scenario}");
    }
}

#[test]
fn a_stored_log_read_again_gives_the_same_conversation() {
    for agent_id in ["CLAUDE_CODE", "CODEX", "DEMO"] {
        for recording in recordings_of(agent_id) {
            let (live, log) = drive(&recording, "go");
            let mut protocol = replay_protocol(agent_id).unwrap();
            let mut again = Conversation::default();
            for (stream, line) in &log {
                again.line(&mut *protocol, *stream, line);
            }
            again.exit(&mut *protocol);
            // A title may show a path shorter when the worktree is known.
            for (entry, other) in live.entries.values().zip(again.entries.values()) {
                assert_eq!(
                    (entry.index, entry.parent, entry.done),
                    (other.index, other.parent, other.done)
                );
            }
            assert_eq!(
                live.entries.len(),
                again.entries.len(),
                "{agent_id} {}",
                recording.scenario
            );
            assert_eq!((live.said(), live.story()), (again.said(), again.story()));
        }
    }
}
