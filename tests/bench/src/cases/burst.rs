//! Agents that write as fast as they can.

use crate::{
    Figure,
    bench::{Bench, Desk},
    measure, repository,
};
use anyhow::{Result, bail};
use anyon_e2e::fake_agent::{
    burst,
    script::{Script, Step},
};
use anyon_model::{Answer, AttemptId, EntryKind, PageRange, Query};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Parse and append of one line, measured on the machine that the predecessors were measured on.
const FLOOR_MICROS: f64 = 0.85;

/// One agent, 500,000 lines.
pub fn one_agent(bench: &Bench) -> Result<Vec<Figure>> {
    let seen = run(bench, 1, 500_000)?;
    Ok(vec![
        Figure::exactly(
            "500,000 lines in a burst: stored and readable",
            seen.stored,
            "100 %",
        ),
        Figure::at_most("– peak memory of our processes", seen.peak_mib, 150.0, " MiB"),
        Figure::at_most(
            "– written to disk per byte of agent output",
            seen.written_ratio,
            2.5,
            "×",
        ),
        Figure::at_most(
            "– CPU per line ÷ floor (parse and append, 0.85 µs)",
            seen.cpu_micros / FLOOR_MICROS,
            6.0,
            "×",
        ),
    ])
}

/// Ten agents, 50,000 lines each.
pub fn ten_agents(bench: &Bench) -> Result<Vec<Figure>> {
    let seen = run(bench, 10, 50_000)?;
    Ok(vec![
        Figure::exactly(
            "10 agents × 50,000 lines: stored and readable",
            seen.stored,
            "100 %",
        ),
        Figure::at_most("– peak memory of our processes", seen.peak_mib, 250.0, " MiB"),
        Figure::at_most("– all settled after", seen.settled.as_secs_f64(), 8.0, " s"),
    ])
}

struct Seen {
    stored: String,
    peak_mib: f64,
    written_ratio: f64,
    cpu_micros: f64,
    settled: Duration,
}

fn run(bench: &Bench, agents: u32, lines: u64) -> Result<Seen> {
    let repo = bench.folder.join("repo");
    repository::make(&repo, 20, 20)?;
    bench.script(&Script::of([vec![Step::Burst(lines)]]))?;
    let desk = bench.host()?;
    desk.allow_running(agents)?;
    let project_id = desk.add_project(&repo)?;
    measure::forget_peak()?;
    let supervisors = Supervisors::watch();
    let (cpu, written, began) = (measure::cpu_time(), measure::written()?, Instant::now());
    let attempts: Vec<AttemptId> = (0..agents)
        .map(|_| desk.start(project_id))
        .collect::<Result<_>>()?;
    for attempt_id in &attempts {
        desk.until_idle(*attempt_id)?;
    }
    let settled = began.elapsed();
    let (cpu, written) = (measure::cpu_time() - cpu, measure::written()? - written);
    let peak = measure::peak_memory(std::process::id()) + supervisors.peak();
    let mut stored = 0;
    for attempt_id in &attempts {
        stored += words_stored(&desk, *attempt_id)?;
    }
    let output = burst_bytes(lines) * u64::from(agents);
    let wanted = burst::words_in(lines) * u64::from(agents);
    desk.host.shutdown();
    Ok(Seen {
        stored: if stored == wanted {
            "100 %".into()
        } else {
            format!("{stored} of {wanted} words")
        },
        peak_mib: peak as f64 / (1 << 20) as f64,
        written_ratio: written as f64 / output as f64,
        cpu_micros: cpu.as_secs_f64() * 1e6 / (lines * u64::from(agents)) as f64,
        settled,
    })
}

/// Reads the whole conversation by pages and counts the burst's words that stand in it in their order.
fn words_stored(desk: &Desk, attempt_id: AttemptId) -> Result<u64> {
    let execution_id = desk.execution(attempt_id)?;
    let (mut first, mut next) = (0, 0);
    loop {
        let range = PageRange::From { first, count: 1000 };
        let Answer::Entries(page) = desk.ask(Query::Entries { execution_id, range })? else {
            bail!("no page")
        };
        if page.entries.is_empty() {
            return Ok(next);
        }
        for entry in &page.entries {
            if let EntryKind::AssistantMessage { text } = &entry.kind {
                for word in text.split_inclusive(' ') {
                    next += u64::from(word == burst::word(next));
                }
            }
        }
        first += page.entries.len() as u64;
    }
}

/// Bytes of a burst.
fn burst_bytes(lines: u64) -> u64 {
    let lengths = (burst::LONGEST_BYTES - burst::SHORTEST_BYTES + 1) as u64;
    (0..lines)
        .map(|number| burst::SHORTEST_BYTES as u64 + number % lengths)
        .sum()
}

/// Looks at the memory of our supervisors while a case runs.
struct Supervisors {
    done: Arc<AtomicBool>,
    peak: Arc<AtomicU64>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Supervisors {
    fn watch() -> Self {
        let (done, peak) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (is_done, highest) = (done.clone(), peak.clone());
        let thread = std::thread::spawn(move || {
            while !is_done.load(Ordering::Relaxed) {
                let ours = measure::descendants(std::process::id());
                let sum = ours
                    .into_iter()
                    .filter(|pid| measure::name(*pid) == "anyon")
                    .map(measure::peak_memory)
                    .sum();
                highest.fetch_max(sum, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        Self {
            done,
            peak,
            thread: Some(thread),
        }
    }

    fn peak(mut self) -> u64 {
        self.done.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.peak.load(Ordering::Relaxed)
    }
}
