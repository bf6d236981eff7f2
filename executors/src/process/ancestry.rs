//! From which execution a process comes: what an agent starts cannot shed where it was started.

use super::{environment::MARK, os, tree::Scan};
use anyon_model::ExecutionId;

/// Where a process comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ancestry {
    /// Its process id and those of its parents, up to the first.
    pub pids: Vec<u32>,
    /// The execution that it or a parent is marked for.
    pub marked: Option<ExecutionId>,
}

/// Where a process comes from. Empty where it is gone already.
pub fn ancestry(pid: u32) -> Ancestry {
    let lineage = match i32::try_from(pid) {
        Ok(pid) => Scan::now().lineage(pid),
        Err(_) => {
            return Ancestry {
                pids: Vec::new(),
                marked: None,
            };
        }
    };
    let mark = |pid: &i32| {
        let value = os::variable(*pid, MARK)?;
        std::str::from_utf8(&value).ok()?.parse().ok()
    };
    Ancestry {
        marked: lineage.iter().rev().find_map(mark),
        pids: lineage
            .iter()
            .filter_map(|pid| u32::try_from(*pid).ok())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn a_process_comes_from_its_parents_whatever_its_environment() {
        let mut child = Command::new("sleep").arg("60").env_clear().spawn().unwrap();
        let found = ancestry(child.id());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(found.pids.contains(&child.id()) && found.pids.contains(&std::process::id()));
    }

    #[test]
    fn a_marked_process_tells_its_execution() {
        let id = "01927000-7000-8000-0000-000000000001";
        let mut child = Command::new("sleep").arg("60").env(MARK, id).spawn().unwrap();
        // spawn() returns inside the child's exec, when the kernel has not yet given it its environment.
        let mut found = ancestry(child.id());
        while found.marked.is_none() && child.try_wait().unwrap().is_none() {
            found = ancestry(child.id());
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(found.marked, Some(id.parse().unwrap()));
    }

    #[test]
    fn a_process_that_is_gone_comes_from_nowhere() {
        assert!(ancestry(u32::MAX).pids.is_empty());
    }
}
