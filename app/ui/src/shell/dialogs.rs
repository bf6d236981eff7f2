//! What lies over the window: the dialog that is open, and the questions that are the shell's own.

use crate::{
    Dialog, Place, Request, ViewContext, asked, keys,
    panels::{Panels, landing, task},
    widgets::{self, Button, DialogEnd},
};
use anyon_model::Command;
use egui::{Key, Modifiers, Ui};

/// The dialog that is open, if one is.
pub(super) fn show(panels: &mut Panels, cx: &ViewContext<'_>, ui: &mut Ui) {
    match cx.dialog() {
        // It came by itself, so it waits until the person is done with what they opened.
        None => asked_by_others(cx, ui),
        Some(Dialog::Start { task_id }) => panels.start_dialog.ui(cx, ui, task_id),
        Some(Dialog::Classify { task_id }) => panels.classify.ui(cx, ui, task_id),
        Some(Dialog::EditTask { task_id }) => panels.edit_task.ui(cx, ui, task_id),
        Some(Dialog::Landing { attempt_id }) => panels.landing.ui(cx, ui, attempt_id),
        Some(Dialog::Chooser(choose)) => panels.chooser.ui(cx, ui, &choose),
        Some(Dialog::Snapshots { attempt_id }) => landing::snapshots(cx, ui, attempt_id),
        Some(Dialog::History { task_id }) => task::history(cx, ui, task_id),
        Some(Dialog::AddProject) => panels.sidebar.add_dialog(cx, ui),
        Some(Dialog::Palette) => panels.palette.ui(cx, ui),
        Some(Dialog::Confirm(confirm)) => {
            let words = (
                confirm.title.as_str(),
                confirm.body.as_str(),
                confirm.action.as_str(),
            );
            if ask(cx, ui, words) == DialogEnd::Confirmed {
                cx.send(confirm.command);
            }
        }
        Some(Dialog::Closing) => closing(cx, ui),
    }
}

/// What another program asked for and cannot be taken back: a person allows it. No key does, since it may appear while
/// somebody types; Escape only leaves it for later.
fn asked_by_others(cx: &ViewContext<'_>, ui: &mut Ui) {
    // There it is answered in its row.
    if *cx.place() == Place::NeedsYou {
        return;
    }
    let mut waiting = cx.state.confirmations.iter();
    let Some((asked, confirmation)) = waiting.find(|(asked, _)| !cx.is_put_off(**asked)) else {
        return;
    };
    let (theme, text) = (cx.theme, cx.text);
    let title = asked::title(text, cx.state, confirmation);
    let words = asked::words(text, cx.state, &confirmation.command);
    let (mut allowed, mut later) = (None, false);
    let ((), left) = widgets::dialog(ui, theme, "asked", &title, |ui| {
        ui.label(theme.soft(&words));
        ui.add_space(theme.space.m);
        widgets::steady(ui, "buttons", |ui| {
            widgets::at_right(ui, theme, |ui| {
                if Button::danger(text.get("common-asked-allow"))
                    .show(ui, theme)
                    .clicked()
                {
                    allowed = Some(true);
                }
                if Button::quiet(text.get("approvals-deny"))
                    .show(ui, theme)
                    .clicked()
                {
                    allowed = Some(false);
                }
                let button = Button::bare(text.get("common-asked-later")).show(ui, theme);
                later = button
                    .on_hover_text(text.get("common-asked-later-hint"))
                    .clicked();
            });
        });
    });
    match allowed {
        Some(allow) => drop(cx.send(Command::Confirm { asked: *asked, allow })),
        None if left || later => cx.put_off(*asked),
        None => {}
    }
}

/// Closing while agents run: let them go on without the window, stop them, or stay.
fn closing(cx: &ViewContext<'_>, ui: &mut Ui) {
    // The demo's folders go with its window.
    let demo = cx.surroundings.demo;
    let body = match demo {
        true => "common-closing-text-demo",
        false => "common-closing-text",
    };
    let (chosen, left) = widgets::dialog(
        ui,
        cx.theme,
        "closing",
        cx.text.get("common-closing-title"),
        |ui| {
            ui.label(cx.theme.soft(cx.text.get(body)));
            closing_buttons(cx, ui, demo)
        },
    );
    match chosen {
        Some(Closing::Keep) => cx.ask(Request::QuitAndKeep),
        Some(Closing::Stop) => cx.ask(Request::Quit),
        Some(Closing::Cancel) => {}
        None if !left => return,
        None => {}
    }
    cx.close_dialog();
}

/// What becomes of the agents and the window.
#[derive(Clone, Copy)]
enum Closing {
    Keep,
    Stop,
    Cancel,
}

fn closing_buttons(cx: &ViewContext<'_>, ui: &mut Ui, demo: bool) -> Option<Closing> {
    let word = |key| cx.text.get(key);
    let buttons = [
        (Closing::Keep, Button::primary(word("common-closing-keep"))),
        (Closing::Stop, Button::danger(word("common-closing-stop"))),
        (Closing::Cancel, Button::quiet(word("common-cancel"))),
    ];
    let mut chosen = None;
    ui.add_space(cx.theme.space.m);
    widgets::steady(ui, "buttons", |ui| {
        widgets::at_right(ui, cx.theme, |ui| {
            for (closing, button) in buttons.into_iter().skip(usize::from(demo)) {
                if button.show(ui, cx.theme).clicked() {
                    chosen = Some(closing);
                }
            }
        });
    });
    if keys::with(ui, Modifiers::COMMAND, Key::Enter) {
        chosen = Some(if demo { Closing::Stop } else { Closing::Keep });
    }
    chosen
}

fn ask(cx: &ViewContext<'_>, ui: &Ui, (title, body, action): (&str, &str, &str)) -> DialogEnd {
    let (end, left) = widgets::dialog(ui, cx.theme, "ask", title, |ui| {
        ui.label(cx.theme.soft(body));
        widgets::dialog_buttons(
            ui,
            cx.theme,
            cx.text.get("common-cancel"),
            Button::danger(action),
            true,
        )
    });
    let end = if left && end == DialogEnd::Open {
        DialogEnd::Cancelled
    } else {
        end
    };
    if end != DialogEnd::Open {
        cx.close_dialog();
    }
    end
}
