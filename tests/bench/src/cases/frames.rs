//! Frames of the window without a desktop: the whole shell and the tessellation, at 1440 × 900, with the real fonts.

use crate::{
    Figure,
    bench::Bench,
    measure,
    window::{Board, Conversation, FedClient, Log, Painted, SIZE, Scene, SplitDiff, board, numbered},
};
use anyhow::{Result, bail};
use anyon_model::{Event as News, *};
use anyon_ui::{Place, Tab};
use egui::{Event, Modifiers, MouseWheelUnit, PointerButton, Pos2, pos2, vec2};
use std::sync::Arc;

/// Frames before those that are measured.
const WARM: usize = 30;
/// Frames that are measured.
const FRAMES: usize = 600;
/// What 99 of 100 frames may take.
const LIMIT_MS: f64 = 8.0;
/// Three hours after the worlds were made.
const NOW: Timestamp = Timestamp::from_ms(1_767_000_000_000 + 3 * 3_600_000);

/// Dragging a card over a board of all projects, while an agent tells ten times a second what it does.
pub fn board_drag(_: &Bench) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for projects in [1, 20] {
        let state = board(&Board {
            projects,
            tasks: 2_000,
            attempts: 500,
        });
        let client = FedClient::new(state);
        let mut scene = Scene::at(Place::default(), &[], NOW);
        let answer = |query: &Query| Conversation::of(0).answer(query);
        for _ in 0..WARM {
            scene.frame(&client, Vec::new());
            client.feed(answer);
        }
        let mut at = pos2(320.0, 200.0);
        scene.frame(&client, vec![Event::PointerMoved(at), press(at, true)]);
        let mut times = Times::default();
        for number in 0..FRAMES {
            if number % 6 == 0 {
                client.change(|state| speak(state, number));
            }
            at = on_a_path(number);
            let painted = scene.frame(&client, vec![Event::PointerMoved(at)]);
            client.feed(answer);
            times.add(&painted);
        }
        let of = if projects == 1 { "" } else { " of 20 projects" };
        let what = format!("board of 2,000 cards{of}, dragging one: p99 frame");
        figures.push(times.told(&what));
    }
    Ok(figures)
}

/// From column to column, and at times to their edges, where they scroll.
fn on_a_path(number: usize) -> Pos2 {
    let turn = number as f32 / 60.0;
    pos2(
        780.0 + 520.0 * (turn * 1.3).sin(),
        SIZE.y / 2.0 + 430.0 * (turn * 2.1).cos(),
    )
}

/// An agent says what it does: its execution's row and what is known of it for the moment change.
fn speak(state: &mut State, number: usize) {
    let id: ExecutionId = numbered(0x4_0001);
    let shard = state.shard_of_execution(id).cloned();
    let Some(execution) = shard.and_then(|shard| shard.executions.get(&id).cloned()) else {
        return;
    };
    let execution = Execution {
        state: ExecutionState::Running {
            activity: Activity::Turn,
        },
        ..(*execution).clone()
    };
    let live = Live {
        activity: format!("editing file{number}.rs"),
        ..Live::default()
    };
    state.apply(&[
        execution.into(),
        Change::Live {
            execution_id: id,
            live: Some(Arc::new(live)),
        },
    ]);
}

/// A conversation of 100,000 entries, moved by the wheel.
pub fn conversation_scroll(_: &Bench) -> Result<Vec<Figure>> {
    const ENTRIES: u64 = 100_000;
    let conversation = Conversation::of(ENTRIES);
    let client = FedClient::new(one_attempt(ENTRIES));
    let mut scene = Scene::at(attempt_at(Tab::Conversation), &[], NOW);
    let middle = pos2(SIZE.x / 2.0, SIZE.y / 2.0);
    for _ in 0..WARM {
        scene.frame(&client, vec![Event::PointerMoved(middle)]);
        client.feed(|query| conversation.answer(query));
    }
    let mut times = Times::default();
    for _ in 0..FRAMES {
        let wheel = Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            source: egui::MouseWheelSource::Wheel,
            delta: vec2(0.0, 160.0),
            phase: egui::TouchPhase::Move,
            modifiers: Modifiers::NONE,
        };
        let painted = scene.frame(&client, vec![wheel]);
        client.feed(|query| conversation.answer(query));
        times.add(&painted);
    }
    let last = scene.frame(&client, Vec::new());
    if !last.shows("stale(lock: &Path) -> bool {") {
        bail!("no conversation was painted: {}", last.texts());
    }
    Ok(vec![
        times.told("conversation of 100,000 entries, scrolling: p99 frame"),
    ])
}

