//! Opening what is finished.

use crate::{Figure, bench::Bench, measure, repository};
use anyhow::{Result, bail};
use anyon_e2e::fake_agent::script::{Script, Step};
use anyon_model::{Answer, PageRange, Query};
use std::time::Instant;

/// Messages of the run: each is one entry and about twenty lines.
const LINES: u64 = 100_000;

/// Opens a run of 100,000 lines in a fresh host, at its end and at every place.
pub fn finished_run(bench: &Bench) -> Result<Vec<Figure>> {
    let repo = bench.folder.join("repo");
    repository::make(&repo, 20, 20)?;
    bench.script(&Script::of([vec![Step::Burst(LINES)]]))?;
    let desk = bench.host()?;
    let attempt_id = desk.start(desk.add_project(&repo)?)?;
    desk.until_idle(attempt_id)?;
    let execution_id = desk.execution(attempt_id)?;
    desk.host.shutdown();

    let desk = bench.host()?;
    let memory = measure::memory(std::process::id());
    let began = Instant::now();
    let range = PageRange::Last { count: 100 };
    let Answer::Entries(page) = desk.ask(Query::Entries { execution_id, range })? else {
        bail!("no page")
    };
    let first_screen = began.elapsed();
    let more = measure::memory(std::process::id()).saturating_sub(memory);
    if page.entries.len() < 100 {
        bail!("the last page has {} entries", page.entries.len());
    }
    let reachable = reachable(&desk, execution_id, page.total)?;
    let raw = raw_lines(&desk, execution_id)?;
    desk.host.shutdown();
    Ok(vec![
        Figure::at_most(
            "open a finished run of 100,000 lines: first screen",
            first_screen.as_secs_f64() * 1e3,
            30.0,
            " ms",
        ),
        Figure::at_most("– memory more", more as f64 / (1 << 20) as f64, 20.0, " MiB"),
        Figure::exactly(
            "– entries reachable",
            format!("{reachable} of {}", page.total),
            format!("{0} of {0}", page.total),
        ),
        Figure::exactly("– raw lines reachable", raw >= LINES, true),
    ])
}

fn reachable(desk: &crate::bench::Desk, execution_id: anyon_model::ExecutionId, total: u64) -> Result<u64> {
    let mut first = 0;
    while first < total {
        let range = PageRange::From { first, count: 500 };
        let Answer::Entries(page) = desk.ask(Query::Entries { execution_id, range })? else {
            bail!("no page")
        };
        let in_order = page
            .entries
            .iter()
            .zip(first..)
            .all(|(entry, place)| entry.index.0 == place);
        if page.entries.is_empty() || !in_order {
            break;
        }
        first += page.entries.len() as u64;
    }
    Ok(first)
}

fn raw_lines(desk: &crate::bench::Desk, execution_id: anyon_model::ExecutionId) -> Result<u64> {
    let range = PageRange::From {
        first: LINES / 2,
        count: 10,
    };
    match desk.ask(Query::RawLog { execution_id, range })? {
        Answer::RawLog(page) if page.lines.len() == 10 => Ok(page.total),
        other => bail!("no page of the raw log: {other:?}"),
    }
}
