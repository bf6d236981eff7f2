//! The slim rail: the board as one column of short rows, while a task is open.

use crate::{Place, Theme, ViewContext, phrase, theme::measures::task as measures, widgets};
use anyon_model::*;
use egui::{CornerRadius, Rect, ScrollArea, Sense, Ui, Vec2, WidgetInfo, accesskit::Role, vec2};
use lucide_icons::Icon;

/// Paints the tasks that are not over, in the board's order, and the way back to the board.
pub fn ui(cx: &ViewContext<'_>, ui: &mut Ui, shard: &ProjectShard, open: TaskId, slim: bool) {
    let theme = cx.theme;
    ui.add_space(theme.space.m);
    ui.horizontal(|ui| {
        ui.add_space(theme.space.m);
        let label = cx.text.get("task-to-board");
        if widgets::icon_button(ui, theme, Icon::ArrowLeft, label, "Esc").clicked() {
            cx.go(Place::Board {
                project: Some(shard.project.id),
            });
        }
        if !slim {
            ui.add(egui::Label::new(theme.soft(widgets::shown(&shard.project.name))).truncate());
        }
    });
    let mut tasks: Vec<_> = shard
        .tasks
        .values()
        .filter(|task| is_open(task.status) || task.id == open)
        .collect();
    let column = |status: TaskStatus| match status {
        TaskStatus::InReview => 0,
        TaskStatus::InProgress => 1,
        TaskStatus::Todo => 2,
        TaskStatus::Done | TaskStatus::Cancelled => 3,
    };
    tasks.sort_by_key(|task| (column(task.status), task.order, task.number));
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = theme.space.xxs;
        for task in tasks {
            row(cx, ui, shard, task, (task.id == open, slim));
        }
    });
}

fn is_open(status: TaskStatus) -> bool {
    !matches!(status, TaskStatus::Done | TaskStatus::Cancelled)
}

fn row(cx: &ViewContext<'_>, ui: &mut Ui, shard: &ProjectShard, task: &Task, (open, slim): (bool, bool)) {
    let (theme, space) = (cx.theme, &cx.theme.space);
    let height = if slim { space.row } else { measures::RAIL_ROW };
    let (whole, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let short = format!("{}-{}", shard.project.short_prefix, task.number);
    let (icon, tone, words) = stands(cx, shard, task);
    let label = format!("{short} {} · {words}", task.title);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, open, &label));
    let rect = whole.shrink2(vec2(space.s, 0.0));
    if open || response.hovered() {
        ui.painter()
            .rect_filled(rect, CornerRadius::same(theme.radius.control), theme.colors.hover);
    }
    widgets::focus_ring(
        ui,
        theme,
        &response.clone().with_new_rect(rect),
        theme.radius.control,
    );
    let mark = Rect::from_min_size(rect.min + vec2(space.s, 0.0), vec2(space.icon, height));
    paint_mark(ui, theme, icon, mark, tone.color(theme));
    if !slim {
        let left = mark.right() + space.m;
        let width = rect.right() - left - space.xs;
        let color = if open {
            theme.colors.text
        } else {
            theme.colors.text_soft
        };
        let top = egui::pos2(left, rect.top() + space.s);
        let title = widgets::paint_row(ui, top, &task.title, theme.body(), color, width);
        let below = egui::pos2(left, title.bottom() + space.xxs);
        let line = format!("{short} · {words}");
        widgets::paint_row(ui, below, &line, theme.caption(), theme.colors.text_faint, width);
    }
    if response.clicked() {
        cx.go(Place::task(task.id));
    }
    if slim {
        response.on_hover_text(label);
    }
}

fn paint_mark(ui: &Ui, theme: &Theme, icon: Icon, rect: Rect, color: egui::Color32) {
    let text = char::from(icon).to_string();
    let galley = ui.painter().layout_no_wrap(text, theme.icon(), color);
    let at = rect.center() - Vec2::new(galley.size().x, galley.size().y) / 2.0;
    ui.painter().galley(at.round(), galley, color);
}

/// How a task stands: its newest attempt, or its column.
fn stands<'a>(cx: &ViewContext<'a>, shard: &ProjectShard, task: &Task) -> (Icon, widgets::Tone, &'a str) {
    let newest = shard.attempts_of(task.id).max_by_key(|attempt| attempt.number);
    let status = newest.and_then(|attempt| shard.attempt_status(attempt.id));
    match status {
        Some(status) => {
            let (icon, tone) = phrase::mark(status);
            (icon, tone, phrase::status(cx.text, status))
        }
        None => (
            Icon::CircleDashed,
            widgets::Tone::Quiet,
            cx.text.get("task-not-started"),
        ),
    }
}
