//! The one loop: whatever wakes Anyon becomes an input, the engine decides, changes go to the store and to clients,
//! effects go to drivers once what they rest on is durable.

use crate::{
    clock,
    drivers::{Drivers, store::Committed},
    publish::{EventQueue, Publisher},
};
use anyon_engine::Engine;
use anyon_model::{
    Actor, Change, Command, CommandId, Effect, Event, FailureKind, Input, LaunchFailure, Problem, Query,
    QueryId, State, StopStep,
};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::mpsc;

/// What a client sends.
pub enum Request {
    /// A command.
    Command {
        /// Its name.
        command_id: CommandId,
        /// Who sends it.
        actor: Actor,
        /// The command.
        command: Command,
    },
    /// A query.
    Query {
        /// Its name.
        query_id: QueryId,
        /// The query.
        query: Query,
        /// Who asks.
        queue: Arc<EventQueue>,
    },
}

/// The inboxes of the loop.
pub struct Inboxes {
    /// From clients; unbounded, because sending must not block a frame.
    pub requests: mpsc::UnboundedReceiver<Request>,
    /// From drivers; bounded, so that a flood slows its source down.
    pub inputs: mpsc::Receiver<Input>,
    /// From the store.
    pub committed: mpsc::UnboundedReceiver<Committed>,
}

/// Inputs handled before the state is published: a burst costs one snapshot and one frame.
const BATCH: usize = 256;
/// The time after which a batch is published although more is waiting.
const BATCH_TIME: Duration = Duration::from_millis(5);

/// The loop's own belongings.
pub struct Dispatcher {
    engine: Engine,
    drivers: Drivers,
    publisher: Arc<Publisher>,
    actors: HashMap<CommandId, Actor>,
    /// Effects that wait for the commit of this ticket, oldest first.
    waiting: VecDeque<(u64, Vec<Effect>)>,
    next_ticket: u64,
    published: u64,
    ended: bool,
}

/// What a batch of steps came to.
#[derive(Default)]
struct Batch {
    changes: Vec<Change>,
    effects: Vec<Effect>,
    changed: bool,
}

impl Dispatcher {
    /// A loop around an engine.
    pub fn new(engine: Engine, drivers: Drivers, publisher: Arc<Publisher>) -> Self {
        Self {
            engine,
            drivers,
            publisher,
            actors: HashMap::new(),
            waiting: VecDeque::new(),
            next_ticket: 0,
            published: 0,
            ended: false,
        }
    }

    /// Takes the first input. Clients that come after this never see a state from before a crash.
    pub fn begin(&mut self, first: Input) {
        let mut batch = Batch::default();
        self.step(first, &mut batch);
        batch.changed = true;
        self.finish(batch);
    }

    /// Runs until the engine says [`Effect::Exit`] or every client and driver is gone.
    pub async fn run(mut self, mut inboxes: Inboxes) {
        while !self.ended {
            let mut batch = Batch::default();
            tokio::select! {
                Some(request) = inboxes.requests.recv() => self.request(request, &mut batch),
                Some(input) = inboxes.inputs.recv() => self.step(input, &mut batch),
                Some(committed) = inboxes.committed.recv() => self.committed(committed, &mut batch),
                else => break,
            }
            self.take_what_is_ready(&mut inboxes, &mut batch);
            self.finish(batch);
        }
        self.publisher.tell(&Event::Ended);
        self.drivers.end();
    }

    fn take_what_is_ready(&mut self, inboxes: &mut Inboxes, batch: &mut Batch) {
        let deadline = Instant::now() + BATCH_TIME;
        for _ in 0..BATCH {
            if let Ok(request) = inboxes.requests.try_recv() {
                self.request(request, batch);
            } else if let Ok(input) = inboxes.inputs.try_recv() {
                self.step(input, batch);
            } else if let Ok(committed) = inboxes.committed.try_recv() {
                self.committed(committed, batch);
            } else {
                return;
            }
            if Instant::now() >= deadline {
                return;
            }
        }
    }

    fn request(&mut self, request: Request, batch: &mut Batch) {
        match request {
            Request::Command {
                command_id,
                actor,
                command,
            } => {
                self.actors.insert(command_id, actor.clone());
                self.step(
                    Input::Command {
                        command_id,
                        actor,
                        command,
                    },
                    batch,
                );
            }
            Request::Query {
                query_id,
                query,
                queue,
            } => {
                self.drivers.query(self.engine.state(), query_id, query, queue);
            }
        }
    }

    fn step(&mut self, input: Input, batch: &mut Batch) {
        let step = self.engine.handle(clock::stamp(input));
        batch.changed |= !step.changes.is_empty();
        batch.changes.extend(step.changes);
        for effect in step.effects {
            if effect.after_commit() {
                batch.effects.push(effect);
            } else {
                self.perform(effect);
            }
        }
    }

