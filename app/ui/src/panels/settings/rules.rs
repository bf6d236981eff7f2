//! Standing answers: what holds, for which projects, agents and tools; made, changed and removed.

use super::fields::{fault_ui, pick, sentence};
use crate::{
    Toast, ViewContext,
    panels::agents::{findings, real},
    phrase,
    widgets::{
        self, Button, EmptyState, FieldEnd, Line, Tone, at_right, empty_part, section, segments, setting,
        state_line, text_field,
    },
};
use anyon_model::{Command, CommandId, IdSource, ProjectId, Rule, RuleId, ToolKind};
use egui::{Id, Ui};
use lucide_icons::Icon;

/// The page.
#[derive(Default)]
pub struct RulesPage {
    edit: Option<Edit>,
}

/// A rule being written.
struct Edit {
    rule: Rule,
    pattern: String,
    sent: Option<CommandId>,
    fault: Option<String>,
}

/// The kinds of tools that rules are about, with their words.
const KINDS: [(ToolKind, &str); 7] = [
    (ToolKind::Command, "settings-kind-command"),
    (ToolKind::Edit, "settings-kind-edit"),
    (ToolKind::Delete, "settings-kind-delete"),
    (ToolKind::Move, "settings-kind-move"),
    (ToolKind::Read, "settings-kind-read"),
    (ToolKind::Fetch, "settings-kind-fetch"),
    (ToolKind::Mcp, "settings-kind-mcp"),
];

impl RulesPage {
    /// Paints the page.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        self.settle(cx);
        let words = (
            cx.text.get("settings-page-rules"),
            cx.text.get("settings-rules-text"),
        );
        section(ui, cx.theme, words, |ui| {
            ui.spacing_mut().item_spacing.y = cx.theme.space.xs;
            for rule in cx.state.rules.values() {
                self.rule_ui(cx, ui, rule);
            }
            let none = cx.state.rules.is_empty() && self.edit.is_none();
            let new = if none {
                empty(cx, ui)
            } else if self.edit.is_none() {
                let label = cx.text.get("settings-rule-new");
                Button::quiet(label).icon(Icon::Plus).show(ui, cx.theme).clicked()
            } else {
                false
            };
            if new {
                self.edit = Some(Edit::of(new_rule(cx)));
            }
        });
        let new = self
            .edit
            .as_ref()
            .is_some_and(|edit| !cx.state.rules.contains_key(&edit.rule.id));
        if new {
            section(ui, cx.theme, (cx.text.get("settings-rule-new-title"), ""), |ui| {
                self.edit_ui(cx, ui)
            });
        }
    }

    fn rule_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, rule: &Rule) {
        if self.edit.as_ref().is_some_and(|edit| edit.rule.id == rule.id) {
            self.edit_ui(cx, ui);
            return;
        }
        let c = &cx.theme.colors;
        let (icon, tint) = if rule.allow {
            (Icon::CircleCheck, c.green)
        } else {
            (Icon::CircleSlash, c.red)
        };
        let (name, more) = (what(cx, rule), scope(cx, rule));
        let line = Line {
            icon,
            tint,
            name: &name,
            more: &more,
            right: "",
            chosen: false,
            tall: true,
        };
        let label = cx
            .text
            .with("settings-rule-remove", &[("rule", name.as_str().into())]);
        let (pressed, removed) = line.show_beside(ui, cx.theme, (Icon::Trash2, &label));
        if pressed.clicked() {
            self.edit = Some(Edit::of(rule.clone()));
        }
        if removed.clicked() {
            remove(cx, rule);
        }
    }

    fn edit_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let Some(edit) = &mut self.edit else {
            return;
        };
        let leave = edit.ui(cx, ui);
        if leave {
            self.edit = None;
        }
    }

    /// The form closes when what it sent is there.
    fn settle(&mut self, cx: &ViewContext<'_>) {
        let Some(edit) = &mut self.edit else {
            return;
        };
        let Some(result) = edit.sent.and_then(|command_id| cx.result(command_id)) else {
            return;
        };
        edit.sent = None;
        match &*result {
            Ok(_) => self.edit = None,
            Err(problem) => edit.fault = Some(sentence(problem)),
        }
    }
}

