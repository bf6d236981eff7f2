//! The peek: what a task is about and how its newest attempt stands, without leaving the board.

use crate::{
    ViewContext,
    overview::{AttemptView, ProjectView},
    panels::{classify, conversation},
    phrase,
    theme::measures::board as measures,
    widgets,
};
use anyon_model::{
    Answer, Attempt, AttemptStatus, Deed, EntryKind, Execution, PageRange, Query, Task, TaskId,
};
use egui::{Align, Align2, Area, Frame, Id, Label, Layout, Order, ScrollArea, Ui, vec2};
use lucide_icons::Icon;
use std::sync::Arc;

/// Characters of a text that the peek shows: a frame must not lay out more.
const SHOWN: usize = 4_000;
/// Entries at the end of a conversation among which the last words are looked for.
const LAST: u32 = 20;
/// Attempts before the newest one that have a line.
const EARLIER: usize = 3;

/// Paints it. False: the person clicked beside it.
pub fn show(cx: &ViewContext<'_>, ui: &Ui, project: &ProjectView, task: &Task) -> bool {
    let theme = cx.theme;
    let area = Area::new(Id::unique("peek"))
        .order(Order::Foreground)
        .anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0));
    let shown = area.show(ui.ctx(), |ui| {
        Frame::window(ui.style())
            .inner_margin(theme.space.xl)
            .show(ui, |ui| {
                ui.set_width(measures::PEEK);
                ui.spacing_mut().item_spacing.y = theme.space.m;
                // Another card is another part: nothing of it is where the last one's was scrolled to.
                widgets::steady(ui, task.id, |ui| {
                    head(cx, ui, project, task);
                    marks(cx, ui, project, task);
                    description(cx, ui, task);
                    attempts(cx, ui, project, task);
                    ui.label(theme.faint(cx.text.get("board-peek-keys")));
                });
            });
    });
    !shown.response.clicked_elsewhere()
}

/// Short id and column, who made it and when, the title.
fn head(cx: &ViewContext<'_>, ui: &mut Ui, project: &ProjectView, task: &Task) {
    let theme = cx.theme;
    let (icon, color) = super::column::mark(cx, task.status);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme.space.s;
        widgets::mark(ui, theme, icon, color);
        let short = format!("{}-{}", project.shard.project.short_prefix, task.number);
        ui.label(theme.small(format!("{short} · {}", super::column::name(cx, task.status))));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let values = [
                ("who", widgets::shown(&creator(cx, project, task.id)).into()),
                ("age", phrase::age(cx.text, cx.now, task.created_at).into()),
            ];
            let said = theme.small(cx.text.with("board-peek-by", &values));
            ui.add(Label::new(said).truncate());
        });
    });
    let title = theme.rich(widgets::shown(&task.title), theme.heading(), theme.colors.text);
    ui.add(Label::new(title).wrap());
}

/// Who created a task: programs are written down, all others are the person.
fn creator(cx: &ViewContext<'_>, project: &ProjectView, task_id: TaskId) -> String {
    let by = project.others.created.get(&task_id);
    by.and_then(|by| phrase::did(cx.text, cx.state, Deed::Create, by))
        .unwrap_or_else(|| cx.text.get("board-peek-person").to_owned())
}

/// Priority and labels, where there are any.
fn marks(cx: &ViewContext<'_>, ui: &mut Ui, project: &ProjectView, task: &Task) {
    let priority = classify::priority_mark(cx, task.priority);
    let mut labels = project.shard.labels_of(task).peekable();
    if priority.is_none() && labels.peek().is_none() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(cx.theme.space.xs, cx.theme.space.xs);
        if let Some((icon, color)) = priority {
            let name = classify::priority_name(cx, task.priority);
            widgets::chip(ui, cx.theme, Some(icon), name, color);
        }
        for label in labels {
            widgets::chip(ui, cx.theme, None, &label.name, cx.theme.colors.label(label));
        }
    });
}

fn description(cx: &ViewContext<'_>, ui: &mut Ui, task: &Task) {
    let text = task.description.trim();
    if text.is_empty() {
        ui.label(cx.theme.faint(cx.text.get("board-no-description")));
        return;
    }
    markdown(cx, ui, ("description", measures::PEEK_TEXT), text);
}

/// Markdown that scrolls where it is higher than its room.
fn markdown(cx: &ViewContext<'_>, ui: &mut Ui, (name, most): (&str, f32), text: &str) {
    let text: String = text.chars().take(SHOWN).collect();
    ScrollArea::vertical()
        .id_salt(name)
        .max_height(most)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            let page = cx.page(Query::Markdown {
                text: Arc::from(text.as_str()),
            });
            match page.ready() {
                Some(Answer::Blocks(blocks)) if !blocks.is_empty() => {
                    conversation::show_blocks(cx, ui, blocks);
                }
                _ => drop(ui.add(Label::new(cx.theme.text(widgets::shown(&text))).wrap())),
            }
        });
}

