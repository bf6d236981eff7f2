//! Notifications of the desktop. A click on one leads to the attempt it is about.

use super::messages::{Message, Outbox};
use anyon_model::AttemptId;
use std::thread;

/// Shows one. It waits for its click on a thread that ends with it; a desktop without notifications is no problem.
pub fn show(title: String, body: String, attempt_id: AttemptId, outbox: Outbox) {
    let work = move || {
        let mut notification = notify_rust::Notification::new();
        notification.appname("Anyon").summary(&title).body(&body);
        #[cfg(target_os = "linux")]
        notification.action("default", "Open");
        match notification.show() {
            Ok(shown) => wait_for_click(shown, attempt_id, &outbox),
            Err(error) => tracing::debug!(%error, "no notification"),
        }
    };
    if let Err(error) = thread::Builder::new().name("notification".into()).spawn(work) {
        tracing::debug!(%error, "no thread for a notification");
    }
}

#[cfg(target_os = "linux")]
fn wait_for_click(shown: notify_rust::NotificationHandle, attempt_id: AttemptId, outbox: &Outbox) {
    shown.wait_for_action(|action| {
        if action == "default" {
            outbox.send(Message::Clicked(attempt_id));
        }
    });
}

#[cfg(not(target_os = "linux"))]
fn wait_for_click(_shown: notify_rust::NotificationHandle, _attempt_id: AttemptId, _outbox: &Outbox) {}
