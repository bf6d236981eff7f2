//! One entry, laid out: messages, thoughts, tool cards, plans, reports.

use super::{
    lay::{Laid, Layouter, Lines, Piece, Press, diff_rows},
    markdown,
};
use crate::{Catalogue, Theme, phrase, problem, theme::Colors, theme::measures::conversation as measures};
use anyon_model::*;
use egui::{Color32, Rect, Ui, pos2, vec2};
use lucide_icons::Icon;
use std::sync::Arc;

/// Lines of output or of a diff that a card shows before it is asked for all.
const FEW: usize = 14;
/// Lines that a card shows at most; the log has the rest.
const MANY: usize = 4_000;

/// Everything that an entry's layout depends on.
#[derive(Clone, PartialEq)]
pub struct Source {
    /// The entry.
    pub entry: Arc<Entry>,
    /// Its text, or its tool's input, once it is there.
    pub blocks: Option<Arc<Vec<Block>>>,
    /// What its tool changes.
    pub edits: Option<Arc<Vec<StyledDiff>>>,
    /// What came out of its tool.
    pub output: Option<Arc<Vec<AnsiLine>>>,
    /// For how long its tool waited for a person's answer.
    pub asked_ms: i64,
    /// Who answered its question, and how; true: to be told also while it is folded.
    pub answered: Option<(String, bool)>,
    /// Its process is gone: what was under way never ended.
    pub over: bool,
    /// It is open.
    pub open: bool,
    /// All of its lines are shown.
    pub all: bool,
    /// The script that it is about, if it is of one.
    pub script: Option<String>,
    /// What stands above it: what happened since the person left.
    pub divider: Option<String>,
}

/// The entry of a script that is its text. It is told with its output.
const SCRIPT: EntryIndex = EntryIndex(0);

/// What stands in a folded or an open entry by itself.
pub fn opens_by_itself(kind: &EntryKind) -> bool {
    match kind {
        EntryKind::ToolUse(tool) => matches!(tool.detail, ToolDetail::FileEdit { .. }),
        _ => false,
    }
}

/// Lays an entry out over a width.
pub fn entry(ui: &Ui, theme: &Theme, text: &Catalogue, width: f32, source: &Source) -> Laid {
    let mut lay = Layouter::new(ui, theme, text, width);
    if let Some(divider) = &source.divider {
        divider_line(&mut lay, divider);
    }
    let is_script_text = source.script.is_some() && source.entry.index == SCRIPT;
    if is_script_text || matches!(source.entry.kind, EntryKind::TokenUsage { .. }) {
        return lay.done();
    }
    if source.entry.parent.is_some() {
        lay.left += measures::INDENT;
    }
    lay.gap(theme.space.xs);
    kind(&mut lay, source);
    lay.gap(theme.space.xs);
    lay.done()
}

fn kind(lay: &mut Layouter<'_>, source: &Source) {
    let colors = &lay.theme.colors;
    match &source.entry.kind {
        EntryKind::UserMessage { text } => match Handover::split(text) {
            Some((own, told)) => {
                prompt(lay, own, None);
                lay.gap(lay.theme.space.xs);
                let words = lay.text.get("conversation-handover");
                folded(lay, source, Icon::History, (words, ""), told);
            }
            None => prompt(lay, text, source.blocks.as_deref()),
        },
        EntryKind::AssistantMessage { text } => {
            lay.gap(lay.theme.space.xs);
            message(lay, text, source.blocks.as_deref(), colors.text);
            lay.gap(lay.theme.space.xs);
        }
        EntryKind::Thinking { text } => {
            let words = lay.text.get("conversation-thinking");
            let first = text.trim().lines().next().unwrap_or_default().to_owned();
            folded(lay, source, Icon::Brain, (words, &first), text);
        }
        EntryKind::ToolUse(tool) => card(lay, source, tool),
        EntryKind::Plan { items } => {
            let done = done_of(items);
            let total = items.len();
            let words = lay.text.with(
                "conversation-plan-updated",
                &[("done", done.into()), ("total", total.into())],
            );
            report(lay, Icon::ListChecks, &words, colors.text_soft);
        }
        EntryKind::SystemMessage { .. } if source.script.is_some() => script(lay, source),
        EntryKind::SystemMessage { text } if text == TURN_STOPPED => {
            let words = lay.text.get("conversation-turn-stopped");
            report(lay, Icon::Info, words, colors.text_soft);
        }
        EntryKind::SystemMessage { text } => report(lay, Icon::Info, text, colors.text_soft),
        EntryKind::ErrorMessage { text, .. } if source.script.is_some() => {
            failure(lay, &problem::own_lines(lay.text, text));
        }
        EntryKind::ErrorMessage { text, .. } => failure(lay, text),
        EntryKind::Raw { text, .. } => {
            let words = lay.text.get("conversation-raw");
            let first = text.lines().next().unwrap_or_default().to_owned();
            folded(lay, source, Icon::Code, (words, &first), text);
        }
        EntryKind::TokenUsage { .. } => {}
    }
}

