//! The system's folder dialog, on a thread of its own: it is open for as long as the person looks around. Where the
//! desktop has none, the window's own chooser takes over at once.

use super::messages::{Message, Outbox};
use anyon_model::FilePath;
use std::thread;

/// How the dialog ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// With a folder.
    Folder(FilePath),
    /// The person left it.
    Nothing,
    /// There is no such dialog here.
    NoDialog,
}

/// Asks for a folder.
pub fn pick_folder(key: String, title: String, outbox: Outbox) {
    let failed = (key.clone(), outbox.clone());
    let work = move || match ask(&title) {
        Picked::Folder(path) => outbox.send(Message::Picked { key, path }),
        Picked::Nothing => {}
        Picked::NoDialog => outbox.send(Message::NoFolderDialog { key }),
    };
    if let Err(error) = thread::Builder::new().name("folder dialog".into()).spawn(work) {
        tracing::warn!(%error, "no thread for the folder dialog");
        let (key, outbox) = failed;
        outbox.send(Message::NoFolderDialog { key });
    }
}

#[cfg(not(target_os = "linux"))]
fn ask(title: &str) -> Picked {
    let picked = rfd::FileDialog::new().set_title(title).pick_folder();
    picked.map_or(Picked::Nothing, |path| Picked::Folder(path.into()))
}

#[cfg(target_os = "linux")]
fn ask(title: &str) -> Picked {
    let picked =
        futures_lite::future::block_on(async { linux::ask(&super::bus::session().await?, title).await });
    picked.unwrap_or_else(|error| {
        tracing::debug!(%error, "no folder dialog");
        Picked::NoDialog
    })
}

#[cfg(target_os = "linux")]
mod linux {
    use super::{
        super::bus::{self, Peer},
        Picked,
    };
    use futures_lite::future::or;
    use std::{collections::HashMap, ffi::OsString, os::unix::ffi::OsStringExt, path::PathBuf};
    use zbus::{
        Connection, Message,
        zvariant::{OwnedObjectPath, OwnedValue, Value},
    };

    const CHOOSER: Peer = Peer {
        name: "org.freedesktop.portal.Desktop",
        path: "/org/freedesktop/portal/desktop",
        interface: "org.freedesktop.portal.FileChooser",
    };
    /// The portal answers by a signal of an object made for the question.
    const REQUEST: Peer = Peer {
        interface: "org.freedesktop.portal.Request",
        ..CHOOSER
    };

    /// Asks the desktop's portal.
    pub async fn ask(bus: &Connection, title: &str) -> zbus::Result<Picked> {
        if !CHOOSER.can_run(bus).await {
            return Ok(Picked::NoDialog);
        }
        // Before the question: the answer may be faster than the end of the call.
        let mut answers = REQUEST.signals(bus).await?;
        let mut owners = CHOOSER.comings_and_goings(bus).await?;
        let options = HashMap::from([("directory", Value::from(true)), ("modal", Value::from(true))]);
        let asked = CHOOSER.call(bus, "OpenFile", &("", title, options)).await?;
        let request: OwnedObjectPath = asked.body().deserialize()?;
        loop {
            let answer = async { bus::next(&mut answers).await.map(Some) };
            let portal_gone = async { bus::next(&mut owners).await.map(|_| None) };
            match or(answer, portal_gone).await.flatten() {
                Some(answer) if answer.header().path().is_some_and(|path| *path == *request) => {
                    return picked(&answer);
                }
                Some(_) => {}
                None => return Ok(Picked::NoDialog),
            }
        }
    }

    fn picked(answer: &Message) -> zbus::Result<Picked> {
        let body = answer.body();
        let (how, found): (u32, HashMap<String, OwnedValue>) = body.deserialize()?;
        let uris = found
            .get("uris")
            .and_then(|uris| Vec::<String>::try_from(uris.try_clone().ok()?).ok());
        let folder = uris.and_then(|uris| uris.first().and_then(|uri| path_of(uri)));
        Ok(match (how, folder) {
            (0, Some(folder)) => Picked::Folder(folder.into()),
            (0 | 1, _) => Picked::Nothing,
            _ => Picked::NoDialog,
        })
    }

    /// The path of a `file://` address, byte for byte.
    pub fn path_of(uri: &str) -> Option<PathBuf> {
        let rest = uri.strip_prefix("file://")?;
        let path = &rest[rest.find('/')?..];
        let mut bytes = Vec::with_capacity(path.len());
        let mut left = path.bytes();
        while let Some(byte) = left.next() {
            bytes.push(match byte {
                b'%' => {
                    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                    let (high, low) = (digit(left.next())?, digit(left.next())?);
                    u8::try_from(high * 16 + low).ok()?
                }
                byte => byte,
            });
        }
        Some(OsString::from_vec(bytes).into())
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
