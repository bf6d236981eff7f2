//! The form of a table of `agents.toml`, made from the description of its fields.

use super::{
    super::fields::{fault_ui, pick},
    words,
};
use crate::{
    ViewContext,
    theme::measures::widgets::AREA_ROWS,
    widgets::{Button, FieldEnd, at_right, check_box, text_area, text_field},
};
use anyon_model::{
    AgentFields, AgentFileEdit, AgentFinding, AgentTable, ExecutorProfileId, FieldKind, FieldSpec, FieldValue,
};
use egui::{Id, Ui};
use std::collections::BTreeMap;

/// A table being written.
pub struct Form {
    /// `None`: a new one, whose id is typed.
    table: Option<AgentTable>,
    kind: Kind,
    /// The new agent's id, or the new variant's name.
    id: String,
    /// The agent that a new variant is of.
    agent_id: String,
    /// What stands in the fields, as it is typed.
    typed: BTreeMap<&'static str, String>,
}

/// What a table is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An agent.
    Agent,
    /// A variant.
    Profile,
}

/// How a look at the form ended.
pub enum End {
    /// Left without writing.
    Left,
    /// To be written.
    Write(AgentFileEdit),
}

const ON: &str = "true";

impl Form {
    /// Of a table that is there.
    pub fn of(table: &AgentTable, fields: &AgentFields) -> Self {
        let typed = table.fields().iter().filter_map(|spec| {
            let value = fields.get(spec.key)?;
            Some((spec.key, as_typed(value)))
        });
        Self {
            kind: match table {
                AgentTable::Agent { .. } => Kind::Agent,
                AgentTable::Profile(_) => Kind::Profile,
            },
            typed: typed.collect(),
            table: Some(table.clone()),
            id: String::new(),
            agent_id: String::new(),
        }
    }

    /// Of a new one.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            table: None,
            id: String::new(),
            agent_id: String::new(),
            typed: BTreeMap::new(),
        }
    }

    /// It is the form of this table.
    pub fn is_of(&self, table: &AgentTable) -> bool {
        self.table.as_ref() == Some(table)
    }

    /// Paints it.
    pub fn ui(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        agents: &[&AgentFinding],
        (ready, fault): (bool, Option<&str>),
    ) -> Option<End> {
        let (theme, text) = (cx.theme, cx.text);
        let mut end = FieldEnd::None;
        if self.table.is_none() {
            self.id_ui(cx, ui, agents, &mut end);
        }
        let specs = self.specs();
        for spec in specs {
            self.field_ui(cx, ui, spec, &mut end);
            ui.add_space(theme.space.s);
        }
        if let Some(fault) = fault {
            fault_ui(cx, ui, fault);
        }
        let mut left = end == FieldEnd::Escape;
        let mut write = matches!(end, FieldEnd::Enter | FieldEnd::CtrlEnter);
        at_right(ui, theme, |ui| {
            let save = Button::primary(text.get("settings-save")).enabled(ready, "");
            write |= save.show(ui, theme).clicked();
            left |= Button::quiet(text.get("common-cancel")).show(ui, theme).clicked();
        });
        match (left, write && ready) {
            (true, _) => Some(End::Left),
            (_, true) => Some(End::Write(self.edit())),
            _ => None,
        }
    }

    fn specs(&self) -> &'static [FieldSpec] {
        match self.kind {
            Kind::Agent => &anyon_model::AGENT_FIELDS,
            Kind::Profile => &anyon_model::PROFILE_FIELDS,
        }
    }

    fn id_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, agents: &[&AgentFinding], end: &mut FieldEnd) {
        let text = cx.text;
        if self.kind == Kind::Profile {
            if self.agent_id.is_empty()
                && let Some(first) = agents.first()
            {
                self.agent_id.clone_from(&first.agent_id);
            }
            ui.label(cx.theme.small(text.get("own-agents-agent")));
            let names: Vec<String> = agents.iter().map(|agent| agent.name.clone()).collect();
            let chosen = agents.iter().position(|agent| agent.agent_id == self.agent_id);
            if let Some(now) = pick(cx, ui, &names, chosen.unwrap_or(0)) {
                self.agent_id.clone_from(&agents[now].agent_id);
            }
        }
        let (label, hint) = match self.kind {
            Kind::Agent => (text.get("own-agents-id"), text.get("own-agents-id-hint")),
            Kind::Profile => (
                text.get("own-agents-variant"),
                text.get("own-agents-variant-hint"),
            ),
        };
        ui.label(cx.theme.small(label));
        let field = Id::unique("own agent id");
        let (_, ended) = text_field(ui, cx.theme, field, &mut self.id, label, hint);
        take(end, ended);
    }

    fn field_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, spec: &FieldSpec, end: &mut FieldEnd) {
        let (label, about) = words::of(spec);
        let (label, about) = (cx.text.get(label), cx.text.get(about));
        let typed = self.typed.entry(spec.key).or_default();
        if spec.kind == FieldKind::Flag {
            let mut on = typed == ON;
            if check_box(ui, cx.theme, &mut on, label).changed() {
                *typed = if on { ON.to_owned() } else { String::new() };
            }
            ui.label(cx.theme.small(about));
            return;
        }
        ui.label(cx.theme.text(label));
        ui.label(cx.theme.small(about));
        let id = Id::unique(("own agent", spec.key));
        match spec.kind {
            FieldKind::Choice(options) => choice_ui(cx, ui, options, typed),
            FieldKind::List => take(
                end,
                area(cx, ui, id, typed, (label, cx.text.get("own-agents-lines"))),
            ),
            FieldKind::Variables => {
                let hint = cx.text.get("own-agents-variables");
                take(end, area(cx, ui, id, typed, (label, hint)));
            }
            FieldKind::Text => take(end, area(cx, ui, id, typed, (label, ""))),
            FieldKind::Line | FieldKind::Flag => {
                let (_, ended) = text_field(ui, cx.theme, id, typed, label, "");
                take(end, ended);
            }
        }
    }

    fn edit(&self) -> AgentFileEdit {
        let table = self.table.clone().unwrap_or_else(|| match self.kind {
            Kind::Agent => AgentTable::Agent {
                agent_id: self.id.trim().to_owned(),
            },
            Kind::Profile => AgentTable::Profile(ExecutorProfileId {
                executor: self.agent_id.clone(),
                variant: Some(self.id.trim().to_owned()),
            }),
        });
        let fields = self.specs().iter().map(|spec| {
            let typed = self.typed.get(spec.key).map_or("", String::as_str);
            (spec.key.to_owned(), value(spec, typed))
        });
        AgentFileEdit::Put {
            table,
            fields: fields.filter(|(_, value)| !value.is_nothing()).collect(),
            new: self.table.is_none(),
        }
    }
}

