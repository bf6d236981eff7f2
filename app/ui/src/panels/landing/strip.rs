//! The strip of checks that is always there: how the attempt stands towards its target, and the ways on.

use super::checks::{self, Check};
use crate::{
    Confirm, Dialog, Theme, ViewContext, keys,
    overview::AttemptView,
    phrase,
    theme::measures::landing as sizes,
    widgets::{self, Button, Tone, icon_button, menu_button, menu_item},
};
use anyon_model::{
    Answer, Attempt, AttemptId, AttemptStatus, Command, CommandId, DiffSummary, ExecutionState, Merge,
    MergeKind, Query, WorktreeState,
};
use egui::{Id, Key, Layout, Ui, vec2};
use lucide_icons::Icon;
use std::sync::Arc;

/// Paints the strip: target, conflicts, open work, and the ways to land, stop, drop and restore.
pub fn strip(cx: &ViewContext<'_>, ui: &mut Ui, attempt_id: AttemptId) {
    let Some((project, view)) = cx.overview.attempt(attempt_id) else {
        return;
    };
    let Some(attempt) = project.shard.attempts.get(&attempt_id) else {
        return;
    };
    let theme = cx.theme;
    super::look_again_when_back(cx, ui, attempt_id);
    let frame = egui::Frame::new()
        .fill(theme.colors.column)
        .inner_margin(vec2(theme.space.xl, theme.space.xs));
    frame.show(ui, |ui| {
        let size = vec2(ui.available_width(), sizes::STRIP);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(egui::Align::Center), |ui| {
            ui.set_min_size(size);
            ui.spacing_mut().item_spacing.x = theme.space.s;
            match (view.status, &view.merge) {
                (AttemptStatus::Landed, Some(merge)) => landed(cx, ui, attempt, merge),
                (AttemptStatus::Dropped, _) => dropped(cx, ui, attempt),
                _ => open(cx, ui, attempt, view),
            }
        });
    });
}

fn open(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt, view: &AttemptView) {
    let theme = cx.theme;
    let summary = summary(cx, attempt, true);
    let checks = checks::checks(cx, attempt, view);
    let first_block = checks.iter().find(|check| check.blocks);
    let ready = attempt.worktree.state == WorktreeState::Ready;
    // At the end of the row: buttons that come and go beside it do not move it, nor each other's places.
    menu(cx, ui, attempt, (view, summary.as_deref()));
    if attempt.worktree.state == WorktreeState::Removed {
        restore_button(cx, ui, attempt);
    } else {
        let land = Button::primary(cx.text.get("landing-land"))
            .icon(Icon::GitMerge)
            .key("M");
        let may_look = ready && !view.status.is_active();
        let why = first_block.map_or("", |check| check.text.as_str());
        let pressed = land.enabled(may_look, why).show(ui, theme).clicked();
        if may_look && (pressed || (!cx.dialog_is_open() && keys::plain(ui, Key::M))) {
            cx.open(Dialog::Landing {
                attempt_id: attempt.id,
            });
        }
    }
    if let Some(conflicts) = view
        .conflicts
        .as_ref()
        .filter(|_| view.status == AttemptStatus::Conflicted)
        && Button::quiet(cx.text.get("landing-ask-agent"))
            .icon(Icon::SendHorizontal)
            .show(ui, theme)
            .clicked()
    {
        super::ask_agent(cx, attempt, &conflicts.files);
    }
    stop_button(cx, ui, attempt, view);
    row_of(ui, |ui| {
        let target = cx
            .text
            .with("landing-onto", &[("target", attempt.target.as_str().into())]);
        let all: Vec<Check> = std::iter::once(quiet(Icon::GitBranch, target))
            .chain(checks)
            .collect();
        let (short, most) = shortened(ui, theme, &all);
        for (check, short) in all.iter().zip(&short) {
            if *short || most < sizes::WORDS {
                check.mark(ui, theme);
            } else {
                ui.scope(|ui| {
                    ui.set_max_width(most);
                    check.show(ui, theme);
                });
            }
        }
        if let Some(summary) = summary.filter(|summary| !summary.files.is_empty()) {
            let lines = (summary.additions(), summary.deletions());
            if widgets::figures_width(ui, theme, lines) < ui.available_width() {
                widgets::figures(ui, theme, lines);
            }
        }
    });
}

