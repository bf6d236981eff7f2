//! The composer: the next prompt, agent, variant, mode, queue.

mod limit;
mod mention;
mod queue;
mod recipient;

use crate::{
    ViewContext,
    theme::measures::composer as measures,
    widgets::{self, Button, FieldEnd},
};
use anyon_model::*;
use egui::{Frame, Id, Layout, Margin, Sense, Ui};
use lucide_icons::Icon;
use std::collections::HashMap;

/// So long an attempt is new: whoever comes to it has just started it.
const NEW_MS: i64 = 10_000;

/// The composer.
#[derive(Default)]
pub struct Composer {
    attempt: Option<AttemptId>,
    text: String,
    /// A new attempt was come to: the keyboard goes to the field once.
    wants_focus: bool,
    /// A message was sent in this frame: what comes of it is what the person wants to see.
    just_sent: bool,
    /// What is under way, to be given back if it cannot be sent.
    sent: HashMap<CommandId, (AttemptId, String, recipient::Choice)>,
    queue: queue::Queue,
    /// Whom the next message goes to.
    choice: recipient::Choice,
    mention: mention::Mention,
}

/// What the composer can do now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ready {
    /// The agent takes a prompt at once.
    Send,
    /// The agent works: a prompt waits for its turn to end.
    Queue,
    /// The agent was interrupted, stopped or failed: it can go on, with or without words.
    Resume,
}

impl Composer {
    /// Whether a message was just sent; told once.
    pub fn take_sent(&mut self) -> bool {
        std::mem::take(&mut self.just_sent)
    }

