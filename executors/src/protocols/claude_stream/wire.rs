//! The shapes of lines, read with as few assumptions as possible.

use crate::protocols::json::{self, Text};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Any line. Only what decides where it goes; parts stay as they came.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Line<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Text<'a>,
    #[serde(borrow)]
    pub(super) subtype: Text<'a>,
    #[serde(borrow)]
    pub(super) event: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) message: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) parent_tool_use_id: Text<'a>,
    #[serde(borrow)]
    pub(super) uuid: Text<'a>,
    #[serde(borrow)]
    pub(super) request_id: Text<'a>,
    #[serde(borrow)]
    pub(super) request: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) response: Option<&'a RawValue>,
    #[serde(borrow, rename = "isReplay")]
    pub(super) is_replay: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) error: Text<'a>,
    #[serde(borrow)]
    pub(super) is_api_error_message: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) api_error_status: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) tool_use_result: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) tool_result_meta: Option<&'a RawValue>,
}

/// An event of the model's stream.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Event<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Text<'a>,
    pub(super) index: u64,
    #[serde(borrow)]
    pub(super) delta: Option<Delta<'a>>,
    #[serde(borrow)]
    pub(super) content_block: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) usage: Option<&'a RawValue>,
}

/// What a stream adds to a block.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Delta<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Text<'a>,
    #[serde(borrow)]
    pub(super) text: Text<'a>,
    #[serde(borrow)]
    pub(super) thinking: Text<'a>,
}

/// A message of the agent or a user.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    pub(super) content: Option<&'a RawValue>,
}

/// A block of a message.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Block<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Text<'a>,
    #[serde(borrow)]
    pub(super) id: Text<'a>,
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow)]
    pub(super) text: Text<'a>,
    #[serde(borrow)]
    pub(super) thinking: Text<'a>,
    #[serde(borrow)]
    pub(super) input: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) tool_use_id: Text<'a>,
    #[serde(borrow)]
    pub(super) content: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) is_error: Option<&'a RawValue>,
}

/// The blocks of a content that is a list of objects; a plain string is one text block.
pub(super) fn blocks<'a>(content: Option<&'a RawValue>) -> Option<Vec<Block<'a>>> {
    let content = content?.get();
    if content.starts_with('"') {
        let kind = Text("text".into());
        let text = serde_json::from_str(content).ok()?;
        return Some(vec![Block {
            kind,
            text,
            ..Block::default()
        }]);
    }
    let parts: Vec<&RawValue> = serde_json::from_str(content).ok()?;
    let block = |part: &'a RawValue| json::object(part.get());
    parts.into_iter().map(block).collect()
}

/// The text of a content: its texts one below the other, other blocks by their kind.
pub(super) fn content_text(content: Option<&RawValue>) -> String {
    let parts: Vec<String> = blocks(content)
        .unwrap_or_default()
        .iter()
        .map(|block| match &*block.kind {
            "text" => block.text.to_string(),
            kind => format!("[{kind}]"),
        })
        .collect();
    parts.join("\n")
}

/// The text without the tags that wrap errors of tools.
pub(super) fn unwrapped(text: &str) -> &str {
    text.strip_prefix("<tool_use_error>")
        .and_then(|text| text.strip_suffix("</tool_use_error>"))
        .unwrap_or(text)
}
