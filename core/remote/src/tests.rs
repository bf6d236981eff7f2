//! A host and its clients over a real socket; what the host does with a command is this file's.

use super::*;
use crate::wire::{Greeting, ToHost};
use anyon_model::{
    Actor, Answer, AttemptId, Change, Client, Command, CommandId, Event, EventQueue, IdSource, Outcome,
    Problem, ProblemCode, ProxyClient, Published, Query, QueryId, Settings, State, Timestamp, WaitingClient,
    lock,
};
use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{self, Sender},
    },
    time::{Duration, Instant},
};

/// A host that says yes to every command and counts its settings' changes.
#[derive(Default)]
struct Board {
    state: Mutex<Arc<State>>,
    followers: Mutex<Vec<(Sender<Published>, Arc<EventQueue>)>>,
    left: AtomicU64,
    /// Questions about branches, unless it answers them.
    unanswered: Mutex<Vec<QueryId>>,
    answers: AtomicBool,
}

struct Proxy {
    board: Arc<Board>,
    queue: Arc<EventQueue>,
}

impl Client for Proxy {
    fn state(&self) -> Arc<State> {
        lock(&self.board.state).clone()
    }
    fn send(&self, _command: Command) -> CommandId {
        unreachable!("a proxy is given its ids")
    }
    fn query(&self, _query: Query) -> QueryId {
        unreachable!("a proxy is given its ids")
    }
    fn drain(&self) -> Vec<Event> {
        self.queue.drain()
    }
}

impl WaitingClient for Proxy {
    fn wait(&self, limit: Duration) {
        self.queue.wait(limit);
    }
}

impl ProxyClient for Proxy {
    fn send_as(&self, command_id: CommandId, command: Command) {
        match command {
            Command::SetSettings { settings } => self.board.set(settings),
            Command::Shutdown => return,
            _ => {}
        }
        self.queue.push(Event::CommandDone {
            command_id,
            actor: Actor::Person,
            result: Ok(Outcome::Done),
        });
    }
    fn query_as(&self, query_id: QueryId, query: Query) {
        let names = match query {
            Query::Branches { .. } if !self.board.answers.load(Ordering::Acquire) => {
                return lock(&self.board.unanswered).push(query_id);
            }
            Query::Agents { probe: true } => vec!["x".repeat(9 * 1024 * 1024)],
            _ => vec!["main".to_owned()],
        };
        self.queue.answer(query_id, Ok(Answer::Branches(names)));
    }
    fn refuse_command(&self, command_id: CommandId, problem: Problem) {
        self.queue.push(Event::CommandDone {
            command_id,
            actor: Actor::Person,
            result: Err(problem),
        });
    }
    fn refuse_query(&self, query_id: QueryId, problem: Problem) {
        self.queue.answer(query_id, Err(problem));
    }
    fn end(&self) {
        self.queue.push(Event::Ended);
    }
}

impl Board {
    fn set(&self, settings: Settings) {
        self.publish(vec![Change::from(settings)]);
    }

    fn publish(&self, changes: Vec<Change>) {
        let mut state = lock(&self.state);
        let mut next = State::clone(&state);
        next.apply(&changes);
        next.revision += 1;
        let revision = next.revision;
        *state = Arc::new(next);
        let changes = Arc::new(changes);
        for (follower, queue) in lock(&self.followers).iter() {
            let changes = changes.clone();
            let _ = follower.send(Published { revision, changes });
            queue.push(Event::StateChanged { revision });
        }
    }
}

struct OpenDoor(Arc<Board>);

impl Door for OpenDoor {
    fn admit(&self, hello: &Hello, peer: Peer) -> Result<Admitted, Problem> {
        if hello.client == ClientKind::Window {
            return Err(Problem::new(ProblemCode::Forbidden, "No windows"));
        }
        if cfg!(target_os = "linux") {
            assert_eq!(peer.pid, Some(std::process::id()));
        }
        let (follower, changes) = mpsc::channel();
        let queue = Arc::new(EventQueue::default());
        let state = lock(&self.0.state);
        lock(&self.0.followers).push((follower, queue.clone()));
        Ok(Admitted {
            actor: Actor::Person,
            client: Arc::new(Proxy {
                board: self.0.clone(),
                queue,
            }),
            state: state.clone(),
            changes,
        })
    }
    fn left(&self) {
        self.0.left.fetch_add(1, Ordering::AcqRel);
    }
}

fn ids() -> Box<dyn Fn() -> IdSource + Send + Sync> {
    let next = AtomicU64::new(1);
    Box::new(move || IdSource::new(Timestamp::from_ms(1), next.fetch_add(1, Ordering::Relaxed)))
}

