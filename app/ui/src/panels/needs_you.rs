//! Needs you: everything that waits for a person, across projects, newest first, answered in place. What it lists and
//! what the badge counts is the same: [`crate::Overview::waiting`].

mod asked;
mod detail;

use crate::{
    Dialog, Panel, Place, Tab, ViewContext, keys,
    overview::{Need, NeedKind, Waiting},
    panels::{approvals::Approvals, landing},
    phrase,
    theme::measures::needs_you as sizes,
    widgets::{self, EmptyState, Line, Split, Tone, VirtualList, key_hint},
};
use anyon_model::{Command, Task};
use egui::{Key, Layout, Ui, vec2};
use lucide_icons::Icon;
use std::sync::Arc;

/// What waits for a person.
#[derive(Default)]
pub struct NeedsYou {
    list: VirtualList,
    /// What is looked at, and its place in the list: when it is gone, what took its place is looked at.
    chosen: Option<(Waiting, usize)>,
    approvals: Approvals,
    asked: asked::Asked,
}

/// What a key or a button does with what is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// Lands, resumes, allows, or asks the agent to resolve conflicts.
    Forward,
    /// Drops or refuses.
    Drop,
    /// Goes there.
    Open,
}

impl Panel for NeedsYou {
    fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let waiting = cx.overview.waiting();
        if cx.entered {
            // What came meanwhile may be more urgent than what was looked at last.
            self.chosen = None;
        }
        let Some(chosen) = self.follow(waiting) else {
            let (title, text) = (cx.text.get("needs-you-none"), cx.text.get("needs-you-none-text"));
            let state = EmptyState {
                icon: Icon::Inbox,
                title,
                text,
                action: Some(cx.text.get("needs-you-to-board")),
            };
            let button = widgets::empty_state(ui, cx.theme, &state);
            if button.is_some_and(|button| button.clicked()) {
                cx.go(Place::default());
            }
            return;
        };
        let act = self.keys(cx, ui, waiting, &chosen);
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        heading(cx, ui, waiting.len());
        let both = Split {
            name: "needs you",
            share: sizes::LIST,
            least: sizes::LEAST,
        };
        let (mut pressed, mut by_button) = (None, None);
        let Self {
            list,
            approvals,
            asked,
            ..
        } = self;
        both.show(
            cx,
            ui,
            |ui| pressed = rows(cx, ui, list, (waiting, &chosen)),
            |ui| match &chosen {
                Waiting::Attempt(need) => by_button = detail::show(cx, ui, approvals, need),
                Waiting::Asked { command_id, .. } => by_button = asked.show(cx, ui, *command_id),
            },
        );
        if let Some(at) = pressed {
            self.choose(waiting, at);
        }
        match (act.or(by_button), &chosen) {
            (Some(act), Waiting::Attempt(need)) => go_on(cx, need, act),
            (Some(act), Waiting::Asked { command_id, .. }) => {
                self.asked.go_on(cx, ui, *command_id, act);
            }
            (None, _) => {}
        }
    }
}

impl NeedsYou {
    /// What is looked at: it stays whatever comes above it; when it is answered, what comes next.
    fn follow(&mut self, waiting: &[Waiting]) -> Option<Waiting> {
        let (at, same) = match &self.chosen {
            None => (0, None),
            Some((chosen, at)) => (*at, waiting.iter().position(|one| one.is_same(chosen))),
        };
        let at = same.unwrap_or_else(|| at.min(waiting.len().saturating_sub(1)));
        let one = waiting.get(at).copied();
        if self.chosen.is_some() && same.is_none() {
            // What comes by itself appears now, also if it was looked at before: a key that was meant for what was
            // answered must not answer it.
            self.approvals = Approvals::default();
        }
        self.chosen = one.map(|one| (one, at));
        if same.is_none() {
            self.list.reveal(at as u64);
        }
        one
    }

    fn choose(&mut self, waiting: &[Waiting], at: usize) {
        if let Some(one) = waiting.get(at) {
            self.chosen = Some((*one, at));
            self.list.reveal(at as u64);
        }
    }

