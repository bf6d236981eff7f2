//! `@` in a message: templates and files of the worktree to choose from, above the field.

use crate::{
    ViewContext, keys,
    theme::measures::composer as measures,
    widgets::{self, Line},
};
use anyon_model::*;
use egui::{
    Align2, Area, Frame, Id, Key, Modifiers, Order, Rect, TextEdit, Ui,
    text::{CCursor, CCursorRange},
};
use lucide_icons::Icon;

/// What is offered at most.
const OFFERED: usize = 8;

/// Seconds after which it is looked again whether an input method still composes.
const AGAIN_S: f64 = 0.05;

/// View state of the choice.
#[derive(Default)]
pub struct Mention {
    /// The word that it stands at, as it was painted in the last frame.
    open: Option<Word>,
    chosen: usize,
    /// The word that the person did not want completed.
    left: Option<Word>,
    /// What was offered in the last frame, and where.
    offered: Vec<Offer>,
    area: Option<Rect>,
}

/// An `@` with what was typed after it, in characters of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    begin: usize,
    typed: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Offer {
    /// What takes the place of what was typed.
    text: String,
    is_template: bool,
}

impl Mention {
    /// Takes the keys that choose, before the field sees them. True: the text was changed.
    pub fn keys(&mut self, ui: &Ui, field: Id, text: &mut String) -> bool {
        let has = ui.memory(|memory| memory.has_focus(field) || memory.had_focus_last_frame(field));
        if self.open.is_none() || self.offered.is_empty() || !has || keys::composing(ui.ctx()) {
            return false;
        }
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed(Key::ArrowDown) {
            self.chosen = (self.chosen + 1) % self.offered.len();
        }
        if pressed(Key::ArrowUp) {
            self.chosen = (self.chosen + self.offered.len() - 1) % self.offered.len();
        }
        if pressed(Key::Escape) {
            self.left = self.open.take();
            ui.memory_mut(|memory| memory.request_focus(field));
        }
        if pressed(Key::Enter) {
            return self.accept(ui, field, text, self.chosen);
        }
        false
    }

    /// Paints what can be chosen above the field. True: the text was changed.
    pub fn ui(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &Ui,
        (field, rect): (Id, Rect),
        attempt_id: AttemptId,
        text: &mut String,
    ) -> bool {
        let word = self.word(ui, field, text);
        if word.is_some() && self.open.as_ref().map(|open| open.begin) != word.as_ref().map(|word| word.begin)
        {
            // It is opened: what changed in the worktree since the last time shows.
            cx.forget(|query| matches!(query, Query::Files { attempt_id: of, .. } if *of == attempt_id));
        }
        if self.open != word {
            self.chosen = 0;
        }
        self.open = word;
        let Some(word) = &self.open else {
            self.offered.clear();
            self.area = None;
            return false;
        };
        if let Some(offered) = offers(cx, attempt_id, &word.typed) {
            self.offered = offered;
        }
        self.chosen = self.chosen.min(self.offered.len().saturating_sub(1));
        if self.offered.is_empty() {
            return false;
        }
        let (pressed, area) = self.list(cx, ui, rect);
        self.area = Some(area);
        pressed.is_some_and(|at| self.accept(ui, field, text, at))
    }

    /// The word at the cursor, unless something composes there or the person left it.
    fn word(&mut self, ui: &Ui, field: Id, text: &str) -> Option<Word> {
        // Pressing an offer takes the keyboard from the field; the offers stay until they are let go.
        let pressed = ui.ctx().pointer_latest_pos().zip(self.area);
        let on_offers = self.open.is_some() && pressed.is_some_and(|(at, area)| area.contains(at));
        if !on_offers && !ui.memory(|memory| memory.has_focus(field)) {
            return None;
        }
        let range = TextEdit::load_state(ui.ctx(), field)?.cursor.char_range()?;
        if range.primary.index != range.secondary.index {
            return None;
        }
        let word = word_at(text, range.primary.index.0)?;
        if keys::composing(ui.ctx()) {
            // What it ends with is offered as soon as it ended.
            ui.ctx()
                .request_repaint_after(std::time::Duration::from_secs_f64(AGAIN_S));
            return None;
        }
        match &self.left {
            Some(left) if left.begin == word.begin && word.typed.starts_with(&left.typed) => None,
            _ => {
                self.left = None;
                Some(word)
            }
        }
    }

