//! What is shown of an entry.

use anyon_model::{AnsiLine, Block, EntryKind, StyledDiff, ToolDetail};
use anyon_text::{Stop, ansi, code_block, edit_diffs, plain_blocks, pretty_json};

/// The Markdown of an entry, if that is what it says.
pub fn markdown_of(kind: &EntryKind) -> Option<&str> {
    match kind {
        EntryKind::UserMessage { text }
        | EntryKind::AssistantMessage { text }
        | EntryKind::Thinking { text } => Some(text),
        EntryKind::ToolUse(tool) => match &tool.detail {
            ToolDetail::Plan { plan } => Some(plan),
            ToolDetail::Task { description } => Some(description),
            _ => None,
        },
        _ => None,
    }
}

/// The text of an entry that is not Markdown.
pub fn blocks(kind: &EntryKind, stop: Stop<'_>) -> Vec<Block> {
    match kind {
        EntryKind::SystemMessage { text }
        | EntryKind::ErrorMessage { text, .. }
        | EntryKind::Raw { text, .. } => plain_blocks(text),
        EntryKind::ToolUse(tool) => match &tool.detail {
            ToolDetail::Command { command, .. } => vec![code_block("bash", command, stop)],
            ToolDetail::Other { input } if !input.is_empty() => {
                vec![code_block("json", &pretty_json(input), stop)]
            }
            ToolDetail::Search { query: text } | ToolDetail::Fetch { target: text } => plain_blocks(text),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The changes that an entry tells of.
pub fn edits(kind: &EntryKind, stop: Stop<'_>) -> Vec<StyledDiff> {
    match kind {
        EntryKind::ToolUse(tool) => match &tool.detail {
            ToolDetail::FileEdit { changes } => edit_diffs(changes, stop),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The output of an entry, or its text where that is what a program wrote.
pub fn output(kind: &EntryKind) -> Vec<AnsiLine> {
    match kind {
        EntryKind::ToolUse(tool) => tool
            .output
            .as_ref()
            .map(|output| ansi(&output.text))
            .unwrap_or_default(),
        EntryKind::SystemMessage { text }
        | EntryKind::ErrorMessage { text, .. }
        | EntryKind::Raw { text, .. } => ansi(text),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::{FileChange, ToolKind, ToolOutput, ToolStatus, ToolUse};

    fn tool(detail: ToolDetail, output: Option<&str>) -> EntryKind {
        EntryKind::ToolUse(Box::new(ToolUse {
            call_id: "1".into(),
            tool: "tool".into(),
            tool_kind: ToolKind::Other,
            title: "title".into(),
            status: ToolStatus::Success,
            detail,
            output: output.map(|text| ToolOutput::cut(text.into(), None)),
            ended_at: None,
        }))
    }

    fn code(kind: &EntryKind) -> (String, Vec<String>) {
        match blocks(kind, &|| false).as_slice() {
            [Block::Code { language, lines }] => (
                language.clone(),
                lines.iter().map(|line| line.text.clone()).collect(),
            ),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_a_tool_is_given_is_code() {
        let command = tool(
            ToolDetail::Command {
                command: "cd a &&\nls".into(),
                description: None,
            },
            None,
        );
        assert_eq!(
            code(&command),
            ("bash".into(), vec!["cd a &&".into(), "ls".into()])
        );
        let other = tool(
            ToolDetail::Other {
                input: r#"{"a":1}"#.into(),
            },
            None,
        );
        assert_eq!(
            code(&other),
            ("json".into(), vec!["{".into(), "  \"a\": 1".into(), "}".into()])
        );
        assert!(blocks(&tool(ToolDetail::Other { input: String::new() }, None), &|| false).is_empty());
    }

    #[test]
    fn messages_and_plans_are_markdown_and_reports_are_not() {
        let plan = tool(
            ToolDetail::Plan {
                plan: "# Plan".into(),
            },
            None,
        );
        assert_eq!(markdown_of(&plan), Some("# Plan"));
        assert_eq!(
            markdown_of(&EntryKind::Thinking { text: "hm".into() }),
            Some("hm")
        );
        let report = EntryKind::SystemMessage {
            text: "\u{1b}[31m# not a heading".into(),
        };
        assert_eq!(markdown_of(&report), None);
        assert_eq!(blocks(&report, &|| false).len(), 1);
        assert_eq!(output(&report)[0].text, "# not a heading");
    }

    #[test]
    fn an_edit_is_a_diff_and_an_output_is_lines() {
        let change = FileChange {
            path: "a.rs".into(),
            old_text: Some("a\n".into()),
            new_text: Some("b\n".into()),
            partial: true,
        };
        let edit = tool(
            ToolDetail::FileEdit {
                changes: vec![change],
            },
            Some("ok\nfine\n"),
        );
        assert_eq!(edits(&edit, &|| false)[0].diff.stat.additions, 1);
        assert_eq!(output(&edit).len(), 2);
    }
}
