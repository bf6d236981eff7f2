//! Every recording, replayed.

use crate::support::{Conversation, Recording, recorded_agents, recordings, recordings_of, replay};
use anyon_executors::agents::agents;
use anyon_model::EntryKind;
use serde_json::Value;

fn snapshots(agent: &str) {
    for recording in recordings_of(agent) {
        let picture = replay(&recording, true).picture();
        let name = format!("{agent}@{}", recording.scenario);
        insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(name, picture);
        });
    }
}

#[test]
fn claude_code_as_recorded() {
    snapshots("CLAUDE_CODE");
}
#[test]
fn codex_as_recorded() {
    snapshots("CODEX");
}
#[test]
fn amp_as_documented() {
    snapshots("AMP");
}
#[test]
fn the_demo_agent_as_recorded() {
    snapshots("DEMO");
}
#[test]
fn claude_behind_acp_as_recorded() {
    snapshots("claude-agent-acp");
}
#[test]
fn gemini_as_recorded() {
    snapshots("GEMINI");
}
#[test]
fn qwen_code_as_recorded() {
    snapshots("QWEN_CODE");
}
#[test]
fn opencode_as_recorded() {
    snapshots("OPENCODE");
}
#[test]
fn copilot_as_recorded() {
    snapshots("COPILOT");
}

/// Agents that run nowhere without an account, so that there is nothing to record: known from their documentation.
const NOT_RUNNABLE_HERE: [&str; 1] = ["CURSOR_AGENT"];

#[test]
fn every_agent_of_the_list_has_recordings() {
    for spec in agents() {
        if NOT_RUNNABLE_HERE.contains(&spec.id) {
            let there = recorded_agents().iter().any(|agent| agent == spec.id);
            assert!(!there, "{} has recordings: it is an exception no more", spec.name);
            continue;
        }
        assert!(
            recorded_agents().iter().any(|agent| agent == spec.id) && !recordings_of(spec.id).is_empty(),
            "{} needs recordings in tests/fixtures/agents/{}",
            spec.name,
            spec.id
        );
    }
}

#[test]
fn every_line_of_every_recording_is_known() {
    for recording in recordings() {
        for with_stdin in [false, true] {
            let uses = replay(&recording, with_stdin).uses;
            let count = |word: &str| uses.get(word).copied().unwrap_or(0);
            assert_eq!(count("raw"), 0, "{} {}", recording.agent, recording.scenario);
            assert_eq!(count("used") + count("control"), recording.stdout.len());
        }
    }
}

/// The answers in a recording, read in the plainest way: no state, no deltas.
fn answers(recording: &Recording) -> String {
    let lines = recording
        .stdout
        .iter()
        .map(|line| serde_json::from_slice::<Value>(line).unwrap());
    if matches!(recording.agent.as_str(), "CLAUDE_CODE" | "AMP") {
        return lines.map(|line| claude_answer(&line)).collect();
    }
    if recording.agent == "CODEX" {
        return lines.map(|line| codex_answer(&line)).collect();
    }
    let mut open = false;
    let mut answers = String::new();
    for line in lines {
        let result = &line["result"];
        let opens = line["id"] == 2 || result["sessionId"].is_string();
        open |= opens && line.get("method").is_none() && result.is_object();
        let update = &line["params"]["update"];
        let is_answer = update["sessionUpdate"] == "agent_message_chunk"
            && update["_meta"]["claudeCode"]["kind"] != "informational";
        let text = update["content"]["text"].as_str().unwrap_or("");
        let is_notice =
            text.starts_with("[MODE_UPDATE]") || text.starts_with("Info: ") || text.starts_with("Error: ");
        if open && is_answer && !is_notice {
            answers.push_str(text);
        }
    }
    answers
}

fn claude_answer(line: &Value) -> String {
    if line["type"] != "assistant" || line["error"].is_string() || line["parent_tool_use_id"].is_string() {
        return String::new();
    }
    let blocks = line["message"]["content"].as_array().unwrap();
    blocks.iter().filter_map(|block| block["text"].as_str()).collect()
}

fn codex_answer(line: &Value) -> String {
    let item = &line["params"]["item"];
    let says = line["method"] == "item/completed" && item["type"] == "agentMessage";
    says.then(|| item["text"].as_str())
        .flatten()
        .unwrap_or("")
        .to_owned()
}

#[test]
fn the_answers_are_those_that_the_recording_holds() {
    let mut compared = 0;
    for recording in recordings() {
        let said = replay(&recording, false).said();
        assert_eq!(
            said,
            answers(&recording),
            "{} {}",
            recording.agent,
            recording.scenario
        );
        compared += usize::from(!said.is_empty());
    }
    assert!(compared > 50, "only {compared} recordings hold an answer");
}

fn prompts(conversation: &Conversation) -> Vec<String> {
    conversation.texts(|entry| match &entry.kind {
        EntryKind::UserMessage { text } => Some(text.clone()),
        _ => None,
    })
}

fn sent_prompt(line: &[u8]) -> Option<String> {
    let line: Value = serde_json::from_slice(line).unwrap();
    let claude = line["message"]["content"].as_str();
    let acp = (line["method"] == "session/prompt").then(|| line["params"]["prompt"][0]["text"].as_str());
    // The reason of a refusal is said into the turn, and stands with what was refused.
    let is_reason = line["params"]["clientUserMessageId"].is_string();
    let codex = (line["method"] == "turn/start" || line["method"] == "turn/steer") && !is_reason;
    let codex = codex.then(|| line["params"]["input"][0]["text"].as_str());
    claude.or(acp.flatten()).or(codex.flatten()).map(str::to_owned)
}

#[test]
fn with_our_own_lines_the_prompts_stand_in_the_conversation() {
    for recording in recordings() {
        // A prompt that is plain text is shown in one piece.
        if recording.agent == "AMP" {
            let sent = recording
                .stdin
                .iter()
                .map(|(_, line)| String::from_utf8_lossy(line));
            let sent = sent.collect::<Vec<_>>().join("\n");
            assert_eq!(
                prompts(&replay(&recording, true)),
                [sent],
                "{}",
                recording.scenario
            );
            continue;
        }
        let sent: Vec<String> = recording
            .stdin
            .iter()
            .filter_map(|(_, line)| sent_prompt(line))
            .collect();
        let shown = prompts(&replay(&recording, true));
        assert_eq!(shown, sent, "{} {}", recording.agent, recording.scenario);
    }
}

#[test]
fn claude_codes_echo_shows_the_prompts_when_our_own_lines_are_missing() {
    for recording in recordings_of("CLAUDE_CODE") {
        let echoed = recording.stdout.iter().any(|line| {
            let line: Value = serde_json::from_slice(line).unwrap();
            line["isReplay"] == true
        });
        let shown = prompts(&replay(&recording, false)).len();
        assert_eq!(shown > 0, echoed, "{}", recording.scenario);
    }
}

#[test]
fn a_turn_that_begins_ends_and_no_question_stays_open() {
    for recording in recordings() {
        let story = replay(&recording, true).story();
        let count = |start: &str| story.iter().filter(|line| line.starts_with(start)).count();
        let (began, ended) = (count("TurnStarted"), count("TurnEnded"));
        // The recording of the endless retries was broken off.
        let broken_off = recording.scenario == "09-error-401" && recording.agent == "CLAUDE_CODE";
        assert_eq!(
            began - usize::from(broken_off),
            ended,
            "{} {}",
            recording.agent,
            recording.scenario
        );
    }
}
