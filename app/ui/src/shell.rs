//! The shell: owns panels, page cache, toasts, dialogs and the place, and paints the window around them.

mod dialogs;
mod events;
mod trail;

use crate::{
    Catalogue, DesktopLook, Dialog, Kept, Language, Overview, Place, Request, Theme, Toast, ViewContext,
    desk::{Desk, Later, Sent, ToastDoes},
    keys,
    overview::{Need, NeedKind},
    panel::Panel,
    panels::{Panels, sidebar},
    widgets::{self, Toasts},
};
use anyon_model::{AttemptId, Client, Command, FilePath, Problem, ProblemCode, State, Timestamp};
use egui::{Context, Frame, Key, Modifiers, PointerButton, Ui};
use std::{cell::RefCell, sync::Arc, time::Duration};

/// What the window is told once, by the binary.
#[derive(Debug, Clone, Default)]
pub struct ShellOptions {
    /// The system's locale (`ko_KR.UTF-8`).
    pub locale: String,
    /// Reduced motion is asked for, whatever the desktop wants.
    pub reduced_motion: bool,
    /// The view state of the last start.
    pub kept: Kept,
    /// What the window runs on.
    pub surroundings: Surroundings,
}

/// What the window runs on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Surroundings {
    /// Anyon's version.
    pub version: String,
    /// The renderer that opened the window.
    pub renderer: String,
    /// The operating system.
    pub system: String,
    /// Folder of the store, logs and worktrees.
    pub data_folder: FilePath,
    /// The demo runs in this window, with folders of its own.
    pub demo: bool,
    /// The editors that were found.
    pub editors: Vec<crate::FoundEditor>,
    /// How long the last frame took to paint.
    pub frame_ms: f32,
}

/// How far the window is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// The store is being opened.
    Opening,
    /// There is a host.
    Open,
    /// The store could not be opened.
    Failed(Problem),
}

/// What was found cut off at the start itself is that new.
const JUST_NOW_MS: i64 = 60_000;
/// For so many seconds what is asked for follows from what a person did.
const ACT_S: f64 = 0.5;

/// The window without the desktop.
pub struct Shell {
    options: ShellOptions,
    stage: Stage,
    theme: Theme,
    text: Catalogue,
    state: Arc<State>,
    overview: Overview,
    now: Timestamp,
    place: Place,
    trail: trail::Trail,
    panels: Panels,
    desk: RefCell<Desk>,
    toasts: Toasts,
    /// Dark, and without motion: what egui was told last.
    styled: Option<(bool, bool)>,
    menu_was_open: bool,
    /// The place of the last frame, and when the person last did something.
    seen_place: Option<Place>,
    acted_s: f64,
    /// This process is the host: what runs ends with it.
    is_host: bool,
    /// What failed last without a command that waits for it.
    last_failure: Option<Problem>,
    /// The window is marked on the desktop as one that wants to be looked at.
    calls: bool,
    /// It had the keyboard when it was last asked.
    focused: bool,
}

