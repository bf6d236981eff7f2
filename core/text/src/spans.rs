//! Spans put together from the left; neighbours of one class become one.

use anyon_model::Span;

/// Spans that are being written.
#[derive(Debug)]
pub struct SpanWriter<C> {
    spans: Vec<Span<C>>,
    end: usize,
}

impl<C> Default for SpanWriter<C> {
    fn default() -> Self {
        Self {
            spans: Vec::new(),
            end: 0,
        }
    }
}

impl<C: Copy + Default + PartialEq> SpanWriter<C> {
    /// Everything from the end so far up to `end` is of this class.
    pub fn up_to(&mut self, end: usize, class: C) {
        let len = u32::try_from(end.saturating_sub(self.end)).unwrap_or(u32::MAX);
        self.end = self.end.max(end);
        match self.spans.last_mut() {
            _ if len == 0 => {}
            Some(last) if last.class == class => last.len = last.len.saturating_add(len),
            _ => self.spans.push(Span { len, class }),
        }
    }

    /// The spans; none when all is of the default class.
    pub fn finish(self) -> Vec<Span<C>> {
        match self.spans.as_slice() {
            [only] if only.class == C::default() => Vec::new(),
            _ => self.spans,
        }
    }
}
