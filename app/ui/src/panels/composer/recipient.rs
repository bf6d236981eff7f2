//! Whom the next message goes to: agent, variant and model, chosen here and sent with it.

use crate::{
    ViewContext,
    panels::task::agent_name,
    phrase,
    theme::measures::composer as measures,
    widgets::{self, Button, FieldEnd},
};
use anyon_model::*;
use egui::{Id, Popup, PopupCloseBehavior, Response, Ui};
use lucide_icons::Icon;
use std::collections::BTreeSet;

/// Models that are offered by name.
const MODELS: usize = 8;

/// What was chosen for the next message; what was not stays as it is.
#[derive(Default, Clone)]
pub struct Choice {
    to: Recipient,
    /// The model that is being written.
    model: String,
}

impl Choice {
    /// Whom the message goes to, if anything was chosen.
    pub fn recipient(&self, session: &Session) -> Option<Recipient> {
        let same =
            self.profile(session) == &session.profile && self.model(session) == session.model.as_deref();
        (!same).then(|| self.to.clone())
    }

    fn profile<'a>(&'a self, session: &'a Session) -> &'a ExecutorProfileId {
        self.to.profile.as_ref().unwrap_or(&session.profile)
    }

    fn model<'a>(&'a self, session: &'a Session) -> Option<&'a str> {
        let same_agent = self.profile(session).executor == session.profile.executor;
        match &self.to.model {
            Some(model) => Some(model.as_str()).filter(|model| !model.is_empty()),
            None => session.model.as_deref().filter(|_| same_agent),
        }
    }

    /// Another agent takes over: said before it is sent.
    pub fn notice(&self, cx: &ViewContext<'_>, ui: &mut Ui, session: &Session) {
        let to = &self.profile(session).executor;
        if *to == session.profile.executor {
            return;
        }
        let names = [
            ("to", agent_name(cx, to).into()),
            ("from", agent_name(cx, &session.profile.executor).into()),
        ];
        let words = cx.text.with("composer-takes-over", &names);
        ui.label(cx.theme.small(words));
    }

    /// The buttons that choose.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, session: &Session, narrow: bool) {
        self.agents(cx, ui, session, narrow);
        self.models(cx, ui, session, narrow);
    }

    fn agents(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, session: &Session, narrow: bool) {
        let now = self.profile(session).clone();
        let words = profile_name(cx, &now);
        let label = cx
            .text
            .with("composer-agent", &[("agent", words.as_str().into())]);
        let button = choose(
            cx,
            ui,
            phrase::agent_icon(&now.executor),
            (&words, &label),
            narrow,
        );
        let page = cx.page(Query::Agents { probe: false });
        let findings = match page.ready() {
            Some(Answer::Agents(findings)) => findings.clone(),
            _ => Default::default(),
        };
        widgets::menu_button(button, |ui| {
            for finding in findings.iter().filter(|finding| finding.found) {
                for variant in &finding.variants {
                    let profile = ExecutorProfileId {
                        executor: finding.agent_id.clone(),
                        variant: Some(variant.clone()).filter(|variant| variant != "DEFAULT"),
                    };
                    let is = profile.executor == now.executor && profile.variant_name() == now.variant_name();
                    let icon = match is {
                        true => Icon::Check,
                        false => phrase::agent_icon(&profile.executor),
                    };
                    if widgets::menu_item(ui, cx.theme, icon, &profile_name(cx, &profile), "") {
                        self.choose_profile(session, profile);
                    }
                }
            }
        });
    }

    fn choose_profile(&mut self, session: &Session, profile: ExecutorProfileId) {
        let same = profile.executor == session.profile.executor
            && profile.variant_name() == session.profile.variant_name();
        if profile.executor != self.profile(session).executor {
            self.to.model = None;
        }
        self.to.profile = (!same).then_some(profile);
    }

    fn models(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, session: &Session, narrow: bool) {
        let own = cx.text.get("composer-model-own");
        let now = self.model(session).map(str::to_owned);
        let words = now.as_deref().unwrap_or(own);
        let label = cx.text.with("composer-model", &[("model", words.into())]);
        let button = choose(cx, ui, Icon::Brain, (words, &label), narrow);
        let executor = self.profile(session).executor.clone();
        let close = PopupCloseBehavior::CloseOnClickOutside;
        widgets::menu_of(Popup::menu(&button).close_behavior(close), &button, |ui| {
            ui.set_width(measures::MODELS);
            ui.spacing_mut().item_spacing.y = 0.0;
            let icon = |is: bool| if is { Icon::Check } else { Icon::Brain };
            if widgets::menu_item(ui, cx.theme, icon(now.is_none()), own, "") {
                self.choose_model(session, String::new());
            }
            for model in known_models(cx, &executor) {
                let is = now.as_deref() == Some(&model);
                if widgets::menu_item(ui, cx.theme, icon(is), &model, "") {
                    self.choose_model(session, model);
                }
            }
            let id = Id::unique("composer model");
            let (name, hint) = (
                cx.text.get("composer-model-name"),
                cx.text.get("composer-model-hint"),
            );
            let (_, end) = widgets::text_field(ui, cx.theme, id, &mut self.model, name, hint);
            if matches!(end, FieldEnd::Enter | FieldEnd::CtrlEnter) && !self.model.trim().is_empty() {
                let model = std::mem::take(&mut self.model);
                self.choose_model(session, model.trim().to_owned());
                ui.close();
            }
        });
    }

    fn choose_model(&mut self, session: &Session, model: String) {
        let same_agent = self.profile(session).executor == session.profile.executor;
        let is_kept = same_agent && session.model.as_deref().unwrap_or_default() == model;
        self.to.model = (!is_kept).then_some(model);
    }
}

/// A button that opens a list; only its mark where there is little room.
pub(super) fn choose(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    icon: Icon,
    (words, label): (&str, &str),
    narrow: bool,
) -> Response {
    let button = match narrow {
        true => widgets::icon_button(ui, cx.theme, icon, label, ""),
        false => Button::bare(words)
            .icon(icon)
            .show(ui, cx.theme)
            .on_hover_text(label),
    };
    ui.ctx()
        .accesskit_node_builder(button.id, |node| node.set_label(label));
    button
}

/// Agent and variant in words.
pub fn profile_name(cx: &ViewContext<'_>, profile: &ExecutorProfileId) -> String {
    let name = agent_name(cx, &profile.executor);
    match profile.variant_name() {
        "DEFAULT" => name,
        variant => format!("{name} · {variant}"),
    }
}

/// Models that this agent used, or that its profiles name.
fn known_models(cx: &ViewContext<'_>, executor: &str) -> Vec<String> {
    let profiles = cx
        .state
        .profiles
        .values()
        .filter(|profile| profile.id.executor == executor)
        .filter_map(|profile| profile.config.model.clone());
    let mut models: BTreeSet<String> = profiles.collect();
    for shard in cx.state.projects.values() {
        let sessions = shard.sessions.values();
        let chosen = sessions
            .filter(|session| session.profile.executor == executor)
            .filter_map(|session| session.model.clone());
        models.extend(chosen);
    }
    models.into_iter().take(MODELS).collect()
}