    /// Paints it for an attempt.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, attempt_id: AttemptId) {
        let Some(shard) = cx.state.shard_of_attempt(attempt_id) else {
            return;
        };
        let Some(attempt) = shard.attempts.get(&attempt_id) else {
            return;
        };
        let status = shard.attempt_status(attempt_id).unwrap_or(AttemptStatus::Queued);
        self.arrive(cx, attempt);
        self.take_keyboard(cx, ui);
        self.take_failures(cx);
        self.queue.ui(cx, ui, &shard.drafts_of(attempt_id));
        let gone = attempt.worktree.state == WorktreeState::Removed;
        if gone || matches!(status, AttemptStatus::Landed | AttemptStatus::Dropped) {
            self.closed(cx, ui, attempt, status);
            return;
        }
        let ready = match status {
            AttemptStatus::Idle | AttemptStatus::Conflicted => Ready::Send,
            AttemptStatus::Failed | AttemptStatus::Stopped => Ready::Resume,
            _ => Ready::Queue,
        };
        limit::ui(cx, ui, shard, attempt_id);
        let theme = cx.theme;
        let card = Frame::new()
            .fill(theme.colors.card)
            .stroke(egui::Stroke::new(theme.space.hairline, theme.colors.line_strong))
            .corner_radius(theme.radius.card)
            .inner_margin(Margin::same(theme.space.m as i8));
        widgets::steady(ui, "next", |ui| {
            let shown = card.show(ui, |ui| {
                if let Some(session) = shard.last_session(attempt_id) {
                    self.choice.notice(cx, ui, session);
                }
                let end = self.field(cx, ui, attempt_id, ready);
                widgets::steady(ui, "bar", |ui| self.bar(cx, ui, (shard, attempt), ready, end));
            });
            widgets::keep_clear(ui, shown.response.rect);
        });
    }

    /// The widget that takes the words.
    pub fn field_id() -> Id {
        Id::unique("composer")
    }

    /// The text of each attempt is its own; a new attempt has the keyboard here.
    fn arrive(&mut self, cx: &ViewContext<'_>, attempt: &Attempt) {
        let attempt_id = attempt.id;
        if self.attempt == Some(attempt_id) {
            return;
        }
        self.attempt = Some(attempt_id);
        self.text = cx.note(&note(attempt_id)).unwrap_or_default();
        self.choice = recipient::Choice::default();
        self.mention = mention::Mention::default();
        self.wants_focus = cx.now.ms_since(attempt.created_at) < NEW_MS;
    }

    /// As soon as the dialog that it was started from is gone.
    fn take_keyboard(&mut self, cx: &ViewContext<'_>, ui: &Ui) {
        if self.wants_focus && !cx.dialog_is_open() {
            self.wants_focus = false;
            if !ui.ctx().text_edit_focused() {
                cx.focus(ui, Self::field_id());
            }
        }
    }

    /// What could not be sent comes back, if nothing was written meanwhile.
    fn take_failures(&mut self, cx: &ViewContext<'_>) {
        let ended: Vec<CommandId> = self.sent.keys().copied().filter(|id| !cx.pending(*id)).collect();
        for command_id in ended {
            let Some((attempt_id, text, choice)) = self.sent.remove(&command_id) else {
                continue;
            };
            let failed = cx.result(command_id).is_some_and(|result| result.is_err());
            if failed && self.attempt == Some(attempt_id) && self.text.is_empty() {
                self.text = text;
                self.choice = choice;
            }
        }
    }

    fn field(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, attempt_id: AttemptId, ready: Ready) -> FieldEnd {
        let hint = match ready {
            Ready::Send => cx.text.get("composer-hint"),
            Ready::Queue => cx.text.get("composer-hint-queue"),
            Ready::Resume => cx.text.get("composer-hint-resume"),
        };
        let label = cx.text.get("composer-name");
        let id = Self::field_id();
        let mut changed = self.mention.keys(ui, id, &mut self.text);
        let (response, end) =
            widgets::text_area(ui, cx.theme, id, &mut self.text, (label, hint), measures::ROWS);
        let place = (id, response.rect);
        changed |= self.mention.ui(cx, ui, place, attempt_id, &mut self.text);
        if changed || response.changed() {
            cx.set_note(&note(attempt_id), &self.text);
        }
        if end == FieldEnd::Escape {
            ui.memory_mut(|memory| memory.surrender_focus(id));
        }
        end
    }

    /// What it runs as, how full its context is, and the way to send.
    fn bar(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        (shard, attempt): (&ProjectShard, &Attempt),
        ready: Ready,
        end: FieldEnd,
    ) {
        let theme = cx.theme;
        let narrow = ui.available_width() < measures::BAR_FROM;
        ui.horizontal(|ui| {
            if let Some(session) = shard.last_session(attempt.id) {
                self.choice.ui(cx, ui, session, narrow);
            }
            mode(cx, ui, attempt, narrow);
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                let written = !self.text.trim().is_empty();
                let queued = !shard.drafts_of(attempt.id).is_empty();
                let words = match ready {
                    Ready::Send | Ready::Resume if queued && !written => {
                        (cx.text.get("composer-send-queued"), Icon::SendHorizontal)
                    }
                    // What is written goes with it.
                    Ready::Resume if written => (cx.text.get("composer-resume-with"), Icon::SendHorizontal),
                    Ready::Resume => (cx.text.get("composer-resume"), Icon::Play),
                    Ready::Send => (cx.text.get("composer-send"), Icon::SendHorizontal),
                    Ready::Queue => (cx.text.get("composer-queue"), Icon::ListEnd),
                };
                let full = written || ready == Ready::Resume || (ready == Ready::Send && queued);
                let send = Button::primary(words.0).icon(words.1);
                let send = if narrow { send } else { send.key("Ctrl+Enter") };
                let send = send.enabled(full, cx.text.get("composer-empty")).show(ui, theme);
                if full && (send.clicked() || end == FieldEnd::CtrlEnter) {
                    self.send(cx, shard, attempt.id, ready);
                }
                gauge(cx, ui, shard, attempt.id);
            });
        });
    }

    fn send(&mut self, cx: &ViewContext<'_>, shard: &ProjectShard, attempt_id: AttemptId, ready: Ready) {
        let text = std::mem::take(&mut self.text);
        let choice = std::mem::take(&mut self.choice);
        cx.set_note(&note(attempt_id), "");
        let session = shard.last_session(attempt_id);
        let chosen = session.and_then(|session| choice.recipient(session));
        let command = match (chosen, ready) {
            (Some(to), _) => Command::SendTo {
                attempt_id,
                to,
                text: text.clone(),
            },
            // Without words it goes on with what is queued.
            (None, ready) if ready == Ready::Resume || text.trim().is_empty() => Command::ResumeAttempt {
                attempt_id,
                text: (!text.trim().is_empty()).then(|| text.clone()),
            },
            (None, _) => Command::FollowUp {
                attempt_id,
                text: text.clone(),
            },
        };
        self.sent.insert(cx.send(command), (attempt_id, text, choice));
        self.just_sent = true;
    }

    /// Nothing more can be said in this attempt: why, and what to do instead.
    fn closed(&self, cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt, status: AttemptStatus) {
        let words = match status {
            AttemptStatus::Landed => cx.text.get("composer-landed"),
            AttemptStatus::Dropped => cx.text.get("composer-dropped"),
            _ => cx.text.get("composer-gone"),
        };
        ui.horizontal(|ui| {
            ui.label(cx.theme.soft(words));
            let again = Button::quiet(cx.text.get("composer-again")).icon(Icon::Play);
            if again.show(ui, cx.theme).clicked() {
                cx.open(crate::Dialog::Start {
                    task_id: attempt.task_id,
                });
            }
        });
    }
}

