//! The agents on this computer: a part of the first start and of the settings.

mod hint;

use crate::{
    Page, ViewContext, phrase,
    widgets::{self, Button, Tone, code_line, state_line},
};
use anyon_model::{AgentFinding, AgentLogin, Answer, Query};
use egui::{Frame, Id, Ui};
use hint::About;
use lucide_icons::Icon;

/// The agent that is part of Anyon.
pub const DEMO: &str = "DEMO";

/// What is known of the agents so far: the quick look, until the one that asks each of them is there.
pub fn findings(cx: &ViewContext<'_>) -> Page {
    let asked = cx.page(Query::Agents { probe: true });
    match asked {
        Page::Ready(_) => asked,
        waiting => match cx.page(Query::Agents { probe: false }) {
            Page::Ready(quick) => Page::Ready(quick),
            _ => waiting,
        },
    }
}

/// The agents in an answer, those that can be started first; the demo's left out.
pub fn real(page: &Page) -> Vec<&AgentFinding> {
    let Some(Answer::Agents(all)) = page.ready() else {
        return Vec::new();
    };
    let mut agents: Vec<&AgentFinding> = all.iter().filter(|agent| agent.agent_id != DEMO).collect();
    agents.sort_by_key(|agent| !agent.found);
    agents
}

/// Paints them with how to install and log in to the rest.
pub fn agents_ui(cx: &ViewContext<'_>, ui: &mut Ui, with_withheld: bool) {
    let page = findings(cx);
    match &page {
        Page::Loading => {
            searching(cx, ui);
        }
        Page::Failed(problem) => widgets::problem(ui, cx.theme, problem),
        Page::Ready(_) => {
            let agents = real(&page);
            if !agents.iter().any(|agent| agent.found) {
                let n = [("n", agents.len().into())];
                ui.label(cx.theme.text(cx.text.with("agents-none", &n)));
            }
            let (found, missing): (Vec<_>, Vec<_>) = agents.into_iter().partition(|agent| agent.found);
            for agent in found {
                agent_ui(cx, ui, agent, with_withheld);
            }
            missing_ui(cx, ui, &missing);
        }
    }
    ui.add_space(cx.theme.space.xs);
    let again = Button::bare(cx.text.get("agents-again")).icon(Icon::RefreshCw);
    if again.show(ui, cx.theme).clicked() {
        cx.forget(|query| matches!(query, Query::Agents { .. }));
    }
}

fn searching(cx: &ViewContext<'_>, ui: &mut Ui) {
    state_line(
        ui,
        cx.theme,
        Icon::Search,
        Tone::Quiet,
        cx.text.get("agents-searching"),
    );
}

fn card(cx: &ViewContext<'_>, ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let (theme, space) = (cx.theme, &cx.theme.space);
    let frame = Frame::new()
        .fill(theme.colors.card)
        .stroke(egui::Stroke::new(space.hairline, theme.colors.line))
        .corner_radius(egui::CornerRadius::same(theme.radius.card))
        .inner_margin(egui::Margin::from(egui::vec2(space.card_x, space.card_y)));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = space.xs;
        content(ui);
    });
}

/// Those that are not installed, a line each: the one that is pressed tells how to install it.
fn missing_ui(cx: &ViewContext<'_>, ui: &mut Ui, missing: &[&AgentFinding]) {
    if missing.is_empty() {
        return;
    }
    let id = Id::unique("agent to install");
    card(cx, ui, |ui| {
        let words = cx.text.get("agents-not-found");
        state_line(ui, cx.theme, Icon::CircleDashed, Tone::Quiet, words);
        for agent in missing {
            let open = missing.len() == 1
                || ui.data(|kept| kept.get_temp::<String>(id)).as_deref() == Some(agent.agent_id.as_str());
            let chevron = if open {
                Icon::ChevronDown
            } else {
                Icon::ChevronRight
            };
            let button = Button::bare(&agent.name).icon(chevron).show(ui, cx.theme);
            widgets::unfolds(&button, open);
            if button.clicked() {
                let now = if open { "" } else { agent.agent_id.as_str() };
                ui.data_mut(|kept| kept.insert_temp(id, now.to_owned()));
            }
            if open {
                hint_ui(cx, ui, &agent.install_hint, About::Install);
            }
        }
    });
}

fn agent_ui(cx: &ViewContext<'_>, ui: &mut Ui, agent: &AgentFinding, with_withheld: bool) {
    let (theme, space) = (cx.theme, &cx.theme.space);
    card(cx, ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space.s;
            widgets::mark(
                ui,
                theme,
                phrase::agent_icon(&agent.agent_id),
                theme.colors.text_soft,
            );
            ui.label(theme.strong(widgets::shown(&agent.name)));
            if let Some(version) = &agent.version {
                ui.label(theme.small(widgets::shown(version)));
            }
        });
        standing(cx, ui, agent);
        if let Some(notice) = &agent.notice {
            state_line(ui, theme, Icon::TriangleAlert, Tone::Busy, notice);
        }
        if with_withheld && agent.found && !agent.withheld.is_empty() {
            let names = agent.withheld.join(", ");
            ui.label(theme.small(cx.text.with("agents-withheld", &[("names", names.into())])));
        }
    });
}

/// How one that was found stands, and what to do if it cannot be used yet.
fn standing(cx: &ViewContext<'_>, ui: &mut Ui, agent: &AgentFinding) {
    let (theme, text) = (cx.theme, cx.text);
    match &agent.login {
        AgentLogin::NotNeeded => {
            state_line(ui, theme, Icon::CircleCheck, Tone::Good, text.get("agents-ready"));
        }
        AgentLogin::LoggedIn { method } if method.is_empty() => {
            state_line(
                ui,
                theme,
                Icon::CircleCheck,
                Tone::Good,
                text.get("agents-logged-in"),
            );
        }
        AgentLogin::LoggedIn { method } => {
            let line = text.with("agents-logged-in-by", &[("method", method.as_str().into())]);
            state_line(ui, theme, Icon::CircleCheck, Tone::Good, &line);
        }
        AgentLogin::LoggedOut => {
            state_line(
                ui,
                theme,
                Icon::CircleAlert,
                Tone::Asks,
                text.get("agents-logged-out"),
            );
            hint_ui(cx, ui, &agent.login_hint, About::Login);
        }
        AgentLogin::Unknown => {
            state_line(ui, theme, Icon::CircleCheck, Tone::Good, text.get("agents-found"));
        }
    }
}

/// A hint in words, with the commands in it to copy.
fn hint_ui(cx: &ViewContext<'_>, ui: &mut Ui, said: &str, about: About) {
    if said.is_empty() {
        return;
    }
    ui.label(cx.theme.small(hint::words(cx.text, said, about)));
    for command in hint::commands(said) {
        let copy = cx.text.with("agents-copy", &[("command", command.into())]);
        if code_line(ui, cx.theme, command, &copy) {
            cx.ask(crate::Request::CopyText(command.to_owned()));
            cx.toast(crate::Toast::done("agents-copied"));
        }
    }
}