    /// The offer that was pressed, and where they are.
    fn list(&self, cx: &ViewContext<'_>, ui: &Ui, rect: Rect) -> (Option<usize>, Rect) {
        let (theme, mut pressed) = (cx.theme, None);
        let frame = Frame::popup(ui.style());
        let area = Area::new(Id::unique("mention"))
            .order(Order::Foreground)
            .fixed_pos(rect.left_top())
            .pivot(Align2::LEFT_BOTTOM)
            .show(ui.ctx(), |ui| {
                frame.show(ui, |ui| {
                    ui.set_width(rect.width().min(measures::MENTION));
                    ui.spacing_mut().item_spacing.y = 0.0;
                    for (at, offer) in self.offered.iter().enumerate() {
                        let icon = if offer.is_template {
                            Icon::TextQuote
                        } else {
                            Icon::File
                        };
                        let line = Line {
                            icon,
                            tint: theme.colors.text_soft,
                            name: &widgets::shown(&offer.text),
                            more: "",
                            right: if offer.is_template {
                                cx.text.get("composer-mention-template")
                            } else {
                                ""
                            },
                            chosen: at == self.chosen,
                            tall: false,
                        };
                        if line.show(ui, theme).clicked() {
                            pressed = Some(at);
                        }
                    }
                });
            });
        (pressed, area.response.rect)
    }

    /// Puts the offer in the place of the word and the cursor behind it.
    fn accept(&mut self, ui: &Ui, field: Id, text: &mut String, at: usize) -> bool {
        let (Some(word), Some(offer)) = (self.open.take(), self.offered.get(at)) else {
            return false;
        };
        let begin = word.begin + 1;
        let end = begin + word.typed.chars().count();
        let inserted = format!("{} ", offer.text);
        let cursor = begin + inserted.chars().count();
        *text = text
            .chars()
            .take(begin)
            .chain(inserted.chars())
            .chain(text.chars().skip(end))
            .collect();
        let mut state = TextEdit::load_state(ui.ctx(), field).unwrap_or_default();
        let range = CCursorRange::one(CCursor::new(cursor));
        state.cursor.set_char_range(Some(range));
        TextEdit::store_state(ui.ctx(), field, state);
        ui.memory_mut(|memory| memory.request_focus(field));
        self.offered.clear();
        true
    }
}

/// The `@` word that ends at the cursor: at the begin of the text or after a space, and without one in it.
fn word_at(text: &str, cursor: usize) -> Option<Word> {
    let before: Vec<char> = text.chars().take(cursor).collect();
    let begin = before.iter().rposition(|letter| *letter == '@')?;
    let typed: String = before[begin + 1..].iter().collect();
    let starts = begin == 0
        || before
            .get(begin - 1)
            .is_some_and(|letter| !letter.is_alphanumeric());
    (starts && !typed.chars().any(char::is_whitespace)).then_some(Word { begin, typed })
}

/// Templates whose names begin so, then files. `None`: the files are not known yet.
fn offers(cx: &ViewContext<'_>, attempt_id: AttemptId, typed: &str) -> Option<Vec<Offer>> {
    let page = cx.page(Query::Files {
        attempt_id,
        typed: typed.to_owned(),
        limit: OFFERED as u32,
    });
    let files = match page.ready() {
        Some(Answer::Files(files)) => files.clone(),
        _ => return None,
    };
    let wanted = typed.to_lowercase();
    let templates = cx
        .state
        .templates
        .values()
        .filter(|template| template.name.to_lowercase().starts_with(&wanted))
        .map(|template| Offer {
            text: template.name.clone(),
            is_template: true,
        });
    let files = files.iter().map(|path| Offer {
        text: path.clone(),
        is_template: false,
    });
    Some(templates.chain(files).take(OFFERED).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_begins_at_an_at_sign_that_is_no_address() {
        let word = |text: &str| word_at(text, text.chars().count()).map(|word| (word.begin, word.typed));
        assert_eq!(word("look at @src/ma"), Some((8, "src/ma".to_owned())));
        assert_eq!(word("@"), Some((0, String::new())));
        assert_eq!(word("(@문서"), Some((1, "문서".to_owned())));
        assert_eq!(word("me@home"), None);
        assert_eq!(word("@src done"), None);
        assert_eq!(word("nothing"), None);
        assert_eq!(word_at("@a @b", 2).map(|word| word.typed), Some("a".to_owned()));
    }
}
