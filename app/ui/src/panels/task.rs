//! A task: slim rail of tasks, header, stage strip, and the parts of its attempt.

mod header;
mod history;
mod log;
mod rail;
mod strip;

pub use history::history;

use super::{
    approvals::Approvals, changes::Changes, composer::Composer, conversation::Conversation, landing,
};
use crate::{
    Dialog, Panel, Place, Tab, ViewContext, keys, phrase,
    theme::measures::{conversation as said, task as measures},
    widgets::{self, Button, EmptyState, Split},
};
use anyon_model::*;
use egui::{Frame, Key, Margin, Modifiers, Ui};
use lucide_icons::Icon;
use std::sync::Arc;

/// A task with its attempts.
#[derive(Default)]
pub struct TaskPanel {
    header: header::Header,
    conversation: Conversation,
    approvals: Approvals,
    composer: Composer,
    changes: Changes,
    log: log::LogView,
    rail: rail::Rail,
}

/// What is shown of an attempt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Conversation,
    Changes,
    Both,
    Log,
}

impl Panel for TaskPanel {
    fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let Place::Task {
            task_id,
            attempt_id,
            tab,
        } = *cx.place()
        else {
            return;
        };
        let found = cx.state.shard_of_task(task_id);
        let Some((shard, task)) = found.and_then(|shard| Some((shard, shard.tasks.get(&task_id)?))) else {
            gone(cx, ui);
            return;
        };
        if task.unread && ui.input(|input| input.focused) {
            cx.send_quiet(Command::MarkRead { task_id });
        }
        let slim = ui.available_width() < measures::RAIL_FROM;
        let width = if slim { measures::RAIL_SLIM } else { measures::RAIL };
        egui::Panel::left("task rail")
            .frame(Frame::new().fill(cx.theme.colors.side_bar))
            .resizable(false)
            .exact_size(width)
            .show(ui, |ui| self.rail.ui(cx, ui, shard, (task_id, slim)));
        egui::CentralPanel::no_frame().show(ui, |ui| self.task(cx, ui, (shard, task), attempt_id, tab));
    }
}

impl TaskPanel {
    fn task(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        (shard, task): (&Arc<ProjectShard>, &Arc<Task>),
        attempt_id: Option<AttemptId>,
        tab: Tab,
    ) {
        let newest = || shard.attempts_of(task.id).max_by_key(|attempt| attempt.number);
        let attempt = attempt_id.and_then(|id| shard.attempts.get(&id)).or_else(newest);
        let part = attempt.map(|attempt| part(shard, attempt.id, tab, ui.available_width()));
        let space = &cx.theme.space;
        let margin = Margin::symmetric(space.xl as i8, space.m as i8);
        egui::Panel::top("task header")
            .frame(Frame::new().inner_margin(margin))
            .resizable(false)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = space.s;
                self.header.ui(cx, ui, shard, task, attempt);
                if let Some(attempt) = attempt {
                    widgets::steady(ui, "tabs", |ui| self.tabs(cx, ui, attempt, tab, part));
                }
            });
        match (attempt, part) {
            (Some(attempt), Some(part)) => {
                landing::strip(cx, ui, attempt.id);
                widgets::steady(ui, "attempt", |ui| self.attempt(cx, ui, attempt.id, part));
            }
            _ => no_attempt(cx, ui, task.id),
        }
    }

    fn attempt(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, attempt_id: AttemptId, part: Part) {
        match part {
            Part::Conversation => self.talk(cx, ui, attempt_id),
            Part::Changes => self.changes.ui(cx, ui, attempt_id),
            Part::Log => self.log.ui(cx, ui, attempt_id),
            Part::Both => {
                let split = Split {
                    name: "attempt",
                    share: measures::SHARE,
                    least: measures::PART_MIN,
                };
                let Self {
                    conversation,
                    approvals,
                    composer,
                    changes,
                    ..
                } = self;
                split.show(
                    cx,
                    ui,
                    |ui| talk(cx, ui, attempt_id, (conversation, approvals, composer)),
                    |ui| changes.ui(cx, ui, attempt_id),
                );
            }
        }
    }

    fn talk(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, attempt_id: AttemptId) {
        let parts = (&mut self.conversation, &mut self.approvals, &mut self.composer);
        talk(cx, ui, attempt_id, parts);
    }

    fn tabs(&self, cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt, tab: Tab, part: Option<Part>) {
        let (text, attempt_id) = (cx.text, attempt.id);
        let summary = cx.page(Query::DiffSummary {
            attempt_id,
            watch: true,
        });
        let files = match summary.ready() {
            Some(Answer::DiffSummary(summary)) => summary.files.len(),
            _ => 0,
        };
        let changes = match files {
            0 => text.get("task-changes").to_owned(),
            n => text.with("task-changes-count", &[("n", n.into())]),
        };
        let go = |tab| {
            cx.go(Place::Task {
                task_id: attempt.task_id,
                attempt_id: Some(attempt_id),
                tab,
            });
        };
        // What is shown is one of these: side by side is a view of its own, where there is room for it.
        let mut views = vec![
            (
                Part::Conversation,
                text.get("task-conversation"),
                Tab::Conversation,
            ),
            (Part::Both, text.get("task-both"), Tab::Auto),
            (Part::Changes, changes.as_str(), Tab::Changes),
            (Part::Log, text.get("task-log"), Tab::Log),
        ];
        let is_wide = ui.available_width() >= measures::WIDE - 2.0 * cx.theme.space.xl;
        views.retain(|(view, ..)| is_wide || *view != Part::Both);
        ui.horizontal(|ui| {
            for (view, label, leads) in views {
                if header::tab(cx, ui, label, part == Some(view)) {
                    go(leads);
                }
            }
            if tab != Tab::Auto && !is_wide {
                let label = text.get("task-auto");
                if widgets::icon_button(ui, cx.theme, Icon::Columns2, label, "").clicked() {
                    go(Tab::Auto);
                }
            }
        });
    }
}