fn host(folder: &Path) -> (Arc<Board>, Server) {
    let board = Arc::new(Board::default());
    let address = Address::of(folder, None);
    let server = Server::listen(address, "1.0.0", Arc::new(OpenDoor(board.clone()))).unwrap();
    (board, server)
}

fn join(server: &Server) -> SocketClient {
    SocketClient::connect(server.address(), "1.0.0", ClientKind::Terminal, ids(), None).unwrap()
}

/// Waits for an event that this says something about.
fn wait_for<T>(client: &SocketClient, what: impl Fn(Event) -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(20);
    while Instant::now() < deadline {
        client.wait(Duration::from_millis(200));
        if let Some(found) = client.drain().into_iter().find_map(&what) {
            return found;
        }
    }
    panic!("waited for too long");
}

fn end_of(client: &SocketClient, command: Command) -> Result<Outcome, Problem> {
    let sent = client.send(command);
    wait_for(client, |event| match event {
        Event::CommandDone {
            command_id, result, ..
        } if command_id == sent => Some(result),
        _ => None,
    })
}

fn with_limit(max_running: u32) -> Settings {
    Settings {
        max_running,
        ..Settings::default()
    }
}

#[test]
fn a_client_sees_the_state_that_was_and_every_change_before_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (board, server) = host(folder.path());
    board.set(with_limit(2));
    let (one, other) = (join(&server), join(&server));
    assert_eq!(one.state().settings.max_running, 2);
    assert_eq!(one.state(), lock(&board.state).clone());
    let settings = with_limit(7);
    assert_eq!(end_of(&one, Command::SetSettings { settings }), Ok(Outcome::Done));
    assert_eq!(one.state().settings.max_running, 7);
    wait_for(&other, |event| {
        matches!(event, Event::StateChanged { revision: 2 }).then_some(())
    });
    assert_eq!(other.state(), one.state());
}

#[test]
fn a_question_is_answered_whole_however_long_the_answer_is() {
    let folder = tempfile::tempdir().unwrap();
    let (_board, server) = host(folder.path());
    let client = join(&server);
    let answer = |query| {
        let asked = client.query(query);
        wait_for(&client, |event| match event {
            Event::Answered { query_id, result } if query_id == asked => Some(result),
            _ => None,
        })
    };
    let short = answer(Query::Agents { probe: false });
    assert_eq!(short, Ok(Answer::Branches(vec!["main".into()])));
    let Ok(Answer::Branches(long)) = answer(Query::Agents { probe: true }) else {
        panic!("no answer");
    };
    assert_eq!(long, ["x".repeat(9 * 1024 * 1024)]);
    assert!(answer(Query::Agents { probe: false }).is_ok(), "it goes on");
}

#[test]
fn a_command_that_is_too_long_is_refused_where_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let (_board, server) = host(folder.path());
    let client = join(&server);
    let attempt_id: AttemptId = ids()().make();
    let mut settings = with_limit(1);
    settings.branch_prefix = "x".repeat(9 * 1024 * 1024);
    let long = Command::SetSettings { settings };
    assert_eq!(
        end_of(&client, long).unwrap_err().code,
        ProblemCode::InvalidRequest
    );
    assert!(
        end_of(&client, Command::DropAttempt { attempt_id }).is_ok(),
        "it goes on"
    );
}

#[test]
fn what_the_host_left_unanswered_is_told_when_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let (board, server) = host(folder.path());
    let client = join(&server);
    let unanswered = client.send(Command::Shutdown);
    assert!(
        end_of(
            &client,
            Command::DropAttempt {
                attempt_id: ids()().make()
            }
        )
        .is_ok()
    );
    for (_, queue) in lock(&board.followers).iter() {
        queue.push(Event::Ended);
    }
    let mut told = Vec::new();
    while !told.contains(&Event::Ended) {
        client.wait(Duration::from_secs(20));
        told.extend(client.drain());
    }
    assert!(told.iter().any(
        |event| matches!(event, Event::CommandDone { command_id, result: Err(problem), .. }
        if *command_id == unanswered && problem.code == ProblemCode::HostGone)
    ));
    assert!(client.is_gone());
    let late = end_of(&client, Command::Shutdown).unwrap_err();
    assert_eq!(late.code, ProblemCode::HostGone);
}

