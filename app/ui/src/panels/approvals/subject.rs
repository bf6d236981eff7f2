//! What a question is about: exactly what will run or change, where, what the agent said before, and why it is asked.

use crate::{
    ViewContext,
    panels::conversation::{self, Lines, diff_rows},
    phrase,
    theme::measures::{approvals as measures, conversation::LINE},
    widgets,
};
use anyon_model::*;
use egui::{Frame, Margin, ScrollArea, Sense, Ui, vec2};
use lucide_icons::Icon;
use std::sync::Arc;

/// Entries before a question that are looked through for what the agent said.
const BEFORE: usize = 12;
/// Lines of a diff that are shown.
const LINES: usize = 2_000;

/// Who asks for what.
pub fn asks(cx: &ViewContext<'_>, approval: &Approval) -> String {
    let shard = cx.state.shard_of_attempt(approval.attempt_id);
    let session = shard.and_then(|shard| shard.last_session(approval.attempt_id));
    let agent = session.map_or(String::new(), |session| {
        super::super::task::agent_name(cx, &session.profile.executor)
    });
    phrase::asks(cx.text, &agent, &approval.request.question)
}

/// What it is about, in one line.
pub fn line(cx: &ViewContext<'_>, request: &ApprovalRequest) -> String {
    let first = |text: &str| text.trim().lines().next().unwrap_or_default().to_owned();
    match &request.question {
        Question::Command { command, .. } => first(command),
        Question::Edit { paths } | Question::Read { paths } => {
            let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
            paths.join(", ")
        }
        Question::Fetch { target } => first(target),
        Question::Tool { .. } => request.tool.clone(),
        Question::Plan { .. } => cx.text.get("approvals-plan").to_owned(),
        Question::Choice { questions } => questions
            .first()
            .map_or(String::new(), |asked| first(&asked.question)),
    }
}

/// The pattern of the rule that a lasting yes makes; none where no rule can hold.
pub fn pattern(request: &ApprovalRequest) -> Option<String> {
    match &request.question {
        Question::Command { command, .. } => Some(command.trim().to_owned()),
        Question::Edit { paths } | Question::Read { paths } => paths.first().map(ToString::to_string),
        Question::Fetch { target } => Some(target.clone()),
        Question::Tool { .. } => Some(request.tool.clone()),
        Question::Plan { .. } | Question::Choice { .. } => None,
    }
}

/// What the pattern of a rule means for this kind of question.
pub fn rule_means<'a>(cx: &ViewContext<'a>, request: &ApprovalRequest) -> &'a str {
    match &request.question {
        Question::Command { .. } => cx.text.get("approvals-rule-command"),
        Question::Edit { .. } | Question::Read { .. } => cx.text.get("approvals-rule-path"),
        _ => cx.text.get("approvals-rule-name"),
    }
}

/// Paints what is asked for.
pub fn show(cx: &ViewContext<'_>, ui: &mut Ui, approval: &Approval) {
    let theme = cx.theme;
    if let Some(said) = said_before(cx, approval) {
        sentence(cx, ui, &said);
    }
    let (least, greatest) = measures::SUBJECT;
    let most = (ui.ctx().content_rect().height() - measures::SUBJECT_REST).clamp(least, greatest);
    ScrollArea::vertical()
        .id_salt(("subject", approval.id))
        .max_height(most)
        .auto_shrink([false, true])
        .show(ui, |ui| exactly(cx, ui, approval));
    let why = why(cx, approval);
    ui.horizontal_wrapped(|ui| {
        place(cx, ui, approval);
        widgets::mark(ui, theme, Icon::ShieldQuestionMark, theme.colors.text_faint);
        ui.add(egui::Label::new(theme.small(why)).wrap());
    });
}

/// What the agent said, as the Markdown that it is.
fn sentence(cx: &ViewContext<'_>, ui: &mut Ui, said: &str) {
    let page = cx.page(Query::Markdown {
        text: Arc::from(said),
    });
    match page.ready() {
        Some(Answer::Blocks(blocks)) if !blocks.is_empty() => {
            conversation::show_blocks_in(cx, ui, blocks, cx.theme.colors.text_soft);
        }
        _ => drop(ui.add(egui::Label::new(cx.theme.soft(widgets::shown(said))).wrap())),
    }
}

fn exactly(cx: &ViewContext<'_>, ui: &mut Ui, approval: &Approval) {
    match &approval.request.question {
        Question::Command { command, .. } => code(cx, ui, command),
        Question::Edit { paths } => {
            names(cx, ui, paths);
            changes(cx, ui, approval);
        }
        Question::Read { paths } => names(cx, ui, paths),
        Question::Fetch { target } => code(cx, ui, target),
        Question::Tool { input } => {
            ui.label(cx.theme.code(widgets::shown(&approval.request.tool)));
            let found = approval.request.entry;
            let blocks = found.and_then(|index| conversation::blocks(cx, approval.execution_id, index));
            match blocks.filter(|blocks| !blocks.is_empty()) {
                Some(blocks) => conversation::show_blocks(cx, ui, &blocks),
                None => code(cx, ui, input),
            }
        }
        Question::Plan { plan } => {
            let page = cx.page(Query::Markdown {
                text: Arc::from(plan.as_str()),
            });
            match page.ready() {
                Some(Answer::Blocks(blocks)) => conversation::show_blocks(cx, ui, blocks),
                _ => drop(ui.add(egui::Label::new(cx.theme.text(widgets::shown(plan))).wrap())),
            }
        }
        Question::Choice { .. } => {}
    }
}