/// How many steps are done.
pub fn done_of(items: &[PlanItem]) -> usize {
    items
        .iter()
        .filter(|item| item.status == PlanStatus::Completed)
        .count()
}

fn divider_line(lay: &mut Layouter<'_>, words: &str) {
    let (theme, height) = (lay.theme, lay.theme.space.row);
    let width = lay.width_of(words, theme.caption_bold());
    let middle = lay.left + theme.space.l;
    let y = lay.y + height / 2.0;
    let fill = theme.colors.accent;
    for (from, to) in [
        (lay.left, middle - theme.space.m),
        (middle + width + theme.space.m, lay.right),
    ] {
        let rect = Rect::from_min_max(pos2(from, y), pos2(to.max(from), y + theme.space.hairline));
        lay.pieces.push(Piece::Fill {
            rect,
            fill,
            radius: 0,
        });
    }
    let galley = crate::widgets::clipped(
        lay.ui,
        words,
        theme.caption_bold(),
        theme.colors.accent_text,
        lay.room(),
        1,
    );
    let at = vec2(middle, lay.y + (height - galley.size().y) / 2.0);
    lay.pieces.push(Piece::Text {
        at,
        galley,
        links: Vec::new(),
    });
    lay.gap(height);
}

/// Which agent speaks from here on.
pub fn speaker(lay: &mut Layouter<'_>, icon: Icon, words: &str) {
    let theme = lay.theme;
    lay.gap(theme.space.m);
    let line = (theme.size.caption * theme.size.line).round();
    lay.icon(icon, theme.colors.text_faint, lay.left + theme.space.xs, line);
    let left = lay.left;
    lay.left += theme.space.xs + theme.space.icon + theme.space.m;
    lay.plain(words, theme.caption_bold(), theme.colors.text_soft);
    lay.left = left;
}

/// A prompt on a ground of its own.
pub fn prompt(lay: &mut Layouter<'_>, text: &str, blocks: Option<&Vec<Block>>) {
    let (theme, outer) = (lay.theme, (lay.left, lay.right));
    let (top, from) = (lay.y, lay.pieces.len());
    let line = (theme.size.body * theme.size.line).round();
    lay.gap(theme.space.card_y);
    lay.icon(
        Icon::User,
        theme.colors.accent_text,
        lay.left + theme.space.card_x,
        line,
    );
    lay.left += theme.space.card_x + theme.space.icon + theme.space.m;
    lay.right -= theme.space.card_x;
    message(lay, text, blocks, theme.colors.text);
    lay.gap(theme.space.card_y);
    (lay.left, lay.right) = outer;
    lay.backdrop(from, (outer.0, top), theme.colors.hover, theme.radius.card);
}

/// Blocks if they are there, else the text as it came.
fn message(lay: &mut Layouter<'_>, text: &str, blocks: Option<&Vec<Block>>, color: Color32) {
    match blocks {
        Some(blocks) if !blocks.is_empty() => markdown::blocks(lay, blocks, color),
        _ => lay.plain(text.trim_end(), lay.theme.body(), color),
    }
}

