//! Which agents there are, which one is offered first, how many run at once.

use super::{
    fields::{Fields, pick},
    general,
};
use crate::{
    ViewContext,
    panels::agents::{agents_ui, findings, real},
    widgets::{section, setting},
};
use anyon_model::ExecutorProfileId;
use egui::Ui;

/// Agents that may run at once.
const RUNNING: std::ops::RangeInclusive<u64> = 1..=64;
/// Minutes that an idle agent may be kept: up to a week.
const IDLE_MINUTES: std::ops::RangeInclusive<u64> = 0..=10_080;

/// Attempts that an agent may start.
const STARTS: std::ops::RangeInclusive<u64> = 0..=64;
/// How deep such attempts may go.
const DEPTH: std::ops::RangeInclusive<u64> = 0..=8;

/// Paints the page.
pub fn ui(cx: &ViewContext<'_>, ui: &mut Ui, fields: &mut Fields) {
    let (theme, text) = (cx.theme, cx.text);
    section(ui, theme, (text.get("settings-running"), ""), |ui| {
        let words = (text.get("settings-profile"), text.get("settings-profile-hint"));
        setting(ui, theme, words, |ui| profile_ui(cx, ui));
        let words = (
            text.get("settings-max-running"),
            text.get("settings-max-running-hint"),
            "",
        );
        let now = u64::from(cx.state.settings.max_running);
        fields.number(cx, ui, words, (now, RUNNING), |settings, n| {
            settings.max_running = u32::try_from(n).unwrap_or(u32::MAX);
        });
        let words = (
            text.get("settings-idle"),
            text.get("settings-idle-hint"),
            text.get("settings-minutes"),
        );
        let now = u64::from(cx.state.settings.idle_limit_minutes);
        fields.number(cx, ui, words, (now, IDLE_MINUTES), |settings, n| {
            settings.idle_limit_minutes = u32::try_from(n).unwrap_or(u32::MAX);
        });
    });
    section(ui, theme, (text.get("settings-programs"), ""), |ui| {
        let words = (text.get("settings-starts"), text.get("settings-starts-hint"), "");
        let now = u64::from(cx.state.settings.agent_starts);
        fields.number(cx, ui, words, (now, STARTS), |settings, n| {
            settings.agent_starts = u32::try_from(n).unwrap_or(u32::MAX);
        });
        let words = (text.get("settings-depth"), text.get("settings-depth-hint"), "");
        let now = u64::from(cx.state.settings.agent_depth);
        fields.number(cx, ui, words, (now, DEPTH), |settings, n| {
            settings.agent_depth = u32::try_from(n).unwrap_or(u32::MAX);
        });
        let words = (text.get("settings-confirm"), text.get("settings-confirm-hint"));
        setting(ui, theme, words, |ui| {
            let names =
                [text.get("settings-confirm-on"), text.get("settings-confirm-off")].map(str::to_owned);
            let chosen = usize::from(!cx.state.settings.confirm_mcp);
            if let Some(now) = pick(cx, ui, &names, chosen) {
                general::change(cx, |settings| settings.confirm_mcp = now == 0);
            }
        });
    });
    section(ui, theme, (text.get("settings-agents-found"), ""), |ui| {
        agents_ui(cx, ui, true)
    });
}

/// The profile that is offered first: one of the agents found, or the last one used.
fn profile_ui(cx: &ViewContext<'_>, ui: &mut Ui) {
    let set = cx.state.settings.default_profile.clone();
    let mut options = vec![(cx.text.get("settings-profile-last").to_owned(), None)];
    for agent in real(&findings(cx)).into_iter().filter(|agent| agent.found) {
        options.push((agent.name.clone(), Some(ExecutorProfileId::new(&agent.agent_id))));
        for variant in agent.variants.iter().filter(|variant| *variant != "DEFAULT") {
            let profile = ExecutorProfileId {
                executor: agent.agent_id.clone(),
                variant: Some(variant.clone()),
            };
            options.push((format!("{} · {variant}", agent.name), Some(profile)));
        }
    }
    if let Some(other) = set
        .clone()
        .filter(|set| !options.iter().any(|(_, profile)| profile.as_ref() == Some(set)))
    {
        options.push((other.to_string(), Some(other)));
    }
    let chosen = options
        .iter()
        .position(|(_, profile)| *profile == set)
        .unwrap_or(0);
    let names: Vec<String> = options.iter().map(|(name, _)| name.clone()).collect();
    if let Some(now) = pick(cx, ui, &names, chosen) {
        let profile = options.swap_remove(now).1;
        general::change(cx, |settings| settings.default_profile = profile);
    }
}
