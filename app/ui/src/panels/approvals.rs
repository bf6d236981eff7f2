//! Approvals: what an agent asks, with its answers; pinned above the composer and in Needs you.

mod answers;
mod subject;

use crate::{ViewContext, keys, phrase, theme::measures::approvals as measures, widgets};
use anyon_model::*;
use egui::{
    Frame, Id, Key, Margin, Response, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, accesskit::Role,
};
use lucide_icons::Icon;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Answers of this start that are still shown, folded to a line each.
const FOLDED: usize = 2;

/// The approvals that are looked at.
#[derive(Default)]
pub struct Approvals {
    open: HashMap<ApprovalId, Card>,
    /// What was answered here, newest last.
    answered: Vec<ApprovalId>,
}

/// View state of a card.
pub(super) struct Card {
    /// When it appeared, in the window's seconds.
    since_s: f64,
    /// It has the keyboard: its keys work.
    focused: bool,
    /// The answer under way.
    sent: Option<CommandId>,
    mode: Mode,
    /// The answer that a key asks for, until the answers of the same frame take it.
    wanted: Option<answers::Wanted>,
    /// The reason of a refusal.
    reason: String,
    /// The pattern of a rule.
    pattern: String,
    /// The options chosen, by question.
    chosen: BTreeMap<String, BTreeSet<String>>,
    /// What was written instead of an option, by question.
    other: BTreeMap<String, String>,
}

/// What the lower part of a card shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// The answers.
    Answers,
    /// The rule that a lasting yes makes.
    Rule,
    /// The reason of a refusal.
    Reason,
}

