//! All keys, from one table. A test compares it with the keys that the panels really take.

use crate::{
    Panel, ViewContext,
    theme::measures::pages,
    widgets::{at_right, key_hint, section},
};
use egui::{Align, Key, KeyboardShortcut, Label, Layout, Modifiers, ScrollArea, Ui, vec2};

/// A key or a combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// A key alone.
    Key(Key),
    /// A key with Ctrl (Command on macOS).
    Command(Key),
    /// A key with Alt.
    Alt(Key),
    /// A key with Shift.
    Shift(Key),
    /// A character, whatever keys make it.
    Typed(&'static str),
}

impl Press {
    /// How it is written on this system.
    pub fn text(self, ctx: &egui::Context) -> String {
        match self {
            Self::Key(key) => symbol(key).to_owned(),
            Self::Alt(key) => combination(ctx, Modifiers::ALT, key),
            Self::Shift(key) => combination(ctx, Modifiers::SHIFT, key),
            Self::Command(key) => combination(ctx, Modifiers::COMMAND, key),
            Self::Typed(character) => character.to_owned(),
        }
    }
}

fn combination(ctx: &egui::Context, modifiers: Modifiers, key: Key) -> String {
    let text = ctx.format_shortcut(&KeyboardShortcut::new(modifiers, key));
    let begin = text.strip_suffix(key.name()).map(str::to_owned);
    begin.map_or(text, |begin| begin + symbol(key))
}

/// What stands on the key.
fn symbol(key: Key) -> &'static str {
    match key {
        Key::Slash => "/",
        Key::OpenBracket => "[",
        Key::CloseBracket => "]",
        Key::Comma => ",",
        key => key.name(),
    }
}

/// What keys do in a place.
#[derive(Debug, Clone, Copy)]
pub struct Shortcut {
    /// Each of them does it.
    pub presses: &'static [Press],
    /// What they do: a key of the catalogue.
    pub does: &'static str,
    /// The files that take them, named from `src/`, without their endings.
    pub taken_in: &'static [&'static str],
}

/// A place and its keys.
pub type Group = (&'static str, &'static [Shortcut]);

const fn key(presses: &'static [Press], does: &'static str, taken_in: &'static [&'static str]) -> Shortcut {
    Shortcut {
        presses,
        does,
        taken_in,
    }
}

use Press::{Alt as A, Command as C, Key as K, Shift as S, Typed as T};

/// Every key of the window.
pub const TABLE: &[Group] = &[
    (
        "keys-everywhere",
        &[
            key(&[C(Key::K)], "keys-palette", &["shell"]),
            key(&[C(Key::I)], "keys-needs-you", &["panels/sidebar"]),
            key(&[C(Key::B)], "keys-side-bar", &["panels/sidebar"]),
            key(&[C(Key::Comma)], "keys-settings", &["shell"]),
            key(&[T("?")], "keys-keys", &["shell"]),
            key(&[K(Key::Escape)], "keys-up", &["shell"]),
            key(&[A(Key::ArrowLeft)], "keys-back", &["shell"]),
            key(&[A(Key::ArrowRight)], "keys-forward", &["shell"]),
        ],
    ),
    (
        "keys-board",
        &[
            key(&[K(Key::C)], "keys-new-task", &["panels/board/keyboard"]),
            key(&[K(Key::Slash)], "keys-filter", &["panels/board/keyboard"]),
            key(
                &[
                    K(Key::ArrowLeft),
                    K(Key::ArrowDown),
                    K(Key::ArrowUp),
                    K(Key::ArrowRight),
                ],
                "keys-move",
                &["panels/board/keyboard"],
            ),
            key(
                &[K(Key::H), K(Key::J), K(Key::K), K(Key::L)],
                "keys-move-too",
                &["panels/board/keyboard"],
            ),
            key(
                &[
                    S(Key::ArrowLeft),
                    S(Key::ArrowDown),
                    S(Key::ArrowUp),
                    S(Key::ArrowRight),
                ],
                "keys-carry",
                &["panels/board/keyboard"],
            ),
            key(&[K(Key::Space)], "keys-peek", &["panels/board/keyboard"]),
            key(&[K(Key::Enter)], "keys-open", &["panels/board/keyboard"]),
            key(&[C(Key::Enter)], "keys-start-last", &["panels/board/keyboard"]),
            key(&[K(Key::S)], "keys-start", &["panels/board/keyboard"]),
            key(&[K(Key::T)], "keys-classify", &["panels/board/keyboard"]),
            key(&[K(Key::E)], "keys-edit", &["panels/board/keyboard"]),
            key(&[K(Key::F2)], "keys-rename", &["panels/board/keyboard"]),
            key(
                &[K(Key::Menu), S(Key::F10)],
                "keys-menu",
                &["panels/board/keyboard"],
            ),
            key(&[K(Key::M)], "keys-land", &["panels/board/keyboard"]),
            key(
                &[K(Key::Delete), K(Key::Backspace)],
                "keys-delete",
                &["panels/board/keyboard"],
            ),
            key(&[C(Key::Z)], "keys-undo", &["panels/board/keyboard"]),
            key(&[K(Key::Escape)], "keys-close-peek", &["panels/board/keyboard"]),
        ],
    ),
    (
        "keys-attempt",
        &[
            key(
                &[K(Key::M)],
                "keys-land",
                &["panels/task/header", "panels/landing/strip"],
            ),
            key(&[K(Key::T)], "keys-classify", &["panels/task/header"]),
            key(&[K(Key::S)], "keys-start-first", &["panels/task"]),
            key(&[C(Key::J)], "keys-question", &["panels/task"]),
            // The field itself takes it.
            key(&[C(Key::Enter)], "keys-send", &[]),
            key(&[K(Key::A)], "keys-allow", &["panels/approvals"]),
            key(&[K(Key::S)], "keys-allow-session", &["panels/approvals"]),
            key(&[K(Key::D)], "keys-deny", &["panels/approvals"]),
            key(&[K(Key::Escape)], "keys-leave", &["panels/approvals/answers"]),
            key(
                &[A(Key::ArrowUp), A(Key::ArrowDown)],
                "keys-move-draft",
                &["panels/composer/queue"],
            ),
            key(
                &[K(Key::ArrowUp), K(Key::ArrowDown)],
                "keys-mention",
                &["panels/composer/mention"],
            ),
            key(
                &[K(Key::Enter)],
                "keys-mention-take",
                &["panels/composer/mention"],
            ),
            key(
                &[K(Key::Escape)],
                "keys-mention-leave",
                &["panels/composer/mention"],
            ),
            key(&[K(Key::N), K(Key::P)], "keys-change", &["panels/changes"]),
            key(
                &[K(Key::CloseBracket), K(Key::OpenBracket)],
                "keys-file",
                &["panels/changes"],
            ),
            key(&[K(Key::V)], "keys-split", &["panels/changes"]),
            key(&[K(Key::W)], "keys-wrap", &["panels/changes"]),
            key(&[C(Key::C)], "keys-copy", &["panels/task/log"]),
            key(&[K(Key::Slash)], "keys-log-find", &["panels/task/log/find"]),
            key(&[C(Key::Z)], "keys-undo", &["shell"]),
        ],
    ),
    (
        "keys-triage",
        &[
            key(
                &[K(Key::J), K(Key::ArrowDown)],
                "keys-next",
                &["panels/needs_you"],
            ),
            key(
                &[K(Key::K), K(Key::ArrowUp)],
                "keys-previous",
                &["panels/needs_you"],
            ),
            key(&[K(Key::A)], "keys-allow", &["panels/needs_you"]),
            key(&[K(Key::D)], "keys-deny", &["panels/needs_you"]),
            key(&[K(Key::Enter)], "keys-open", &["panels/needs_you"]),
        ],
    ),
    (
        "keys-palette",
        &[
            key(
                &[K(Key::ArrowUp), K(Key::ArrowDown)],
                "keys-move",
                &["panels/palette"],
            ),
            key(&[K(Key::Enter)], "keys-run", &["panels/palette"]),
        ],
    ),
    (
        "keys-chooser",
        &[
            key(
                &[K(Key::ArrowUp), K(Key::ArrowDown)],
                "keys-move",
                &["panels/chooser"],
            ),
            key(&[K(Key::Enter)], "keys-open-folder", &["panels/chooser"]),
            key(&[K(Key::Backspace)], "keys-folder-above", &["panels/chooser"]),
            key(&[C(Key::Enter)], "keys-choose", &["panels/chooser"]),
        ],
    ),
];

