//! Which editor opens worktrees and files.

use crate::{
    ViewContext,
    editor::{self, EditorChoice},
    theme::measures::pages,
    widgets::{self, segments, setting, text_field},
};
use egui::{Id, Ui};

/// Paints the choice, and the command of one's own while that is chosen.
pub fn ui(cx: &ViewContext<'_>, ui: &mut Ui) {
    let words = (
        cx.text.get("settings-editor"),
        cx.text.get("settings-editor-hint"),
    );
    setting(ui, cx.theme, words, |ui| {
        let now = cx.editor();
        choose(cx, ui, &now);
        if let EditorChoice::Custom(command) = now {
            own(cx, ui, command);
        }
    });
}

fn choose(cx: &ViewContext<'_>, ui: &mut Ui, now: &EditorChoice) {
    let found = &cx.surroundings.editors;
    let first = match found.first() {
        Some(first) => cx
            .text
            .with("settings-editor-first", &[("name", first.name.into())]),
        None => cx.text.get("settings-editor-none").to_owned(),
    };
    let mut choices = vec![(EditorChoice::First, first)];
    choices.extend(
        found
            .iter()
            .map(|editor| (EditorChoice::Known(editor.id.into()), editor.name.to_owned())),
    );
    if let EditorChoice::Known(id) = now
        && found.iter().all(|editor| editor.id != id)
    {
        // It was chosen and is gone: the choice stands, and says so.
        let gone = cx
            .text
            .with("settings-editor-gone", &[("name", id.as_str().into())]);
        choices.push((now.clone(), gone));
    }
    let own = match now {
        EditorChoice::Custom(_) => now.clone(),
        _ => EditorChoice::Custom(String::new()),
    };
    choices.push((own, cx.text.get("settings-editor-custom").to_owned()));
    let names: Vec<&str> = choices.iter().map(|(_, name)| name.as_str()).collect();
    let on = choices.iter().position(|(choice, _)| choice == now);
    let label = cx.text.get("settings-editor");
    if let Some(at) = segments(ui, cx.theme, label, &names, on.unwrap_or_default()) {
        cx.set_editor(choices[at].0.clone());
    }
}

/// The command of one's own: each letter counts at once.
fn own(cx: &ViewContext<'_>, ui: &mut Ui, mut command: String) {
    let example = cx.text.with("settings-editor-example", &parts());
    ui.set_max_width(pages::CONTROL);
    let field = Id::unique("editor command");
    let label = cx.text.get("settings-editor-command");
    let (response, _) = text_field(ui, cx.theme, field, &mut command, label, &example);
    if response.changed() {
        cx.set_editor(EditorChoice::Custom(command.clone()));
    }
    if command.is_empty() || editor::is_whole(&command) {
        let said = cx.text.with("settings-editor-command-hint", &parts());
        ui.add(egui::Label::new(cx.theme.small(said)).wrap());
    } else {
        let said = cx.text.with("settings-editor-command-needs", &parts());
        let said = cx
            .theme
            .rich(widgets::shown(&said), cx.theme.caption(), cx.theme.colors.red);
        ui.add(egui::Label::new(said).wrap());
    }
}

fn parts() -> [(&'static str, crate::text::Value<'static>); 2] {
    [("path", editor::PATH.into()), ("line", editor::LINE.into())]
}
