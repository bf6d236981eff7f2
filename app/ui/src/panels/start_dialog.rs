//! The start dialog: one or several agents for a task.

use super::composer::{mode_icon, mode_name};
use crate::{
    Page, Place, SettingsPage, ViewContext, phrase,
    theme::measures::start_dialog as measures,
    widgets::{self, Button, DialogEnd},
};
use anyon_model::*;
use egui::{Layout, ScrollArea, Ui};
use lucide_icons::Icon;
use std::collections::BTreeMap;

/// The start dialog.
#[derive(Default)]
pub struct StartDialog {
    task: Option<TaskId>,
    /// The agents chosen.
    chosen: BTreeMap<String, Chosen>,
    /// The agents were known and one was chosen to begin with.
    prepared: bool,
    base: Option<String>,
    target: Option<String>,
    approve: ApproveMode,
}

/// How an agent is started.
struct Chosen {
    variant: String,
    /// So many attempts of it.
    times: usize,
}

impl Chosen {
    fn once(variant: impl Into<String>) -> Self {
        Self {
            variant: variant.into(),
            times: 1,
        }
    }
}

/// Attempts of one agent that can be started at once.
const TIMES: std::ops::RangeInclusive<usize> = 1..=5;
/// Note of the profile that was started last.
const LAST: &str = "start/profile";
const DEFAULT: &str = "DEFAULT";

