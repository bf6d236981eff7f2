//! The client's end: a state that follows the host's, and a queue of events.

use crate::{
    address::Address,
    frame,
    wire::{ClientKind, Greeting, Hello, PROTOCOL, ToClient, ToHost, Welcome},
};
use anyon_model::{
    Actor, Client, Command, CommandId, Event, EventQueue, IdSource, Problem, ProblemCode, ProxyClient, Query,
    QueryId, State, WaitingClient, Wake, lock,
};
use interprocess::local_socket::{Stream, traits::Stream as _};
use std::{
    collections::HashSet,
    io::{self, BufReader, Write as _},
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Duration,
};

/// How long the host may take to greet: one that is stopped does not.
const GREETING: Duration = Duration::from_secs(3);
/// How long it may take to tell its state, and to take what it is sent.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no connection.
#[derive(Debug)]
pub enum ConnectError {
    /// Nobody listens, or whoever did is gone: look for the host again.
    Unreachable(io::Error),
    /// The host does not let this client in.
    Refused(Problem),
}

impl From<Problem> for ConnectError {
    /// A host that is about to end lets nobody in: that is no refusal, there will be another one.
    fn from(problem: Problem) -> Self {
        match problem.code {
            ProblemCode::HostGone => Self::Unreachable(io::Error::other(problem.title)),
            _ => Self::Refused(problem),
        }
    }
}

/// A client over the socket. Its methods never block.
pub struct SocketClient {
    shared: Arc<Shared>,
    welcome: Welcome,
    ids: Box<dyn Fn() -> IdSource + Send + Sync>,
    outbox: Sender<Vec<u8>>,
}

struct Shared {
    state: Mutex<Arc<State>>,
    queue: EventQueue,
    waiting: Mutex<Waiting>,
}

/// What is not answered yet.
#[derive(Default)]
struct Waiting {
    commands: HashSet<CommandId>,
    queries: HashSet<QueryId>,
    /// The host is gone: nothing will be answered any more.
    gone: bool,
}

impl SocketClient {
    /// Connects and waits for the first snapshot. `ids` makes a source of fresh ids each time it is called, `wake` is
    /// called whenever there are events.
    pub fn connect(
        address: &Address,
        version: &str,
        client: ClientKind,
        ids: Box<dyn Fn() -> IdSource + Send + Sync>,
        wake: Option<Wake>,
    ) -> Result<Self, ConnectError> {
        let hello = Hello {
            protocol: PROTOCOL,
            version: version.to_owned(),
            client,
        };
        let (stream, welcome) = greet(address, &hello)?;
        let first = first_state(&stream).map_err(ConnectError::Unreachable)?;
        let stream = Arc::new(stream);
        let shared = Arc::new(Shared {
            state: Mutex::new(Arc::new(first)),
            queue: EventQueue::new(wake),
            waiting: Mutex::default(),
        });
        let (outbox, letters) = mpsc::channel();
        let (listener, heard) = (shared.clone(), stream.clone());
        let threads = thread::Builder::new()
            .name("anyon-follow".into())
            .spawn(move || follow(&heard, &listener))
            .and_then(|_| {
                thread::Builder::new()
                    .name("anyon-send".into())
                    .spawn(move || post(&stream, &letters))
            });
        threads.map_err(ConnectError::Unreachable)?;
        Ok(Self {
            shared,
            welcome,
            ids,
            outbox,
        })
    }

    /// The host, and as whom this client acts.
    pub fn welcome(&self) -> &Welcome {
        &self.welcome
    }

    /// `false`: too long to be sent.
    fn post(&self, letter: &ToHost) -> bool {
        match frame::encode(letter) {
            Ok(Some(frame)) => {
                // Whoever sends ends only when the host is gone, which is told otherwise.
                let _ = self.outbox.send(frame);
                true
            }
            _ => false,
        }
    }

    /// The host is gone, in order or not.
    pub fn is_gone(&self) -> bool {
        lock(&self.shared.waiting).gone
    }
}

impl Drop for SocketClient {
    fn drop(&mut self) {
        self.post(&ToHost::Bye);
    }
}

fn greet(address: &Address, hello: &Hello) -> Result<(Stream, Welcome), ConnectError> {
    let connect = || {
        let stream = Stream::connect(address.name()?)?;
        check_peer(&stream)?;
        stream.set_send_timeout(Some(PATIENCE))?;
        stream.set_recv_timeout(Some(GREETING))?;
        frame::write(&mut &stream, hello)?;
        let greeting = frame::read::<Greeting>(&mut &stream)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok((stream, greeting))
    };
    match connect().map_err(ConnectError::Unreachable)? {
        (stream, Greeting::Welcome(welcome)) => {
            let patient = stream.set_recv_timeout(Some(PATIENCE));
            patient.map_err(ConnectError::Unreachable)?;
            Ok((stream, welcome))
        }
        (_, Greeting::Refused(problem)) => Err(problem.into()),
    }
}

/// A socket that another person listens on is not a host of ours.
#[cfg(unix)]
fn check_peer(stream: &Stream) -> io::Result<()> {
    use interprocess::local_socket::traits::StreamCommon as _;
    if stream.peer_creds()?.euid() == Some(rustix::process::geteuid().as_raw()) {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        "another person listens there",
    ))
}

#[cfg(windows)]
fn check_peer(_stream: &Stream) -> io::Result<()> {
    Ok(())
}

