//! View state that outlives the window: the place, sizes, what is folded, how far something was scrolled.

use crate::{DesktopLook, EditorChoice, Motion, Place};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// View state that the binary writes beside the store and gives back at the next start.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// Where the person was.
    pub place: Place,
    /// Whether things move.
    pub motion: Motion,
    /// What the desktop wanted last: what it wants now is known a moment after the first frame.
    pub desktop: DesktopLook,
    /// What opens worktrees and files.
    pub editor: EditorChoice,
    /// How large everything is; `None`: nobody changed it.
    pub zoom: Option<f32>,
    /// Small texts by key, written by panels: `fold/done`, `scroll/<attempt>`.
    notes: BTreeMap<String, Note>,
    /// Counts the writes, so that the oldest notes can go first.
    clock: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Note {
    text: String,
    at: u64,
}

/// Notes kept; beyond, the oldest go.
const NOTES: usize = 512;
/// Bytes of a note; a longer one is not kept.
const NOTE_BYTES: usize = 16 * 1024;

impl Kept {
    /// Nothing but a place.
    pub fn at(place: Place) -> Self {
        Self {
            place,
            ..Self::default()
        }
    }
    /// What was noted under a key.
    pub fn note(&self, key: &str) -> Option<&str> {
        self.notes.get(key).map(|note| note.text.as_str())
    }
    /// Notes something; empty text forgets it. True if that changed anything.
    pub fn set_note(&mut self, key: &str, text: &str) -> bool {
        if self.note(key).unwrap_or_default() == text || text.len() > NOTE_BYTES {
            return false;
        }
        if text.is_empty() {
            return self.notes.remove(key).is_some();
        }
        self.clock += 1;
        self.notes.insert(
            key.to_owned(),
            Note {
                text: text.to_owned(),
                at: self.clock,
            },
        );
        self.forget_oldest();
        true
    }

    fn forget_oldest(&mut self) {
        if self.notes.len() > NOTES {
            // What is set for all comes last: what is noted of single attempts and tasks grows without end.
            let oldest = |(key, note): &(&String, &Note)| (!is_of_one_thing(key), note.at);
            let oldest = self.notes.iter().min_by_key(oldest);
            if let Some(key) = oldest.map(|(key, _)| key.clone()) {
                self.notes.remove(&key);
            }
        }
    }
}

/// A note about one thing has its id in its key.
fn is_of_one_thing(key: &str) -> bool {
    key.rsplit('/').next().is_some_and(|last| last.len() >= ID)
}

/// Characters of an id, as in `scroll/<attempt>`.
const ID: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_bounded_and_the_oldest_go_first() {
        let mut kept = Kept::default();
        for n in 0..NOTES + 3 {
            assert!(kept.set_note(&format!("scroll/{n}"), "1"));
        }
        assert_eq!(kept.notes.len(), NOTES);
        assert_eq!(kept.note("scroll/2"), None);
        assert_eq!(kept.note("scroll/3"), Some("1"));
        assert!(!kept.set_note("scroll/3", "1"), "nothing changed");
        assert!(kept.set_note("scroll/3", ""));
        assert_eq!(kept.note("scroll/3"), None);
    }

    #[test]
    fn what_is_set_for_all_outlives_what_is_noted_of_many() {
        let mut kept = Kept::default();
        kept.set_note("changes/split", "1");
        for n in 0..2 * NOTES {
            kept.set_note(&format!("scroll/{n:032}"), "1");
        }
        assert_eq!(kept.note("changes/split"), Some("1"));
    }

    #[test]
    fn what_an_older_version_kept_is_still_read() {
        let kept: Kept = serde_json::from_str(r#"{"place":{"place":"needs_you"},"new_field":1}"#).unwrap();
        assert_eq!(kept.place, Place::NeedsYou);
    }
}
