//! What lies over the window: the dialog that is open, and the questions that are the shell's own.

use crate::{
    Dialog, Request, ViewContext, keys,
    panels::{Panels, landing},
    widgets::{self, Button, DialogEnd},
};
use egui::{Key, Modifiers, Ui};

/// The dialog that is open, if one is.
pub(super) fn show(panels: &mut Panels, cx: &ViewContext<'_>, ui: &mut Ui) {
    match cx.dialog() {
        None => {}
        Some(Dialog::Start { task_id }) => panels.start_dialog.ui(cx, ui, task_id),
        Some(Dialog::Classify { task_id }) => panels.classify.ui(cx, ui, task_id),
        Some(Dialog::Landing { attempt_id }) => panels.landing.ui(cx, ui, attempt_id),
        Some(Dialog::Chooser(choose)) => panels.chooser.ui(cx, ui, &choose),
        Some(Dialog::Snapshots { attempt_id }) => landing::snapshots(cx, ui, attempt_id),
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
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
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