impl Shell {
    /// A window that waits for its store.
    pub fn new(options: ShellOptions) -> Self {
        let desk = Desk::new(options.kept.clone());
        Self {
            stage: Stage::Opening,
            theme: Theme::dark(options.reduced_motion),
            text: Catalogue::new(Language::of_locale(&options.locale)),
            state: Arc::default(),
            overview: Overview::default(),
            now: Timestamp::default(),
            place: options.kept.place.clone(),
            trail: trail::Trail::default(),
            panels: Panels::default(),
            desk: RefCell::new(desk),
            toasts: Toasts::default(),
            styled: None,
            menu_was_open: false,
            seen_place: None,
            acted_s: 0.0,
            is_host: true,
            last_failure: None,
            calls: false,
            focused: true,
            options,
        }
    }
    /// The store could not be opened.
    pub fn failed(&mut self, problem: Problem) {
        self.stage = Stage::Failed(problem);
    }
    /// The view state to keep.
    pub fn kept(&self) -> Kept {
        let mut kept = self.desk.borrow().kept.clone();
        kept.place = self.place.clone();
        kept
    }
    /// The person waits for something: a command's end, or an answer without which nothing can be shown.
    pub fn awaits(&self) -> bool {
        let desk = self.desk.borrow();
        desk.awaits() || desk.pages.is_awaited()
    }
    /// Where the person is.
    pub fn place(&self) -> &Place {
        &self.place
    }
    /// Goes somewhere: a notification was clicked.
    pub fn go(&mut self, place: Place) {
        if place != self.place {
            let left = std::mem::replace(&mut self.place, place);
            // The first start is over once it is left.
            if left != Place::FirstStart {
                self.trail.left(left);
            }
            self.desk.borrow_mut().requests.push(Request::Keep);
        }
    }
    /// Opens a dialog: the system has none for what was asked.
    pub fn open(&mut self, dialog: Dialog) {
        self.desk.borrow_mut().dialog = Some(dialog);
    }
    /// The folder that the person picked for [`Request::PickFolder`].
    pub fn picked(&mut self, key: String, path: FilePath) {
        self.desk.borrow_mut().picked = Some((key, path));
    }
    /// The title of the window: its name, after how much waits for the person. Docks and window lists show it.
    pub fn title(&self) -> String {
        match self.overview.waiting().len() {
            0 => NAME.to_owned(),
            waiting => format!("({waiting}) {NAME}"),
        }
    }
    /// Shows a message of the binary.
    pub fn toast(&mut self, toast: Toast) {
        self.desk.borrow_mut().new_toasts.push(toast);
    }
    /// Reduced motion is asked for, whatever the desktop wants.
    pub fn ask_for_reduced_motion(&mut self, asked: bool) {
        self.options.reduced_motion = asked;
    }
    /// What the desktop wants it to look like.
    pub fn follow_desktop(&mut self, look: DesktopLook) {
        let mut desk = self.desk.borrow_mut();
        if desk.kept.desktop != look {
            desk.kept.desktop = look;
            desk.requests.push(Request::Keep);
        }
    }
    /// What the window runs on, to be kept up to date by the binary.
    pub fn surroundings_mut(&mut self) -> &mut Surroundings {
        &mut self.options.surroundings
    }
    /// The texts of the language that is on.
    pub fn text(&self) -> &Catalogue {
        &self.text
    }
    /// Whether this process is the host, so that what runs ends with it.
    pub fn set_host(&mut self, is_host: bool) {
        self.is_host = is_host;
    }
    /// The window is to be closed. True: nothing speaks against it; else the person is asked.
    pub fn may_close(&mut self) -> bool {
        if !self.is_host || !self.overview.is_busy() {
            return true;
        }
        self.desk.borrow_mut().dialog = Some(Dialog::Closing);
        false
    }
    /// Takes the snapshot and events; also called while the window is hidden. `client`: none until there is a host.
    pub fn logic(&mut self, client: Option<&dyn Client>, ctx: &Context, now: Timestamp) -> Vec<Request> {
        self.now = now;
        let opening = self.stage == Stage::Opening;
        if let Some(client) = client {
            // The state last: it is at least as new as the events.
            let events = client.drain();
            self.state = client.state();
            self.follow_state(ctx);
            for event in events {
                self.on_event(client, ctx, event);
            }
            self.rest_when_seen(ctx);
            self.look_again_on_return(ctx);
            if opening {
                self.stage = Stage::Open;
            }
        }
        self.follow_settings(ctx);
        // After the settings: what it says is in their language.
        if opening && self.stage == Stage::Open {
            self.begin();
        }
        self.take_requests()
    }
    /// Paints a frame.
    pub fn ui(&mut self, client: Option<&dyn Client>, ui: &mut Ui) -> Vec<Request> {
        keys::watch(ui.ctx());
        // In each frame: it is how a change is found out.
        crate::theme::glyphs(ui.ctx());
        // A menu takes the Escape that closes it.
        self.menu_was_open = egui::Popup::is_any_open(ui.ctx());
        match (self.stage.clone(), client) {
            (Stage::Open, Some(client)) => self.open_ui(client, ui),
            (Stage::Failed(problem), _) => self.failed_ui(ui, &problem),
            _ => self.opening_ui(ui),
        }
        self.end_frame(client, ui);
        let focus = self.desk.borrow_mut().focus.take();
        if let Some(focus) = focus.filter(|focus| !ui.memory(|memory| memory.has_focus(*focus))) {
            ui.memory_mut(|memory| memory.request_focus(focus));
            ui.ctx().request_repaint();
        }
        keys::end(ui.ctx());
        self.take_requests()
    }

