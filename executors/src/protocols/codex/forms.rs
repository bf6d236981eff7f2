//! The forms that answers to the agent's requests have.

use crate::protocols::json;
use anyon_model::ApprovalAnswer;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How a request is answered.
#[derive(Debug)]
pub(super) enum Form {
    /// Yes or no to a command or to changes of files. Never for the session or for good: rules are ours.
    Decision,
    /// What was asked for, for this turn.
    Permissions(Value),
    /// Questions to the user: their names and their texts.
    Input(Vec<(String, String)>),
    /// Yes or no to what an MCP server asks.
    Consent,
    /// What an MCP server wants to be told.
    Fields(Vec<Field>),
}

/// A field of a form.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) question: String,
    pub(super) kind: FieldKind,
}

/// What goes into a field.
#[derive(Debug)]
pub(super) enum FieldKind {
    Text,
    Number,
    Boolean,
    /// One of these: what is shown and what is sent.
    One(Vec<(String, String)>),
    /// Any of these.
    Several(Vec<(String, String)>),
}

/// What an answer in the log says.
pub(super) enum Said {
    Yes(BTreeMap<String, String>),
    No,
}

impl Form {
    /// The result that says this answer.
    pub(super) fn result(&self, answer: &ApprovalAnswer) -> Value {
        let none = BTreeMap::new();
        let (yes, answers) = match answer {
            ApprovalAnswer::Denied { .. } => (false, &none),
            ApprovalAnswer::Approved { .. } => (true, &none),
            ApprovalAnswer::Answered { answers } => (true, answers),
        };
        match (self, yes) {
            (Self::Decision, yes) => json!({"decision": if yes { "accept" } else { "decline" }}),
            (Self::Permissions(asked), true) => json!({"permissions": asked, "scope": "turn"}),
            (Self::Permissions(_), false) => json!({"permissions": {}, "scope": "turn"}),
            (Self::Input(questions), _) => json!({"answers": input(questions, answers)}),
            (Self::Consent | Self::Fields(_), false) => {
                json!({"action": "decline", "content": null, "_meta": null})
            }
            (Self::Consent, true) => json!({"action": "accept", "content": {}, "_meta": null}),
            (Self::Fields(fields), true) => {
                json!({"action": "accept", "content": content(fields, answers), "_meta": null})
            }
        }
    }

    /// What a result says.
    pub(super) fn said(&self, result: &Value) -> Said {
        let yes = match self {
            Self::Decision => {
                let decision = result.get("decision").unwrap_or(&Value::Null);
                !matches!(decision.as_str(), Some("decline" | "cancel"))
            }
            Self::Permissions(_) => result
                .get("permissions")
                .and_then(Value::as_object)
                .is_some_and(|given| !given.is_empty()),
            Self::Input(_) => result
                .get("answers")
                .and_then(Value::as_object)
                .is_some_and(|given| !given.is_empty()),
            Self::Consent | Self::Fields(_) => json::text(result, "action") == "accept",
        };
        match yes {
            true => Said::Yes(self.answers(result)),
            false => Said::No,
        }
    }

    fn answers(&self, result: &Value) -> BTreeMap<String, String> {
        match self {
            Self::Input(questions) => questions
                .iter()
                .filter_map(|(name, question)| {
                    let told = result.get("answers")?.get(name)?;
                    let told: Vec<&str> = json::items(told, "answers")
                        .iter()
                        .filter_map(Value::as_str)
                        .collect();
                    Some((question.clone(), told.join(", ")))
                })
                .collect(),
            Self::Fields(fields) => fields
                .iter()
                .filter_map(|field| {
                    let told = result.get("content")?.get(&field.name)?;
                    let told = told.as_str().map_or_else(|| told.to_string(), str::to_owned);
                    Some((field.question.clone(), told))
                })
                .collect(),
            _ => BTreeMap::new(),
        }
    }
}

fn input(questions: &[(String, String)], answers: &BTreeMap<String, String>) -> Map<String, Value> {
    let answered = questions
        .iter()
        .filter_map(|(name, question)| Some((name.clone(), json!({"answers": [answers.get(question)?]}))));
    answered.collect()
}

fn content(fields: &[Field], answers: &BTreeMap<String, String>) -> Map<String, Value> {
    let filled = fields.iter().filter_map(|field| {
        let answer = answers.get(&field.question)?;
        Some((field.name.clone(), field.kind.value(answer)))
    });
    filled.collect()
}

impl FieldKind {
    fn value(&self, answer: &str) -> Value {
        match self {
            Self::Text => json!(answer),
            Self::Number => match (answer.trim().parse::<i64>(), answer.trim().parse::<f64>()) {
                (Ok(whole), _) => json!(whole),
                (_, Ok(number)) => json!(number),
                _ => json!(answer),
            },
            Self::Boolean => json!(matches!(answer.trim().to_lowercase().as_str(), "yes" | "true")),
            Self::One(options) => json!(sent(options, answer)),
            Self::Several(options) => {
                let chosen = answer.split(", ").filter(|label| !label.is_empty());
                chosen.map(|label| json!(sent(options, label))).collect()
            }
        }
    }
}

fn sent<'a>(options: &'a [(String, String)], label: &'a str) -> &'a str {
    let known = options.iter().find(|(shown, _)| shown == label);
    known.map_or(label, |(_, value)| value)
}
