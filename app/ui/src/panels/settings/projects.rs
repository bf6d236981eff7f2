//! A project's name, target branch, scripts and copied files; adding and forgetting projects.

use super::fields::{Fields, Spec, pick};
use crate::{
    Choose, Confirm, Dialog, Request, Toast, ViewContext,
    panels::add_repository::AddRepository,
    theme::measures::pages,
    widgets::{self, Button, Line, section, setting},
};
use anyon_model::{Answer, Command, FilePath, Project, ProjectId, ProjectPatch, Query};
use egui::Ui;
use lucide_icons::Icon;

/// The page.
#[derive(Default)]
pub struct ProjectsPage {
    chosen: Option<ProjectId>,
    add: AddRepository,
}

/// Who asks for a file that worktrees get a copy of.
const COPIED: &str = "settings/copied file";

impl ProjectsPage {
    /// Paints the page.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, fields: &mut Fields) {
        let projects = &cx.state.projects;
        let gone = self.chosen.is_none_or(|chosen| !projects.contains_key(&chosen));
        if gone {
            self.chosen = projects.keys().next().copied();
        }
        if !projects.is_empty() {
            self.list_ui(cx, ui);
        }
        if let Some(shard) = self.chosen.and_then(|chosen| projects.get(&chosen)) {
            project_ui(cx, ui, &shard.project, fields);
        }
        let words = (cx.text.get("settings-add"), cx.text.get("settings-add-text"));
        let added = section(ui, cx.theme, words, |ui| self.add.ui(cx, ui, "settings"));
        if let Some(project_id) = added {
            self.chosen = Some(project_id);
            cx.toast(Toast::done("settings-added"));
        }
    }

    fn list_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let theme = cx.theme;
        section(ui, theme, (cx.text.get("settings-page-projects"), ""), |ui| {
            ui.spacing_mut().item_spacing.y = theme.space.xxs;
            for shard in cx.state.projects.values() {
                let project = &shard.project;
                let chosen = self.chosen == Some(project.id);
                let tint = if chosen {
                    theme.colors.accent_text
                } else {
                    theme.colors.text_soft
                };
                let path = project.repo_path.to_string();
                let line = Line {
                    icon: Icon::FolderGit2,
                    tint,
                    name: &project.name,
                    more: &path,
                    right: &project.short_prefix,
                    chosen,
                    tall: true,
                };
                if line.show(ui, theme).clicked() {
                    self.chosen = Some(project.id);
                }
            }
        });
    }
}

fn project_ui(cx: &ViewContext<'_>, ui: &mut Ui, project: &Project, fields: &mut Fields) {
    let (theme, text) = (cx.theme, cx.text);
    let title = widgets::shown(&project.name);
    section(ui, theme, (&title, ""), |ui| {
        name_ui(cx, ui, project, fields);
        let words = (text.get("settings-target"), text.get("settings-target-hint"));
        setting(ui, theme, words, |ui| target_ui(cx, ui, project));
        scripts_ui(cx, ui, project, fields);
        copied_ui(cx, ui, project, fields);
        ui.add_space(theme.space.m);
        ui.horizontal_wrapped(|ui| {
            if Button::quiet(text.get("settings-open-folder"))
                .icon(Icon::FolderOpen)
                .show(ui, theme)
                .clicked()
            {
                cx.ask(Request::OpenFolder(project.repo_path.clone()));
            }
            if Button::quiet(text.get("settings-forget"))
                .icon(Icon::Trash2)
                .show(ui, theme)
                .clicked()
            {
                cx.open(Dialog::Confirm(Confirm {
                    title: text.with("settings-forget-title", &[("name", title.as_str().into())]),
                    body: text.get("settings-forget-text").to_owned(),
                    action: text.get("settings-forget-action").to_owned(),
                    command: Command::RemoveProject {
                        project_id: project.id,
                    },
                }));
            }
        });
    });
}

fn patched(project: &Project, patch: ProjectPatch) -> Command {
    Command::UpdateProject {
        project_id: project.id,
        patch,
    }
}

fn name_ui(cx: &ViewContext<'_>, ui: &mut Ui, project: &Project, fields: &mut Fields) {
    let label = cx.text.get("settings-name");
    setting(ui, cx.theme, (label, ""), |ui| {
        let key = format!("{}/name", project.id);
        let spec = Spec {
            key: &key,
            label,
            hint: "",
            rows: 1,
        };
        fields.text(cx, ui, &spec, &project.name, |typed| {
            if typed.trim().is_empty() {
                return Err(cx.text.get("settings-name-fault").to_owned());
            }
            Ok(patched(
                project,
                ProjectPatch {
                    name: Some(typed.trim().to_owned()),
                    ..ProjectPatch::default()
                },
            ))
        });
    });
}

