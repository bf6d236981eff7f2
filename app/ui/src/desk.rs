//! What panels hand to the shell during a frame: toasts, moves, dialogs, requests, and what became of commands.

use crate::{Dialog, Kept, Place, Request, pages::Pages, text::Said};
use anyon_model::{AttemptId, Command, CommandId, CommandResult, Problem, State, TaskId};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

/// A short message at the edge of the window.
#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    /// What sort of news.
    pub kind: ToastKind,
    /// What it tells.
    pub news: News,
    /// A button.
    pub action: Option<ToastAction>,
    /// It stays until it is closed.
    pub stays: bool,
}

/// What a toast tells. Worded when it is painted: the language may change while it stands there.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// One line, and perhaps more.
    Said(Said, Option<Said>),
    /// A problem with its cause and what to do.
    Problem(Problem),
}

impl Toast {
    /// Good news.
    pub fn done(said: impl Into<Said>) -> Self {
        Self {
            kind: ToastKind::Done,
            news: News::Said(said.into(), None),
            action: None,
            stays: false,
        }
    }
    /// Something to know.
    pub fn note(said: impl Into<Said>) -> Self {
        Self {
            kind: ToastKind::Note,
            ..Self::done(said)
        }
    }
    /// What the window itself does not do, and what to do instead.
    pub fn refused(said: impl Into<Said>, instead: Option<Said>) -> Self {
        Self {
            kind: ToastKind::Problem,
            news: News::Said(said.into(), instead),
            action: None,
            stays: false,
        }
    }
    /// A problem with its cause and what to do.
    pub fn problem(problem: &Problem) -> Self {
        Self {
            kind: ToastKind::Problem,
            news: News::Problem(problem.clone()),
            action: None,
            stays: false,
        }
    }
    /// A problem that came by itself: whoever comes back later is told too.
    pub fn fault(problem: &Problem) -> Self {
        Self {
            stays: true,
            ..Self::problem(problem)
        }
    }
    /// Runs that were cut off, and the way to go on with all of them.
    pub fn interrupted(attempts: Vec<AttemptId>) -> Self {
        let n = attempts.len();
        Self::note(Said::new("common-interrupted").number("n", n)).action(
            Said::new("common-resume").number("n", n),
            ToastDoes::Resume(attempts),
        )
    }
    /// The same toast with a button.
    pub fn action(mut self, label: impl Into<Said>, does: impl Into<ToastDoes>) -> Self {
        self.action = Some(ToastAction {
            label: label.into(),
            does: does.into(),
        });
        self
    }
}

/// What sort of news a toast is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastKind {
    /// Done.
    Done,
    /// Something to know.
    Note,
    /// It failed. Stays long enough to be read twice.
    Problem,
}

/// A button of a toast.
#[derive(Debug, Clone, PartialEq)]
pub struct ToastAction {
    /// The word on it.
    pub label: Said,
    /// What it does.
    pub does: ToastDoes,
}

/// What a toast's button does.
#[derive(Debug, Clone, PartialEq)]
pub enum ToastDoes {
    /// Sends a command.
    Send(Box<Command>),
    /// Goes somewhere.
    Go(Place),
    /// Goes on with these attempts. Such a toast stays while one of them is cut off, until it is answered or closed.
    Resume(Vec<AttemptId>),
    /// Takes back the command about this task that waits for its time to be over.
    Undo(TaskId),
    /// Opens a dialog.
    Open(Box<Dialog>),
}
impl From<Dialog> for ToastDoes {
    fn from(dialog: Dialog) -> Self {
        Self::Open(Box::new(dialog))
    }
}
impl From<Command> for ToastDoes {
    fn from(command: Command) -> Self {
        Self::Send(Box::new(command))
    }
}
impl From<Place> for ToastDoes {
    fn from(place: Place) -> Self {
        Self::Go(place)
    }
}

/// A command that waits until the time to undo it is over.
#[derive(Debug, Clone, PartialEq)]
pub struct Later {
    /// What is sent then.
    pub command: Command,
    /// The task it is about; not shown meanwhile.
    pub task_id: TaskId,
    /// When it is sent, in the window's seconds; set when the shell first sees it.
    pub due_s: Option<f64>,
}

impl Later {
    /// A command for later.
    pub fn new(command: Command, task_id: TaskId) -> Self {
        Self {
            command,
            task_id,
            due_s: None,
        }
    }
}

/// Ended commands whose result is kept for the panel that sent them.
const RESULTS: usize = 128;

