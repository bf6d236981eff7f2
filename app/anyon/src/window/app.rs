//! eframe's app: hands frames to the shell and does what it asks for.

use super::{
    editors,
    hosting::Hosting,
    kept_file::KeptFile,
    messages::{Message, Outbox},
    notices::{Notice, Notices},
    opener, picker, tour,
};
use crate::cli::clock;
use anyon_model::{Client, Problem, ProblemCode, WaitingClient};
use anyon_remote::ElectingClient;
use anyon_ui::{Choose, Dialog, NoticeAbout, Pace, Place, Request, Shell, ShellOptions, Theme, Toast};
use eframe::egui::{Context, Ui, UserAttentionType, ViewportCommand};
use std::{
    path::{Path, PathBuf},
    thread,
};

/// The app.
pub struct App<'h> {
    shell: Shell,
    hosting: &'h Hosting,
    client: Option<Box<ElectingClient>>,
    kept: KeptFile,
    notices: Notices,
    data_folder: PathBuf,
    closing: bool,
    /// The window's title, as it was told last.
    title: String,
}

impl<'h> App<'h> {
    /// An app for a window that was just opened.
    pub fn new(options: ShellOptions, hosting: &'h Hosting, data_folder: &Path, context: &Context) -> Self {
        Theme::install_fonts(context);
        look_for_editors(hosting.outbox.clone());
        let outbox = hosting.outbox.clone();
        Self {
            shell: Shell::new(options),
            hosting,
            client: None,
            kept: KeptFile::new(data_folder),
            notices: Notices::new(move |about| outbox.send(Message::Clicked(about))),
            data_folder: data_folder.to_path_buf(),
            closing: false,
            title: String::new(),
        }
    }

    fn take_messages(&mut self, ctx: &Context) {
        while let Ok(message) = self.hosting.inbox.try_recv() {
            match message {
                Message::Hosted(client) => self.client = Some(client),
                Message::NotHosted(problem) => self.shell.failed(problem),
                Message::Picked { key, path } => self.shell.picked(key, path),
                Message::NoFolderDialog { key } => self.shell.open(Dialog::Chooser(Choose {
                    key,
                    files: false,
                    start: None,
                })),
                Message::Desktop(look) => self.shell.follow_desktop(look),
                Message::Editors(found) => self.shell.surroundings_mut().editors = found,
                Message::Clicked(about) => {
                    self.show_what_is_told(about);
                    come_to_front(ctx);
                }
                Message::Look(place) => self.shell.go(place),
                Message::Failed(problem) => self.shell.toast(Toast::fault(&problem)),
            }
        }
    }

    /// The title says how much waits for the person, also while the window is hidden.
    fn tell_title(&mut self, ctx: &Context) {
        let title = self.shell.title();
        if title != self.title {
            self.title.clone_from(&title);
            ctx.send_viewport_cmd(ViewportCommand::Title(title));
        }
    }

    /// How soon the next news are to be shown.
    fn tell_pace(&self, ctx: &Context) {
        let unseen = ctx.input(|input| {
            let window = input.viewport();
            window.minimized == Some(true) || window.occluded == Some(true)
        });
        self.hosting.outbox.painted(Pace {
            awaited: self.shell.awaits(),
            unseen,
        });
    }

    fn show_what_is_told(&mut self, about: NoticeAbout) {
        let NoticeAbout::Attempt(attempt_id) = about else {
            return self.shell.go(Place::NeedsYou);
        };
        let state = self.client.as_ref().map(|client| client.state());
        let attempt = state.as_ref().and_then(|state| {
            let shard = state.shard_of_attempt(attempt_id)?;
            shard.attempts.get(&attempt_id)
        });
        if let Some(attempt) = attempt {
            self.shell.go(Place::attempt(attempt.task_id, attempt_id));
        }
    }