    /// Publishes at once; what cannot be taken back waits for the disk.
    fn finish(&mut self, batch: Batch) {
        let durable: Vec<Change> = batch
            .changes
            .iter()
            .filter(|change| change.is_durable())
            .cloned()
            .collect();
        if batch.changed {
            self.published += 1;
            let state = State {
                revision: self.published,
                ..self.engine.state().clone()
            };
            self.publisher.publish(state, batch.changes);
        }
        if durable.is_empty() && self.waiting.is_empty() {
            batch.effects.into_iter().for_each(|effect| self.perform(effect));
        } else if !durable.is_empty() || !batch.effects.is_empty() {
            self.next_ticket += 1;
            self.drivers.store.commit(self.next_ticket, durable);
            self.waiting.push_back((self.next_ticket, batch.effects));
        }
    }

    fn committed(&mut self, committed: Committed, batch: &mut Batch) {
        let mut given_up = Vec::new();
        while self
            .waiting
            .front()
            .is_some_and(|(ticket, _)| *ticket <= committed.ticket)
        {
            let Some((_, effects)) = self.waiting.pop_front() else {
                break;
            };
            for effect in effects {
                match &committed.result {
                    Ok(()) => self.perform(effect),
                    Err(problem) => given_up.extend(self.give_up(effect, problem)),
                }
            }
        }
        if let Err(problem) = committed.result {
            self.publisher.tell(&Event::Failed(problem.clone()));
            self.step(Input::StoreFailed { problem }, batch);
            given_up.into_iter().for_each(|input| self.step(input, batch));
        }
    }

    /// What would have rested on a commit that failed: clients are told so, nothing is started, and the engine gets
    /// the answer that the driver would have given.
    fn give_up(&mut self, effect: Effect, problem: &Problem) -> Option<Input> {
        match effect {
            Effect::Reply { command_id, .. } => {
                self.perform(Effect::Reply {
                    command_id,
                    result: Err(problem.clone()),
                });
                None
            }
            Effect::Exit => {
                self.ended = true;
                None
            }
            // It runs, but nothing recorded it: it may not go on.
            Effect::Attach { execution_id } => {
                self.perform(Effect::Stop {
                    execution_id,
                    step: StopStep::Kill,
                });
                None
            }
            effect => failed_answer(effect, problem),
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Reply { command_id, result } => {
                let actor = self.actors.remove(&command_id).unwrap_or(Actor::System);
                self.publisher.tell(&Event::CommandDone {
                    command_id,
                    actor,
                    result,
                });
            }
            Effect::Notify {
                title,
                body,
                attempt_id,
            } => {
                self.publisher.tell(&Event::Notify {
                    title,
                    body,
                    attempt_id,
                });
            }
            Effect::Focus { command_id, on } => {
                let told = self.publisher.tell_a_window(&Event::Focus { on });
                self.answer(Input::Focused { command_id, told });
            }
            Effect::FindWindow { command_id } => {
                let found = self.publisher.has_a_window();
                self.answer(Input::WindowFound { command_id, found });
            }
            Effect::Exit => self.ended = true,
            effect => self.drivers.perform(effect),
        }
    }

    /// An answer that is there at once. It comes in by the door that the others use.
    fn answer(&self, input: Input) {
        let inputs = self.drivers.inputs.clone();
        // Where nobody listens any more, nobody waits.
        tokio::spawn(async move { inputs.send(input).await.ok() });
    }
}

/// The answer of a driver that could not do its work.
fn failed_answer(effect: Effect, problem: &Problem) -> Option<Input> {
    let problem = problem.clone();
    Some(match effect {
        Effect::CloneRepository { command_id, .. } => Input::RepositoryCloned {
            command_id,
            result: Err(problem),
        },
        Effect::CreateWorktree { attempt_id, .. } => Input::WorktreeCreated {
            attempt_id,
            result: Err(problem),
        },
        Effect::Spawn(request) => {
            let failure = LaunchFailure {
                kind: FailureKind::Spawn,
                message: problem.to_string(),
            };
            Input::Spawned {
                execution_id: request.execution_id,
                result: Err(failure),
            }
        }
        Effect::CommitWork {
            command_id,
            attempt_id,
            ..
        } => Input::WorkCommitted {
            command_id,
            attempt_id,
            result: Err(problem),
        },
        Effect::Land {
            command_id,
            attempt_id,
            ..
        } => Input::Landed {
            command_id,
            attempt_id,
            result: Err(problem),
        },
        Effect::UndoMerge {
            command_id,
            attempt_id,
            ..
        } => Input::MergeUndone {
            command_id,
            attempt_id,
            result: Err(problem),
        },
        Effect::RemoveWorktree { attempt_id, .. } => Input::WorktreeRemoved {
            attempt_id,
            result: Err(problem),
        },
        Effect::Restore {
            command_id,
            attempt_id,
            snapshot_id,
            ..
        } => Input::Restored {
            command_id,
            attempt_id,
            snapshot_id,
            result: Err(problem),
        },
        Effect::SetUpMcp { command_id, .. } => Input::McpSetUp {
            command_id,
            result: Err(problem),
        },
        Effect::EditAgentFile { command_id, .. } => Input::AgentFileEdited {
            command_id,
            result: Err(problem),
        },
        Effect::Backup { command_id, .. } => Input::BackedUp {
            command_id,
            result: Err(problem),
        },
        _ => return None,
    })
}
