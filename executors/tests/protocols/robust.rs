//! Lines that no agent should write, and that one day one does: never a panic, never a loss.

use crate::support::{Conversation, Recording, recordings, recordings_of, replay};
use anyon_executors::agents::replay_protocol;
use anyon_model::{EntryKind, LogStream};
use proptest::prelude::*;
use serde_json::{Map, Value};

const AGENTS: [&str; 8] = [
    "AMP",
    "CLAUDE_CODE",
    "CODEX",
    "DEMO",
    "GEMINI",
    "QWEN_CODE",
    "COPILOT",
    "claude-agent-acp",
];

fn raw(conversation: &Conversation) -> String {
    conversation
        .texts(|entry| match &entry.kind {
            EntryKind::Raw { text, .. } => Some(text.clone()),
            _ => None,
        })
        .join("\n")
}

/// A recording with each line changed.
fn changed(recording: &Recording, change: impl Fn(&[u8]) -> Vec<Vec<u8>>) -> Recording {
    Recording {
        agent: recording.agent.clone(),
        scenario: recording.scenario.clone(),
        stdout: recording.stdout.iter().flat_map(|line| change(line)).collect(),
        stdin: recording.stdin.clone(),
    }
}

#[test]
fn lines_that_are_cut_anywhere_are_shown_raw() {
    for recording in recordings() {
        for part in [3, 2] {
            let cut = changed(&recording, |line| {
                vec![line[..line.len() * (part - 1) / part].to_vec()]
            });
            let conversation = replay(&cut, true);
            assert_eq!(conversation.uses["raw"], cut.stdout.len(), "{}", cut.scenario);
        }
    }
}

#[test]
fn lines_that_are_split_lose_nothing_but_their_sense() {
    let recording = &recordings_of("CLAUDE_CODE")[0];
    let split = changed(recording, |line| {
        let (head, tail) = line.split_at(line.len() / 2);
        vec![head.to_vec(), tail.to_vec()]
    });
    let conversation = replay(&split, false);
    let shown = raw(&conversation);
    for line in &split.stdout {
        assert!(shown.contains(&*String::from_utf8_lossy(line)));
    }
}

#[test]
fn a_byte_that_is_not_utf8_does_not_cost_the_line() {
    let line =
        b"{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"caf\xff\"}]}}";
    let mut protocol = replay_protocol("CLAUDE_CODE").unwrap();
    let mut conversation = Conversation::default();
    conversation.line(&mut *protocol, LogStream::Out, line);
    assert_eq!(conversation.said(), "caf\u{fffd}");
}

#[test]
fn bytes_that_are_no_text_at_all_are_shown() {
    for agent in AGENTS {
        let mut protocol = replay_protocol(agent).unwrap();
        let mut conversation = Conversation::default();
        conversation.line(&mut *protocol, LogStream::Out, &[0xff, 0xfe, b'x', 0]);
        conversation.exit(&mut *protocol);
        assert!(raw(&conversation).contains('x'), "{agent}");
    }
}

#[test]
fn a_line_of_four_megabytes_is_read_or_shown_with_its_ends() {
    let long = "y".repeat(4 << 20);
    let known =
        format!(r#"{{"type":"assistant","message":{{"content":[{{"type":"text","text":"{long}"}}]}}}}"#);
    let mut protocol = replay_protocol("CLAUDE_CODE").unwrap();
    let mut conversation = Conversation::default();
    conversation.line(&mut *protocol, LogStream::Out, known.as_bytes());
    assert_eq!(conversation.said().len(), long.len());
    let unknown = format!("START {long} END");
    conversation.line(&mut *protocol, LogStream::Out, unknown.as_bytes());
    conversation.exit(&mut *protocol);
    let shown = raw(&conversation);
    assert!(shown.starts_with("START") && shown.ends_with("END") && shown.contains("bytes left out"));
}

#[test]
fn json_that_is_deeper_than_anyone_reads_is_shown_raw() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
    for agent in AGENTS {
        for line in [
            deep("[", "]"),
            deep("{\"a\":", "}"),
            format!(r#"{{"type":"result","x":{}}}"#, deep("[", "]")),
            format!(
                r#"{{"type":"assistant","message":{{"content":{}}}}}"#,
                deep("[", "]")
            ),
            format!(
                r#"{{"method":"session/update","params":{{"update":{{"sessionUpdate":{}}}}}}}"#,
                deep("[", "]")
            ),
        ] {
            let mut protocol = replay_protocol(agent).unwrap();
            let mut conversation = Conversation::default();
            conversation.line(&mut *protocol, LogStream::Out, line.as_bytes());
            conversation.exit(&mut *protocol);
            assert_eq!(conversation.uses.get("raw"), Some(&1), "{agent} {}", &line[..20]);
        }
    }
}

/// The value with the keys of every object the other way round.
fn reversed(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: Vec<(String, Value)> = fields.into_iter().collect();
            let back: Map<String, Value> = fields
                .into_iter()
                .rev()
                .map(|(key, value)| (key, reversed(value)))
                .collect();
            Value::Object(back)
        }
        Value::Array(items) => Value::Array(items.into_iter().map(reversed).collect()),
        value => value,
    }
}

