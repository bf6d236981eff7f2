//! Adding a repository: found by a quick scan, chosen, typed, or cloned from a URL. A part of the first start and of
//! the settings.

mod cloning;

use crate::{
    Choose, Dialog, Page, Request, ViewContext, phrase,
    theme::measures::pages::FOUND,
    widgets::{self, Button, FieldEnd, Line, Tone, state_line, text_field},
};
use anyon_model::{
    Answer, Command, CommandId, FilePath, FoundRepository, Outcome, Problem, ProblemCode, ProjectId, Query,
    RemoteUrl,
};
use cloning::Cloning;
use egui::{Id, Ui};
use lucide_icons::Icon;
use std::path::Path;

/// Adds repositories.
#[derive(Default)]
pub struct AddRepository {
    typed: String,
    cloning: Cloning,
    /// What is being added or cloned.
    adding: Option<(CommandId, FilePath)>,
    /// What could not be added, and why.
    failed: Option<(FilePath, Problem)>,
    /// All that was found is shown.
    all: bool,
    /// The field gets the keyboard.
    focus: bool,
    /// Escape was pressed in the field, and nobody asked yet.
    escaped: bool,
}

/// What a typed path that begins with `~` is completed from.
const HOME: Query = Query::ListDirectory {
    path: None,
    hidden: false,
};