pub fn report(lay: &mut Layouter<'_>, icon: Icon, text: &str, color: Color32) {
    let theme = lay.theme;
    let (left, line) = (lay.left, (theme.size.body * theme.size.line).round());
    lay.icon(icon, color, lay.left + theme.space.xs, line);
    lay.left += theme.space.xs + theme.space.icon + theme.space.m;
    lay.plain(text.trim_end(), theme.body(), color);
    lay.left = left;
}

/// Something that failed, on a ground that says so.
pub fn failure(lay: &mut Layouter<'_>, text: &str) {
    let (theme, outer) = (lay.theme, (lay.left, lay.right));
    let (top, from) = (lay.y, lay.pieces.len());
    lay.gap(theme.space.m);
    lay.left += theme.space.m;
    lay.right -= theme.space.m;
    report(lay, Icon::CircleAlert, text, theme.colors.red);
    lay.gap(theme.space.m);
    (lay.left, lay.right) = outer;
    let fill = Colors::tint(theme.colors.red);
    lay.backdrop(from, (outer.0, top), fill, theme.radius.card);
}

/// A line that opens to the whole text.
fn folded(lay: &mut Layouter<'_>, source: &Source, icon: Icon, (words, first): (&str, &str), whole: &str) {
    let theme = lay.theme;
    let soft = theme.colors.text_soft;
    let shown_first = if source.open { "" } else { first };
    header(lay, source, icon, (words, shown_first, soft), None);
    if source.open {
        let left = lay.left;
        lay.left += measures::INDENT;
        message(lay, whole, source.blocks.as_deref(), soft);
        lay.gap(theme.space.xs);
        lay.left = left;
    }
}

/// The line of a card: mark, verb, target; at the end duration and state.
fn header(
    lay: &mut Layouter<'_>,
    source: &Source,
    icon: Icon,
    (verb, target, color): (&str, &str, Color32),
    end: Option<(&str, (Icon, Color32), &str)>,
) {
    let (theme, height) = (lay.theme, lay.theme.space.row);
    let space = &theme.space;
    let rect = Rect::from_min_size(pos2(lay.left, lay.y), vec2(lay.room(), height));
    let said = end.map_or("", |(_, _, state)| state);
    let label = [verb, target, said];
    let label: Vec<&str> = label.into_iter().filter(|part| !part.is_empty()).collect();
    let does = Press::Toggle { open: source.open };
    lay.pieces.push(Piece::Press {
        rect,
        label: label.join(" · "),
        does,
    });
    let chevron = if source.open {
        Icon::ChevronDown
    } else {
        Icon::ChevronRight
    };
    let mut x = lay.left + space.xs;
    lay.icon(chevron, theme.colors.text_faint, x, height);
    x += space.icon + space.xs;
    lay.icon(icon, color, x, height);
    x += space.icon + space.m;
    let mut right = lay.right - space.m;
    if let Some((took, (state, tone), _)) = end {
        lay.icon(state, tone, right - space.icon, height);
        right -= space.icon + space.m;
        let wide = lay.width_of(took, theme.caption());
        lay.mark(
            took,
            theme.caption(),
            theme.colors.text_faint,
            (right - wide, wide + space.xs, height),
        );
        right -= wide.max(measures::TIME - space.m) + space.m;
    }
    x += lay.mark(
        verb,
        theme.title(),
        theme.colors.text_soft,
        (x, right - x, height),
    ) + space.m;
    let font = if end.is_some() { theme.mono() } else { theme.body() };
    lay.mark(target, font, theme.colors.text, (x, right - x, height));
    lay.gap(height);
}

