//! The slim rail: the board as one column of short rows, while a task is open.

use crate::{ViewContext, overview::ProjectView, phrase, theme::measures::task as measures, widgets};
use anyon_model::*;
use egui::{CornerRadius, Rect, Sense, Ui, WidgetInfo, accesskit::Role, vec2};
use lucide_icons::Icon;

/// Everything that the rows depend on.
type Follows = (u64, ProjectId, TaskId);

/// The rail.
#[derive(Default)]
pub struct Rail {
    list: widgets::VirtualList,
    /// Its rows, and what they follow from.
    rows: Option<(Follows, Vec<TaskId>)>,
    /// The task that was open in the last frame.
    open: Option<TaskId>,
}

impl Rail {
    /// Paints the tasks that are not over, those that need a person first, and the way back to the board.
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
                cx.go_up();
            }
            if !slim {
                ui.add(egui::Label::new(theme.soft(widgets::shown(&shard.project.name))).truncate());
            }
        });
        let Some(view) = cx.overview.project(shard.project.id) else {
            return;
        };
        let follows = (cx.overview.revision(), shard.project.id, open);
        if self.rows.as_ref().is_none_or(|(kept, _)| *kept != follows) {
            self.rows = Some((follows, tasks(view, open)));
        }
        let rows = self.rows.as_ref().map_or(&[][..], |(_, rows)| rows);
        if self.open.replace(open) != Some(open)
            && let Some(row) = rows.iter().position(|id| *id == open)
        {
            self.list.reveal(row as u64);
        }
        let label = cx.text.get("task-rail");
        let height = theme.space.xxs + if slim { theme.space.row } else { measures::RAIL_ROW };
        self.list
            .fixed(ui, theme, (label, rows.len() as u64, height), |ui, at| {
                let task = rows.get(at as usize).and_then(|id| view.shard.tasks.get(id));
                if let Some(task) = task {
                    let about = (task.id == open, slim);
                    widgets::steady(ui, task.id, |ui| row(cx, ui, view, task, about));
                }
            });
    }
}

/// The tasks of the rail: those that need a person, the most urgent first, then the board's columns from left to
/// right, each in its order; of what is over, only the open one.
fn tasks(view: &ProjectView, open: TaskId) -> Vec<TaskId> {
    let over = |status: TaskStatus| matches!(status, TaskStatus::Done | TaskStatus::Cancelled);
    let columns = TaskStatus::ALL.iter().zip(&view.columns);
    let mut rows: Vec<TaskId> = columns
        .filter(|(status, _)| !over(**status))
        .flat_map(|(_, column)| column.iter().copied())
        .collect();
    // Asked once for each: a project may have thousands, and the order is made anew while agents work.
    rows.sort_by_cached_key(|id| std::cmp::Reverse(view.urgency(*id)));
    let task = view.shard.tasks.get(&open);
    rows.extend(task.filter(|task| over(task.status)).map(|task| task.id));
    rows
}

fn row(cx: &ViewContext<'_>, ui: &mut Ui, view: &ProjectView, task: &Task, (open, slim): (bool, bool)) {
    let (theme, space) = (cx.theme, &cx.theme.space);
    let height = if slim { space.row } else { measures::RAIL_ROW };
    let (whole, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let response = widgets::opens(response);
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
    widgets::paint_icon(ui, theme, icon, mark, tone.color(theme));
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
        cx.go(cx.place_of_task(task.id));
    }
    if cut {
        response.on_hover_text(widgets::shown(&label));
    }
}

/// How a task stands: its most urgent attempt, as on its card.
fn stands<'a>(cx: &ViewContext<'a>, view: &ProjectView, task: &Task) -> (Icon, widgets::Tone, &'a str) {
    let status = view.most_urgent(task.id).map(|(_, attempt)| attempt.status);
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
