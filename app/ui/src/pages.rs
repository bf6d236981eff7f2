//! The page cache: answers to queries, asked once, forgotten when what they tell changed, bounded.

use anyon_model::{Answer, AttemptId, Client, Event, ExecutionId, Problem, Query, QueryId, QueryResult};
use std::sync::Arc;

/// An answer that may not be there yet.
#[derive(Debug, Clone, PartialEq)]
pub enum Page {
    /// Asked, not answered.
    Loading,
    /// Answered. After a change this is the old answer until the new one is there, so nothing flickers.
    Ready(Arc<Answer>),
    /// It could not be answered.
    Failed(Arc<Problem>),
}

impl Page {
    /// The answer, if there is one.
    pub fn ready(&self) -> Option<&Answer> {
        match self {
            Self::Ready(answer) => Some(answer),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

/// Pages kept.
const PAGES: usize = 192;

#[derive(Debug)]
struct Slot {
    query: Query,
    page: Page,
    /// The question under way.
    asked: Option<QueryId>,
    /// What the page tells changed since it was asked.
    stale: bool,
    /// The frame that last looked at it.
    seen: u64,
    /// A person just did something when it was first asked: they wait for it.
    awaited: bool,
}

/// Answers to queries.
#[derive(Debug, Default)]
pub struct Pages {
    slots: Vec<Slot>,
    frame: u64,
    acted: bool,
}

impl Pages {
    /// The answer to a query as far as it is known; asks if nobody did.
    pub fn page(&mut self, client: &dyn Client, query: Query) -> Page {
        let frame = self.frame;
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.query == query) {
            slot.seen = frame;
            if slot.stale && slot.asked.is_none() {
                slot.stale = false;
                slot.asked = Some(client.query(query));
            }
            return slot.page.clone();
        }
        self.make_room();
        let asked = Some(client.query(query.clone()));
        self.slots.push(Slot {
            query,
            page: Page::Loading,
            asked,
            stale: false,
            seen: frame,
            awaited: self.acted,
        });
        Page::Loading
    }

    /// A person waits for something that is not there yet. What agents add by themselves is not waited for.
    pub fn is_awaited(&self) -> bool {
        let waits = |slot: &Slot| slot.awaited && slot.seen == self.frame && slot.page == Page::Loading;
        self.slots.iter().any(waits)
    }

    /// Begins a frame. Attempts that nobody looks at any more are not watched any more. `acted`: the person did
    /// something just now.
    pub fn begin_frame(&mut self, client: &dyn Client, acted: bool) {
        self.acted = acted;
        let last = self.frame;
        let mut left = Vec::new();
        self.slots.retain(|slot| {
            let watched = watched(&slot.query).filter(|_| slot.seen < last);
            left.extend(watched);
            watched.is_none()
        });
        for attempt_id in left {
            client.query(Query::UnwatchDiff { attempt_id });
            // Nobody tells from here on what changes, so what is known of it is only good until it is looked at again.
            self.diff_changed(attempt_id);
        }
        self.frame += 1;
    }

    /// Takes what an event tells.
    pub fn on_event(&mut self, event: &Event) {
        match event {
            Event::Answered { query_id, result } => self.answered(*query_id, result),
            Event::EntriesChanged {
                execution_id, from, ..
            } => self.entries_changed(*execution_id, *from),
            Event::DiffChanged { attempt_id } => self.diff_changed(*attempt_id),
            _ => {}
        }
    }

    /// Forgets an answer, so that it is asked again when somebody looks.
    pub fn forget(&mut self, matching: impl Fn(&Query) -> bool) {
        for slot in self.slots.iter_mut().filter(|slot| matching(&slot.query)) {
            slot.stale = true;
        }
    }

    fn answered(&mut self, query_id: QueryId, result: &QueryResult) {
        let slot = self.slots.iter_mut().find(|slot| slot.asked == Some(query_id));
        if let Some(slot) = slot {
            slot.asked = None;
            slot.page = match result {
                Ok(answer) => Page::Ready(Arc::new(answer.clone())),
                Err(problem) => Page::Failed(Arc::new(problem.clone())),
            };
        }
    }

    fn entries_changed(&mut self, changed: ExecutionId, from: u64) {
        for slot in &mut self.slots {
            let concerned = match &slot.query {
                Query::Entries { execution_id, range } => *execution_id == changed && reaches(*range, from),
                Query::RawLog { execution_id, .. } | Query::AnsiLog { execution_id, .. } => {
                    *execution_id == changed
                }
                // A part that was full stays as it is: lines are only added.
                Query::FindInLog {
                    execution_id, count, ..
                } => {
                    let ends = match slot.page.ready() {
                        Some(Answer::FoundInLog(found)) => found.seen < *count,
                        _ => true,
                    };
                    *execution_id == changed && ends
                }
                Query::Blocks { execution_id, index }
                | Query::Edits { execution_id, index }
                | Query::Ansi { execution_id, index } => *execution_id == changed && index.0 >= from,
                _ => false,
            };
            slot.stale |= concerned;
        }
    }

    fn diff_changed(&mut self, changed: AttemptId) {
        self.forget(|query| match query {
            Query::DiffSummary { attempt_id, .. }
            | Query::DiffFile { attempt_id, .. }
            | Query::DiffSpans { attempt_id, .. }
            | Query::FileLines { attempt_id, .. }
            | Query::DiffAll { attempt_id }
            | Query::LandingCheck { attempt_id } => *attempt_id == changed,
            _ => false,
        });
    }

    fn make_room(&mut self) {
        if self.slots.len() < PAGES {
            return;
        }
        let loose = (0..self.slots.len()).filter(|&at| watched(&self.slots[at].query).is_none());
        let oldest = loose.min_by_key(|&at| self.slots[at].seen);
        if let Some(at) = oldest {
            self.slots.swap_remove(at);
        }
    }
}

/// The attempt that a page watches.
fn watched(query: &Query) -> Option<AttemptId> {
    match query {
        Query::DiffSummary {
            attempt_id,
            watch: true,
        } => Some(*attempt_id),
        _ => None,
    }
}

/// A change from this entry on is in the range.
fn reaches(range: anyon_model::PageRange, from: u64) -> bool {
    match range {
        anyon_model::PageRange::From { first, count } => first + u64::from(count) > from,
        anyon_model::PageRange::Last { .. } => true,
    }
}
