//! The timer driver: wakes the engine at a time.

use crate::clock;
use anyon_model::{Input, TimerKey, Timestamp};
use std::{collections::HashMap, time::Duration};
use tokio::{sync::mpsc, task::AbortHandle};

/// The timers that are set.
pub struct Timers {
    inputs: mpsc::Sender<Input>,
    set: HashMap<TimerKey, AbortHandle>,
}

impl Timers {
    /// No timer yet.
    pub fn new(inputs: mpsc::Sender<Input>) -> Self {
        Self {
            inputs,
            set: HashMap::new(),
        }
    }

    /// Sets a timer; one with the same key is replaced.
    pub fn set(&mut self, key: TimerKey, at: Timestamp) {
        self.set.retain(|_, timer| !timer.is_finished());
        let delay = Duration::from_millis(u64::try_from(at.ms_since(clock::now())).unwrap_or(0));
        let inputs = self.inputs.clone();
        let task = tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            let _ = inputs.send(Input::TimerFired { key }).await;
        });
        if let Some(old) = self.set.insert(key, task.abort_handle()) {
            old.abort();
        }
    }
}
