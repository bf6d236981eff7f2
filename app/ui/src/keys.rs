//! Keys: what may trigger something, and when. While an input method composes, no key does.

use egui::{Context, Event, Id, ImeEvent, Key, Modifiers, Ui};

/// Notes at the begin of a frame whether an input method composes. The shell calls it before any panel.
pub fn watch(ctx: &Context) {
    let was = composing_flag(ctx);
    let now_s = ctx.input(|input| input.time);
    let (touched, is) = ctx.input(|input| {
        let ime = input.events.iter().filter_map(|event| match event {
            Event::Ime(ImeEvent::Preedit { text, .. }) => Some(!text.is_empty()),
            Event::Ime(ImeEvent::Commit(_)) => Some(false),
            _ => None,
        });
        ime.fold((false, was), |_, composing| (true, composing))
    });
    ctx.data_mut(|data| {
        data.insert_temp(flag(), is);
        if was || is || touched {
            data.insert_temp(last(), now_s);
        }
        // The Enter that ends a syllable comes with its commit or right behind it.
        let lately = data
            .get_temp::<f64>(last())
            .is_some_and(|last_s| now_s - last_s < AFTER_COMMIT_S);
        data.insert_temp(guard(), was || is || touched || lately);
    });
}

/// How long after a commit a key still belongs to it.
const AFTER_COMMIT_S: f64 = 0.03;

/// An input method composes (or did at the begin of this frame): no key triggers anything.
pub fn composing(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(guard())).unwrap_or(false)
}

/// A key without modifiers was pressed, outside of text fields. Takes it, and the text it typed, so that a field
/// opened by it stays empty.
pub fn plain(ui: &Ui, key: Key) -> bool {
    let pressed = free(ui.ctx()) && take(ui, Modifiers::NONE, key);
    if pressed {
        ui.input_mut(|input| input.events.retain(|event| !matches!(event, Event::Text(_))));
    }
    pressed
}

/// A key was pressed with exactly these modifiers, wherever the keyboard is. Takes it.
pub fn with(ui: &Ui, modifiers: Modifiers, key: Key) -> bool {
    !composing(ui.ctx()) && take(ui, modifiers, key)
}

/// The same outside of text fields, where the keys mean something else.
pub fn with_outside(ui: &Ui, modifiers: Modifiers, key: Key) -> bool {
    free(ui.ctx()) && take(ui, modifiers, key)
}

fn take(ui: &Ui, wanted: Modifiers, wanted_key: Key) -> bool {
    ui.input_mut(|input| {
        let before = input.events.len();
        input.events.retain(|event| {
            !matches!(event, Event::Key { key, pressed: true, modifiers, .. }
                if *key == wanted_key && modifiers.matches_exact(wanted))
        });
        input.events.len() < before
    })
}

/// The character `?` was typed outside of text fields, whatever keys make it on this keyboard.
pub fn typed(ui: &Ui, character: &str) -> bool {
    free(ui.ctx())
        && ui.input_mut(|input| {
            let before = input.events.len();
            input
                .events
                .retain(|event| !matches!(event, Event::Text(text) if text == character));
            input.events.len() < before
        })
}

/// No text field has the keyboard and no input method composes.
pub fn free(ctx: &Context) -> bool {
    !composing(ctx) && !ctx.text_edit_focused()
}

fn composing_flag(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(flag())).unwrap_or(false)
}
fn flag() -> Id {
    Id::unique("composing")
}
fn guard() -> Id {
    Id::unique("composing in this frame")
}
fn last() -> Id {
    Id::unique("last composed at")
}