fn first_state(stream: &Stream) -> io::Result<State> {
    let mut state = State::default();
    loop {
        let bytes = frame::read_told(&mut &*stream, frame::LONGEST_TOLD)?;
        match serde_json::from_slice(&bytes.ok_or(io::ErrorKind::UnexpectedEof)?)? {
            ToClient::Snapshot {
                revision,
                changes,
                last,
            } => {
                state.apply(&changes);
                if last {
                    state.revision = revision;
                    stream.set_recv_timeout(None)?;
                    return Ok(state);
                }
            }
            _ => return Err(io::Error::other("the host did not tell its state first")),
        }
    }
}

/// Sends what the client has to say until it is dropped or the host is gone.
fn post(mut stream: &Stream, frames: &Receiver<Vec<u8>>) {
    for frame in frames {
        // A host that is gone is noticed by who listens.
        if stream.write_all(&frame).is_err() {
            return;
        }
    }
}

/// Takes what the host tells until it ends.
fn follow(stream: &Stream, shared: &Shared) {
    let mut receive = BufReader::new(stream);
    let mut next = State::clone(&lock(&shared.state));
    loop {
        match frame::read_told(&mut receive, frame::LONGEST_TOLD) {
            Ok(Some(bytes)) => match serde_json::from_slice(&bytes) {
                // Told on, after what it leaves unanswered.
                Ok(ToClient::Event(Event::Ended)) => break,
                Ok(news) => shared.take(news, &mut next),
                Err(error) => tracing::debug!(%error, "the host said something unknown"),
            },
            Ok(None) => break,
            Err(error) => {
                tracing::debug!(%error, "the connection to the host broke");
                break;
            }
        }
    }
    shared.end();
}

impl Shared {
    fn take(&self, news: ToClient, next: &mut State) {
        match news {
            ToClient::Snapshot {
                revision,
                changes,
                last,
            }
            | ToClient::Changes {
                revision,
                changes,
                last,
            } => {
                next.apply(&changes);
                if last {
                    next.revision = revision;
                    *lock(&self.state) = Arc::new(next.clone());
                    self.queue.push(Event::StateChanged { revision });
                }
            }
            ToClient::Event(event) => {
                self.answered(&event);
                self.queue.push(event);
            }
        }
    }

    fn answered(&self, event: &Event) {
        let mut waiting = lock(&self.waiting);
        match event {
            Event::CommandDone { command_id, .. } => {
                waiting.commands.remove(command_id);
            }
            Event::Answered { query_id, .. } => {
                waiting.queries.remove(query_id);
            }
            _ => {}
        }
    }

    fn end(&self) {
        let unanswered = std::mem::replace(
            &mut *lock(&self.waiting),
            Waiting {
                gone: true,
                ..Waiting::default()
            },
        );
        for command_id in unanswered.commands {
            self.refuse(command_id, gone());
        }
        for query_id in unanswered.queries {
            self.queue.answer(query_id, Err(gone()));
        }
        self.queue.push(Event::Ended);
    }

    fn refuse(&self, command_id: CommandId, problem: Problem) {
        self.queue.push(Event::CommandDone {
            command_id,
            actor: Actor::System,
            result: Err(problem),
        });
    }
}

impl Waiting {
    /// Notes what is to be answered; `false`: nothing will be.
    fn expect(&mut self, note: impl FnOnce(&mut Self) -> bool) -> bool {
        !self.gone && note(self)
    }
}

fn too_long() -> Problem {
    Problem::new(ProblemCode::InvalidRequest, "This is too long to be sent")
        .hint("put the text into a file and name that")
}

fn gone() -> Problem {
    Problem::new(ProblemCode::HostGone, "Anyon ended before it answered")
        .detail("whether this was done is not known")
        .hint("look at how things stand, then try again")
}

impl Client for SocketClient {
    fn state(&self) -> Arc<State> {
        lock(&self.shared.state).clone()
    }

    fn send(&self, command: Command) -> CommandId {
        let command_id = (self.ids)().make();
        self.send_as(command_id, command);
        command_id
    }

    fn query(&self, query: Query) -> QueryId {
        let query_id = (self.ids)().make();
        self.query_as(query_id, query);
        query_id
    }

    fn drain(&self) -> Vec<Event> {
        self.shared.queue.drain()
    }
}

impl WaitingClient for SocketClient {
    fn wait(&self, limit: Duration) {
        self.shared.queue.wait(limit);
    }
}

impl ProxyClient for SocketClient {
    fn send_as(&self, command_id: CommandId, command: Command) {
        if !lock(&self.shared.waiting).expect(|waiting| waiting.commands.insert(command_id)) {
            self.shared.refuse(command_id, gone());
        } else if !ToHost::command(command_id, &command).is_ok_and(|letter| self.post(&letter)) {
            lock(&self.shared.waiting).commands.remove(&command_id);
            self.shared.refuse(command_id, too_long());
        }
    }

    fn query_as(&self, query_id: QueryId, query: Query) {
        if !lock(&self.shared.waiting).expect(|waiting| waiting.queries.insert(query_id)) {
            self.shared.queue.answer(query_id, Err(gone()));
        } else if !ToHost::query(query_id, &query).is_ok_and(|letter| self.post(&letter)) {
            lock(&self.shared.waiting).queries.remove(&query_id);
            self.shared.queue.answer(query_id, Err(too_long()));
        }
    }

    fn refuse_command(&self, command_id: CommandId, problem: Problem) {
        self.shared.refuse(command_id, problem);
    }

    fn refuse_query(&self, query_id: QueryId, problem: Problem) {
        self.shared.queue.answer(query_id, Err(problem));
    }

    fn end(&self) {
        self.shared.queue.push(Event::Ended);
    }
}