/// The picture without inputs that are shown as they came.
fn without_inputs(conversation: &Conversation) -> Vec<String> {
    let picture = conversation.picture();
    let shown = |line: &&str| !line.contains("Other { input") && !line.contains("Tool { input");
    picture.lines().filter(shown).map(str::to_owned).collect()
}

#[test]
fn the_order_of_keys_means_nothing() {
    for recording in recordings() {
        let back = changed(&recording, |line| {
            vec![
                reversed(serde_json::from_slice(line).unwrap())
                    .to_string()
                    .into_bytes(),
            ]
        });
        let (one, other) = (replay(&recording, true), replay(&back, true));
        assert_eq!(
            without_inputs(&one),
            without_inputs(&other),
            "{} {}",
            recording.agent,
            recording.scenario
        );
    }
}

#[test]
fn lines_that_come_in_another_order_do_no_harm() {
    for recording in recordings() {
        let mut back = changed(&recording, |line| vec![line.to_vec()]);
        back.stdout.reverse();
        replay(&back, true);
        replay(&back, false);
    }
}

/// Words of the protocols.
const WORDS: &str =
    "type subtype assistant user system result init stream_event event message content text tool_use
    tool_result tool_use_id id name input Bash Edit control_request control_response request request_id
    response can_use_tool tool_name is_error method session/update session/request_permission params
    update sessionUpdate tool_call tool_call_update toolCallId toolCall options optionId kind
    agent_message_chunk plan entries error code status completed usage stopReason sessionId
    content_block_delta index delta text_delta content_block_start content_block rawInput command todos
    item/started item/completed item itemId threadId turnId turn thread commandExecution fileChange mcpToolCall changes
    item/commandExecution/requestApproval item/tool/requestUserInput mcpServer/elicitation/request questions
    turn/started turn/completed turn/start decision tokenUsage codexErrorInfo";

/// JSON in the words of the protocols, put together at random.
fn any_json() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(WORDS.split_whitespace().collect::<Vec<_>>());
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words.clone().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((words.clone(), inner), 0..8).prop_map(|fields| {
                Value::Object(
                    fields
                        .into_iter()
                        .map(|(key, value)| (key.to_owned(), value))
                        .collect(),
                )
            }),
        ]
    })
}

/// The value with the part at the end of a path replaced.
fn tampered(value: Value, path: &[usize], with: &Value) -> Value {
    let Some((step, rest)) = path.split_first() else {
        return with.clone();
    };
    match value {
        Value::Object(mut fields) if !fields.is_empty() => {
            let nth = step % fields.len();
            let part = fields.values_mut().nth(nth).unwrap();
            *part = tampered(part.take(), rest, with);
            Value::Object(fields)
        }
        Value::Array(mut items) if !items.is_empty() => {
            let nth = step % items.len();
            items[nth] = tampered(items[nth].take(), rest, with);
            Value::Array(items)
        }
        _ => with.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_survived(lines in prop::collection::vec((any_json(), any::<bool>()), 1..12)) {
        for agent in AGENTS {
            let mut protocol = replay_protocol(agent).unwrap();
            let mut conversation = Conversation::default();
            for (line, ours) in &lines {
                let stream = if *ours { LogStream::In } else { LogStream::Out };
                conversation.line(&mut *protocol, stream, line.to_string().as_bytes());
            }
            conversation.exit(&mut *protocol);
        }
    }

    #[test]
    fn a_field_that_is_not_what_it_was_is_survived(
        pick in any::<prop::sample::Index>(),
        line in any::<prop::sample::Index>(),
        path in prop::collection::vec(0usize..20, 1..6),
        with in any_json(),
    ) {
        let all = RECORDINGS.with(Clone::clone);
        let recording = &all[pick.index(all.len())];
        let mut tampered_with = changed(recording, |line| vec![line.to_vec()]);
        let number = line.index(tampered_with.stdout.len());
        let value: Value = serde_json::from_slice(&tampered_with.stdout[number]).unwrap();
        tampered_with.stdout[number] = tampered(value, &path, &with).to_string().into_bytes();
        replay(&tampered_with, true);
    }

    #[test]
    fn any_bytes_are_survived(line in prop::collection::vec(any::<u8>(), 0..200)) {
        for agent in AGENTS {
            for stream in [LogStream::Out, LogStream::Err, LogStream::In] {
                let mut protocol = replay_protocol(agent).unwrap();
                let mut conversation = Conversation::default();
                conversation.line(&mut *protocol, stream, &line);
                conversation.exit(&mut *protocol);
            }
        }
    }
}

thread_local! {
    static RECORDINGS: std::rc::Rc<Vec<Recording>> = std::rc::Rc::new(recordings());
}
