//! The board: five columns of cards, moved by pointer or keys, with a filter, a peek and undo.

mod card;
mod column;
mod keyboard;
mod menu;
mod moves;
pub mod new_task;
mod order;
mod peek;
mod rename;

use crate::{
    Panel, Place, ViewContext,
    theme::measures::board as measures,
    widgets::{EmptyState, FieldEnd, VirtualList, empty_state, icon_button, text_field},
};
use anyon_model::{ProjectId, TaskId, TaskStatus};
use egui::{DragAndDrop, Id, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use lucide_icons::Icon;

/// The board.
#[derive(Default)]
pub struct Board {
    lists: [VirtualList; 5],
    /// The cards shown, by column.
    shown: [Vec<TaskId>; 5],
    /// What they were collected from.
    collected: Option<Collected>,
    cursor: Option<TaskId>,
    peek: Option<TaskId>,
    /// A peek was painted in the last frame.
    peeked: bool,
    rename: Option<rename::Rename>,
    /// The menu of this card is to be opened, by a key.
    menu_for: Option<TaskId>,
    filter: Option<String>,
    focus_filter: bool,
    new_task: new_task::NewTask,
    moves: moves::Moves,
}

/// Everything that the cards shown depend on.
#[derive(PartialEq)]
struct Collected {
    revision: u64,
    project: Option<ProjectId>,
    filter: Option<String>,
    leaving: Vec<TaskId>,
}

/// A card on its way.
#[derive(Debug, Clone, Copy)]
struct Carried {
    task_id: TaskId,
    /// Its size, and where in it the pointer holds it.
    size: egui::Vec2,
    grip: egui::Vec2,
}

impl Panel for Board {
    fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let Place::Board { project } = *cx.place() else {
            return;
        };
        let created = self.new_task.logic(cx, ui.ctx());
        if cx.overview.projects().next().is_none() {
            return nothing_yet(cx, ui);
        }
        self.collect(cx, project);
        if let Some(task_id) = created {
            self.arrived(task_id);
        }
        self.keys(cx, ui);
        let inside = ui.available_rect_before_wrap().shrink(cx.theme.space.column_gap);
        ui.scope_builder(UiBuilder::new().max_rect(inside), |ui| {
            self.filter_row(cx, ui);
            self.columns(cx, ui, project);
        });
        self.carried(cx, ui);
        self.peek_ui(cx, ui);
    }
}

/// A column is folded to a rail.
fn is_folded(cx: &ViewContext<'_>, status: TaskStatus) -> bool {
    let folds = matches!(status, TaskStatus::Done | TaskStatus::Cancelled);
    folds && cx.note(&fold_key(status)).as_deref() != Some("open")
}

fn fold_key(status: TaskStatus) -> String {
    format!("board/{status}")
}

fn nothing_yet(cx: &ViewContext<'_>, ui: &mut Ui) {
    let empty = EmptyState {
        icon: Icon::FolderGit2,
        title: cx.text.get("board-no-project"),
        text: cx.text.get("board-no-project-text"),
        action: Some(cx.text.get("board-add-project")),
    };
    if empty_state(ui, cx.theme, &empty).is_some_and(|button| button.clicked()) {
        cx.open(crate::Dialog::AddProject);
    }
}

impl Board {
    /// The cards of each column, filtered, without those that are about to be removed. Only when something changed:
    /// thousands of cards of many projects are not sorted in each frame.
    fn collect(&mut self, cx: &ViewContext<'_>, project: Option<ProjectId>) {
        let now = Collected {
            revision: cx.overview.revision(),
            project,
            filter: self.filter.clone(),
            leaving: cx.leaving(),
        };
        if self.collected.as_ref() == Some(&now) {
            return;
        }
        let words: Vec<String> = now
            .filter
            .iter()
            .flat_map(|text| text.split_whitespace())
            .map(str::to_lowercase)
            .collect();
        for (at, shown) in self.shown.iter_mut().enumerate() {
            let views = cx
                .overview
                .projects()
                .filter(|(id, _)| project.is_none_or(|wanted| wanted == **id));
            let mut cards = Vec::new();
            for (_, view) in views {
                let wanted = view.columns[at]
                    .iter()
                    .filter(|id| matches(view, **id, &words) && !now.leaving.contains(id));
                let place = |id: &TaskId| {
                    view.shard
                        .tasks
                        .get(id)
                        .map(|task| (task.order, task.number, *id))
                };
                cards.extend(wanted.filter_map(place));
            }
            // Each project's are in order already.
            cards.sort();
            shown.clear();
            shown.extend(cards.iter().map(|(_, _, id)| *id));
        }
        self.cursor = self
            .cursor
            .filter(|cursor| self.shown.iter().any(|column| column.contains(cursor)));
        self.collected = Some(now);
    }

