//! The conversation side of an execution: its protocol, its log and what the engine is told of it.

use super::{Shared, lines, links};
use crate::clock;
use anyon_executors::protocols::{Output, Protocol};
use anyon_model::{
    AgentEvent, AgentRequest, EntryChange, Event, ExecutionId, ExitStatus, Input, LogLengths, LogStream,
    Problem, ProblemCode,
};
use anyon_storage::logs::{LogHandle, LogWriter};
use std::{io, path::PathBuf, sync::Arc, time::Instant};

/// Bytes of standard error kept for the message of a failure.
const STDERR_TAIL_BYTES: usize = 2048;

/// What is said in an execution.
pub struct Conversation {
    shared: Arc<Shared>,
    execution_id: ExecutionId,
    worktree: PathBuf,
    protocol: Box<dyn Protocol>,
    /// Keeps what the disk would not take and tries again, up to its limit.
    writer: LogWriter,
    log_is_failing: bool,
    log: LogHandle,
    began: Instant,
    output: Output,
    to_write: Vec<u8>,
    /// Told at once.
    hard: Vec<AgentEvent>,
    /// Told now and then, only the newest of each kind.
    soft: Vec<AgentEvent>,
    stderr_tail: Vec<u8>,
    grew: bool,
}

impl Conversation {
    /// A conversation that nothing was said in.
    pub fn new(
        shared: Arc<Shared>,
        execution_id: ExecutionId,
        worktree: PathBuf,
        protocol: Box<dyn Protocol>,
        writer: LogWriter,
        log: LogHandle,
    ) -> Self {
        Self {
            shared,
            execution_id,
            worktree,
            protocol,
            writer,
            log_is_failing: false,
            log,
            began: Instant::now(),
            output: Output::default(),
            to_write: Vec::new(),
            hard: Vec::new(),
            soft: Vec::new(),
            stderr_tail: Vec::new(),
            grew: false,
        }
    }

    /// Says the protocol's first lines.
    pub fn start(&mut self) {
        let mut stdin = Vec::new();
        self.protocol.start(&mut stdin);
        self.say(&stdin);
        self.absorb();
    }

    /// Nothing more can be said: the agent begins when its standard input ends.
    pub fn speaks_once(&self) -> bool {
        self.protocol.speaks_once()
    }

    /// Tells the agent something.
    pub fn request(&mut self, request: &AgentRequest) {
        let mut stdin = Vec::new();
        self.protocol.request(request, &mut stdin);
        self.say(&stdin);
        self.absorb();
    }

    /// Takes whole lines that the agent wrote.
    pub fn take(&mut self, stream: LogStream, lines: &[u8]) {
        if stream == LogStream::Err {
            self.keep_stderr(lines);
        }
        self.read(stream, lines);
        self.absorb();
    }

    /// The process is gone.
    pub fn exited(&mut self, status: ExitStatus) {
        self.protocol.on_exit(status, clock::now(), &mut self.output);
        self.output.stdin.clear();
        self.absorb();
        self.release_soft_events();
    }

    /// What waits to be written to the agent.
    pub fn to_write(&self) -> &[u8] {
        &self.to_write
    }

    /// So many bytes of it were written, or are not wanted any more.
    pub fn written(&mut self, bytes: usize) {
        self.to_write.drain(..bytes.min(self.to_write.len()));
    }

    /// The log, if it grew since the last call.
    pub fn log_to_sync(&mut self) -> Option<LogHandle> {
        std::mem::take(&mut self.grew).then(|| self.log.clone())
    }

    /// Lets the events that may wait go with the next [`Self::tell_engine`].
    pub fn release_soft_events(&mut self) {
        self.hard.append(&mut self.soft);
    }

    /// Sends the engine what it has to know. Waits when the engine is behind: that slows the agent down, nothing is
    /// lost.
    pub async fn tell_engine(&mut self) {
        if self.hard.is_empty() {
            return;
        }
        let events = std::mem::take(&mut self.hard);
        let _ = self
            .shared
            .inputs
            .send(Input::Agent {
                execution_id: self.execution_id,
                events,
            })
            .await;
    }

    /// Tells the engine how much of the log is durable.
    pub async fn tell_log(&self, log: LogLengths) {
        let _ = self
            .shared
            .inputs
            .send(Input::LogGrew {
                execution_id: self.execution_id,
                log,
            })
            .await;
    }

