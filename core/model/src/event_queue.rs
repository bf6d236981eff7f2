//! The events that a client has not drained yet.

use crate::{Event, QueryId, QueryResult};
use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Called when a client's queue got something; must return at once (it asks a window for a frame).
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The events that a client has not drained yet. Repeated news of the same thing are one.
#[derive(Default)]
pub struct EventQueue {
    events: Mutex<Vec<Event>>,
    filled: Condvar,
    wake: Option<Wake>,
}

impl EventQueue {
    /// A queue; `wake` is called whenever it got something.
    pub fn new(wake: Option<Wake>) -> Self {
        Self {
            wake,
            ..Self::default()
        }
    }

    /// Takes all events.
    pub fn drain(&self) -> Vec<Event> {
        std::mem::take(&mut *lock(&self.events))
    }

    /// Waits until there is an event or the time is over.
    pub fn wait(&self, limit: Duration) {
        let events = lock(&self.events);
        let _filled = self
            .filled
            .wait_timeout_while(events, limit, |events| events.is_empty());
    }

    /// Answers a query of this client.
    pub fn answer(&self, query_id: QueryId, result: QueryResult) {
        self.push(Event::Answered { query_id, result });
    }

    /// Adds an event, or widens the one of the same kind that is waiting.
    pub fn push(&self, event: Event) {
        let mut events = lock(&self.events);
        if !coalesce(&mut events, &event) {
            events.push(event);
        }
        drop(events);
        self.filled.notify_all();
        if let Some(wake) = &self.wake {
            wake();
        }
    }
}

/// Lets a waiting event tell a newer one's news too, where both are of the same thing.
pub fn coalesce(events: &mut [Event], new: &Event) -> bool {
    events.iter_mut().rev().any(|old| match (old, new) {
        (Event::StateChanged { revision }, Event::StateChanged { revision: newer }) => {
            *revision = *newer;
            true
        }
        (
            Event::EntriesChanged {
                execution_id,
                from,
                total,
            },
            Event::EntriesChanged {
                execution_id: same,
                from: new_from,
                total: new_total,
            },
        ) if execution_id == same => {
            *from = (*from).min(*new_from);
            *total = (*total).max(*new_total);
            true
        }
        (Event::DiffChanged { attempt_id }, Event::DiffChanged { attempt_id: same }) => attempt_id == same,
        _ => false,
    })
}

/// A panic elsewhere must not take the clients down with it: the values behind these locks are always whole.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ExecutionId, IdSource, Timestamp};

    #[test]
    fn news_of_the_same_conversation_are_one_event() {
        let queue = EventQueue::default();
        let execution_id: ExecutionId = IdSource::new(Timestamp::from_ms(1), 1).make();
        let grown = |from, total| Event::EntriesChanged {
            execution_id,
            from,
            total,
        };
        queue.push(grown(5, 6));
        queue.push(Event::StateChanged { revision: 1 });
        queue.push(grown(3, 9));
        queue.push(Event::StateChanged { revision: 7 });
        assert_eq!(queue.drain(), [grown(3, 9), Event::StateChanged { revision: 7 }]);
        assert!(queue.drain().is_empty());
    }
}
