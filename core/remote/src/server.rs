//! The host's end: greets, passes commands and queries on, tells changes and events.

use crate::{
    address::{Address, prepare_folder},
    frame,
    wire::{Greeting, Hello, PROTOCOL, ToClient, ToHost, Welcome},
};
use anyon_model::{Actor, Change, Event, Problem, ProblemCode, ProxyClient, Published, State};
use interprocess::local_socket::{
    Listener, ListenerOptions, Stream,
    traits::{Listener as _, Stream as _, StreamCommon as _},
};
use std::{
    io::{self, BufReader},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, Receiver},
    },
    thread,
    time::Duration,
};

/// How long a peer may take for its greeting, and for taking what it is told.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the end of the listening may take.
const FAREWELL: Duration = Duration::from_secs(1);
/// Changes in one frame: far below the longest frame, and little enough to be taken at once.
const PIECE: usize = 256;
/// Connections at once; more are turned away, so that nobody starts threads without end.
const MOST: usize = 128;

/// The process at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Its process id, where the system tells it.
    pub pid: Option<u32>,
}

/// What the host lends a client.
pub struct Admitted {
    /// As whom it acts.
    pub actor: Actor,
    /// What acts for it.
    pub client: Arc<dyn ProxyClient>,
    /// What it begins with.
    pub state: Arc<State>,
    /// What changes from then on; told before [`Event::StateChanged`].
    pub changes: Receiver<Published>,
}

/// Who is let in, and as whom.
pub trait Door: Send + Sync + 'static {
    /// Lets a client in, or says why not. The versions are known to fit.
    fn admit(&self, hello: &Hello, peer: Peer) -> Result<Admitted, Problem>;
    /// A client that was let in has left.
    fn left(&self);
}

/// A listening host. Dropping it ends the listening; who is connected stays until the host's end is told.
pub struct Server {
    address: Address,
    ended: Arc<AtomicBool>,
    /// Says nothing; its other end goes with the listener.
    listening: Receiver<()>,
}

struct Shared {
    door: Arc<dyn Door>,
    version: String,
    connected: AtomicUsize,
}