/// A log of a million lines, its bar dragged to another place in each frame.
pub fn log_jump(_: &Bench) -> Result<Vec<Figure>> {
    let log = Log(1_000_000);
    let client = FedClient::new(one_attempt(0));
    let mut scene = Scene::at(attempt_at(Tab::Log), &[], NOW);
    let times = jump(&mut scene, &client, |query| log.answer(query))?;
    Ok(vec![times.told("log of 1,000,000 lines, jumping: p99 frame")])
}

/// A split diff of 50,000 rows, its bar dragged to another place in each frame; then the file changes.
pub fn diff_jump(_: &Bench) -> Result<Vec<Figure>> {
    const ROWS: u32 = 50_000;
    let diff = SplitDiff::of(ROWS, false);
    let client = FedClient::new(one_attempt(0));
    let mut scene = Scene::at(attempt_at(Tab::Changes), &[("changes/split", "1")], NOW);
    let times = jump(&mut scene, &client, |query| diff.answer(query))?;
    let mut changing = Vec::new();
    let others = [SplitDiff::of(ROWS - 7, true), diff];
    for changed in others.iter().cycle().take(40) {
        client.tell(News::DiffChanged {
            attempt_id: numbered(0x2_0000),
        });
        scene.frame(&client, Vec::new());
        client.feed(|query| changed.answer(query));
        let painted = scene.frame(&client, Vec::new());
        changing.push(painted.took.as_secs_f64() * 1e3);
    }
    Ok(vec![
        times.told("split diff of 50,000 rows, jumping: p99 frame"),
        Figure::at_most(
            "– the frame in which its file changed: worst of 40",
            measure::p99(&mut changing),
            16.0,
            " ms",
        ),
    ])
}

/// Drags the bar at the right edge to random places.
fn jump(scene: &mut Scene, client: &FedClient, answer: impl Fn(&Query) -> Answer) -> Result<Times> {
    for _ in 0..WARM {
        scene.frame(client, Vec::new());
        client.feed(&answer);
    }
    let x = SIZE.x - 4.0;
    let at = pos2(x, SIZE.y * 0.6);
    scene.frame(client, vec![Event::PointerMoved(at)]);
    let before = scene.frame(client, vec![press(at, true)]).texts();
    let mut random = 1_u32;
    let mut times = Times::default();
    let mut moved = 0;
    let mut last = before;
    for number in 0..FRAMES {
        // Every other frame shows what was asked for in the one before it.
        if number % 2 == 0 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        }
        let y = SIZE.y * (0.35 + 0.6 * (f64::from(random) / f64::from(u32::MAX)) as f32);
        let painted = scene.frame(client, vec![Event::PointerMoved(pos2(x, y))]);
        client.feed(&answer);
        times.add(&painted);
        let now = painted.texts();
        moved += usize::from(now != last);
        last = now;
    }
    if moved < FRAMES * 4 / 10 {
        bail!("the bar was not dragged: {moved} of {FRAMES} frames differ; the last one:\n{last}");
    }
    Ok(times)
}

/// A project with 2,000 tasks and 500 attempts; the agent of the first one is done after so many entries.
fn one_attempt(entries: u64) -> State {
    let mut state = board(&Board {
        projects: 1,
        tasks: 2_000,
        attempts: 500,
    });
    let id: ExecutionId = numbered(0x4_0000);
    let execution = state
        .shard_of_execution(id)
        .map(|shard| shard.executions[&id].clone());
    if let Some(execution) = execution {
        let mut execution = (*execution).clone();
        execution.log.entry_count = entries;
        state.apply(&[execution.into()]);
    }
    state
}

fn attempt_at(tab: Tab) -> Place {
    Place::Task {
        task_id: numbered(0x1_0000),
        attempt_id: Some(numbered(0x2_0000)),
        tab,
    }
}

fn press(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    }
}

/// How long frames took, and how long the processor worked for them, in milliseconds.
#[derive(Default)]
struct Times {
    took: Vec<f64>,
    cpu: Vec<f64>,
}

impl Times {
    fn add(&mut self, painted: &Painted) {
        self.took.push(painted.took.as_secs_f64() * 1e3);
        self.cpu.push(painted.cpu.as_secs_f64() * 1e3);
    }
    fn told(mut self, what: &str) -> Figure {
        let p99 = measure::p99(&mut self.took);
        let what = format!(
            "{what} (median {:.1} ms; processor time p99 {:.1} ms)",
            measure::median(&mut self.took),
            measure::p99(&mut self.cpu),
        );
        Figure::at_most(&what, p99, LIMIT_MS, " ms")
    }
}
