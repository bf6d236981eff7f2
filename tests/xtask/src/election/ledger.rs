//! What was told to whom, and whether it is so.

use anyhow::bail;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// What all writers were told.
#[derive(Default)]
pub struct Ledger {
    book: Mutex<Book>,
    stopped: AtomicBool,
}

#[derive(Default)]
struct Book {
    /// Title to name.
    tasks: BTreeMap<String, String>,
    by_writer: BTreeMap<usize, u64>,
    retries: u64,
    failed: Option<String>,
}

/// A task that is in the store.
pub struct Task {
    /// What it is called for short.
    pub name: String,
    /// What it is about: unique, as it was written.
    pub title: String,
}

impl Ledger {
    /// A writer was told that its task is written, and its name.
    pub fn acknowledge(&self, writer: usize, title: String, name: String) {
        let mut book = self.book();
        book.tasks.insert(title, name);
        *book.by_writer.entry(writer).or_default() += 1;
    }

    /// A writer was told clearly that it is to try again.
    pub fn retry(&self) {
        self.book().retries += 1;
    }

    /// A writer was told something else, or nothing.
    pub fn fail(&self, writer: usize, what: &str) {
        let mut book = self.book();
        book.failed
            .get_or_insert_with(|| format!("writer {writer}: {what}"));
    }

    /// An error: somebody was told something else.
    pub fn check(&self) -> anyhow::Result<()> {
        match &self.book().failed {
            Some(failed) => bail!("{failed}"),
            None => Ok(()),
        }
    }

    /// No more is to be written.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
    }

    /// No more is to be written.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// How many tasks were acknowledged.
    pub fn acknowledged(&self) -> u64 {
        self.book().tasks.len() as u64
    }

    /// How many of each writer.
    pub fn by_writer(&self) -> BTreeMap<usize, u64> {
        self.book().by_writer.clone()
    }

    /// How often somebody was told to try again.
    pub fn retries(&self) -> u64 {
        self.book().retries
    }

    /// What is wrong with the tasks that are there.
    pub fn compare(&self, there: &[Task]) -> Vec<String> {
        let book = self.book();
        let mut problems: Vec<String> = book.failed.iter().cloned().collect();
        let names: BTreeMap<&str, &str> = there.iter().map(|task| (&*task.title, &*task.name)).collect();
        for (title, name) in &book.tasks {
            match names.get(title.as_str()) {
                None => problems.push(format!("lost: {name} “{title}”")),
                Some(found) if found != name => {
                    problems.push(format!("“{title}” was told to be {name}, and is {found}"));
                }
                Some(_) => {}
            }
        }
        problems.extend(
            twice(there.iter().map(|task| &*task.title)).map(|title| format!("done twice: “{title}”")),
        );
        // Two hosts at once would give the same name to two tasks.
        problems
            .extend(twice(there.iter().map(|task| &*task.name)).map(|name| format!("two tasks are {name}")));
        problems
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn twice<'a>(words: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut seen = BTreeSet::new();
    words.filter(move |word| !seen.insert(*word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_done_twice_or_named_twice_is_told() {
        let ledger = Ledger::default();
        let task = |name: &str, title: &str| Task {
            name: name.into(),
            title: title.into(),
        };
        ledger.acknowledge(1, "one".into(), "T-1".into());
        ledger.acknowledge(2, "two".into(), "T-2".into());
        assert!(
            ledger
                .compare(&[task("T-1", "one"), task("T-2", "two")])
                .is_empty()
        );
        assert_eq!(ledger.compare(&[task("T-1", "one")]).len(), 1);
        let wrong = [task("T-1", "one"), task("T-1", "two"), task("T-3", "one")];
        assert_eq!(ledger.compare(&wrong).len(), 4);
    }
}
