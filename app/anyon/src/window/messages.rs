//! What other threads tell the window, and how they wake it.

use anyon_model::{FilePath, Problem};
use anyon_remote::ElectingClient;
use anyon_ui::{DesktopLook, FoundEditor, NoticeAbout, Pace, Place};
use std::{
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    time::Instant,
};

/// What other threads tell the window.
pub enum Message {
    /// There is a host: this is the window's client.
    Hosted(Box<ElectingClient>),
    /// There is none, and none could be started.
    NotHosted(Problem),
    /// The person picked a folder.
    Picked {
        /// Who asked.
        key: String,
        /// The folder.
        path: FilePath,
    },
    /// The system has no folder dialog: the window's own is to be opened.
    NoFolderDialog {
        /// Who asked.
        key: String,
    },
    /// What the desktop wants the window to look like.
    Desktop(DesktopLook),
    /// The editors of this computer.
    Editors(Vec<FoundEditor>),
    /// The person clicked a notification.
    Clicked(NoticeAbout),
    /// The demo is under way: look here.
    Look(Place),
    /// Something on the desktop failed.
    Failed(Problem),
}

/// Sends messages to the window and wakes it.
#[derive(Clone)]
pub struct Outbox {
    sender: Sender<Message>,
    context: Arc<OnceLock<eframe::egui::Context>>,
    last: Arc<Mutex<LastFrame>>,
}

/// The last frame, and what was to be seen then.
struct LastFrame {
    at: Instant,
    pace: Pace,
}

impl Outbox {
    /// An outbox and where its messages arrive.
    pub fn new() -> (Self, Receiver<Message>) {
        let (sender, receiver) = channel();
        let outbox = Self {
            sender,
            context: Arc::default(),
            // Until there is a frame, the first one is awaited.
            last: Arc::new(Mutex::new(LastFrame {
                at: Instant::now(),
                pace: Pace {
                    awaited: true,
                    unseen: false,
                },
            })),
        };
        (outbox, receiver)
    }
    /// Sends a message. Without a window nobody needs it any more.
    pub fn send(&self, message: Message) {
        let _ = self.sender.send(message);
        if let Some(context) = self.context.get() {
            context.request_repaint();
        }
    }
    /// Asks for a frame because there are news. A burst of calls costs one.
    pub fn wake(&self) {
        if let Some(context) = self.context.get() {
            let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            let wait = last.pace.wait(last.at.elapsed());
            drop(last);
            context.request_repaint_after(wait);
        }
    }
    /// A frame took the news there were.
    pub fn painted(&self, pace: Pace) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = LastFrame {
            at: Instant::now(),
            pace,
        };
    }
    /// The window that is woken. The first one stays: a second renderer gets the same context.
    pub fn window(&self, context: &eframe::egui::Context) {
        let _ = self.context.set(context.clone());
    }
}
