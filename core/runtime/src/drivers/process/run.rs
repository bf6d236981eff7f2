//! The task of one execution: start, record, listen, answer, end.

use super::{Order, Shared, conversation::Conversation, launch, lines::LineBuffer};
use crate::publish::lock;
use anyon_executors::process::{self, Control, Exit, Started};
use anyon_model::{
    AgentRequest, ExecutionId, ExitStatus, FailureKind, Input, LaunchFailure, LaunchRequest, LogLengths,
    LogStream, StopStep,
};
use anyon_storage::logs::LogWriter;
use std::{
    path::PathBuf,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::mpsc::UnboundedReceiver,
    task::JoinHandle,
};

/// Bytes asked for at once; a Linux pipe holds 64 KiB.
const READ_BYTES: usize = 64 * 1024;
/// How often what was written is made durable.
const SYNC_EVERY: Duration = Duration::from_millis(200);
/// How often the engine is told what is durable.
const TELL_EVERY: Duration = Duration::from_secs(1);
/// How long the pipes may stay open after everything that could write to them is gone.
const PIPE_GRACE: Duration = Duration::from_secs(1);

/// Runs an execution from its start to its end. Always ends with [`Input::Spawned`] `Err` or [`Input::Exited`], also
/// when a fault of ours breaks it off.
pub async fn run(shared: Arc<Shared>, request: LaunchRequest, orders: UnboundedReceiver<Order>) {
    let execution_id = request.execution_id;
    let spawned = Arc::new(AtomicBool::new(false));
    let life = tokio::spawn(live(shared.clone(), request, orders, spawned.clone()));
    if life.await.is_err() {
        let _ = shared
            .inputs
            .send(broken_off(&shared, execution_id, spawned.load(Ordering::Relaxed)))
            .await;
    }
    lock(&shared.live_logs).remove(&execution_id);
}

const BROKEN_OFF: &str = "Anyon's own reader of this agent broke off. Please report it with the raw log";

fn broken_off(shared: &Shared, execution_id: ExecutionId, spawned: bool) -> Input {
    if !spawned {
        return Input::Spawned {
            execution_id,
            result: Err(spawn_failure(BROKEN_OFF.into())),
        };
    }
    let log = lock(&shared.live_logs)
        .get(&execution_id)
        .and_then(|log| log.sync().ok())
        .unwrap_or_default();
    let stderr_tail = BROKEN_OFF.into();
    Input::Exited {
        execution_id,
        status: ExitStatus::Unknown,
        left: 0,
        log,
        stderr_tail,
        head: None,
    }
}

async fn live(
    shared: Arc<Shared>,
    request: LaunchRequest,
    mut orders: UnboundedReceiver<Order>,
    spawned: Arc<AtomicBool>,
) {
    let execution_id = request.execution_id;
    let worktree = request.worktree.as_path().to_path_buf();
    match start(&shared, request).await {
        Err(failure) => {
            let _ = shared
                .inputs
                .send(Input::Spawned {
                    execution_id,
                    result: Err(failure),
                })
                .await;
        }
        Ok((started, conversation)) => {
            let result = Ok(started.record.clone());
            let mut task = Task::new(shared.clone(), worktree, started, conversation);
            spawned.store(true, Ordering::Relaxed);
            let _ = shared.inputs.send(Input::Spawned { execution_id, result }).await;
            task.wait_for_attach(&mut orders).await;
            task.listen(&mut orders).await;
            task.finish(execution_id).await;
        }
    }
}

async fn start(
    shared: &Arc<Shared>,
    request: LaunchRequest,
) -> Result<(Started, Conversation), LaunchFailure> {
    let execution_id = request.execution_id;
    let worktree = request.worktree.as_path().to_path_buf();
    let preparing = shared.clone();
    let prepared = tokio::task::spawn_blocking(move || launch::prepare(&preparing, &request))
        .await
        .map_err(|error| spawn_failure(format!("preparing the start failed: {error}")))??;
    let (writer, log) = LogWriter::create(&shared.logs, execution_id)
        .map_err(|error| spawn_failure(format!("the log could not be made: {error}")))?;
    lock(&shared.live_logs).insert(execution_id, log.clone());
    let started = process::start(&shared.exe, prepared.plan).await?;
    Ok((
        started,
        Conversation::new(
            shared.clone(),
            execution_id,
            worktree,
            prepared.protocol,
            writer,
            log,
        ),
    ))
}