    /// The first state: a first start if there is nothing yet, and what was cut off when Anyon ended last.
    fn begin(&mut self) {
        if self.state.projects.is_empty() && self.desk.borrow().kept.note(FIRST_START_DONE).is_none() {
            self.place = Place::FirstStart;
        }
        // What was found cut off just now, and what was stopped by an end that nobody was told of yet.
        let told = self
            .desk
            .borrow()
            .kept
            .note(TOLD_OF)
            .and_then(|note| note.parse().ok());
        let is_news = |need: &&Need| {
            let lately = self.now.ms_since(need.since) < JUST_NOW_MS;
            lately || told.is_none_or(|told: i64| need.since.as_ms() > told)
        };
        let cut_off = self
            .overview
            .needs()
            .iter()
            .filter(|need| need.kind == NeedKind::Interrupted);
        let resume: Vec<AttemptId> = cut_off.filter(is_news).map(|need| need.attempt_id).collect();
        let told = self.now.as_ms().to_string();
        self.desk.borrow_mut().kept.set_note(TOLD_OF, &told);
        if !resume.is_empty() {
            self.toast(Toast::interrupted(resume));
        }
    }

    /// Language and theme of the settings, each time they change.
    fn follow_settings(&mut self, ctx: &Context) {
        let settings = self.state.settings.clone();
        let language = Language::of_locale(settings.language.as_deref().unwrap_or(&self.options.locale));
        if language != self.text.language() {
            self.text = Catalogue::new(language);
        }
        let (desktop, motion) = {
            let kept = &self.desk.borrow().kept;
            (kept.desktop, kept.motion)
        };
        let toolkit = ctx.system_theme().map(|theme| theme == egui::Theme::Dark);
        let dark = match settings.theme.as_deref() {
            Some(named) => named != "light",
            None => desktop.dark.or(toolkit).unwrap_or(true),
        };
        let asked = self.options.reduced_motion || desktop.reduced_motion == Some(true);
        let look = (dark, motion.is_reduced(asked));
        if self.styled != Some(look) {
            let (_, reduced) = look;
            self.theme = if dark {
                Theme::dark(reduced)
            } else {
                Theme::light(reduced)
            };
            self.theme.apply(ctx);
            self.styled = Some(look);
        }
    }

    fn open_ui(&mut self, client: &dyn Client, ui: &mut Ui) {
        widgets::hush_tooltips(ui);
        let entered = self.seen_place.as_ref() != Some(&self.place);
        let acted = self.acted(ui);
        self.desk.borrow_mut().pages.begin_frame(client, acted);
        let Self {
            state,
            overview,
            theme,
            text,
            place,
            panels,
            desk,
            options,
            ..
        } = self;
        let about = (&options.surroundings, &*desk);
        let cx = ViewContext::new(client, (state, overview, place), (theme, text), self.now, about)
            .entering(entered);
        if !matches!(cx.place(), Place::FirstStart) {
            if !sidebar::is_hidden(&cx) {
                egui::Panel::left("side bar")
                    .frame(Frame::new().fill(theme.colors.side_bar))
                    .default_size(theme.space.side_bar)
                    .size_range(theme.space.side_bar * 0.75..=theme.space.side_bar * 2.0)
                    .show(ui, |ui| {
                        widgets::steady(ui, "side bar", |ui| panels.sidebar.ui(&cx, ui))
                    });
            }
            egui::Panel::top("top bar")
                .frame(Frame::new().fill(theme.colors.bg))
                .exact_size(theme.space.top_bar)
                .show(ui, |ui| {
                    widgets::steady(ui, "top bar", |ui| panels.top_bar.ui(&cx, ui))
                });
        }
        egui::CentralPanel::no_frame()
            .frame(Frame::new().fill(theme.colors.bg))
            .show(ui, |ui| {
                widgets::steady(ui, "place", |ui| panels.at(cx.place()).ui(&cx, ui))
            });
        dialogs::show(panels, &cx, ui);
        global_keys(&cx, ui);
    }

