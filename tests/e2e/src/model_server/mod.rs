//! A model that follows a script: the languages of model services on a loopback port, so that the real command line of
//! an agent can be driven without a network, an account or a cost.
//!
//! Answers Anthropic's `POST /v1/messages` (a stream when asked for) and `/v1/messages/count_tokens`, OpenAI's
//! `/v1/chat/completions` and `/v1/responses`, Google's `…/models/M:generateContent`, `:streamGenerateContent` and `:countTokens`,
//! `GET …/models` and `/`.
//! Opens no connection itself, listens on 127.0.0.1 only and ends when it is dropped.

pub mod api;
pub mod chat;
mod connection;
pub mod gemini;
pub mod http;
pub mod message;
pub mod responses;
pub mod scenario;
#[cfg(test)]
mod tests;

use connection::Connection;
pub use scenario::{RequestKind, Scenario};
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    io,
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// A running model server.
#[derive(Debug)]
pub struct ModelServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    accepting: Option<JoinHandle<()>>,
}

/// A request as it was seen.
#[derive(Debug, Clone)]
pub struct SeenRequest {
    /// `GET`, `POST` …
    pub method: String,
    /// With its query.
    pub path: String,
    /// Who asked; only for `POST /v1/messages`.
    pub kind: Option<RequestKind>,
    /// The body; null when there was none or it was not JSON.
    pub body: Value,
    /// Names of the headers that carried a key or a token, never their values.
    pub credentials: Vec<String>,
    /// Since the server started.
    pub after: Duration,
}

impl SeenRequest {
    /// The last message of the conversation as JSON text: the prompt, or the results of tools.
    pub fn last_message(&self) -> String {
        api::last_message(&self.body)
    }
}

#[derive(Debug)]
struct Shared {
    play: Mutex<scenario::Play>,
    seen: Mutex<Vec<SeenRequest>>,
    news: Condvar,
    open: Mutex<Vec<TcpStream>>,
    stopping: AtomicBool,
    started: Instant,
}

/// A thread that panicked while it held a lock left whole values behind: they are replaced, never half-written.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ModelServer {
    /// Starts a server on a free port. `variables` fill the `${NAME}`s of the scenario.
    pub fn start(scenario: Value, variables: &[(&str, &str)]) -> io::Result<Self> {
        Self::start_on(0, scenario, variables)
    }

    /// Starts a server on a given port.
    pub fn start_on(port: u16, scenario: Value, variables: &[(&str, &str)]) -> io::Result<Self> {
        let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidInput, why);
        let scenario = Scenario::deserialize(scenario).map_err(|e| wrong(e.to_string()))?;
        let variables: BTreeMap<_, _> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let play = scenario::Play::new(scenario, variables).map_err(wrong)?;
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            play: Mutex::new(play),
            seen: Mutex::default(),
            news: Condvar::new(),
            open: Mutex::default(),
            stopping: AtomicBool::new(false),
            started: Instant::now(),
        });
        let accepting = std::thread::spawn({
            let shared = shared.clone();
            move || accept(&listener, &shared)
        });
        Ok(Self {
            shared,
            address,
            accepting: Some(accepting),
        })
    }

    /// Where it listens, as the agent's base address.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }
    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }
    /// All requests so far.
    pub fn requests(&self) -> Vec<SeenRequest> {
        lock(&self.shared.seen).clone()
    }
    /// The requests of conversations so far: without probes, title requests and sub-agents.
    pub fn main_requests(&self) -> Vec<SeenRequest> {
        let mut requests = self.requests();
        requests.retain(|request| request.kind == Some(RequestKind::Main));
        requests
    }
    /// Waits for a request of a conversation that `fits`; `None` when the time is over.
    pub fn wait_for(&self, limit: Duration, fits: impl Fn(&SeenRequest) -> bool) -> Option<SeenRequest> {
        let until = Instant::now() + limit;
        let mut seen = lock(&self.shared.seen);
        loop {
            if let Some(found) = seen.iter().find(|r| r.kind.is_some() && fits(r)) {
                return Some(found.clone());
            }
            let left = until.checked_duration_since(Instant::now())?;
            let waited = self.shared.news.wait_timeout(seen, left);
            seen = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts; it sees the flag.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
        for stream in lock(&self.shared.open).drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        if let Ok(copy) = stream.try_clone() {
            lock(&shared.open).push(copy);
        }
        let shared = shared.clone();
        // A client that goes away in the middle is part of the tests.
        std::thread::spawn(move || Connection::new(stream, shared).map(Connection::serve));
    }
}

impl Shared {
    fn note(&self, request: SeenRequest) {
        lock(&self.seen).push(request);
        self.news.notify_all();
    }
    /// Sleeps in slices, so that a server that ends does not wait for a scripted silence.
    fn sleep(&self, ms: u64) {
        let until = Instant::now() + Duration::from_millis(ms);
        while !self.stopping.load(Ordering::SeqCst) {
            let Some(left) = until.checked_duration_since(Instant::now()) else {
                return;
            };
            std::thread::sleep(left.min(Duration::from_millis(50)));
        }
    }
}