    /// The last lines of standard error.
    pub fn stderr_tail(&self) -> String {
        String::from_utf8_lossy(&self.stderr_tail).trim().to_owned()
    }

    /// A log that cannot be written is told once; the agent goes on, and what it says is written as soon as the disk
    /// takes it.
    pub fn log_failed(&mut self, error: &io::Error) {
        if !std::mem::replace(&mut self.log_is_failing, true) {
            let problem = Problem::new(ProblemCode::Io, "The log of a run cannot be written")
                .detail(error.to_string())
                .hint("free some disk space; the agent goes on, and its log as soon as that is possible");
            self.shared.publisher.tell(&Event::Failed(problem));
        }
    }

    /// Tries again to write what the disk would not take.
    pub fn retry_log(&mut self) {
        if self.log_is_failing && self.writer.flush().is_ok() {
            self.log_is_failing = false;
            self.grew = true;
        }
    }

    /// Makes everything durable. Blocks.
    pub fn close(mut self) -> LogLengths {
        self.writer.finish().unwrap_or_else(|error| {
            self.log_failed(&error);
            self.log.sync().unwrap_or_default()
        })
    }

    /// Logs lines that we send, lets the protocol learn them, and queues them for writing.
    fn say(&mut self, lines: &[u8]) {
        if !lines.is_empty() {
            self.read(LogStream::In, lines);
            self.to_write.extend_from_slice(lines);
        }
    }

    fn read(&mut self, stream: LogStream, lines: &[u8]) {
        self.grew = true;
        let after_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.write_log(|writer| writer.append_raw(stream, after_ms, lines));
        let now = clock::now();
        for line in lines::split(lines) {
            self.protocol.on_line(stream, line, now, &mut self.output);
        }
    }

    /// Spreads what the protocol made: entries to the log, the rest to the engine, replies to the agent.
    fn absorb(&mut self) {
        let mut from = u64::MAX;
        loop {
            for event in std::mem::take(&mut self.output.events) {
                match event {
                    AgentEvent::Entry(change) => {
                        from = from.min(place(&change));
                        self.write_log(|writer| writer.apply(change));
                    }
                    event => self.note(event),
                }
            }
            let reply = std::mem::take(&mut self.output.stdin);
            if reply.is_empty() && self.output.events.is_empty() {
                break;
            }
            self.say(&reply);
        }
        self.write_log(LogWriter::flush);
        if from != u64::MAX {
            self.shared
                .publisher
                .tell_entries(self.execution_id, from, self.log.entry_count());
        }
    }

    fn note(&mut self, event: AgentEvent) {
        let is_soft = matches!(
            event,
            AgentEvent::Activity(_)
                | AgentEvent::Usage(_)
                | AgentEvent::ResumePoint { .. }
                | AgentEvent::Model { .. }
        );
        if is_soft {
            self.soft
                .retain(|old| std::mem::discriminant(old) != std::mem::discriminant(&event));
            self.soft.push(event);
        } else {
            // A turn's end must not overtake the usage that belongs to it.
            self.release_soft_events();
            if let AgentEvent::Approval(request) = &event
                && links::misleads(&request.question, &self.worktree)
            {
                self.hard.push(AgentEvent::Misleading {
                    key: request.key.clone(),
                });
            }
            self.hard.push(event);
        }
    }

    fn write_log(&mut self, write: impl FnOnce(&mut LogWriter) -> io::Result<()>) {
        match write(&mut self.writer) {
            // A change that makes no sense is a fault of the protocol's reader; the raw line is kept all the same.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                tracing::warn!(%error, execution = %self.execution_id, "an entry was left out");
            }
            Err(error) => self.log_failed(&error),
            Ok(()) => {}
        }
    }

    fn keep_stderr(&mut self, lines: &[u8]) {
        self.stderr_tail.extend_from_slice(lines);
        let excess = self.stderr_tail.len().saturating_sub(STDERR_TAIL_BYTES);
        self.stderr_tail.drain(..excess);
    }
}

fn place(change: &EntryChange) -> u64 {
    match change {
        EntryChange::Put(entry) => entry.index.0,
        EntryChange::Append { index, .. } => index.0,
    }
}