impl Edit {
    fn of(rule: Rule) -> Self {
        let pattern = rule.pattern.clone().unwrap_or_default();
        Self {
            rule,
            pattern,
            sent: None,
            fault: None,
        }
    }

    /// The form. True: it is left without writing.
    fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) -> bool {
        let (theme, text) = (cx.theme, cx.text);
        setting(ui, theme, (text.get("settings-rule-answer"), ""), |ui| {
            let options = [text.get("settings-rule-allow"), text.get("settings-rule-deny")];
            let chosen = usize::from(!self.rule.allow);
            if let Some(now) = segments(ui, theme, text.get("settings-rule-answer"), &options, chosen) {
                self.rule.allow = now == 0;
            }
        });
        setting(ui, theme, (text.get("settings-rule-kind"), ""), |ui| {
            kind_ui(cx, ui, &mut self.rule.kind)
        });
        let label = text.get("settings-rule-pattern");
        let end = setting(ui, theme, (label, text.get("settings-rule-pattern-hint")), |ui| {
            let hint = text.get(if must_be_filled(&self.rule) {
                "settings-rule-pattern-example"
            } else {
                "settings-rule-anything"
            });
            text_field(
                ui,
                theme,
                Id::unique("rule pattern"),
                &mut self.pattern,
                label,
                hint,
            )
            .1
        });
        setting(ui, theme, (text.get("settings-rule-project"), ""), |ui| {
            project_ui(cx, ui, &mut self.rule.project_id)
        });
        setting(ui, theme, (text.get("settings-rule-agent"), ""), |ui| {
            agent_ui(cx, ui, &mut self.rule.executor)
        });
        let empty = self.pattern.trim().is_empty();
        let lacks = empty && must_be_filled(&self.rule);
        if empty && !lacks && self.rule.allow {
            let key = match self.rule.kind {
                None => "settings-rule-allows-everything",
                Some(_) => "settings-rule-allows-any",
            };
            state_line(ui, theme, Icon::TriangleAlert, Tone::Busy, text.get(key));
        }
        if let Some(fault) = &self.fault {
            fault_ui(cx, ui, fault);
        }
        let mut left = end == FieldEnd::Escape;
        let mut write = matches!(end, FieldEnd::Enter | FieldEnd::CtrlEnter);
        at_right(ui, theme, |ui| {
            let why = if lacks {
                text.get("settings-rule-needs-pattern")
            } else {
                ""
            };
            let ready = self.sent.is_none() && !lacks;
            write |= Button::primary(text.get("settings-save"))
                .enabled(ready, why)
                .show(ui, theme)
                .clicked();
            left |= Button::quiet(text.get("common-cancel")).show(ui, theme).clicked();
        });
        if write && self.sent.is_none() && !lacks {
            let pattern = self.pattern.trim();
            self.rule.pattern = (!pattern.is_empty()).then(|| pattern.to_owned());
            self.fault = None;
            self.sent = Some(cx.send_quiet(Command::PutRule {
                rule: self.rule.clone(),
            }));
        }
        left
    }
}

fn empty(cx: &ViewContext<'_>, ui: &mut Ui) -> bool {
    let text = cx.text;
    let state = EmptyState {
        icon: Icon::ShieldCheck,
        title: text.get("settings-rules-none"),
        text: text.get("settings-rules-none-text"),
        action: Some(text.get("settings-rule-new")),
    };
    empty_part(ui, cx.theme, &state).is_some_and(|button| button.clicked())
}

/// A yes to every command would make every other rule idle: it has to say to which.
fn must_be_filled(rule: &Rule) -> bool {
    rule.allow && rule.kind == Some(ToolKind::Command)
}

fn new_rule(cx: &ViewContext<'_>) -> Rule {
    Rule {
        id: IdSource::new(cx.now, cx.state.revision).make::<RuleId>(),
        project_id: None,
        executor: None,
        kind: Some(ToolKind::Command),
        pattern: None,
        allow: true,
        created_at: cx.now,
    }
}

