//! Anyon's MCP server in the configuration files of agents: which of them know it, what would change, and the change.

use super::general;
use crate::{
    Page, Request, Toast, ViewContext,
    widgets::{self, Button, Line, Tone, icon_button, section, shown, state_line},
};
use anyon_model::{Answer, Command, CommandId, DiffLine, DiffLineKind, McpSetup, McpState, Problem, Query};
use egui::{CornerRadius, Frame, Label, Margin, Ui};
use lucide_icons::Icon;

/// View state of the section.
#[derive(Default)]
pub struct McpSection {
    /// The agent whose row is open.
    open: Option<String>,
    writing: Option<CommandId>,
    failed: Option<Problem>,
}

impl McpSection {
    /// Paints the section.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let (theme, text) = (cx.theme, cx.text);
        self.settle(cx);
        let words = (text.get("settings-mcp"), text.get("settings-mcp-text"));
        section(ui, theme, words, |ui| {
            in_attempts(cx, ui);
            ui.add_space(theme.space.xs);
            ui.spacing_mut().item_spacing.y = theme.space.xxs;
            match cx.page(Query::McpSetups) {
                Page::Loading => widgets::loading(ui, theme, text),
                Page::Failed(problem) => widgets::problem(ui, theme, &problem),
                Page::Ready(answer) => {
                    let Answer::McpSetups(setups) = &*answer else {
                        return;
                    };
                    for setup in setups.iter() {
                        self.row(cx, ui, setup);
                    }
                }
            }
        });
    }

    fn row(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, setup: &McpSetup) {
        let theme = cx.theme;
        let is_open = self.open.as_ref() == Some(&setup.agent_id);
        let (icon, tone, state) = standing(&setup.state);
        let file = setup.file.as_ref().map(ToString::to_string).unwrap_or_default();
        let line = Line {
            icon,
            tint: tone.color(theme),
            name: &setup.name,
            more: &shown(&file),
            right: cx.text.get(state),
            chosen: is_open,
            tall: true,
        };
        if line.show(ui, theme).clicked() {
            self.open = (!is_open).then(|| setup.agent_id.clone());
            self.failed = None;
            // Others write these files too.
            cx.forget(|query| *query == Query::McpSetups);
        }
        if is_open {
            let space = &theme.space;
            let inside = Margin::from(egui::vec2(space.m, space.s));
            Frame::new().inner_margin(inside).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = space.s;
                self.details(cx, ui, setup);
            });
        }
    }

    fn details(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, setup: &McpSetup) {
        let (theme, text) = (cx.theme, cx.text);
        match &setup.state {
            McpState::Faulty { problem } => widgets::problem(ui, theme, problem),
            McpState::Other => {
                let words = text.get("settings-mcp-other-text");
                state_line(ui, theme, Icon::TriangleAlert, Tone::Busy, words);
            }
            McpState::Present => {
                let words = text.get("settings-mcp-present-text");
                state_line(ui, theme, Icon::CircleCheck, Tone::Good, words);
            }
            McpState::Absent => {}
        }
        if let Some(change) = &setup.change {
            lines_ui(cx, ui, &change.lines);
            ui.label(theme.small(text.get("settings-mcp-backup-text")));
        }
        if let Some(problem) = &self.failed {
            widgets::problem(ui, theme, problem);
        }
        ui.horizontal_wrapped(|ui| self.buttons(cx, ui, setup));
    }

    fn buttons(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, setup: &McpSetup) {
        let (theme, text) = (cx.theme, cx.text);
        if setup.change.is_some() {
            let label = text.with("settings-mcp-add", &[("agent", setup.name.as_str().into())]);
            let add = Button::primary(&label).icon(Icon::Plus);
            if add.enabled(self.writing.is_none(), "").show(ui, theme).clicked() {
                self.failed = None;
                let agent_id = setup.agent_id.clone();
                self.writing = Some(cx.send_quiet(Command::SetUpMcp { agent_id }));
            }
        }
        let copy = text.get("settings-mcp-copy");
        if icon_button(ui, theme, Icon::Copy, copy, "").clicked() {
            cx.ask(Request::CopyText(setup.snippet.clone()));
            cx.toast(Toast::done("settings-mcp-copied"));
        }
        let reveal = text.get("settings-mcp-reveal");
        if let Some(file) = &setup.file
            && icon_button(ui, theme, Icon::FolderOpen, reveal, "").clicked()
        {
            cx.ask(Request::RevealFile(file.clone()));
        }
    }

    fn settle(&mut self, cx: &ViewContext<'_>) {
        let Some(result) = self.writing.and_then(|writing| cx.result(writing)) else {
            return;
        };
        self.writing = None;
        cx.forget(|query| *query == Query::McpSetups);
        match &*result {
            Ok(_) => cx.toast(Toast::done("settings-mcp-added")),
            Err(problem) => self.failed = Some(problem.clone()),
        }
    }
}

/// Agents of attempts need no file: they get the server for their session.
fn in_attempts(cx: &ViewContext<'_>, ui: &mut Ui) {
    let mut on = cx.state.settings.mcp_in_attempts;
    let label = cx.text.get("settings-mcp-attempts");
    if widgets::check_box(ui, cx.theme, &mut on, label).changed() {
        general::change(cx, |settings| settings.mcp_in_attempts = on);
    }
}

/// How a file stands: mark, tone and the key of its words.
fn standing(state: &McpState) -> (Icon, Tone, &'static str) {
    match state {
        McpState::Present => (Icon::CircleCheck, Tone::Good, "settings-mcp-present"),
        McpState::Absent => (Icon::CircleDashed, Tone::Quiet, "settings-mcp-absent"),
        McpState::Other => (Icon::TriangleAlert, Tone::Busy, "settings-mcp-other"),
        McpState::Faulty { .. } => (Icon::CircleAlert, Tone::Bad, "settings-mcp-faulty"),
    }
}

/// What would change, line by line.
fn lines_ui(cx: &ViewContext<'_>, ui: &mut Ui, lines: &[DiffLine]) {
    let (theme, c) = (cx.theme, &cx.theme.colors);
    let around = Frame::new()
        .stroke(egui::Stroke::new(theme.space.hairline, c.line))
        .corner_radius(CornerRadius::same(theme.radius.control))
        .inner_margin(theme.space.hairline);
    around.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        for line in lines {
            let (sign, behind) = match line.kind {
                DiffLineKind::Added => ("+", c.diff_added),
                DiffLineKind::Removed => ("−", c.diff_removed),
                DiffLineKind::Context => (" ", c.column),
            };
            let row = Frame::new()
                .fill(behind)
                .inner_margin(Margin::from(egui::vec2(theme.space.m, 0.0)));
            row.show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.add(Label::new(theme.code(format!("{sign} {}", shown(&line.text)))).truncate());
            });
        }
    });
}
