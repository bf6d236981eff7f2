//! The way to the host: one client, one thread that waits for its events, and calls that await their answers.
//!
//! The client is got when it is first needed, and again when its host is gone: what was asked is then answered by an
//! error that says so, what only reads is asked again.

use anyon_model::{
    Actor, Answer, AttemptId, Command, CommandId, CommandResult, Event, ExecutionId, Outcome, Problem,
    ProblemCode, Query, QueryId, QueryResult, State, WaitingClient, lock,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, Weak},
    thread,
    time::Duration,
};
use tokio::sync::{broadcast, oneshot};

/// How often the thread looks whether anybody still needs it. Events wake it at once.
const LOOK: Duration = Duration::from_secs(20);
/// News that may wait for a slow listener; one that misses some looks at everything again.
const NEWS: usize = 256;

/// Gets a client for the MCP client of this name. May block.
pub type Connect = dyn Fn(&str) -> Result<Session, Problem> + Send + Sync;

/// A client, and as whom it acts.
pub struct Session {
    /// The client.
    pub client: Arc<dyn WaitingClient>,
    /// What the host takes it for.
    pub actor: Actor,
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// There is a new snapshot.
    State,
    /// A conversation grew.
    Entries(ExecutionId),
    /// Files of a watched attempt changed.
    Diff(AttemptId),
    /// The host is gone.
    Over,
}

/// Where clients come from, and the one there is.
pub struct Link {
    connect: Arc<Connect>,
    current: tokio::sync::Mutex<Option<Arc<Connection>>>,
    news: broadcast::Sender<News>,
}

impl Link {
    /// Without a client yet.
    pub fn new(connect: Arc<Connect>) -> Self {
        Self {
            connect,
            current: tokio::sync::Mutex::default(),
            news: broadcast::Sender::new(NEWS),
        }
    }

    /// What changes from now on, whatever client tells it.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// The client there is, or a new one in the name of this MCP client.
    pub async fn connection(&self, name: &str) -> Result<Arc<Connection>, Problem> {
        let mut current = self.current.lock().await;
        if let Some(connection) = current.as_ref().filter(|connection| !connection.is_over()) {
            return Ok(connection.clone());
        }
        let (connect, name) = (self.connect.clone(), name.to_owned());
        let session = tokio::task::spawn_blocking(move || connect(&name)).await;
        let session = session.map_err(|error| internal(error.to_string()))??;
        let connection = Connection::begin(session, self.news.clone())?;
        *current = Some(connection.clone());
        Ok(connection)
    }
}

/// A client whose answers can be awaited.
pub struct Connection {
    client: Arc<dyn WaitingClient>,
    /// As whom it acts.
    pub actor: Actor,
    waiting: Mutex<Waiting>,
}

/// Who waits for what. Locked while something is sent, so that no answer comes before its question is noted.
#[derive(Default)]
struct Waiting {
    commands: HashMap<CommandId, oneshot::Sender<CommandResult>>,
    queries: HashMap<QueryId, oneshot::Sender<QueryResult>>,
    over: bool,
}

impl Connection {
    fn begin(session: Session, news: broadcast::Sender<News>) -> Result<Arc<Self>, Problem> {
        let connection = Arc::new(Self {
            client: session.client,
            actor: session.actor,
            waiting: Mutex::default(),
        });
        let (client, weak) = (connection.client.clone(), Arc::downgrade(&connection));
        thread::Builder::new()
            .name("anyon-mcp-events".into())
            .spawn(move || listen(&*client, &weak, &news))
            .map_err(|error| internal(error.to_string()))?;
        Ok(connection)
    }

    /// The newest snapshot.
    pub fn state(&self) -> Arc<State> {
        self.client.state()
    }

    /// Sends a command and waits until it is done and durable.
    pub async fn command(&self, command: Command) -> Result<Outcome, Problem> {
        let (sender, answer) = oneshot::channel();
        {
            let mut waiting = lock(&self.waiting);
            if waiting.over {
                return Err(gone());
            }
            let command_id = self.client.send(command);
            waiting.commands.insert(command_id, sender);
        }
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Asks a question and waits for the answer.
    pub async fn query(&self, query: Query) -> Result<Answer, Problem> {
        let (sender, answer) = oneshot::channel();
        {
            let mut waiting = lock(&self.waiting);
            if waiting.over {
                return Err(gone());
            }
            let query_id = self.client.query(query);
            waiting.queries.insert(query_id, sender);
        }
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    fn is_over(&self) -> bool {
        lock(&self.waiting).over
    }

    /// Hands an event to who waits for it; what it means for everybody else.
    fn take(&self, event: Event) -> Option<News> {
        match event {
            Event::CommandDone {
                command_id, result, ..
            } => {
                let waiting = lock(&self.waiting).commands.remove(&command_id);
                // Whoever asked may have given up.
                let _ = waiting.map(|waiting| waiting.send(result));
                None
            }
            Event::Answered { query_id, result } => {
                let waiting = lock(&self.waiting).queries.remove(&query_id);
                let _ = waiting.map(|waiting| waiting.send(result));
                None
            }
            Event::StateChanged { .. } | Event::HostChanged => Some(News::State),
            Event::EntriesChanged { execution_id, .. } => Some(News::Entries(execution_id)),
            Event::DiffChanged { attempt_id } => Some(News::Diff(attempt_id)),
            Event::Ended => Some(News::Over),
            Event::Notify { .. } | Event::Focus { .. } | Event::Failed(_) => None,
        }
    }

    /// Nothing will be answered any more.
    fn end(&self) {
        *lock(&self.waiting) = Waiting {
            over: true,
            ..Waiting::default()
        };
    }
}

/// Takes what the client tells until its host is gone or nobody needs it.
fn listen(client: &dyn WaitingClient, connection: &Weak<Connection>, news: &broadcast::Sender<News>) {
    loop {
        client.wait(LOOK);
        let Some(connection) = connection.upgrade() else {
            return;
        };
        for event in client.drain() {
            let Some(told) = connection.take(event) else {
                continue;
            };
            let over = told == News::Over;
            if over {
                connection.end();
            }
            // Nobody may be listening.
            let _ = news.send(told);
            if over {
                return;
            }
        }
    }
}

/// What the host was asked and did not answer.
pub fn gone() -> Problem {
    Problem::new(ProblemCode::HostGone, "Anyon ended before it answered")
        .detail("whether this was done is not known")
        .hint("Look at how things stand (get_task, get_attempt_status), then call again")
}

fn internal(detail: String) -> Problem {
    Problem::new(
        ProblemCode::Internal,
        "The way to Anyon's host could not be opened",
    )
    .detail(detail)
}