    /// Up and down, and what the answers of a question do not take themselves.
    fn keys(&mut self, cx: &ViewContext<'_>, ui: &Ui, waiting: &[Waiting], chosen: &Waiting) -> Option<Act> {
        if cx.dialog_is_open() {
            return None;
        }
        let approval_id = match chosen {
            Waiting::Attempt(need) => need.approval_id,
            Waiting::Asked { .. } => None,
        };
        let card = approval_id.map(Approvals::card_id);
        let focused = ui.memory(|memory| memory.focused());
        let at = self.chosen.as_ref().map_or(0, |(_, at)| *at);
        let down = keys::plain(ui, Key::J) || (focused == card && keys::plain(ui, Key::ArrowDown));
        let up = keys::plain(ui, Key::K) || (focused == card && keys::plain(ui, Key::ArrowUp));
        if down || up {
            ui.memory_mut(|memory| focused.map(|focused| memory.surrender_focus(focused)));
            self.choose(waiting, if down { at + 1 } else { at.saturating_sub(1) });
            ui.ctx().request_repaint();
            return None;
        }
        // A question gets the keyboard when nothing else has it: its own keys and their guard then hold.
        match (focused, card) {
            (None, Some(card)) => cx.focus(ui, card),
            (Some(_), _) if focused != card => return None,
            _ => {}
        }
        let answers = approval_id.is_none();
        if answers && keys::plain(ui, Key::A) {
            Some(Act::Forward)
        } else if answers && keys::plain(ui, Key::D) {
            Some(Act::Drop)
        } else if keys::plain(ui, Key::Enter) {
            Some(Act::Open)
        } else {
            None
        }
    }
}

fn go_on(cx: &ViewContext<'_>, need: &Need, act: Act) {
    let attempt_id = need.attempt_id;
    match (act, need.kind) {
        (Act::Forward, NeedKind::Review) => cx.open(Dialog::Landing { attempt_id }),
        (Act::Forward, NeedKind::Failure | NeedKind::Interrupted) => {
            let text = None;
            cx.send(Command::ResumeAttempt { attempt_id, text });
        }
        (Act::Forward, NeedKind::Conflict) => {
            if let Some((project, view)) = cx.overview.attempt(attempt_id)
                && let (Some(attempt), Some(conflicts)) =
                    (project.shard.attempts.get(&attempt_id), &view.conflicts)
            {
                landing::ask_agent(cx, attempt, &conflicts.files);
            }
        }
        (Act::Drop, _) => landing::ask_to_drop(cx, attempt_id),
        (Act::Forward | Act::Open, _) => cx.go(Place::Task {
            task_id: need.task_id,
            attempt_id: Some(attempt_id),
            // Side by side where there is room; else what it is about.
            tab: Tab::Auto,
        }),
    }
}

fn heading(cx: &ViewContext<'_>, ui: &mut Ui, count: usize) {
    let theme = cx.theme;
    let size = vec2(ui.available_width(), sizes::HEADING);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(egui::Align::Center), |ui| {
        ui.set_min_size(size);
        ui.spacing_mut().item_spacing.x = theme.space.xs;
        ui.add_space(theme.space.l);
        // From the right: each word stands behind its keys.
        for (keys, word) in [
            (&["Enter"][..], "needs-you-key-open"),
            (&["D"], "needs-you-key-no"),
            (&["A"], "needs-you-key-yes"),
            (&["K", "J"], "needs-you-key-move"),
        ] {
            ui.label(theme.small(cx.text.get(word)));
            for key in keys {
                key_hint(ui, theme, key);
            }
            ui.add_space(theme.space.s);
        }
        ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
            ui.add_space(theme.space.xl);
            ui.spacing_mut().item_spacing.x = theme.space.m;
            let title = theme.rich(cx.text.get("needs-you-title"), theme.heading(), theme.colors.text);
            ui.add(egui::Label::new(title).truncate());
            widgets::count(ui, theme, count, theme.colors.text_soft);
        });
    });
}