/// How one of the keys that do something is written on this system; nothing if there are not so many.
pub fn written(ctx: &egui::Context, does: &str, nth: usize) -> String {
    let mut all = TABLE.iter().flat_map(|(_, shortcuts)| *shortcuts);
    let found = all.find(|shortcut| shortcut.does == does);
    let press = found.and_then(|shortcut| shortcut.presses.get(nth));
    press.map(|press| press.text(ctx)).unwrap_or_default()
}

/// The page of all keys.
#[derive(Default)]
pub struct KeysPanel {}

impl Panel for KeysPanel {
    fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let space = &cx.theme.space;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let width = pages::WIDE.min(ui.available_width() - space.xxl * 2.0);
            ui.add_space(space.xxl);
            ui.horizontal_top(|ui| {
                ui.add_space(space.xxl);
                ui.vertical(|ui| {
                    ui.set_width(width);
                    let title = cx.text.get("keys-title");
                    ui.label(cx.theme.rich(title, cx.theme.large(), cx.theme.colors.text));
                    ui.label(cx.theme.soft(cx.text.get("keys-text")));
                    ui.add_space(space.m);
                    columns(cx, ui, width);
                });
            });
            ui.add_space(space.xxl);
        });
    }
}

/// The groups in two columns of about the same height; in one where it is narrow.
fn columns(cx: &ViewContext<'_>, ui: &mut Ui, width: f32) {
    if width < pages::TWO_COLUMNS {
        TABLE.iter().for_each(|group| group_ui(cx, ui, group));
        return;
    }
    let all: usize = TABLE.iter().map(|(_, shortcuts)| shortcuts.len() + 2).sum();
    let mut height = 0;
    let (left, right): (Vec<&Group>, Vec<&Group>) = TABLE.iter().partition(|(_, shortcuts)| {
        let begins = height;
        height += shortcuts.len() + 2;
        begins * 2 < all
    });
    let half = (width - cx.theme.space.column_gap) / 2.0;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = cx.theme.space.column_gap;
        for column in [left, right] {
            ui.allocate_ui_with_layout(vec2(half, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(half);
                column.iter().for_each(|group| group_ui(cx, ui, group));
            });
        }
    });
}

fn group_ui(cx: &ViewContext<'_>, ui: &mut Ui, (title, shortcuts): &Group) {
    section(ui, cx.theme, (cx.text.get(title), ""), |ui| {
        ui.spacing_mut().item_spacing.y = cx.theme.space.xxs;
        for shortcut in *shortcuts {
            at_right(ui, cx.theme, |ui| {
                ui.spacing_mut().item_spacing.x = cx.theme.space.xs;
                for press in shortcut.presses.iter().rev() {
                    let text = press.text(ui.ctx());
                    key_hint(ui, cx.theme, &text);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add(Label::new(cx.theme.text(cx.text.get(shortcut.does))).truncate());
                });
            });
        }
    });
    ui.add_space(cx.theme.space.xs);
}