#[test]
fn an_older_and_a_newer_program_are_told_clearly() {
    let folder = tempfile::tempdir().unwrap();
    let (_board, server) = host(folder.path());
    for protocol in [PROTOCOL - 1, PROTOCOL + 1] {
        let hello = Hello {
            protocol,
            version: "9.9.9".into(),
            client: ClientKind::Terminal,
        };
        let Greeting::Refused(problem) = raw_greeting(&server, &serde_json::to_value(&hello).unwrap()) else {
            panic!("let in");
        };
        assert_eq!(problem.code, ProblemCode::VersionSkew);
        assert!(
            problem.title.contains("1.0.0") && problem.title.contains("9.9.9"),
            "{problem}"
        );
    }
    let with_more =
        serde_json::json!({"protocol": PROTOCOL, "version": "1.1.0", "client": "terminal", "new": [1]});
    assert!(matches!(raw_greeting(&server, &with_more), Greeting::Welcome(_)));
    let refused = SocketClient::connect(server.address(), "1.0.0", ClientKind::Window, ids(), None);
    assert!(matches!(refused, Err(ConnectError::Refused(problem)) if problem.title == "No windows"));
}

fn raw_greeting(server: &Server, hello: &serde_json::Value) -> Greeting {
    use interprocess::local_socket::{Stream, traits::Stream as _};
    let stream = Stream::connect(server.address().name().unwrap()).unwrap();
    frame::write(&mut &stream, hello).unwrap();
    frame::read(&mut &stream).unwrap().unwrap()
}

#[test]
fn a_command_from_a_newer_client_is_refused_by_its_name_and_noise_ends_nothing() {
    use interprocess::local_socket::{Stream, traits::Stream as _};
    let folder = tempfile::tempdir().unwrap();
    let (board, server) = host(folder.path());
    let stream = Stream::connect(server.address().name().unwrap()).unwrap();
    let hello = serde_json::json!({"protocol": PROTOCOL, "version": "1.1.0", "client": "terminal"});
    frame::write(&mut &stream, &hello).unwrap();
    frame::write(&mut &stream, &serde_json::json!({"dance": "tango"})).unwrap();
    let command_id: CommandId = ids()().make();
    let command =
        serde_json::json!({"command": {"command_id": command_id, "command": {"fly": {"to": "the moon"}}}});
    frame::write(&mut &stream, &command).unwrap();
    let told = loop {
        let news: serde_json::Value = frame::read(&mut &stream).unwrap().expect("an answer");
        if let Some(done) = news.pointer("/event/command_done") {
            break done.clone();
        }
    };
    assert_eq!(told["command_id"], serde_json::to_value(command_id).unwrap());
    assert_eq!(told["result"]["Err"]["code"], "invalid_request");
    frame::write(&mut &stream, &ToHost::Bye).unwrap();
    while board.left.load(Ordering::Acquire) == 0 {
        std::thread::yield_now();
    }
}

#[test]
fn nobody_listens_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let address = Address::of(folder.path(), None);
    let nobody = SocketClient::connect(&address, "1.0.0", ClientKind::Terminal, ids(), None);
    assert!(matches!(nobody, Err(ConnectError::Unreachable(_))));
}

#[test]
fn a_socket_left_by_a_dead_host_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let (_, first) = host(folder.path());
    // A host that was killed removes nothing: the first one's socket is still there.
    let (_, second) = host(folder.path());
    assert!(join(&second).state().projects.is_empty());
    drop(first);
}

#[cfg(unix)]
#[test]
fn the_socket_is_in_a_folder_of_ones_own_and_its_path_is_short_enough() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (_board, server) = host(folder.path());
    let parent = server.address().path().parent().unwrap();
    let mode = std::fs::metadata(parent).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    std::fs::set_permissions(parent, std::fs::Permissions::from_mode(0o755)).unwrap();
    let refused = Server::listen(
        server.address().clone(),
        "1.0.0",
        Arc::new(OpenDoor(Arc::default())),
    );
    assert_eq!(
        refused.err().unwrap().kind(),
        std::io::ErrorKind::PermissionDenied
    );

    let run = Path::new("/run/user/1000");
    let address = Address::of(Path::new("/home/a/.local/share/anyon"), Some(run));
    assert!(address.path().starts_with("/run/user/1000/anyon"));
    assert_ne!(address, Address::of(Path::new("/other"), Some(run)));
    let deep = "/x".repeat(80);
    for runtime_folder in [None, Some(Path::new(&deep))] {
        let address = Address::of(Path::new(&deep), runtime_folder);
        assert!(address.path().as_os_str().len() <= 100, "{address:?}");
    }
}

