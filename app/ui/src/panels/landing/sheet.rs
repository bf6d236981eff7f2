//! The landing sheet: every check in full, the message, one confirm.

use super::{checks, resolve};
use crate::{
    ViewContext,
    overview::AttemptView,
    theme::measures::landing as sizes,
    widgets::{self, Button, DialogEnd, FieldEnd},
};
use anyon_model::{Answer, Attempt, AttemptId, Command, CommandId, Problem, Timestamp};
use egui::{Id, Ui};

/// The landing sheet, a dialog.
#[derive(Default)]
pub struct LandingSheet {
    /// The attempt it was opened for, until it is closed.
    of: Option<AttemptId>,
    message: String,
    /// The person wrote in the message: what the checks suggest does not replace it any more.
    written: bool,
    keep_worktree: bool,
    sent: Option<CommandId>,
    /// When the checks were made last.
    looked_at: Timestamp,
    problem: Option<Problem>,
}

impl LandingSheet {
    /// Paints it for an attempt.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, attempt_id: AttemptId) {
        let found = cx.overview.attempt(attempt_id);
        let attempt = found.and_then(|(project, _)| project.shard.attempts.get(&attempt_id));
        let (Some((_, view)), Some(attempt)) = (found, attempt) else {
            return self.close(cx);
        };
        if self.of != Some(attempt_id) {
            self.open(cx, attempt);
        }
        if self.is_landed(cx) {
            return self.close(cx);
        }
        let short = cx.state.short_id(attempt.task_id).unwrap_or_default();
        let values = [
            ("short", short.into()),
            ("target", attempt.target.as_str().into()),
        ];
        let title = cx.text.with("landing-title", &values);
        let (end, left) = widgets::dialog(ui, cx.theme, "landing", &title, |ui| {
            self.content(cx, ui, attempt, view)
        });
        match end {
            DialogEnd::Confirmed => self.land(cx, attempt_id),
            DialogEnd::Cancelled => self.close(cx),
            DialogEnd::Open if left => self.close(cx),
            DialogEnd::Open => {}
        }
    }

    fn open(&mut self, cx: &ViewContext<'_>, attempt: &Attempt) {
        *self = Self {
            of: Some(attempt.id),
            keep_worktree: attempt.worktree.keep,
            ..Self::default()
        };
        super::look_again(cx, attempt.id);
        self.looked_at = cx.now;
    }

    /// While something outside keeps it from landing, it is looked at again now and then: the sheet shows by itself that
    /// the way is free.
    fn look_again(&mut self, cx: &ViewContext<'_>, ui: &Ui, attempt_id: AttemptId) {
        super::look_again_when_back(cx, ui, attempt_id);
        if cx.now.ms_since(self.looked_at) >= sizes::LOOK_AGAIN_MS {
            self.looked_at = cx.now;
            super::look_again(cx, attempt_id);
        }
        let left = sizes::LOOK_AGAIN_MS - cx.now.ms_since(self.looked_at);
        let left = std::time::Duration::from_millis(left.max(1).unsigned_abs());
        ui.ctx().request_repaint_after(left);
    }

    fn close(&mut self, cx: &ViewContext<'_>) {
        if let Some(sent) = self.sent {
            cx.make_loud(sent);
        }
        *self = Self::default();
        cx.close_dialog();
    }

    /// The command ended well. A failure is shown in the sheet, and the checks are made again.
    fn is_landed(&mut self, cx: &ViewContext<'_>) -> bool {
        let Some(result) = self.sent.and_then(|sent| cx.result(sent)) else {
            return false;
        };
        self.sent = None;
        match &*result {
            Ok(_) => true,
            Err(problem) => {
                self.problem = Some(problem.clone());
                cx.forget(|query| matches!(query, anyon_model::Query::LandingCheck { .. }));
                false
            }
        }
    }

    fn land(&mut self, cx: &ViewContext<'_>, attempt_id: AttemptId) {
        self.problem = None;
        self.sent = Some(cx.send_quiet(Command::MergeAttempt {
            attempt_id,
            message: Some(self.message.trim().to_owned()).filter(|message| !message.is_empty()),
            keep_worktree: self.keep_worktree,
        }));
    }

    fn content(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        attempt: &Attempt,
        view: &AttemptView,
    ) -> DialogEnd {
        let (theme, text) = (cx.theme, cx.text);
        ui.label(theme.soft(text.with(
            "landing-way",
            &[
                ("branch", attempt.branch.as_str().into()),
                ("target", attempt.target.as_str().into()),
            ],
        )));
        ui.add_space(theme.space.m);
        let page = checks::page(cx, attempt);
        let check = match page.ready() {
            Some(Answer::LandingCheck(check)) => Some(check),
            _ => None,
        };
        let checks = checks::checks(cx, attempt, view);
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = theme.space.s;
            for (number, check) in checks.iter().enumerate() {
                check.show(ui, theme);
                if check.blocks && !check.more.is_empty() {
                    more(cx, ui, (number, &check.more));
                }
            }
        });
        if let Some(check) = check.filter(|check| !check.conflicts.is_empty()) {
            let ask = Button::quiet(text.get("landing-ask-agent"));
            if ask.show(ui, theme).clicked() {
                // The sheet makes way for the conversation.
                super::ask_agent(cx, attempt, &check.conflicts);
                self.close(cx);
                return DialogEnd::Open;
            }
            resolve::by_hand(cx, ui, attempt);
        }
        if let (Some(check), false) = (check, self.written) {
            self.message.clone_from(&check.message);
        }
        let end = self.message_field(cx, ui);
        let keep = text.get("landing-keep-worktree");
        widgets::check_box(ui, theme, &mut self.keep_worktree, keep);
        if let Some(problem) = &self.problem {
            ui.add_space(theme.space.s);
            widgets::problem(ui, theme, problem);
        }
        let blocked = checks.iter().find(|check| check.blocks);
        if blocked.is_some() && self.sent.is_none() {
            self.look_again(cx, ui, attempt.id);
        }
        let ready = blocked.is_none() && self.sent.is_none();
        let label = if self.sent.is_some() {
            "landing-landing"
        } else {
            "landing-confirm"
        };
        let action = Button::primary(text.get(label)).key("Ctrl+Enter");
        let pressed = widgets::dialog_buttons(ui, theme, text.get("common-cancel"), action, ready);
        match end {
            FieldEnd::CtrlEnter if ready => DialogEnd::Confirmed,
            FieldEnd::Escape => DialogEnd::Cancelled,
            _ => pressed,
        }
    }

    fn message_field(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) -> FieldEnd {
        let (theme, text) = (cx.theme, cx.text);
        ui.add_space(theme.space.m);
        ui.label(theme.small(text.get("landing-message")));
        let words = (text.get("landing-message"), text.get("landing-message-hint"));
        let field = Id::unique("landing message");
        let low = ui.ctx().content_rect().height() < sizes::LOW;
        let rows = if low {
            sizes::MESSAGE_ROWS_LOW
        } else {
            sizes::MESSAGE_ROWS
        };
        let (response, end) = widgets::text_area(ui, theme, field, &mut self.message, words, rows);
        self.written |= response.changed();
        end
    }
}

/// Most that a list of files takes before it scrolls: the confirm stays in sight.
fn most(ui: &Ui) -> f32 {
    sizes::FILES.min(ui.ctx().content_rect().height() * sizes::FILES_SHARE)
}

/// The files or the folder that a check is about.
fn more(cx: &ViewContext<'_>, ui: &mut Ui, (number, more): (usize, &str)) {
    let theme = cx.theme;
    egui::ScrollArea::vertical()
        .id_salt(("more", number))
        .max_height(most(ui))
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = theme.space.xxs;
            let inside = egui::Margin {
                left: (theme.space.icon + theme.space.s) as i8,
                ..egui::Margin::ZERO
            };
            egui::Frame::new().inner_margin(inside).show(ui, |ui| {
                for line in more.lines() {
                    let line = widgets::shown(line);
                    if line.contains(' ') {
                        ui.add(egui::Label::new(theme.soft(line)).wrap());
                    } else {
                        let path = theme.rich(line, theme.mono(), theme.colors.text_soft);
                        ui.add(egui::Label::new(path).truncate());
                    }
                }
            });
        });
}