fn spawn_failure(message: String) -> LaunchFailure {
    LaunchFailure {
        kind: FailureKind::Spawn,
        message,
    }
}

/// The process side of an execution.
struct Task {
    shared: Arc<Shared>,
    worktree: PathBuf,
    conversation: Conversation,
    stdin: Option<Box<dyn AsyncWrite + Send + Unpin>>,
    stdout: Pipe,
    stderr: Pipe,
    control: Control,
    /// Dropped with the task, whatever ends it: that ends the process.
    exit: Pin<Box<dyn Future<Output = Exit> + Send + Sync>>,
    close_stdin: bool,
    has_orders: bool,
    exited: Option<(Exit, Instant)>,
    told_at: Instant,
}

impl Task {
    fn new(shared: Arc<Shared>, worktree: PathBuf, started: Started, conversation: Conversation) -> Self {
        Self {
            shared,
            worktree,
            conversation,
            stdin: Some(Box::new(started.stdin)),
            stdout: Pipe::new(LogStream::Out, Box::new(started.stdout)),
            stderr: Pipe::new(LogStream::Err, Box::new(started.stderr)),
            control: started.control,
            exit: Box::pin(started.exit.wait()),
            close_stdin: false,
            has_orders: true,
            exited: None,
            told_at: Instant::now(),
        }
    }

    /// Nothing is read and nothing said before the process is recorded in the store: if Anyon dies now, the record
    /// finds it. Only a stop does not wait.
    async fn wait_for_attach(&mut self, orders: &mut UnboundedReceiver<Order>) {
        let mut held = Vec::new();
        loop {
            match orders.recv().await {
                Some(Order::Attach) => {
                    self.conversation.start();
                    self.close_stdin = self.conversation.speaks_once();
                    held.into_iter().for_each(|order| self.obey(order));
                    return;
                }
                Some(order @ Order::Send(_)) => held.push(order),
                Some(order @ Order::Stop(_)) => return self.obey(order),
                None => return self.abandon(),
            }
        }
    }

    /// Nobody is there any more to stop it later.
    fn abandon(&mut self) {
        self.has_orders = false;
        self.control.kill();
    }

    async fn listen(&mut self, orders: &mut UnboundedReceiver<Order>) {
        let mut ticks = tokio::time::interval(SYNC_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut syncing: Option<JoinHandle<std::io::Result<LogLengths>>> = None;
        while !self.is_over() {
            let has_stdin = self.stdin.is_some() && !self.conversation.to_write().is_empty();
            tokio::select! {
                order = orders.recv(), if self.has_orders => match order {
                    Some(order) => self.obey(order),
                    None => self.abandon(),
                },
                () = self.stdout.read(), if self.stdout.is_open() => self.stdout.hand_over(&mut self.conversation),
                () = self.stderr.read(), if self.stderr.is_open() => self.stderr.hand_over(&mut self.conversation),
                written = write_some(&mut self.stdin, self.conversation.to_write()), if has_stdin => {
                    self.wrote(written);
                }
                exit = &mut self.exit, if self.exited.is_none() => self.exited = Some((exit, Instant::now())),
                synced = join(&mut syncing), if syncing.is_some() => {
                    syncing = None;
                    self.synced(synced).await;
                }
                _ = ticks.tick() => {
                    self.conversation.release_soft_events();
                    self.conversation.retry_log();
                    if syncing.is_none() && let Some(log) = self.conversation.log_to_sync() {
                        syncing = Some(tokio::task::spawn_blocking(move || log.sync()));
                    }
                }
            }
            self.conversation.tell_engine().await;
            if self.close_stdin && self.conversation.to_write().is_empty() {
                self.stdin = None;
            }
        }
    }

    fn is_over(&self) -> bool {
        self.exited.as_ref().is_some_and(|(_, at)| {
            (!self.stdout.is_open() && !self.stderr.is_open()) || at.elapsed() > PIPE_GRACE
        })
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Attach => {}
            Order::Send(request) => self.conversation.request(&request),
            Order::Stop(StopStep::Interrupt) => self.conversation.request(&AgentRequest::Interrupt),
            Order::Stop(StopStep::CloseStdin) => self.close_stdin = true,
            Order::Stop(StopStep::Term) => self.control.term(),
            Order::Stop(StopStep::Kill) => self.control.kill(),
            Order::Stop(StopStep::Sweep) => self.control.sweep(),
        }
    }

