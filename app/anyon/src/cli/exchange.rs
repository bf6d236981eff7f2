//! Commands and questions over a client, each with its answer, and the events that came meanwhile.
//!
//! Knows nothing of the host: the client may be in this process or at the other end of a socket.

use anyon_model::{
    Answer, Command, CommandId, DiffSummary, EntryPage, Event, ExecutionId, FileDiff, Outcome, PageRange,
    Patch, Problem, ProblemCode, Query, RawPage, State, WaitingClient,
};
use std::{collections::VecDeque, sync::Arc, time::Duration};

const PATIENCE: Duration = Duration::from_millis(200);

/// One side of the conversation with the host.
pub struct Exchange<'a> {
    client: &'a dyn WaitingClient,
    inbox: VecDeque<Event>,
}

impl<'a> Exchange<'a> {
    /// Over a client.
    pub fn new(client: &'a dyn WaitingClient) -> Self {
        Self {
            client,
            inbox: VecDeque::new(),
        }
    }

    /// The newest snapshot.
    pub fn state(&self) -> Arc<State> {
        self.client.state()
    }

    /// Sends a command and waits until it is done and durable.
    pub fn command(&mut self, command: Command) -> Result<Outcome, Problem> {
        self.command_with(command, &mut || {})
    }

    /// The same; meanwhile `look` is called again and again.
    pub fn command_with(&mut self, command: Command, look: &mut dyn FnMut()) -> Result<Outcome, Problem> {
        let sent = self.send(command);
        let wanted = |event: &Event| match event {
            Event::CommandDone {
                command_id, result, ..
            } if *command_id == sent => Some(result.clone()),
            _ => None,
        };
        self.until(wanted, look)
    }

    /// Sends a command and waits; `seen` looks at each snapshot meanwhile.
    pub fn command_seen(
        &mut self,
        command: Command,
        seen: &mut dyn FnMut(CommandId, &State),
    ) -> Result<Outcome, Problem> {
        let client = self.client;
        let sent = self.send(command);
        let wanted = |event: &Event| match event {
            Event::CommandDone {
                command_id, result, ..
            } if *command_id == sent => Some(result.clone()),
            _ => None,
        };
        self.until(wanted, &mut || seen(sent, &client.state()))
    }

    /// Sends a command; its end comes with the events.
    pub fn send(&mut self, command: Command) -> CommandId {
        self.client.send(command)
    }

    /// Asks a question and waits for the answer.
    pub fn query(&mut self, query: Query) -> Result<Answer, Problem> {
        let asked = self.client.query(query);
        let wanted = |event: &Event| match event {
            Event::Answered { query_id, result } if *query_id == asked => Some(result.clone()),
            _ => None,
        };
        self.until(wanted, &mut || {})
    }

    /// The events that nobody has taken, after at most this time.
    pub fn events(&mut self, limit: Duration) -> Vec<Event> {
        if self.inbox.is_empty() {
            self.client.wait(limit);
        }
        self.inbox.extend(self.client.drain());
        self.inbox.drain(..).collect()
    }

    /// A page of a conversation.
    pub fn entries(&mut self, execution_id: ExecutionId, range: PageRange) -> Result<EntryPage, Problem> {
        match self.query(Query::Entries { execution_id, range })? {
            Answer::Entries(page) => Ok(page),
            _ => Err(wrong_answer()),
        }
    }

    /// A page of a raw log.
    pub fn raw_log(&mut self, execution_id: ExecutionId, range: PageRange) -> Result<RawPage, Problem> {
        match self.query(Query::RawLog { execution_id, range })? {
            Answer::RawLog(page) => Ok(page),
            _ => Err(wrong_answer()),
        }
    }

    /// The files of an attempt that differ.
    pub fn diff_summary(
        &mut self,
        attempt_id: anyon_model::AttemptId,
        watch: bool,
    ) -> Result<Arc<DiffSummary>, Problem> {
        match self.query(Query::DiffSummary { attempt_id, watch })? {
            Answer::DiffSummary(summary) => Ok(summary),
            _ => Err(wrong_answer()),
        }
    }

    /// The lines of an attempt that differ.
    pub fn diff_all(&mut self, attempt_id: anyon_model::AttemptId) -> Result<Arc<Vec<FileDiff>>, Problem> {
        match self.query(Query::DiffAll { attempt_id })? {
            Answer::DiffAll(files) => Ok(files),
            _ => Err(wrong_answer()),
        }
    }

    /// All that differs of an attempt, as a patch.
    pub fn diff_patch(&mut self, attempt_id: anyon_model::AttemptId) -> Result<Arc<Patch>, Problem> {
        match self.query(Query::Patch { attempt_id })? {
            Answer::Patch(patch) => Ok(patch),
            _ => Err(wrong_answer()),
        }
    }

    fn until<T>(
        &mut self,
        wanted: impl Fn(&Event) -> Option<Result<T, Problem>>,
        look: &mut dyn FnMut(),
    ) -> Result<T, Problem> {
        loop {
            self.client.wait(PATIENCE);
            look();
            let mut found = None;
            for event in self.client.drain() {
                match wanted(&event) {
                    Some(result) => found = Some(result),
                    None => self.inbox.push_back(event),
                }
            }
            if let Some(result) = found {
                return result;
            }
            if self.inbox.contains(&Event::Ended) {
                return Err(Problem::new(
                    ProblemCode::Cancelled,
                    "Anyon ended before it answered",
                ));
            }
        }
    }
}

fn wrong_answer() -> Problem {
    Problem::new(ProblemCode::Internal, "The host answered another question")
}
