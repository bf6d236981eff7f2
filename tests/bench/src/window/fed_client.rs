//! A client whose questions are answered between frames, so that no frame pays for what the host would do.

use anyon_model::{Answer, Client, Command, CommandId, Event, Query, QueryId, State};
use std::{
    collections::VecDeque,
    mem::take,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The client.
#[derive(Default)]
pub struct FedClient {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    state: Arc<State>,
    asked: Vec<(QueryId, Query)>,
    events: VecDeque<Event>,
    next: u128,
}

impl FedClient {
    /// A client of this state.
    pub fn new(state: State) -> Self {
        let client = Self::default();
        client.lock().state = Arc::new(state);
        client
    }
    /// Answers what was asked since the last call.
    pub fn feed(&self, answer: impl Fn(&Query) -> Answer) {
        let mut inner = self.lock();
        let asked = take(&mut inner.asked);
        let answered = asked.into_iter().map(|(query_id, query)| Event::Answered {
            query_id,
            result: Ok(answer(&query)),
        });
        inner.events.extend(answered);
    }
    /// The state changes.
    pub fn change(&self, change: impl FnOnce(&mut State)) {
        let mut inner = self.lock();
        let state = Arc::make_mut(&mut inner.state);
        change(state);
        state.revision += 1;
    }
    /// Something happens.
    pub fn tell(&self, event: Event) {
        self.lock().events.push_back(event);
    }
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Client for FedClient {
    fn state(&self) -> Arc<State> {
        self.lock().state.clone()
    }
    fn send(&self, _command: Command) -> CommandId {
        let mut inner = self.lock();
        inner.next += 1;
        CommandId::from_bytes(inner.next.to_be_bytes())
    }
    fn query(&self, query: Query) -> QueryId {
        let mut inner = self.lock();
        inner.next += 1;
        let query_id = QueryId::from_bytes(inner.next.to_be_bytes());
        inner.asked.push((query_id, query));
        query_id
    }
    fn drain(&self) -> Vec<Event> {
        self.lock().events.drain(..).collect()
    }
}
