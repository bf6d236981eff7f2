//! A session bus of its own for a test. Where `dbus-daemon` is not installed there is none, and nothing to try.

use futures_lite::StreamExt;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};
use zbus::{Connection, Message, MessageStream, message::Type};

/// The bus; it ends with this.
pub struct TestBus {
    daemon: Child,
    address: String,
}

/// A program on the bus that offers something.
pub struct Program {
    /// Its connection.
    pub bus: Connection,
    heard: MessageStream,
}

impl TestBus {
    /// Starts one that knows of no program to start.
    pub fn start() -> Option<Self> {
        let config = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/session-bus.conf");
        let mut daemon = Command::new("dbus-daemon")
            .args(["--nofork", "--print-address=1", "--config-file", config])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut address = String::new();
        let told = BufReader::new(daemon.stdout.take()?).read_line(&mut address);
        let bus = Self {
            daemon,
            address: address.trim().to_owned(),
        };
        (told.is_ok() && !bus.address.is_empty()).then_some(bus)
    }
    /// A further program on it.
    pub async fn connect(&self) -> Connection {
        let builder = zbus::connection::Builder::address(self.address.as_str()).unwrap();
        builder.build().await.unwrap()
    }
    /// A further program that offers something.
    pub async fn program(&self) -> Program {
        let bus = self.connect().await;
        let heard = MessageStream::from(&bus);
        Program { bus, heard }
    }
}

impl Program {
    /// Waits for a call of a method, answers it, and gives it.
    pub async fn answer<B>(&mut self, method: &str, answer: &B) -> Message
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        let call = self.called(method).await;
        self.bus.reply(&call.header(), answer).await.unwrap();
        call
    }
    /// Waits for a call of a method.
    pub async fn called(&mut self, method: &str) -> Message {
        loop {
            let message = self.heard.next().await.unwrap().unwrap();
            let header = message.header();
            let asked = header.member().is_some_and(|member| member == method);
            if asked && header.message_type() == Type::MethodCall {
                break message.clone();
            }
        }
    }
}

impl Drop for TestBus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
