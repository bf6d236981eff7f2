//! What is left of executions of earlier runs: found at start-up, ended, counted. Ends nothing that it cannot prove to
//! be ours, and never the process it runs in or one of that process's parents.

use anyon_model::{ExecutionId, ProcessRecord};

/// Marks a supervisor, for whoever has to find one whose app is gone. Not the executions' mark: what is under a
/// supervisor is ended first.
#[cfg(unix)]
pub(super) const SUPERVISES: &str = "ANYON_SUPERVISES";

/// Ends what is left of these executions, and tells how many processes of each were ended. An execution is found by
/// the mark in its processes' environments; by its recorded pid only when boot, start time and mark agree, since pids
/// are given anew. Blocks for as long as the ending takes, at most 2 s.
#[cfg(unix)]
pub fn end_survivors(records: &[(ExecutionId, Option<ProcessRecord>)]) -> Vec<(ExecutionId, u32)> {
    unix::end(records)
}

/// A job object leaves nothing behind.
#[cfg(windows)]
pub fn end_survivors(_records: &[(ExecutionId, Option<ProcessRecord>)]) -> Vec<(ExecutionId, u32)> {
    Vec::new()
}

#[cfg(unix)]
mod unix {
    use super::SUPERVISES;
    use crate::process::{
        environment::MARK,
        os::{self, Seen},
        tree::{Scan, end_all, is_gone},
    };
    use anyon_model::{ExecutionId, ProcessRecord};
    use std::{collections::BTreeMap, time::Duration};

    const LIMIT: Duration = Duration::from_millis(1000);

    /// The executions that something may be left of, by the value of their mark.
    type Sought<'a> = BTreeMap<Vec<u8>, (ExecutionId, Option<&'a ProcessRecord>)>;

    pub(super) fn end(records: &[(ExecutionId, Option<ProcessRecord>)]) -> Vec<(ExecutionId, u32)> {
        let boot = os::boot();
        let sought: Sought<'_> = records
            .iter()
            .map(|(execution_id, record)| (*execution_id, record.as_ref()))
            // Nothing outlives a boot.
            .filter(|(_, record)| record.is_none_or(|record| record.boot_id == boot))
            .map(|entry| (entry.0.to_string().into_bytes(), entry))
            .collect();
        if sought.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(Seen, ExecutionId)> = Vec::new();
        end_all(LIMIT, || {
            let left = survivors(&Scan::now(), &sought);
            found.extend(&left);
            left.into_iter().map(|(seen, _)| seen).collect()
        });
        found.sort_unstable_by_key(|(seen, _)| (seen.pid, seen.start_time));
        found.dedup_by_key(|(seen, _)| (seen.pid, seen.start_time));
        end_all(LIMIT, || supervisors(&Scan::now(), &sought));
        count(&found)
    }

    /// What belongs to one of these executions: what carries its mark, its agent when something below it carries the
    /// mark, and all that descends from these.
    fn survivors(scan: &Scan, sought: &Sought<'_>) -> Vec<(Seen, ExecutionId)> {
        let marked = carriers(scan, MARK, sought);
        let supervisors = carriers(scan, SUPERVISES, sought);
        let lineage = scan.lineage(own_pid());
        let mut found = Vec::new();
        for (value, (execution_id, record)) in sought {
            let by_mark = marked
                .iter()
                .filter(|(_, other)| other == value)
                .map(|(seen, _)| *seen);
            let mut roots: Vec<Seen> = by_mark.collect();
            roots.extend(record.and_then(|record| agent(scan, record, &roots)));
            let mut pids: Vec<i32> = roots.iter().map(|seen| seen.pid).collect();
            // A supervisor that is still there has adopted what neither its parent nor the mark leads to.
            let above = supervisors.iter().filter(|(_, other)| other == value);
            pids.extend(above.map(|(seen, _)| seen.pid));
            roots.extend(scan.below(&pids));
            found.extend(
                roots
                    .into_iter()
                    .filter(|seen| !lineage.contains(&seen.pid))
                    .map(|seen| (seen, *execution_id)),
            );
        }
        found
    }

    /// The recorded agent, still the same process, with a marked process below it. Some programs write over their own
    /// environment.
    fn agent(scan: &Scan, record: &ProcessRecord, marked: &[Seen]) -> Option<Seen> {
        let agent = scan.same(i32::try_from(record.pid).ok()?, record.start_time)?;
        let below = scan.below(&[agent.pid]);
        below.iter().any(|seen| marked.contains(seen)).then_some(agent)
    }

    /// Supervisors of these executions: they end by themselves, unless somebody stopped them.
    fn supervisors(scan: &Scan, sought: &Sought<'_>) -> Vec<Seen> {
        let lineage = scan.lineage(own_pid());
        let found = carriers(scan, SUPERVISES, sought)
            .into_iter()
            .map(|(seen, _)| seen);
        found.filter(|seen| !lineage.contains(&seen.pid)).collect()
    }

    /// What has one of these executions as the value of a variable.
    fn carriers(scan: &Scan, name: &str, sought: &Sought<'_>) -> Vec<(Seen, Vec<u8>)> {
        scan.with_variable(name)
            .filter(|(_, value)| sought.contains_key(value))
            .collect()
    }

    /// How many of the processes found are gone, by execution.
    fn count(found: &[(Seen, ExecutionId)]) -> Vec<(ExecutionId, u32)> {
        let mut counts: BTreeMap<ExecutionId, u32> = BTreeMap::new();
        for (_, execution_id) in found.iter().filter(|(seen, _)| is_gone(seen)) {
            *counts.entry(*execution_id).or_default() += 1;
        }
        counts.into_iter().collect()
    }

    fn own_pid() -> i32 {
        rustix::process::getpid().as_raw_nonzero().get()
    }
}
