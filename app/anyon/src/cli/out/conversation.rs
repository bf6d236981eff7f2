//! A conversation as it grows, for a person: pure text, written by the caller.
//!
//! A message grows in place; a tool call is one line for each state it is seen in; thoughts fold to one line.

use super::style::Style;
use anyon_model::{
    Entry, EntryKind, ExecutionId, PlanItem, PlanStatus, ToolDetail, ToolKind, ToolOutput, ToolStatus,
    ToolUse,
};
use anyon_text::{first_line, sanitize};
use std::{collections::BTreeMap, fmt::Write};

const OUTPUT_LINES: usize = 4;
const WIDTH: usize = 100;

type Key = (ExecutionId, u64);

/// What was shown of a conversation.
#[derive(Debug, Default)]
pub struct Conversation {
    /// The entry whose line is not ended.
    open: Option<Key>,
    /// Bytes shown of texts that grow.
    grown: BTreeMap<Key, usize>,
    /// The last line shown of everything else.
    shown: BTreeMap<Key, String>,
}

impl Conversation {
    /// The text that shows an entry, beyond what was shown of it.
    pub fn entry(&mut self, execution_id: ExecutionId, entry: &Entry, style: Style) -> String {
        let key = (execution_id, entry.index.0);
        let indent = if entry.parent.is_some() { "  " } else { "" };
        match &entry.kind {
            EntryKind::UserMessage { text } => self.grow(key, &style.cyan("›"), indent, text),
            EntryKind::AssistantMessage { text } => self.grow(key, &style.bold("●"), indent, text),
            EntryKind::Thinking { .. } if !entry.done => String::new(),
            kind => match line_of(kind, style) {
                Some(line) => self.line(key, indent, line),
                None => String::new(),
            },
        }
    }

    /// Ends a line that is not ended.
    pub fn close(&mut self) -> &'static str {
        if self.open.take().is_some() { "\n" } else { "" }
    }

    /// Newlines at the end wait until something follows them.
    fn grow(&mut self, key: Key, mark: &str, indent: &str, text: &str) -> String {
        let text = sanitize(text);
        let text = text.trim_end_matches('\n');
        let before = self.grown.get(&key).copied().unwrap_or(0);
        let Some(more) = text.get(before..).filter(|more| !more.is_empty()) else {
            return String::new();
        };
        self.grown.insert(key, text.len());
        let mut shown = String::new();
        if self.open != Some(key) {
            shown.push_str(self.close());
            let _ = write!(shown, "{indent}{mark} ");
            self.open = Some(key);
        }
        for (number, line) in more.split('\n').enumerate() {
            if number > 0 {
                shown.push('\n');
                shown.push_str(if line.is_empty() { "" } else { indent });
                shown.push_str(if line.is_empty() { "" } else { "  " });
            }
            shown.push_str(line);
        }
        shown
    }

    fn line(&mut self, key: Key, indent: &str, line: String) -> String {
        if self.shown.get(&key) == Some(&line) {
            return String::new();
        }
        let end = self.close();
        let text = format!("{end}{indent}{}\n", line.replace('\n', &format!("\n{indent}")));
        self.shown.insert(key, line);
        text
    }
}

/// The line that shows an entry whose text does not grow; `None`: nothing to show.
fn line_of(kind: &EntryKind, style: Style) -> Option<String> {
    Some(match kind {
        EntryKind::Thinking { text } => style.dim(&format!("∴ {}", first_line(&sanitize(text), WIDTH))),
        EntryKind::ToolUse(tool) => tool_lines(tool, style),
        EntryKind::Plan { items } => plan_lines(items, style),
        EntryKind::SystemMessage { text } => style.dim(&marked("·", text)),
        EntryKind::ErrorMessage { text, .. } => style.red(&marked("✗", text)),
        EntryKind::Raw { text, .. } => style.dim(&format!("│ {}", first_line(&sanitize(text), WIDTH))),
        EntryKind::UserMessage { .. } | EntryKind::AssistantMessage { .. } | EntryKind::TokenUsage { .. } => {
            return None;
        }
    })
}

fn marked(mark: &str, text: &str) -> String {
    format!("{mark} {}", sanitize(text).trim_end().replace('\n', "\n  "))
}

fn tool_lines(tool: &ToolUse, style: Style) -> String {
    let (mark, word) = match &tool.status {
        ToolStatus::Created => (style.dim("▸"), String::new()),
        ToolStatus::PendingApproval => (style.yellow("?"), style.yellow("asks")),
        ToolStatus::Success => (style.green("✓"), String::new()),
        ToolStatus::Failed => (style.red("✗"), style.red("failed")),
        ToolStatus::Denied { reason } => {
            let reason = reason
                .as_deref()
                .map(|reason| format!(": {}", first_line(&sanitize(reason), WIDTH)));
            (
                style.red("⊘"),
                style.red(&format!("denied{}", reason.unwrap_or_default())),
            )
        }
        ToolStatus::TimedOut => (style.red("⊘"), style.red("timed out")),
    };
    let title = first_line(&sanitize(&tool.title), WIDTH);
    let mut line = format!("{mark} {} {title}", style.bold(verb(tool.tool_kind)));
    if !word.is_empty() {
        let _ = write!(line, "  {word}");
    }
    if matches!(tool.status, ToolStatus::Success | ToolStatus::Failed) {
        push_output(&mut line, tool, style);
    }
    line
}

