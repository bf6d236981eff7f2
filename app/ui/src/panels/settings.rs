//! Settings, each with its effect at once and its fault beside it.

mod agents;
mod backups;
mod editor;
mod fields;
pub mod general;
mod mcp;
mod own;
mod projects;
mod rules;
mod storage;
mod templates;

use crate::{Panel, Place, SettingsPage, ViewContext, theme::measures::pages, widgets::Line};
use egui::{Align, Layout, ScrollArea, Ui, vec2};
use fields::Fields;
use lucide_icons::Icon;

/// The settings.
#[derive(Default)]
pub struct SettingsPanel {
    fields: Fields,
    projects: projects::ProjectsPage,
    rules: rules::RulesPage,
    templates: templates::TemplatesPage,
    backups: backups::Backups,
    mcp: mcp::McpSection,
    own_agents: own::OwnAgents,
}

const PAGES: [(SettingsPage, Icon, &str); 6] = [
    (
        SettingsPage::General,
        Icon::SlidersHorizontal,
        "settings-page-general",
    ),
    (SettingsPage::Agents, Icon::Bot, "settings-page-agents"),
    (SettingsPage::Projects, Icon::FolderGit2, "settings-page-projects"),
    (SettingsPage::Rules, Icon::ShieldCheck, "settings-page-rules"),
    (SettingsPage::Templates, Icon::AtSign, "settings-page-templates"),
    (SettingsPage::Storage, Icon::HardDrive, "settings-page-storage"),
];

impl Panel for SettingsPanel {
    fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let Place::Settings { page } = cx.place() else {
            return;
        };
        let space = &cx.theme.space;
        let whole = ui.available_size();
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let down = Layout::top_down(Align::Min);
            let left = vec2(pages::NAVIGATION + space.xl, whole.y);
            ui.allocate_ui_with_layout(left, down, |ui| navigation(cx, ui, *page));
            let right = vec2(whole.x - left.x, whole.y);
            ui.allocate_ui_with_layout(right, down, |ui| self.scrolled(cx, ui, *page));
        });
    }
}

impl SettingsPanel {
    fn scrolled(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, page: SettingsPage) {
        let space = &cx.theme.space;
        let area = ScrollArea::vertical()
            .id_salt(("settings", page))
            .auto_shrink(false);
        area.show(ui, |ui| {
            ui.add_space(space.xxl);
            ui.horizontal_top(|ui| {
                ui.add_space(space.xl);
                ui.vertical(|ui| {
                    ui.set_width(pages::WIDTH.min(ui.available_width() - space.xxl));
                    ui.spacing_mut().item_spacing = vec2(space.m, space.l);
                    self.page(cx, ui, page);
                });
            });
            ui.add_space(space.xxl);
        });
    }

    fn page(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, page: SettingsPage) {
        match page {
            SettingsPage::General => general::ui(cx, ui),
            SettingsPage::Agents => {
                agents::ui(cx, ui, &mut self.fields);
                self.own_agents.ui(cx, ui);
                self.mcp.ui(cx, ui);
            }
            SettingsPage::Projects => self.projects.ui(cx, ui, &mut self.fields),
            SettingsPage::Rules => self.rules.ui(cx, ui),
            SettingsPage::Templates => self.templates.ui(cx, ui),
            SettingsPage::Storage => {
                self.backups.ui(cx, ui);
                storage::ui(cx, ui, &mut self.fields);
            }
        }
    }
}

/// The list of pages.
fn navigation(cx: &ViewContext<'_>, ui: &mut Ui, on: SettingsPage) {
    let (theme, space) = (cx.theme, &cx.theme.space);
    ui.add_space(space.xxl);
    ui.horizontal_top(|ui| {
        ui.add_space(space.xl);
        ui.vertical(|ui| {
            ui.set_width(pages::NAVIGATION);
            ui.spacing_mut().item_spacing.y = space.xxs;
            ui.label(theme.rich(cx.text.get("settings-title"), theme.heading(), theme.colors.text));
            ui.add_space(space.m);
            for (page, icon, name) in PAGES {
                let name = cx.text.get(name);
                let chosen = page == on;
                let tint = if chosen {
                    theme.colors.accent_text
                } else {
                    theme.colors.text_soft
                };
                let line = Line {
                    icon,
                    tint,
                    name,
                    more: "",
                    right: "",
                    chosen,
                    tall: false,
                };
                if line.show(ui, theme).clicked() {
                    cx.go(Place::Settings { page });
                }
            }
            ui.add_space(space.m);
            for (place, icon, name) in [
                (Place::Keys, Icon::Keyboard, "settings-page-keys"),
                (Place::About, Icon::Info, "settings-page-about"),
            ] {
                let (name, tint) = (cx.text.get(name), theme.colors.text_soft);
                let line = Line {
                    icon,
                    tint,
                    name,
                    more: "",
                    right: "",
                    chosen: false,
                    tall: false,
                };
                if line.show(ui, theme).clicked() {
                    cx.go(place);
                }
            }
        });
    });
}
