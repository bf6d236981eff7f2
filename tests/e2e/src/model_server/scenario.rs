//! What the model server answers: turns in order, each for the first request that it fits.
//!
//! Owns the file format and the choice of a turn. Knows nothing of sockets or HTTP.

use super::api::last_message;
use regex_lite::Regex;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A scenario file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Scenario {
    /// Used in order: a request takes the first unused turn whose `when` fits.
    pub turns: Vec<Value>,
    /// The answer to requests that offer no tools: titles, quota probes, summaries.
    pub side: Option<Value>,
    /// The answer when the turns are used up.
    pub fallback: Option<Value>,
    /// Regular expressions with one group, searched in every request; what they find fills `${NAME}` from then on.
    pub capture: BTreeMap<String, String>,
}

/// One answer of the model.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Turn {
    /// Which requests it fits.
    pub when: When,
    /// It stays usable for ever.
    pub repeat: bool,
    /// It is usable so many times; once when not given.
    pub times: Option<u32>,
    /// A thinking block before the rest.
    pub thinking: Option<String>,
    /// Text blocks.
    pub text: OneOrMany,
    /// Tool calls.
    pub tool_use: Vec<ToolCall>,
    /// Content blocks as they are, instead of `thinking`, `text` and `tool_use`.
    pub blocks: Option<Vec<Value>>,
    /// Why the model stops; follows from the blocks when not given.
    pub stop_reason: Option<String>,
    /// Laid over the usual figures.
    pub usage: Map<String, Value>,
    /// Characters per delta.
    pub chunk: Option<usize>,
    /// Pause after each delta.
    pub chunk_delay_ms: u64,
    /// Pause before the head of the response.
    pub delay_ms: u64,
    /// An HTTP error instead of a message.
    pub error: Option<HttpError>,
    /// An error event inside a good stream, after the deltas.
    pub sse_error: Option<StreamError>,
    /// Where the connection is cut.
    pub drop: Option<DropAt>,
    /// Silence before the stream ends.
    pub hang_ms: u64,
}

/// Which requests a turn fits.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// `main`, `sub`, `side` or `any`; `main` when not given.
    pub kind: Option<String>,
    /// A part of the model's name.
    pub model: Option<String>,
    /// A part of the last message's JSON text.
    pub contains: Option<String>,
    /// A part of the whole body's JSON text.
    pub body: Option<String>,
}

/// One text or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One block.
    One(String),
    /// One block each.
    Many(Vec<String>),
}
impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}
impl OneOrMany {
    /// The texts in order.
    pub fn texts(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

/// A tool call of the model.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolCall {
    /// The tool.
    pub name: String,
    /// Its input.
    #[serde(default)]
    pub input: Map<String, Value>,
    /// The call's name; made when not given.
    #[serde(rename = "id")]
    pub call_id: Option<String>,
}

/// An HTTP error.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpError {
    /// The status.
    pub status: u16,
    /// The API's word for it.
    #[serde(rename = "type")]
    pub kind: String,
    /// In words.
    pub message: String,
    /// Further headers.
    pub headers: BTreeMap<String, String>,
}
impl Default for HttpError {
    fn default() -> Self {
        Self {
            status: 500,
            kind: "api_error".into(),
            message: "scripted error".into(),
            headers: BTreeMap::new(),
        }
    }
}

/// An error event of a stream.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StreamError {
    /// The API's word for it.
    #[serde(rename = "type")]
    pub kind: String,
    /// In words.
    pub message: String,
}
impl Default for StreamError {
    fn default() -> Self {
        Self {
            kind: "overloaded_error".into(),
            message: "Overloaded".into(),
        }
    }
}

/// Where a connection is cut.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum DropAt {
    /// `before` an answer, or `after_head`.
    Place(String),
    /// After so many events.
    Events(usize),
}

/// Who asks: the main loop, a sub-agent, or a request beside the conversation that offers no tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// The main loop.
    Main,
    /// A sub-agent.
    Sub,
    /// Beside the conversation.
    Side,
}
impl RequestKind {
    /// The word in scenario files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Sub => "sub",
            Self::Side => "side",
        }
    }
    /// What a request is, by its body and whether it names a sub-agent in its headers.
    pub fn of(body: &Value, names_sub_agent: bool) -> Self {
        let offers_tools = body["tools"].as_array().is_some_and(|tools| !tools.is_empty());
        let system = system_text(body);
        if !offers_tools {
            Self::Side
        } else if names_sub_agent
            || system.contains("cc_is_subagent=true")
            || system.contains("You are an agent for Claude Code")
        {
            Self::Sub
        } else {
            Self::Main
        }
    }
}

