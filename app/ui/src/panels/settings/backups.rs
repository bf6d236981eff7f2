//! Backups of the store: made now, those that are there, and how one is put back.

use crate::{
    Page, Request, Toast, ViewContext, phrase, stamp,
    theme::measures::pages::BACKUPS,
    widgets::{self, Button, Line, Tone, section, state_line},
};
use anyon_model::{Answer, Command, CommandId, DirectoryEntry, FilePath, Problem, Query};
use egui::Ui;
use lucide_icons::Icon;

/// View state of the section.
#[derive(Default)]
pub struct Backups {
    making: Option<CommandId>,
    failed: Option<Problem>,
}

impl Backups {
    /// Paints the section.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let (theme, text) = (cx.theme, cx.text);
        self.settle(cx);
        let words = (text.get("settings-backups"), text.get("settings-backups-text"));
        section(ui, theme, words, |ui| {
            self.buttons(cx, ui);
            if let Some(problem) = &self.failed {
                widgets::problem(ui, theme, problem);
            }
            ui.add_space(theme.space.xs);
            list(cx, ui);
        });
    }

    fn buttons(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let (theme, text) = (cx.theme, cx.text);
        ui.horizontal_wrapped(|ui| {
            let label = if self.making.is_some() {
                "settings-backup-making"
            } else {
                "settings-backup-now"
            };
            let now = Button::primary(text.get(label)).icon(Icon::HardDrive);
            if now.enabled(self.making.is_none(), "").show(ui, theme).clicked() {
                self.failed = None;
                // Not of those that are removed by and by.
                let name = format!("by-hand-{}.redb", stamp::stamp(cx.now));
                let path = FilePath::from(folder(cx).as_path().join(name));
                self.making = Some(cx.send_quiet(Command::Backup { path }));
            }
            let open = Button::quiet(text.get("settings-backup-folder")).icon(Icon::FolderOpen);
            if open.show(ui, theme).clicked() {
                cx.ask(Request::OpenFolder(folder(cx)));
            }
        });
    }

    fn settle(&mut self, cx: &ViewContext<'_>) {
        let Some(result) = self.making.and_then(|making| cx.result(making)) else {
            return;
        };
        self.making = None;
        match &*result {
            Ok(_) => {
                cx.toast(Toast::done("settings-backup-made"));
                let there = query(cx);
                cx.forget(|query| *query == there);
            }
            Err(problem) => self.failed = Some(problem.clone()),
        }
    }
}

fn folder(cx: &ViewContext<'_>) -> FilePath {
    FilePath::from(cx.surroundings.data_folder.as_path().join("backups"))
}

fn query(cx: &ViewContext<'_>) -> Query {
    Query::ListDirectory {
        path: Some(folder(cx)),
        hidden: false,
    }
}

/// The newest backups, and how one is put back.
fn list(cx: &ViewContext<'_>, ui: &mut Ui) {
    let (theme, text) = (cx.theme, cx.text);
    let page = cx.page(query(cx));
    let entries = match (&page, page.ready()) {
        (Page::Loading, _) => return widgets::loading(ui, theme, text),
        (_, Some(Answer::Directory(listed))) => newest(&listed.entries),
        // No folder, no backup.
        _ => Vec::new(),
    };
    if entries.is_empty() {
        state_line(
            ui,
            theme,
            Icon::CircleDashed,
            Tone::Quiet,
            text.get("settings-backups-none"),
        );
        return;
    }
    ui.spacing_mut().item_spacing.y = theme.space.xxs;
    for entry in entries {
        row(cx, ui, entry);
    }
    ui.add_space(theme.space.s);
    ui.label(theme.small(text.get("settings-backup-restore-text")));
}

fn row(cx: &ViewContext<'_>, ui: &mut Ui, entry: &DirectoryEntry) {
    let (theme, text) = (cx.theme, cx.text);
    let age = stamp::time_of(&entry.name).map(|time| phrase::age(text, cx.now, time));
    let line = Line {
        icon: Icon::HardDrive,
        tint: theme.colors.text_soft,
        name: &entry.name,
        more: "",
        right: age.as_deref().unwrap_or_default(),
        chosen: false,
        tall: false,
    };
    let label = text.with("settings-backup-copy", &[("name", entry.name.as_str().into())]);
    let (reveal, copy) = line.show_beside(ui, theme, (Icon::Copy, &label));
    if reveal.clicked() {
        cx.ask(Request::RevealFile(entry.path.clone()));
    }
    if copy.clicked() {
        cx.ask(Request::CopyText(restore_command(&entry.path)));
        cx.toast(Toast::done("settings-backup-copied"));
    }
}

/// What puts a backup back, for a terminal.
fn restore_command(path: &FilePath) -> String {
    format!("anyon restore '{}'", path.to_string().replace('\'', r"'\''"))
}

/// Backups made by hand and by themselves, the newest first.
fn newest(entries: &[DirectoryEntry]) -> Vec<&DirectoryEntry> {
    let mut backups: Vec<_> = entries
        .iter()
        .filter(|entry| !entry.is_folder && entry.name.ends_with(".redb"))
        .collect();
    backups.sort_by_key(|entry| std::cmp::Reverse(stamp::time_of(&entry.name)));
    backups.truncate(BACKUPS);
    backups
}