    /// The person went somewhere, scrolled or pressed something a moment ago. Writing does not count: what is written
    /// is shown by its own frame.
    fn acted(&mut self, ui: &Ui) -> bool {
        let writes = ui.ctx().text_edit_focused();
        let (now_s, acts) = ui.input(|input| {
            let act = |event: &egui::Event| match event {
                egui::Event::Key { pressed, .. } => *pressed && !writes,
                egui::Event::PointerButton { .. } | egui::Event::MouseWheel { .. } => true,
                egui::Event::PointerMoved(_) => input.pointer.any_down(),
                _ => false,
            };
            (input.time, input.events.iter().any(act))
        });
        if acts || self.seen_place.as_ref() != Some(&self.place) {
            self.seen_place = Some(self.place.clone());
            self.acted_s = now_s;
        }
        now_s - self.acted_s < ACT_S
    }

    fn opening_ui(&self, ui: &mut Ui) {
        let theme = &self.theme;
        egui::CentralPanel::no_frame()
            .frame(Frame::new().fill(theme.colors.bg))
            .show(ui, |ui| {
                ui.centered_and_justified(|ui| ui.label(theme.faint(self.text.get("common-opening"))));
            });
    }

    fn failed_ui(&self, ui: &mut Ui, problem: &Problem) {
        let (theme, text) = (&self.theme, &self.text);
        let title = match problem.code {
            ProblemCode::StoreLocked => "common-open-twice",
            _ => "common-open-failed",
        };
        egui::CentralPanel::no_frame()
            .frame(Frame::new().fill(theme.colors.bg))
            .show(ui, |ui| {
                let quit = (text.get(title), text.get("common-quit"));
                if widgets::failed_state(ui, theme, quit, problem) {
                    self.desk.borrow_mut().requests.push(Request::Quit);
                }
            });
    }

    /// Toasts, and what panels asked for.
    fn end_frame(&mut self, client: Option<&dyn Client>, ui: &Ui) {
        let now_s = ui.input(|input| input.time);
        let new: Vec<Toast> = self.desk.borrow_mut().new_toasts.drain(..).collect();
        for toast in new {
            if widgets::takes_back(&toast) {
                self.desk.borrow_mut().moves_since_toast = 0;
            }
            self.toasts.add(toast, now_s);
        }
        self.toasts.keep(|does| match does {
            ToastDoes::Undo(task_id) => self.desk.borrow().waits(*task_id),
            _ => true,
        });
        self.toasts
            .follow_interrupted(|attempt_id| self.overview.is_interrupted(attempt_id));
        // The board has taken the key already where its own move is the newer one.
        let undo_key = self.desk.borrow().dialog.is_none().then_some(UNDO);
        let key = undo_key.map(|key| ui.ctx().format_shortcut(&key));
        let look = (&self.theme, &self.text);
        let pressed = self.toasts.show(ui.ctx(), look, key.as_deref());
        let taken_back = undo_key
            .filter(|key| keys::with_outside(ui, key.modifiers, key.logical_key))
            .and_then(|_| self.toasts.take_back());
        match (pressed.or(taken_back), client) {
            (Some(ToastDoes::Go(place)), _) => self.go(place),
            (Some(ToastDoes::Undo(task_id)), _) => drop(self.desk.borrow_mut().take_back(task_id)),
            (Some(ToastDoes::Open(dialog)), _) => self.desk.borrow_mut().dialog = Some(*dialog),
            (Some(ToastDoes::Send(command)), Some(client)) => self.send(client, *command),
            (Some(ToastDoes::Resume(attempts)), Some(client)) => {
                for attempt_id in attempts {
                    let text = None;
                    self.send(client, Command::ResumeAttempt { attempt_id, text });
                }
            }
            _ => {}
        }
        self.desk.borrow_mut().shows_undo = self.toasts.can_take_back();
        self.keep_zoom(ui.ctx().zoom_factor());
        let free = keys::free(ui.ctx())
            && self.desk.borrow().dialog.is_none()
            && !self.menu_was_open
            && self.stage == Stage::Open;
        if free && self.place != Place::FirstStart {
            self.follow_trail(ui);
        }
        self.send_what_is_due(client, ui, now_s);
        if self.overview.is_busy() {
            // The times that are shown go on.
            ui.ctx()
                .request_repaint_after(Duration::from_millis(self.theme.motion.tick_ms));
        }
        let above = std::mem::take(&mut self.desk.borrow_mut().goes_up);
        if above && let Some(place) = self.trail.above(&self.place, &self.state) {
            self.go(place);
            ui.ctx().request_repaint();
        }
        let next = self.desk.borrow_mut().next_place.take();
        if let Some(place) = next {
            self.go(place);
            ui.ctx().request_repaint();
        }
    }