impl Approvals {
    /// Paints it for an attempt, newest below, in at most so much height.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, attempt_id: AttemptId, room: f32) {
        let Some(shard) = cx.state.shard_of_attempt(attempt_id) else {
            return;
        };
        self.open
            .retain(|id, _| cx.state.shard_of_approval(*id).is_some());
        self.folded(cx, ui, shard, attempt_id);
        let pending: Vec<_> = shard.pending_approvals(attempt_id).cloned().collect();
        if pending.is_empty() {
            return;
        }
        let share = ui.ctx().content_rect().height() * measures::SHARE;
        let most = share.min(room).max(measures::LEAST);
        let mut shown: Vec<&Approval> = Vec::new();
        ScrollArea::vertical()
            .id_salt("questions")
            .max_height(most)
            // The panel grows to what is in it, so what is in it must not wait for the panel.
            .min_scrolled_height(most)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                for approval in &pending {
                    if shown.iter().all(|other| !is_same(other, approval)) {
                        shown.push(approval);
                        self.card(cx, ui, approval);
                    }
                }
            });
    }

    /// Paints one question with its answers. True: it was answered now. For `NeedsYou` and the attempt alike.
    pub fn card(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, approval: &Approval) -> bool {
        let (theme, now_s) = (cx.theme, ui.input(|input| input.time));
        let card = self
            .open
            .entry(approval.id)
            .or_insert_with(|| Card::new(approval, now_s));
        card.take_failure(cx);
        // The card takes clicks below its own widgets, and keys only while it has the keyboard itself.
        let id = Self::card_id(approval.id);
        let frame = Frame::new()
            .fill(theme.colors.card)
            .stroke(Stroke::new(theme.space.hairline, theme.colors.violet))
            .corner_radius(theme.radius.card)
            .inner_margin(Margin::symmetric(
                theme.space.card_x as i8,
                theme.space.card_y as i8,
            ))
            .outer_margin(Margin::symmetric(0, theme.space.xs as i8));
        let builder = UiBuilder::new().scope_id(id.with("card")).sense(Sense::hover());
        let answer = ui.scope_builder(builder, |ui| {
            let before = frame.begin(ui);
            let mut prepared = before;
            let answer = {
                let ui = &mut prepared.content_ui;
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = theme.space.xs;
                // Rows as high as their words: a question has little room, and its answers have to be in sight.
                ui.spacing_mut().interact_size.y = (theme.size.body * theme.size.line).ceil();
                let rect = ui.max_rect();
                heading(cx, ui, approval, card, (id, rect));
                subject::show(cx, ui, approval);
                let top = ui.cursor().top();
                let answer = widgets::steady(ui, "answers", |ui| answers::show(cx, ui, approval, card));
                widgets::keep_clear(ui, ui.min_rect().with_min_y(top));
                answer
            };
            prepared.end(ui);
            ring(cx, ui, id, ui.min_rect());
            answer
        });
        let Some(answer) = answer.inner else {
            return false;
        };
        // A click that was meant for what stood here before answers nothing either.
        let clicked = ui.input(|input| input.pointer.any_released());
        if card.sent.is_some() || (clicked && card.is_guarded(cx, now_s)) {
            return false;
        }
        if let Some(text) = answer.follow_up {
            cx.send(Command::FollowUp {
                attempt_id: approval.attempt_id,
                text,
            });
        }
        card.sent = Some(cx.send(Command::AnswerApproval {
            approval_id: approval.id,
            answer: answer.answer,
        }));
        if let Some(rule) = answer.rule {
            cx.send(Command::PutRule { rule });
        }
        self.answered.retain(|other| *other != approval.id);
        self.answered.push(approval.id);
        true
    }

    /// The first question of an attempt that waits for an answer.
    pub fn first(cx: &ViewContext<'_>, attempt_id: AttemptId) -> Option<ApprovalId> {
        let shard = cx.state.shard_of_attempt(attempt_id)?;
        shard.pending_approvals(attempt_id).next().map(|first| first.id)
    }

    /// The widget that has to have the keyboard for a card's keys.
    pub fn card_id(approval_id: ApprovalId) -> Id {
        Id::unique(("approval", approval_id))
    }

    /// What was answered here in the turn that the agent is at, a line each. What was answered before stands in the
    /// conversation.
    fn folded(&self, cx: &ViewContext<'_>, ui: &mut Ui, shard: &ProjectShard, attempt_id: AttemptId) {
        let of = |id: &ApprovalId| {
            shard
                .approvals
                .get(id)
                .filter(|approval| approval.attempt_id == attempt_id && is_of_this_turn(cx, shard, approval))
        };
        let answered: Vec<_> = self.answered.iter().filter_map(of).collect();
        for approval in answered.iter().rev().take(FOLDED).rev() {
            let what = [("what", subject::line(cx, &approval.request).into())];
            let (icon, tone, words) = match &approval.state {
                ApprovalState::Answered {
                    answer: ApprovalAnswer::Denied { .. },
                    ..
                } => (
                    Icon::Ban,
                    widgets::Tone::Look,
                    cx.text.with("approvals-was-denied", &what),
                ),
                ApprovalState::Answered { .. } => (
                    Icon::Check,
                    widgets::Tone::Good,
                    cx.text.with("approvals-was-allowed", &what),
                ),
                _ => continue,
            };
            widgets::state_line(ui, cx.theme, icon, tone, &words);
        }
    }
}

impl Card {
    fn new(approval: &Approval, now_s: f64) -> Self {
        Self {
            since_s: now_s,
            focused: false,
            sent: None,
            mode: Mode::Answers,
            wanted: None,
            reason: String::new(),
            pattern: subject::pattern(&approval.request).unwrap_or_default(),
            chosen: BTreeMap::new(),
            other: BTreeMap::new(),
        }
    }
    /// A key as it is shown on its button: only while it works.
    fn key<'a>(&self, key: &'a str) -> &'a str {
        if self.focused { key } else { "" }
    }
    /// It has been there too short for anybody to have read it.
    fn is_guarded(&self, cx: &ViewContext<'_>, now_s: f64) -> bool {
        now_s - self.since_s < cx.theme.motion.approval_guard_ms as f64 / 1_000.0
    }
    /// An answer that could not be given can be given again.
    fn take_failure(&mut self, cx: &ViewContext<'_>) {
        let result = self.sent.and_then(|sent| cx.result(sent));
        if result.is_some_and(|result| result.is_err()) {
            self.sent = None;
        }
    }
}

