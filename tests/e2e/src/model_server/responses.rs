//! A turn as OpenAI's Responses say it: one JSON object, or the events of a stream.
//!
//! A tool with a dot in its name is one of a namespace, `tool_search` is the search for tools, and an input with
//! nothing but `freeform` is a call whose input is a text and no JSON.

use super::{
    api::{Frame, Part},
    message::{CHUNK_CHARACTERS, content_blocks, fresh_name, pieces},
    scenario::Turn,
};
use serde_json::{Value, json};

/// The whole response, for requests that do not stream.
pub fn response(turn: &Turn, model: &str) -> Value {
    let mut whole = envelope(model);
    whole["status"] = json!("completed");
    whole["output"] = json!(items(turn));
    whole["usage"] = usage();
    whole
}

/// The events of a stream, in the order of the service.
pub fn frames(turn: &Turn, model: &str) -> Vec<Frame> {
    let whole = response(turn, model);
    let mut head = envelope(model);
    head["id"] = whole["id"].clone();
    let mut events = vec![
        ("response.created", json!({"response": head})),
        ("response.in_progress", json!({"response": head})),
    ];
    let size = turn.chunk.unwrap_or(CHUNK_CHARACTERS).max(1);
    let items = whole["output"].as_array().map_or(&[][..], Vec::as_slice);
    for (index, item) in items.iter().enumerate() {
        item_events(&mut events, index, item, size);
    }
    match &turn.sse_error {
        Some(error) => {
            let mut failed = head;
            failed["status"] = json!("failed");
            failed["error"] = json!({"code": error.kind, "message": error.message});
            events.push(("response.failed", json!({"response": failed})));
        }
        None => events.push(("response.completed", json!({"response": whole}))),
    }
    let numbered = events.into_iter().enumerate();
    numbered
        .map(|(number, (name, fields))| frame(number, name, fields))
        .collect()
}

fn frame(number: usize, name: &str, mut fields: Value) -> Frame {
    fields["type"] = json!(name);
    fields["sequence_number"] = json!(number);
    let part = match name {
        "response.completed" => Part::End,
        name if name.ends_with(".delta") => Part::Delta,
        _ => Part::Other,
    };
    let text = format!("event: {name}\ndata: {fields}\n\n");
    Frame { text, part }
}

fn items(turn: &Turn) -> Vec<Value> {
    let blocks = content_blocks(turn);
    blocks
        .iter()
        .map(|block| match block["type"].as_str() {
            Some("thinking") => {
                let summary = json!([{"type": "summary_text", "text": block["thinking"]}]);
                json!({"type": "reasoning", "id": fresh_name("rs_"), "summary": summary, "encrypted_content": null})
            }
            Some("tool_use") => call(block),
            _ => {
                let content = json!([{"type": "output_text", "text": block["text"], "annotations": []}]);
                json!({"type": "message", "id": fresh_name("msg_"), "role": "assistant", "status": "completed",
                    "content": content})
            }
        })
        .collect()
}

fn call(block: &Value) -> Value {
    let (name, input) = (block["name"].as_str().unwrap_or_default(), &block["input"]);
    let mut item = json!({"id": fresh_name("fc_"), "call_id": block["id"], "status": "completed"});
    if name == "tool_search" {
        item["type"] = json!("tool_search_call");
        item["execution"] = json!("client");
        item["arguments"] = input.clone();
        return item;
    }
    match name.rsplit_once('.') {
        Some((namespace, name)) => {
            item["namespace"] = json!(namespace);
            item["name"] = json!(name);
        }
        None => item["name"] = json!(name),
    }
    match input.get("freeform") {
        Some(text) => {
            item["type"] = json!("custom_tool_call");
            item["input"] = text.clone();
        }
        None => {
            item["type"] = json!("function_call");
            item["arguments"] = json!(input.to_string());
        }
    }
    item
}