/// Which checks are shown by their mark alone, because the row has no room for all the words: first those that are
/// well, then those that want to be known. What keeps it from landing shares what is left. Gives also
/// how wide a check with its words may be.
fn shortened(ui: &Ui, theme: &Theme, checks: &[Check]) -> (Vec<bool>, f32) {
    let gap = ui.spacing().item_spacing.x;
    let widths: Vec<f32> = checks.iter().map(|check| check.width(ui, theme)).collect();
    let mut left = ui.available_width() - widths.iter().map(|width| width + gap).sum::<f32>();
    let mut short = vec![false; checks.len()];
    let well = |check: &Check| !check.blocks && check.tone != Tone::Look;
    for wanted in [true, false] {
        for (at, check) in checks.iter().enumerate().rev() {
            if left < 0.0 && !check.blocks && well(check) == wanted && !short[at] {
                short[at] = true;
                left += widths[at] - theme.space.icon;
            }
        }
    }
    let marks = short.iter().filter(|short| **short).count() as f32;
    let others = checks.len() as f32 - marks;
    let room = ui.available_width() - marks * (theme.space.icon + gap) - others * gap;
    let most = if left < 0.0 { room / others.max(1.0) } else { room };
    (short, most)
}

/// What is left of the row, from the left.
fn row_of(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let gap = ui.spacing().item_spacing.x * 2.0;
    ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = gap;
        content(ui);
    });
}

fn quiet(icon: Icon, text: String) -> Check {
    Check {
        icon,
        tone: Tone::Quiet,
        text,
        more: String::new(),
        blocks: false,
    }
}

/// The files that differ; the strip asks with a watch, so that the checks are asked again when they change.
fn summary(cx: &ViewContext<'_>, attempt: &Attempt, watch: bool) -> Option<Arc<DiffSummary>> {
    if attempt.worktree.state != WorktreeState::Ready {
        return None;
    }
    let query = Query::DiffSummary {
        attempt_id: attempt.id,
        watch,
    };
    match cx.page(query).ready() {
        Some(Answer::DiffSummary(summary)) => Some(summary.clone()),
        _ => None,
    }
}

/// The one way to stop: first the turn, pressed again before that is over the agent, and while that ends, at once.
fn stop_button(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt, view: &AttemptView) {
    let attempt_id = attempt.id;
    let key = Id::unique(("interrupt", attempt_id));
    let asked: Option<CommandId> = ui.data(|kept| kept.get_temp(key));
    let asked = asked.is_some_and(|asked| cx.pending(asked));
    let state = view.execution.as_ref().map(|execution| &execution.state);
    let (icon, words, more) = match (view.status, state) {
        (_, Some(ExecutionState::Stopping { .. })) => {
            (Icon::CircleStop, "landing-stop-now", "landing-stop-now-more")
        }
        (AttemptStatus::Running | AttemptStatus::Waiting, _) if !asked => {
            (Icon::CirclePause, "landing-stop-turn", "landing-stop-turn-more")
        }
        (status, _) if status.is_active() => {
            (Icon::CircleStop, "landing-stop-agent", "landing-stop-agent-more")
        }
        _ => return,
    };
    let button = Button::quiet(cx.text.get(words)).icon(icon).show(ui, cx.theme);
    if !button.on_hover_text(cx.text.get(more)).clicked() {
        return;
    }
    if words == "landing-stop-turn" {
        let asked = cx.send(Command::InterruptAttempt { attempt_id });
        ui.data_mut(|kept| kept.insert_temp(key, asked));
    } else {
        cx.send(Command::StopAttempt { attempt_id });
    }
}

