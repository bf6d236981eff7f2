//! What another program asked for and a person has to allow, as a row of Needs you and in full.

use super::{Act, show_line};
use crate::{
    Place, ViewContext, asked, phrase,
    theme::measures::needs_you as sizes,
    widgets::{self, Button, Line, Tone},
};
use anyon_model::{Command, CommandId, Confirmation};
use egui::Ui;
use lucide_icons::Icon;
use std::sync::Arc;

/// What is kept of the one that is looked at.
#[derive(Default)]
pub(super) struct Asked {
    /// Which, and since when, in the window's seconds: nobody has read it at once.
    seen: Option<(CommandId, f64)>,
    /// The answer under way, with what it answers.
    sent: Option<(CommandId, CommandId)>,
}

/// Paints the row. True: it was pressed.
pub(super) fn row(cx: &ViewContext<'_>, ui: &mut Ui, asked: CommandId, chosen: bool) -> bool {
    let Some(found) = cx.state.confirmations.get(&asked) else {
        return false;
    };
    let line = Line {
        icon: Icon::Plug,
        tint: Tone::Asks.color(cx.theme),
        name: &asked::title(cx.text, cx.state, found),
        more: &asked::words(cx.text, cx.state, &found.command),
        right: &phrase::age(cx.text, cx.now, found.at),
        chosen,
        tall: true,
    };
    let response = show_line(cx, ui, &line);
    if response.double_clicked() {
        open(cx, found);
    }
    response.clicked()
}

impl Asked {
    /// Paints it in full. Gives what a button does.
    pub fn show(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, asked: CommandId) -> Option<Act> {
        let found = cx.state.confirmations.get(&asked)?;
        let now_s = ui.input(|input| input.time);
        if self.seen.is_none_or(|(seen, _)| seen != asked) {
            self.seen = Some((asked, now_s));
        }
        let theme = cx.theme;
        let frame = egui::Frame::new().inner_margin(theme.space.xl);
        let scroll = egui::ScrollArea::vertical().id_salt(asked).auto_shrink(false);
        let shown = scroll.show(ui, |ui| {
            frame.show(ui, |ui| {
                ui.set_max_width(sizes::DETAIL.min(ui.available_width()));
                ui.spacing_mut().item_spacing = egui::Vec2::splat(theme.space.m);
                let title = asked::title(cx.text, cx.state, found);
                ui.add(egui::Label::new(theme.rich(title, theme.heading(), theme.colors.text)).wrap());
                let words = asked::words(cx.text, cx.state, &found.command);
                ui.add(egui::Label::new(theme.text(words)).wrap());
                ui.label(theme.small(cx.text.get("needs-you-asked-why")));
                widgets::steady(ui, "buttons", |ui| self.buttons(cx, ui, asked, found))
            })
        });
        shown.inner.inner
    }

    fn buttons(
        &self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        asked: CommandId,
        found: &Arc<Confirmation>,
    ) -> Option<Act> {
        let (theme, text) = (cx.theme, cx.text);
        let free = !self.is_answered(cx, asked);
        let mut act = None;
        ui.horizontal_wrapped(|ui| {
            let mut button = |ui: &mut Ui, button: Button<'_>, key, does| {
                if button.key(key).enabled(free, "").show(ui, theme).clicked() {
                    act = Some(does);
                }
            };
            button(
                ui,
                Button::danger(text.get("common-asked-allow")),
                "A",
                Act::Forward,
            );
            button(ui, Button::quiet(text.get("approvals-deny")), "D", Act::Drop);
            if asked::about(cx.state, &found.command).is_some() {
                button(ui, Button::quiet(text.get("needs-you-open")), "Enter", Act::Open);
            }
        });
        act
    }

    /// Does what a key or a button asks for. What has only just appeared is not answered: it was meant for what stood
    /// here before.
    pub fn go_on(&mut self, cx: &ViewContext<'_>, ui: &Ui, asked: CommandId, act: Act) {
        if act == Act::Open {
            if let Some(found) = cx.state.confirmations.get(&asked) {
                open(cx, found);
            }
            return;
        }
        let guard_s = cx.theme.motion.approval_guard_ms as f64 / 1_000.0;
        let now_s = ui.input(|input| input.time);
        let is_read = |(seen, since): (CommandId, f64)| seen == asked && now_s - since >= guard_s;
        if self.seen.is_some_and(is_read) && !self.is_answered(cx, asked) {
            let allow = act == Act::Forward;
            self.sent = Some((asked, cx.send(Command::Confirm { asked, allow })));
        }
    }

    fn is_answered(&self, cx: &ViewContext<'_>, asked: CommandId) -> bool {
        let sent = self.sent.filter(|(answered, _)| *answered == asked);
        sent.is_some_and(|(_, sent)| cx.result(sent).is_none_or(|result| result.is_ok()))
    }
}

/// Goes to what it is about.
fn open(cx: &ViewContext<'_>, found: &Confirmation) {
    match asked::about(cx.state, &found.command) {
        Some((task_id, Some(attempt_id))) => cx.go(Place::attempt(task_id, attempt_id)),
        Some((task_id, None)) => cx.go(Place::task(task_id)),
        None => {}
    }
}