fn remove(cx: &ViewContext<'_>, rule: &Rule) {
    cx.send(Command::RemoveRule { rule_id: rule.id });
    let undo = Command::PutRule { rule: rule.clone() };
    cx.toast(Toast::done("settings-rule-removed").action("settings-undo", undo));
}

fn kind_word<'a>(cx: &ViewContext<'a>, kind: ToolKind) -> &'a str {
    let known = KINDS.iter().find(|(known, _)| *known == kind);
    cx.text.get(known.map_or("settings-kind-other", |(_, key)| key))
}

/// What it holds for, in one line.
fn what(cx: &ViewContext<'_>, rule: &Rule) -> String {
    let kind = rule
        .kind
        .map_or(cx.text.get("settings-kind-any"), |kind| kind_word(cx, kind));
    let answer = cx.text.get(if rule.allow {
        "settings-rule-allow"
    } else {
        "settings-rule-deny"
    });
    let pattern = rule
        .pattern
        .as_deref()
        .unwrap_or(cx.text.get("settings-rule-anything"));
    format!("{answer} · {kind} · {pattern}")
}

/// Where it holds, in one line.
fn scope(cx: &ViewContext<'_>, rule: &Rule) -> String {
    let shard = rule
        .project_id
        .and_then(|project_id| cx.state.projects.get(&project_id));
    let project = shard.map_or(cx.text.get("settings-rule-all-projects"), |shard| {
        shard.project.name.as_str()
    });
    let all = || cx.text.get("settings-rule-all-agents").to_owned();
    let agent = rule.executor.as_deref().map_or_else(all, phrase::agent_name);
    widgets::shown(&format!("{project} · {agent}"))
}

fn kind_ui(cx: &ViewContext<'_>, ui: &mut Ui, kind: &mut Option<ToolKind>) {
    let mut all: Vec<Option<ToolKind>> = vec![None];
    all.extend(KINDS.map(|(kind, _)| Some(kind)));
    if !all.contains(kind) {
        all.push(*kind);
    }
    let word =
        |kind: &Option<ToolKind>| kind.map_or(cx.text.get("settings-kind-any"), |kind| kind_word(cx, kind));
    let names: Vec<String> = all.iter().map(|kind| word(kind).to_owned()).collect();
    let chosen = all.iter().position(|one| one == kind).unwrap_or(0);
    if let Some(now) = pick(cx, ui, &names, chosen) {
        *kind = all[now];
    }
}

fn project_ui(cx: &ViewContext<'_>, ui: &mut Ui, project: &mut Option<ProjectId>) {
    let mut all: Vec<(Option<ProjectId>, String)> =
        vec![(None, cx.text.get("settings-rule-all-projects").to_owned())];
    let shards = cx.state.projects.values();
    all.extend(shards.map(|shard| (Some(shard.project.id), shard.project.name.clone())));
    choose(cx, ui, &all, project);
}

fn agent_ui(cx: &ViewContext<'_>, ui: &mut Ui, agent: &mut Option<String>) {
    let mut all: Vec<(Option<String>, String)> =
        vec![(None, cx.text.get("settings-rule-all-agents").to_owned())];
    let page = findings(cx);
    all.extend(
        real(&page)
            .into_iter()
            .map(|found| (Some(found.agent_id.clone()), found.name.clone())),
    );
    if let Some(other) = agent
        .clone()
        .filter(|other| !all.iter().any(|(id, _)| id.as_ref() == Some(other)))
    {
        all.push((Some(other.clone()), phrase::agent_name(&other)));
    }
    choose(cx, ui, &all, agent);
}

fn choose<T: Clone + PartialEq>(cx: &ViewContext<'_>, ui: &mut Ui, all: &[(T, String)], now: &mut T) {
    let names: Vec<String> = all.iter().map(|(_, name)| name.clone()).collect();
    let chosen = all.iter().position(|(one, _)| one == now).unwrap_or(0);
    if let Some(at) = pick(cx, ui, &names, chosen) {
        *now = all[at].0.clone();
    }
}