/// Paints the list. Gives the row that was pressed.
fn rows(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    list: &mut VirtualList,
    (waiting, chosen): (&[Waiting], &Waiting),
) -> Option<usize> {
    let mut pressed = None;
    let label = cx.text.get("needs-you-title");
    let count = waiting.len() as u64;
    list.fixed(ui, cx.theme, (label, count, sizes::ROW), |ui, at| {
        let Some(one) = waiting.get(at as usize) else {
            return;
        };
        let chosen = one.is_same(chosen);
        let is_pressed = match one {
            Waiting::Attempt(need) => row(cx, ui, need, chosen),
            Waiting::Asked { command_id, .. } => asked::row(cx, ui, *command_id, chosen),
        };
        if is_pressed {
            pressed = Some(at as usize);
        }
    });
    pressed
}

fn row(cx: &ViewContext<'_>, ui: &mut Ui, need: &Need, chosen: bool) -> bool {
    let Some(task) = task(cx, need) else {
        return false;
    };
    let short = cx.state.short_id(need.task_id).unwrap_or_default();
    let (icon, tone) = mark(need.kind);
    let line = Line {
        icon,
        tint: tone.color(cx.theme),
        name: &format!("{short}  {}", task.title),
        more: &[which(cx, need).as_deref(), Some(&said(cx, need))]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
        right: &phrase::age(cx.text, cx.now, need.since),
        chosen,
        tall: true,
    };
    let response = show_line(cx, ui, &line);
    if response.double_clicked() {
        go_on(cx, need, Act::Open);
    }
    response.clicked()
}

/// A line of the list, with its distance from the others.
fn show_line(cx: &ViewContext<'_>, ui: &mut Ui, line: &Line<'_>) -> egui::Response {
    let inner = ui.max_rect().shrink2(vec2(cx.theme.space.s, cx.theme.space.xxs));
    let builder = egui::UiBuilder::new().max_rect(inner);
    ui.scope_builder(builder, |ui| line.show(ui, cx.theme)).inner
}

fn task<'a>(cx: &'a ViewContext<'_>, need: &Need) -> Option<&'a Arc<Task>> {
    cx.state.projects.get(&need.project_id)?.tasks.get(&need.task_id)
}

/// Which attempt of its task it is, where there are several.
fn which(cx: &ViewContext<'_>, need: &Need) -> Option<String> {
    let project = cx.overview.project(need.project_id)?;
    let several = project.attempts_of.get(&need.task_id)?.len() > 1;
    let attempt = project.shard.attempts.get(&need.attempt_id)?;
    several.then(|| cx.text.with("needs-you-attempt", &[("n", attempt.number.into())]))
}

/// What is needed, in one line.
fn said(cx: &ViewContext<'_>, need: &Need) -> String {
    let shard = cx.state.projects.get(&need.project_id);
    let project = shard.map_or("", |shard| shard.project.name.as_str());
    let asked = need
        .approval_id
        .and_then(|id| shard?.approvals.get(&id))
        .map(|one| phrase::asked(cx.text, &one.request));
    let what = match asked {
        Some(what) => cx.text.with("state-asks", &[("what", what.into())]),
        None => cx
            .overview
            .attempt(need.attempt_id)
            .map_or_else(String::new, |(project, view)| {
                let attempt = project.shard.attempts.get(&need.attempt_id);
                attempt.map_or_else(String::new, |attempt| {
                    let live = (&**attempt, view, None);
                    match need.kind {
                        NeedKind::Interrupted => cx.text.get("needs-you-interrupted").to_owned(),
                        _ => phrase::state_line(cx.text, cx.now, live, None),
                    }
                })
            }),
    };
    if cx.state.projects.len() > 1 {
        format!("{project} · {what}")
    } else {
        what
    }
}

/// The mark and tone of what is needed.
fn mark(kind: NeedKind) -> (Icon, Tone) {
    match kind {
        NeedKind::Approval => (Icon::CircleQuestionMark, Tone::Asks),
        NeedKind::Review => (Icon::Eye, Tone::Look),
        NeedKind::Failure => (Icon::CircleX, Tone::Bad),
        NeedKind::Interrupted => (Icon::CirclePause, Tone::Look),
        NeedKind::Conflict => (Icon::GitMerge, Tone::Bad),
    }
}
