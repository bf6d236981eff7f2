//! A column: its header, its cards, and what happens when a card is dropped on it.

use super::{
    Board, Carried,
    card::{Card, card_id, height, title_place},
    fold_key, moves,
};
use crate::{
    Place, Toast, ViewContext,
    overview::ProjectView,
    text::Said,
    theme::measures::board as measures,
    widgets::{FieldEnd, context_menu, focus_ring, icon_button, opens, paint_icon, steadily},
};
use anyon_model::{Attempt, Command, ProjectId, Task, TaskId, TaskStatus, WorktreeState};
use egui::{
    Color32, CornerRadius, DragAndDrop, EventFilter, Rect, Response, Sense, Stroke, Ui, WidgetInfo,
    accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;
use std::sync::Arc;

/// A card that was painted, for the pointer that carries another one.
struct Slot {
    row: u64,
    rect: Rect,
}

impl Board {
    /// A folded column: its mark, its count, its name from top to bottom.
    pub(super) fn rail(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, at: usize, rect: Rect) {
        let status = TaskStatus::ALL[at];
        let response = opens(ui.interact(rect, ui.scope_id().with(("rail", at)), Sense::click()));
        let name = name(cx, status);
        let count = self.shown[at].len();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken(name, count)));
        let fill = if response.hovered() {
            cx.theme.colors.hover
        } else {
            cx.theme.colors.column
        };
        ui.painter()
            .rect_filled(rect, CornerRadius::same(cx.theme.radius.column), fill);
        let (icon, color) = mark(cx, status);
        let square = Rect::from_min_size(rect.min, vec2(rect.width(), measures::HEADER));
        paint_icon(ui, cx.theme, icon, square, color);
        let soft = cx.theme.colors.text_soft;
        let shown = if count > 0 {
            count.to_string()
        } else {
            String::new()
        };
        let number = ui.painter().layout_no_wrap(shown, cx.theme.caption(), soft);
        let place = pos2(rect.center().x - number.size().x / 2.0, square.bottom());
        let below = place.y + number.size().y + cx.theme.space.m;
        ui.painter().galley(place.round(), number, soft);
        let word = ui
            .painter()
            .layout_no_wrap(name.to_owned(), cx.theme.title(), soft);
        let place = pos2(rect.center().x + word.size().y / 2.0, below).round();
        let turned = epaint::TextShape::new(place, word, soft).with_angle(std::f32::consts::FRAC_PI_2);
        ui.painter().add(turned);
        focus_ring(ui, cx.theme, &response, cx.theme.radius.column);
        if response.clicked() {
            cx.set_note(&fold_key(status), "open");
        }
        // Dropped on a rail a card goes to its end.
        self.dropped(cx, ui, (at, status), rect, &[]);
    }

    pub(super) fn column(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        (at, status): (usize, TaskStatus),
        rect: Rect,
        project: Option<ProjectId>,
    ) {
        let colors = &cx.theme.colors;
        ui.painter()
            .rect_filled(rect, CornerRadius::same(cx.theme.radius.column), colors.column);
        let header = Rect::from_min_size(rect.min, vec2(rect.width(), measures::HEADER));
        ui.scope_builder(steadily(ui, ("header", at)).max_rect(header), |ui| {
            self.header(cx, ui, status, self.shown[at].len());
        });
        let inside = cx.theme.space.s;
        let body = Rect::from_min_max(
            pos2(rect.left() + inside, header.bottom()),
            rect.max - vec2(0.0, inside),
        );
        let slots = ui
            .scope_builder(steadily(ui, ("column", at)).max_rect(body), |ui| {
                if status == TaskStatus::Todo && self.new_task.is_open() {
                    ui.scope(|ui| {
                        ui.set_max_width(body.width() - inside);
                        self.new_task.ui(cx, ui, project);
                    });
                }
                self.cards(cx, ui, at)
            })
            .inner;
        self.dropped(cx, ui, (at, status), rect, &slots);
    }

    fn header(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, status: TaskStatus, count: usize) {
        let (icon, color) = mark(cx, status);
        ui.horizontal_centered(|ui| {
            ui.add_space(cx.theme.space.l);
            crate::widgets::mark(ui, cx.theme, icon, color);
            ui.label(cx.theme.strong(name(cx, status)));
            if count > 0 {
                ui.label(cx.theme.soft(count.to_string()));
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.add_space(cx.theme.space.s);
                match status {
                    TaskStatus::Todo => {
                        if icon_button(ui, cx.theme, Icon::Plus, cx.text.get("board-new-task"), "C").clicked()
                        {
                            self.new_task.open();
                        }
                    }
                    TaskStatus::Done | TaskStatus::Cancelled => {
                        let label = cx.text.with("board-fold", &[("column", name(cx, status).into())]);
                        if icon_button(ui, cx.theme, Icon::ChevronsRightLeft, &label, "").clicked() {
                            cx.set_note(&fold_key(status), "");
                        }
                    }
                    TaskStatus::InProgress | TaskStatus::InReview => {}
                }
            });
        });
    }

    fn cards(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, at: usize) -> Vec<Slot> {
        let column = std::mem::take(&mut self.shown[at]);
        let mut list = std::mem::take(&mut self.lists[at]);
        let mut slots = Vec::new();
        if column.is_empty() {
            self.nothing_here(cx, ui, TaskStatus::ALL[at]);
        } else {
            let label = name(cx, TaskStatus::ALL[at]).to_owned();
            let tall = |row: u64| {
                let found = column
                    .get(row as usize)
                    .and_then(|id| Some((cx.overview.of_task(*id)?, *id)));
                found.map_or(0.0, |(project, id)| height(cx, project, id)) + measures::CARD_GAP
            };
            list.show(
                ui,
                cx.theme,
                (&label, column.len() as u64),
                |_, row| tall(row),
                |ui, row| {
                    let mut rect = ui.max_rect();
                    rect.max.y -= measures::CARD_GAP;
                    slots.push(Slot { row, rect });
                    if let Some(task_id) = column.get(row as usize) {
                        let builder = steadily(ui, *task_id).max_rect(rect);
                        ui.scope_builder(builder, |ui| self.card(cx, ui, *task_id));
                    }
                },
            );
        }
        self.shown[at] = column;
        self.lists[at] = list;
        slots
    }

    fn nothing_here(&self, cx: &ViewContext<'_>, ui: &mut Ui, status: TaskStatus) {
        let none = self.shown.iter().all(Vec::is_empty);
        if none && status == TaskStatus::Todo && self.filter.is_none() && !self.new_task.is_open() {
            ui.add_space(cx.theme.space.m);
            ui.vertical_centered(|ui| ui.label(cx.theme.faint(cx.text.get("board-empty-todo"))));
        }
    }

    fn card(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, task_id: TaskId) {
        let (Some(task), Some(project)) = (moves::task(cx, task_id), cx.overview.of_task(task_id)) else {
            return;
        };
        let carried =
            DragAndDrop::payload::<Carried>(ui.ctx()).is_some_and(|carried| carried.task_id == task_id);
        let card = Card {
            task: &task,
            project,
            chosen: self.cursor == Some(task_id),
            carried,
            untitled: self
                .rename
                .as_ref()
                .is_some_and(|rename| rename.task_id == task_id),
        };
        let response = card.show(cx, ui);
        if card.untitled {
            self.rename_ui(cx, ui, &task);
        }
        self.react(cx, ui, &response, (&task, project));
    }

    /// The field in the place of a card's title. The card has the keyboard again when a key ends it.
    fn rename_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, task: &Task) {
        let place = title_place(cx, ui.max_rect());
        let end = self
            .rename
            .as_mut()
            .and_then(|rename| rename.ui(cx, ui, task, place));
        if let Some(end) = end {
            self.rename = None;
            if end != FieldEnd::None {
                ui.memory_mut(|memory| memory.request_focus(card_id(task.id)));
            }
        }
    }

    fn react(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &Ui,
        response: &Response,
        (task, project): (&Task, &ProjectView),
    ) {
        if response.has_focus() {
            self.cursor = Some(task.id);
            // The arrows move between cards, by our order and not by what lies near.
            let filter = EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        }
        if response.clicked() {
            self.cursor = Some(task.id);
            cx.go(cx.place_of_task(task.id));
        }
        if response.drag_started()
            && let Some(pointer) = ui.input(|input| input.pointer.press_origin())
        {
            response.dnd_set_drag_payload(Carried {
                task_id: task.id,
                size: response.rect.size(),
                grip: pointer - response.rect.min,
            });
        }
        let by_key = self.menu_for.take_if(|asked| *asked == task.id).is_some();
        context_menu(response, by_key, |ui| self.menu(cx, ui, task, project));
    }

    /// Shows where a carried card would go, and puts it there when it is let go.
    fn dropped(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &Ui,
        (at, status): (usize, TaskStatus),
        rect: Rect,
        slots: &[Slot],
    ) {
        let Some(carried) = DragAndDrop::payload::<Carried>(ui.ctx()) else {
            return;
        };
        let Some(pointer) = ui.input(|input| input.pointer.interact_pos()) else {
            return;
        };
        if !rect.contains(pointer) {
            return;
        }
        let row = slots
            .iter()
            .find(|slot| slot.rect.center().y > pointer.y)
            .map(|slot| slot.row);
        let row = row
            .or_else(|| slots.last().map(|slot| slot.row + 1))
            .unwrap_or(u64::MAX);
        self.show_gap(cx, ui, rect, slots, row);
        self.scroll_at_edge(ui, at, rect, pointer.y);
        if ui.input(|input| input.pointer.any_released()) {
            DragAndDrop::take_payload::<Carried>(ui.ctx());
            let row = usize::try_from(row).unwrap_or(usize::MAX);
            // The row was counted with the card itself in it.
            let above = self.shown[at]
                .iter()
                .take(row)
                .filter(|other| **other == carried.task_id)
                .count();
            self.moves.place(
                cx,
                carried.task_id,
                status,
                (row.saturating_sub(above), &self.shown[at]),
            );
            self.cursor = Some(carried.task_id);
        }
    }

    fn show_gap(&self, cx: &ViewContext<'_>, ui: &Ui, rect: Rect, slots: &[Slot], row: u64) {
        let colors = &cx.theme.colors;
        let stroke = Stroke::new(cx.theme.space.xxs, colors.accent);
        let below = slots
            .iter()
            .find(|slot| slot.row == row)
            .map(|slot| slot.rect.top());
        let y = below.or_else(|| slots.last().map(|slot| slot.rect.bottom() + measures::CARD_GAP));
        match y {
            Some(y) => {
                let y = y - measures::CARD_GAP / 2.0;
                ui.painter()
                    .hline(rect.shrink(cx.theme.space.s).x_range(), y.round(), stroke);
            }
            None => {
                let radius = CornerRadius::same(cx.theme.radius.column);
                ui.painter()
                    .rect_stroke(rect, radius, stroke, egui::StrokeKind::Inside);
            }
        }
    }

    fn scroll_at_edge(&mut self, ui: &Ui, at: usize, rect: Rect, y: f32) {
        let top = rect.top() + measures::HEADER + measures::EDGE;
        let by = if y < top {
            -measures::EDGE_STEP
        } else if y > rect.bottom() - measures::EDGE {
            measures::EDGE_STEP
        } else {
            return;
        };
        self.lists[at].nudge(by);
        ui.ctx().request_repaint();
    }

    /// Gives the cursor's card the keyboard and brings it into sight.
    pub(super) fn show_cursor(&mut self, ui: &Ui) {
        let Some(cursor) = self.cursor else { return };
        for (at, column) in self.shown.iter().enumerate() {
            if let Some(row) = column.iter().position(|id| *id == cursor) {
                self.lists[at].reveal(row as u64);
            }
        }
        ui.memory_mut(|memory| {
            memory.request_focus(card_id(cursor));
            // The arrow that brought us here would also move egui's own focus on.
            memory.move_focus(egui::FocusDirection::None);
        });
    }
}

