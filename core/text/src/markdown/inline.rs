//! The text of one paragraph, heading or cell, put together piece by piece.

use super::link::{bare_addresses, target};
use crate::spans::SpanWriter;
use anyon_model::{InlineStyle, LinkTarget, RichText, StyledLine};

/// Text that is being written.
#[derive(Default)]
pub struct Inline {
    text: String,
    spans: SpanWriter<InlineStyle>,
    links: Vec<LinkTarget>,
    strong: u32,
    emphasis: u32,
    strike: u32,
    /// The links that are open, the innermost last; `None`: it leads nowhere.
    open: Vec<Option<u16>>,
}

impl Inline {
    /// Bold from here on, or no more.
    pub fn strong(&mut self, on: bool) {
        step(&mut self.strong, on);
    }

    /// Italic from here on, or no more.
    pub fn emphasis(&mut self, on: bool) {
        step(&mut self.emphasis, on);
    }

    /// Struck out from here on, or no more.
    pub fn strike(&mut self, on: bool) {
        step(&mut self.strike, on);
    }

    /// A link from here on.
    pub fn open_link(&mut self, address: &str) {
        let place = target(address).and_then(|target| self.add_link(target));
        self.open.push(place);
    }

    /// The link ends here.
    pub fn close_link(&mut self) {
        self.open.pop();
    }

    /// Text, in which addresses are links.
    pub fn text(&mut self, text: &str) {
        let mut end = 0;
        if self.open.is_empty() {
            for address in bare_addresses(text) {
                self.put(&text[end..address.start], self.style());
                self.open_link(&text[address.clone()]);
                self.put(&text[address.clone()], self.style());
                self.close_link();
                end = address.end;
            }
        }
        self.put(&text[end..], self.style());
    }

    /// Code.
    pub fn code(&mut self, text: &str) {
        let style = InlineStyle {
            code: true,
            ..self.style()
        };
        self.put(text, style);
    }

    /// A line break.
    pub fn line_break(&mut self) {
        self.put("\n", self.style());
    }

    /// What was written, if it is more than white space. What is open stays open.
    pub fn take(&mut self) -> Option<RichText> {
        let text = std::mem::take(&mut self.text);
        let spans = std::mem::take(&mut self.spans).finish();
        let links = std::mem::take(&mut self.links);
        // An open link would point into the list that was just taken.
        self.open.iter_mut().for_each(|link| *link = None);
        (!text.trim().is_empty()).then_some(RichText {
            line: StyledLine { text, spans },
            links,
        })
    }

    fn put(&mut self, text: &str, style: InlineStyle) {
        self.text.push_str(text);
        self.spans.up_to(self.text.len(), style);
    }

    fn style(&self) -> InlineStyle {
        InlineStyle {
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            strike: self.strike > 0,
            code: false,
            link: self.open.last().copied().flatten(),
        }
    }

    fn add_link(&mut self, target: LinkTarget) -> Option<u16> {
        let place = u16::try_from(self.links.len()).ok()?;
        self.links.push(target);
        Some(place)
    }
}

fn step(depth: &mut u32, on: bool) {
    *depth = if on {
        depth.saturating_add(1)
    } else {
        depth.saturating_sub(1)
    };
}
