//! The peek: a task's description and attempts, without leaving the board.

use crate::{ViewContext, overview::ProjectView, phrase, theme::measures::board as measures, widgets};
use anyon_model::Task;
use egui::{Align2, Area, Frame, Id, Order, ScrollArea, Ui, vec2};

/// Characters of a description that the peek shows: a frame must not lay out more.
const SHOWN: usize = 4_000;

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
                ui.label(theme.small(format!("{}-{}", project.shard.project.short_prefix, task.number)));
                ui.label(theme.rich(&task.title, theme.heading(), theme.colors.text));
                description(cx, ui, task);
                attempts(cx, ui, project, task);
                ui.add_space(theme.space.xs);
                ui.label(theme.faint(cx.text.get("board-peek-keys")));
            });
    });
    !shown.response.clicked_elsewhere()
}

fn description(cx: &ViewContext<'_>, ui: &mut Ui, task: &Task) {
    if task.description.is_empty() {
        ui.label(cx.theme.faint(cx.text.get("board-no-description")));
        return;
    }
    let shown: String = task.description.chars().take(SHOWN).collect();
    ScrollArea::vertical()
        .max_height(measures::PEEK_TEXT)
        .show(ui, |ui| {
            ui.label(cx.theme.soft(widgets::shown(&shown)));
        });
}

fn attempts(cx: &ViewContext<'_>, ui: &mut Ui, project: &ProjectView, task: &Task) {
    for attempt_id in project.attempts_of.get(&task.id).into_iter().flatten().rev() {
        let (Some(attempt), Some(view)) = (
            project.shard.attempts.get(attempt_id),
            project.attempts.get(attempt_id),
        ) else {
            continue;
        };
        let live = view
            .execution
            .as_ref()
            .and_then(|execution| cx.state.live.get(&execution.id));
        let said = phrase::state_line(cx.text, cx.now, (attempt, view, live.map(AsRef::as_ref)), None);
        let agent = view.session.as_ref().map_or_else(String::new, |session| {
            phrase::agent_name(&session.profile.executor)
        });
        let (icon, tone) = phrase::mark(view.status);
        let line = format!("{agent} · {said}");
        widgets::state_line(ui, cx.theme, icon, tone, &line);
    }
}
