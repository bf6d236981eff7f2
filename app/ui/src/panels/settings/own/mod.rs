//! Agents and variants of the person's own: what `agents.toml` says, changed by forms or as text.

mod form;
mod words;

use super::fields::{fault_ui, sentence};
use crate::{
    Page, Request, Toast, ViewContext,
    panels::agents::{findings, real},
    theme::measures::pages,
    widgets::{self, Button, FieldEnd, Line, at_right, icon_button, section, text_area},
};
use anyon_model::{
    AgentFields, AgentFile, AgentFileEdit, AgentFinding, AgentTable, Answer, Command, CommandId, FieldValue,
    KnownAgent, Query,
};
use egui::{Id, Ui};
use form::{End, Form, Kind};
use lucide_icons::Icon;

/// View state of the section.
#[derive(Default)]
pub struct OwnAgents {
    open: Open,
    sent: Option<CommandId>,
    fault: Option<String>,
}

/// What is open below the list.
#[derive(Default)]
enum Open {
    #[default]
    Nothing,
    /// The agents whose command is known.
    Known,
    Form(Box<Form>),
    /// Whether this one is to go.
    Removal(AgentTable),
    Text {
        text: String,
        before: String,
    },
}

impl OwnAgents {
    /// Paints the section.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let (theme, text) = (cx.theme, cx.text);
        self.settle(cx);
        let words = (text.get("own-agents-title"), text.get("own-agents-text"));
        section(ui, theme, words, |ui| match cx.page(Query::AgentFile) {
            Page::Loading => widgets::loading(ui, theme, text),
            Page::Failed(problem) => widgets::problem(ui, theme, &problem),
            Page::Ready(answer) => {
                if let Answer::AgentFile(file) = &*answer {
                    self.file_ui(cx, ui, file);
                }
            }
        });
    }

    fn file_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, file: &AgentFile) {
        ui.spacing_mut().item_spacing.y = cx.theme.space.xs;
        if let Some(fault) = &file.fault {
            let said = [
                ("file", file.path.to_string().into()),
                ("fault", words::of_fault(cx.text, fault).into()),
            ];
            fault_ui(cx, ui, &cx.text.with("own-agents-broken", &said));
        }
        let page = findings(cx);
        let agents = real(&page);
        for (table, fields) in &file.tables {
            self.table_ui(cx, ui, (table, fields), &agents);
        }
        let ready = self.sent.is_none();
        ui.add_space(cx.theme.space.s);
        match std::mem::take(&mut self.open) {
            Open::Nothing => self.buttons(cx, ui, file),
            Open::Known => self.known_ui(cx, ui, &file.known),
            Open::Text { text, before } => self.text_ui(cx, ui, text, before),
            Open::Form(mut form) if !file.tables.iter().any(|(table, _)| form.is_of(table)) => {
                let end = form.ui(cx, ui, &agents, (ready, self.fault.as_deref()));
                self.after(cx, form, end);
            }
            open => self.open = open,
        }
    }

    fn table_ui(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        (table, fields): (&AgentTable, &AgentFields),
        agents: &[&AgentFinding],
    ) {
        let is_form = matches!(&self.open, Open::Form(form) if form.is_of(table));
        let name = name_of(table, fields, agents);
        let more = more_of(fields);
        let line = Line {
            icon: match table {
                AgentTable::Agent { .. } => Icon::Bot,
                AgentTable::Profile(_) => Icon::SlidersHorizontal,
            },
            tint: cx.theme.colors.text_soft,
            name: &name,
            more: &more,
            right: "",
            chosen: is_form,
            tall: true,
        };
        let label = cx
            .text
            .with("own-agents-remove", &[("name", name.as_str().into())]);
        let (pressed, removed) = line.show_beside(ui, cx.theme, (Icon::Trash2, &label));
        if pressed.clicked() && !is_form {
            self.show(Open::Form(Box::new(Form::of(table, fields))));
        } else if removed.clicked() {
            self.show(Open::Removal(table.clone()));
        } else if is_form && let Open::Form(mut form) = std::mem::take(&mut self.open) {
            let ready = self.sent.is_none();
            ui.add_space(cx.theme.space.s);
            let end = form.ui(cx, ui, agents, (ready, self.fault.as_deref()));
            self.after(cx, form, end);
        }
        if matches!(&self.open, Open::Removal(asked) if asked == table) {
            self.removal_ui(cx, ui, table, &name);
        }
    }

    fn removal_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, table: &AgentTable, name: &str) {
        let (theme, text) = (cx.theme, cx.text);
        let key = match table {
            AgentTable::Agent { .. } => "own-agents-remove-agent",
            AgentTable::Profile(_) => "own-agents-remove-profile",
        };
        ui.add_space(theme.space.s);
        ui.label(theme.text(text.with(key, &[("name", name.into())])));
        if let Some(fault) = &self.fault {
            fault_ui(cx, ui, fault);
        }
        let (mut gone, mut kept) = (false, false);
        at_right(ui, theme, |ui| {
            gone = Button::danger(text.get("own-agents-remove-yes"))
                .show(ui, theme)
                .clicked();
            kept = Button::quiet(text.get("common-cancel")).show(ui, theme).clicked();
        });
        if gone {
            self.send(cx, AgentFileEdit::Remove { table: table.clone() });
        } else if kept {
            self.show(Open::Nothing);
        }
    }

    fn after(&mut self, cx: &ViewContext<'_>, form: Box<Form>, end: Option<End>) {
        match end {
            Some(End::Left) => self.show(Open::Nothing),
            end => {
                self.open = Open::Form(form);
                if let Some(End::Write(edit)) = end {
                    self.send(cx, edit);
                }
            }
        }
    }

    fn buttons(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, file: &AgentFile) {
        let (theme, text) = (cx.theme, cx.text);
        let whole = file.fault.is_none();
        let mend = text.get("own-agents-mend");
        ui.horizontal_wrapped(|ui| {
            let add = Button::quiet(text.get("own-agents-add")).icon(Icon::Plus);
            if add.enabled(whole, mend).show(ui, theme).clicked() {
                self.show(Open::Known);
            }
            let variant = Button::quiet(text.get("own-agents-add-variant")).icon(Icon::Plus);
            if variant.enabled(whole, mend).show(ui, theme).clicked() {
                self.show(Open::Form(Box::new(Form::new(Kind::Profile))));
            }
            let as_text = Button::quiet(text.get("own-agents-as-text")).icon(Icon::FileText);
            if as_text.show(ui, theme).clicked() {
                self.show(Open::Text {
                    text: file.text.clone(),
                    before: file.text.clone(),
                });
            }
            let again = text.get("own-agents-again");
            if icon_button(ui, theme, Icon::RefreshCw, again, "").clicked() {
                look_again(cx);
            }
            let reveal = text.get("own-agents-reveal");
            if !file.text.is_empty() && icon_button(ui, theme, Icon::FolderOpen, reveal, "").clicked() {
                cx.ask(Request::RevealFile(file.path.clone()));
            }
        });
    }

    /// One press adds one of them.
    fn known_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, known: &[KnownAgent]) {
        let (theme, text) = (cx.theme, cx.text);
        self.open = Open::Known;
        ui.label(theme.small(text.get("own-agents-known")));
        let own = Line {
            icon: Icon::Pencil,
            tint: theme.colors.accent_text,
            name: text.get("own-agents-other"),
            more: text.get("own-agents-other-more"),
            right: "",
            chosen: false,
            tall: true,
        };
        if own.show(ui, theme).clicked() {
            return self.show(Open::Form(Box::new(Form::new(Kind::Agent))));
        }
        for agent in known {
            let (name, more) = (text_of(&agent.fields, "name"), more_of(&agent.fields));
            let line = Line {
                icon: Icon::Plus,
                tint: theme.colors.text_soft,
                name,
                more: &more,
                right: text.get(words::of_proof(agent.proof)),
                chosen: false,
                tall: true,
            };
            if line.show(ui, theme).clicked() && self.sent.is_none() {
                let table = AgentTable::Agent {
                    agent_id: agent.agent_id.clone(),
                };
                let fields = agent.fields.clone();
                self.send(
                    cx,
                    AgentFileEdit::Put {
                        table,
                        fields,
                        new: true,
                    },
                );
            }
        }
        if let Some(fault) = &self.fault {
            fault_ui(cx, ui, fault);
        }
        let left = at_right(ui, theme, |ui| {
            Button::quiet(text.get("common-cancel")).show(ui, theme).clicked()
        });
        if left {
            self.show(Open::Nothing);
        }
    }

    /// The whole file, with what is wrong with it before it is saved.
    fn text_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, mut typed: String, before: String) {
        let (theme, text) = (cx.theme, cx.text);
        let label = text.get("own-agents-as-text");
        let words = (label, text.get("own-agents-as-text-hint"));
        let field = Id::unique("own agents text");
        let (_, end) = text_area(ui, theme, field, &mut typed, words, pages::TEMPLATE_ROWS);
        let edit = AgentFileEdit::Text {
            text: typed.clone(),
            before: before.clone(),
        };
        let checked = cx.page(Query::CheckAgentFile { edit: edit.clone() });
        let fault = match checked.ready() {
            Some(Answer::AgentFileFault(fault)) => fault.as_ref().map(|fault| words::of_fault(text, fault)),
            _ => None,
        };
        if let Some(fault) = self.fault.as_ref().or(fault.as_ref()) {
            fault_ui(cx, ui, fault);
        }
        let (mut write, mut left) = (end == FieldEnd::CtrlEnter, end == FieldEnd::Escape);
        let may = fault.is_none() && self.sent.is_none();
        at_right(ui, theme, |ui| {
            let save = Button::primary(text.get("settings-save")).enabled(may, "");
            write |= save.show(ui, theme).clicked();
            left |= Button::quiet(text.get("common-cancel")).show(ui, theme).clicked();
        });
        if left {
            return self.show(Open::Nothing);
        }
        self.open = Open::Text { text: typed, before };
        if write && may {
            self.send(cx, edit);
        }
    }

    fn show(&mut self, open: Open) {
        self.open = open;
        self.fault = None;
    }

    fn send(&mut self, cx: &ViewContext<'_>, edit: AgentFileEdit) {
        self.fault = None;
        self.sent = Some(cx.send_quiet(Command::EditAgentFile { edit }));
    }

    /// What was open closes when what it sent is in the file.
    fn settle(&mut self, cx: &ViewContext<'_>) {
        let Some(result) = self.sent.and_then(|command_id| cx.result(command_id)) else {
            return;
        };
        self.sent = None;
        match &*result {
            Ok(_) => {
                self.show(Open::Nothing);
                cx.toast(Toast::done("own-agents-saved"));
                look_again(cx);
            }
            Err(problem) => self.fault = Some(sentence(problem)),
        }
    }
}

