//! The driver for `agents.toml`: what of it is in force, and how it is changed. It is read anew whenever agents are
//! looked for; what the engine was told of is what counts.

use super::process::Shared;
use crate::publish::lock;
use anyon_executors::profiles::{AgentsFile, Reading};
use anyon_model::{AgentFile, AgentFileEdit, AgentFileFault, AgentInfo, CommandId, Input};
use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

/// The engine takes what was read within moments, or it is ending.
const TAKEN_LIMIT: Duration = Duration::from_secs(5);

/// The person's own agents and profiles.
pub struct OwnAgents {
    file: AgentsFile,
    now: Mutex<Arc<Reading>>,
    /// How often it was read as something else.
    readings: Mutex<u64>,
    taken: watch::Sender<u64>,
}

impl OwnAgents {
    /// What the file in this data folder says.
    pub fn of_folder(folder: &Path) -> Self {
        let file = AgentsFile::in_folder(folder);
        let reading = file.read();
        file.keep(&reading);
        Self {
            file,
            now: Mutex::new(Arc::new(reading)),
            readings: Mutex::new(0),
            taken: watch::Sender::new(0),
        }
    }

    /// What is in force.
    pub fn now(&self) -> Arc<Reading> {
        lock(&self.now).clone()
    }

    /// All agents with all their variants.
    pub fn catalogue(&self) -> Vec<AgentInfo> {
        self.now().configuration.catalogue()
    }

    /// The file, for a person.
    pub fn shown(&self) -> AgentFile {
        let reading = self.now();
        AgentFile {
            path: self.file.path().into(),
            text: reading.text.clone(),
            fault: reading.fault.clone(),
            tables: reading.configuration.tables.clone(),
            known: reading.configuration.not_yet(),
        }
    }

    /// What would be wrong with it after an edit. Blocks.
    pub fn fault_after(&self, edit: &AgentFileEdit) -> Option<AgentFileFault> {
        self.file.fault_after(edit)
    }

    /// The engine took what was read.
    pub fn taken(&self, reading: u64) {
        self.taken.send_replace(reading);
    }

    /// Reads the file, and tells the engine if it says something else. Told in the order of reading: the next one waits.
    fn read_anew(&self, inputs: &mpsc::Sender<Input>) -> Option<u64> {
        let mut now = lock(&self.now);
        let reading = self.file.read();
        self.file.keep(&reading);
        let same = now.configuration == reading.configuration;
        *now = Arc::new(reading);
        if same {
            return None;
        }
        let mut readings = lock(&self.readings);
        *readings += 1;
        let told = Input::AgentsRead {
            reading: *readings,
            agents: now.configuration.catalogue(),
        };
        inputs.blocking_send(told).is_ok().then_some(*readings)
    }

    fn edit(&self, command_id: CommandId, edit: &AgentFileEdit, inputs: &mpsc::Sender<Input>) {
        let mut now = lock(&self.now);
        let result = self.file.edit(edit).map(|reading| {
            *now = Arc::new(reading);
            now.configuration.catalogue()
        });
        let _ = inputs.blocking_send(Input::AgentFileEdited { command_id, result });
    }
}

/// Changes the file, on a thread of its own.
pub fn edit(shared: &Arc<Shared>, command_id: CommandId, edit: AgentFileEdit) {
    let shared = shared.clone();
    tokio::task::spawn_blocking(move || shared.own_agents.edit(command_id, &edit, &shared.inputs));
}

/// Reads the file anew. When this is done, the engine knows what it says: whoever is told of an agent can start it.
pub async fn read_anew(shared: &Arc<Shared>) {
    let reader = shared.clone();
    let read = tokio::task::spawn_blocking(move || reader.own_agents.read_anew(&reader.inputs));
    if let Ok(Some(reading)) = read.await {
        let mut taken = shared.own_agents.taken.subscribe();
        let _ = timeout(TAKEN_LIMIT, taken.wait_for(|taken| *taken >= reading)).await;
    }
}
