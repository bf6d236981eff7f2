//! A turn as the Messages API says it: one JSON object, or the events of a stream.
//!
//! Owns the shapes of the API. Writes to no socket.

use super::{
    api::{Frame, Part},
    scenario::Turn,
};
use serde_json::{Map, Value, json};

/// Characters per delta where the script does not say.
pub const CHUNK_CHARACTERS: usize = 24;

/// A name that is not used twice in a process: `prefix` and a number.
pub fn fresh_name(prefix: &str) -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!(
        "{prefix}{:08x}{:08x}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    )
}

/// The whole message, for requests that do not stream.
pub fn message(turn: &Turn, model: &str) -> Value {
    let blocks = content_blocks(turn);
    let calls = blocks.iter().any(|block| block["type"] == "tool_use");
    let stop = turn
        .stop_reason
        .clone()
        .unwrap_or_else(|| if calls { "tool_use" } else { "end_turn" }.to_owned());
    json!({
        "id": fresh_name("msg_"), "type": "message", "role": "assistant", "model": model,
        "content": blocks, "stop_reason": stop, "stop_sequence": null, "usage": usage(turn),
    })
}

fn usage(turn: &Turn) -> Map<String, Value> {
    let mut usage = Map::new();
    for (name, tokens) in [
        ("input_tokens", 1200),
        ("cache_creation_input_tokens", 300),
        ("cache_read_input_tokens", 5000),
        ("output_tokens", 42),
    ] {
        usage.insert(name.to_owned(), json!(tokens));
    }
    usage.extend(turn.usage.clone());
    usage
}

/// The blocks of a turn, in the order in which the model says them: `thinking`, `text`, `tool_use`.
pub fn content_blocks(turn: &Turn) -> Vec<Value> {
    if let Some(blocks) = &turn.blocks {
        return blocks.clone();
    }
    let mut blocks = Vec::new();
    if let Some(thinking) = &turn.thinking {
        blocks.push(json!({"type": "thinking", "thinking": thinking, "signature": "c2NyaXB0ZWQ="}));
    }
    for text in turn.text.texts() {
        blocks.push(json!({"type": "text", "text": text}));
    }
    for call in &turn.tool_use {
        let call_id = call.call_id.clone().unwrap_or_else(|| fresh_name("toolu_"));
        blocks.push(json!({"type": "tool_use", "id": call_id, "name": call.name, "input": call.input}));
    }
    blocks
}

/// The events of a stream as they go over the wire.
pub fn frames(turn: &Turn, model: &str) -> Vec<Frame> {
    let events = events(turn, model).into_iter();
    let frame = |(name, mut fields): (&'static str, Value)| {
        fields["type"] = json!(name);
        let part = match name {
            "content_block_delta" => Part::Delta,
            "message_stop" => Part::End,
            _ => Part::Other,
        };
        let text = format!("event: {name}\ndata: {fields}\n\n");
        Frame { text, part }
    };
    events.map(frame).collect()
}

/// The events of a stream, in the documented order: name and fields.
pub fn events(turn: &Turn, model: &str) -> Vec<(&'static str, Value)> {
    let message = message(turn, model);
    let mut head = message.clone();
    head["content"] = json!([]);
    head["stop_reason"] = Value::Null;
    head["usage"]["output_tokens"] = json!(1);
    let mut events = vec![("message_start", json!({"message": head})), ("ping", json!({}))];
    let blocks = message["content"].as_array().map_or(&[][..], Vec::as_slice);
    let chunk = turn.chunk.unwrap_or(CHUNK_CHARACTERS).max(1);
    for (index, block) in blocks.iter().enumerate() {
        block_events(&mut events, index, block, chunk);
    }
    match &turn.sse_error {
        Some(error) => events.push((
            "error",
            json!({"error": {"type": error.kind, "message": error.message}}),
        )),
        None => {
            let stop = json!({"stop_reason": message["stop_reason"], "stop_sequence": null});
            events.push(("message_delta", json!({"delta": stop, "usage": message["usage"]})));
            events.push(("message_stop", json!({})));
        }
    }
    events
}

fn block_events(events: &mut Vec<(&'static str, Value)>, index: usize, block: &Value, chunk: usize) {
    let text_of = |field: &str| block[field].as_str().unwrap_or_default().to_owned();
    let (start, delta, field, whole) = match block["type"].as_str() {
        Some("text") => (
            json!({"type": "text", "text": ""}),
            "text_delta",
            "text",
            text_of("text"),
        ),
        Some("thinking") => (
            json!({"type": "thinking", "thinking": "", "signature": ""}),
            "thinking_delta",
            "thinking",
            text_of("thinking"),
        ),
        Some("tool_use") => {
            let mut start = block.clone();
            start["input"] = json!({});
            (
                start,
                "input_json_delta",
                "partial_json",
                block["input"].to_string(),
            )
        }
        _ => {
            events.push((
                "content_block_start",
                json!({"index": index, "content_block": block}),
            ));
            events.push(("content_block_stop", json!({"index": index})));
            return;
        }
    };
    events.push((
        "content_block_start",
        json!({"index": index, "content_block": start}),
    ));
    for piece in pieces(&whole, chunk) {
        events.push((
            "content_block_delta",
            json!({"index": index, "delta": {"type": delta, field: piece}}),
        ));
    }
    if delta == "thinking_delta" {
        let signature = json!({"type": "signature_delta", "signature": text_of("signature")});
        events.push(("content_block_delta", json!({"index": index, "delta": signature})));
    }
    events.push(("content_block_stop", json!({"index": index})));
}

/// Cuts a text into deltas. However long it is, there are about two thousand at most.
pub fn pieces(whole: &str, chunk: usize) -> Vec<String> {
    let characters: Vec<char> = whole.chars().collect();
    let step = chunk.max(characters.len() / 2000);
    characters
        .chunks(step)
        .map(|piece| piece.iter().collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    fn turn(turn: Value) -> Turn {
        Turn::deserialize(turn).unwrap()
    }

    #[test]
    fn a_stream_says_the_same_as_the_whole_message() {
        let turn = turn(json!({"thinking": "hm", "text": "안녕하세요, 세계", "chunk": 3,
            "tool_use": [{"name": "Bash", "input": {"command": "ls"}}]}));
        let (mut text, mut input) = (String::new(), String::new());
        for (_, fields) in events(&turn, "m") {
            text += fields["delta"]["text"].as_str().unwrap_or("");
            input += fields["delta"]["partial_json"].as_str().unwrap_or("");
        }
        assert_eq!(text, "안녕하세요, 세계");
        assert_eq!(
            serde_json::from_str::<Value>(&input).unwrap(),
            json!({"command": "ls"})
        );
        assert_eq!(message(&turn, "m")["stop_reason"], "tool_use");
    }

    #[test]
    fn an_error_event_takes_the_place_of_the_end() {
        let turn = turn(json!({"text": "half", "sse_error": {}}));
        let names: Vec<_> = events(&turn, "m").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names.last(), Some(&"error"));
        assert!(!names.contains(&"message_stop"));
    }
}
