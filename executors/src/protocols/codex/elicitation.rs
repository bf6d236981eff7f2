//! What MCP servers ask through the agent: whether one of their tools may be called, or something to be told.

use super::forms::{Field, FieldKind, Form};
use crate::protocols::json;
use anyon_model::{ChoiceOption, ChoiceQuestion, Question};
use serde_json::Value;

/// The question and the form of its answer; `None`: a kind of form that is not known.
pub(super) fn read(params: &Value) -> Option<(Question, Form)> {
    let meta = params.get("_meta").unwrap_or(&Value::Null);
    if json::text(meta, "codex_approval_kind") == "mcp_tool_call" {
        let input = meta.get("tool_params").unwrap_or(&Value::Null).to_string();
        return Some((Question::Tool { input }, Form::Consent));
    }
    let message = json::text(params, "message");
    match json::text(params, "mode") {
        "url" => {
            let target = json::text(params, "url").to_owned();
            Some((Question::Fetch { target }, Form::Consent))
        }
        "form" => Some(form(params.get("requestedSchema")?, message)),
        _ => None,
    }
}

fn form(schema: &Value, message: &str) -> (Question, Form) {
    let properties = schema.get("properties").and_then(Value::as_object);
    let fields: Vec<(Field, ChoiceQuestion)> = properties
        .into_iter()
        .flatten()
        .map(|(name, property)| field(name, property, message))
        .collect();
    if fields.is_empty() {
        let input = message.to_owned();
        return (Question::Tool { input }, Form::Consent);
    }
    let (fields, questions) = fields.into_iter().unzip();
    (Question::Choice { questions }, Form::Fields(fields))
}

fn field(name: &str, property: &Value, message: &str) -> (Field, ChoiceQuestion) {
    let asked = match json::first_text(property, &["description", "title"]) {
        "" => format!("{message} ({name})"),
        asked => asked.to_owned(),
    };
    let kind = field_kind(property);
    let question = ChoiceQuestion {
        question: asked.clone(),
        header: name.to_owned(),
        options: kind.options(),
        multi_select: matches!(kind, FieldKind::Several(_)),
    };
    let field = Field {
        name: name.to_owned(),
        question: asked,
        kind,
    };
    (field, question)
}

fn field_kind(property: &Value) -> FieldKind {
    match (json::text(property, "type"), choices(property)) {
        ("boolean", _) => FieldKind::Boolean,
        ("number" | "integer", _) => FieldKind::Number,
        ("array", _) => FieldKind::Several(choices(property.get("items").unwrap_or(&Value::Null))),
        (_, choices) if !choices.is_empty() => FieldKind::One(choices),
        _ => FieldKind::Text,
    }
}

/// What may be chosen: what is shown, and what is sent.
fn choices(property: &Value) -> Vec<(String, String)> {
    let titled = [json::items(property, "oneOf"), json::items(property, "anyOf")].concat();
    if !titled.is_empty() {
        let pair = |option: &Value| {
            let value = json::text(option, "const");
            let shown = json::first_text(option, &["title", "const"]);
            (shown.to_owned(), value.to_owned())
        };
        return titled.iter().map(pair).collect();
    }
    let values = json::items(property, "enum").iter().filter_map(Value::as_str);
    let names = json::items(property, "enumNames");
    let shown = |at: usize, value: &str| names.get(at).and_then(Value::as_str).unwrap_or(value).to_owned();
    values
        .enumerate()
        .map(|(at, value)| (shown(at, value), value.to_owned()))
        .collect()
}

impl FieldKind {
    fn options(&self) -> Vec<ChoiceOption> {
        let labels: Vec<&str> = match self {
            Self::Boolean => vec!["Yes", "No"],
            Self::One(options) | Self::Several(options) => {
                options.iter().map(|(shown, _)| shown.as_str()).collect()
            }
            Self::Text | Self::Number => Vec::new(),
        };
        let option = |label: &&str| ChoiceOption {
            label: (*label).to_owned(),
            description: String::new(),
        };
        labels.iter().map(option).collect()
    }
}