fn code(cx: &ViewContext<'_>, ui: &mut Ui, text: &str) {
    let theme = cx.theme;
    Frame::new()
        .fill(theme.colors.column)
        .corner_radius(theme.radius.control)
        .inner_margin(Margin::same(theme.space.m as i8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.add(egui::Label::new(theme.code(widgets::shown(text))).wrap());
        });
}

fn names(cx: &ViewContext<'_>, ui: &mut Ui, paths: &[FilePath]) {
    for path in paths {
        ui.horizontal(|ui| {
            widgets::mark(ui, cx.theme, Icon::FileText, cx.theme.colors.text_soft);
            ui.add(egui::Label::new(cx.theme.code(widgets::shown(&path.to_string()))).wrap());
        });
    }
}

/// The change as the agent tells it.
fn changes(cx: &ViewContext<'_>, ui: &mut Ui, approval: &Approval) {
    let index = approval.request.entry;
    let Some(edits) = index.and_then(|index| conversation::edits(cx, approval.execution_id, index)) else {
        return;
    };
    let (rows, total) = diff_rows(&edits, LINES);
    let lines = Lines::Diff(edits, Arc::new(rows));
    let size = vec2(ui.available_width(), lines.count() as f32 * LINE);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    conversation::visible_lines(ui, cx.theme, (rect, 0), &lines);
    if total > LINES {
        let words = cx
            .text
            .with("approvals-more-lines", &[("n", (total - LINES).into())]);
        ui.label(cx.theme.small(words));
    }
}

/// Where it runs or changes something.
fn place(cx: &ViewContext<'_>, ui: &mut Ui, approval: &Approval) {
    let worktree = worktree(cx, approval);
    let folder = match &approval.request.question {
        Question::Command { cwd: Some(cwd), .. } => Some(cwd.clone()),
        Question::Command { cwd: None, .. } | Question::Edit { .. } => worktree,
        _ => None,
    };
    if let Some(folder) = folder {
        let words = inside(cx, approval, &folder);
        let whole = folder.to_string();
        let theme = cx.theme;
        widgets::mark(ui, theme, Icon::Folder, theme.colors.text_faint);
        let words = match words {
            Some(words) => theme.small(widgets::shown(&words)),
            None => theme.rich(widgets::shown(&whole), theme.mono(), theme.colors.text_soft),
        };
        ui.add(egui::Label::new(words).wrap())
            .on_hover_text(widgets::shown(&whole));
        ui.add_space(theme.space.s);
    }
}

/// A folder as the worktree has it; `None`: it is not inside.
fn inside(cx: &ViewContext<'_>, approval: &Approval, folder: &FilePath) -> Option<String> {
    let worktree = worktree(cx, approval)?;
    let below = folder.as_path().strip_prefix(worktree.as_path()).ok()?;
    if below
        .components()
        .any(|part| !matches!(part, std::path::Component::Normal(_)))
    {
        return None;
    }
    Some(if below.as_os_str().is_empty() {
        cx.text.get("approvals-in-worktree").to_owned()
    } else {
        let path = below.display().to_string();
        cx.text.with("approvals-below-worktree", &[("path", path.into())])
    })
}

fn worktree(cx: &ViewContext<'_>, approval: &Approval) -> Option<FilePath> {
    let shard = cx.state.shard_of_attempt(approval.attempt_id)?;
    let attempt = shard.attempts.get(&approval.attempt_id)?;
    Some(attempt.worktree.path.clone())
}

/// Why it is asked: the agent's words, or what our mode makes of it.
fn why(cx: &ViewContext<'_>, approval: &Approval) -> String {
    if let Some(reason) = approval
        .request
        .reason
        .as_deref()
        .filter(|reason| !reason.trim().is_empty())
    {
        return widgets::shown(reason);
    }
    let worktree = worktree(cx, approval);
    let outside = |paths: &[FilePath]| {
        let inside = |path: &FilePath| {
            !path.as_path().is_absolute()
                || worktree
                    .as_ref()
                    .is_some_and(|root| path.as_path().starts_with(root))
        };
        !paths.iter().all(inside)
    };
    let shard = cx.state.shard_of_attempt(approval.attempt_id);
    let attempt = shard.and_then(|shard| shard.attempts.get(&approval.attempt_id));
    let asks_all = attempt.is_some_and(|attempt| attempt.approve == ApproveMode::Ask);
    let words = match &approval.request.question {
        Question::Plan { .. } => cx.text.get("approvals-why-plan"),
        Question::Choice { .. } => cx.text.get("approvals-why-choice"),
        Question::Edit { paths } | Question::Read { paths } if outside(paths) => {
            cx.text.get("approvals-why-outside")
        }
        _ if asks_all => cx.text.get("approvals-why-mode"),
        Question::Command { .. } => cx.text.get("approvals-why-command"),
        Question::Fetch { .. } => cx.text.get("approvals-why-network"),
        Question::Edit { .. } | Question::Read { .. } | Question::Tool { .. } => {
            cx.text.get("approvals-why-rule")
        }
    };
    words.to_owned()
}

/// The last paragraph that the agent said before it asked.
fn said_before(cx: &ViewContext<'_>, approval: &Approval) -> Option<String> {
    let said = conversation::said_before(cx, approval, BEFORE)?;
    let EntryKind::AssistantMessage { text } = &said.kind else {
        return None;
    };
    let last = text.trim().rsplit("\n\n").next()?.trim();
    (!last.is_empty()).then(|| last.to_owned())
}
