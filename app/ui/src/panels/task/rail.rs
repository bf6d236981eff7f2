//! The slim rail: the board as one column of short rows, while a task is open.

use crate::{
    Place, Theme, ViewContext, overview::ProjectView, phrase, theme::measures::task as measures, widgets,
};
use anyon_model::*;
use egui::{CornerRadius, Rect, Sense, Ui, Vec2, WidgetInfo, accesskit::Role, vec2};
use lucide_icons::Icon;
use std::sync::Arc;

/// The rail.
#[derive(Default)]
pub struct Rail {
    list: widgets::VirtualList,
    /// The task that was open in the last frame.
    open: Option<TaskId>,
}

impl Rail {
    /// Paints the tasks that are not over, in the board's order, and the way back to the board.
    pub fn ui(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        shard: &ProjectShard,
        (open, slim): (TaskId, bool),
    ) {
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
        let Some(view) = cx.overview.project(shard.project.id) else {
            return;
        };
        let tasks = Tasks::of(view, open);
        if self.open.replace(open) != Some(open)
            && let Some(row) = tasks.row_of(open)
        {
            self.list.reveal(row);
        }
        let label = cx.text.get("task-rail");
        let height = theme.space.xxs + if slim { theme.space.row } else { measures::RAIL_ROW };
        self.list
            .fixed(ui, theme, (label, tasks.count(), height), |ui, at| {
                if let Some(task) = tasks.at(at).and_then(|id| view.shard.tasks.get(&id)) {
                    let about = (task.id == open, slim);
                    widgets::steady(ui, task.id, |ui| row(cx, ui, view, task, about));
                }
            });
    }
}

/// The tasks of the rail: three columns of the board one below the other, and the open one if it is in none of them.
struct Tasks<'a> {
    columns: [&'a [TaskId]; 3],
    open: Option<TaskId>,
}

impl<'a> Tasks<'a> {
    fn of(view: &'a ProjectView, open: TaskId) -> Self {
        let column = |status: TaskStatus| {
            let at = TaskStatus::ALL.iter().position(|known| *known == status);
            at.map_or(&[][..], |at| view.columns[at].as_slice())
        };
        let over = |task: &Arc<Task>| matches!(task.status, TaskStatus::Done | TaskStatus::Cancelled);
        Self {
            columns: [TaskStatus::InReview, TaskStatus::InProgress, TaskStatus::Todo].map(column),
            open: view
                .shard
                .tasks
                .get(&open)
                .filter(|task| over(task))
                .map(|task| task.id),
        }
    }
    fn all(&self) -> impl Iterator<Item = TaskId> {
        self.columns.into_iter().flatten().copied().chain(self.open)
    }
    fn count(&self) -> u64 {
        let open = usize::from(self.open.is_some());
        (self.columns.iter().map(|column| column.len()).sum::<usize>() + open) as u64
    }
    fn row_of(&self, task_id: TaskId) -> Option<u64> {
        self.all().position(|id| id == task_id).map(|row| row as u64)
    }
    fn at(&self, row: u64) -> Option<TaskId> {
        self.all().nth(usize::try_from(row).ok()?)
    }
}

fn row(cx: &ViewContext<'_>, ui: &mut Ui, view: &ProjectView, task: &Task, (open, slim): (bool, bool)) {
    let (theme, space) = (cx.theme, &cx.theme.space);
    let height = if slim { space.row } else { measures::RAIL_ROW };
    let (whole, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let short = format!("{}-{}", view.shard.project.short_prefix, task.number);
    let (icon, tone, words) = stands(cx, view, task);
    let label = format!("{short} {} · {words}", task.title);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    widgets::chosen(&response, open);
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
    let mut cut = slim;
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
        let title = widgets::is_cut(ui, &task.title, theme.body(), width);
        cut = title || widgets::is_cut(ui, &line, theme.caption(), width);
    }
    if response.clicked() {
        cx.go(Place::task(task.id));
    }
    if cut {
        response.on_hover_text(widgets::shown(&label));
    }
}

fn paint_mark(ui: &Ui, theme: &Theme, icon: Icon, rect: Rect, color: egui::Color32) {
    let text = char::from(icon).to_string();
    let galley = ui.painter().layout_no_wrap(text, theme.icon(), color);
    let at = rect.center() - Vec2::new(galley.size().x, galley.size().y) / 2.0;
    ui.painter().galley(at.round(), galley, color);
}

/// How a task stands: its newest attempt, or its column.
fn stands<'a>(cx: &ViewContext<'a>, view: &ProjectView, task: &Task) -> (Icon, widgets::Tone, &'a str) {
    let status = view.newest(task.id).map(|(_, attempt)| attempt.status);
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
