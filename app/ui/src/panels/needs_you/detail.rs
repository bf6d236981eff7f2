//! What is looked at in Needs you: the question with its answers, or how the work went and what to do with it.

use super::{Act, said, task};
use crate::{
    ViewContext,
    overview::{AttemptView, Need, NeedKind},
    panels::{approvals::Approvals, conversation},
    phrase, problem,
    theme::measures::needs_you as sizes,
    widgets::{self, Button, Tone, state_line},
};
use anyon_model::{Answer, Attempt, EntryKind, Execution, ExecutionState, PageRange, Query, WorktreeState};
use egui::Ui;
use lucide_icons::Icon;
use std::sync::Arc;

/// Entries that are searched for the last message.
const LAST: u32 = 24;

/// Paints it. Gives what a button does.
pub(super) fn show(cx: &ViewContext<'_>, ui: &mut Ui, approvals: &mut Approvals, need: &Need) -> Option<Act> {
    let theme = cx.theme;
    let frame = egui::Frame::new().inner_margin(theme.space.xl);
    let scroll = egui::ScrollArea::vertical()
        .id_salt((need.attempt_id, need.approval_id))
        .auto_shrink(false);
    let shown = scroll.show(ui, |ui| {
        frame.show(ui, |ui| {
            ui.set_max_width(sizes::DETAIL.min(ui.available_width()));
            ui.spacing_mut().item_spacing = egui::Vec2::splat(theme.space.m);
            heading(cx, ui, need);
            widgets::steady(ui, "content", |ui| content(cx, ui, approvals, need))
        })
    });
    shown.inner.inner
}

fn heading(cx: &ViewContext<'_>, ui: &mut Ui, need: &Need) {
    let theme = cx.theme;
    let Some(task) = task(cx, need) else {
        return;
    };
    let short = cx.state.short_id(need.task_id).unwrap_or_default();
    let project = cx
        .state
        .projects
        .get(&need.project_id)
        .map_or("", |shard| shard.project.name.as_str());
    ui.add(egui::Label::new(theme.small(format!("{project} · {short}"))).truncate());
    let title = theme.rich(widgets::shown(&task.title), theme.heading(), theme.colors.text);
    ui.add(egui::Label::new(title).wrap());
    if let Some((project, view)) = cx.overview.attempt(need.attempt_id)
        && let Some(attempt) = project.shard.attempts.get(&need.attempt_id)
    {
        let agent = view
            .session
            .as_ref()
            .map(|session| phrase::agent_name(&session.profile.executor));
        let way = format!("{} → {}", attempt.branch, attempt.target);
        let which = super::which(cx, need);
        let parts: Vec<String> = which.into_iter().chain(agent).chain([way]).collect();
        ui.add(egui::Label::new(theme.small(parts.join(" · "))).truncate());
    }
}

fn content(cx: &ViewContext<'_>, ui: &mut Ui, approvals: &mut Approvals, need: &Need) -> Option<Act> {
    let (project, view) = cx.overview.attempt(need.attempt_id)?;
    let attempt = project.shard.attempts.get(&need.attempt_id)?;
    if let Some(approval) = need.approval_id.and_then(|id| project.shard.approvals.get(&id)) {
        approvals.card(cx, ui, approval);
        return Button::bare(cx.text.get("needs-you-open"))
            .key("Enter")
            .show(ui, cx.theme)
            .clicked()
            .then_some(Act::Open);
    }
    let (icon, tone) = super::mark(need.kind);
    match need.kind {
        NeedKind::Review => diff_line(cx, ui, attempt),
        NeedKind::Failure => failure(cx, ui, view),
        NeedKind::Conflict => conflicts(cx, ui, view),
        _ => drop(state_line(ui, cx.theme, icon, tone, &said(cx, need))),
    }
    if let Some(execution) = &view.execution {
        last_message(cx, ui, execution);
    }
    widgets::steady(ui, "buttons", |ui| buttons(cx, ui, need.kind))
}

