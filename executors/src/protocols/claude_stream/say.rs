//! The lines we write.

use anyon_model::Image;
use serde_json::{Value, json, value::RawValue};

/// A request without arguments.
pub(super) fn control(request_id: &str, subtype: &str) -> Value {
    json!({"type": "control_request", "request_id": request_id, "request": {"subtype": subtype}})
}

/// A request to set something.
pub(super) fn set(request_id: &str, subtype: &str, (name, value): (&str, &str)) -> Value {
    let mut request = control(request_id, subtype);
    request["request"][name] = json!(value);
    request
}

/// A prompt.
pub(super) fn prompt(text: &str, images: &[Image], append: Option<&str>) -> Value {
    let content = crate::protocols::prompt_text(text, images, append);
    json!({
        "type": "user",
        "message": {"role": "user", "content": content},
        "parent_tool_use_id": null,
        "session_id": "",
    })
}

/// An answer to a request of the agent.
pub(super) fn answer(request_id: &str, response: &Value) -> Value {
    json!({
        "type": "control_response",
        "response": {"subtype": "success", "request_id": request_id, "response": response},
    })
}

/// The refusal of a request that we do not serve.
pub(super) fn refusal(request_id: &str, error: &str) -> Value {
    json!({
        "type": "control_response",
        "response": {"subtype": "error", "request_id": request_id, "error": error},
    })
}

/// Yes, with the input as it was asked for: no permission update, so no rule is ever written.
pub(super) fn allow(input: &RawValue, answers: Option<&std::collections::BTreeMap<String, String>>) -> Value {
    let mut input: Value = serde_json::from_str(input.get()).unwrap_or_else(|_| json!({}));
    if let (Some(answers), Some(input)) = (answers, input.as_object_mut()) {
        input.insert("answers".into(), json!(answers));
    }
    json!({"behavior": "allow", "updatedInput": input})
}

/// No, with the reason that the model reads. The turn goes on.
pub(super) fn deny(reason: Option<&str>) -> Value {
    let message = reason.filter(|reason| !reason.is_empty());
    json!({"behavior": "deny", "message": message.unwrap_or("The user refused this.")})
}