fn take(end: &mut FieldEnd, ended: FieldEnd) {
    if ended != FieldEnd::None {
        *end = ended;
    }
}

fn area(cx: &ViewContext<'_>, ui: &mut Ui, id: Id, typed: &mut String, words: (&str, &str)) -> FieldEnd {
    text_area(ui, cx.theme, id, typed, words, 1..=AREA_ROWS).1
}

fn choice_ui(cx: &ViewContext<'_>, ui: &mut Ui, options: &[&str], typed: &mut String) {
    let mut names = vec![cx.text.get("own-agents-announced").to_owned()];
    names.extend(options.iter().map(|option| (*option).to_owned()));
    let chosen = options.iter().position(|option| option == typed);
    if let Some(now) = pick(cx, ui, &names, chosen.map_or(0, |at| at + 1)) {
        *typed = now
            .checked_sub(1)
            .map_or_else(String::new, |at| options[at].to_owned());
    }
}

/// One item a line.
fn as_typed(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Flag(on) => if *on { ON } else { "" }.to_owned(),
        FieldValue::List(texts) => texts.join("\n"),
        FieldValue::Variables(variables) => {
            let lines = variables.iter().map(|(name, text)| format!("{name}={text}"));
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

fn value(spec: &FieldSpec, typed: &str) -> FieldValue {
    let lines = typed.lines().filter(|line| !line.trim().is_empty());
    match spec.kind {
        FieldKind::Line | FieldKind::Choice(_) => FieldValue::Text(typed.trim().to_owned()),
        FieldKind::Text => FieldValue::Text(typed.to_owned()),
        FieldKind::Flag => FieldValue::Flag(typed == ON),
        FieldKind::List => FieldValue::List(lines.map(str::to_owned).collect()),
        FieldKind::Variables => {
            let pairs = lines.map(|line| {
                let (name, text) = line.split_once('=').unwrap_or((line, ""));
                (name.trim().to_owned(), text.to_owned())
            });
            FieldValue::Variables(pairs.collect())
        }
    }
}
