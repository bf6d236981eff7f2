//! Keys: what may trigger something, and when. While an input method composes, no key does.

use egui::{Context, Event, Id, ImeEvent, Key, KeyboardShortcut, Modifiers, Ui, output::IMEOutput};

/// What an input method did until now.
#[derive(Debug, Clone, Default)]
struct Composition {
    /// Something stands in the field that is not text yet.
    open: bool,
    /// When text was given whose key has not come yet, in the window's seconds.
    given_s: Option<f64>,
    /// No key triggers anything in this frame.
    guards: bool,
    /// The text field that had the keyboard at the end of the last frame, and where its cursor was.
    field: Option<(Id, Option<IMEOutput>)>,
}

/// Goes to the question of an attempt, or to the field for the next message.
pub const TO_QUESTION: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::J);

/// Input methods give the text first and then, up to some slow frames later, the key that made them give it.
const KEY_FOLLOWS_S: f64 = 0.25;

/// Follows the input method at the begin of a frame, before any panel.
pub fn watch(ctx: &Context) {
    let mut composition = composition(ctx);
    let escaped = ctx.input_mut(|input| {
        input.events.retain_mut(is_text);
        composition.follow(&input.events, input.time);
        let before = input.events.len();
        input
            .events
            .retain(|event| !(composition.guards && is_escape(event)));
        input.events.len() < before
    });
    let nobody = ctx.memory(|memory| memory.focused()).is_none();
    if let (true, true, Some((field, _))) = (escaped, nobody, &composition.field) {
        // egui takes the keyboard from a field on Escape before anybody can say what the key was for.
        ctx.memory_mut(|memory| memory.request_focus(*field));
    }
    ctx.data_mut(|data| data.insert_temp(slot(), composition));
}

/// Notes at the end of a frame which text field has the keyboard. One that was not painted in this frame, because
/// something new took its place, keeps the input method: without, the system throws away what is being composed.
pub fn end(ctx: &Context) {
    let mut composition = composition(ctx);
    let focused = ctx.memory(|memory| memory.focused());
    let focused = focused.filter(|_| ctx.text_edit_focused());
    let before = composition.field.take();
    if before.as_ref().map(|(field, _)| *field) != focused {
        // Who leaves a field leaves the composition too, and not every system tells.
        composition.open = false;
    }
    if let Some(field) = focused {
        let last = before
            .filter(|(before, _)| *before == field)
            .and_then(|(_, at)| at);
        let at = ctx.output_mut(|output| {
            output.ime = output.ime.or(last);
            output.ime
        });
        composition.field = Some((field, at));
    }
    ctx.data_mut(|data| data.insert_temp(slot(), composition));
}

impl Composition {
    /// Keys belong to the composition while it is open, in the frame that ends it, and if they come right behind it.
    fn follow(&mut self, events: &[Event], now_s: f64) {
        self.guards = self.open;
        for event in events {
            match event {
                Event::Ime(ImeEvent::Preedit { text, .. }) => {
                    self.open = !text.is_empty();
                    self.guards = true;
                }
                Event::Ime(ImeEvent::Commit(_)) => {
                    self.open = false;
                    self.given_s = Some(now_s);
                    self.guards = true;
                }
                Event::Text(_) | Event::Key { pressed: true, .. } => {
                    self.guards |= self
                        .given_s
                        .take()
                        .is_some_and(|given_s| now_s - given_s < KEY_FOLLOWS_S);
                }
                _ => {}
            }
        }
    }
}

/// Leaves what an input method really wrote. While something is composed, X11 gives keys like Escape or Ctrl+K as
/// text too: as their control characters.
fn is_text(event: &mut Event) -> bool {
    let Event::Ime(ImeEvent::Commit(text)) = event else {
        return true;
    };
    let was_empty = text.is_empty();
    text.retain(|character| !character.is_control());
    was_empty || !text.is_empty()
}

/// The Escape that ends a composition ends nothing else.
fn is_escape(event: &Event) -> bool {
    matches!(
        event,
        Event::Key {
            key: Key::Escape,
            pressed: true,
            ..
        }
    )
}

/// An input method composes (or did at the begin of this frame): no key triggers anything.
pub fn composing(ctx: &Context) -> bool {
    composition(ctx).guards
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

fn composition(ctx: &Context) -> Composition {
    ctx.data(|data| data.get_temp(slot())).unwrap_or_default()
}

fn slot() -> Id {
    Id::unique("composition")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter() -> Event {
        Event::Key {
            key: Key::Enter,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::NONE,
        }
    }

    /// Whether keys are guarded in a frame with one event.
    fn guards(composition: &mut Composition, now_s: f64, event: Event) -> bool {
        composition.follow(&[event], now_s);
        composition.guards
    }

    #[test]
    fn the_key_that_gave_the_text_comes_some_frames_later_and_the_next_one_is_free() {
        let commit = || Event::Ime(ImeEvent::Commit("하".into()));
        let mut composition = Composition::default();
        assert!(guards(&mut composition, 1.0, commit()));
        assert!(guards(&mut composition, 1.08, enter()), "its Enter");
        assert!(!guards(&mut composition, 1.1, enter()), "the person's next Enter");
        assert!(guards(&mut composition, 2.0, commit()));
        assert!(!guards(&mut composition, 3.0, enter()), "much later");
        assert!(guards(&mut composition, 4.0, commit()));
        assert!(
            guards(&mut composition, 4.1, Event::Text(" ".into())),
            "a space ended it"
        );
        assert!(!guards(&mut composition, 4.2, enter()));
    }

    #[test]
    fn control_characters_are_no_text() {
        let written = |text: &str| {
            let mut event = Event::Ime(ImeEvent::Commit(text.into()));
            is_text(&mut event).then_some(event)
        };
        assert_eq!(written("\u{1b}"), None);
        assert_eq!(
            written("하\u{b}"),
            Some(Event::Ime(ImeEvent::Commit("하".into())))
        );
        assert_eq!(written(""), Some(Event::Ime(ImeEvent::Commit(String::new()))));
    }
}
