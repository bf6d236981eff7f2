//! What can lie over the window: one dialog at a time, opened by [`crate::ViewContext::open`].

use anyon_model::{AttemptId, Command, FilePath, TaskId};

/// A dialog.
#[derive(Debug, Clone, PartialEq)]
pub enum Dialog {
    /// Choose agents for a task and start.
    Start {
        /// The task.
        task_id: TaskId,
    },
    /// Priority and labels of a task.
    Classify {
        /// The task.
        task_id: TaskId,
    },
    /// Title and description of a task.
    EditTask {
        /// The task.
        task_id: TaskId,
    },
    /// The checks before an attempt lands, and the one confirm.
    Landing {
        /// The attempt.
        attempt_id: AttemptId,
    },
    /// What was kept of an attempt's files, to go back to.
    Snapshots {
        /// The attempt.
        attempt_id: AttemptId,
    },
    /// Who did what with a task and its attempts.
    History {
        /// The task.
        task_id: TaskId,
    },
    /// A yes or no before something is lost.
    Confirm(Confirm),
    /// Look for a folder or a file.
    Chooser(Choose),
    /// Add a repository.
    AddProject,
    /// Commands, tasks and attempts by name.
    Palette,
    /// Agents run and the window is to be closed.
    Closing,
}

/// A yes or no before something is lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirm {
    /// The question, in the person's language.
    pub title: String,
    /// What will happen.
    pub body: String,
    /// The word on the button.
    pub action: String,
    /// What yes sends.
    pub command: Command,
}

/// A look for a folder or a file. The answer comes through [`crate::ViewContext::take_picked`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choose {
    /// Says who asked; the answer is told under it.
    pub key: String,
    /// A file is wanted, not a folder.
    pub files: bool,
    /// Where to begin; `None`: the person's own folder.
    pub start: Option<FilePath>,
}