    fn send(&self, client: &dyn Client, command: Command) {
        let sent = Sent::new(&self.state, command.clone());
        self.desk.borrow_mut().sent(client.send(command), sent, false);
    }

    /// Sends the commands whose time to be taken back is over, and comes back when the next one's is.
    fn send_what_is_due(&self, client: Option<&dyn Client>, ui: &Ui, now_s: f64) {
        let mut desk = self.desk.borrow_mut();
        let limit = f64::from(self.theme.motion.toast_action_s);
        let mut waiting = std::mem::take(&mut desk.later);
        for later in &mut waiting {
            let left = *later.due_s.get_or_insert(now_s + limit) - now_s;
            ui.ctx()
                .request_repaint_after(Duration::from_secs_f64(left.max(0.0)));
        }
        let is_due = |later: &mut Later| later.due_s.is_some_and(|due_s| due_s <= now_s);
        if let Some(client) = client {
            for later in waiting.extract_if(.., is_due) {
                let sent = Sent::new(&self.state, later.command.clone());
                desk.sent(client.send(later.command), sent, false);
            }
        }
        desk.later = waiting;
    }

    /// egui changes the zoom by its own keys too.
    fn keep_zoom(&self, zoom: f32) {
        let mut desk = self.desk.borrow_mut();
        if desk.kept.zoom.unwrap_or(1.0) != zoom {
            desk.kept.zoom = Some(zoom);
            desk.requests.push(Request::Keep);
        }
    }

    /// Up by Escape; back and forward by Alt with arrows, or the buttons at the side of a mouse.
    fn follow_trail(&mut self, ui: &Ui) {
        if keys::plain(ui, Key::Escape) {
            self.desk.borrow_mut().goes_up = true;
        }
        let pressed = |key, button| {
            keys::with_outside(ui, Modifiers::ALT, key)
                || ui.input(|input| input.pointer.button_pressed(button))
        };
        let to = if pressed(Key::ArrowLeft, PointerButton::Extra1) {
            self.trail.back(&self.place)
        } else if pressed(Key::ArrowRight, PointerButton::Extra2) {
            self.trail.forward(&self.place)
        } else {
            None
        };
        if let Some(place) = to {
            self.place = place;
            self.desk.borrow_mut().requests.push(Request::Keep);
            ui.ctx().request_repaint();
        }
    }

    fn take_requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.desk.borrow_mut().requests)
    }
}

/// The name of the product is the same in all languages.
const NAME: &str = "Anyon";
/// Takes back what the newest toast tells of.
const UNDO: egui::KeyboardShortcut = egui::KeyboardShortcut::new(Modifiers::COMMAND, Key::Z);

/// Note of when the person was last told what was cut off.
const TOLD_OF: &str = "interrupted/told";
/// Note of a first start that was gone through.
pub const FIRST_START_DONE: &str = "first-start/done";

fn global_keys(cx: &ViewContext<'_>, ui: &Ui) {
    if cx.dialog_is_open() {
        return;
    }
    if keys::with(ui, Modifiers::COMMAND, Key::K) {
        cx.open(Dialog::Palette);
    }
    if keys::with(ui, Modifiers::COMMAND, Key::Comma) {
        cx.go(Place::Settings {
            page: Default::default(),
        });
    }
    sidebar::global_keys(cx, ui);
    if keys::typed(ui, "?") {
        cx.go(Place::Keys);
    }
}
