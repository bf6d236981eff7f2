//! The chooser for folders and files inside the window: folders from [`Query::ListDirectory`], keys and pointer.
//! It reads no files itself.

use crate::{
    Choose, Page, ViewContext, keys,
    theme::measures::chooser::LIST,
    widgets::{self, Button, FieldEnd, Line, VirtualList, icon_button, text_field},
};
use anyon_model::{Answer, DirectoryEntry, DirectoryList, FilePath, Query};
use egui::{EventFilter, Id, Key, Modifiers, Response, Ui};
use lucide_icons::Icon;
use std::sync::Arc;

/// The chooser, a dialog.
#[derive(Default)]
pub struct Chooser {
    /// What it is open for; none while it is closed.
    open: Option<Choose>,
    /// The folder shown; `None`: the person's own.
    at: Option<FilePath>,
    hidden: bool,
    /// The chosen row.
    row: Option<usize>,
    list: VirtualList,
    /// What is typed in the field; none: it shows the folder.
    typed: Option<String>,
    /// The list takes the keyboard when it is there.
    eager: bool,
}

impl Chooser {
    /// Paints it. Answers [`ViewContext::take_picked`] and closes.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, choose: &Choose) {
        if self.open.as_ref() != Some(choose) {
            *self = Self {
                open: Some(choose.clone()),
                ..Self::default()
            };
            self.enter(cx, choose.start.clone());
        }
        let title = cx.text.get(if choose.files {
            "chooser-file"
        } else {
            "chooser-folder"
        });
        let (done, left) = widgets::dialog(ui, cx.theme, "chooser", title, |ui| self.content(cx, ui, choose));
        let chosen = match done {
            Done::Chosen(path) => {
                cx.picked(&choose.key, path);
                true
            }
            Done::Left => true,
            Done::Open => left,
        };
        if chosen {
            *self = Self::default();
            cx.close_dialog();
        }
    }

    fn content(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, choose: &Choose) -> Done {
        let page = cx.page(self.query());
        let listed = match page.ready() {
            Some(Answer::Directory(listed)) => Some(listed.clone()),
            _ => None,
        };
        self.where_ui(cx, ui, listed.as_deref());
        let mut done = Done::Open;
        ui.allocate_ui(egui::vec2(ui.available_width(), LIST), |ui| {
            ui.set_min_height(LIST);
            match (&page, &listed) {
                (_, Some(listed)) => done = self.list_ui(cx, ui, listed, choose.files),
                (Page::Failed(problem), _) => widgets::problem(ui, cx.theme, problem),
                _ => widgets::loading(ui, cx.theme, cx.text),
            }
        });
        let more = listed.as_ref().is_some_and(|listed| listed.more);
        ui.label(
            cx.theme
                .small(if more { cx.text.get("chooser-more") } else { "" }),
        );
        match self.buttons(cx, ui, listed.as_ref(), choose) {
            Done::Open => done,
            done => done,
        }
    }

    fn query(&self) -> Query {
        Query::ListDirectory {
            path: self.at.clone(),
            hidden: self.hidden,
        }
    }

    /// Shows a folder as it is now, not as it was when somebody looked before.
    fn enter(&mut self, cx: &ViewContext<'_>, folder: Option<FilePath>) {
        self.at = folder;
        self.row = None;
        self.typed = None;
        self.eager = true;
        self.list = VirtualList::from_start();
        let query = self.query();
        cx.forget(|known| *known == query);
    }

    /// Up, home, the folder as text, and whether hidden ones are listed.
    fn where_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, listed: Option<&DirectoryList>) {
        let theme = cx.theme;
        let mut to = None;
        widgets::at_right(ui, theme, |ui| {
            let (icon, label) = if self.hidden {
                (Icon::EyeOff, "chooser-hide-hidden")
            } else {
                (Icon::Eye, "chooser-show-hidden")
            };
            if icon_button(ui, theme, icon, cx.text.get(label), "").clicked() {
                self.hidden = !self.hidden;
                self.row = None;
            }
            if icon_button(ui, theme, Icon::House, cx.text.get("chooser-home"), "").clicked() {
                to = Some(None);
            }
            if icon_button(ui, theme, Icon::CornerLeftUp, cx.text.get("chooser-up"), "").clicked()
                && let Some(parent) = listed.and_then(|listed| listed.parent.clone())
            {
                to = Some(Some(parent));
            }
            if let Some(typed) = self.path_field(cx, ui, listed) {
                to = Some(Some(typed));
            }
        });
        if let Some(folder) = to {
            self.enter(cx, folder);
        }
    }

    fn path_field(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        listed: Option<&DirectoryList>,
    ) -> Option<FilePath> {
        let folder = listed.map(|listed| widgets::shown(&listed.path.to_string()));
        let asked = || self.at.as_ref().map(|at| widgets::shown(&at.to_string()));
        let shown = folder.or_else(asked).unwrap_or_default();
        let mut text = self.typed.clone().unwrap_or_else(|| shown.clone());
        let label = cx.text.get("chooser-path");
        let (_, end) = text_field(ui, cx.theme, Id::unique("chooser path"), &mut text, label, label);
        match end {
            FieldEnd::Enter if !text.trim().is_empty() => return Some(FilePath::from(text.trim())),
            FieldEnd::Escape => self.typed = None,
            _ if text != shown => self.typed = Some(text),
            _ => {}
        }
        None
    }

    fn list_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, listed: &DirectoryList, files: bool) -> Done {
        let rows: Vec<&DirectoryEntry> = listed
            .entries
            .iter()
            .filter(|entry| files || entry.is_folder)
            .collect();
        if rows.is_empty() {
            let empty = if files {
                "chooser-empty"
            } else {
                "chooser-no-folders"
            };
            ui.label(cx.theme.faint(cx.text.get(empty)));
            return Done::Open;
        }
        let mut list = std::mem::take(&mut self.list);
        let mut pressed: Option<(usize, bool)> = None;
        let label = (cx.text.get("chooser-list"), rows.len() as u64, cx.theme.space.row);
        let shown = list.fixed(ui, cx.theme, label, |ui, row| {
            let at = row as usize;
            let response = entry_ui(cx, ui, rows[at], self.row == Some(at));
            if response.clicked() || response.double_clicked() {
                pressed = Some((at, response.double_clicked()));
            }
        });
        self.list = list;
        if std::mem::take(&mut self.eager) && self.typed.is_none() {
            shown.response.request_focus();
        }
        if let Some((at, _)) = pressed {
            self.row = Some(at);
            shown.response.request_focus();
        }
        let open = pressed.is_some_and(|(_, twice)| twice)
            || self.list_keys(cx, ui, &shown.response, listed, rows.len());
        match self.row.and_then(|row| rows.get(row)).filter(|_| open) {
            Some(entry) if entry.is_folder => {
                self.enter(cx, Some(entry.path.clone()));
                Done::Open
            }
            Some(entry) => Done::Chosen(entry.path.clone()),
            None => Done::Open,
        }
    }

    /// Arrows move, Enter opens (true), Backspace goes up.
    fn list_keys(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &Ui,
        list: &Response,
        listed: &DirectoryList,
        rows: usize,
    ) -> bool {
        if !list.has_focus() || keys::composing(ui.ctx()) {
            return false;
        }
        let arrows = EventFilter {
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(list.id, arrows));
        let down = keys::plain(ui, Key::ArrowDown);
        let up = keys::plain(ui, Key::ArrowUp);
        if down || up {
            let next = match self.row {
                None => 0,
                Some(row) if down => (row + 1).min(rows - 1),
                Some(row) => row.saturating_sub(1),
            };
            self.row = Some(next);
            self.list.reveal(next as u64);
        }
        if keys::plain(ui, Key::Backspace)
            && let Some(parent) = listed.parent.clone()
        {
            self.enter(cx, Some(parent));
        }
        self.row.is_some() && keys::plain(ui, Key::Enter)
    }

    fn buttons(
        &self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        listed: Option<&Arc<DirectoryList>>,
        choose: &Choose,
    ) -> Done {
        let theme = cx.theme;
        let chosen = listed.and_then(|listed| self.chosen(listed, choose.files));
        let label = match &chosen {
            Some((name, _)) => cx
                .text
                .with("chooser-choose", &[("name", widgets::shown(name).into())]),
            None => cx.text.get("chooser-choose-none").to_owned(),
        };
        let mut done = Done::Open;
        ui.add_space(theme.space.m);
        widgets::at_right(ui, theme, |ui| {
            let action = Button::primary(&label)
                .key(&keys_of_choosing(ui))
                .enabled(chosen.is_some(), "")
                .show(ui, theme);
            let by_key = chosen.is_some() && keys::with(ui, Modifiers::COMMAND, Key::Enter);
            if let Some((_, path)) = chosen.filter(|_| action.clicked() || by_key) {
                done = Done::Chosen(path);
            }
            if Button::quiet(cx.text.get("common-cancel"))
                .show(ui, theme)
                .clicked()
            {
                done = Done::Left;
            }
        });
        done
    }

    /// The chosen row's name and path; with no row the folder itself, where folders are looked for.
    fn chosen(&self, listed: &DirectoryList, files: bool) -> Option<(String, FilePath)> {
        let mut rows = listed.entries.iter().filter(|entry| files || entry.is_folder);
        match self.row.and_then(|row| rows.nth(row)) {
            Some(entry) if entry.is_folder == files => None,
            Some(entry) => Some((entry.name.clone(), entry.path.clone())),
            None if files => None,
            None => Some((last_name(&listed.path), listed.path.clone())),
        }
    }
}

/// How a frame of the chooser ended.
enum Done {
    Open,
    Left,
    Chosen(FilePath),
}

fn keys_of_choosing(ui: &Ui) -> String {
    ui.ctx()
        .format_shortcut(&egui::KeyboardShortcut::new(Modifiers::COMMAND, Key::Enter))
}

fn last_name(path: &FilePath) -> String {
    let name = path.as_path().file_name();
    name.map_or_else(|| path.to_string(), |name| name.to_string_lossy().into_owned())
}

fn entry_ui(cx: &ViewContext<'_>, ui: &mut Ui, entry: &DirectoryEntry, chosen: bool) -> Response {
    let c = &cx.theme.colors;
    let (icon, tint, right) = match (entry.is_repository, entry.is_folder) {
        (true, _) => (Icon::FolderGit2, c.accent_text, cx.text.get("chooser-repository")),
        (_, true) => (Icon::Folder, c.text_soft, ""),
        _ => (Icon::File, c.text_soft, ""),
    };
    let line = Line {
        icon,
        tint,
        name: &entry.name,
        more: "",
        right,
        chosen,
        tall: false,
    };
    line.show(ui, cx.theme)
}