/// The focus ring around the whole card, whose title takes the keyboard.
fn ring(cx: &ViewContext<'_>, ui: &Ui, id: Id, rect: egui::Rect) {
    let Some(mut title) = ui.ctx().read_response(id) else {
        return;
    };
    title.rect = rect.shrink2(egui::vec2(0.0, cx.theme.space.xs));
    widgets::focus_ring(ui, cx.theme, &title, cx.theme.radius.card);
}

/// The agent is still at the turn in which it asked.
fn is_of_this_turn(cx: &ViewContext<'_>, shard: &ProjectShard, approval: &Approval) -> bool {
    let Some(execution) = shard.executions.get(&approval.execution_id) else {
        return false;
    };
    let live = cx.state.live.get(&execution.id);
    let since = live.and_then(|live| live.turn_since).or(execution.started_at);
    let at_it = matches!(
        execution.state,
        ExecutionState::Running {
            activity: Activity::Turn | Activity::Waiting { .. }
        }
    );
    at_it && since.is_none_or(|since| approval.created_at >= since)
}

/// An identical question, answered together with the other.
fn is_same(one: &Approval, other: &Approval) -> bool {
    let (a, b) = (&one.request, &other.request);
    one.execution_id == other.execution_id && (&a.question, a.kind, &a.tool) == (&b.question, b.kind, &b.tool)
}

fn heading(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    approval: &Approval,
    card: &mut Card,
    (id, rect): (Id, egui::Rect),
) {
    let theme = cx.theme;
    let words = subject::asks(cx, approval);
    let label = format!("{words}: {}", subject::line(cx, &approval.request));
    let top = egui::Rect::from_min_size(rect.min, egui::vec2(rect.width(), theme.space.row));
    let focus = ui.interact(top, id, Sense::click());
    focus.widget_info(|| WidgetInfo::labeled(Role::Group, true, &label));
    if focus.clicked() {
        focus.request_focus();
    }
    card.focused = focus.has_focus();
    if card.sent.is_none() {
        let guarded = card.is_guarded(cx, ui.input(|input| input.time));
        card_keys(ui, &focus, card, guarded);
    }
    ui.horizontal(|ui| {
        ui.set_height(theme.space.row);
        widgets::mark(ui, theme, Icon::CircleQuestionMark, theme.colors.violet);
        ui.add(egui::Label::new(theme.strong(words)).truncate().selectable(false));
        let same = same_count(cx, approval);
        if same > 1 {
            widgets::chip(ui, theme, None, &format!("×{same}"), theme.colors.violet);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(theme.small(phrase::age(cx.text, cx.now, approval.created_at)));
            if !card.focused {
                let key = ui.ctx().format_shortcut(&keys::TO_QUESTION);
                widgets::key_hint(ui, theme, &key).on_hover_text(cx.text.get("approvals-keys"));
            }
        });
    });
}

fn same_count(cx: &ViewContext<'_>, approval: &Approval) -> usize {
    let shard = cx.state.shard_of_attempt(approval.attempt_id);
    shard.map_or(1, |shard| {
        shard
            .pending_approvals(approval.attempt_id)
            .filter(|other| is_same(other, approval))
            .count()
    })
}

/// Keys of a card that has the keyboard, and has been there long enough that nobody typed them for something else.
fn card_keys(ui: &Ui, focus: &Response, card: &mut Card, guarded: bool) {
    let takes = focus.has_focus() && !keys::composing(ui.ctx());
    let pressed = |key| takes && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
    for (key, wanted) in [
        (Key::A, answers::Wanted::Once),
        (Key::S, answers::Wanted::Session),
        (Key::D, answers::Wanted::Deny),
    ] {
        // Taken also while guarded, so that it does nothing elsewhere.
        if pressed(key) && !guarded {
            card.wanted = Some(wanted);
        }
    }
}
