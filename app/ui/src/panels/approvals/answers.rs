//! The answers to a question: once, for this session, always with its rule, no with its reason, or chosen options.

use super::{Card, Mode, subject};
use crate::{ViewContext, keys, widgets, widgets::Button};
use anyon_model::*;
use egui::{Id, Key, Ui};
use lucide_icons::Icon;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Yes, this once.
    Once,
    /// Yes, for this session.
    Session,
    /// No.
    Deny,
}

/// An answer, and the rule to make with it.
pub struct Given {
    /// The answer.
    pub answer: ApprovalAnswer,
    /// A rule that the person edited.
    pub rule: Option<Rule>,
    /// What the agent is told after its turn, because its answers carry no words.
    pub follow_up: Option<String>,
}

/// Paints the answers. Gives the one that was chosen.
pub fn show(cx: &ViewContext<'_>, ui: &mut Ui, approval: &Approval, card: &mut Card) -> Option<Given> {
    let wanted = card.wanted.take();
    ui.add_space(cx.theme.space.xs);
    if card.sent.is_some() {
        ui.label(cx.theme.soft(cx.text.get("approvals-sending")));
        return None;
    }
    let is_choice = matches!(approval.request.question, Question::Choice { .. });
    if let Question::Choice { questions } = &approval.request.question
        && card.mode == Mode::Answers
    {
        choices(cx, ui, approval.id, questions, card);
    }
    match card.mode {
        Mode::Answers if is_choice => choice_buttons(cx, ui, approval, card, wanted),
        Mode::Answers => yes_or_no(cx, ui, approval, card, wanted),
        Mode::Rule => rule(cx, ui, approval, card),
        Mode::Reason => reason(cx, ui, approval, card),
    }
}

impl From<ApprovalAnswer> for Given {
    fn from(answer: ApprovalAnswer) -> Self {
        Self {
            answer,
            rule: None,
            follow_up: None,
        }
    }
}

fn yes(scope: ApprovalScope) -> Option<Given> {
    Some(ApprovalAnswer::Approved { scope }.into())
}

/// A refusal. Where the agent's protocol carries no reason, it is told after its turn.
fn no(approval: &Approval, reason: &str) -> Option<Given> {
    let reason = reason.trim();
    let reason = (!reason.is_empty()).then(|| reason.to_owned());
    let later = reason.clone().filter(|_| !approval.request.takes_reason);
    Some(Given {
        follow_up: later,
        ..ApprovalAnswer::Denied { reason }.into()
    })
}

fn yes_or_no(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    approval: &Approval,
    card: &mut Card,
    wanted: Option<Wanted>,
) -> Option<Given> {
    let (theme, text) = (cx.theme, cx.text);
    let is_plan = matches!(approval.request.question, Question::Plan { .. });
    let mut given = None;
    let allow = if is_plan {
        text.get("approvals-carry-out")
    } else {
        text.get("approvals-once")
    };
    let fits = fits(cx, ui, allow);
    ui.horizontal_wrapped(|ui| {
        let once = Button::primary(allow).key(card.key("A")).show(ui, theme);
        if once.clicked() || wanted == Some(Wanted::Once) {
            given = yes(ApprovalScope::Once);
        }
        if !is_plan {
            let lasting = if fits {
                longer(cx, ui, card)
            } else {
                longer_in_menu(cx, ui)
            };
            match lasting {
                Some(ApprovalScope::Always) => {
                    card.mode = Mode::Rule;
                    cx.focus(ui, field(approval.id, "pattern"));
                }
                Some(scope) => given = yes(scope),
                None if wanted == Some(Wanted::Session) => given = yes(ApprovalScope::Session),
                None => {}
            }
        }
        if deny_button(cx, ui, card) || wanted == Some(Wanted::Deny) {
            card.mode = Mode::Reason;
            cx.focus(ui, field(approval.id, "reason"));
        }
    });
    given
}

/// All answers have room beside each other, also with their keys, so that nothing moves when those are shown.
fn fits(cx: &ViewContext<'_>, ui: &Ui, allow: &str) -> bool {
    let text = cx.text;
    let all = [
        Button::primary(allow).key("A"),
        Button::quiet(text.get("approvals-session")).key("S"),
        Button::quiet(text.get("approvals-always")),
        Button::quiet(text.get("approvals-deny-because"))
            .key("D")
            .icon(Icon::Ban),
    ];
    let gaps = ui.spacing().item_spacing.x * (all.len() - 1) as f32;
    let wide: f32 = all.iter().map(|button| button.width(ui, cx.theme)).sum();
    wide + gaps <= ui.available_width()
}