impl Server {
    /// Listens. The caller holds the store's lock, so whatever socket is left there is nobody's.
    pub fn listen(address: Address, version: &str, door: Arc<dyn Door>) -> io::Result<Self> {
        prepare_folder(&address)?;
        let listener = ListenerOptions::new()
            .name(address.name()?)
            .try_overwrite(true)
            .create_sync()?;
        let ended = Arc::new(AtomicBool::new(false));
        let shared = Arc::new(Shared {
            door,
            version: version.to_owned(),
            connected: AtomicUsize::new(0),
        });
        let stop = ended.clone();
        let (told, listening) = mpsc::channel();
        let listen = move || {
            accept(&listener, &shared, &stop);
            drop(listener);
            drop(told);
        };
        thread::Builder::new().name("anyon-listen".into()).spawn(listen)?;
        Ok(Self {
            address,
            ended,
            listening,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> &Address {
        &self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
        // The listening thread waits for somebody: this is somebody.
        let woken = self.address.name().and_then(Stream::connect);
        // The file of the socket goes with the listener: it must not be the next host's, which has the same name.
        if woken.is_ok() {
            let _ = self.listening.recv_timeout(FAREWELL);
        }
    }
}

fn accept(listener: &Listener, shared: &Arc<Shared>, stop: &AtomicBool) {
    loop {
        let stream = listener.accept();
        if stop.load(Ordering::Acquire) {
            return;
        }
        match stream {
            Ok(stream) => {
                let shared = shared.clone();
                let serve = move || serve(stream, &shared);
                if let Err(error) = thread::Builder::new().name("anyon-client".into()).spawn(serve) {
                    tracing::warn!(%error, "no thread for a client");
                }
            }
            Err(error) => {
                tracing::warn!(%error, "a client could not connect");
                thread::sleep(Duration::from_millis(50));
            }
        }
    }
}

fn serve(stream: Stream, shared: &Arc<Shared>) {
    let connected = shared.connected.fetch_add(1, Ordering::AcqRel) + 1;
    let served = converse(stream, shared, connected);
    shared.connected.fetch_sub(1, Ordering::AcqRel);
    if let Err(error) = served {
        tracing::debug!(%error, "a client's connection broke");
    }
}

fn converse(stream: Stream, shared: &Arc<Shared>, connected: usize) -> io::Result<()> {
    let peer = match peer_of(&stream)? {
        Some(peer) if connected <= MOST => peer,
        _ => return Ok(()),
    };
    stream.set_send_timeout(Some(PATIENCE))?;
    stream.set_recv_timeout(Some(PATIENCE))?;
    let Some(hello) = frame::read::<Hello>(&mut &stream)? else {
        return Ok(());
    };
    let admitted = match admit(&hello, peer, shared) {
        Ok(admitted) => admitted,
        Err(problem) => return frame::write(&mut &stream, &Greeting::Refused(problem)),
    };
    stream.set_recv_timeout(None)?;
    let welcome = Welcome {
        protocol: PROTOCOL,
        version: shared.version.clone(),
        pid: std::process::id(),
        actor: admitted.actor,
    };
    let _left = OnDrop(|| shared.door.left());
    frame::write(&mut &stream, &Greeting::Welcome(welcome))?;
    let client = admitted.client.clone();
    thread::scope(|scope| {
        let teller = thread::Builder::new().name("anyon-tell".into());
        let (stream, told_client) = (&stream, admitted.client);
        let (state, changes) = (admitted.state, admitted.changes);
        let told = teller.spawn_scoped(scope, move || {
            let told = tell(stream, &state, &changes, told_client.as_ref());
            if let Err(error) = told {
                tracing::debug!(%error, "a client is not told any more");
            }
        });
        let heard = told.and_then(|_| listen(stream, client.as_ref()));
        client.end();
        heard
    })
}

struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// `None`: another person's.
#[cfg(unix)]
fn peer_of(stream: &Stream) -> io::Result<Option<Peer>> {
    let credentials = stream.peer_creds()?;
    let is_ours = credentials.euid() == Some(rustix::process::geteuid().as_raw());
    let pid = credentials.pid().and_then(|pid| u32::try_from(pid).ok());
    Ok(is_ours.then_some(Peer { pid }))
}

/// A named pipe is its maker's alone by default.
#[cfg(windows)]
fn peer_of(stream: &Stream) -> io::Result<Option<Peer>> {
    let pid = stream.peer_creds()?.pid();
    Ok(Some(Peer { pid }))
}

fn admit(hello: &Hello, peer: Peer, shared: &Shared) -> Result<Admitted, Problem> {
    if hello.protocol != PROTOCOL {
        return Err(skew(hello, &shared.version));
    }
    shared.door.admit(hello, peer)
}

fn skew(hello: &Hello, version: &str) -> Problem {
    let title = format!(
        "Anyon {version} is running (process {}), and this is Anyon {}",
        std::process::id(),
        hello.version
    );
    let detail = format!(
        "they speak versions {PROTOCOL} and {} of their protocol",
        hello.protocol
    );
    Problem::new(ProblemCode::VersionSkew, title)
        .detail(detail)
        .hint("close the running one, then start the newer one")
}

/// Takes what the client says until it ends.
fn listen(stream: &Stream, client: &dyn ProxyClient) -> io::Result<()> {
    let mut receive = BufReader::new(stream);
    while let Some(bytes) = frame::read_bytes(&mut receive)? {
        match serde_json::from_slice(&bytes) {
            Ok(ToHost::Command { command_id, command }) => match serde_json::from_str(command.get()) {
                Ok(command) => client.send_as(command_id, command),
                Err(error) => client.refuse_command(command_id, unknown("command", &error)),
            },
            Ok(ToHost::Query { query_id, query }) => match serde_json::from_str(query.get()) {
                Ok(query) => client.query_as(query_id, query),
                Err(error) => client.refuse_query(query_id, unknown("query", &error)),
            },
            Ok(ToHost::Bye) => return Ok(()),
            Err(error) => tracing::debug!(%error, "a client said something unknown"),
        }
    }
    Ok(())
}

fn unknown(what: &str, error: &serde_json::Error) -> Problem {
    Problem::new(
        ProblemCode::InvalidRequest,
        format!("The running Anyon does not know this {what}"),
    )
    .detail(error.to_string())
    .hint("close it and start the newer one")
}

/// Tells the snapshot, then every change and event until the end.
fn tell(
    stream: &Stream,
    state: &State,
    changes: &Receiver<Published>,
    client: &dyn ProxyClient,
) -> io::Result<()> {
    tell_snapshot(stream, state)?;
    loop {
        client.wait(Duration::from_secs(3600));
        let events = client.drain();
        // Events are told after the changes that they speak of, which are there by now.
        while let Ok(published) = changes.try_recv() {
            tell_changes(stream, published.revision, &published.changes)?;
        }
        for event in events {
            let ended = event == Event::Ended;
            tell_event(stream, event)?;
            if ended {
                return Ok(());
            }
        }
    }
}

fn tell_snapshot(mut stream: &Stream, state: &State) -> io::Result<()> {
    let revision = state.revision;
    in_pieces(&state.as_changes(), |changes, last| {
        let piece = ToClient::Snapshot {
            revision,
            changes,
            last,
        };
        told(frame::tell(&mut stream, &piece)?)
    })
}

/// State that a client does not get is a state that it may not go on with.
fn told(whole: bool) -> io::Result<()> {
    match whole {
        true => Ok(()),
        false => Err(io::Error::other("a change is too long to be told")),
    }
}

fn tell_changes(mut stream: &Stream, revision: u64, changes: &[Change]) -> io::Result<()> {
    in_pieces(changes, |changes, last| {
        let piece = ToClient::Changes {
            revision,
            changes,
            last,
        };
        told(frame::tell(&mut stream, &piece)?)
    })
}

fn in_pieces(
    changes: &[Change],
    mut tell: impl FnMut(Vec<Change>, bool) -> io::Result<()>,
) -> io::Result<()> {
    let last = changes.len().div_ceil(PIECE).saturating_sub(1);
    changes
        .chunks(PIECE)
        .enumerate()
        .try_for_each(|(place, piece)| tell(piece.to_vec(), place == last))
}

fn tell_event(mut stream: &Stream, event: Event) -> io::Result<()> {
    let query_id = match &event {
        Event::StateChanged { .. } => return Ok(()),
        Event::Answered { query_id, .. } => Some(*query_id),
        _ => None,
    };
    let told = frame::tell(&mut stream, &ToClient::Event(event))?;
    if let (false, Some(query_id)) = (told, query_id) {
        let result = Err(too_long());
        frame::write(
            &mut stream,
            &ToClient::Event(Event::Answered { query_id, result }),
        )?;
    }
    Ok(())
}

fn too_long() -> Problem {
    Problem::new(ProblemCode::InvalidRequest, "The answer is too long to be sent")
        .hint("ask for less at once")
}