    /// A new card has the cursor and is in sight; the field it was written in keeps the keyboard.
    fn arrived(&mut self, task_id: TaskId) {
        for (column, list) in self.shown.iter().zip(&mut self.lists) {
            if let Some(row) = column.iter().position(|id| *id == task_id) {
                list.reveal(row as u64);
                self.cursor = Some(task_id);
            }
        }
    }

    /// The filter, while there is one.
    fn filter_row(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let Some(text) = &mut self.filter else { return };
        let id = Id::unique("board filter");
        if std::mem::take(&mut self.focus_filter) {
            cx.focus(ui, id);
        }
        let (mut closed, mut left) = (false, false);
        ui.horizontal(|ui| {
            ui.scope(|ui| {
                ui.set_max_width(measures::FILTER);
                let (label, hint) = (cx.text.get("board-filter"), cx.text.get("board-filter-hint"));
                let (_, end) = text_field(ui, cx.theme, id, text, label, hint);
                closed = end == FieldEnd::Escape;
                left = end == FieldEnd::Enter;
            });
            closed |= icon_button(ui, cx.theme, Icon::X, cx.text.get("board-filter-clear"), "Esc").clicked();
            let found: usize = self.shown.iter().map(Vec::len).sum();
            ui.label(cx.theme.soft(cx.text.with("board-found", &[("n", found.into())])));
        });
        ui.add_space(cx.theme.space.m);
        if left {
            ui.memory_mut(|memory| memory.surrender_focus(id));
            self.choose_first(ui);
        }
        if closed {
            self.filter = None;
        }
    }

    fn columns(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, project: Option<ProjectId>) {
        let gap = cx.theme.space.column_gap;
        let folded = TaskStatus::ALL.map(|status| is_folded(cx, status));
        let rails = folded.iter().filter(|folded| **folded).count() as f32;
        let open = TaskStatus::ALL.len() as f32 - rails;
        let room = ui.available_width() - rails * (measures::RAIL + gap) - (open - 1.0).max(0.0) * gap;
        let width = (room / open.max(1.0)).floor().max(measures::COLUMN_MIN);
        let whole = width * open + rails * measures::RAIL + gap * (open + rails - 1.0);
        ScrollArea::horizontal()
            .auto_shrink([false, false])
            .show(ui, |ui| {
                let size = vec2(whole, ui.available_height());
                let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
                let mut x = rect.left();
                for (at, status) in TaskStatus::ALL.into_iter().enumerate() {
                    let wide = if folded[at] { measures::RAIL } else { width };
                    let place = Rect::from_min_size(pos2(x, rect.top()), vec2(wide, rect.height()));
                    match folded[at] {
                        true => self.rail(cx, ui, at, place),
                        false => self.column(cx, ui, (at, status), place, project),
                    }
                    x += wide + gap;
                }
            });
    }

    /// The card at the pointer while it is carried.
    fn carried(&self, cx: &ViewContext<'_>, ui: &Ui) {
        let Some(carried) = DragAndDrop::payload::<Carried>(ui.ctx()) else {
            return;
        };
        let Some(pointer) = ui.input(|input| input.pointer.latest_pos()) else {
            return;
        };
        let (Some(task), Some(project)) = (
            moves::task(cx, carried.task_id),
            cx.overview.of_task(carried.task_id),
        ) else {
            return;
        };
        let card = card::Card {
            task: &task,
            project,
            chosen: false,
            carried: false,
            untitled: false,
        };
        egui::Area::new(Id::unique("carried card"))
            .order(egui::Order::Tooltip)
            .fixed_pos(pointer - carried.grip)
            .interactable(false)
            .show(ui.ctx(), |ui| {
                let (rect, _) = ui.allocate_exact_size(carried.size, egui::Sense::hover());
                ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| card.paint_carried(cx, ui));
            });
    }

    fn peek_ui(&mut self, cx: &ViewContext<'_>, ui: &Ui) {
        // The press that opened it is no press beside it.
        let was_open = std::mem::replace(&mut self.peeked, self.peek.is_some());
        let Some(task_id) = self.peek else { return };
        let (Some(task), Some(project)) = (moves::task(cx, task_id), cx.overview.of_task(task_id)) else {
            self.peek = None;
            return;
        };
        if !peek::show(cx, ui, project, &task) && was_open {
            self.peek = None;
        }
    }
}

/// All words stand in the title, the short id or a label.
fn matches(view: &crate::overview::ProjectView, task_id: TaskId, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let Some(task) = view.shard.tasks.get(&task_id) else {
        return false;
    };
    let labels = view.shard.labels_of(task).map(|label| label.name.as_str());
    let mut all = format!(
        "{} {}-{}",
        task.title, view.shard.project.short_prefix, task.number
    );
    for label in labels {
        all.push(' ');
        all.push_str(label);
    }
    let all = all.to_lowercase();
    words.iter().all(|word| all.contains(word.as_str()))
}
