//! What stands below the entries: the pinned plan, and how long the agent is silent.

use super::{
    entry::done_of,
    rows::{self, Part},
};
use crate::{ViewContext, phrase, theme::measures::conversation as measures, widgets};
use anyon_model::*;
use egui::{ScrollArea, Ui};
use lucide_icons::Icon;
use std::time::Duration;

/// Milliseconds without a byte from which on the silence is told.
const SILENCE_MS: i64 = 10_000;
/// Lines of the log that are looked through for what the agent said on its standard error.
const LOG_LINES: u32 = 60;

/// Where the newest plan is.
pub type PlanPlace = (ExecutionId, u64);

/// Looks for the newest plan among the last entries; keeps the one known if there is none.
pub fn find_plan(cx: &ViewContext<'_>, parts: &[Part], known: Option<PlanPlace>) -> Option<PlanPlace> {
    let part = parts
        .iter()
        .rfind(|part| part.execution.run_reason == RunReason::CodingAgent)?;
    let first = part.entries.saturating_sub(u64::from(LOG_LINES));
    let known = known.filter(|(execution_id, _)| parts.iter().any(|part| part.execution.id == *execution_id));
    let newest = (first..part.entries).rev().find(|index| {
        rows::entry_at(cx, &part.execution, *index).is_some_and(|entry| plan_of(&entry.kind).is_some())
    });
    newest.map(|index| (part.execution.id, index)).or(known)
}

fn plan_of(kind: &EntryKind) -> Option<&[PlanItem]> {
    match kind {
        EntryKind::Plan { items } => Some(items),
        EntryKind::ToolUse(tool) => match &tool.detail {
            ToolDetail::Todo { items } => Some(items),
            _ => None,
        },
        _ => None,
    }
}

/// The plan: one line with the step at work, which opens to all steps.
pub fn plan(cx: &ViewContext<'_>, ui: &mut Ui, parts: &[Part], place: PlanPlace, open: &mut bool) {
    let part = parts.iter().find(|part| part.execution.id == place.0);
    let entry = part.and_then(|part| rows::entry_at(cx, &part.execution, place.1));
    let Some(items) = entry.as_ref().and_then(|entry| plan_of(&entry.kind)) else {
        return;
    };
    if items.is_empty() {
        return;
    }
    let (theme, done) = (cx.theme, done_of(items));
    let total = items.len();
    let words = cx.text.with(
        "conversation-plan",
        &[("done", done.into()), ("total", total.into())],
    );
    let chevron = if *open {
        Icon::ChevronDown
    } else {
        Icon::ChevronRight
    };
    ui.horizontal(|ui| {
        let button = widgets::Button::bare(&words).icon(chevron).show(ui, theme);
        widgets::unfolds(&button, *open);
        if button.clicked() {
            *open = !*open;
        }
        let now = items.iter().find(|item| item.status == PlanStatus::InProgress);
        if let (false, Some(item)) = (*open, now) {
            ui.add(egui::Label::new(theme.soft(widgets::shown(&item.text))).truncate());
        }
    });
    if *open {
        ScrollArea::vertical()
            .id_salt("plan")
            .max_height(measures::PLAN_MAX)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = theme.space.xxs;
                for item in items {
                    step(cx, ui, item);
                }
            });
    }
}

fn step(cx: &ViewContext<'_>, ui: &mut Ui, item: &PlanItem) {
    let theme = cx.theme;
    let (icon, color) = match item.status {
        PlanStatus::Pending => (Icon::Circle, theme.colors.text_faint),
        PlanStatus::InProgress => (Icon::CirclePlay, theme.colors.amber),
        PlanStatus::Completed => (Icon::CircleCheck, theme.colors.green),
    };
    ui.horizontal_top(|ui| {
        ui.add_space(theme.space.l);
        widgets::mark(ui, theme, icon, color);
        let words = widgets::shown(&item.text);
        let words = match item.status {
            PlanStatus::InProgress => theme.strong(words),
            PlanStatus::Pending => theme.text(words),
            PlanStatus::Completed => theme.soft(words),
        };
        ui.add(egui::Label::new(words).wrap());
    });
}

/// What the agent does now, and after ten seconds without a byte how long it is silent, with what it last said on its
/// standard error.
pub fn activity(cx: &ViewContext<'_>, ui: &mut Ui, parts: &[Part]) {
    let Some(part) = parts.iter().rfind(|part| !part.execution.state.is_final()) else {
        return;
    };
    let execution = &part.execution;
    let busy = matches!(
        execution.state,
        ExecutionState::Starting
            | ExecutionState::Running {
                activity: Activity::Turn
            }
    );
    if !busy {
        return;
    }
    let live = cx.state.live.get(&execution.id);
    let since = live
        .and_then(|live| live.last_output_at)
        .or(execution.started_at)
        .unwrap_or(execution.created_at);
    // While a question waited, the agent had nothing to say.
    let since = answered_at(cx, execution).map_or(since, |answered| answered.max(since));
    let silent_ms = cx.now.ms_since(since);
    let wait = if silent_ms < SILENCE_MS {
        SILENCE_MS - silent_ms
    } else {
        1_000
    };
    ui.ctx()
        .request_repaint_after(Duration::from_millis(wait.unsigned_abs()));
    let activity = live.map_or("", |live| live.retrying.as_deref().unwrap_or(&live.activity));
    if silent_ms >= SILENCE_MS {
        silence(cx, ui, execution, silent_ms);
    } else if !activity.is_empty() {
        let (icon, tone) = phrase::mark(AttemptStatus::Running);
        widgets::state_line(ui, cx.theme, icon, tone, activity);
    }
}

/// When its last question was answered.
fn answered_at(cx: &ViewContext<'_>, execution: &Execution) -> Option<Timestamp> {
    let shard = cx.state.shard_of_attempt(execution.attempt_id)?;
    let approvals = shard.approvals.values();
    let own = approvals.filter(|approval| approval.execution_id == execution.id);
    own.filter_map(|approval| approval.resolved_at).max()
}

fn silence(cx: &ViewContext<'_>, ui: &mut Ui, execution: &Execution, silent_ms: i64) {
    let took = phrase::duration(cx.text, silent_ms);
    let words = cx.text.with("conversation-silent", &[("time", took.into())]);
    widgets::state_line(ui, cx.theme, Icon::Hourglass, widgets::Tone::Busy, &words);
    let query = Query::AnsiLog {
        execution_id: execution.id,
        range: PageRange::Last { count: LOG_LINES },
    };
    let page = cx.page(query);
    let last = match page.ready() {
        Some(Answer::AnsiLog(page)) => page.lines.iter().rfind(|line| line.stream == LogStream::Err),
        _ => None,
    };
    if let Some(line) = last {
        let words = cx.text.with(
            "conversation-last-error",
            &[("line", line.line.text.trim().into())],
        );
        ui.add(egui::Label::new(cx.theme.code(words)).truncate());
    }
    ui.label(cx.theme.small(cx.text.get("conversation-silent-hint")));
}
