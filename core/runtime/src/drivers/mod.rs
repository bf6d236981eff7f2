//! Drivers: what does the engine's effects and answers with inputs.

pub mod conflicts;
pub mod diff;
pub mod files;
pub mod git;
pub mod look;
pub mod mcp_config;
pub mod own_agents;
pub mod process;
pub mod query;
pub mod resources;
pub mod source;
pub mod store;
pub mod targets;
pub mod text;
pub mod timer;
pub mod watch;

use crate::{publish::EventQueue, recovery};
use anyon_model::{Effect, Input, Query, QueryId, State};
use std::{path::PathBuf, sync::Arc};
use tokio::sync::mpsc;

/// All drivers.
pub struct Drivers {
    /// Commits changes.
    pub store: store::StoreDriver,
    /// Runs executions.
    pub processes: process::ProcessDriver,
    /// Works on repositories.
    pub git: git::GitDriver,
    /// Answers queries.
    pub queries: query::QueryDriver,
    /// Finds out conflicts.
    pub predictions: conflicts::Predictions,
    /// Watches branches.
    pub targets: targets::Targets,
    /// Writes configuration files of agents.
    pub mcp_config: mcp_config::McpConfig,
    /// Wakes the engine.
    pub timers: timer::Timers,
    /// What git work shares; its creations are broken off at the end.
    pub git_shared: Arc<git::GitShared>,
    /// Folder of the worktrees, whose disk is measured.
    pub worktrees: PathBuf,
    /// To the engine.
    pub inputs: mpsc::Sender<Input>,
}

impl Drivers {
    /// Starts the work of an effect.
    pub fn perform(&mut self, effect: Effect) {
        if let Effect::RemoveWorktree { attempt_id, .. } | Effect::Restore { attempt_id, .. } = &effect {
            self.queries.forget_worktree(*attempt_id);
        }
        match effect {
            Effect::MeasureResources => self.measure(),
            Effect::Spawn(request) => self.processes.spawn(*request),
            Effect::Attach { execution_id } => self.processes.attach(execution_id),
            Effect::Send {
                execution_id,
                request,
            } => self.processes.send(execution_id, request),
            Effect::Stop { execution_id, step } => self.processes.stop(execution_id, step),
            Effect::SetTimer { key, at } => self.timers.set(key, at),
            Effect::Backup { command_id, path } => self.store.backup(command_id, path),
            Effect::SetUpMcp { command_id, agent_id } => self.mcp_config.write(command_id, agent_id),
            Effect::EditAgentFile { command_id, edit } => self.processes.edit_agents(command_id, edit),
            Effect::AgentsTaken { reading } => self.processes.agents_taken(reading),
            Effect::CancelWorktree { attempt_id } => self.git_shared.cancel_creation(attempt_id),
            Effect::CancelClone { command_id } => self.git_shared.cancel_clone(command_id),
            Effect::PredictConflicts { attempt_id, place } => self.predictions.predict(attempt_id, place),
            Effect::WatchTargets { project_id, repo } => self.targets.watch(project_id, repo),
            Effect::PruneTrash { cap_mib, days } => {
                let git = self.git_shared.clone();
                tokio::task::spawn_blocking(move || recovery::prune_trash(&git, cap_mib, days));
            }
            Effect::RemoveLogs { executions } => self.processes.remove_logs(executions),
            // The dispatcher does these itself.
            Effect::Reply { .. }
            | Effect::Notify { .. }
            | Effect::Focus { .. }
            | Effect::FindWindow { .. }
            | Effect::Exit => {}
            Effect::InspectRepository { .. }
            | Effect::CloneRepository { .. }
            | Effect::CreateWorktree { .. }
            | Effect::CommitWork { .. }
            | Effect::Land { .. }
            | Effect::UndoMerge { .. }
            | Effect::RemoveWorktree { .. }
            | Effect::Restore { .. } => self.git.perform(effect),
        }
    }

    /// Answers a query.
    pub fn query(&self, state: &State, query_id: QueryId, query: Query, queue: Arc<EventQueue>) {
        self.queries.answer(state, query_id, query, queue);
    }

    /// Breaks off what takes long; the rest ends when this is dropped.
    pub fn end(&self) {
        self.git_shared.cancel_creations();
        self.predictions.end();
    }

    fn measure(&self) {
        let (inputs, worktrees) = (self.inputs.clone(), self.worktrees.clone());
        tokio::task::spawn_blocking(move || {
            let _ = inputs.blocking_send(resources::measure(&worktrees));
        });
    }
}
