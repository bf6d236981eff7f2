//! The session bus of Linux desktops: one way to connect and to call. It is spoken to on threads of its own, never in
//! a frame, and a desktop without a bus is no problem.

use futures_lite::StreamExt;
use std::time::Duration;
use zbus::{Connection, MatchRule, Message, MessageStream, message::Type};

/// A bus that does not answer within this time is as good as none.
const PATIENCE: Duration = Duration::from_secs(8);
const BUS: &str = "org.freedesktop.DBus";

/// The session's bus, if there is one. Never starts one.
pub async fn session() -> zbus::Result<Connection> {
    let builder = zbus::connection::Builder::session()?;
    builder.method_timeout(PATIENCE).build().await
}

/// A program on the bus: its name, the object it offers and the object's interface.
#[derive(Clone, Copy)]
pub struct Peer {
    /// Well-known name.
    pub name: &'static str,
    /// Path of the object.
    pub path: &'static str,
    /// Interface of the object.
    pub interface: &'static str,
}

impl Peer {
    /// Calls a method and waits for its answer.
    pub async fn call<B>(&self, bus: &Connection, method: &str, body: &B) -> zbus::Result<Message>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        bus.call_method(Some(self.name), self.path, Some(self.interface), method, body)
            .await
    }
    /// The signals of its interface, from whatever object.
    pub async fn signals(&self, bus: &Connection) -> zbus::Result<MessageStream> {
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .interface(self.interface)?;
        MessageStream::for_match_rule(rule.build(), bus, None).await
    }
    /// It runs. Asking does not start it.
    pub async fn runs(&self, bus: &Connection) -> bool {
        ask_bus(bus, "NameHasOwner", &(self.name,)).await.unwrap_or(false)
    }
    /// It runs, or the bus knows how to start it.
    pub async fn can_run(&self, bus: &Connection) -> bool {
        let known: zbus::Result<Vec<String>> = ask_bus(bus, "ListActivatableNames", &()).await;
        self.runs(bus).await || known.is_ok_and(|names| names.iter().any(|name| name == self.name))
    }
    /// Tells whenever it comes or goes.
    pub async fn comings_and_goings(&self, bus: &Connection) -> zbus::Result<MessageStream> {
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(BUS)?
            .member("NameOwnerChanged")?
            .arg(0, self.name)?;
        MessageStream::for_match_rule(rule.build(), bus, None).await
    }
}

/// The next message of a stream; `None`: the bus is gone.
pub async fn next(stream: &mut MessageStream) -> Option<Message> {
    loop {
        match stream.next().await {
            Some(Ok(message)) => return Some(message),
            Some(Err(error)) => tracing::debug!(%error, "a message of the bus"),
            None => return None,
        }
    }
}

async fn ask_bus<B, T>(bus: &Connection, method: &str, body: &B) -> zbus::Result<T>
where
    B: serde::Serialize + zbus::zvariant::DynamicType,
    T: serde::de::DeserializeOwned + zbus::zvariant::Type,
{
    let peer = Peer {
        name: BUS,
        path: "/org/freedesktop/DBus",
        interface: BUS,
    };
    let answer = peer.call(bus, method, body).await?;
    let body = answer.body();
    body.deserialize()
}
