//! From a key to its glyph while ten agents stream into a host in the same process.

use crate::{
    Figure,
    bench::Bench,
    measure, repository,
    window::{Painted, Scene},
};
use anyhow::{Context, Result, bail};
use anyon_e2e::fake_agent::script::{Script, Step};
use anyon_model::{Actor, AttemptId, Client, Timestamp};
use anyon_runtime::{Host, LocalClient};
use anyon_ui::Place;
use egui::{Event, Modifiers, PointerButton};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

const AGENTS: u32 = 10;
pub(super) const KEYS: usize = 600;
/// What 99 of 100 keys may take: a frame of a screen that shows sixty a second.
pub(super) const LIMIT_MS: f64 = 16.0;

/// Types into the composer of an attempt that streams beside nine others.
pub fn while_ten_stream(bench: &Bench) -> Result<Vec<Figure>> {
    let repo = bench.folder.join("repo");
    repository::make(&repo, 20, 20)?;
    bench.script(&Script::of([vec![Step::Burst(50_000_000)]]))?;
    // As the window does: on a thread that gives way to this one.
    let host = || {
        anyon_executors::process::give_way();
        bench.host()
    };
    let desk = thread::scope(|scope| scope.spawn(host).join())
        .map_err(|_| anyhow::anyhow!("the host panicked"))??;
    desk.allow_running(AGENTS)?;
    let project_id = desk.add_project(&repo)?;
    let attempts: Vec<AttemptId> = (0..AGENTS)
        .map(|_| desk.start(project_id))
        .collect::<Result<_>>()?;
    let attempt_id = *attempts.last().context("no attempt")?;
    desk.until_state(|state| {
        let stream = |id: &AttemptId| {
            let execution = state.shard_of_attempt(*id)?.last_agent_execution(*id)?;
            state.live.get(&execution.id)?.last_output_at
        };
        attempts.iter().all(|id| stream(id).is_some()).then_some(())
    })?;
    let state = desk.client.state();
    let shard = state.shard_of_attempt(attempt_id).context("no attempt")?;
    let task_id = shard.attempts[&attempt_id].task_id;

    let mut window = Typist::at(&desk.host, Place::attempt(task_id, attempt_id));
    let mut took = window.type_keys()?;
    let frames = window.frames();
    let streaming = attempts
        .iter()
        .filter(|id| is_active(&window.client, **id))
        .count();
    drop(window);
    desk.host.shutdown();
    if streaming < AGENTS as usize {
        bail!("only {streaming} of {AGENTS} agents still streamed at the end");
    }
    let what = format!(
        "key → glyph in the composer while 10 agents stream: p99 of {KEYS} (median {:.1} ms, {frames} frames)",
        measure::median(&mut took),
    );
    Ok(vec![Figure::at_most(
        &what,
        measure::p99(&mut took),
        LIMIT_MS,
        " ms",
    )])
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp::from_ms(i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(0))
}

fn is_active(client: &LocalClient, attempt_id: AttemptId) -> bool {
    let state = client.state();
    let shard = state.shard_of_attempt(attempt_id);
    shard
        .and_then(|shard| shard.attempt_status(attempt_id))
        .is_some_and(|status| status.is_active())
}

/// The news of a client, as the window's event loop gets them.
struct Wake {
    news: AtomicBool,
    thread: thread::Thread,
}

impl Wake {
    fn here() -> Self {
        Self {
            news: AtomicBool::new(false),
            thread: thread::current(),
        }
    }
    fn wake(&self) {
        if !self.news.swap(true, Ordering::AcqRel) {
            self.thread.unpark();
        }
    }
}

/// A person at a window.
pub(super) struct Typist {
    scene: Scene,
    client: LocalClient,
    wake: Arc<Wake>,
    /// When the next frame is wanted.
    due: Option<Instant>,
    last: Instant,
    frames: usize,
}

impl Typist {
    /// At a window of this host, which is in this process.
    pub(super) fn at(host: &Host, place: Place) -> Self {
        let wake = Arc::new(Wake::here());
        let waker = wake.clone();
        let client = host.client_with_wake(Actor::Person, Some(Arc::new(move || waker.wake())));
        Self {
            scene: Scene::at(place, &[], now()).live(),
            client,
            wake,
            due: Some(Instant::now()),
            last: Instant::now(),
            frames: 0,
        }
    }

    /// The frames so far.
    pub(super) fn frames(&self) -> usize {
        self.frames
    }

    /// Types a key every 29 to 45 ms. Gives how long each took, from when it was pressed: a frame that was under way
    /// then counts too.
    pub(super) fn type_keys(&mut self) -> Result<Vec<f64>> {
        self.until(Instant::now() + Duration::from_secs(1));
        let hint = "Write ahead";
        let field = self.frame(Vec::new()).place_of(hint).context("no composer")?;
        self.frame(vec![Event::PointerMoved(field)]);
        for pressed in [true, false] {
            self.frame(vec![Event::PointerButton {
                pos: field,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            }]);
        }
        self.until(Instant::now() + Duration::from_millis(300));
        let mut written = String::new();
        let mut took = Vec::new();
        let mut at = Instant::now();
        for number in 0..KEYS {
            at += Duration::from_millis(29 + (number as u64 * 7) % 17);
            self.until(at);
            let key = char::from(b'a' + (number % 26) as u8);
            // A line now and then: the text stays as long as one that a person writes.
            let key = if number % 40 == 39 { ' ' } else { key };
            written.push(key);
            let painted = self.frame(vec![Event::Text(key.to_string())]);
            took.push(at.elapsed().as_secs_f64() * 1e3);
            if !painted.shows(&written) {
                bail!(
                    "the glyph of key {number} is not in its frame:\n{}",
                    painted.texts()
                );
            }
        }
        Ok(took)
    }

    /// Paints the frames that news ask for, until a key is pressed.
    fn until(&mut self, key: Instant) {
        loop {
            let now = Instant::now();
            if now >= key {
                return;
            }
            if self.wake.news.swap(false, Ordering::AcqRel) {
                let soon = now + self.scene.pace().wait(now - self.last);
                self.due = Some(self.due.map_or(soon, |due| due.min(soon)));
            }
            if self.due.is_some_and(|due| due <= now) {
                self.frame(Vec::new());
                continue;
            }
            let next = self.due.map_or(key, |due| due.min(key));
            thread::park_timeout(next.saturating_duration_since(now));
        }
    }

    fn frame(&mut self, events: Vec<Event>) -> Painted {
        self.frames += 1;
        let painted = self.scene.frame(&self.client, events);
        self.last = Instant::now();
        self.due = self.last.checked_add(painted.again);
        painted
    }
}