/// The newest attempt in full, those before it with a line each.
fn attempts(cx: &ViewContext<'_>, ui: &mut Ui, project: &ProjectView, task: &Task) {
    let known = project.attempts_of.get(&task.id).into_iter().flatten();
    let mut all: Vec<(&Arc<Attempt>, &AttemptView)> = known
        .filter_map(|id| Some((project.shard.attempts.get(id)?, project.attempts.get(id)?)))
        .collect();
    all.sort_by_key(|(attempt, _)| std::cmp::Reverse(attempt.number));
    let Some(((attempt, view), earlier)) = all.split_first() else {
        return;
    };
    line(cx, ui, attempt, view);
    branches(cx, ui, attempt);
    if let Some(execution) = &view.execution {
        last_words(cx, ui, execution);
    }
    for (attempt, view) in earlier.iter().take(EARLIER) {
        line(cx, ui, attempt, view);
    }
    let more = earlier.len().saturating_sub(EARLIER);
    if more > 0 {
        ui.label(
            cx.theme
                .faint(cx.text.with("board-peek-more", &[("n", more.into())])),
        );
    }
}

/// Number, agent and how it stands.
fn line(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt, view: &AttemptView) {
    let execution = view.execution.as_ref();
    let live = execution.and_then(|execution| cx.state.live.get(&execution.id));
    let said = phrase::state_line(cx.text, cx.now, (attempt, view, live.map(AsRef::as_ref)), None);
    let session = view.session.as_ref();
    let agent = session.map(|session| phrase::agent_name(&session.profile.executor));
    let ended = execution.and_then(|execution| execution.ended_at);
    let age = ended.map(|ended| phrase::age(cx.text, cx.now, ended));
    let parts = [
        Some(format!("{}.", attempt.number)),
        agent,
        Some("·".to_owned()),
        Some(said),
        age.map(|age| format!("· {age}")),
    ];
    let words: Vec<String> = parts.into_iter().flatten().collect();
    let (icon, tone) = phrase::mark(view.status);
    widgets::state_line(ui, cx.theme, icon, tone, &words.join(" "));
}

/// Branch → target, and how much differs.
fn branches(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt) {
    let theme = cx.theme;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme.space.s;
        widgets::mark(ui, theme, Icon::GitBranch, theme.colors.text_faint);
        let lines = differs(cx, attempt).unwrap_or_default();
        let room = ui.available_width() - widgets::figures_width(ui, theme, lines);
        ui.scope(|ui| {
            ui.set_max_width(room);
            let names = widgets::shown(&format!("{} → {}", attempt.branch, attempt.target));
            let names = theme.rich(names, theme.mono(), theme.colors.text_soft);
            ui.add(Label::new(names).truncate());
        });
        widgets::figures(ui, theme, lines);
    });
}

fn differs(cx: &ViewContext<'_>, attempt: &Attempt) -> Option<(u64, u64)> {
    let status = cx.overview.attempt(attempt.id).map(|(_, view)| view.status);
    if matches!(status, Some(AttemptStatus::Queued | AttemptStatus::Starting)) {
        return None;
    }
    let page = cx.page(Query::DiffSummary {
        attempt_id: attempt.id,
        watch: false,
    });
    match page.ready()? {
        Answer::DiffSummary(summary) if !summary.files.is_empty() => {
            Some((summary.additions(), summary.deletions()))
        }
        _ => None,
    }
}

/// What the agent said last.
fn last_words(cx: &ViewContext<'_>, ui: &mut Ui, execution: &Execution) {
    let page = cx.page(Query::Entries {
        execution_id: execution.id,
        range: PageRange::Last { count: LAST },
    });
    let Some(Answer::Entries(entries)) = page.ready() else {
        return;
    };
    let mut last = entries.entries.iter().rev();
    let said = last.find_map(|entry| match &entry.kind {
        EntryKind::AssistantMessage { text } if !text.trim().is_empty() => Some(text),
        _ => None,
    });
    let Some(text) = said else { return };
    let theme = cx.theme;
    let frame = Frame::new()
        .fill(theme.colors.card)
        .corner_radius(theme.radius.card)
        .inner_margin(vec2(theme.space.card_x, theme.space.card_y));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        markdown(cx, ui, ("last words", measures::PEEK_WORDS), text.trim());
    });
}