/// A branch of the repository, or whichever is checked out.
fn target_ui(cx: &ViewContext<'_>, ui: &mut Ui, project: &Project) {
    let mut options = vec![cx.text.get("settings-target-checked-out").to_owned()];
    let page = cx.page(Query::Branches {
        project_id: project.id,
    });
    if let Some(Answer::Branches(branches)) = page.ready() {
        options.extend(branches.iter().cloned());
    }
    let set = project.default_target.as_ref();
    if let Some(set) = set.filter(|set| !options[1..].contains(set)) {
        options.push(set.clone());
    }
    let chosen = set
        .and_then(|set| options[1..].iter().position(|branch| branch == set))
        .map_or(0, |at| at + 1);
    if let Some(now) = pick(cx, ui, &options, chosen) {
        let target = (now > 0).then(|| options.swap_remove(now));
        cx.send(patched(
            project,
            ProjectPatch {
                default_target: Some(target),
                ..ProjectPatch::default()
            },
        ));
    }
    if let crate::Page::Failed(problem) = page {
        super::fields::fault_ui(cx, ui, &super::fields::sentence(&problem));
    }
}

fn scripts_ui(cx: &ViewContext<'_>, ui: &mut Ui, project: &Project, fields: &mut Fields) {
    let scripts: [(&str, &str, &str, &str, Script); 3] = [
        (
            "setup",
            "settings-setup",
            "settings-setup-hint",
            &project.setup_script,
            |patch, text| {
                patch.setup_script = Some(text);
            },
        ),
        (
            "cleanup",
            "settings-cleanup",
            "settings-cleanup-hint",
            &project.cleanup_script,
            |patch, text| {
                patch.cleanup_script = Some(text);
            },
        ),
        (
            "dev",
            "settings-dev",
            "settings-dev-hint",
            &project.dev_script,
            |patch, text| {
                patch.dev_script = Some(text);
            },
        ),
    ];
    for (name, label, hint, current, set) in scripts {
        let key = format!("{}/{name}", project.id);
        let (label, hint) = (cx.text.get(label), cx.text.get(hint));
        wide(cx, ui, (label, hint), |ui| {
            let empty = cx.text.get("settings-script-empty");
            let spec = Spec {
                key: &key,
                label,
                hint: empty,
                rows: pages::SCRIPT_ROWS,
            };
            fields.text(cx, ui, &spec, current, |typed| {
                let mut patch = ProjectPatch::default();
                set(&mut patch, typed.to_owned());
                Ok(patched(project, patch))
            });
        });
    }
}

/// Puts a script's text into a patch.
type Script = fn(&mut ProjectPatch, String);

/// One glob a line, and a file to choose.
fn copied_ui(cx: &ViewContext<'_>, ui: &mut Ui, project: &Project, fields: &mut Fields) {
    let key = format!("{}/copied", project.id);
    let chooser = format!("{COPIED} {}", project.id);
    let label = cx.text.get("settings-copied");
    let write = |globs: Vec<String>| {
        patched(
            project,
            ProjectPatch {
                copy_files: Some(globs),
                ..ProjectPatch::default()
            },
        )
    };
    wide(cx, ui, (label, cx.text.get("settings-copied-hint")), |ui| {
        let spec = Spec {
            key: &key,
            label,
            hint: cx.text.get("settings-copied-empty"),
            rows: pages::SCRIPT_ROWS,
        };
        fields.text(cx, ui, &spec, &project.copy_files.join("\n"), |typed| {
            Ok(write(lines(typed)))
        });
        if Button::bare(cx.text.get("settings-copied-add"))
            .icon(Icon::FilePlus)
            .show(ui, cx.theme)
            .clicked()
        {
            let start = Some(project.repo_path.clone());
            cx.open(Dialog::Chooser(Choose {
                key: chooser.clone(),
                files: true,
                start,
            }));
        }
    });
    let Some(picked) = cx.take_picked(&chooser) else {
        return;
    };
    match inside(project, &picked) {
        Some(file) if project.copy_files.contains(&file) => {}
        Some(file) => {
            let mut globs = project.copy_files.clone();
            globs.push(file);
            cx.send(write(globs));
        }
        None => cx.toast(Toast::refused("settings-copied-outside", None)),
    }
}

/// The path of a file relative to the repository, as a glob that matches it alone.
fn inside(project: &Project, picked: &FilePath) -> Option<String> {
    let relative = picked.as_path().strip_prefix(project.repo_path.as_path()).ok()?;
    let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
    let path = parts?.join("/");
    let mut glob = String::with_capacity(path.len());
    for letter in path.chars() {
        if matches!(letter, '*' | '?' | '[' | ']' | '{' | '}') {
            glob.extend(['[', letter, ']']);
        } else {
            glob.push(letter);
        }
    }
    Some(glob)
}

fn lines(typed: &str) -> Vec<String> {
    typed
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Words above, a field over the whole width below.
fn wide(cx: &ViewContext<'_>, ui: &mut Ui, (label, hint): (&str, &str), content: impl FnOnce(&mut Ui)) {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = cx.theme.space.xs;
        ui.label(cx.theme.text(label));
        ui.label(cx.theme.small(hint));
        content(ui);
    });
    ui.add_space(cx.theme.space.m);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_copied_files_are_trimmed_and_blank_ones_left_out() {
        assert_eq!(lines(" .env \n\n config/*.local\n"), [".env", "config/*.local"]);
    }
}
