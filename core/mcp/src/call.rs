//! One call of a tool: what it may ask of the host, and how it tells how far it is.

use crate::{
    link::{Connection, Link, News},
    name::{self, InShard},
};
use anyon_model::{
    Actor, Answer, Approval, Attempt, AttemptId, Command, Outcome, Problem, ProblemCode, ProjectId,
    ProjectShard, Query, State, Task, TaskId,
};
use rmcp::{
    Peer, RoleServer,
    model::{ProgressNotificationParam, ProgressToken},
};
use std::sync::Arc;
use tokio::sync::broadcast;

/// What a call works with.
pub struct Call {
    link: Arc<Link>,
    client_name: String,
    progress: Option<(Peer<RoleServer>, ProgressToken)>,
}

impl Call {
    /// A call of the MCP client with this name; with a token it wants to be told how far it is.
    pub fn new(
        link: Arc<Link>,
        client_name: String,
        progress: Option<(Peer<RoleServer>, ProgressToken)>,
    ) -> Self {
        Self {
            link,
            client_name,
            progress,
        }
    }

    /// The way to the host that there is now.
    pub async fn connection(&self) -> Result<Arc<Connection>, Problem> {
        self.link.connection(&self.client_name).await
    }

    /// The newest snapshot, and who looks at it.
    pub async fn sight(&self) -> Result<Sight, Problem> {
        let connection = self.connection().await?;
        Ok(Sight {
            state: connection.state(),
            actor: connection.actor.clone(),
        })
    }

    /// The project that is named.
    pub async fn project_id(&self, named: &str) -> Result<ProjectId, Problem> {
        Ok(self.sight().await?.project(named)?.project.id)
    }

    /// The task that is named.
    pub async fn task_id(&self, named: &str) -> Result<TaskId, Problem> {
        Ok(self.sight().await?.task(named)?.1.id)
    }

    /// The attempt that is named.
    pub async fn attempt_id(&self, named: &str) -> Result<AttemptId, Problem> {
        Ok(self.sight().await?.attempt(named)?.1.id)
    }

    /// What changes from now on.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.link.news()
    }

    /// Sends a command and waits until it is done and durable.
    pub async fn command(&self, command: Command) -> Result<Outcome, Problem> {
        self.connection().await?.command(command).await
    }

    /// Asks a question; once more where the host went away meanwhile, since nothing is changed by it.
    pub async fn query(&self, query: Query) -> Result<Answer, Problem> {
        match self.connection().await?.query(query.clone()).await {
            Err(problem) if problem.code == ProblemCode::HostGone => {
                self.connection().await?.query(query).await
            }
            answer => answer,
        }
    }

    /// Tells how far it is, if the caller wants to know.
    pub async fn tell(&self, progress: f64, total: f64, message: String) {
        let Some((peer, token)) = &self.progress else {
            return;
        };
        let told = ProgressNotificationParam::new(token.clone(), progress)
            .with_total(total)
            .with_message(message);
        // A caller that is gone needs no progress.
        let _ = peer.notify_progress(told).await;
    }
}

/// A snapshot, and who looks at it.
pub struct Sight {
    /// The snapshot.
    pub state: Arc<State>,
    /// Who looks.
    pub actor: Actor,
}

impl Sight {
    /// The projects that can be seen: the host tells an agent of no other.
    pub fn projects(&self) -> impl Iterator<Item = &Arc<ProjectShard>> {
        self.state.projects.values()
    }
    /// The project that is named.
    pub fn project(&self, named: &str) -> Result<&Arc<ProjectShard>, Problem> {
        name::project(&self.state, named)
    }
    /// The task that is named.
    pub fn task(&self, named: &str) -> Result<InShard<'_, Task>, Problem> {
        name::task(&self.state, named)
    }
    /// The attempt that is named.
    pub fn attempt(&self, named: &str) -> Result<InShard<'_, Attempt>, Problem> {
        name::attempt(&self.state, named)
    }
    /// The question that is named.
    pub fn approval(&self, named: &str) -> Result<InShard<'_, Approval>, Problem> {
        name::approval(&self.state, named)
    }
}

/// An answer to another question than the one asked, or a command that came to something else.
pub fn unexpected() -> Problem {
    Problem::new(
        ProblemCode::Internal,
        "Anyon's host answered something else than was asked",
    )
    .hint("Are two versions of Anyon at work? Close it everywhere and try again")
}