fn system_text(body: &Value) -> String {
    match &body["system"] {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => blocks
            .iter()
            .filter_map(|block| block["text"].as_str())
            .collect::<Vec<_>>()
            .join("\n"),
        _ => String::new(),
    }
}

/// A scenario being played: which turns are left and what was captured.
#[derive(Debug)]
pub struct Play {
    left: Vec<(u32, Value, When)>,
    side: Option<Value>,
    fallback: Option<Value>,
    capture: Vec<(String, Regex)>,
    variables: BTreeMap<String, String>,
}

impl Play {
    /// From a scenario and values for its `${NAME}`s. Every turn is read once, so that a slip in a file is told here.
    pub fn new(scenario: Scenario, variables: BTreeMap<String, String>) -> Result<Self, String> {
        let mut left = Vec::new();
        for (number, turn) in scenario.turns.into_iter().enumerate() {
            let read = Turn::deserialize(&turn).map_err(|e| format!("turn {number}: {e}"))?;
            let times = if read.repeat {
                u32::MAX
            } else {
                read.times.unwrap_or(1)
            };
            left.push((times, turn, read.when));
        }
        let capture = scenario
            .capture
            .into_iter()
            .map(|(name, pattern)| match Regex::new(&pattern) {
                Ok(regex) => Ok((name, regex)),
                Err(e) => Err(format!("capture {name}: {e}")),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            left,
            side: scenario.side,
            fallback: scenario.fallback,
            capture,
            variables,
        })
    }

    /// The turn for this request, with its variables filled in. `side`: what is said beside the conversation where the
    /// scenario says nothing.
    pub fn pick(&mut self, body: &Value, kind: RequestKind, side: Option<&str>) -> Result<Turn, String> {
        let whole = body.to_string();
        for (name, pattern) in &self.capture {
            if let Some(found) = pattern.captures(&whole).and_then(|c| c.get(1)) {
                self.variables.insert(name.clone(), found.as_str().to_owned());
            }
        }
        let mut turn = self.choose(body, &whole, kind, side);
        expand(&mut turn, &self.variables);
        Turn::deserialize(turn).map_err(|e| e.to_string())
    }

    fn choose(&mut self, body: &Value, whole: &str, kind: RequestKind, side: Option<&str>) -> Value {
        let fitting = self
            .left
            .iter_mut()
            .find(|(times, _, when)| *times > 0 && fits(when, body, whole, kind));
        if let Some((times, turn, _)) = fitting {
            if *times != u32::MAX {
                *times -= 1;
            }
            return turn.clone();
        }
        let is_side = kind == RequestKind::Side;
        let beside = is_side.then(|| self.side.clone()).flatten();
        // A form that an agent wants filled is not for a fallback.
        let fallback = || self.fallback.clone().filter(|_| !is_side || side.is_none());
        beside.or_else(fallback).unwrap_or_else(|| {
            let text = match kind {
                RequestKind::Side => side.unwrap_or(r#"{"title":"scripted title"}"#),
                RequestKind::Main | RequestKind::Sub => "model server: out of turns",
            };
            serde_json::json!({ "text": text })
        })
    }
}

fn fits(when: &When, body: &Value, whole: &str, kind: RequestKind) -> bool {
    let wanted = when.kind.as_deref().unwrap_or("main");
    let model = body["model"].as_str().unwrap_or("");
    let last = || last_message(body);
    (wanted == "any" || wanted == kind.as_str())
        && when.model.as_deref().is_none_or(|part| model.contains(part))
        && when.contains.as_deref().is_none_or(|part| last().contains(part))
        && when.body.as_deref().is_none_or(|part| whole.contains(part))
}

/// Replaces `${NAME}` and `${REPEAT:c:N}` in every string of a JSON value.
fn expand(value: &mut Value, variables: &BTreeMap<String, String>) {
    match value {
        Value::String(text) if text.contains("${") => *text = expand_text(text, variables),
        Value::Array(items) => items.iter_mut().for_each(|item| expand(item, variables)),
        Value::Object(fields) => fields.values_mut().for_each(|field| expand(field, variables)),
        _ => {}
    }
}

fn expand_text(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let Some(end) = from.find('}') else {
            rest = from;
            break;
        };
        let name = &from[2..end];
        match (variables.get(name), repeated(name)) {
            (Some(found), _) => out.push_str(found),
            (None, Some(repeated)) => out.push_str(&repeated),
            (None, None) => out.push_str(&from[..=end]),
        }
        rest = &from[end + 1..];
    }
    out.push_str(rest);
    out
}

