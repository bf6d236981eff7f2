//! The system's folder dialog, on a thread of its own: it blocks for as long as the person looks around.

use super::messages::{Message, Outbox};
use std::thread;

/// Asks for a folder.
pub fn pick_folder(key: String, outbox: Outbox) {
    let work = move || {
        if let Some(path) = rfd::FileDialog::new().pick_folder() {
            outbox.send(Message::Picked {
                key,
                path: path.into(),
            });
        }
    };
    if let Err(error) = thread::Builder::new().name("folder dialog".into()).spawn(work) {
        tracing::warn!(%error, "no thread for the folder dialog");
    }
}