#[test]
fn many_changes_come_in_pieces_and_are_one_step() {
    let folder = tempfile::tempdir().unwrap();
    let (board, server) = host(folder.path());
    let template = |number: u64| {
        Change::from(anyon_model::Template {
            id: IdSource::new(Timestamp::from_ms(1), number).make(),
            name: format!("template {number}"),
            text: "x".repeat(1000),
            updated_at: Timestamp::from_ms(1),
        })
    };
    let early = join(&server);
    board.publish((0..600).map(template).collect());
    let seen = Mutex::new(Vec::new());
    wait_for(&early, |event| match event {
        Event::StateChanged { .. } => {
            lock(&seen).push(early.state().templates.len());
            Some(())
        }
        _ => None,
    });
    assert_eq!(*lock(&seen), [600]);
    assert_eq!(join(&server).state(), early.state());
}

#[test]
fn a_state_with_everything_in_it_is_told_whole() {
    let world = anyon_testkit::World::new()
        .task("Sort the shelves", "")
        .attempt(1, 1, |_| {})
        .execution(1, 1, anyon_model::ExecutionState::Starting);
    let state = world.state();
    let mut told = State::default();
    told.apply(&state.as_changes());
    told.revision = state.revision;
    assert_eq!(told, state);
}

/// Hosts one after the other; the one that is there is the last of them.
#[derive(Default)]
struct Hosts(Mutex<Vec<(Arc<Board>, Server)>>);

impl Hosts {
    fn begin(&self, folder: &Path) -> Arc<Board> {
        let (board, server) = host(folder);
        lock(&self.0).push((board.clone(), server));
        board
    }
}

impl Election for Hosts {
    fn elect(&self) -> Result<Arc<dyn ProxyClient>, Problem> {
        let hosts = lock(&self.0);
        match hosts.last() {
            Some((_, server)) => Ok(Arc::new(join(server))),
            None => Err(Problem::new(ProblemCode::HostGone, "Nobody is there")),
        }
    }
}

fn end(board: &Board) {
    for (_, queue) in lock(&board.followers).iter() {
        queue.push(Event::Ended);
    }
}

/// The events of a client until one of them is the last.
fn until_event(client: &dyn WaitingClient, last: &Event) -> Vec<Event> {
    let mut told = Vec::new();
    while !told.contains(last) {
        client.wait(Duration::from_secs(20));
        told.extend(client.drain());
    }
    told
}

#[test]
fn a_client_goes_on_with_the_next_host() {
    let (folder, next_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let hosts = Arc::new(Hosts::default());
    let first = hosts.begin(folder.path());
    first.set(with_limit(2));
    let client = ElectingClient::start(hosts.clone(), ids(), None).unwrap();
    assert_eq!(client.state().settings.max_running, 2);
    // Neither is answered by this host.
    let command = client.send(Command::Shutdown);
    let query = client.query(Query::Branches {
        project_id: ids()().make(),
    });
    while lock(&first.unanswered).is_empty() {
        std::thread::yield_now();
    }
    let second = hosts.begin(next_folder.path());
    second.set(with_limit(5));
    second.answers.store(true, Ordering::Release);
    end(&first);
    let mut told = until_event(&client, &Event::HostChanged);
    while !told.iter().any(|event| matches!(event, Event::Answered { .. })) {
        client.wait(Duration::from_secs(20));
        told.extend(client.drain());
    }
    assert!(
        told.iter().any(
            |event| matches!(event, Event::CommandDone { command_id, result: Err(problem), .. }
            if *command_id == command && problem.code == ProblemCode::HostGone)
        ),
        "a command is not sent twice: {told:?}"
    );
    assert!(
        told.iter()
            .any(|event| matches!(event, Event::Answered { query_id, result: Ok(_) } if *query_id == query)),
        "a question is asked again: {told:?}"
    );
    assert!(!told.contains(&Event::Ended));
    assert_eq!(client.state().settings.max_running, 5);
    assert_eq!(client.state(), lock(&second.state).clone());
    drop(client);
    while second.left.load(Ordering::Acquire) == 0 {
        std::thread::yield_now();
    }
}

#[test]
fn without_another_host_everything_is_answered_that_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let hosts = Arc::new(Hosts::default());
    let board = hosts.begin(folder.path());
    let client = ElectingClient::start(hosts.clone(), ids(), None).unwrap();
    lock(&hosts.0).clear();
    end(&board);
    let told = until_event(&client, &Event::Ended);
    assert!(matches!(told[..], [Event::Failed(_), Event::Ended]), "{told:?}");
    client.send(Command::Shutdown);
    client.query(Query::Agents { probe: false });
    let told = client.drain();
    assert!(
        matches!(
            told[..],
            [
                Event::CommandDone { result: Err(_), .. },
                Event::Answered { result: Err(_), .. }
            ]
        ),
        "{told:?}"
    );
}
