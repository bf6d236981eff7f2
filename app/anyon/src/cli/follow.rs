//! Follows the conversation of an attempt: asks for what changed and hands it to the output.
//!
//! A log that cannot be read is told once and never ends anything: the agent works all the same.

use super::{cards::AttemptCard, exchange::Exchange, out::Out};
use anyon_model::{AttemptId, Event, ExecutionId, PageRange, Problem, ProblemCode, State};
use std::collections::BTreeMap;

const PAGE: u32 = 200;
/// Entries that a last look goes back at most.
const LOOK_BACK: u64 = 500;

/// How far each execution of an attempt was shown.
pub struct Follow {
    attempt_id: AttemptId,
    name: String,
    seen: BTreeMap<ExecutionId, Seen>,
    /// What could not be read of each execution, as it was last told.
    unread: BTreeMap<ExecutionId, Problem>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    total: u64,
    /// The first entry that may still change.
    unsettled: Option<u64>,
}

impl Follow {
    /// Follows an attempt; nothing is shown yet.
    pub fn new(card: &AttemptCard) -> Self {
        Self {
            attempt_id: card.attempt.id,
            name: card.name.clone(),
            seen: BTreeMap::new(),
            unread: BTreeMap::new(),
        }
    }

    /// A log that is there could not be read.
    pub fn has_failed(&self) -> bool {
        self.unread
            .values()
            .any(|problem| problem.code != ProblemCode::NotFound)
    }

    /// Shows the whole conversation so far.
    pub fn show_all(&mut self, exchange: &mut Exchange<'_>, out: &mut Out) {
        for execution_id in executions(&exchange.state(), self.attempt_id) {
            self.tell_handover(exchange, out, execution_id);
            self.show(exchange, out, execution_id, 0);
        }
    }

    /// Another agent takes over, or a new session: said once, before anything of it is shown.
    fn tell_handover(&mut self, exchange: &Exchange<'_>, out: &mut Out, execution_id: ExecutionId) {
        if self.seen.contains_key(&execution_id) {
            return;
        }
        let state = exchange.state();
        let shard = state.shard_of_execution(execution_id);
        let name = |executor: &str| {
            let spec = anyon_executors::agents::agent(executor);
            spec.map_or_else(|| executor.to_owned(), |spec| spec.name.to_owned())
        };
        if let Some((to, from)) = shard.and_then(|shard| shard.handover(execution_id)) {
            let text = format!(
                "{} takes over from {}",
                name(&to.profile.executor),
                name(&from.profile.executor)
            );
            out.note(&text);
        } else if let Some(session) = shard.and_then(|shard| shard.begun_anew(execution_id)) {
            out.note(&format!(
                "{} does not have its session any more: a new one goes on, with a summary",
                name(&session.profile.executor)
            ));
        }
    }

    /// Shows what events tell of.
    pub fn take(&mut self, exchange: &mut Exchange<'_>, out: &mut Out, events: &[Event]) {
        let mut changed: BTreeMap<ExecutionId, u64> = BTreeMap::new();
        for event in events {
            if let Event::EntriesChanged {
                execution_id, from, ..
            } = event
            {
                let first = changed.entry(*execution_id).or_insert(*from);
                *first = (*first).min(*from);
            }
        }
        let state = exchange.state();
        let mine: Vec<_> = executions(&state, self.attempt_id).collect();
        for (execution_id, from) in changed {
            if mine.contains(&execution_id) {
                self.tell_handover(exchange, out, execution_id);
                self.show(exchange, out, execution_id, from);
            }
        }
    }

    /// Shows what may have changed without an event that reached us yet.
    pub fn catch_up(&mut self, exchange: &mut Exchange<'_>, out: &mut Out) {
        for (execution_id, seen) in self.seen.clone() {
            let from = seen.unsettled.unwrap_or(seen.total);
            let from = from.max(seen.total.saturating_sub(LOOK_BACK));
            self.show(exchange, out, execution_id, from);
        }
        out.entries_end(&self.name);
    }

    fn show(&mut self, exchange: &mut Exchange<'_>, out: &mut Out, execution_id: ExecutionId, from: u64) {
        if let Err(problem) = self.pull(exchange, out, execution_id, from)
            && self.unread.get(&execution_id) != Some(&problem)
        {
            out.problem(&problem);
            self.unread.insert(execution_id, problem);
        }
    }

    fn pull(
        &mut self,
        exchange: &mut Exchange<'_>,
        out: &mut Out,
        execution_id: ExecutionId,
        from: u64,
    ) -> Result<(), Problem> {
        let mut first = from;
        let seen = self.seen.entry(execution_id).or_default();
        seen.unsettled = seen.unsettled.filter(|unsettled| *unsettled < from);
        loop {
            let page = exchange.entries(execution_id, PageRange::From { first, count: PAGE })?;
            for entry in &page.entries {
                out.entry(&self.name, execution_id, entry);
                if !entry.done {
                    seen.unsettled.get_or_insert(entry.index.0);
                }
            }
            seen.total = page.total;
            first += page.entries.len() as u64;
            if page.entries.is_empty() || first >= page.total || out.is_closed() {
                return Ok(());
            }
        }
    }
}

/// The executions of an attempt, oldest first.
pub fn executions(state: &State, attempt_id: AttemptId) -> impl Iterator<Item = ExecutionId> {
    let shard = state.shard_of_attempt(attempt_id).cloned();
    let found: Vec<_> = shard
        .iter()
        .flat_map(|shard| shard.executions_of(attempt_id).map(|execution| execution.id))
        .collect();
    found.into_iter()
}
