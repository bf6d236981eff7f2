//! Floors of memory and disk, the trash, branch names, and where everything is.

use super::fields::{Fields, Spec};
use super::general;
use crate::{
    Request, ViewContext,
    widgets::{self, Button, section, setting},
};
use egui::Ui;
use lucide_icons::Icon;

/// MiB that may be asked to stay free: up to a TiB.
const FLOOR_MIB: std::ops::RangeInclusive<u64> = 0..=1_048_576;
/// Days in the trash: up to ten years.
const TRASH_DAYS: std::ops::RangeInclusive<u64> = 0..=3_650;

/// Paints the page.
pub fn ui(cx: &ViewContext<'_>, ui: &mut Ui, fields: &mut Fields) {
    let (theme, text) = (cx.theme, cx.text);
    let now = &cx.state.settings;
    section(
        ui,
        theme,
        (text.get("settings-floors"), text.get("settings-floors-text")),
        |ui| {
            let words = (text.get("settings-memory"), "", text.get("settings-mib"));
            fields.number(cx, ui, words, (now.memory_floor_mib, FLOOR_MIB), |settings, n| {
                settings.memory_floor_mib = n
            });
            let words = (text.get("settings-disk"), "", text.get("settings-mib"));
            fields.number(cx, ui, words, (now.disk_floor_mib, FLOOR_MIB), |settings, n| {
                settings.disk_floor_mib = n
            });
        },
    );
    section(
        ui,
        theme,
        (text.get("settings-trash"), text.get("settings-trash-text")),
        |ui| {
            let words = (text.get("settings-trash-cap"), "", text.get("settings-mib"));
            fields.number(cx, ui, words, (now.trash_cap_mib, FLOOR_MIB), |settings, n| {
                settings.trash_cap_mib = n
            });
            let words = (text.get("settings-trash-days"), "", text.get("settings-days"));
            fields.number(
                cx,
                ui,
                words,
                (u64::from(now.trash_days), TRASH_DAYS),
                |settings, n| {
                    settings.trash_days = u32::try_from(n).unwrap_or(u32::MAX);
                },
            );
        },
    );
    section(ui, theme, (text.get("settings-places"), ""), |ui| {
        prefix_ui(cx, ui, fields);
        let folder = cx.surroundings.data_folder.clone();
        let shown = widgets::shown(&folder.to_string());
        setting(ui, theme, (text.get("settings-folder"), &shown), |ui| {
            if Button::quiet(text.get("settings-folder-open"))
                .icon(Icon::FolderOpen)
                .show(ui, theme)
                .clicked()
            {
                cx.ask(Request::OpenFolder(folder));
            }
        });
    });
}

fn prefix_ui(cx: &ViewContext<'_>, ui: &mut Ui, fields: &mut Fields) {
    let label = cx.text.get("settings-prefix");
    setting(ui, cx.theme, (label, cx.text.get("settings-prefix-hint")), |ui| {
        let spec = Spec {
            key: "branch prefix",
            label,
            hint: "",
            rows: 1,
        };
        fields.text(cx, ui, &spec, &cx.state.settings.branch_prefix, |typed| {
            Ok(general::changed(cx, |settings| {
                settings.branch_prefix = typed.trim().to_owned()
            }))
        });
    });
}