fn push_output(line: &mut String, tool: &ToolUse, style: Style) {
    let is_shown = matches!(tool.detail, ToolDetail::Command { .. }) || tool.status == ToolStatus::Failed;
    let Some(ToolOutput { text, exit_code, .. }) = tool.output.as_ref().filter(|_| is_shown) else {
        return;
    };
    if let Some(code) = exit_code.filter(|code| *code != 0) {
        let _ = write!(line, "  {}", style.red(&format!("exit {code}")));
    }
    let text = sanitize(text);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let left_out = match lines.len() {
        few if few <= OUTPUT_LINES + 1 => 0,
        many => many - OUTPUT_LINES,
    };
    if left_out > 0 {
        let _ = write!(line, "\n    {}", style.dim(&format!("… {left_out} lines before")));
    }
    for text in &lines[left_out..] {
        let _ = write!(line, "\n    {}", style.dim(&first_line(text, WIDTH)));
    }
}

fn verb(kind: ToolKind) -> &'static str {
    match kind {
        ToolKind::Read => "read",
        ToolKind::Edit => "edit",
        ToolKind::Delete => "delete",
        ToolKind::Move => "move",
        ToolKind::Search => "search",
        ToolKind::Command => "run",
        ToolKind::Fetch => "fetch",
        ToolKind::Think => "think",
        ToolKind::Task => "task",
        ToolKind::Plan => "plan",
        ToolKind::Todo => "to-do",
        ToolKind::Question => "ask",
        ToolKind::Mcp => "tool",
        ToolKind::Other => "use",
    }
}

fn plan_lines(items: &[PlanItem], style: Style) -> String {
    let done = items
        .iter()
        .filter(|item| item.status == PlanStatus::Completed)
        .count();
    let mut lines = format!("◇ plan  {done} of {}", items.len());
    for item in items {
        let text = sanitize(&item.text);
        let text = first_line(&text, WIDTH);
        let _ = match item.status {
            PlanStatus::Completed => write!(lines, "\n    {}", style.dim(&format!("✓ {text}"))),
            PlanStatus::InProgress => write!(lines, "\n    ▸ {text}"),
            PlanStatus::Pending => write!(lines, "\n    · {text}"),
        };
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::{EntryIndex, Timestamp};

    fn entry(index: u64, done: bool, kind: EntryKind) -> Entry {
        Entry {
            index: EntryIndex(index),
            at: Timestamp::from_ms(0),
            parent: None,
            done,
            kind,
        }
    }
    fn message(index: u64, text: &str) -> Entry {
        entry(index, false, EntryKind::AssistantMessage { text: text.into() })
    }
    fn tool(index: u64, status: ToolStatus, output: &str) -> Entry {
        let tool = ToolUse {
            call_id: "1".into(),
            tool: "Bash".into(),
            tool_kind: ToolKind::Command,
            title: "sh check.sh".into(),
            status,
            detail: ToolDetail::Command {
                command: "sh check.sh".into(),
                description: None,
            },
            output: Some(ToolOutput::cut(output.into(), Some(0))),
            ended_at: None,
        };
        entry(index, true, EntryKind::ToolUse(Box::new(tool)))
    }
    fn show(entries: &[Entry]) -> String {
        let mut conversation = Conversation::default();
        let execution_id = ExecutionId::from_bytes([1; 16]);
        let mut shown: String = entries
            .iter()
            .map(|entry| conversation.entry(execution_id, entry, Style::plain()))
            .collect();
        shown.push_str(conversation.close());
        shown
    }

    #[test]
    fn a_message_grows_in_place_and_a_tool_call_interrupts_it() {
        let shown = show(&[
            message(0, "I look"),
            message(0, "I look at it.\nThen"),
            tool(1, ToolStatus::Created, ""),
            tool(1, ToolStatus::Created, ""),
            tool(1, ToolStatus::Success, "ok\n4 passed\n"),
            message(2, "Done."),
        ]);
        assert_eq!(
            shown,
            "● I look at it.\n  Then\n▸ run sh check.sh\n✓ run sh check.sh\n    ok\n    4 passed\n● Done.\n"
        );
    }

    #[test]
    fn an_escape_sequence_in_two_halves_never_reaches_the_terminal() {
        let shown = show(&[
            message(0, "red: \u{1b}[3"),
            message(0, "red: \u{1b}[31mtext\u{1b}[0m."),
        ]);
        assert_eq!(shown, "● red: text.\n");
    }

    #[test]
    fn empty_lines_are_empty_and_none_are_left_at_the_end() {
        let shown = show(&[message(0, "One.\n\n"), message(0, "One.\n\nTwo.\n\n")]);
        assert_eq!(shown, "● One.\n\n  Two.\n");
    }

    #[test]
    fn thoughts_fold_when_they_are_done() {
        let text = "First I look at the program.\nThen more.".to_owned();
        let thinking = |done| entry(0, done, EntryKind::Thinking { text: text.clone() });
        assert_eq!(show(&[thinking(false)]), "");
        assert_eq!(show(&[thinking(true)]), "∴ First I look at the program. …\n");
    }

    #[test]
    fn a_plan_is_shown_again_only_when_it_changed() {
        let plan = |status| {
            let text = "Look".into();
            entry(
                0,
                true,
                EntryKind::Plan {
                    items: vec![PlanItem { text, status }],
                },
            )
        };
        let shown = show(&[
            plan(PlanStatus::Pending),
            plan(PlanStatus::Pending),
            plan(PlanStatus::Completed),
        ]);
        assert_eq!(shown, "◇ plan  0 of 1\n    · Look\n◇ plan  1 of 1\n    ✓ Look\n");
    }

    #[test]
    fn a_long_output_shows_its_end() {
        let output: String = (0..10).map(|n| format!("line {n}\n")).collect();
        let shown = show(&[tool(0, ToolStatus::Success, &output)]);
        assert!(
            shown.contains("… 6 lines before") && shown.ends_with("line 9\n"),
            "{shown}"
        );
    }
}