fn look_again(cx: &ViewContext<'_>) {
    cx.forget(|query| matches!(query, Query::AgentFile | Query::Agents { .. }));
}

/// An agent by its name, a variant with the agent it is of.
fn name_of(table: &AgentTable, fields: &AgentFields, agents: &[&AgentFinding]) -> String {
    match table {
        AgentTable::Agent { agent_id } => match text_of(fields, "name") {
            "" => agent_id.clone(),
            name => name.to_owned(),
        },
        AgentTable::Profile(id) => {
            let agent = agents.iter().find(|agent| agent.agent_id == id.executor);
            let name = agent.map_or(id.executor.as_str(), |agent| agent.name.as_str());
            format!("{name} · {}", id.variant_name())
        }
    }
}

/// The command of an agent, or what a variant changes; of variables the names only.
fn more_of(fields: &AgentFields) -> String {
    if fields.contains_key("command") {
        let mut words = vec![text_of(fields, "command").to_owned()];
        if let Some(FieldValue::List(args)) = fields.get("args") {
            words.extend(args.iter().cloned());
        }
        return words.join(" ");
    }
    let said = fields.iter().map(|(key, value)| match value {
        FieldValue::Text(text) => format!("{key} {text}"),
        FieldValue::Flag(_) => key.clone(),
        FieldValue::List(texts) => texts.join(" "),
        FieldValue::Variables(variables) => variables.keys().cloned().collect::<Vec<_>>().join(" "),
    });
    said.collect::<Vec<_>>().join(", ")
}

fn text_of<'f>(fields: &'f AgentFields, key: &str) -> &'f str {
    match fields.get(key) {
        Some(FieldValue::Text(text)) => text,
        _ => "",
    }
}