/// A script: one line that opens to what it runs and what came out of it, the last lines first to be seen.
fn script(lay: &mut Layouter<'_>, source: &Source) {
    let (theme, left) = (lay.theme, lay.left);
    let (top, from) = (lay.y, lay.pieces.len());
    let whole = source.script.as_deref().unwrap_or_default().trim();
    let words = lay.text.get("conversation-verb-command");
    let first = whole.lines().next().unwrap_or_default();
    header(
        lay,
        source,
        Icon::SquareTerminal,
        (words, first, theme.colors.text_soft),
        None,
    );
    if source.open {
        let right = lay.right;
        lay.left += theme.space.l;
        lay.right -= theme.space.l;
        if whole.lines().count() > 1 {
            lay.plain(whole, theme.mono(), theme.colors.text);
            lay.gap(theme.space.s);
        }
        if let Some(output) = source.output.as_ref().filter(|output| !output.is_empty()) {
            let shown = if source.all { MANY } else { FEW };
            let lines = &output[output.len().saturating_sub(shown)..];
            lay.lines(Lines::Ansi(Arc::new(lines.to_vec())));
            more(lay, source, output.len());
        }
        (lay.left, lay.right) = (left, right);
        lay.gap(theme.space.m);
    }
    lay.backdrop(from, (left, top), theme.colors.column, theme.radius.control);
}

/// A tool call: one line that opens to input and output.
fn card(lay: &mut Layouter<'_>, source: &Source, tool: &ToolUse) {
    let (theme, left) = (lay.theme, lay.left);
    let (top, from) = (lay.y, lay.pieces.len());
    let took = tool
        .ended_at
        .map(|ended| ended.ms_since(source.entry.at) - source.asked_ms);
    let took = took.map_or(String::new(), |ms| phrase::duration(lay.text, ms));
    let (mark, word) = state(theme, &tool.status, source.over);
    let word = lay.text.get(word);
    let verb = lay.text.get(verb(tool.tool_kind));
    let verb = if tool.tool_kind == ToolKind::Other || tool.tool_kind == ToolKind::Mcp {
        tool.tool.as_str()
    } else {
        verb
    };
    let end = Some((took.as_str(), mark, word));
    let target = tool.title.lines().next().unwrap_or_default();
    header(
        lay,
        source,
        icon(tool.tool_kind),
        (verb, target, theme.colors.text_soft),
        end,
    );
    let answered = source
        .answered
        .as_ref()
        .filter(|(_, always)| *always || source.open);
    if source.open || answered.is_some() {
        lay.left += theme.space.l;
        let right = lay.right;
        lay.right -= theme.space.l;
        if let Some((words, _)) = answered {
            lay.plain(words, theme.caption(), theme.colors.text_soft);
            lay.gap(theme.space.xs);
        }
        if source.open {
            inside(lay, source, tool);
        }
        (lay.left, lay.right) = (left, right);
        lay.gap(theme.space.m);
    }
    lay.backdrop(from, (left, top), theme.colors.column, theme.radius.control);
}

fn inside(lay: &mut Layouter<'_>, source: &Source, tool: &ToolUse) {
    let theme = lay.theme;
    if let ToolStatus::Denied { reason: Some(reason) } = &tool.status {
        let words = lay.text.with(
            "conversation-denied-because",
            &[("reason", reason.as_str().into())],
        );
        lay.plain(&words, theme.body(), theme.colors.amber);
        lay.gap(theme.space.s);
    }
    match &source.edits {
        Some(edits) => changes(lay, source, edits),
        None => {
            if let Some(blocks) = &source.blocks {
                markdown::blocks(lay, blocks, theme.colors.text);
            }
        }
    }
    if let Some(output) = source.output.as_ref().filter(|output| !output.is_empty()) {
        lay.gap(theme.space.s);
        let words = exit_words(lay, tool);
        lay.plain(&words, theme.caption_bold(), theme.colors.text_faint);
        lay.gap(theme.space.xs);
        let shown = if source.all { MANY } else { FEW };
        let lines = if output.len() > shown {
            Arc::new(output[..shown].to_vec())
        } else {
            output.clone()
        };
        lay.lines(Lines::Ansi(lines));
        more(lay, source, output.len());
        if source.all && output.len() > MANY {
            let rest = lay.text.get("conversation-rest-in-log");
            lay.plain(rest, theme.caption(), theme.colors.text_soft);
        }
    }
}