fn repeated(name: &str) -> Option<String> {
    let (what, times) = name.strip_prefix("REPEAT:")?.rsplit_once(':')?;
    (what.chars().count() == 1).then_some(())?;
    Some(what.repeat(times.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn play(scenario: Value) -> Play {
        let scenario = Scenario::deserialize(scenario).unwrap();
        Play::new(scenario, BTreeMap::from([("CWD".into(), "/repo".into())])).unwrap()
    }
    fn asks(text: &str) -> Value {
        json!({"model": "claude-x", "tools": [{"name": "Bash"}], "messages": [{"role": "user", "content": text}]})
    }
    fn text_of(play: &mut Play, body: &Value, kind: RequestKind) -> String {
        play.pick(body, kind, None).unwrap().text.texts().concat()
    }

    #[test]
    fn turns_are_used_in_order_and_then_the_fallback() {
        let mut play =
            play(json!({"turns": [{"text": "a"}, {"text": "b", "times": 2}], "fallback": {"text": "z"}}));
        let said: Vec<_> = (0..5)
            .map(|_| text_of(&mut play, &asks("hi"), RequestKind::Main))
            .collect();
        assert_eq!(said, ["a", "b", "b", "z", "z"]);
    }

    #[test]
    fn a_turn_waits_for_the_request_that_it_fits() {
        let mut play = play(json!({"turns": [
            {"text": "denied", "when": {"contains": "no thanks"}},
            {"text": "any", "repeat": true},
        ], "side": {"text": "title"}}));
        assert_eq!(text_of(&mut play, &asks("hello"), RequestKind::Main), "any");
        assert_eq!(
            text_of(&mut play, &asks("no thanks"), RequestKind::Main),
            "denied"
        );
        assert_eq!(text_of(&mut play, &asks("no thanks"), RequestKind::Main), "any");
        assert_eq!(text_of(&mut play, &asks("x"), RequestKind::Side), "title");
    }

    #[test]
    fn variables_repeats_and_captures_fill_in() {
        let mut play = play(json!({
            "turns": [{"text": "${CWD}/a ${REPEAT:가:3} ${PLAN} ${UNKNOWN}", "repeat": true}],
            "capture": {"PLAN": "plan at ([a-z/]+)"},
        }));
        let first = text_of(&mut play, &asks("x"), RequestKind::Main);
        assert_eq!(first, "/repo/a 가가가 ${PLAN} ${UNKNOWN}");
        let second = text_of(&mut play, &asks("the plan at tmp/here!"), RequestKind::Main);
        assert_eq!(second, "/repo/a 가가가 tmp/here ${UNKNOWN}");
    }

    #[test]
    fn a_slip_in_a_scenario_is_told_at_once() {
        let scenario = Scenario::deserialize(json!({"turns": [{"txet": "a"}]})).unwrap();
        let told = Play::new(scenario, BTreeMap::new()).unwrap_err();
        assert!(told.contains("turn 0") && told.contains("txet"), "{told}");
    }

    #[test]
    fn who_asks_shows_in_the_request() {
        assert_eq!(RequestKind::of(&asks("x"), false), RequestKind::Main);
        assert_eq!(RequestKind::of(&asks("x"), true), RequestKind::Sub);
        assert_eq!(
            RequestKind::of(&json!({"messages": []}), false),
            RequestKind::Side
        );
        let mut sub = asks("x");
        sub["system"] = json!([{"type": "text", "text": "You are an agent for Claude Code, …"}]);
        assert_eq!(RequestKind::of(&sub, false), RequestKind::Sub);
    }
}
