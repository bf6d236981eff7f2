//! A client that outlives its host: when that is gone, it takes part in the next election and goes on.
//!
//! Questions that were not answered are asked again, commands that were not sent yet are sent. A command that was sent
//! and not answered ends with a problem that says so: whether it was done is not known, and doing it twice may be worse
//! than not at all. What was answered before is durable.

use anyon_model::{
    Actor, Client, Command, CommandId, Event, EventQueue, IdSource, Problem, ProblemCode, ProxyClient, Query,
    QueryId, State, WaitingClient, Wake, lock,
};
use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// Nothing needs to be looked for: what waits is woken.
const LONG: Duration = Duration::from_secs(3600);

/// How a process finds its next host, or becomes it.
pub trait Election: Send + Sync + 'static {
    /// Takes part in the election until it is over. Blocks; an error is the end of the client.
    fn elect(&self) -> Result<Arc<dyn ProxyClient>, Problem>;
}

/// A client that outlives its host. Its methods never block.
pub struct ElectingClient {
    shared: Arc<Shared>,
    ids: Box<dyn Fn() -> IdSource + Send + Sync>,
}

struct Shared {
    queue: EventQueue,
    link: Mutex<Link>,
}

/// What there is of a connection.
struct Link {
    /// Between two hosts the last one's, for what it saw.
    client: Arc<dyn ProxyClient>,
    stage: Stage,
    /// Asked and not answered.
    queries: BTreeMap<QueryId, Query>,
    /// To be sent to the next host.
    unsent: Vec<(CommandId, Command)>,
}

/// How it stands with the host.
enum Stage {
    /// There is one.
    Connected,
    /// The next one is being found.
    Electing,
    /// There will be none.
    Ended(Problem),
    /// Nobody needs one any more.
    Dropped,
}

impl ElectingClient {
    /// Elects for the first time, on this thread. `wake` is called whenever there are events.
    pub fn start(
        election: Arc<dyn Election>,
        ids: Box<dyn Fn() -> IdSource + Send + Sync>,
        wake: Option<Wake>,
    ) -> Result<Self, Problem> {
        let client = election.elect()?;
        let shared = Arc::new(Shared {
            queue: EventQueue::new(wake),
            link: Mutex::new(Link {
                client: client.clone(),
                stage: Stage::Connected,
                queries: BTreeMap::new(),
                unsent: Vec::new(),
            }),
        });
        let relay = shared.clone();
        thread::Builder::new()
            .name("anyon-relay".into())
            .spawn(move || relay.run(client, election.as_ref()))
            .map_err(|error| no_thread(&error))?;
        Ok(Self { shared, ids })
    }
}

impl Drop for ElectingClient {
    fn drop(&mut self) {
        let mut link = lock(&self.shared.link);
        link.stage = Stage::Dropped;
        link.client.end();
    }
}

impl Shared {
    /// One host after the other.
    fn run(&self, mut client: Arc<dyn ProxyClient>, election: &dyn Election) {
        while self.relay(client.as_ref()) {
            drop(client);
            client = match election.elect() {
                Ok(next) => next,
                Err(problem) => return self.end(problem),
            };
            if !self.adopt(&client) {
                return;
            }
        }
    }

    /// Passes on what a host tells until it is gone; `false`: nobody needs another one.
    fn relay(&self, client: &dyn ProxyClient) -> bool {
        loop {
            client.wait(LONG);
            let mut gone = false;
            for event in client.drain() {
                match event {
                    Event::Ended => gone = true,
                    event => self.pass_on(event),
                }
            }
            if gone {
                break;
            }
        }
        let mut link = lock(&self.link);
        if !matches!(link.stage, Stage::Connected) {
            return false;
        }
        link.stage = Stage::Electing;
        drop(link);
        // What was sent after the end is refused by now, and nothing is sent there any more.
        let late = client.drain().into_iter();
        late.filter(|event| *event != Event::Ended)
            .for_each(|event| self.pass_on(event));
        true
    }

    fn pass_on(&self, event: Event) {
        if let Event::Answered { query_id, result } = &event {
            let is_left = matches!(result, Err(problem) if problem.code == ProblemCode::HostGone);
            let mut link = lock(&self.link);
            if is_left && link.queries.contains_key(query_id) {
                return;
            }
            link.queries.remove(query_id);
        }
        self.queue.push(event);
    }

    /// Goes on with another host; `false`: nobody needs it.
    fn adopt(&self, next: &Arc<dyn ProxyClient>) -> bool {
        let mut link = lock(&self.link);
        if matches!(link.stage, Stage::Dropped) {
            return false;
        }
        link.client = next.clone();
        link.stage = Stage::Connected;
        let revision = next.state().revision;
        self.queue.push(Event::HostChanged);
        self.queue.push(Event::StateChanged { revision });
        for (command_id, command) in std::mem::take(&mut link.unsent) {
            next.send_as(command_id, command);
        }
        for (query_id, query) in &link.queries {
            next.query_as(*query_id, query.clone());
        }
        true
    }

    fn end(&self, problem: Problem) {
        let mut link = lock(&self.link);
        if matches!(link.stage, Stage::Dropped) {
            return;
        }
        for (command_id, _) in std::mem::take(&mut link.unsent) {
            self.refuse(command_id, problem.clone());
        }
        for query_id in std::mem::take(&mut link.queries).into_keys() {
            self.queue.answer(query_id, Err(problem.clone()));
        }
        link.stage = Stage::Ended(problem.clone());
        drop(link);
        self.queue.push(Event::Failed(problem));
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

fn no_thread(error: &io::Error) -> Problem {
    Problem::new(ProblemCode::Internal, "Anyon cannot start its threads").detail(error.to_string())
}

impl Client for ElectingClient {
    fn state(&self) -> Arc<State> {
        lock(&self.shared.link).client.state()
    }

    fn send(&self, command: Command) -> CommandId {
        let command_id = (self.ids)().make();
        let mut link = lock(&self.shared.link);
        match &link.stage {
            Stage::Connected => link.client.send_as(command_id, command),
            Stage::Ended(problem) => self.shared.refuse(command_id, problem.clone()),
            Stage::Electing | Stage::Dropped => link.unsent.push((command_id, command)),
        }
        command_id
    }

    fn query(&self, query: Query) -> QueryId {
        let query_id = (self.ids)().make();
        let mut link = lock(&self.shared.link);
        if let Stage::Ended(problem) = &link.stage {
            self.shared.queue.answer(query_id, Err(problem.clone()));
            return query_id;
        }
        link.queries.insert(query_id, query.clone());
        if matches!(link.stage, Stage::Connected) {
            link.client.query_as(query_id, query);
        }
        query_id
    }

    fn drain(&self) -> Vec<Event> {
        self.shared.queue.drain()
    }
}

impl WaitingClient for ElectingClient {
    fn wait(&self, limit: Duration) {
        self.shared.queue.wait(limit);
    }
}
