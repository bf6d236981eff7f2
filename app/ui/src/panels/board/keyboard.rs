//! The board by keys: arrows or hjkl move the cursor, with Shift the card; c, /, Space, Enter,
//! s, t, m, e, F2, Delete, the menu's key, Ctrl+Z.

use super::{Board, column::delete, is_folded, new_task, rename::Rename};
use crate::{Dialog, ViewContext, keys};
use anyon_model::{AttemptId, AttemptStatus, TaskId, TaskStatus};
use egui::{Key, Modifiers, Ui};

/// A step on the board.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Left,
    Down,
    Up,
    Right,
}

const STEPS: [(Key, Key, Step); 4] = [
    (Key::ArrowLeft, Key::H, Step::Left),
    (Key::ArrowDown, Key::J, Step::Down),
    (Key::ArrowUp, Key::K, Step::Up),
    (Key::ArrowRight, Key::L, Step::Right),
];

impl Board {
    pub(super) fn keys(&mut self, cx: &ViewContext<'_>, ui: &Ui) {
        if cx.dialog_is_open() || !keys::free(ui.ctx()) || egui::Popup::is_any_open(ui.ctx()) {
            return;
        }
        if !cx.toast_takes_back() && keys::with_outside(ui, Modifiers::COMMAND, Key::Z) {
            self.moves.undo(cx);
        }
        if keys::plain(ui, Key::C) {
            self.new_task.open();
        }
        if keys::plain(ui, Key::Slash) {
            self.filter.get_or_insert_default();
            self.focus_filter = true;
        }
        if self.peek.is_some() && keys::plain(ui, Key::Escape) {
            self.peek = None;
        } else if self.filter.is_some() && keys::plain(ui, Key::Escape) {
            self.filter = None;
        }
        self.steps(cx, ui);
        if let Some(cursor) = self.cursor {
            self.card_keys(cx, ui, cursor);
        }
    }

    /// The first card gets the cursor.
    pub(super) fn choose_first(&mut self, ui: &Ui) {
        self.cursor = self.shown.iter().find_map(|column| column.first().copied());
        self.show_cursor(ui);
    }

    fn steps(&mut self, cx: &ViewContext<'_>, ui: &Ui) {
        for (arrow, letter, step) in STEPS {
            let pressed = |modifiers| {
                keys::with_outside(ui, modifiers, arrow) || keys::with_outside(ui, modifiers, letter)
            };
            if pressed(Modifiers::SHIFT) {
                self.carry(cx, step);
            } else if pressed(Modifiers::NONE) {
                self.step(cx, ui, step);
            }
        }
    }

    fn step(&mut self, cx: &ViewContext<'_>, ui: &Ui, step: Step) {
        let Some((at, row)) = self.cursor.and_then(|cursor| self.find(cursor)) else {
            return self.choose_first(ui);
        };
        let next = match step {
            Step::Up => row
                .checked_sub(1)
                .and_then(|row| self.shown[at].get(row))
                .copied(),
            Step::Down => self.shown[at].get(row + 1).copied(),
            Step::Left => (0..at).rev().find_map(|at| self.beside(cx, at, row)),
            Step::Right => (at + 1..self.shown.len()).find_map(|at| self.beside(cx, at, row)),
        };
        self.cursor = next.or(self.cursor);
        if self.peek.is_some() {
            self.peek = self.cursor;
        }
        self.show_cursor(ui);
    }

    fn beside(&self, cx: &ViewContext<'_>, at: usize, row: usize) -> Option<TaskId> {
        let column = &self.shown[at];
        let there = !is_folded(cx, TaskStatus::ALL[at]) && !column.is_empty();
        there.then(|| column[row.min(column.len() - 1)])
    }

    /// Moves the card itself.
    fn carry(&mut self, cx: &ViewContext<'_>, step: Step) {
        let Some(cursor) = self.cursor else { return };
        let Some((at, row)) = self.find(cursor) else {
            return;
        };
        let (to, row) = match step {
            Step::Up if row > 0 => (at, row - 1),
            Step::Down if row + 1 < self.shown[at].len() => (at, row + 1),
            Step::Left if at > 0 => (at - 1, row),
            Step::Right if at + 1 < self.shown.len() => (at + 1, row),
            _ => return,
        };
        self.moves
            .place(cx, cursor, TaskStatus::ALL[to], (row, &self.shown[to]));
    }

    fn card_keys(&mut self, cx: &ViewContext<'_>, ui: &Ui, cursor: TaskId) {
        if keys::plain(ui, Key::Space) {
            self.peek = if self.peek.is_some() { None } else { Some(cursor) };
        }
        if keys::with_outside(ui, Modifiers::COMMAND, Key::Enter) {
            new_task::start_card(cx, cursor, new_task::last_profile(cx));
        }
        if keys::plain(ui, Key::Enter) {
            self.peek = None;
            cx.go(cx.place_of_task(cursor));
        }
        if keys::plain(ui, Key::S) {
            cx.open(Dialog::Start { task_id: cursor });
        }
        if keys::plain(ui, Key::T) {
            cx.open(Dialog::Classify { task_id: cursor });
        }
        if keys::plain(ui, Key::E) {
            cx.open(Dialog::EditTask { task_id: cursor });
        }
        if let (true, Some(task)) = (keys::plain(ui, Key::F2), super::moves::task(cx, cursor)) {
            self.peek = None;
            self.rename = Some(Rename::of(&task));
            self.show_cursor(ui);
        }
        if keys::plain(ui, Key::Menu) || keys::with_outside(ui, Modifiers::SHIFT, Key::F10) {
            self.menu_for = Some(cursor);
            self.show_cursor(ui);
        }
        if let (true, Some(attempt_id)) = (keys::plain(ui, Key::M), landable(cx, cursor)) {
            cx.open(Dialog::Landing { attempt_id });
        }
        if keys::plain(ui, Key::Delete) || keys::plain(ui, Key::Backspace) {
            self.peek = None;
            delete(cx, cursor);
        }
    }

    fn find(&self, task_id: TaskId) -> Option<(usize, usize)> {
        self.shown.iter().enumerate().find_map(|(at, column)| {
            let row = column.iter().position(|id| *id == task_id)?;
            Some((at, row))
        })
    }
}

/// The attempt of a task that is to review: it has a landing sheet. Nothing lands by the key itself.
pub(super) fn landable(cx: &ViewContext<'_>, task_id: TaskId) -> Option<AttemptId> {
    let (attempt, view) = cx.overview.of_task(task_id)?.most_urgent(task_id)?;
    let lands = matches!(
        view.status,
        AttemptStatus::Idle | AttemptStatus::Stopped | AttemptStatus::Conflicted
    );
    lands.then_some(attempt.id)
}