impl StartDialog {
    /// Paints it for a task.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, task_id: TaskId) {
        let Some(shard) = cx.state.shard_of_task(task_id) else {
            cx.close_dialog();
            return;
        };
        if self.task != Some(task_id) {
            *self = Self {
                task: Some(task_id),
                ..Self::default()
            };
        }
        let title = cx.text.get("start-dialog-title");
        let (end, left) = widgets::dialog(ui, cx.theme, "start", title, |ui| {
            self.content(cx, ui, shard, task_id)
        });
        match end {
            DialogEnd::Confirmed => self.start(cx, task_id),
            DialogEnd::Cancelled => self.leave(cx),
            DialogEnd::Open if left => self.leave(cx),
            DialogEnd::Open => {}
        }
    }

    fn leave(&mut self, cx: &ViewContext<'_>) {
        self.task = None;
        cx.close_dialog();
    }

    fn content(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        shard: &ProjectShard,
        task_id: TaskId,
    ) -> DialogEnd {
        let theme = cx.theme;
        let title = shard.tasks.get(&task_id).map_or("", |task| task.title.as_str());
        ui.add(egui::Label::new(theme.soft(widgets::shown(title))).truncate());
        ui.add_space(theme.space.s);
        self.agents(cx, ui);
        ui.add_space(theme.space.s);
        self.branches(cx, ui, shard);
        self.mode(cx, ui);
        if let Some(words) = beside(cx, task_id) {
            ui.add_space(theme.space.xs);
            ui.horizontal_top(|ui| {
                widgets::mark(ui, theme, Icon::Info, theme.colors.blue);
                ui.add(egui::Label::new(theme.soft(words)).wrap());
            });
        }
        let words = self.action(cx);
        let action = Button::primary(&words).icon(Icon::Play).key("Ctrl+Enter");
        let any = !self.chosen.is_empty();
        widgets::dialog_buttons(ui, theme, cx.text.get("common-cancel"), action, any)
    }

    /// What the button starts: which agent, as what and how often, or how many.
    fn action(&self, cx: &ViewContext<'_>) -> String {
        let count: usize = self.chosen.values().map(|chosen| chosen.times).sum();
        let mut chosen = self.chosen.iter();
        let (Some((executor, only)), None) = (chosen.next(), chosen.next()) else {
            return cx.text.with("start-dialog-start", &[("n", count.into())]);
        };
        let mut what = super::task::agent_name(cx, executor);
        if only.variant != DEFAULT {
            what = format!("{what} · {}", only.variant);
        }
        if only.times > 1 {
            what = format!("{what} ×{}", only.times);
        }
        cx.text.with("start-dialog-start-one", &[("what", what.into())])
    }

    fn agents(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let page = cx.page(Query::Agents { probe: false });
        let findings = match &page {
            Page::Ready(answer) => match answer.as_ref() {
                Answer::Agents(findings) => findings.clone(),
                _ => return,
            },
            Page::Loading => return widgets::loading(ui, cx.theme, cx.text),
            Page::Failed(problem) => return widgets::problem(ui, cx.theme, problem),
        };
        self.prepare(cx, &findings);
        let missing = findings.iter().filter(|finding| !finding.found).count();
        ScrollArea::vertical()
            .id_salt("agents")
            .max_height(measures::AGENTS_MAX)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                for finding in findings.iter().filter(|finding| finding.found) {
                    self.agent(cx, ui, finding);
                }
            });
        if missing > 0 {
            self.missing(cx, ui, missing);
        }
    }

    /// The last profile, or the one of the settings, or the first agent found is chosen to begin with.
    fn prepare(&mut self, cx: &ViewContext<'_>, findings: &[AgentFinding]) {
        if self.prepared {
            return;
        }
        self.prepared = true;
        let last = cx
            .note(LAST)
            .and_then(|kept| kept.parse::<ExecutorProfileId>().ok());
        let wanted = [last, cx.state.settings.default_profile.clone()];
        let known = |id: &ExecutorProfileId| {
            findings
                .iter()
                .any(|finding| finding.found && finding.agent_id == id.executor)
        };
        let wanted = wanted.into_iter().flatten().find(known);
        let first = || {
            findings
                .iter()
                .find(|finding| finding.found)
                .map(|finding| finding.agent_id.clone())
        };
        let wanted = wanted.or_else(|| first().map(ExecutorProfileId::new));
        if let Some(wanted) = wanted {
            let chosen = Chosen::once(wanted.variant_name());
            self.chosen.insert(wanted.executor, chosen);
        }
    }

    fn agent(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, finding: &AgentFinding) {
        let theme = cx.theme;
        ui.horizontal(|ui| {
            let mut is = self.chosen.contains_key(&finding.agent_id);
            let response = widgets::check_box(ui, theme, &mut is, &finding.name);
            if response.changed() {
                match is {
                    true => drop(
                        self.chosen
                            .insert(finding.agent_id.clone(), Chosen::once(DEFAULT)),
                    ),
                    false => drop(self.chosen.remove(&finding.agent_id)),
                }
            }
            if finding.login == AgentLogin::LoggedOut {
                let words = cx.text.get("start-dialog-logged-out");
                widgets::chip(ui, theme, Some(Icon::CircleAlert), words, theme.colors.amber)
                    .on_hover_text(&finding.login_hint);
            }
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                self.times(cx, ui, finding);
                self.variant(cx, ui, finding);
            });
        });
        if let Some(notice) = finding
            .notice
            .as_deref()
            .filter(|_| self.chosen.contains_key(&finding.agent_id))
        {
            ui.label(theme.small(notice));
        }
    }

    /// How many attempts of the agent.
    fn times(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, finding: &AgentFinding) {
        let Some(chosen) = self.chosen.get_mut(&finding.agent_id) else {
            return;
        };
        let label = format!("×{}", chosen.times);
        let button = Button::bare(&label).icon(Icon::ChevronDown).show(ui, cx.theme);
        let spoken = cx.text.with(
            "start-dialog-times",
            &[
                ("agent", finding.name.as_str().into()),
                ("n", chosen.times.into()),
            ],
        );
        ui.ctx()
            .accesskit_node_builder(button.id, |node| node.set_label(spoken.as_str()));
        widgets::menu_button(button.on_hover_text(&spoken), |ui| {
            for times in TIMES {
                let icon = if times == chosen.times {
                    Icon::Check
                } else {
                    phrase::agent_icon(&finding.agent_id)
                };
                if widgets::menu_item(ui, cx.theme, icon, &format!("×{times}"), "") {
                    chosen.times = times;
                }
            }
        });
    }

    fn variant(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, finding: &AgentFinding) {
        let Some(Chosen { variant, .. }) = self.chosen.get_mut(&finding.agent_id) else {
            return;
        };
        let variants: Vec<&str> = finding.variants.iter().map(String::as_str).collect();
        if variants.len() < 2 {
            return;
        }
        let label = cx
            .text
            .with("start-dialog-variant", &[("variant", variant.as_str().into())]);
        let button = Button::bare(&label).icon(Icon::ChevronDown).show(ui, cx.theme);
        widgets::menu_button(button, |ui| {
            for name in variants {
                let icon = match name == variant {
                    true => Icon::Check,
                    false => phrase::agent_icon(&finding.agent_id),
                };
                if widgets::menu_item(ui, cx.theme, icon, name, "") {
                    *variant = name.to_owned();
                }
            }
        });
    }

    /// The way to those that are not installed.
    fn missing(&self, cx: &ViewContext<'_>, ui: &mut Ui, count: usize) {
        let words = cx.text.with("start-dialog-missing", &[("n", count.into())]);
        if Button::bare(&words).icon(Icon::Plus).show(ui, cx.theme).clicked() {
            cx.close_dialog();
            cx.go(Place::Settings {
                page: SettingsPage::Agents,
            });
        }
    }

    fn branches(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, shard: &ProjectShard) {
        let page = cx.page(Query::Branches {
            project_id: shard.project.id,
        });
        let branches = match page.ready() {
            Some(Answer::Branches(branches)) => branches.as_slice(),
            _ => &[],
        };
        let usual = shard
            .project
            .default_target
            .as_deref()
            .or(branches.first().map(String::as_str));
        let usual = usual.unwrap_or_default();
        let base = self.base.clone().unwrap_or_else(|| usual.to_owned());
        let label = cx.text.get("start-dialog-base");
        branch(cx, ui, (label, &base), branches, &mut self.base);
        let target = self.target.clone().unwrap_or(base);
        let label = cx.text.get("start-dialog-target");
        branch(cx, ui, (label, &target), branches, &mut self.target);
    }

    fn mode(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let theme = cx.theme;
        ui.horizontal(|ui| {
            name(cx, ui, cx.text.get("start-dialog-mode"));
            let label = mode_name(cx, self.approve);
            let button = Button::quiet(label).icon(mode_icon(self.approve)).show(ui, theme);
            widgets::menu_button(button, |ui| {
                for approve in [ApproveMode::Ask, ApproveMode::Edits, ApproveMode::All] {
                    let icon = if approve == self.approve {
                        Icon::Check
                    } else {
                        mode_icon(approve)
                    };
                    if widgets::menu_item(ui, theme, icon, mode_name(cx, approve), "") {
                        self.approve = approve;
                    }
                }
            });
        });
        let means = match self.approve {
            ApproveMode::Ask => cx.text.get("start-dialog-mode-ask"),
            ApproveMode::Edits => cx.text.get("start-dialog-mode-edits"),
            ApproveMode::All => cx.text.get("start-dialog-mode-all"),
        };
        ui.label(theme.small(means));
    }

    /// Starts each of the chosen agents, and goes to where they work.
    fn start(&mut self, cx: &ViewContext<'_>, task_id: TaskId) {
        for (executor, Chosen { variant, times }) in &self.chosen {
            let profile = ExecutorProfileId {
                executor: executor.clone(),
                variant: Some(variant.clone()).filter(|variant| variant != DEFAULT),
            };
            cx.set_note(LAST, &profile.to_string());
            for _ in 0..*times {
                cx.send(Command::StartAttempt {
                    task_id,
                    profile: profile.clone(),
                    base: self.base.clone(),
                    target: self.target.clone(),
                    approve: self.approve,
                });
            }
        }
        self.leave(cx);
        cx.go(Place::task(task_id));
    }
}

