//! How soon a client knows.

use crate::{Figure, bench::Bench, measure, repository};
use anyhow::{Result, bail};
use anyon_e2e::fake_agent::script::{Script, Step};
use anyon_model::{Answer, AttemptStatus, Client, EntryKind, Event, PageRange, Query};
use std::time::{SystemTime, UNIX_EPOCH};

fn now_micros() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64()
        * 1e6
}

/// Lines that carry the time they were written at, one every 4 ms.
pub fn line_to_event(bench: &Bench) -> Result<Vec<Figure>> {
    const LINES: u32 = 1000;
    let repo = bench.folder.join("repo");
    repository::make(&repo, 20, 20)?;
    bench.script(&Script::of([vec![Step::Ticks {
        lines: u64::from(LINES),
        every_ms: 4,
    }]]))?;
    let desk = bench.host()?;
    let attempt_id = desk.start(desk.add_project(&repo)?)?;
    let mut delays = Vec::new();
    let mut seen = 0.0;
    while delays.len() < LINES as usize {
        let (execution_id, at) = desk.until(|event| match event {
            Event::EntriesChanged { execution_id, .. } => Some((*execution_id, now_micros())),
            _ => None,
        })?;
        let range = PageRange::Last { count: 4 };
        let Answer::Entries(page) = desk.ask(Query::Entries { execution_id, range })? else {
            bail!("no page")
        };
        let text: String = page
            .entries
            .iter()
            .filter_map(|entry| match &entry.kind {
                EntryKind::AssistantMessage { text } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let times: Vec<f64> = text
            .split("t=")
            .filter_map(|tick| tick.split(';').next()?.parse().ok())
            .collect();
        let last = seen;
        for time in times.iter().skip_while(|time| **time <= last) {
            // Ticks that came after the event are measured by the next one.
            if *time <= at {
                delays.push((at - time) / 1e3);
                seen = *time;
            }
        }
        if desk
            .client
            .state()
            .shard_of_attempt(attempt_id)
            .and_then(|shard| shard.attempt_status(attempt_id))
            == Some(AttemptStatus::Failed)
        {
            bail!("the run failed");
        }
    }
    desk.host.shutdown();
    Ok(vec![Figure::at_most(
        "line written → event at a client, p99",
        measure::p99(&mut delays),
        5.0,
        " ms",
    )])
}

/// An agent that writes down when it ends.
pub fn exit_shown(bench: &Bench) -> Result<Vec<Figure>> {
    let repo = bench.folder.join("repo");
    repository::make(&repo, 20, 20)?;
    bench.script(&Script::of([vec![
        Step::Ticks {
            lines: 1,
            every_ms: 0,
        },
        Step::Exit(3),
    ]]))?;
    let desk = bench.host()?;
    let project_id = desk.add_project(&repo)?;
    let mut delays = Vec::new();
    for _ in 0..20 {
        let attempt_id = desk.start(project_id)?;
        desk.until_state(|state| {
            let status = state.shard_of_attempt(attempt_id)?.attempt_status(attempt_id)?;
            (status == AttemptStatus::Failed).then_some(())
        })?;
        let at = now_micros();
        let execution_id = desk.execution(attempt_id)?;
        let range = PageRange::From { first: 0, count: 100 };
        let Answer::Entries(page) = desk.ask(Query::Entries { execution_id, range })? else {
            bail!("no page")
        };
        let wrote = page.entries.iter().find_map(|entry| match &entry.kind {
            EntryKind::AssistantMessage { text } => {
                text.split("t=").nth(1)?.split(';').next()?.parse::<f64>().ok()
            }
            _ => None,
        });
        delays.extend(wrote.map(|wrote| (at - wrote) / 1e3));
    }
    desk.host.shutdown();
    if delays.len() < 20 {
        bail!("only {} of 20 ends could be timed", delays.len());
    }
    Ok(vec![Figure::at_most(
        "process exit → shown, median of 20",
        measure::median(&mut delays),
        20.0,
        " ms",
    )])
}
