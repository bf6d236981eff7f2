//! What clients see: the newest snapshot, and a queue of events each.

use anyon_model::{Event, ExecutionId, QueryId, QueryResult, State};
use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

/// Called when a client's queue got something; must return at once (it asks a window for a frame).
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The snapshot and the queues of all clients.
#[derive(Default)]
pub struct Publisher {
    state: Mutex<Arc<State>>,
    queues: Mutex<Vec<Weak<EventQueue>>>,
}

impl Publisher {
    /// The newest snapshot. The lock is held for the copy of a pointer only.
    pub fn state(&self) -> Arc<State> {
        lock(&self.state).clone()
    }

    /// Publishes a snapshot.
    pub fn publish(&self, state: State) {
        let revision = state.revision;
        *lock(&self.state) = Arc::new(state);
        self.tell(&Event::StateChanged { revision });
    }

    /// Adds a client.
    pub fn join(&self, wake: Option<Wake>) -> Arc<EventQueue> {
        let queue = Arc::new(EventQueue {
            wake,
            ..EventQueue::default()
        });
        lock(&self.queues).push(Arc::downgrade(&queue));
        queue
    }

    /// Tells all clients.
    pub fn tell(&self, event: &Event) {
        lock(&self.queues).retain(|queue| match queue.upgrade() {
            Some(queue) => {
                queue.push(event.clone());
                true
            }
            None => false,
        });
    }

    /// Tells all clients that a conversation grew or changed.
    pub fn tell_entries(&self, execution_id: ExecutionId, from: u64, total: u64) {
        self.tell(&Event::EntriesChanged {
            execution_id,
            from,
            total,
        });
    }
}

/// The events that a client has not drained yet. Repeated news of the same thing are one.
#[derive(Default)]
pub struct EventQueue {
    events: Mutex<Vec<Event>>,
    filled: Condvar,
    wake: Option<Wake>,
}

impl EventQueue {
    /// Takes all events.
    pub fn drain(&self) -> Vec<Event> {
        std::mem::take(&mut *lock(&self.events))
    }

    /// Waits until there is an event or the time is over.
    pub fn wait(&self, limit: Duration) {
        let deadline = Instant::now() + limit;
        let mut events = lock(&self.events);
        while events.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            events = self
                .filled
                .wait_timeout(events, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
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

fn coalesce(events: &mut [Event], new: &Event) -> bool {
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
    use anyon_model::{IdSource, Timestamp};

    #[test]
    fn news_of_the_same_conversation_are_one_event() {
        let publisher = Publisher::default();
        let queue = publisher.join(None);
        let execution: ExecutionId = IdSource::new(Timestamp::from_ms(1), 1).make();
        publisher.tell_entries(execution, 5, 6);
        publisher.publish(State::default());
        publisher.tell_entries(execution, 3, 9);
        publisher.publish(State {
            revision: 7,
            ..State::default()
        });
        assert_eq!(
            queue.drain(),
            [
                Event::EntriesChanged {
                    execution_id: execution,
                    from: 3,
                    total: 9
                },
                Event::StateChanged { revision: 7 }
            ]
        );
        assert!(queue.drain().is_empty());
    }

    #[test]
    fn a_waiting_client_is_woken_and_a_gone_one_forgotten() {
        let publisher = Arc::new(Publisher::default());
        let queue = publisher.join(None);
        drop(publisher.join(None));
        let teller = publisher.clone();
        let thread = std::thread::spawn(move || teller.tell(&Event::Ended));
        queue.wait(Duration::from_secs(5));
        assert_eq!(queue.drain(), [Event::Ended]);
        thread.join().unwrap();
        assert_eq!(lock(&publisher.queues).len(), 1);
    }
}