/// What becomes of the attempts that the task has already.
fn beside(cx: &ViewContext<'_>, task_id: TaskId) -> Option<String> {
    let view = cx.overview.of_task(task_id)?;
    let attempts = view.attempts_of.get(&task_id)?;
    let known = |id: &AttemptId| Some((view.shard.attempts.get(id)?.number, view.attempts.get(id)?.status));
    let all: Vec<_> = attempts.iter().filter_map(known).collect();
    let at_work = all.iter().filter(|(_, status)| status.is_active());
    let at_work: Vec<_> = at_work.map(|(number, _)| *number).collect();
    Some(match (at_work.as_slice(), all.len()) {
        (_, 0) => return None,
        ([], n) => cx.text.with("start-dialog-further", &[("n", n.into())]),
        ([number], _) => cx
            .text
            .with("start-dialog-beside", &[("number", (*number).into())]),
        (several, _) => cx
            .text
            .with("start-dialog-beside-several", &[("n", several.len().into())]),
    })
}

fn name(cx: &ViewContext<'_>, ui: &mut Ui, words: &str) {
    let layout = Layout::left_to_right(egui::Align::Center);
    let size = egui::vec2(measures::NAME, cx.theme.space.control);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_width(measures::NAME);
        ui.label(cx.theme.soft(words));
    });
}

/// A branch to be chosen of those there are.
fn branch(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    (label, now): (&str, &str),
    branches: &[String],
    chosen: &mut Option<String>,
) {
    ui.horizontal(|ui| {
        name(cx, ui, label);
        let button = Button::quiet(now).icon(Icon::GitBranch).show(ui, cx.theme);
        let spoken = format!("{label}: {now}");
        ui.ctx()
            .accesskit_node_builder(button.id, |node| node.set_label(spoken));
        widgets::menu_button(button, |ui| {
            ScrollArea::vertical()
                .max_height(measures::AGENTS_MAX)
                .show(ui, |ui| {
                    for branch in branches {
                        let icon = if branch == now {
                            Icon::Check
                        } else {
                            Icon::GitBranch
                        };
                        if widgets::menu_item(ui, cx.theme, icon, branch, "") {
                            *chosen = Some(branch.clone());
                        }
                    }
                });
        });
    });
}
