//! Entities with the names that a person knows them by: what both output modules show.

use anyon_model::{
    Actor, Approval, Attempt, AttemptId, AttemptStatus, Priority, ProjectShard, Rule, RuleId, State, Task,
    TaskId, ToolKind,
};
use std::sync::Arc;

/// A task with its names.
#[derive(Debug, Clone)]
pub struct TaskCard {
    /// `ANY-12`.
    pub name: String,
    /// The project's name.
    pub project: String,
    /// The task.
    pub task: Arc<Task>,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// Its attempts.
    pub attempts: Vec<AttemptCard>,
    /// Who wrote it.
    pub created_by: Actor,
}

/// An attempt with its names.
#[derive(Debug, Clone)]
pub struct AttemptCard {
    /// `ANY-12.1`.
    pub name: String,
    /// The project's name.
    pub project: String,
    /// The task's title.
    pub title: String,
    /// Agent and variant of its newest session.
    pub agent: String,
    /// How it stands.
    pub status: AttemptStatus,
    /// The attempt.
    pub attempt: Arc<Attempt>,
    /// Questions that wait for an answer.
    pub approvals: Vec<Arc<Approval>>,
    /// Who started it.
    pub started_by: Actor,
    /// Who landed it; `None`: it has not landed.
    pub landed_by: Option<Actor>,
}

/// A standing answer with its names.
#[derive(Debug, Clone)]
pub struct RuleCard {
    /// The end of its id: the beginning is a time, which neighbours share.
    pub name: String,
    /// The project's name; `None`: it holds in all of them.
    pub project: Option<String>,
    /// The rule.
    pub rule: Arc<Rule>,
}

impl RuleCard {
    /// The cards of all rules, oldest first.
    pub fn all(state: &State) -> Vec<Self> {
        state.rules.values().map(|rule| Self::of(state, rule)).collect()
    }

    /// The card of a rule; `None` when there is none.
    pub fn find(state: &State, rule_id: RuleId) -> Option<Self> {
        state.rules.get(&rule_id).map(|rule| Self::of(state, rule))
    }

    fn of(state: &State, rule: &Arc<Rule>) -> Self {
        let shard = rule
            .project_id
            .and_then(|project_id| state.projects.get(&project_id));
        let identity = rule.id.to_string();
        Self {
            name: identity[identity.len().saturating_sub(RULE_NAME)..].to_owned(),
            project: shard.map(|shard| shard.project.name.clone()),
            rule: rule.clone(),
        }
    }

    /// Where and for whom it holds.
    pub fn place(&self) -> String {
        let project = self.project.as_deref().unwrap_or("every project");
        match &self.rule.executor {
            Some(executor) => format!("{project}, {executor}"),
            None => format!("{project}, every agent"),
        }
    }

    /// What it holds for; `anything` where it says nothing.
    pub fn pattern(&self) -> &str {
        self.rule.pattern.as_deref().unwrap_or("anything")
    }

    /// The kind of tool it holds for.
    pub fn kind(&self) -> &'static str {
        match self.rule.kind {
            None => "any tool",
            Some(ToolKind::Read | ToolKind::Search) => "read",
            Some(ToolKind::Edit) => "edit",
            Some(ToolKind::Delete) => "delete",
            Some(ToolKind::Move) => "move",
            Some(ToolKind::Command) => "command",
            Some(ToolKind::Fetch) => "fetch",
            Some(_) => "tool",
        }
    }
}

/// Characters of a rule's id that name it.
const RULE_NAME: usize = 8;

impl TaskCard {
    /// How urgent it is, if anybody said so.
    pub fn priority(&self) -> Option<&'static str> {
        match self.task.priority {
            Priority::None => None,
            Priority::Low => Some("low"),
            Priority::Medium => Some("medium"),
            Priority::High => Some("high"),
            Priority::Urgent => Some("urgent"),
        }
    }

    /// The card of a task; `None` when it is gone.
    pub fn of(state: &State, task_id: TaskId) -> Option<Self> {
        let shard = state.shard_of_task(task_id)?;
        let task = shard.tasks.get(&task_id)?;
        Some(Self {
            name: task_name(shard, task),
            project: shard.project.name.clone(),
            task: task.clone(),
            created_by: shard.created_by(task_id).clone(),
            labels: shard.labels_of(task).map(|label| label.name.clone()).collect(),
            attempts: shard
                .attempts_of(task_id)
                .filter_map(|attempt| AttemptCard::in_shard(shard, attempt))
                .collect(),
        })
    }

    /// The cards of all tasks, in the order of the boards.
    pub fn all(state: &State) -> Vec<Self> {
        let mut cards: Vec<_> = state
            .projects
            .values()
            .flat_map(|shard| shard.tasks.keys())
            .filter_map(|task_id| Self::of(state, *task_id))
            .collect();
        cards.sort_by(|a, b| {
            let key = |card: &Self| {
                (
                    card.project.clone(),
                    card.task.status,
                    card.task.order,
                    card.task.number,
                )
            };
            key(a).cmp(&key(b))
        });
        cards
    }
}

impl AttemptCard {
    /// The card of an attempt; `None` when it is gone.
    pub fn of(state: &State, attempt_id: AttemptId) -> Option<Self> {
        let shard = state.shard_of_attempt(attempt_id)?;
        Self::in_shard(shard, shard.attempts.get(&attempt_id)?)
    }

    /// The cards of all attempts, oldest first.
    pub fn all(state: &State) -> Vec<Self> {
        let attempts = state
            .projects
            .values()
            .flat_map(|shard| shard.attempts.values().map(move |attempt| (shard, attempt)));
        let mut cards: Vec<_> = attempts
            .filter_map(|(shard, attempt)| Self::in_shard(shard, attempt))
            .collect();
        cards.sort_by_key(|card| (card.attempt.created_at, card.attempt.id));
        cards
    }

    fn in_shard(shard: &ProjectShard, attempt: &Arc<Attempt>) -> Option<Self> {
        let task = shard.tasks.get(&attempt.task_id)?;
        let agent = shard
            .last_session(attempt.id)
            .map(|session| session.profile.to_string());
        Some(Self {
            name: format!("{}.{}", task_name(shard, task), attempt.number),
            project: shard.project.name.clone(),
            title: task.title.clone(),
            agent: agent.unwrap_or_default(),
            status: shard.attempt_status(attempt.id)?,
            attempt: attempt.clone(),
            approvals: shard.pending_approvals(attempt.id).cloned().collect(),
            started_by: shard.started_by(attempt.id).clone(),
            landed_by: shard.landed_by(attempt.id).cloned(),
        })
    }
}

/// Who did something, for a person. An agent is named by the attempt it works in.
pub fn actor_name(actor: &Actor) -> String {
    match actor {
        Actor::Person => "you".to_owned(),
        Actor::System => "Anyon".to_owned(),
        Actor::Mcp { client } => format!("{client} over MCP"),
        Actor::Agent { attempt_id } => format!("the agent of attempt {attempt_id}"),
    }
}

/// `ANY-12`.
pub fn task_name(shard: &ProjectShard, task: &Task) -> String {
    format!("{}-{}", shard.project.short_prefix, task.number)
}
