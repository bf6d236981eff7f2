//! What a panel gets to see and to do during a frame.

use crate::{
    Dialog, EditorChoice, Motion, Overview, Page, Place, Request, Toast,
    desk::{Desk, Later, Sent, ToastDoes},
    problem,
    shell::Surroundings,
    text::{Catalogue, Said},
    theme::Theme,
};
use anyon_model::{Client, Command, CommandId, CommandResult, FilePath, Query, State, TaskId, Timestamp};
use std::{cell::RefCell, sync::Arc};

/// A snapshot to read and ways to send, ask and go. Nothing here waits.
pub struct ViewContext<'a> {
    /// The newest snapshot.
    pub state: &'a State,
    /// What follows from it: columns in order, status of attempts, what needs a person.
    pub overview: &'a Overview,
    /// Colours, sizes, type, motion.
    pub theme: &'a Theme,
    /// The texts of the person's language.
    pub text: &'a Catalogue,
    /// The time of this frame.
    pub now: Timestamp,
    /// What the window runs on.
    pub surroundings: &'a Surroundings,
    /// The person came to this place with this frame.
    pub entered: bool,
    client: &'a dyn Client,
    place: &'a Place,
    desk: &'a RefCell<Desk>,
}

impl<'a> ViewContext<'a> {
    /// The context of one frame.
    pub fn new(
        client: &'a dyn Client,
        (state, overview, place): (&'a State, &'a Overview, &'a Place),
        (theme, text): (&'a Theme, &'a Catalogue),
        now: Timestamp,
        (surroundings, desk): (&'a Surroundings, &'a RefCell<Desk>),
    ) -> Self {
        Self {
            state,
            overview,
            theme,
            text,
            now,
            surroundings,
            entered: false,
            client,
            place,
            desk,
        }
    }

    /// The same, in the frame that the person came to the place with.
    pub fn entering(self, entered: bool) -> Self {
        Self { entered, ..self }
    }

    /// Sends a command. Its failure is told by a toast.
    pub fn send(&self, command: Command) -> CommandId {
        self.send_with(command, false)
    }
    /// Sends a command whose failure the panel shows itself, by [`Self::result`].
    pub fn send_quiet(&self, command: Command) -> CommandId {
        self.send_with(command, true)
    }
    /// The panel that sent a command quietly is left before its end: its failure is told by a toast after all.
    pub fn make_loud(&self, command_id: CommandId) {
        self.desk.borrow_mut().make_loud(command_id);
    }
    /// A command has not ended yet.
    pub fn pending(&self, command_id: CommandId) -> bool {
        self.desk.borrow().is_pending(command_id)
    }
    /// How a command ended; `None` while it is pending.
    pub fn result(&self, command_id: CommandId) -> Option<Arc<CommandResult>> {
        let result = self.desk.borrow().result(command_id)?;
        Some(match &*result {
            Ok(_) => result,
            Err(fault) => Arc::new(Err(problem::shown(self.text, fault))),
        })
    }
    /// The answer to a query as far as it is known. Ask again each frame; the question is sent once.
    pub fn page(&self, query: Query) -> Page {
        match self.desk.borrow_mut().pages.page(self.client, query) {
            Page::Failed(fault) => Page::Failed(Arc::new(problem::shown(self.text, &fault))),
            page => page,
        }
    }
    /// Asks again at the next look.
    pub fn forget(&self, matching: impl Fn(&Query) -> bool) {
        self.desk.borrow_mut().pages.forget(matching);
    }
    /// Sends a query whose answer nobody needs (`UnwatchDiff`).
    pub fn tell(&self, query: Query) {
        self.client.query(query);
    }
    /// Where the person is.
    pub fn place(&self) -> &'a Place {
        self.place
    }
    /// Goes somewhere, at the end of the frame.
    pub fn go(&self, place: Place) {
        self.desk.borrow_mut().next_place = Some(place);
    }
    /// Goes to what lies above this place, as Escape does.
    pub fn go_up(&self) {
        self.desk.borrow_mut().goes_up = true;
    }
    /// Opens a dialog over the window.
    pub fn open(&self, dialog: Dialog) {
        let mut desk = self.desk.borrow_mut();
        desk.dialog = Some(dialog);
        desk.below = None;
    }
    /// Opens a dialog from within another one, which comes back when it is closed.
    pub fn open_over(&self, dialog: Dialog) {
        let mut desk = self.desk.borrow_mut();
        desk.below = desk.dialog.replace(dialog);
    }
    /// Closes the dialog.
    pub fn close_dialog(&self) {
        let mut desk = self.desk.borrow_mut();
        desk.dialog = desk.below.take();
    }
    /// What another program asks for is left for later: it waits in Needs you.
    pub fn put_off(&self, asked: CommandId) {
        self.desk.borrow_mut().put_off.insert(asked);
    }
    /// It was left for later.
    pub fn is_put_off(&self, asked: CommandId) -> bool {
        self.desk.borrow().put_off.contains(&asked)
    }
    /// The dialog over the window.
    pub fn dialog(&self) -> Option<Dialog> {
        self.desk.borrow().dialog.clone()
    }
    /// A dialog lies over the window: what is below takes no keys.
    pub fn dialog_is_open(&self) -> bool {
        self.desk.borrow().dialog.is_some()
    }
    /// Shows a short message at the edge of the window.
    pub fn toast(&self, toast: Toast) {
        self.desk.borrow_mut().new_toasts.push(toast);
    }
    /// Asks the binary for something on the desktop.
    pub fn ask(&self, request: Request) {
        self.desk.borrow_mut().requests.push(request);
    }
    /// Sends a command once the time to undo it is over; Ctrl+Z or the toast's button takes it back. `what` is told.
    pub fn send_later(&self, command: Command, task_id: TaskId, what: Said) {
        let mut desk = self.desk.borrow_mut();
        desk.later.push(Later::new(command, task_id));
        desk.new_toasts
            .push(Toast::done(what).action("common-undo", ToastDoes::Undo(task_id)));
    }
    /// A task is about to be removed: it is not shown any more.
    pub fn is_leaving(&self, task_id: TaskId) -> bool {
        self.desk.borrow().waits(task_id)
    }
    /// All tasks that are about to be removed.
    pub fn leaving(&self) -> Vec<TaskId> {
        self.desk
            .borrow()
            .later
            .iter()
            .map(|later| later.task_id)
            .collect()
    }
    /// An attempt of this task is being started.
    pub fn is_starting(&self, task_id: TaskId) -> bool {
        self.desk.borrow().is_starting(task_id)
    }
    /// Where a task is opened from a list: at the attempt that waits for the person, else at its newest.
    pub fn place_of_task(&self, task_id: TaskId) -> Place {
        let project = self.overview.of_task(task_id);
        let urgent = project
            .filter(|project| project.urgency(task_id) > 0)
            .and_then(|project| project.most_urgent(task_id));
        let newest = project.and_then(|project| project.newest(task_id));
        match (urgent, newest) {
            (Some((urgent, _)), Some((newest, _))) if urgent.id != newest.id => {
                Place::attempt(task_id, urgent.id)
            }
            _ => Place::task(task_id),
        }
    }
    /// The board moved a card by a person's hand.
    pub fn moved(&self) {
        self.desk.borrow_mut().moves_since_toast += 1;
    }
    /// The board took back the move that it made last.
    pub fn moved_back(&self) {
        let moves = &mut self.desk.borrow_mut().moves_since_toast;
        *moves = moves.saturating_sub(1);
    }
    /// What was done last is told by a toast that takes it back, and not a move of the board's.
    pub fn toast_takes_back(&self) -> bool {
        let desk = self.desk.borrow();
        desk.shows_undo && desk.moves_since_toast == 0
    }
    /// The folder picked for [`Request::PickFolder`] with this key; told once.
    pub fn take_picked(&self, key: &str) -> Option<FilePath> {
        let mut desk = self.desk.borrow_mut();
        match &desk.picked {
            Some((asked, _)) if asked == key => desk.picked.take().map(|(_, path)| path),
            _ => None,
        }
    }
    /// Answers [`Self::take_picked`]: a folder or file was chosen inside the window.
    pub fn picked(&self, key: &str, path: FilePath) {
        self.desk.borrow_mut().picked = Some((key.to_owned(), path));
    }
    /// What was noted under a key, also before this start: `scroll/<attempt>`.
    pub fn note(&self, key: &str) -> Option<String> {
        self.desk.borrow().kept.note(key).map(str::to_owned)
    }
    /// Notes something small that outlives the window; empty text forgets it.
    pub fn set_note(&self, key: &str, text: &str) {
        let mut desk = self.desk.borrow_mut();
        if desk.kept.set_note(key, text) {
            desk.requests.push(Request::Keep);
        }
    }
    /// Whether the person wants things to move in this window.
    pub fn motion(&self) -> Motion {
        self.desk.borrow().kept.motion
    }
    /// Sets whether things move.
    pub fn set_motion(&self, motion: Motion) {
        let mut desk = self.desk.borrow_mut();
        desk.kept.motion = motion;
        desk.requests.push(Request::Keep);
    }
    /// What opens worktrees and files.
    pub fn editor(&self) -> EditorChoice {
        self.desk.borrow().kept.editor.clone()
    }
    /// Sets what opens them.
    pub fn set_editor(&self, editor: EditorChoice) {
        let mut desk = self.desk.borrow_mut();
        desk.kept.editor = editor;
        desk.requests.push(Request::Keep);
    }
    /// Gives a widget the keyboard. One that has it keeps it: asking again would end what is being composed in it.
    pub fn focus(&self, ui: &egui::Ui, widget: egui::Id) {
        ui.memory_mut(|memory| {
            if !memory.has_focus(widget) {
                memory.request_focus(widget);
            }
        });
        // A tap presses and releases in one frame, and egui takes the keyboard from every field that was not pressed.
        if ui.input(|input| input.pointer.any_pressed()) {
            self.desk.borrow_mut().focus = Some(widget);
        }
    }

    fn send_with(&self, command: Command, quiet: bool) -> CommandId {
        let sent = Sent::new(self.state, command.clone());
        let command_id = self.client.send(command);
        self.desk.borrow_mut().sent(command_id, sent, quiet);
        command_id
    }
}