fn menu(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    attempt: &Attempt,
    (view, summary): (&AttemptView, Option<&DiffSummary>),
) {
    let (theme, text, attempt_id) = (cx.theme, cx.text, attempt.id);
    let button = icon_button(ui, theme, Icon::Ellipsis, text.get("landing-more"), "");
    let ready = attempt.worktree.state == WorktreeState::Ready;
    menu_button(button, |ui| {
        if ready && !view.status.is_active() {
            let label = text.get("landing-commit");
            if menu_item(ui, theme, Icon::GitCommitHorizontal, label, "") {
                let message = None;
                cx.send(Command::CommitAttempt { attempt_id, message });
            }
        }
        if menu_item(ui, theme, Icon::History, text.get("landing-snapshots"), "") {
            cx.open(Dialog::Snapshots { attempt_id });
        }
        if menu_item(ui, theme, Icon::Trash2, text.get("landing-drop"), "") {
            cx.open(Dialog::Confirm(drop_question(cx, attempt, summary)));
        }
    });
}

/// Asks before an attempt is given up: what goes, and what is kept.
pub fn ask_to_drop(cx: &ViewContext<'_>, attempt_id: AttemptId) {
    let shard = cx.state.shard_of_attempt(attempt_id);
    if let Some(attempt) = shard.and_then(|shard| shard.attempts.get(&attempt_id)) {
        let summary = summary(cx, attempt, false);
        cx.open(Dialog::Confirm(drop_question(cx, attempt, summary.as_deref())));
    }
}

/// What is asked before an attempt is given up: what goes, and what is kept.
fn drop_question(cx: &ViewContext<'_>, attempt: &Attempt, summary: Option<&DiffSummary>) -> Confirm {
    let text = cx.text;
    let days = cx.state.settings.trash_days;
    let goes = text.with("landing-drop-goes", &[("branch", attempt.branch.as_str().into())]);
    let kept = match summary.map_or(0, |summary| summary.files.len()) {
        0 => text.with("landing-drop-kept", &[("days", days.into())]),
        n => text.with(
            "landing-drop-kept-files",
            &[("n", n.into()), ("days", days.into())],
        ),
    };
    Confirm {
        title: text.with("landing-drop-title", &[("n", attempt.number.into())]),
        body: format!("{goes}\n\n{kept}"),
        action: text.get("landing-drop-action").to_owned(),
        command: Command::DropAttempt {
            attempt_id: attempt.id,
        },
    }
}

fn landed(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt, merge: &Merge) {
    if let MergeKind::Direct { .. } = merge.kind
        && Button::quiet(cx.text.get("landing-undo-landing"))
            .icon(Icon::Undo2)
            .show(ui, cx.theme)
            .clicked()
    {
        cx.send(Command::UndoMerge { merge_id: merge.id });
    }
    if attempt.worktree.state == WorktreeState::Ready {
        let label = cx.text.get("landing-remove-worktree");
        if Button::quiet(label)
            .icon(Icon::FolderX)
            .show(ui, cx.theme)
            .clicked()
        {
            cx.send(Command::DropAttempt {
                attempt_id: attempt.id,
            });
        }
    }
    let age = phrase::age(cx.text, cx.now, merge.created_at);
    let values = [("target", merge.target.as_str().into()), ("age", age.into())];
    let mut words = cx.text.with("landing-landed-on", &values);
    let project = cx.overview.project(attempt.project_id);
    if let Some(by) = project.and_then(|project| project.others.landed.get(&attempt.id)) {
        let who = phrase::actor(cx.text, cx.state, by);
        let by = cx.text.with("landing-landed-by", &[("who", who.into())]);
        words = format!("{words} · {by}");
    }
    let mut said = quiet(Icon::CircleCheck, words);
    said.tone = Tone::Good;
    row_of(ui, |ui| drop(said.show(ui, cx.theme)));
}

fn dropped(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt) {
    restore_button(cx, ui, attempt);
    let said = quiet(Icon::CircleSlash, cx.text.get("landing-is-dropped").to_owned());
    row_of(ui, |ui| drop(said.show(ui, cx.theme)));
}

fn restore_button(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt) {
    if Button::quiet(cx.text.get("landing-restore"))
        .icon(Icon::History)
        .show(ui, cx.theme)
        .clicked()
    {
        cx.open(Dialog::Snapshots {
            attempt_id: attempt.id,
        });
    }
}