/// The conversation leads while the agent runs, the changes when it is idle; side by side where there is room.
fn part(shard: &ProjectShard, attempt_id: AttemptId, tab: Tab, width: f32) -> Part {
    match tab {
        Tab::Conversation => Part::Conversation,
        Tab::Changes => Part::Changes,
        Tab::Log => Part::Log,
        Tab::Auto if width >= measures::WIDE => Part::Both,
        Tab::Auto => match shard.attempt_status(attempt_id) {
            Some(AttemptStatus::Idle | AttemptStatus::Conflicted | AttemptStatus::Landed) => Part::Changes,
            _ => Part::Conversation,
        },
    }
}

/// What was said, what is asked, and what is said next.
fn talk(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    attempt_id: AttemptId,
    (conversation, approvals, composer): (&mut Conversation, &mut Approvals, &mut Composer),
) {
    to_question_or_message(cx, ui, attempt_id);
    let space = &cx.theme.space;
    let margin = Margin {
        left: space.xl as i8,
        right: space.xl as i8,
        top: space.xs as i8,
        bottom: space.l as i8,
    };
    // What was said last stays in sight above a question, and the composer below it.
    let room = ui.available_height() - measures::BESIDE_QUESTIONS;
    let below = egui::Panel::bottom("composer")
        .frame(Frame::new().inner_margin(margin))
        .resizable(false)
        .show_separator_line(false)
        .show(ui, |ui| {
            // As wide as what is said above.
            ui.set_max_width(ui.available_width().min(said::TEXT_MAX));
            widgets::steady(ui, "approvals", |ui| approvals.ui(cx, ui, attempt_id, room));
            widgets::steady(ui, "composer", |ui| composer.ui(cx, ui, attempt_id));
        });
    widgets::settled(ui, &below.response);
    if composer.take_sent() {
        conversation.to_end();
    }
    widgets::steady(ui, "conversation", |ui| conversation.ui(cx, ui, attempt_id));
}

/// One key goes to the question that waits, and from there, or without one, to the field for the next message.
fn to_question_or_message(cx: &ViewContext<'_>, ui: &Ui, attempt_id: AttemptId) {
    if cx.dialog_is_open() || !keys::with(ui, Modifiers::COMMAND, Key::J) {
        return;
    }
    let focused = ui.memory(|memory| memory.focused());
    let card = Approvals::first(cx, attempt_id).map(Approvals::card_id);
    let card = card.filter(|card| focused != Some(*card));
    cx.focus(ui, card.unwrap_or(Composer::field_id()));
}

fn no_attempt(cx: &ViewContext<'_>, ui: &mut Ui, task_id: TaskId) {
    let empty = EmptyState {
        icon: Icon::Bot,
        title: cx.text.get("task-no-attempt"),
        text: cx.text.get("task-no-attempt-text"),
        action: Some(cx.text.get("task-start")),
    };
    let pressed = widgets::empty_state(ui, cx.theme, &empty);
    let by_key = !cx.dialog_is_open() && keys::free(ui.ctx()) && keys::plain(ui, Key::S);
    if by_key || pressed.is_some_and(|response| response.clicked()) {
        cx.open(Dialog::Start { task_id });
    }
}

fn gone(cx: &ViewContext<'_>, ui: &mut Ui) {
    let empty = EmptyState {
        icon: Icon::CircleSlash,
        title: cx.text.get("task-gone"),
        text: cx.text.get("task-gone-text"),
        action: Some(cx.text.get("task-to-board")),
    };
    let pressed = widgets::empty_state(ui, cx.theme, &empty);
    if pressed.is_some_and(|response| response.clicked()) {
        cx.go(Place::default());
    }
}

/// An agent's name by its id, as far as it is known.
pub fn agent_name(cx: &ViewContext<'_>, executor: &str) -> String {
    let page = cx.page(Query::Agents { probe: false });
    let found = match page.ready() {
        Some(Answer::Agents(findings)) => findings.iter().find(|finding| finding.agent_id == executor),
        _ => None,
    };
    found.map_or_else(|| phrase::agent_name(executor), |finding| finding.name.clone())
}

/// A button for a further attempt.
fn start_button(cx: &ViewContext<'_>, ui: &mut Ui, task_id: TaskId) {
    let button = Button::quiet(cx.text.get("task-start-further")).icon(Icon::Play);
    if button.show(ui, cx.theme).clicked() {
        cx.open(Dialog::Start { task_id });
    }
}