fn buttons(cx: &ViewContext<'_>, ui: &mut Ui, kind: NeedKind) -> Option<Act> {
    let (theme, text) = (cx.theme, cx.text);
    let mut act = None;
    ui.horizontal_wrapped(|ui| {
        let forward = match kind {
            NeedKind::Review => Some("needs-you-land"),
            NeedKind::Failure | NeedKind::Interrupted => Some("needs-you-resume"),
            NeedKind::Conflict => Some("landing-ask-agent"),
            NeedKind::Approval => None,
        };
        if let Some(forward) = forward
            && Button::primary(text.get(forward))
                .key("A")
                .show(ui, theme)
                .clicked()
        {
            act = Some(Act::Forward);
        }
        if Button::quiet(text.get("needs-you-open"))
            .key("Enter")
            .show(ui, theme)
            .clicked()
        {
            act = Some(Act::Open);
        }
        if Button::quiet(text.get("needs-you-drop"))
            .key("D")
            .show(ui, theme)
            .clicked()
        {
            act = Some(Act::Drop);
        }
    });
    act
}

/// How much changed.
fn diff_line(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt) {
    let theme = cx.theme;
    if attempt.worktree.state != WorktreeState::Ready {
        state_line(
            ui,
            theme,
            Icon::FolderX,
            Tone::Quiet,
            cx.text.get("landing-check-no-worktree"),
        );
        return;
    }
    let query = Query::DiffSummary {
        attempt_id: attempt.id,
        watch: false,
    };
    let page = cx.page(query);
    let said = match page.ready() {
        Some(Answer::DiffSummary(summary)) => Some(summary.clone()),
        _ => None,
    };
    // The line has its place before its numbers are there, so that nothing jumps.
    ui.horizontal(|ui| match said {
        None => widgets::loading(ui, theme, cx.text),
        Some(summary) => {
            widgets::mark(ui, theme, Icon::Eye, theme.colors.blue);
            ui.label(
                theme.text(
                    cx.text
                        .with("changes-files", &[("n", summary.files.len().into())]),
                ),
            );
            widgets::figures(ui, theme, (summary.additions(), summary.deletions()));
        }
    });
}

fn failure(cx: &ViewContext<'_>, ui: &mut Ui, view: &AttemptView) {
    let theme = cx.theme;
    let Some(ExecutionState::Failed { kind, message }) = view.execution.as_ref().map(|one| &one.state) else {
        return;
    };
    let why = phrase::failure(cx.text, kind);
    let said = cx.text.with("state-failed-because", &[("why", why.into())]);
    state_line(ui, theme, Icon::CircleX, Tone::Bad, &said);
    let says_more = !message.trim().eq_ignore_ascii_case(why);
    if says_more && !message.is_empty() {
        let message = problem::own_lines(cx.text, message);
        let message = theme.rich(widgets::shown(&message), theme.mono(), theme.colors.text_soft);
        ui.add(egui::Label::new(message).wrap());
    }
}

/// How many files conflict, and which.
fn conflicts(cx: &ViewContext<'_>, ui: &mut Ui, view: &AttemptView) {
    let theme = cx.theme;
    let (icon, tone) = super::mark(NeedKind::Conflict);
    state_line(ui, theme, icon, tone, &phrase::conflicts(cx.text, view));
    for path in view
        .conflicts
        .iter()
        .flat_map(|conflicts| &conflicts.files)
        .take(sizes::FILES)
    {
        let path = widgets::shown(&path.to_string());
        let path = theme.rich(path, theme.mono(), theme.colors.text_soft);
        ui.add(egui::Label::new(path).truncate());
    }
}

/// The last that the agent said.
fn last_message(cx: &ViewContext<'_>, ui: &mut Ui, execution: &Execution) {
    let theme = cx.theme;
    let query = Query::Entries {
        execution_id: execution.id,
        range: PageRange::Last { count: LAST },
    };
    let page = cx.page(query);
    let Some(Answer::Entries(entries)) = page.ready() else {
        return;
    };
    let mut messages = entries
        .entries
        .iter()
        .rev()
        .filter_map(|entry| match &entry.kind {
            EntryKind::AssistantMessage { text } => Some(text),
            _ => None,
        });
    if let Some(text) = messages.next() {
        let frame = egui::Frame::new()
            .fill(theme.colors.column)
            .corner_radius(theme.radius.card)
            .inner_margin(egui::vec2(theme.space.card_x, theme.space.card_y));
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            let page = cx.page(Query::Markdown {
                text: Arc::from(text.as_str()),
            });
            match page.ready() {
                Some(Answer::Blocks(blocks)) if !blocks.is_empty() => {
                    conversation::show_blocks(cx, ui, blocks)
                }
                _ => drop(ui.add(egui::Label::new(theme.text(widgets::shown(text))).wrap())),
            }
        });
    }
}