fn note(attempt_id: AttemptId) -> String {
    format!("composer/{attempt_id}")
}

/// What the agent may do without asking, to be changed at any time.
fn mode(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt, narrow: bool) {
    let name = mode_name(cx, attempt.approve);
    let button = recipient::choose(cx, ui, mode_icon(attempt.approve), (name, name), narrow);
    let button = button.on_hover_text(cx.text.get("composer-mode"));
    widgets::menu_button(button, |ui| {
        for approve in [ApproveMode::Ask, ApproveMode::Edits, ApproveMode::All] {
            let label = mode_name(cx, approve);
            let icon = if approve == attempt.approve {
                Icon::Check
            } else {
                mode_icon(approve)
            };
            if widgets::menu_item(ui, cx.theme, icon, label, "") && approve != attempt.approve {
                cx.send(Command::SetApproveMode {
                    attempt_id: attempt.id,
                    approve,
                });
            }
        }
    });
}

/// The name of a mode.
pub fn mode_name<'a>(cx: &ViewContext<'a>, mode: ApproveMode) -> &'a str {
    match mode {
        ApproveMode::Ask => cx.text.get("composer-mode-ask"),
        ApproveMode::Edits => cx.text.get("composer-mode-edits"),
        ApproveMode::All => cx.text.get("composer-mode-all"),
    }
}

/// The mark of a mode.
pub fn mode_icon(mode: ApproveMode) -> Icon {
    match mode {
        ApproveMode::Ask => Icon::Hand,
        ApproveMode::Edits => Icon::ShieldCheck,
        ApproveMode::All => Icon::Zap,
    }
}

/// How full the context is.
fn gauge(cx: &ViewContext<'_>, ui: &mut Ui, shard: &ProjectShard, attempt_id: AttemptId) {
    let Some(execution) = shard.last_agent_execution(attempt_id) else {
        return;
    };
    let usage = &execution.usage;
    if usage.context_size == 0 {
        return;
    }
    let theme = cx.theme;
    let share = (usage.context_used as f64 / usage.context_size as f64).clamp(0.0, 1.0);
    let percent = (share * 100.0).round();
    let words = cx.text.with("composer-context", &[("percent", percent.into())]);
    let size = egui::vec2(measures::GAUGE, theme.space.control);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Meter, true, &words));
    let track = egui::Rect::from_center_size(rect.center(), egui::vec2(rect.width(), measures::GAUGE_HEIGHT));
    let radius = egui::CornerRadius::same(theme.radius.chip);
    ui.painter().rect_filled(track, radius, theme.colors.line_strong);
    let mut full = track;
    full.set_width(track.width() * share as f32);
    let color = if share > 0.85 {
        theme.colors.amber
    } else {
        theme.colors.accent
    };
    ui.painter().rect_filled(full, radius, color);
    let tokens = cx.text.with(
        "composer-context-more",
        &[
            ("used", (usage.context_used / 1_000).into()),
            ("size", (usage.context_size / 1_000).into()),
        ],
    );
    response.on_hover_text(format!("{words}\n{tokens}"));
}