/// The answers that hold for longer, as buttons.
fn longer(cx: &ViewContext<'_>, ui: &mut Ui, card: &Card) -> Option<ApprovalScope> {
    let (theme, text) = (cx.theme, cx.text);
    let session = Button::quiet(text.get("approvals-session")).key(card.key("S"));
    let session = session.show(ui, theme).clicked();
    let always = Button::quiet(text.get("approvals-always"))
        .show(ui, theme)
        .clicked();
    match (session, always) {
        (true, _) => Some(ApprovalScope::Session),
        (_, true) => Some(ApprovalScope::Always),
        _ => None,
    }
}

/// The same in a menu beside the answer for this once.
fn longer_in_menu(cx: &ViewContext<'_>, ui: &mut Ui) -> Option<ApprovalScope> {
    let (theme, text) = (cx.theme, cx.text);
    let mut chosen = None;
    let button = widgets::icon_button(ui, theme, Icon::ChevronDown, text.get("approvals-longer"), "");
    widgets::menu_button(button, |ui| {
        if widgets::menu_item(ui, theme, Icon::Clock, text.get("approvals-session"), "S") {
            chosen = Some(ApprovalScope::Session);
        }
        if widgets::menu_item(ui, theme, Icon::ShieldCheck, text.get("approvals-always"), "") {
            chosen = Some(ApprovalScope::Always);
        }
    });
    chosen
}

fn deny_button(cx: &ViewContext<'_>, ui: &mut Ui, card: &Card) -> bool {
    Button::quiet(cx.text.get("approvals-deny-because"))
        .key(card.key("D"))
        .icon(Icon::Ban)
        .show(ui, cx.theme)
        .clicked()
}

fn field(approval_id: ApprovalId, name: &str) -> Id {
    Id::unique(("approval field", approval_id, name))
}

fn reason(cx: &ViewContext<'_>, ui: &mut Ui, approval: &Approval, card: &mut Card) -> Option<Given> {
    let (theme, text) = (cx.theme, cx.text);
    let hint = if approval.request.takes_reason {
        "approvals-reason-hint"
    } else {
        "approvals-reason-hint-later"
    };
    let words = (text.get("approvals-reason"), text.get(hint));
    let id = field(approval.id, "reason");
    let (_, end) = widgets::text_field(ui, theme, id, &mut card.reason, words.0, words.1);
    let mut given = match end {
        widgets::FieldEnd::Enter | widgets::FieldEnd::CtrlEnter => no(approval, &card.reason),
        widgets::FieldEnd::Escape => {
            card.mode = Mode::Answers;
            None
        }
        widgets::FieldEnd::None => None,
    };
    ui.horizontal_wrapped(|ui| {
        if Button::danger(text.get("approvals-deny"))
            .key("Enter")
            .show(ui, theme)
            .clicked()
        {
            given = no(approval, &card.reason);
        }
        if goes_back(cx, ui) {
            card.mode = Mode::Answers;
        }
    });
    given
}

/// What a lasting yes will allow, to be read and changed before.
fn rule(cx: &ViewContext<'_>, ui: &mut Ui, approval: &Approval, card: &mut Card) -> Option<Given> {
    let (theme, text) = (cx.theme, cx.text);
    let shard = cx.state.shard_of_attempt(approval.attempt_id);
    let project = shard.map_or(String::new(), |shard| shard.project.name.clone());
    ui.label(theme.soft(text.with("approvals-rule-for", &[("project", project.into())])));
    let words = (
        text.get("approvals-rule-pattern"),
        text.get("approvals-rule-hint"),
    );
    let id = field(approval.id, "pattern");
    let (_, end) = widgets::text_field(ui, theme, id, &mut card.pattern, words.0, words.1);
    ui.label(theme.small(subject::rule_means(cx, &approval.request)));
    let mut given = None;
    let ready = !card.pattern.trim().is_empty();
    let entered = matches!(end, widgets::FieldEnd::Enter | widgets::FieldEnd::CtrlEnter);
    ui.horizontal_wrapped(|ui| {
        let allow = Button::primary(text.get("approvals-rule-allow")).icon(Icon::ShieldCheck);
        let allow = allow
            .enabled(ready, text.get("approvals-rule-empty"))
            .show(ui, theme);
        if ready && (allow.clicked() || entered) {
            given = Some(lasting(cx, approval, card.pattern.trim()));
        }
        if goes_back(cx, ui) || end == widgets::FieldEnd::Escape {
            card.mode = Mode::Answers;
        }
    });
    given
}

/// Back to the answers, by its button or by Escape.
fn goes_back(cx: &ViewContext<'_>, ui: &mut Ui) -> bool {
    let back = Button::quiet(cx.text.get("approvals-back")).show(ui, cx.theme);
    back.clicked() || keys::plain(ui, Key::Escape)
}

