//! Fields of settings: written when they are left or by Enter, put back by Escape, their fault below them.

use super::general;
use crate::{
    ViewContext,
    theme::measures::{pages as measures, widgets::AREA_ROWS},
    widgets::{self, Button, FieldEnd, menu_button, menu_item, setting, text_area, text_field},
};
use anyon_model::{Command, CommandId, Problem, Settings};
use egui::{Id, Rect, Response, Ui, vec2};
use lucide_icons::Icon;
use std::{collections::BTreeMap, ops::RangeInclusive};

/// What is typed into fields and what became of it, by the field's key.
#[derive(Default)]
pub struct Fields {
    open: BTreeMap<String, Field>,
}

#[derive(Default)]
struct Field {
    text: String,
    /// Typed and not yet sent.
    dirty: bool,
    sent: Option<CommandId>,
    saved: bool,
    fault: Option<String>,
}

/// What a field is.
pub struct Spec<'a> {
    /// Tells it apart from all others.
    pub key: &'a str,
    /// Its name.
    pub label: &'a str,
    /// What stands in it while it is empty.
    pub hint: &'a str,
    /// Lines of it; one: Enter ends it.
    pub rows: usize,
}

impl Fields {
    /// A field for a text. `write` makes the command of what was typed, or says what is wrong with it.
    pub fn text(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        spec: &Spec<'_>,
        current: &str,
        write: impl FnOnce(&str) -> Result<Command, String>,
    ) {
        self.field(cx, ui, (spec, None), current, write);
    }

    /// `unit`: it holds a number, is as wide as one, and is followed by what is counted.
    fn field(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        (spec, unit): (&Spec<'_>, Option<&str>),
        current: &str,
        write: impl FnOnce(&str) -> Result<Command, String>,
    ) {
        let id = Id::unique(("setting", spec.key));
        let field = self.open.entry(spec.key.to_owned()).or_default();
        field.settle(cx);
        if !field.dirty && field.fault.is_none() && field.sent.is_none() {
            current.clone_into(&mut field.text);
        }
        let (response, end) = if let Some(unit) = unit {
            number_field(cx, ui, id, &mut field.text, (spec.label, unit))
        } else if spec.rows > 1 {
            text_area(
                ui,
                cx.theme,
                id,
                &mut field.text,
                (spec.label, spec.hint),
                spec.rows..=AREA_ROWS,
            )
        } else {
            text_field(ui, cx.theme, id, &mut field.text, spec.label, spec.hint)
        };
        if response.changed() {
            field.dirty = true;
            field.saved = false;
            field.fault = None;
        }
        let asked = matches!(end, FieldEnd::Enter | FieldEnd::CtrlEnter);
        if end == FieldEnd::Escape {
            *field = Field::default();
            ui.ctx().request_repaint();
        } else if field.dirty && (asked || !response.has_focus()) {
            field.dirty = false;
            field.send(cx, current, write);
        }
        field.mark(cx, ui, &response);
    }

    /// A setting that is a whole number in a range.
    pub fn number(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        (label, hint, unit): (&str, &str, &str),
        (current, range): (u64, RangeInclusive<u64>),
        set: impl FnOnce(&mut Settings, u64),
    ) {
        setting(ui, cx.theme, (label, hint), |ui| {
            let spec = Spec {
                key: label,
                label,
                hint: "",
                rows: 1,
            };
            let shown = current.to_string();
            self.field(cx, ui, (&spec, Some(unit)), &shown, |typed| {
                match typed.trim().parse::<u64>() {
                    Ok(number) if range.contains(&number) => {
                        Ok(general::changed(cx, |settings| set(settings, number)))
                    }
                    _ => {
                        let ends = [("low", (*range.start()).into()), ("high", (*range.end()).into())];
                        Err(cx.text.with("settings-number-fault", &ends))
                    }
                }
            });
        });
    }
}

/// A field as wide as a number, and its unit.
fn number_field(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    id: Id,
    typed: &mut String,
    (label, unit): (&str, &str),
) -> (Response, FieldEnd) {
    ui.horizontal(|ui| {
        let size = vec2(measures::NUMBER, cx.theme.space.control);
        let shown = ui.allocate_ui(size, |ui| {
            ui.set_max_width(measures::NUMBER);
            text_field(ui, cx.theme, id, typed, label, "")
        });
        if !unit.is_empty() {
            ui.label(cx.theme.soft(unit));
        }
        shown.inner
    })
    .inner
}

impl Field {
    fn send(
        &mut self,
        cx: &ViewContext<'_>,
        current: &str,
        write: impl FnOnce(&str) -> Result<Command, String>,
    ) {
        if self.text == current {
            return;
        }
        match write(&self.text) {
            Ok(command) => self.sent = Some(cx.send_quiet(command)),
            Err(fault) => self.fault = Some(fault),
        }
    }

    /// Takes the end of what was sent.
    fn settle(&mut self, cx: &ViewContext<'_>) {
        let Some(result) = self.sent.and_then(|command_id| cx.result(command_id)) else {
            return;
        };
        self.sent = None;
        match &*result {
            Ok(_) => self.saved = true,
            Err(problem) => self.fault = Some(sentence(problem)),
        }
    }

    /// A mark in the field when it is saved, its fault below it.
    fn mark(&self, cx: &ViewContext<'_>, ui: &mut Ui, response: &Response) {
        let theme = cx.theme;
        if self.saved && self.fault.is_none() {
            let size = theme.space.icon;
            let corner =
                response.rect.right_top() + vec2(-size - theme.space.m, (theme.space.control - size) / 2.0);
            let rect = Rect::from_min_size(corner, vec2(size, size));
            let mark = char::from(Icon::Check).to_string();
            let galley = ui
                .painter()
                .layout_no_wrap(mark, theme.icon(), theme.colors.green);
            ui.painter().galley(rect.min.round(), galley, theme.colors.green);
        }
        if let Some(fault) = &self.fault {
            fault_ui(cx, ui, fault);
        }
    }
}

/// A problem in one line: what, and what to do.
pub fn sentence(problem: &Problem) -> String {
    let parts = [&problem.title, &problem.detail, &problem.hint];
    let parts: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" · ")
}

/// What is wrong, below what it is wrong with.
pub fn fault_ui(cx: &ViewContext<'_>, ui: &mut Ui, fault: &str) {
    let theme = cx.theme;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme.space.xs;
        widgets::mark(ui, theme, Icon::CircleAlert, theme.colors.red);
        ui.label(theme.rich(widgets::shown(fault), theme.caption(), theme.colors.red));
    });
}

/// One of several, by a menu. Gives the one newly chosen.
pub fn pick(cx: &ViewContext<'_>, ui: &mut Ui, options: &[String], chosen: usize) -> Option<usize> {
    let shown = options.get(chosen).map_or("", String::as_str);
    let button = Button::quiet(shown).icon(Icon::ChevronDown).show(ui, cx.theme);
    let mut now = None;
    menu_button(button, |ui| {
        for (at, option) in options.iter().enumerate() {
            let icon = if at == chosen {
                Icon::CircleDot
            } else {
                Icon::Circle
            };
            if menu_item(ui, cx.theme, icon, option, "") && at != chosen {
                now = Some(at);
            }
        }
    });
    now
}