/// The name of a column with its count; zeros are not said.
fn spoken(name: &str, count: usize) -> String {
    if count > 0 {
        format!("{name} {count}")
    } else {
        name.to_owned()
    }
}

/// Removes a task when the time to undo it is over.
pub(super) fn delete(cx: &ViewContext<'_>, task_id: TaskId) {
    let short = cx.state.short_id(task_id).unwrap_or_default();
    if let Some(attempt) = holds_work(cx, task_id) {
        let said = Said::new("board-delete-holds")
            .text("task", short)
            .number("n", attempt.number as usize);
        let instead = Some(Said::new("board-delete-holds-hint"));
        let there = Place::attempt(task_id, attempt.id);
        cx.toast(Toast::refused(said, instead).action("board-open", there));
        return;
    }
    let told = Said::new("board-deleted").text("task", short);
    cx.send_later(Command::DeleteTask { task_id }, task_id, told);
}

/// An attempt of a task that runs or holds work: the engine would refuse to remove it.
fn holds_work(cx: &ViewContext<'_>, task_id: TaskId) -> Option<Arc<Attempt>> {
    let project = cx.overview.of_task(task_id)?;
    let mut attempts = project.attempts_of.get(&task_id)?.iter().rev();
    let holds = |attempt: &&Arc<Attempt>| {
        let at_work = project
            .attempts
            .get(&attempt.id)
            .is_some_and(|view| view.status.is_active());
        at_work
            || matches!(
                attempt.worktree.state,
                WorktreeState::Ready | WorktreeState::Creating
            )
    };
    attempts.find_map(|id| project.shard.attempts.get(id).filter(holds).cloned())
}

/// The name of a column.
pub(super) fn name<'a>(cx: &ViewContext<'a>, status: TaskStatus) -> &'a str {
    cx.text.get(match status {
        TaskStatus::Todo => "board-todo",
        TaskStatus::InProgress => "board-in-progress",
        TaskStatus::InReview => "board-in-review",
        TaskStatus::Done => "board-done",
        TaskStatus::Cancelled => "board-cancelled",
    })
}

/// The mark of a column.
pub(super) fn mark(cx: &ViewContext<'_>, status: TaskStatus) -> (Icon, Color32) {
    let colors = &cx.theme.colors;
    match status {
        TaskStatus::Todo => (Icon::CircleDashed, colors.text_soft),
        TaskStatus::InProgress => (Icon::LoaderCircle, colors.amber),
        TaskStatus::InReview => (Icon::Eye, colors.blue),
        TaskStatus::Done => (Icon::CircleCheck, colors.green),
        TaskStatus::Cancelled => (Icon::CircleX, colors.text_soft),
    }
}
