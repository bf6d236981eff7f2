//! What lies over the window: the dialog that is open, and the questions that are the shell's own.

use crate::{
    Dialog, Request, ViewContext, keys,
    panels::{Panels, landing},
    widgets::{self, Button, DialogEnd},
};
use anyon_model::{Actor, AttemptId, Command, TaskId};
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
/// somebody types.
fn asked_by_others(cx: &ViewContext<'_>, ui: &mut Ui) {
    let Some((asked, confirmation)) = cx.state.confirmations.iter().next() else {
        return;
    };
    let (theme, text) = (cx.theme, cx.text);
    let client = match &confirmation.actor {
        Actor::Mcp { client } => widgets::shown(client),
        _ => String::new(),
    };
    let title = text.with("common-asked-title", &[("client", client.into())]);
    let words = asked_for(cx, &confirmation.command);
    let mut allowed = None;
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
            });
        });
    });
    if let Some(allow) = allowed.or(left.then_some(false)) {
        cx.send(Command::Confirm { asked: *asked, allow });
    }
}

/// What exactly is to be allowed.
fn asked_for(cx: &ViewContext<'_>, command: &Command) -> String {
    let task = |task_id: TaskId| -> Option<String> {
        let shard = cx.state.shard_of_task(task_id)?;
        let task = shard.tasks.get(&task_id)?;
        Some(format!(
            "{}-{} {}",
            shard.project.short_prefix, task.number, task.title
        ))
    };
    let attempt = |attempt_id: AttemptId| -> Option<(String, String)> {
        let shard = cx.state.shard_of_attempt(attempt_id)?;
        let attempt = shard.attempts.get(&attempt_id)?;
        Some((task(attempt.task_id)?, attempt.target.clone()))
    };
    let (key, found) = match command {
        Command::DeleteTask { task_id } => (
            "common-asked-delete",
            task(*task_id).map(|name| (name, String::new())),
        ),
        Command::MergeAttempt { attempt_id, .. } => ("common-asked-merge", attempt(*attempt_id)),
        Command::DropAttempt { attempt_id } => ("common-asked-drop", attempt(*attempt_id)),
        _ => ("common-asked-other", None),
    };
    let (name, target) = found.unwrap_or_default();
    let values = [
        ("name", widgets::shown(&name).into()),
        ("target", widgets::shown(&target).into()),
    ];
    cx.text.with(key, &values)
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
