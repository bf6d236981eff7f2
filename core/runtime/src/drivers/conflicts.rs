//! Finds out which files of attempts conflict with their targets, one attempt after the other, behind everything
//! else: nobody waits for it, and a burst of landings must not keep the computer busy.

use super::git::{GitShared, guarded};
use crate::publish::lock;
use anyon_model::{AttemptId, AttemptPlace, Input};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use tokio::sync::mpsc;

/// What is still to be found out.
pub struct Predictions {
    git: Arc<GitShared>,
    inputs: mpsc::Sender<Input>,
    waiting: Arc<Mutex<Waiting>>,
}

#[derive(Default)]
struct Waiting {
    /// In the order they were asked; a later question about the same attempt replaces the earlier.
    places: VecDeque<(AttemptId, AttemptPlace)>,
    /// Somebody works on them.
    at_work: bool,
}

impl Predictions {
    /// Nothing asked yet.
    pub fn new(git: Arc<GitShared>, inputs: mpsc::Sender<Input>) -> Self {
        Self {
            git,
            inputs,
            waiting: Arc::default(),
        }
    }

    /// Asks about an attempt.
    pub fn predict(&self, attempt_id: AttemptId, place: AttemptPlace) {
        let mut waiting = lock(&self.waiting);
        waiting.places.retain(|(earlier, _)| *earlier != attempt_id);
        waiting.places.push_back((attempt_id, self.git.absolute(place)));
        if std::mem::replace(&mut waiting.at_work, true) {
            return;
        }
        let (git, inputs, waiting) = (self.git.clone(), self.inputs.clone(), self.waiting.clone());
        tokio::task::spawn_blocking(move || work(&git, &inputs, &waiting));
    }

    /// Nothing more is found out.
    pub fn end(&self) {
        lock(&self.waiting).places.clear();
    }
}

fn work(git: &GitShared, inputs: &mpsc::Sender<Input>, waiting: &Mutex<Waiting>) {
    loop {
        let next = {
            let mut waiting = lock(waiting);
            let next = waiting.places.pop_front();
            waiting.at_work = next.is_some();
            next
        };
        let Some((attempt_id, place)) = next else { return };
        let result = guarded(|| git.git.predict_conflicts(&place));
        let told = inputs.blocking_send(Input::ConflictsPredicted { attempt_id, result });
        if told.is_err() {
            return;
        }
    }
}