/// A command that has not ended yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// The command.
    pub command: Command,
    /// The attempt it is about, if that is needed in the end.
    pub about: Option<AttemptId>,
    /// It is part of what was told already: only its failure is told.
    pub follows: bool,
}

impl Sent {
    /// A command as it is sent now.
    pub fn new(state: &State, command: Command) -> Self {
        let about = crate::panels::landing::about(state, &command);
        Self {
            command,
            about,
            follows: false,
        }
    }
    /// A command that completes one whose end was told.
    pub fn following(state: &State, command: Command) -> Self {
        Self {
            follows: true,
            ..Self::new(state, command)
        }
    }
}

/// The shell's state that panels reach through [`crate::ViewContext`].
#[derive(Debug, Default)]
pub struct Desk {
    /// Answers to queries.
    pub pages: Pages,
    /// View state that outlives the window.
    pub kept: Kept,
    /// Where to go at the end of the frame.
    pub next_place: Option<Place>,
    /// Go to what lies above the place, at the end of the frame.
    pub goes_up: bool,
    /// The dialog that lies over the window.
    pub dialog: Option<Dialog>,
    /// The dialog that comes back when the one above is closed.
    pub below: Option<Dialog>,
    /// What gets the keyboard at the end of the frame, whatever was pressed in it.
    pub focus: Option<egui::Id>,
    /// Toasts to show.
    pub new_toasts: Vec<Toast>,
    /// Commands that wait until the time to undo them is over.
    pub later: Vec<Later>,
    /// A toast is shown that takes back what it tells of.
    pub shows_undo: bool,
    /// Moves of the board since the newest of those toasts came.
    pub moves_since_toast: usize,
    /// For the binary.
    pub requests: Vec<Request>,
    /// The folder that was picked, and who asked.
    pub picked: Option<(String, anyon_model::FilePath)>,
    /// What other programs ask for and the person left for later.
    pub put_off: BTreeSet<CommandId>,
    pending: BTreeMap<CommandId, Sent>,
    /// Commands whose failure the sender shows itself.
    quiet: BTreeSet<CommandId>,
    results: VecDeque<(CommandId, Arc<CommandResult>)>,
}

impl Desk {
    /// A desk with the view state of the last start.
    pub fn new(kept: Kept) -> Self {
        Self {
            kept,
            ..Self::default()
        }
    }
    /// A command was sent.
    pub fn sent(&mut self, command_id: CommandId, sent: Sent, quiet: bool) {
        self.pending.insert(command_id, sent);
        if quiet {
            self.quiet.insert(command_id);
        }
    }
    /// Its sender does not show its failure any more.
    pub fn make_loud(&mut self, command_id: CommandId) {
        self.quiet.remove(&command_id);
    }
    /// A command ended. Its failure becomes a toast unless its sender shows it. Gives the command if it is ours.
    pub fn done(&mut self, command_id: CommandId, result: &CommandResult) -> Option<Sent> {
        let sent = self.pending.remove(&command_id)?;
        if let (false, Err(problem)) = (self.quiet.remove(&command_id), result) {
            self.new_toasts.push(Toast::problem(problem));
        }
        if self.results.len() == RESULTS {
            self.results.pop_front();
        }
        self.results.push_back((command_id, Arc::new(result.clone())));
        Some(sent)
    }
    /// An attempt of this task is being started.
    pub fn is_starting(&self, wanted: TaskId) -> bool {
        let starts =
            |sent: &Sent| matches!(sent.command, Command::StartAttempt { task_id, .. } if task_id == wanted);
        self.pending.values().any(starts)
    }
    /// A command about a task waits for its time to be over.
    pub fn waits(&self, task_id: TaskId) -> bool {
        self.later.iter().any(|later| later.task_id == task_id)
    }
    /// Takes back the command about a task that waits for its time to be over. False: there is none.
    pub fn take_back(&mut self, task_id: TaskId) -> bool {
        let at = self.later.iter().rposition(|later| later.task_id == task_id);
        at.map(|at| self.later.remove(at)).is_some()
    }
    /// Some command has not ended yet.
    pub fn awaits(&self) -> bool {
        !self.pending.is_empty()
    }
    /// A command has not ended yet.
    pub fn is_pending(&self, command_id: CommandId) -> bool {
        self.pending.contains_key(&command_id)
    }
    /// How a command ended, if it is not long ago.
    pub fn result(&self, command_id: CommandId) -> Option<Arc<CommandResult>> {
        let found = self.results.iter().find(|(done, _)| *done == command_id);
        found.map(|(_, result)| result.clone())
    }
}
