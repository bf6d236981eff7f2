//! What a file is beside its lines: its mode, where a link leads, which commit a submodule is at.

use crate::{ViewContext, widgets::chip};
use anyon_model::{FileKind, FilePath, FileStat};
use egui::Ui;
use lucide_icons::Icon;

/// Characters of a commit that are shown.
pub(super) const COMMIT: usize = 7;

/// Paints it as chips above the lines; nothing for plain files that stay plain.
pub(super) fn chips(cx: &ViewContext<'_>, ui: &mut Ui, stat: &FileStat) {
    let words = words(cx, stat);
    if words.is_empty() {
        return;
    }
    let (theme, text) = (cx.theme, cx.text);
    let frame = egui::Frame::new().inner_margin(egui::vec2(theme.space.m, theme.space.s));
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(theme.space.s, theme.space.xs);
        ui.horizontal_wrapped(|ui| {
            for word in &words {
                chip(ui, theme, None, word, theme.colors.text_soft);
            }
            if leads_out(stat) {
                let said = text.get("changes-outside");
                chip(ui, theme, Some(Icon::TriangleAlert), said, theme.colors.amber)
                    .on_hover_text(text.get("changes-outside-more"));
            }
        });
    });
}

/// The same in words, for who does not see it.
pub(super) fn said(cx: &ViewContext<'_>, stat: &FileStat) -> String {
    let mut words = words(cx, stat);
    if leads_out(stat) {
        words.push(cx.text.get("changes-outside").to_owned());
    }
    words.join(", ")
}

/// A word for the tree, where the lines do not tell it, and whether it is a warning.
pub(super) fn tag<'a>(cx: &'a ViewContext<'_>, stat: &FileStat) -> Option<(&'a str, bool)> {
    let key = match stat.after.as_ref().or(stat.before.as_ref())? {
        FileKind::Link { .. } => "changes-tag-link",
        FileKind::Submodule { .. } => "changes-tag-submodule",
        FileKind::Plain | FileKind::Executable => {
            let (before, after) = (stat.before.as_ref()?, stat.after.as_ref()?);
            (before.mode() != after.mode()).then_some("changes-tag-mode")?
        }
    };
    Some((cx.text.get(key), leads_out(stat)))
}

fn leads_out(stat: &FileStat) -> bool {
    matches!(stat.after, Some(FileKind::Link { outside: true, .. }))
}

fn words(cx: &ViewContext<'_>, stat: &FileStat) -> Vec<String> {
    use FileKind::{Executable, Link, Plain, Submodule};
    match (&stat.before, &stat.after) {
        (Some(before @ (Plain | Executable)), Some(after @ (Plain | Executable))) => {
            mode(cx, before.mode(), after.mode())
        }
        (Some(Link { target: old, .. }), Some(after @ Link { target: new, .. })) => {
            let before = (old != new).then(|| with_target(cx, "changes-link-before", old));
            std::iter::once(is(cx, after)).chain(before).collect()
        }
        (Some(Submodule { commit: old }), Some(Submodule { commit: new })) if old != new => {
            let values = [("before", short(old).into()), ("after", short(new).into())];
            vec![cx.text.with("changes-submodule-moved", &values)]
        }
        (Some(before), Some(after)) if before.mode() != after.mode() => vec![is(cx, after), was(cx, before)],
        (_, Some(Plain)) | (Some(Plain | Executable), None) | (None, None) => Vec::new(),
        (_, Some(after)) => vec![is(cx, after)],
        (Some(before), None) => vec![was(cx, before)],
    }
}

fn mode(cx: &ViewContext<'_>, before: &str, after: &str) -> Vec<String> {
    if before == after {
        return Vec::new();
    }
    let meaning = if after == FileKind::Executable.mode() {
        "changes-made-executable"
    } else {
        "changes-made-plain"
    };
    let values = [("before", before.into()), ("after", after.into())];
    vec![
        cx.text.with("changes-mode", &values),
        cx.text.get(meaning).to_owned(),
    ]
}

fn is(cx: &ViewContext<'_>, kind: &FileKind) -> String {
    match kind {
        FileKind::Plain => cx.text.get("changes-is-file").to_owned(),
        FileKind::Executable => cx.text.get("changes-executable").to_owned(),
        FileKind::Link { target, .. } => with_target(cx, "changes-link", target),
        FileKind::Submodule { commit } => with_commit(cx, "changes-submodule", commit),
    }
}

fn was(cx: &ViewContext<'_>, kind: &FileKind) -> String {
    match kind {
        FileKind::Plain | FileKind::Executable => cx.text.get("changes-was-file").to_owned(),
        FileKind::Link { target, .. } => with_target(cx, "changes-was-link", target),
        FileKind::Submodule { commit } => with_commit(cx, "changes-was-submodule", commit),
    }
}

fn with_target(cx: &ViewContext<'_>, key: &'static str, target: &FilePath) -> String {
    cx.text.with(key, &[("target", target.to_string().into())])
}

fn with_commit(cx: &ViewContext<'_>, key: &'static str, commit: &str) -> String {
    cx.text.with(key, &[("commit", short(commit).into())])
}

fn short(commit: &str) -> &str {
    commit.get(..COMMIT).unwrap_or(commit)
}
