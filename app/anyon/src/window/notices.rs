//! Notifications of the desktop. A click on one leads to what it is about, where there is a window to lead to. What
//! cannot be shown is no problem: the window tells it too.

use anyon_ui::NoticeAbout;

/// One notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// One line.
    pub title: String,
    /// More.
    pub body: String,
    /// The word for the click that leads there. Empty: no click leads anywhere.
    pub open: String,
    /// Where a click leads. A newer notice takes the place of an older one about the same.
    pub about: NoticeAbout,
}

#[cfg(target_os = "linux")]
pub use linux::Notices;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::Notices;

#[cfg(target_os = "linux")]
mod linux {
    use super::{
        super::bus::{self, Peer},
        Notice,
    };
    use anyon_ui::NoticeAbout;
    use futures_lite::future::{block_on, or};
    use std::{
        collections::{BTreeMap, HashMap},
        sync::Arc,
        thread,
    };
    use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
    use zbus::{Connection, MessageStream, zvariant::Value};

    const DAEMON: Peer = Peer {
        name: "org.freedesktop.Notifications",
        path: "/org/freedesktop/Notifications",
        interface: "org.freedesktop.Notifications",
    };

    /// Shows notices on a thread of its own, which starts with the first one.
    pub struct Notices {
        clicked: Arc<dyn Fn(NoticeAbout) + Send + Sync>,
        sender: Option<UnboundedSender<Notice>>,
    }

    impl Notices {
        /// With what a click does.
        pub fn new(clicked: impl Fn(NoticeAbout) + Send + Sync + 'static) -> Self {
            Self {
                clicked: Arc::new(clicked),
                sender: None,
            }
        }
        /// Shows one soon.
        pub fn show(&mut self, notice: Notice) {
            let clicked = self.clicked.clone();
            let sender = self.sender.get_or_insert_with(|| {
                let (sender, notices) = unbounded_channel();
                let work = move || block_on(show_all(notices, &*clicked));
                if let Err(error) = thread::Builder::new().name("notifications".into()).spawn(work) {
                    tracing::debug!(%error, "no thread for notifications");
                }
                sender
            });
            let _ = sender.send(notice);
        }
    }

    /// Until the window is gone. Where there is no bus, it is looked for again with each notice.
    async fn show_all(mut notices: UnboundedReceiver<Notice>, clicked: &(dyn Fn(NoticeAbout) + Send + Sync)) {
        while let Some(first) = notices.recv().await {
            let shown = match bus::session().await {
                Ok(bus) => show_on(&bus, first, &mut notices, clicked).await,
                Err(error) => Err(error),
            };
            if let Err(error) = shown {
                tracing::debug!(%error, "no notifications");
            }
        }
    }

    /// Shows notices until the bus or the window is gone.
    pub async fn show_on(
        bus: &Connection,
        first: Notice,
        notices: &mut UnboundedReceiver<Notice>,
        mut clicked: impl FnMut(NoticeAbout),
    ) -> zbus::Result<()> {
        let mut signals = DAEMON.signals(bus).await?;
        let mut shown = BTreeMap::new();
        let mut waiting = Some(first);
        loop {
            if let Some(notice) = waiting.take()
                && let Err(error) = show(bus, &notice, &mut shown).await
            {
                tracing::debug!(%error, "a notification was not shown");
            }
            match or(next_notice(notices), next_signal(&mut signals)).await {
                Heard::Notice(notice) => waiting = Some(notice),
                Heard::Clicked(id) => shown.get(&id).copied().into_iter().for_each(&mut clicked),
                Heard::Closed(id) => drop(shown.remove(&id)),
                Heard::Other => {}
                Heard::End => return Ok(()),
            }
        }
    }

    enum Heard {
        Notice(Notice),
        Clicked(u32),
        Closed(u32),
        Other,
        End,
    }

    async fn next_notice(notices: &mut UnboundedReceiver<Notice>) -> Heard {
        notices.recv().await.map_or(Heard::End, Heard::Notice)
    }

    async fn next_signal(signals: &mut MessageStream) -> Heard {
        let Some(signal) = bus::next(signals).await else {
            return Heard::End;
        };
        let body = signal.body();
        let header = signal.header();
        match header.member().map(|member| member.as_str()) {
            Some("ActionInvoked") => match body.deserialize::<(u32, &str)>() {
                Ok((id, "default")) => Heard::Clicked(id),
                _ => Heard::Other,
            },
            Some("NotificationClosed") => match body.deserialize::<(u32, u32)>() {
                Ok((id, _)) => Heard::Closed(id),
                Err(_) => Heard::Other,
            },
            _ => Heard::Other,
        }
    }

    async fn show(
        bus: &Connection,
        notice: &Notice,
        shown: &mut BTreeMap<u32, NoticeAbout>,
    ) -> zbus::Result<()> {
        let can: Vec<String> = DAEMON
            .call(bus, "GetCapabilities", &())
            .await?
            .body()
            .deserialize()?;
        let can = |what: &str| can.iter().any(|capability| capability == what);
        let before = shown.iter().find(|(_, about)| **about == notice.about);
        let before = before.map_or(0, |(id, _)| *id);
        // Daemons without buttons show a notification with one as a dialog that has to be answered.
        let actions = if can("actions") && !notice.open.is_empty() {
            vec!["default", &notice.open]
        } else {
            Vec::new()
        };
        let body = if can("body-markup") {
            escaped(&notice.body)
        } else {
            notice.body.clone()
        };
        let hints = HashMap::from([("desktop-entry", Value::from("anyon"))]);
        let asked = ("Anyon", before, "", &notice.title, body, actions, hints, -1i32);
        let id: u32 = DAEMON.call(bus, "Notify", &asked).await?.body().deserialize()?;
        shown.insert(id, notice.about);
        Ok(())
    }

    /// Text as it has to stand among markup.
    pub fn escaped(text: &str) -> String {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use super::Notice;
    use anyon_ui::NoticeAbout;
    use std::thread;

    /// Shows notices; these systems do not tell of clicks without an installed program.
    pub struct Notices {}

    impl Notices {
        /// Nobody tells of clicks.
        pub fn new(_clicked: impl Fn(NoticeAbout) + Send + Sync + 'static) -> Self {
            Self {}
        }
        /// Shows one soon.
        pub fn show(&mut self, notice: Notice) {
            let work = move || {
                let mut notification = notify_rust::Notification::new();
                notification
                    .appname("Anyon")
                    .summary(&notice.title)
                    .body(&notice.body);
                if let Err(error) = notification.show() {
                    tracing::debug!(%error, "no notification");
                }
            };
            if let Err(error) = thread::Builder::new().name("notification".into()).spawn(work) {
                tracing::debug!(%error, "no thread for a notification");
            }
        }
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