/// The events of an item: it is added, its text grows, and it is done.
fn item_events(events: &mut Vec<(&'static str, Value)>, index: usize, item: &Value, size: usize) {
    let text_of = |pointer: &str| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (empty, delta, text) = match item["type"].as_str() {
        Some("message") => (
            ("content", json!([])),
            "response.output_text.delta",
            text_of("/content/0/text"),
        ),
        Some("reasoning") => (
            ("summary", json!([])),
            "response.reasoning_summary_text.delta",
            text_of("/summary/0/text"),
        ),
        Some("custom_tool_call") => (
            ("input", json!("")),
            "response.custom_tool_call_input.delta",
            text_of("/input"),
        ),
        Some("function_call") => (
            ("arguments", json!("")),
            "response.function_call_arguments.delta",
            text_of("/arguments"),
        ),
        _ => (("status", json!("in_progress")), "", ""),
    };
    let mut begun = item.clone();
    begun["status"] = json!("in_progress");
    begun[empty.0] = empty.1;
    events.push((
        "response.output_item.added",
        json!({"output_index": index, "item": begun}),
    ));
    let at = |more: Value| {
        let mut fields =
            json!({"output_index": index, "item_id": item["id"], "content_index": 0, "summary_index": 0});
        for (name, value) in more.as_object().into_iter().flatten() {
            fields[name] = value.clone();
        }
        fields
    };
    match item["type"].as_str() {
        Some("message") => {
            let part = json!({"type": "output_text", "text": "", "annotations": []});
            events.push(("response.content_part.added", at(json!({"part": part}))));
        }
        Some("reasoning") => {
            let part = json!({"type": "summary_text", "text": ""});
            events.push(("response.reasoning_summary_part.added", at(json!({"part": part}))));
        }
        _ => {}
    }
    for piece in pieces(text, size) {
        events.push((delta, at(json!({"delta": piece}))));
    }
    events.push((
        "response.output_item.done",
        json!({"output_index": index, "item": item}),
    ));
}

fn envelope(model: &str) -> Value {
    json!({"id": fresh_name("resp_"), "object": "response", "created_at": 1_767_258_000, "model": model,
        "status": "in_progress", "output": [], "usage": null, "error": null})
}

fn usage() -> Value {
    json!({
        "input_tokens": 6500, "input_tokens_details": {"cached_tokens": 5000},
        "output_tokens": 42, "output_tokens_details": {"reasoning_tokens": 7}, "total_tokens": 6542,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    fn events(turn: &Turn) -> Vec<Value> {
        let read = |frame: &Frame| {
            let (_, fields) = frame.text.split_once("\ndata: ").unwrap();
            serde_json::from_str(fields).unwrap()
        };
        frames(turn, "m").iter().map(read).collect()
    }

    #[test]
    fn a_stream_says_the_same_as_the_whole_response() {
        let turn = json!({"thinking": "hm", "text": "안녕하세요, 세계", "chunk": 3,
            "tool_use": [{"name": "exec_command", "input": {"cmd": "ls"}}]});
        let turn = Turn::deserialize(turn).unwrap();
        let grown = |events: &[Value], kind: &str| -> String {
            let deltas = events.iter().filter(|event| event["type"] == kind);
            deltas.map(|event| event["delta"].as_str().unwrap()).collect()
        };
        let events = events(&turn);
        assert_eq!(grown(&events, "response.output_text.delta"), "안녕하세요, 세계");
        assert_eq!(grown(&events, "response.reasoning_summary_text.delta"), "hm");
        assert_eq!(
            grown(&events, "response.function_call_arguments.delta"),
            r#"{"cmd":"ls"}"#
        );
        let whole = &events.last().unwrap()["response"];
        assert_eq!(whole["output"][1]["content"][0]["text"], "안녕하세요, 세계");
        assert_eq!(whole["status"], "completed");
    }

    #[test]
    fn calls_have_the_forms_that_the_service_has() {
        let call = |name: &str, input: Value| call(&json!({"name": name, "id": "c1", "input": input}));
        let patch = call("apply_patch", json!({"freeform": "*** Begin Patch"}));
        assert_eq!(
            (&patch["type"], &patch["input"]),
            (&json!("custom_tool_call"), &json!("*** Begin Patch"))
        );
        let of_server = call("mcp__anyon.list_tasks", json!({}));
        assert_eq!(
            (&of_server["namespace"], &of_server["name"]),
            (&json!("mcp__anyon"), &json!("list_tasks"))
        );
        assert_eq!(of_server["arguments"], "{}");
        let search = call("tool_search", json!({"query": "tasks"}));
        assert_eq!(
            (&search["type"], &search["arguments"]["query"]),
            (&json!("tool_search_call"), &json!("tasks"))
        );
    }

    #[test]
    fn an_error_takes_the_place_of_the_end() {
        let turn = Turn::deserialize(json!({"text": "half", "sse_error": {}})).unwrap();
        assert_eq!(events(&turn).last().unwrap()["type"], "response.failed");
    }
}
