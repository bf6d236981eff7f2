//! A turn as Google's `generateContent` says it: one JSON object, or the parts of a stream.

use super::{
    api::{Frame, Part},
    message::{CHUNK_CHARACTERS, content_blocks, fresh_name, pieces},
    scenario::Turn,
};
use serde_json::{Map, Value, json};

/// The model that a path asks; `None`: it asks none.
pub fn asked_model(route: &str) -> Option<&str> {
    let (_, rest) = route.rsplit_once("/models/")?;
    let (model, verb) = rest.split_once(':')?;
    matches!(verb, "generateContent" | "streamGenerateContent").then_some(model)
}

/// The model may call functions.
pub fn offers_tools(body: &Value) -> bool {
    let tools = body["tools"].as_array().into_iter().flatten();
    let mut functions = tools.flat_map(|tool| tool["functionDeclarations"].as_array().into_iter().flatten());
    functions.next().is_some()
}

/// The form that the answer must have, for requests beside the conversation.
pub fn wanted_form(body: &Value) -> Option<&Value> {
    let wanted = &body["generationConfig"];
    let forms = [&wanted["responseJsonSchema"], &wanted["responseSchema"]];
    forms.into_iter().find(|form| form.is_object())
}

/// The smallest JSON text of a form.
pub fn smallest_instance(form: &Value) -> String {
    instance(form).to_string()
}

fn instance(form: &Value) -> Value {
    if let Some(first) = form["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    match form["type"].as_str().unwrap_or("object").to_lowercase().as_str() {
        "object" => {
            let fields = form["properties"].as_object().into_iter().flatten();
            let fields: Map<String, Value> = fields
                .map(|(name, form)| (name.clone(), instance(form)))
                .collect();
            fields.into()
        }
        "array" => json!([]),
        "number" | "integer" => json!(1),
        "boolean" => json!(false),
        _ => json!("ok"),
    }
}

/// The whole answer, for requests that do not stream.
pub fn content(turn: &Turn, model: &str) -> Value {
    let whole = content_blocks(turn).iter().map(part).collect();
    last(answer(whole, model, &fresh_name("answer-")), turn)
}

/// The parts of a stream. Thoughts come whole, as from the service.
pub fn frames(turn: &Turn, model: &str) -> Vec<Frame> {
    let name = fresh_name("answer-");
    let size = turn.chunk.unwrap_or(CHUNK_CHARACTERS).max(1);
    let mut frames = Vec::new();
    for block in content_blocks(turn) {
        let texts = match block["type"].as_str() {
            Some("text") => pieces(block["text"].as_str().unwrap_or_default(), size),
            _ => Vec::new(),
        };
        let mut parts: Vec<Value> = texts.iter().map(|text| json!({"text": text})).collect();
        if parts.is_empty() {
            parts.push(part(&block));
        }
        let said = parts.into_iter().map(|part| answer(vec![part], model, &name));
        frames.extend(said.map(|said| Frame::plain(&said, Part::Delta)));
    }
    frames.push(match &turn.sse_error {
        Some(error) => {
            let error = json!({"error": {"code": 503, "message": error.message, "status": error.kind}});
            Frame::plain(&error, Part::Other)
        }
        None => {
            let end = last(answer(vec![json!({"text": ""})], model, &name), turn);
            Frame::plain(&end, Part::End)
        }
    });
    frames
}

fn part(block: &Value) -> Value {
    match block["type"].as_str() {
        Some("thinking") => json!({"text": block["thinking"], "thought": true}),
        Some("tool_use") => {
            json!({"functionCall": {"name": block["name"], "args": block["input"], "id": block["id"]}})
        }
        _ => json!({"text": block["text"]}),
    }
}

fn answer(parts: Vec<Value>, model: &str, name: &str) -> Value {
    let candidate = json!({"index": 0, "content": {"role": "model", "parts": parts}});
    json!({"candidates": [candidate], "modelVersion": model, "responseId": name})
}

fn last(mut answer: Value, turn: &Turn) -> Value {
    let reason = turn.stop_reason.as_deref().unwrap_or("STOP");
    answer["candidates"][0]["finishReason"] = json!(reason);
    answer["usageMetadata"] = json!({
        "promptTokenCount": 6500, "cachedContentTokenCount": 5000, "candidatesTokenCount": 42, "totalTokenCount": 6542,
    });
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[test]
    fn a_stream_says_the_same_as_the_whole_answer() {
        let turn = json!({"thinking": "hm", "text": "안녕하세요, 세계", "chunk": 3,
            "tool_use": [{"name": "replace", "input": {"file_path": "/a/b"}}]});
        let turn = Turn::deserialize(turn).unwrap();
        let (mut text, mut reason) = (String::new(), Value::Null);
        for frame in frames(&turn, "m") {
            let fields: Value = serde_json::from_str(&frame.text["data: ".len()..]).unwrap();
            let part = &fields["candidates"][0]["content"]["parts"][0];
            if part["thought"].is_null() {
                text += part["text"].as_str().unwrap_or("");
            }
            reason = fields["candidates"][0]["finishReason"].clone();
        }
        assert_eq!(text, "안녕하세요, 세계");
        assert_eq!(reason, "STOP");
        let whole = content(&turn, "m");
        let parts = whole["candidates"][0]["content"]["parts"].as_array().unwrap();
        assert_eq!(parts[2]["functionCall"]["name"], "replace");
    }

    #[test]
    fn a_form_is_filled_with_the_least() {
        let form = json!({"type": "OBJECT", "properties": {
            "model": {"type": "string", "enum": ["flash", "pro"]}, "why": {"type": "STRING"}, "n": {"type": "integer"}}});
        assert_eq!(
            serde_json::from_str::<Value>(&smallest_instance(&form)).unwrap(),
            json!({"model": "flash", "why": "ok", "n": 1})
        );
    }

    #[test]
    fn a_path_names_the_model() {
        let route = "/v1beta/models/gemini-2.5-flash:streamGenerateContent";
        assert_eq!(asked_model(route), Some("gemini-2.5-flash"));
        assert_eq!(asked_model("/v1beta/models/gemini-2.5-flash:countTokens"), None);
    }
}
