//! A window manager at a desk, and what only it knows: which window is in front.

use super::{desk::Desk, display::Display, product::LIMIT_S, wait::until};
use anyhow::Context;
use std::{
    path::Path,
    process::{Child, Stdio},
};
use x11rb::{
    COPY_FROM_PARENT, CURRENT_TIME,
    connection::Connection,
    protocol::xproto::{
        AtomEnum, ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask, Window, WindowClass,
    },
    wrapper::ConnectionExt as _,
};

/// A running window manager; gone when it is dropped.
pub struct Manager(Child);

impl Manager {
    /// Starts one and waits until it manages.
    pub fn start(desk: &Desk) -> anyhow::Result<Self> {
        let mut command = desk.furniture(Path::new("openbox"));
        let child = command
            .arg("--sm-disable")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("openbox")?;
        let manager = Self(child);
        until("a window manager", LIMIT_S, || {
            desk.display.of_root("_NET_SUPPORTING_WM_CHECK")
        })?;
        Ok(manager)
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A window of nobody's, which lies over others; gone with its display.
pub struct Cover(pub Window);

impl Display {
    /// The window in front: the one that the manager calls active.
    pub fn active(&self) -> anyhow::Result<Option<Window>> {
        self.of_root("_NET_ACTIVE_WINDOW")
    }

    /// Opens a window over all of the display.
    pub fn cover(&self) -> anyhow::Result<Cover> {
        let (connection, root) = (self.connection(), self.root());
        let window = connection.generate_id()?;
        let looks = CreateWindowAux::new().background_pixel(0x0040_6080);
        let (depth, visual) = (COPY_FROM_PARENT as u8, COPY_FROM_PARENT);
        let class = WindowClass::INPUT_OUTPUT;
        connection
            .create_window(depth, window, root, 0, 0, 1440, 900, 0, class, visual, &looks)?
            .check()?;
        connection
            .change_property8(
                x11rb::protocol::xproto::PropMode::REPLACE,
                window,
                AtomEnum::WM_NAME,
                AtomEnum::STRING,
                b"another program",
            )?
            .check()?;
        connection.map_window(window)?.check()?;
        connection.flush()?;
        Ok(Cover(window))
    }

    /// Makes an icon of a window, as the button of its frame does.
    pub fn minimise(&self, window: Window) -> anyhow::Result<()> {
        const ICONIC: u32 = 3;
        let kind = self.atom("WM_CHANGE_STATE")?;
        let message = ClientMessageEvent::new(32, window, kind, [ICONIC, CURRENT_TIME, 0, 0, 0]);
        let to = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection()
            .send_event(false, self.root(), to, message)?
            .check()?;
        Ok(())
    }

    fn of_root(&self, property: &str) -> anyhow::Result<Option<Window>> {
        let name = self.atom(property)?;
        let told = self
            .connection()
            .get_property(false, self.root(), name, AtomEnum::WINDOW, 0, 1)?
            .reply()?;
        let window = told.value32().and_then(|mut values| values.next());
        Ok(window.filter(|window| *window != 0))
    }
}
