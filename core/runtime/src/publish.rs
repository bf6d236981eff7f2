//! What clients see: the newest snapshot, and a queue of events each.

use anyon_engine::AgentSight;
use anyon_model::{Actor, Change, Event, ExecutionId, Published, State};
pub use anyon_model::{EventQueue, Wake, lock};
use std::sync::{
    Arc, Mutex, Weak,
    mpsc::{self, Receiver, Sender},
};

/// The snapshot and the queues of all clients.
#[derive(Default)]
pub struct Publisher {
    newest: Mutex<Newest>,
    queues: Mutex<Vec<Weak<EventQueue>>>,
    windows: Mutex<Vec<Weak<EventQueue>>>,
}

#[derive(Default)]
struct Newest {
    state: Arc<State>,
    followers: Vec<Follower>,
}

/// Who is told every change, or of an agent those that it may see.
struct Follower {
    to: Sender<Published>,
    sight: Option<AgentSight>,
}

impl Follower {
    /// `false`: nobody listens any more.
    fn tell(&mut self, state: &State, published: &Published) -> bool {
        let Some(sight) = &mut self.sight else {
            return self.to.send(published.clone()).is_ok();
        };
        let changes = Arc::new(sight.follow(state, &published.changes));
        let revision = published.revision;
        self.to.send(Published { revision, changes }).is_ok()
    }
}

impl Publisher {
    /// The newest snapshot. The lock is held for the copy of a pointer only.
    pub fn state(&self) -> Arc<State> {
        lock(&self.newest).state.clone()
    }

    /// Publishes a snapshot and the changes that led to it.
    pub fn publish(&self, state: State, changes: Vec<Change>) {
        let revision = state.revision;
        let mut newest = lock(&self.newest);
        newest.state = Arc::new(state);
        if !newest.followers.is_empty() {
            let changes = Arc::new(changes);
            let published = Published { revision, changes };
            let state = newest.state.clone();
            newest
                .followers
                .retain_mut(|follower| follower.tell(&state, &published));
        }
        drop(newest);
        self.tell(&Event::StateChanged { revision });
    }

    /// The newest snapshot as this actor sees it, and every change after it that it sees. They are there before
    /// [`Event::StateChanged`] tells of them.
    pub fn follow(&self, actor: &Actor) -> (Arc<State>, Receiver<Published>) {
        let (to, changes) = mpsc::channel();
        let mut newest = lock(&self.newest);
        let sight = sight_of(actor, &newest.state);
        let state = match &sight {
            Some(sight) => Arc::new(sight.state(&newest.state)),
            None => newest.state.clone(),
        };
        newest.followers.push(Follower { to, sight });
        (state, changes)
    }

    /// Adds a client.
    pub fn join(&self, wake: Option<Wake>) -> Arc<EventQueue> {
        let queue = Arc::new(EventQueue::new(wake));
        lock(&self.queues).push(Arc::downgrade(&queue));
        queue
    }

    /// Adds a client that is a window.
    pub fn join_window(&self, wake: Option<Wake>) -> Arc<EventQueue> {
        let queue = self.join(wake);
        lock(&self.windows).push(Arc::downgrade(&queue));
        queue
    }

    /// Tells the window that is open longest; `false`: there is none.
    pub fn tell_a_window(&self, event: &Event) -> bool {
        let mut windows = lock(&self.windows);
        windows.retain(|queue| queue.strong_count() > 0);
        let first = windows.iter().find_map(Weak::upgrade);
        first.is_some_and(|queue| {
            queue.push(event.clone());
            true
        })
    }

    /// A window is open.
    pub fn has_a_window(&self) -> bool {
        lock(&self.windows).iter().any(|queue| queue.strong_count() > 0)
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

/// What limits an actor's sight; only agents' is.
pub fn sight_of(actor: &Actor, state: &State) -> Option<AgentSight> {
    match actor {
        Actor::Agent { attempt_id } => Some(AgentSight::new(*attempt_id, state)),
        Actor::Person | Actor::Mcp { .. } | Actor::System => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_follower_gets_every_change_after_the_snapshot_it_began_with() {
        let publisher = Publisher::default();
        let state = |revision| State {
            revision,
            ..State::default()
        };
        publisher.publish(state(1), Vec::new());
        let (begun, changes) = publisher.follow(&Actor::Person);
        assert_eq!(begun.revision, 1);
        let change = Change::Remove(anyon_model::EntityKey::Settings(anyon_model::SettingsKey));
        publisher.publish(state(2), vec![change.clone()]);
        let published = changes.try_recv().unwrap();
        assert_eq!(
            (published.revision, published.changes.as_slice()),
            (2, &[change][..])
        );
        drop(changes);
        publisher.publish(state(3), Vec::new());
        assert!(lock(&publisher.newest).followers.is_empty());
    }

    #[test]
    fn only_the_window_that_is_open_longest_is_told() {
        let publisher = Publisher::default();
        let event = Event::Focus { on: None };
        let terminal = publisher.join(None);
        assert!(!publisher.tell_a_window(&event), "no window");
        let (first, second) = (publisher.join_window(None), publisher.join_window(None));
        assert!(publisher.tell_a_window(&event));
        assert_eq!(first.drain(), std::slice::from_ref(&event));
        drop(first);
        assert!(publisher.tell_a_window(&event));
        assert_eq!(second.drain(), [event]);
        assert!(terminal.drain().is_empty());
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
