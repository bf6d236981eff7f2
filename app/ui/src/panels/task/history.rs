//! The history of a task: who did what with it and its attempts. What persons wrote and started is not written down, so
//! the entities themselves tell of it.

use crate::{
    ViewContext, phrase,
    theme::measures::task as measures,
    widgets::{self, Button},
};
use anyon_model::{Actor, AttemptId, Deed, ProjectShard, Task, TaskId, Timestamp};
use egui::{Layout, Ui};

/// One thing that was done.
struct Done {
    what: String,
    by: Actor,
    attempt_id: Option<AttemptId>,
    at: Timestamp,
}

/// Paints the dialog.
pub fn history(cx: &ViewContext<'_>, ui: &mut Ui, task_id: TaskId) {
    let found = cx.state.shard_of_task(task_id);
    let Some((shard, task)) = found.and_then(|shard| Some((shard, shard.tasks.get(&task_id)?))) else {
        return cx.close_dialog();
    };
    let short = cx.state.short_id(task_id).unwrap_or_default();
    let title = cx.text.with("actor-history-title", &[("task", short.into())]);
    let done = all(cx, shard, task);
    let (close, left) = widgets::dialog(ui, cx.theme, "history", &title, |ui| {
        content(cx, ui, shard, &done)
    });
    if close || left {
        cx.close_dialog();
    }
}

/// All of it, newest first.
fn all(cx: &ViewContext<'_>, shard: &ProjectShard, task: &Task) -> Vec<Done> {
    let words = |deed, by: &Actor| phrase::did(cx.text, cx.state, deed, by);
    let made = |deed, by: &Actor, attempt_id, at| {
        let by = by.clone();
        words(deed, &by).map(|what| Done {
            what,
            by,
            attempt_id,
            at,
        })
    };
    let created = made(Deed::Create, shard.created_by(task.id), None, task.created_at);
    let started = shard.attempts_of(task.id).filter_map(|attempt| {
        let by = shard.started_by(attempt.id);
        made(Deed::Start, by, Some(attempt.id), attempt.created_at)
    });
    let told = |deed| !matches!(deed, Deed::Create | Deed::Start);
    let others = shard.history_of(task.id).filter(|entry| told(entry.deed()));
    let others = others.map(|entry| Done {
        // What has no words of its own is told as it was written down.
        what: words(entry.deed(), &entry.actor).unwrap_or_else(|| widgets::shown(&entry.what)),
        by: entry.actor.clone(),
        attempt_id: entry.attempt_id,
        at: entry.at,
    });
    let mut done: Vec<Done> = created.into_iter().chain(started).chain(others).collect();
    // What is of the same time is in the order it happened.
    done.sort_by_key(|one| one.at);
    done.reverse();
    done
}

fn content(cx: &ViewContext<'_>, ui: &mut Ui, shard: &ProjectShard, done: &[Done]) -> bool {
    let theme = cx.theme;
    ui.label(theme.soft(cx.text.get("actor-history-text")));
    ui.add_space(theme.space.m);
    egui::ScrollArea::vertical()
        .max_height(measures::HISTORY)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = theme.space.xs;
            for one in done {
                row(cx, ui, shard, one);
            }
        });
    ui.add_space(theme.space.m);
    widgets::at_right(ui, theme, |ui| {
        Button::quiet(cx.text.get("common-close"))
            .show(ui, theme)
            .clicked()
    })
}

fn row(cx: &ViewContext<'_>, ui: &mut Ui, shard: &ProjectShard, one: &Done) {
    let theme = cx.theme;
    let attempt = one.attempt_id.and_then(|id| shard.attempts.get(&id));
    let number = attempt.map(|attempt| {
        cx.text
            .with("actor-history-attempt", &[("n", attempt.number.into())])
    });
    let age = phrase::age(cx.text, cx.now, one.at);
    let right: Vec<String> = number.into_iter().chain([age]).collect();
    ui.horizontal(|ui| {
        widgets::mark(ui, theme, phrase::actor_icon(&one.by), theme.colors.text_soft);
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(theme.small(right.join(" · ")));
            ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
                let words = egui::Label::new(theme.text(&one.what)).truncate();
                ui.add(words);
            });
        });
    });
}
