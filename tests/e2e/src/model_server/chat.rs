//! A turn as OpenAI's Chat Completions say it: one JSON object, or the chunks of a stream.

use super::{
    api::{Frame, Part},
    message::{CHUNK_CHARACTERS, content_blocks, fresh_name, pieces},
    scenario::Turn,
};
use serde_json::{Value, json};

/// The whole answer, for requests that do not stream.
pub fn completion(turn: &Turn, model: &str) -> Value {
    let (mut text, mut thinking, mut calls) = (String::new(), String::new(), Vec::new());
    for block in content_blocks(turn) {
        match block["type"].as_str() {
            Some("thinking") => thinking += block["thinking"].as_str().unwrap_or_default(),
            Some("tool_use") => calls.push(call(&block, &block["input"].to_string())),
            _ => text += block["text"].as_str().unwrap_or_default(),
        }
    }
    let mut said = json!({"role": "assistant", "content": text});
    if !thinking.is_empty() {
        said["reasoning_content"] = json!(thinking);
    }
    if !calls.is_empty() {
        said["tool_calls"] = json!(calls);
    }
    let choice = json!({"index": 0, "message": said, "finish_reason": finish(turn)});
    let mut whole = envelope(
        &fresh_name("chatcmpl-"),
        "chat.completion",
        model,
        &json!([choice]),
    );
    whole["usage"] = usage();
    whole
}

/// The chunks of a stream, in the order of the service.
pub fn frames(turn: &Turn, model: &str) -> Vec<Frame> {
    let name = fresh_name("chatcmpl-");
    let chunk = |delta: &Value, finish: Option<&str>, part| {
        let choice = json!({"index": 0, "delta": delta, "finish_reason": finish});
        let fields = envelope(&name, "chat.completion.chunk", model, &json!([choice]));
        Frame::plain(&fields, part)
    };
    let mut frames = vec![chunk(
        &json!({"role": "assistant", "content": ""}),
        None,
        Part::Other,
    )];
    frames.extend(deltas(turn).iter().map(|delta| chunk(delta, None, Part::Delta)));
    if let Some(error) = &turn.sse_error {
        let error = json!({"error": {"type": error.kind, "message": error.message}});
        frames.push(Frame::plain(&error, Part::Other));
        return frames;
    }
    frames.push(chunk(&json!({}), Some(finish(turn)), Part::Other));
    let mut counted = envelope(&name, "chat.completion.chunk", model, &json!([]));
    counted["usage"] = usage();
    frames.push(Frame::plain(&counted, Part::Other));
    frames.push(Frame {
        text: "data: [DONE]\n\n".to_owned(),
        part: Part::End,
    });
    frames
}

fn deltas(turn: &Turn) -> Vec<Value> {
    let size = turn.chunk.unwrap_or(CHUNK_CHARACTERS).max(1);
    let cut = |text: &Value| pieces(text.as_str().unwrap_or_default(), size);
    let (mut deltas, mut calls) = (Vec::new(), 0);
    for block in content_blocks(turn) {
        match block["type"].as_str() {
            Some("thinking") => {
                let pieces = cut(&block["thinking"]).into_iter();
                deltas.extend(pieces.map(|piece| json!({"reasoning_content": piece})));
            }
            Some("tool_use") => {
                let mut begun = call(&block, "");
                begun["index"] = json!(calls);
                deltas.push(json!({"tool_calls": [begun]}));
                for piece in pieces(&block["input"].to_string(), size) {
                    let more = json!({"index": calls, "function": {"arguments": piece}});
                    deltas.push(json!({"tool_calls": [more]}));
                }
                calls += 1;
            }
            _ => deltas.extend(
                cut(&block["text"])
                    .into_iter()
                    .map(|piece| json!({"content": piece})),
            ),
        }
    }
    deltas
}

fn call(block: &Value, arguments: &str) -> Value {
    json!({"id": block["id"], "type": "function", "function": {"name": block["name"], "arguments": arguments}})
}

fn finish(turn: &Turn) -> &str {
    let calls = content_blocks(turn)
        .iter()
        .any(|block| block["type"] == "tool_use");
    let usual = if calls { "tool_calls" } else { "stop" };
    turn.stop_reason.as_deref().unwrap_or(usual)
}

fn envelope(name: &str, object: &str, model: &str, choices: &Value) -> Value {
    json!({"id": name, "object": object, "created": 1_767_258_000, "model": model, "choices": choices})
}

fn usage() -> Value {
    json!({
        "prompt_tokens": 6500, "completion_tokens": 42, "total_tokens": 6542,
        "prompt_tokens_details": {"cached_tokens": 5000},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[test]
    fn a_stream_says_the_same_as_the_whole_answer() {
        let turn = json!({"thinking": "hm", "text": "안녕하세요, 세계", "chunk": 3,
            "tool_use": [{"name": "edit", "input": {"path": "/a/b"}}]});
        let turn = Turn::deserialize(turn).unwrap();
        let frames = frames(&turn, "m");
        assert_eq!(frames.last().unwrap().text, "data: [DONE]\n\n");
        let (mut text, mut arguments) = (String::new(), String::new());
        for frame in &frames[..frames.len() - 1] {
            let fields: Value = serde_json::from_str(&frame.text["data: ".len()..]).unwrap();
            let delta = &fields["choices"][0]["delta"];
            text += delta["content"].as_str().unwrap_or("");
            arguments += delta["tool_calls"][0]["function"]["arguments"]
                .as_str()
                .unwrap_or("");
        }
        let whole = completion(&turn, "m");
        let said = &whole["choices"][0]["message"];
        assert_eq!(said["content"], text);
        assert_eq!(said["tool_calls"][0]["function"]["arguments"], arguments);
        assert_eq!(whole["choices"][0]["finish_reason"], "tool_calls");
    }
}
