//! Texts that `@name` in a prompt expands to; made, changed and removed.

use super::fields::{fault_ui, sentence};
use crate::{
    Toast, ViewContext,
    theme::measures::pages::TEMPLATE_ROWS,
    widgets::{Button, EmptyState, FieldEnd, Line, at_right, empty_part, section, text_area, text_field},
};
use anyon_model::{Command, CommandId, IdSource, Template, TemplateId};
use egui::{Id, Ui};
use lucide_icons::Icon;

/// The page.
#[derive(Default)]
pub struct TemplatesPage {
    edit: Option<Edit>,
}

/// A template being written.
struct Edit {
    template: Template,
    sent: Option<CommandId>,
    fault: Option<String>,
}

impl TemplatesPage {
    /// Paints the page.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        self.settle(cx);
        let words = (
            cx.text.get("settings-page-templates"),
            cx.text.get("settings-templates-text"),
        );
        section(ui, cx.theme, words, |ui| {
            ui.spacing_mut().item_spacing.y = cx.theme.space.xs;
            for template in cx.state.templates.values() {
                self.template_ui(cx, ui, template);
            }
            if self.edit.is_none() && new_asked(cx, ui) {
                self.edit = Some(Edit {
                    template: new_template(cx),
                    sent: None,
                    fault: None,
                });
            }
        });
        let new = self
            .edit
            .as_ref()
            .is_some_and(|edit| !cx.state.templates.contains_key(&edit.template.id));
        if new {
            section(
                ui,
                cx.theme,
                (cx.text.get("settings-template-new-title"), ""),
                |ui| self.edit_ui(cx, ui),
            );
        }
    }

    fn template_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, template: &Template) {
        if self
            .edit
            .as_ref()
            .is_some_and(|edit| edit.template.id == template.id)
        {
            self.edit_ui(cx, ui);
            return;
        }
        let name = format!("@{}", template.name);
        let first = template.text.lines().next().unwrap_or_default();
        let line = Line {
            icon: Icon::TextQuote,
            tint: cx.theme.colors.text_soft,
            name: &name,
            more: first,
            right: "",
            chosen: false,
            tall: true,
        };
        let label = cx
            .text
            .with("settings-template-remove", &[("name", name.as_str().into())]);
        let (pressed, removed) = line.show_beside(ui, cx.theme, (Icon::Trash2, &label));
        if pressed.clicked() {
            self.edit = Some(Edit {
                template: template.clone(),
                sent: None,
                fault: None,
            });
        }
        if removed.clicked() {
            remove(cx, template);
        }
    }

    fn edit_ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let left = self.edit.as_mut().is_some_and(|edit| edit.ui(cx, ui));
        if left {
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
    /// The form. True: it is left without writing.
    fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) -> bool {
        let (theme, text) = (cx.theme, cx.text);
        let (label, hint) = (
            text.get("settings-template-name"),
            text.get("settings-template-name-hint"),
        );
        ui.label(theme.small(label));
        let (_, name) = text_field(
            ui,
            theme,
            Id::unique("template name"),
            &mut self.template.name,
            label,
            hint,
        );
        let (label, hint) = (
            text.get("settings-template-body"),
            text.get("settings-template-body-hint"),
        );
        ui.label(theme.small(label));
        let field = Id::unique("template text");
        let (_, body) = text_area(
            ui,
            theme,
            field,
            &mut self.template.text,
            (label, hint),
            TEMPLATE_ROWS,
        );
        if let Some(fault) = &self.fault {
            fault_ui(cx, ui, fault);
        }
        let mut left = name == FieldEnd::Escape || body == FieldEnd::Escape;
        let mut write = matches!(name, FieldEnd::Enter | FieldEnd::CtrlEnter) || body == FieldEnd::CtrlEnter;
        at_right(ui, theme, |ui| {
            let ready = self.sent.is_none();
            write |= Button::primary(text.get("settings-save"))
                .enabled(ready, "")
                .show(ui, theme)
                .clicked();
            left |= Button::quiet(text.get("common-cancel")).show(ui, theme).clicked();
        });
        if write && self.sent.is_none() {
            self.write(cx);
        }
        left
    }

    fn write(&mut self, cx: &ViewContext<'_>) {
        let name = self.template.name.trim().trim_start_matches('@').to_owned();
        self.template.name = name;
        self.fault = None;
        self.sent = Some(cx.send_quiet(Command::PutTemplate {
            template: self.template.clone(),
        }));
    }
}

fn new_asked(cx: &ViewContext<'_>, ui: &mut Ui) -> bool {
    let text = cx.text;
    let label = text.get("settings-template-new");
    if !cx.state.templates.is_empty() {
        return Button::quiet(label).icon(Icon::Plus).show(ui, cx.theme).clicked();
    }
    let state = EmptyState {
        icon: Icon::TextQuote,
        title: text.get("settings-templates-none"),
        text: text.get("settings-templates-none-text"),
        action: Some(label),
    };
    empty_part(ui, cx.theme, &state).is_some_and(|button| button.clicked())
}

fn new_template(cx: &ViewContext<'_>) -> Template {
    Template {
        id: IdSource::new(cx.now, cx.state.revision).make::<TemplateId>(),
        name: String::new(),
        text: String::new(),
        updated_at: cx.now,
    }
}

fn remove(cx: &ViewContext<'_>, template: &Template) {
    cx.send(Command::RemoveTemplate {
        template_id: template.id,
    });
    let undo = Command::PutTemplate {
        template: template.clone(),
    };
    cx.toast(Toast::done("settings-template-removed").action("settings-undo", undo));
}
