//! The snapshots of an attempt: what was kept of its files and why, each with the way back.

use crate::{
    ViewContext, phrase,
    theme::measures::landing as sizes,
    widgets::{self, Button},
};
use anyon_model::{AttemptId, AttemptStatus, Command, Snapshot, SnapshotReason};
use egui::{Layout, Ui};
use lucide_icons::Icon;
use std::sync::Arc;

/// Paints the dialog.
pub fn snapshots(cx: &ViewContext<'_>, ui: &mut Ui, attempt_id: AttemptId) {
    let Some(shard) = cx.state.shard_of_attempt(attempt_id) else {
        cx.close_dialog();
        return;
    };
    let mut kept: Vec<_> = shard.snapshots_of(attempt_id).cloned().collect();
    kept.sort_by_key(|snapshot| std::cmp::Reverse(snapshot.number));
    let status = cx.overview.attempt(attempt_id).map(|(_, view)| view.status);
    let why_not = status.map_or("", |status| why_not(cx, status));
    let title = cx.text.get("landing-snapshots-title");
    let (close, left) = widgets::dialog(ui, cx.theme, "snapshots", title, |ui| {
        content(cx, ui, &kept, why_not)
    });
    if close || left {
        cx.close_dialog();
    }
}

fn content(cx: &ViewContext<'_>, ui: &mut Ui, kept: &[Arc<Snapshot>], why_not: &str) -> bool {
    let theme = cx.theme;
    let about = if kept.is_empty() {
        "landing-snapshots-none"
    } else {
        "landing-snapshots-about"
    };
    ui.label(theme.soft(cx.text.get(about)));
    ui.add_space(theme.space.m);
    let mut close = false;
    egui::ScrollArea::vertical()
        .max_height(sizes::SNAPSHOTS)
        .show(ui, |ui| {
            for snapshot in kept {
                close |= row(cx, ui, snapshot, why_not);
            }
        });
    ui.add_space(theme.space.m);
    widgets::at_right(ui, theme, |ui| {
        close |= Button::quiet(cx.text.get("common-close"))
            .show(ui, theme)
            .clicked();
    });
    close
}

/// Why nothing can be restored now: what the agent does. Empty: it can.
fn why_not<'a>(cx: &ViewContext<'a>, status: AttemptStatus) -> &'a str {
    match status {
        AttemptStatus::Waiting => cx.text.get("landing-restore-asks"),
        AttemptStatus::Queued | AttemptStatus::Starting => cx.text.get("landing-restore-starts"),
        AttemptStatus::Running => cx.text.get("landing-restore-at-work"),
        _ => "",
    }
}

fn row(cx: &ViewContext<'_>, ui: &mut Ui, snapshot: &Snapshot, why_not: &str) -> bool {
    let (theme, text) = (cx.theme, cx.text);
    let may = why_not.is_empty();
    let mut restored = false;
    ui.push_id(snapshot.id, |ui| {
        ui.horizontal(|ui| {
            widgets::mark(ui, theme, Icon::History, theme.colors.text_soft);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.label(theme.text(text.get(reason(snapshot.reason))));
                let age = phrase::age(text, cx.now, snapshot.created_at);
                let values = [("n", snapshot.number.into()), ("age", age.into())];
                let key = match snapshot.trash {
                    Some(_) => "landing-snapshot-with-trash",
                    None => "landing-snapshot",
                };
                ui.label(theme.small(text.with(key, &values)));
            });
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                let button = Button::quiet(text.get("landing-restore-this")).enabled(may, why_not);
                restored = button.show(ui, theme).clicked() && may;
            });
        });
    });
    if restored {
        cx.send(Command::RestoreSnapshot {
            snapshot_id: snapshot.id,
        });
    }
    restored
}

fn reason(reason: SnapshotReason) -> &'static str {
    match reason {
        SnapshotReason::Commit => "landing-before-commit",
        SnapshotReason::Merge => "landing-before-merge",
        SnapshotReason::Drop => "landing-before-drop",
        SnapshotReason::Cleanup => "landing-before-cleanup",
        SnapshotReason::Restore => "landing-before-restore",
    }
}