    fn wrote(&mut self, written: std::io::Result<usize>) {
        match written {
            Ok(bytes) if bytes > 0 => self.conversation.written(bytes),
            // The agent closed its standard input: it is about to end, or will never read again.
            _ => {
                self.stdin = None;
                self.conversation.written(usize::MAX);
            }
        }
    }

    async fn synced(&mut self, synced: Option<std::io::Result<LogLengths>>) {
        match synced {
            Some(Ok(log)) if self.told_at.elapsed() >= TELL_EVERY => {
                self.told_at = Instant::now();
                self.conversation.tell_log(log).await;
            }
            Some(Err(error)) => self.conversation.log_failed(&error),
            _ => {}
        }
    }

    async fn finish(mut self, execution_id: ExecutionId) {
        let exit = self.exited.take().map_or(
            Exit {
                status: ExitStatus::Unknown,
                left: 0,
            },
            |(exit, _)| exit,
        );
        self.stdout.close(&mut self.conversation);
        self.stderr.close(&mut self.conversation);
        self.conversation.exited(exit.status);
        self.conversation.tell_engine().await;
        let stderr_tail = self.conversation.stderr_tail();
        let (git, worktree, conversation) = (self.shared.git.clone(), self.worktree, self.conversation);
        let closing = tokio::task::spawn_blocking(move || (conversation.close(), git.head(&worktree).ok()));
        let (log, head) = closing.await.unwrap_or_default();
        let input = Input::Exited {
            execution_id,
            status: exit.status,
            left: exit.left,
            log,
            stderr_tail,
            head,
        };
        let _ = self.shared.inputs.send(input).await;
    }
}

async fn write_some(
    stdin: &mut Option<Box<dyn AsyncWrite + Send + Unpin>>,
    bytes: &[u8],
) -> std::io::Result<usize> {
    match stdin {
        Some(stdin) => {
            let written = stdin.write(bytes).await?;
            stdin.flush().await?;
            Ok(written)
        }
        None => Ok(0),
    }
}

async fn join<T>(task: &mut Option<JoinHandle<T>>) -> Option<T> {
    match task {
        Some(task) => task.await.ok(),
        None => std::future::pending().await,
    }
}

/// One of the agent's output pipes.
struct Pipe {
    stream: LogStream,
    source: Option<Box<dyn AsyncRead + Send + Unpin>>,
    lines: LineBuffer,
}

impl Pipe {
    fn new(stream: LogStream, source: Box<dyn AsyncRead + Send + Unpin>) -> Self {
        Self {
            stream,
            source: Some(source),
            lines: LineBuffer::default(),
        }
    }

    fn is_open(&self) -> bool {
        self.source.is_some()
    }

    /// Reads what is there. Safe to drop half-way: nothing is read then.
    async fn read(&mut self) {
        let Some(source) = &mut self.source else {
            return std::future::pending().await;
        };
        let space = self.lines.space();
        space.reserve(READ_BYTES);
        match source.read_buf(space).await {
            Ok(bytes) if bytes > 0 => {}
            _ => self.source = None,
        }
    }

    fn hand_over(&mut self, conversation: &mut Conversation) {
        if self.source.is_none() {
            self.lines.close();
        }
        let stream = self.stream;
        self.lines.take_lines(|lines| conversation.take(stream, lines));
    }

    fn close(&mut self, conversation: &mut Conversation) {
        self.source = None;
        self.hand_over(conversation);
    }
}