impl AddRepository {
    /// Paints it. Gives the project when one was added. `name` tells places that offer it apart.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, name: &str) -> Option<ProjectId> {
        let key = format!("add/{name}");
        if let Some(picked) = cx.take_picked(&key) {
            self.add(cx, picked, false);
        }
        if let Some(parent) = cx.take_picked(&cloning::into_key(&key)) {
            self.cloning.picked(&self.typed, &parent);
        }
        let added = self.ended(cx);
        self.typed_ui(cx, ui, &key);
        self.standing_ui(cx, ui);
        ui.add_space(cx.theme.space.m);
        self.found_ui(cx, ui);
        added
    }

    /// The field gets the keyboard.
    pub fn begin(&mut self) {
        self.focus = true;
    }

    /// It is not waited for any more what is being added: a failure is told elsewhere.
    pub fn leave(&mut self, cx: &ViewContext<'_>) {
        if let Some((command_id, _)) = self.adding.take() {
            cx.make_loud(command_id);
        }
    }

    /// Escape was pressed in its field. True once.
    pub fn take_escaped(&mut self) -> bool {
        std::mem::take(&mut self.escaped)
    }

    /// Something is being added or cloned.
    pub fn is_busy(&self) -> bool {
        self.adding.is_some()
    }

    fn add(&mut self, cx: &ViewContext<'_>, path: FilePath, initial_commit: bool) {
        self.failed = None;
        let command = Command::AddProject {
            path: path.clone(),
            name: None,
            initial_commit,
        };
        self.adding = Some((cx.send_quiet(command), path));
    }

    fn clone_it(&mut self, cx: &ViewContext<'_>, wanted: cloning::Wanted) {
        self.failed = None;
        let command = Command::CloneProject {
            url: wanted.url.to_string(),
            folder: wanted.folder.clone(),
            name: None,
        };
        self.adding = Some((cx.send_quiet(command), wanted.folder));
    }

    fn ended(&mut self, cx: &ViewContext<'_>) -> Option<ProjectId> {
        let (command_id, _) = self.adding.as_ref()?;
        let result = cx.result(*command_id)?;
        let (_, path) = self.adding.take()?;
        match &*result {
            Ok(Outcome::Project { project_id }) => {
                self.typed.clear();
                self.cloning.reset();
                Some(*project_id)
            }
            Ok(_) => None,
            Err(problem) => {
                self.failed = Some((path, problem.clone()));
                None
            }
        }
    }

    /// The field for a path, and the ways to look for one.
    fn typed_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, key: &str) {
        let (theme, text) = (cx.theme, cx.text);
        let label = text.get("add-repository-path");
        let hint = text.get("add-repository-path-hint");
        let field = Id::unique(("add", key));
        let free = self.adding.is_none();
        if self.focus {
            // Not at once: the first frame of a dialog only measures it.
            cx.focus(ui, field);
            ui.ctx().request_repaint();
        }
        let (response, end) = text_field(ui, theme, field, &mut self.typed, label, hint);
        self.focus &= !response.has_focus();
        self.escaped = end == FieldEnd::Escape;
        if self.escaped {
            self.typed.clear();
            self.cloning.reset();
        }
        if self.typed.contains(['~', ':']) {
            cx.page(HOME);
        }
        let mut go = end == FieldEnd::Enter || end == FieldEnd::CtrlEnter;
        if RemoteUrl::is_meant(&self.typed) {
            let wanted = self.cloning.ui(cx, ui, (&mut self.typed, key, free), go);
            if let Some(wanted) = wanted {
                self.clone_it(cx, wanted);
            }
            return;
        }
        ui.horizontal_wrapped(|ui| {
            let ready = free && !self.typed.trim().is_empty();
            let why = text.get("add-repository-path-missing");
            go |= Button::primary(text.get("add-repository-add"))
                .enabled(ready, why)
                .show(ui, theme)
                .clicked();
            let browse = Button::quiet(text.get("add-repository-browse")).icon(Icon::FolderOpen);
            if browse.show(ui, theme).clicked() {
                cx.open_over(Dialog::Chooser(Choose {
                    key: key.to_owned(),
                    files: false,
                    start: None,
                }));
            }
            if Button::bare(text.get("add-repository-system"))
                .show(ui, theme)
                .clicked()
            {
                cx.ask(Request::PickFolder { key: key.to_owned() });
            }
            if go && ready {
                let path = expanded(cx, self.typed.trim());
                self.add(cx, path, false);
            }
        });
    }

    /// What is being added, or why it was not and what to do.
    fn standing_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let (theme, text) = (cx.theme, cx.text);
        cloning::under_way(cx, ui);
        if let Some((command_id, path)) = &self.adding
            && !cx.state.clones.contains_key(command_id)
        {
            let path = widgets::shown(&path.to_string());
            let line = text.with("add-repository-adding", &[("path", path.into())]);
            state_line(ui, theme, Icon::LoaderCircle, Tone::Busy, &line);
        }
        let Some((path, problem)) = self.failed.clone() else {
            return;
        };
        if problem.code == ProblemCode::Cancelled {
            let said = text.get("add-repository-clone-cancelled");
            state_line(ui, theme, Icon::CircleSlash, Tone::Quiet, said);
            return;
        }
        if problem.code != ProblemCode::NoCommits {
            widgets::problem(ui, theme, &problem);
            return;
        }
        let name = widgets::shown(&path.to_string());
        state_line(
            ui,
            theme,
            Icon::GitCommitHorizontal,
            Tone::Look,
            text.get("add-repository-no-commits"),
        );
        ui.label(theme.soft(text.with("add-repository-no-commits-text", &[("path", name.into())])));
        if Button::primary(text.get("add-repository-initial-commit"))
            .show(ui, theme)
            .clicked()
        {
            self.add(cx, path, true);
        }
    }

    fn found_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let (theme, text) = (cx.theme, cx.text);
        let page = cx.page(Query::FindRepositories { roots: Vec::new() });
        ui.label(theme.strong(text.get("add-repository-found")));
        ui.spacing_mut().item_spacing.y = theme.space.xxs;
        match &page {
            Page::Loading => {
                state_line(
                    ui,
                    theme,
                    Icon::Search,
                    Tone::Quiet,
                    text.get("add-repository-searching"),
                );
            }
            Page::Failed(problem) => widgets::problem(ui, theme, problem),
            Page::Ready(answer) => {
                if let Answer::Repositories(found) = &**answer {
                    self.rows(cx, ui, &found.repositories);
                    if !found.complete && !found.repositories.is_empty() {
                        ui.label(theme.small(text.get("add-repository-incomplete")));
                    }
                }
            }
        }
        if page != Page::Loading {
            ui.add_space(theme.space.xs);
            let again = Button::bare(text.get("add-repository-again")).icon(Icon::RefreshCw);
            if again.show(ui, theme).clicked() {
                cx.forget(|query| matches!(query, Query::FindRepositories { .. }));
            }
        }
    }

    fn rows(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, found: &[FoundRepository]) {
        if found.is_empty() {
            ui.label(cx.theme.soft(cx.text.get("add-repository-none")));
            return;
        }
        let shown = if self.all { found.len() } else { FOUND };
        for repository in found.iter().take(shown) {
            self.row(cx, ui, repository);
        }
        if found.len() > shown {
            let n = found.len().into();
            let label = cx.text.with("add-repository-all", &[("n", n)]);
            if Button::bare(&label)
                .icon(Icon::ChevronDown)
                .show(ui, cx.theme)
                .clicked()
            {
                self.all = true;
            }
        }
    }

    fn row(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, repository: &FoundRepository) {
        let there = cx
            .state
            .projects
            .values()
            .any(|shard| shard.project.repo_path == repository.path);
        let age = repository.used_at.map(|at| phrase::age(cx.text, cx.now, at));
        let path = repository.path.to_string();
        let line = Line {
            icon: if there { Icon::Check } else { Icon::FolderGit2 },
            tint: if there {
                cx.theme.colors.green
            } else {
                cx.theme.colors.accent_text
            },
            name: &repository.name,
            more: &path,
            right: if there {
                cx.text.get("add-repository-there")
            } else {
                age.as_deref().unwrap_or_default()
            },
            chosen: false,
            tall: true,
        };
        if line.show(ui, cx.theme).clicked() && !there && self.adding.is_none() {
            self.add(cx, repository.path.clone(), false);
        }
    }
}

/// A typed path with `~` put in full, as far as the person's folder is known.
fn expanded(cx: &ViewContext<'_>, typed: &str) -> FilePath {
    let home = match cx.page(HOME).ready() {
        Some(Answer::Directory(listed)) => listed.home.clone(),
        _ => None,
    };
    match (typed.strip_prefix('~'), home) {
        (Some(rest), Some(home)) => {
            let rest = rest.trim_start_matches(['/', '\\']);
            FilePath::from(home.as_path().join(Path::new(rest)))
        }
        _ => FilePath::from(typed),
    }
}
