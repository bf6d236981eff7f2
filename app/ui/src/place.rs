//! Where the person is in the window.

use anyon_model::{AttemptId, ProjectId, TaskId};
use serde::{Deserialize, Serialize};

/// Where the person is. Kept between starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "place")]
pub enum Place {
    /// The board of a project, or of all of them.
    Board {
        /// Which; `None`: all projects.
        project: Option<ProjectId>,
    },
    /// A task with its attempts.
    Task {
        /// Which.
        task_id: TaskId,
        /// The attempt looked at; `None`: the newest.
        attempt_id: Option<AttemptId>,
        /// What is shown of it.
        tab: Tab,
    },
    /// What waits for a person.
    NeedsYou,
    /// Settings.
    Settings {
        /// Which page.
        page: SettingsPage,
    },
    /// Language, theme, agents, first project.
    FirstStart,
    /// All keys.
    Keys,
    /// Versions, renderer, folders.
    About,
}

impl Default for Place {
    fn default() -> Self {
        Self::Board { project: None }
    }
}

impl Place {
    /// A task with its newest attempt, whatever leads there.
    pub fn task(task_id: TaskId) -> Self {
        Self::Task {
            task_id,
            attempt_id: None,
            tab: Tab::Auto,
        }
    }
    /// One attempt of a task.
    pub fn attempt(task_id: TaskId, attempt_id: AttemptId) -> Self {
        Self::Task {
            task_id,
            attempt_id: Some(attempt_id),
            tab: Tab::Auto,
        }
    }
}

/// What is shown of an attempt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tab {
    /// The conversation while the agent runs, the changes when it is idle.
    #[default]
    Auto,
    /// What was said and done.
    Conversation,
    /// What differs.
    Changes,
    /// The agent's output as received.
    Log,
}

/// A page of the settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingsPage {
    /// Language, theme, notifications.
    #[default]
    General,
    /// Agents and their variants.
    Agents,
    /// Scripts, branches and copied files of a project.
    Projects,
    /// Standing answers.
    Rules,
    /// Texts that `@name` expands to.
    Templates,
    /// Limits, trash.
    Storage,
}
