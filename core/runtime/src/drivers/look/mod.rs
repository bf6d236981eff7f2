//! The look driver: what is on this computer that Anyon does not know yet. Looks only, and only when asked: folders,
//! repositories, agents and
//! their configuration files.

mod agents;
mod folder;
mod repositories;

use super::{mcp_config, own_agents, process::Shared, query::Asker};
use anyon_model::{AgentFileEdit, Answer, FilePath, QueryResult};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Looks at once. A folder on a network that does not answer holds one until it does.
const LOOKS: usize = 3;

/// What to look at.
pub enum LookJob {
    /// A folder.
    Directory {
        /// Which; `None`: the person's own.
        path: Option<FilePath>,
        /// What is hidden too.
        hidden: bool,
    },
    /// Repositories below folders.
    Repositories {
        /// The folders; empty: the person's own.
        roots: Vec<FilePath>,
    },
    /// Agents.
    Agents {
        /// Start them to ask for version and login.
        probe: bool,
    },
    /// Configuration files of agents.
    McpSetups,
    /// The person's own agents and profiles.
    AgentFile,
    /// A change of them.
    CheckAgentFile {
        /// Which.
        edit: AgentFileEdit,
    },
}

/// What looks.
#[derive(Clone)]
pub struct LookDriver {
    processes: Arc<Shared>,
    looks: Arc<Semaphore>,
    /// Agents are asked by one at a time.
    probes: Arc<Semaphore>,
}

impl LookDriver {
    /// A driver that finds agents with this environment.
    pub fn new(processes: Arc<Shared>) -> Self {
        Self {
            processes,
            looks: Arc::new(Semaphore::new(LOOKS)),
            probes: Arc::new(Semaphore::new(1)),
        }
    }

    /// Looks, on a thread of its own, and answers.
    pub fn answer(&self, job: LookJob, asker: Asker) {
        let driver = self.clone();
        tokio::spawn(async move { asker.answer(driver.look(job).await) });
    }

    async fn look(self, job: LookJob) -> QueryResult {
        match job {
            LookJob::Agents { probe } => {
                let _permit = self.probes.acquire().await;
                own_agents::read_anew(&self.processes).await;
                Ok(Answer::Agents(Arc::new(
                    agents::look(self.processes.clone(), probe).await,
                )))
            }
            LookJob::AgentFile => {
                own_agents::read_anew(&self.processes).await;
                Ok(Answer::AgentFile(Arc::new(self.processes.own_agents.shown())))
            }
            LookJob::CheckAgentFile { edit } => {
                let processes = self.processes.clone();
                self.blocking(move || Ok(Answer::AgentFileFault(processes.own_agents.fault_after(&edit))))
                    .await
            }
            LookJob::Directory { path, hidden } => self.blocking(move || folder::list(path, hidden)).await,
            LookJob::McpSetups => {
                let processes = self.processes.clone();
                self.blocking(move || mcp_config::look(&processes)).await
            }
            LookJob::Repositories { roots } => {
                self.blocking(move || Ok(Answer::Repositories(Arc::new(repositories::find(roots)))))
                    .await
            }
        }
    }

    async fn blocking(&self, work: impl FnOnce() -> QueryResult + Send + 'static) -> QueryResult {
        let _permit = self.looks.acquire().await;
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|_| Err(folder::broke_off()))
    }
}