fn exit_words(lay: &Layouter<'_>, tool: &ToolUse) -> String {
    match tool.output.as_ref().and_then(|output| output.exit_code) {
        Some(code) if code != 0 => lay
            .text
            .with("conversation-output-exit", &[("code", code.into())]),
        _ => lay.text.get("conversation-output").to_owned(),
    }
}

fn changes(lay: &mut Layouter<'_>, source: &Source, edits: &Arc<Vec<StyledDiff>>) {
    let shown = if source.all { MANY } else { FEW };
    let (rows, total) = diff_rows(edits, shown);
    lay.lines(Lines::Diff(edits.clone(), Arc::new(rows)));
    more(lay, source, total);
}

/// The way to all lines, where there are more.
fn more(lay: &mut Layouter<'_>, source: &Source, total: usize) {
    if total <= FEW {
        return;
    }
    let theme = lay.theme;
    let words = if source.all {
        lay.text.get("conversation-fewer").to_owned()
    } else {
        lay.text.with("conversation-all-lines", &[("n", total.into())])
    };
    let height = theme.space.row;
    let width = lay.mark(
        &words,
        theme.caption_bold(),
        theme.colors.accent_text,
        (lay.left, lay.room(), height),
    );
    let rect = Rect::from_min_size(pos2(lay.left, lay.y), vec2(width, height));
    lay.pieces.push(Piece::Press {
        rect,
        label: words,
        does: Press::More,
    });
    lay.gap(height);
}

/// The mark of what a tool does.
pub fn icon(kind: ToolKind) -> Icon {
    match kind {
        ToolKind::Read => Icon::FileText,
        ToolKind::Edit => Icon::FilePen,
        ToolKind::Delete => Icon::Trash2,
        ToolKind::Move => Icon::MoveRight,
        ToolKind::Search => Icon::Search,
        ToolKind::Command => Icon::SquareTerminal,
        ToolKind::Fetch => Icon::Globe,
        ToolKind::Think => Icon::Brain,
        ToolKind::Task => Icon::Bot,
        ToolKind::Plan => Icon::ListChecks,
        ToolKind::Todo => Icon::ListTodo,
        ToolKind::Question => Icon::MessageCircleQuestionMark,
        ToolKind::Mcp => Icon::Plug,
        ToolKind::Other => Icon::Wrench,
    }
}

fn verb(kind: ToolKind) -> &'static str {
    match kind {
        ToolKind::Read => "conversation-verb-read",
        ToolKind::Edit => "conversation-verb-edit",
        ToolKind::Delete => "conversation-verb-delete",
        ToolKind::Move => "conversation-verb-move",
        ToolKind::Search => "conversation-verb-search",
        ToolKind::Command => "conversation-verb-command",
        ToolKind::Fetch => "conversation-verb-fetch",
        ToolKind::Think => "conversation-verb-think",
        ToolKind::Task => "conversation-verb-task",
        ToolKind::Plan => "conversation-verb-plan",
        ToolKind::Todo => "conversation-verb-todo",
        ToolKind::Question => "conversation-verb-question",
        ToolKind::Mcp | ToolKind::Other => "conversation-verb-other",
    }
}

fn state(theme: &Theme, status: &ToolStatus, over: bool) -> ((Icon, Color32), &'static str) {
    let c = &theme.colors;
    match status {
        ToolStatus::Created | ToolStatus::PendingApproval if over => {
            ((Icon::CirclePause, c.amber), "conversation-tool-cut-off")
        }
        ToolStatus::Created => ((Icon::CircleDashed, c.amber), "conversation-tool-running"),
        ToolStatus::PendingApproval => ((Icon::CircleQuestionMark, c.violet), "conversation-tool-asks"),
        ToolStatus::Success => ((Icon::Check, c.green), "conversation-tool-done"),
        ToolStatus::Failed => ((Icon::X, c.red), "conversation-tool-failed"),
        ToolStatus::Denied { .. } => ((Icon::Ban, c.amber), "conversation-tool-denied"),
        ToolStatus::TimedOut => ((Icon::ClockAlert, c.red), "conversation-tool-timed-out"),
    }
}
