//! Cloning: where to, how far the clones are, and why an address is not taken. A secret that somebody types goes no
//! further than the field.

use super::HOME;
use crate::{
    Choose, Dialog, ViewContext,
    widgets::{self, Button, FieldEnd, Tone, state_line, text_field},
};
use anyon_model::{Answer, CloneProgress, Command, CommandId, FilePath, RemoteUrl, UrlFault};
use egui::{Id, ProgressBar, Ui};
use lucide_icons::Icon;
use std::path::PathBuf;

/// View state of what is to be cloned.
#[derive(Default)]
pub(super) struct Cloning {
    /// The folder, once a person chose another than the one that is offered.
    folder: Option<String>,
}

/// A clone that is wanted.
pub(super) struct Wanted {
    pub url: RemoteUrl,
    pub folder: FilePath,
}

impl Cloning {
    /// A folder was chosen to put the clone into.
    pub fn picked(&mut self, typed: &str, parent: &FilePath) {
        if let Ok(url) = RemoteUrl::parse(typed) {
            self.folder = Some(parent.as_path().join(url.folder_name()).display().to_string());
        }
    }

    /// Begins anew.
    pub fn reset(&mut self) {
        self.folder = None;
    }

    /// Paints the folder and the button, or what is wrong with the address. `go`: Enter was pressed in the address.
    /// `free`: nothing else is being added.
    pub fn ui(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        (typed, key, free): (&mut String, &str, bool),
        go: bool,
    ) -> Option<Wanted> {
        let (theme, text) = (cx.theme, cx.text);
        let parsed = RemoteUrl::parse(typed);
        if let Err(fault) = &parsed {
            refused(cx, ui, typed, fault);
            return None;
        }
        let offered = parsed
            .as_ref()
            .ok()
            .map(|url| offered(cx, url))
            .unwrap_or_default();
        let mut folder = self.folder.clone().unwrap_or_else(|| offered.clone());
        ui.label(theme.small(text.get("add-repository-clone-into")));
        let label = text.get("add-repository-clone-into");
        let field = Id::unique(("clone into", key));
        let (response, end) = text_field(ui, theme, field, &mut folder, label, "");
        if response.changed() {
            self.folder = Some(folder.clone());
        }
        let mut go = go || matches!(end, FieldEnd::Enter | FieldEnd::CtrlEnter);
        let ready = free && parsed.is_ok() && !folder.trim().is_empty();
        ui.horizontal_wrapped(|ui| {
            let button = Button::primary(text.get("add-repository-clone")).icon(Icon::ArrowDown);
            go |= button
                .enabled(ready, text.get("add-repository-clone-why"))
                .show(ui, theme)
                .clicked();
            if Button::quiet(text.get("add-repository-clone-choose"))
                .icon(Icon::FolderOpen)
                .show(ui, theme)
                .clicked()
            {
                cx.open_over(Dialog::Chooser(Choose {
                    key: into_key(key),
                    files: false,
                    start: None,
                }));
            }
        });
        let url = parsed.ok().filter(|_| go && ready)?;
        let folder = super::expanded(cx, folder.trim());
        Some(Wanted { url, folder })
    }
}

/// Who asks for the folder that a clone is put into.
pub(super) fn into_key(key: &str) -> String {
    format!("{key}/into")
}

/// Beside the project that was added last, else in the person's own folder.
fn offered(cx: &ViewContext<'_>, url: &RemoteUrl) -> String {
    let beside = cx.state.projects.values().next_back().and_then(|shard| {
        let path = shard.project.repo_path.as_path();
        path.parent().map(PathBuf::from)
    });
    let home = || match cx.page(HOME).ready() {
        Some(Answer::Directory(listed)) => listed.home.as_ref().map(|home| home.as_path().to_path_buf()),
        _ => None,
    };
    beside.or_else(home).map_or_else(String::new, |parent| {
        parent.join(url.folder_name()).display().to_string()
    })
}

/// Why an address is not taken, as soon as it cannot become right by typing on.
fn refused(cx: &ViewContext<'_>, ui: &mut Ui, typed: &mut String, fault: &UrlFault) {
    let (theme, text) = (cx.theme, cx.text);
    let why = match fault {
        UrlFault::Secret { .. } => "add-repository-url-secret",
        UrlFault::Option => "add-repository-url-option",
        UrlFault::Transport => "add-repository-url-transport",
        UrlFault::Empty | UrlFault::NotAUrl => {
            ui.label(theme.small(text.get("add-repository-url-form")));
            return;
        }
    };
    state_line(ui, theme, Icon::CircleX, Tone::Bad, text.get(why));
    if let UrlFault::Secret { clean } = fault {
        ui.label(theme.soft(text.get("add-repository-url-secret-text")));
        let label = text.with("add-repository-url-use", &[("url", clean.as_str().into())]);
        if Button::quiet(&label).show(ui, theme).clicked() {
            typed.clone_from(clean);
        }
    }
}

/// The clones that are being made, whoever began them.
pub(super) fn under_way(cx: &ViewContext<'_>, ui: &mut Ui) {
    for (clone_id, clone) in cx.state.clones.iter() {
        row(cx, ui, *clone_id, clone);
    }
}

fn row(cx: &ViewContext<'_>, ui: &mut Ui, clone_id: CommandId, clone: &CloneProgress) {
    let (theme, text) = (cx.theme, cx.text);
    let url = widgets::shown(clone.url.as_str());
    let line = if clone.cancelled {
        text.with("add-repository-clone-cancelling", &[("url", url.into())])
    } else {
        let percent = i64::from(clone.percent);
        text.with(
            "add-repository-cloning",
            &[("url", url.into()), ("percent", percent.into())],
        )
    };
    state_line(ui, theme, Icon::ArrowDown, Tone::Busy, &line);
    ui.label(theme.small(widgets::shown(&clone.folder.to_string())));
    let share = f32::from(clone.percent) / 100.0;
    let bar = ProgressBar::new(share)
        .desired_height(theme.space.xs)
        .fill(theme.colors.accent);
    ui.add(bar);
    let cancel = Button::quiet(text.get("add-repository-clone-cancel")).icon(Icon::X);
    let why = text.get("add-repository-clone-cancel-why");
    if cancel.enabled(!clone.cancelled, why).show(ui, theme).clicked() {
        cx.send(Command::CancelClone { clone_id });
    }
    ui.add_space(theme.space.s);
}
