//! Finding what belongs to an execution, and ending it. Knows processes only as the system shows them; decides nothing
//! about when.

use super::{
    environment::MARK,
    os::{self, Seen},
};
use rustix::process::Signal;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

/// All processes at one moment.
pub(super) struct Scan(Vec<Seen>);

impl Scan {
    pub(super) fn now() -> Self {
        Self(os::processes())
    }

    /// Everything that descends from these processes, themselves left out.
    pub(super) fn below(&self, roots: &[i32]) -> Vec<Seen> {
        let mut children: BTreeMap<i32, Vec<&Seen>> = BTreeMap::new();
        for seen in &self.0 {
            children.entry(seen.parent).or_default().push(seen);
        }
        // Everything descends from 0 and 1: as roots they can only be a mistake.
        let mut open: Vec<i32> = roots.iter().copied().filter(|pid| *pid > 1).collect();
        let mut visited: BTreeSet<i32> = open.iter().copied().collect();
        let mut found = Vec::new();
        while let Some(pid) = open.pop() {
            for child in children.get(&pid).into_iter().flatten() {
                if visited.insert(child.pid) {
                    open.push(child.pid);
                    found.push(**child);
                }
            }
        }
        found
    }

    /// Everything in the session that this process made.
    pub(super) fn in_session(&self, session: i32) -> impl Iterator<Item = Seen> {
        self.0
            .iter()
            .copied()
            .filter(move |seen| session > 1 && seen.session == session)
    }

    /// Everything that carries the mark of this execution in its environment and did not start before `since`.
    pub(super) fn marked(&self, execution: &[u8], since: u64) -> impl Iterator<Item = Seen> {
        // Most processes of the system are older than the execution: their environments are not even read.
        let young = self
            .0
            .iter()
            .copied()
            .filter(move |seen| !seen.ended && seen.start_time >= since);
        young.filter(move |seen| os::variable(seen.pid, MARK).is_some_and(|value| value == execution))
    }

    /// Everything that lives and has this variable in its environment, with its value.
    pub(super) fn with_variable(&self, name: &str) -> impl Iterator<Item = (Seen, Vec<u8>)> {
        let living = self.0.iter().copied().filter(|seen| !seen.ended);
        living.filter_map(move |seen| Some((seen, os::variable(seen.pid, name)?)))
    }

    /// The process with this pid and start time.
    pub(super) fn same(&self, pid: i32, start_time: u64) -> Option<Seen> {
        self.0
            .iter()
            .copied()
            .find(|seen| seen.pid == pid && seen.start_time == start_time)
    }

    /// A process and its parents up to the first: nobody ends the ground that they stand on.
    pub(super) fn lineage(&self, pid: i32) -> BTreeSet<i32> {
        let parents: BTreeMap<i32, i32> = self.0.iter().map(|seen| (seen.pid, seen.parent)).collect();
        let mut lineage = BTreeSet::new();
        let mut next = Some(pid);
        while let Some(pid) = next.filter(|pid| lineage.insert(*pid)) {
            next = parents.get(&pid).copied();
        }
        lineage
    }
}

/// SIGKILL to all that `find` finds, again and again until it finds nothing and all that it found is gone: whatever is
/// born meanwhile is found by the next look. Gives up after `limit` (a process stuck in the kernel, or another user's)
/// and tells how many are left.
pub(super) fn end_all(limit: Duration, mut find: impl FnMut() -> Vec<Seen>) -> u32 {
    let end = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    let mut left: Vec<Seen> = Vec::new();
    loop {
        // Who is dying has no environment any more, so the mark does not find him: those of before stay looked at.
        left.extend(find());
        left.sort_unstable_by_key(|seen| (seen.pid, seen.start_time));
        left.dedup_by_key(|seen| (seen.pid, seen.start_time));
        left.retain(|seen| !is_gone(seen));
        if left.is_empty() || Instant::now() >= end {
            return u32::try_from(left.len()).unwrap_or(u32::MAX);
        }
        for seen in &left {
            // One that is gone meanwhile is fine; one that cannot be ended is looked at again.
            let _ = os::signal(seen, Signal::KILL);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// The process has ended, whether or not somebody has collected it.
pub(super) fn is_gone(seen: &Seen) -> bool {
    os::find(seen.pid).is_none_or(|now| now.ended || now.start_time != seen.start_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(pid: i32, parent: i32, session: i32) -> Seen {
        Seen {
            pid,
            parent,
            session,
            start_time: 1,
            ended: false,
        }
    }

    #[test]
    fn descendants_are_found_at_any_depth_and_strangers_are_not() {
        let scan = Scan(vec![
            seen(1, 0, 1),
            seen(10, 1, 10),
            seen(11, 10, 10),
            seen(12, 11, 12),
            seen(20, 1, 20),
        ]);
        let found: Vec<i32> = scan.below(&[10]).iter().map(|seen| seen.pid).collect();
        assert_eq!(found, [11, 12]);
        assert_eq!(
            scan.in_session(10).map(|seen| seen.pid).collect::<Vec<_>>(),
            [10, 11]
        );
        assert_eq!(scan.lineage(12), BTreeSet::from([0, 1, 10, 11, 12]));
        assert_eq!(scan.same(12, 2), None, "another process has this pid now");
    }

    #[test]
    fn a_missing_pid_never_means_everything() {
        let scan = Scan(vec![seen(1, 0, 1), seen(2, 0, 0), seen(10, 1, 0)]);
        assert!(scan.below(&[0, 1]).is_empty());
        assert_eq!(scan.in_session(0).count() + scan.in_session(1).count(), 0);
    }

    #[test]
    fn a_circle_of_parents_in_a_torn_view_does_not_hang() {
        let scan = Scan(vec![seen(2, 3, 1), seen(3, 2, 1)]);
        assert_eq!(scan.below(&[2]).len(), 1);
        assert_eq!(scan.lineage(2).len(), 2);
    }

    #[test]
    fn what_cannot_be_ended_is_counted_not_waited_for() {
        // Pid 1 is never signalled, so it stands for a process that resists.
        let init = os::find(1).unwrap();
        assert_eq!(end_all(Duration::from_millis(30), || vec![init]), 1);
    }
}