/// An unchanged pattern is the engine's own; a changed one becomes a rule beside a yes for this once.
fn lasting(cx: &ViewContext<'_>, approval: &Approval, pattern: &str) -> Given {
    let own = subject::pattern(&approval.request);
    if own.as_deref().map(str::trim) == Some(pattern) {
        let answer = ApprovalAnswer::Approved {
            scope: ApprovalScope::Always,
        };
        return answer.into();
    }
    let (seed, _) = approval.id.as_bytes().split_at(8);
    let seed = seed.iter().fold(0u64, |seed, byte| seed << 8 | u64::from(*byte));
    let shard = cx.state.shard_of_attempt(approval.attempt_id);
    let session = shard.and_then(|shard| shard.last_session(approval.attempt_id));
    let rule = Rule {
        id: IdSource::new(cx.now, seed).make(),
        project_id: Some(approval.project_id),
        executor: session.map(|session| session.profile.executor.clone()),
        kind: Some(approval.request.kind),
        pattern: Some(pattern.to_owned()),
        allow: true,
        created_at: cx.now,
    };
    let answer = ApprovalAnswer::Approved {
        scope: ApprovalScope::Once,
    };
    Given {
        rule: Some(rule),
        ..answer.into()
    }
}

/// The options of each question, and room for another answer.
fn choices(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    approval_id: ApprovalId,
    questions: &[ChoiceQuestion],
    card: &mut Card,
) {
    let theme = cx.theme;
    for asked in questions {
        let key = &asked.question;
        if !asked.header.is_empty() {
            ui.label(theme.rich(
                widgets::shown(&asked.header),
                theme.caption_bold(),
                theme.colors.violet,
            ));
        }
        ui.add(egui::Label::new(theme.strong(widgets::shown(key))).wrap());
        let chosen = card.chosen.entry(key.clone()).or_default();
        for option in &asked.options {
            let mut is = chosen.contains(&option.label);
            let label = widgets::shown(&option.label);
            let response = if asked.multi_select {
                widgets::check_box(ui, theme, &mut is, &label)
            } else {
                widgets::radio(ui, theme, is, &label)
            };
            if response.clicked() {
                let was = chosen.contains(&option.label);
                if !asked.multi_select {
                    chosen.clear();
                }
                if was && asked.multi_select {
                    chosen.remove(&option.label);
                } else {
                    chosen.insert(option.label.clone());
                }
            }
            if !option.description.is_empty() {
                ui.horizontal(|ui| {
                    ui.add_space(theme.space.xxl);
                    ui.add(egui::Label::new(theme.small(widgets::shown(&option.description))).wrap());
                });
            }
        }
        let words = (
            cx.text.get("approvals-other"),
            cx.text.get("approvals-other-hint"),
        );
        let other = card.other.entry(key.clone()).or_default();
        ui.add_space(theme.space.xs);
        widgets::text_field(ui, theme, field(approval_id, key), other, words.0, words.1);
        ui.add_space(theme.space.s);
    }
}

fn choice_buttons(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    approval: &Approval,
    card: &mut Card,
    wanted: Option<Wanted>,
) -> Option<Given> {
    let (theme, text) = (cx.theme, cx.text);
    let answers = chosen(approval, card);
    let mut given = None;
    ui.horizontal_wrapped(|ui| {
        let answer = Button::primary(text.get("approvals-answer")).key(card.key("A"));
        let pressed = answer
            .enabled(answers.is_some(), text.get("approvals-answer-first"))
            .show(ui, theme);
        if pressed.clicked() || wanted == Some(Wanted::Once) {
            given = answers.map(|answers| ApprovalAnswer::Answered { answers }.into());
        }
        if deny_button(cx, ui, card) || wanted == Some(Wanted::Deny) {
            card.mode = Mode::Reason;
            cx.focus(ui, field(approval.id, "reason"));
        }
    });
    given
}

/// The answers, if every question has one.
fn chosen(approval: &Approval, card: &Card) -> Option<std::collections::BTreeMap<String, String>> {
    let Question::Choice { questions } = &approval.request.question else {
        return None;
    };
    let answer = |asked: &ChoiceQuestion| {
        let mut all: Vec<&str> = Vec::new();
        if let Some(chosen) = card.chosen.get(&asked.question) {
            let options = asked.options.iter().map(|option| option.label.as_str());
            all.extend(options.filter(|label| chosen.contains(*label)));
        }
        let other = card.other.get(&asked.question).map_or("", |other| other.trim());
        if !other.is_empty() {
            all.push(other);
        }
        (!all.is_empty()).then(|| (asked.question.clone(), all.join(", ")))
    };
    questions.iter().map(answer).collect()
}