    /// Closing is asked for by the window's frame or by the system: agents that run speak against it.
    fn watch_close(&mut self, ctx: &Context) {
        let asked = ctx.input(|input| input.viewport().close_requested());
        if asked && !self.closing && !self.shell.may_close() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        }
    }

    fn serve(&mut self, ctx: &Context, requests: Vec<Request>) {
        let outbox = &self.hosting.outbox;
        let mut keep = false;
        for request in requests {
            match request {
                Request::OpenUrl(url) => opener::url(&url, outbox),
                Request::OpenFolder(path) => opener::folder(&path, outbox),
                Request::RevealFile(path) => opener::reveal(&path, outbox),
                Request::OpenEditor(target) => opener::editor(&target, &self.shell.kept().editor, outbox),
                Request::OpenTerminal(path) => opener::terminal(&path, outbox),
                Request::CopyText(text) => ctx.copy_text(text),
                Request::PickFolder { key } => {
                    let title = self.shell.text().get("chooser-folder").to_owned();
                    picker::pick_folder(key, title, outbox.clone());
                }
                Request::Notify {
                    title,
                    body,
                    open,
                    about,
                } => self.notices.show(Notice {
                    title,
                    body,
                    open,
                    about,
                }),
                Request::Attention(wanted) => call_for(ctx, wanted),
                Request::Zoom(step) => zoom(ctx, step),
                Request::StartDemo => self.start_demo(),
                Request::Keep => keep = true,
                Request::ComeToFront => come_to_front(ctx),
                Request::QuitAndKeep => {
                    self.hosting.keep_running();
                    self.close(ctx);
                }
                Request::Quit => self.close(ctx),
            }
        }
        if keep && self.client.is_some() {
            self.kept.write(self.shell.kept());
        }
    }

    fn close(&mut self, ctx: &Context) {
        self.closing = true;
        ctx.send_viewport_cmd(ViewportCommand::Close);
    }

    /// The demo's sample project in this store, on a thread: building it writes files.
    fn start_demo(&self) {
        let candidate = self.hosting.candidate();
        let folder = self.data_folder.join("demo");
        let outbox = self.hosting.outbox.clone();
        let begin = move || begin_demo(&folder, candidate.another_client()?.as_ref());
        let work = move || match begin() {
            Ok(place) => outbox.send(Message::Look(place)),
            Err(problem) => outbox.send(Message::Failed(problem)),
        };
        if let Err(error) = thread::Builder::new().name("demo".into()).spawn(work) {
            tracing::warn!(%error, "no thread for the demo");
        }
    }
}

/// On a thread: it looks into folders, which may lie on a slow disk.
fn look_for_editors(outbox: Outbox) {
    let work = move || outbox.send(Message::Editors(editors::found()));
    if let Err(error) = thread::Builder::new().name("editors".into()).spawn(work) {
        tracing::warn!(%error, "no thread to look for editors");
    }
}

fn begin_demo(folder: &Path, client: &dyn WaitingClient) -> Result<Place, Problem> {
    std::fs::create_dir_all(folder).map_err(|error| {
        Problem::new(ProblemCode::Io, "The demo's folder could not be made").detail(error.to_string())
    })?;
    tour::begin(&folder.join("greeting"), client)
}

/// Marks the window on the desktop until it is looked at: a blinking entry of its list, a bouncing icon.
fn call_for(ctx: &Context, wanted: bool) {
    let attention = match wanted {
        true => UserAttentionType::Informational,
        false => UserAttentionType::Reset,
    };
    ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(attention));
}

/// As far as the desktop allows it: some only mark the window.
fn come_to_front(ctx: &Context) {
    ctx.send_viewport_cmd(ViewportCommand::Minimized(false));
    ctx.send_viewport_cmd(ViewportCommand::Focus);
}

fn zoom(ctx: &Context, step: Option<i8>) {
    let factor = step.map_or(1.0, |step| ctx.zoom_factor() + f32::from(step) / 10.0);
    ctx.set_zoom_factor(factor.clamp(0.5, 3.0));
}

impl eframe::App for App<'_> {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.take_messages(ctx);
        self.shell.set_host(self.hosting.is_host());
        self.watch_close(ctx);
        let client = self.client.as_deref().map(|client| client as &dyn Client);
        let requests = self.shell.logic(client, ctx, clock::now());
        self.serve(ctx, requests);
        self.tell_title(ctx);
        self.tell_pace(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        // Why the window painted: what must be silent while nothing happens.
        tracing::trace!(causes = ?ui.ctx().repaint_causes(), "frame");
        let seconds = frame.info().cpu_usage.unwrap_or_default();
        self.shell.surroundings_mut().frame_ms = seconds * 1000.0;
        let client = self.client.as_deref().map(|client| client as &dyn Client);
        let requests = self.shell.ui(client, ui);
        self.serve(ui.ctx(), requests);
        // What this frame asked for is awaited.
        self.tell_pace(ui.ctx());
    }

    fn save(&mut self, _storage: &mut dyn eframe::Storage) {
        // A window without a store leaves alone what belongs to the one that has it.
        if self.client.is_some() {
            self.kept.write(self.shell.kept());
        }
    }

    fn clear_color(&self, visuals: &eframe::egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
