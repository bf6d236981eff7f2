//! Where a syntax stands between two lines.

use super::{LONG_LINE_BYTES, Language, class, language::syntaxes};
use crate::spans::SpanWriter;
use anyon_model::{CodeSpan, SpanClass};
use syntect::parsing::{BasicScopeStackOp, ParseState, ScopeStack, ScopeStackOp};

/// Scopes inside of each other that a syntax is followed into. No code goes so deep; text made to hurt does, and each
/// saved state would be as large.
const MAX_DEPTH: usize = 400;

/// Where a syntax stands between two lines.
#[derive(Clone)]
pub struct State {
    /// `None`: lost. Everything from here on is plain.
    follower: Option<Follower>,
}

#[derive(Clone)]
struct Follower {
    parse: ParseState,
    scopes: ScopeStack,
    /// The class of each scope.
    classes: Vec<SpanClass>,
}

impl State {
    /// Before the first line.
    pub fn start(language: Language) -> Self {
        Self {
            follower: Some(Follower {
                parse: ParseState::new(language.syntax()),
                scopes: ScopeStack::new(),
                classes: Vec::new(),
            }),
        }
    }

    /// The spans of a line's text, which lie in front of its newline.
    pub fn line(&mut self, with_newline: &str, text_len: usize) -> Vec<CodeSpan> {
        if with_newline.len() > LONG_LINE_BYTES {
            return Vec::new();
        }
        let Some(follower) = &mut self.follower else {
            return Vec::new();
        };
        let spans = follower.line(with_newline, text_len);
        if spans.is_none() || follower.classes.len() > MAX_DEPTH {
            self.follower = None;
        }
        spans.unwrap_or_default()
    }
}

impl Follower {
    fn line(&mut self, with_newline: &str, text_len: usize) -> Option<Vec<CodeSpan>> {
        let steps = self.parse.parse_line(with_newline, syntaxes()).ok()?;
        let mut spans = SpanWriter::default();
        for (at, step) in steps {
            spans.up_to(at.min(text_len), self.class());
            self.step(&step)?;
        }
        spans.up_to(text_len, self.class());
        Some(spans.finish())
    }

    fn class(&self) -> SpanClass {
        self.classes.last().copied().unwrap_or_default()
    }

    fn step(&mut self, step: &ScopeStackOp) -> Option<()> {
        let classes = &mut self.classes;
        self.scopes
            .apply_with_hook(step, |change, _| match change {
                BasicScopeStackOp::Push(scope) => {
                    let outer = classes.last().copied().unwrap_or_default();
                    classes.push(class::class_inside(outer, scope));
                }
                BasicScopeStackOp::Pop => {
                    classes.pop();
                }
            })
            .ok()
    }
}
