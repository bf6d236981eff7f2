//! An X server without a screen, its picture, and the windows on it.

use super::wait::until;
use anyhow::{Context, bail, ensure};
use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter},
    path::Path,
    process::{Child, Command, Stdio},
};
use x11rb::{
    connection::Connection,
    protocol::xproto::{
        AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt, EventMask, ImageFormat, InputFocus,
        MapState, Window,
    },
    rust_connection::RustConnection,
};

const WIDTH: u16 = 1440;
const HEIGHT: u16 = 900;

/// How long a picture may move.
const STILL_S: u64 = 1;

/// What the server can do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// Everything.
    Full,
    /// No OpenGL over X.
    WithoutGlx,
}

/// A display.
pub struct Display {
    server: Child,
    name: String,
    connection: RustConnection,
    root: Window,
}

impl Display {
    /// Starts one with a number that is free.
    pub fn start(server: Server) -> anyhow::Result<Self> {
        let mut command = Command::new("Xvfb");
        command
            .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0"])
            .arg(format!("{WIDTH}x{HEIGHT}x24"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if server == Server::WithoutGlx {
            command.args(["-extension", "GLX"]);
        }
        let mut server = command.spawn().context("Xvfb")?;
        let mut number = String::new();
        if let Some(stdout) = server.stdout.take() {
            BufReader::new(stdout).read_line(&mut number)?;
        }
        let name = format!(":{}", number.trim());
        match RustConnection::connect(Some(&name)) {
            Ok((connection, screen)) => {
                let root = connection.setup().roots[screen].root;
                Ok(Self {
                    server,
                    name,
                    connection,
                    root,
                })
            }
            Err(error) => {
                let _ = server.kill();
                let _ = server.wait();
                Err(error).context("Xvfb does not answer")
            }
        }
    }

    /// As `DISPLAY` names it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The window that is shown, if there is one.
    pub fn window(&self) -> anyhow::Result<Option<Window>> {
        for window in self.children(self.root)? {
            // Below a window manager it is in a frame.
            for window in [vec![window], self.children(window)?].concat() {
                if self.is_ours(window)? && self.is_shown(window)? {
                    return Ok(Some(window));
                }
            }
        }
        Ok(None)
    }

    /// It is on the screen, or would be if nothing lay over it.
    pub fn is_shown(&self, window: Window) -> anyhow::Result<bool> {
        let attributes = self.connection.get_window_attributes(window)?.reply();
        Ok(attributes.is_ok_and(|attributes| attributes.map_state == MapState::VIEWABLE))
    }

    /// Of a window that is gone there are none.
    fn children(&self, window: Window) -> anyhow::Result<Vec<Window>> {
        let tree = self.connection.query_tree(window)?.reply();
        Ok(tree.map(|tree| tree.children).unwrap_or_default())
    }

    fn is_ours(&self, window: Window) -> anyhow::Result<bool> {
        let class = self
            .connection
            .get_property(false, window, AtomEnum::WM_CLASS, AtomEnum::STRING, 0, 64)?
            .reply();
        Ok(class.is_ok_and(|class| class.value.windows(5).any(|part| part == b"anyon")))
    }

    pub(super) fn connection(&self) -> &RustConnection {
        &self.connection
    }

    pub(super) fn root(&self) -> Window {
        self.root
    }

    pub(super) fn atom(&self, name: &str) -> anyhow::Result<u32> {
        Ok(self.connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }

    /// Gives a window a place, a size and the keyboard, as a window manager would.
    pub fn arrange(&self, window: Window, (width, height): (u32, u32)) -> anyhow::Result<()> {
        let place = ConfigureWindowAux::new().x(0).y(0).width(width).height(height);
        self.connection.configure_window(window, &place)?.check()?;
        self.connection
            .set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?
            .check()?;
        Ok(())
    }

    /// Asks a window to close, as the button of its frame does.
    pub fn ask_to_close(&self, window: Window) -> anyhow::Result<()> {
        let said = [self.atom("WM_DELETE_WINDOW")?, x11rb::CURRENT_TIME, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, self.atom("WM_PROTOCOLS")?, said);
        self.connection
            .send_event(false, window, EventMask::NO_EVENT, message)?
            .check()?;
        Ok(())
    }

    /// Presses keys, by the names that xdotool knows.
    pub fn keys(&self, keys: &[&str]) -> anyhow::Result<()> {
        let status = Command::new("xdotool")
            .args(["key", "--clearmodifiers"])
            .args(keys)
            .env("DISPLAY", &self.name)
            .stdin(Stdio::null())
            .status()
            .context("xdotool")?;
        ensure!(status.success(), "xdotool could not press {keys:?}");
        Ok(())
    }

    /// Writes what is shown, once it holds still: the tree is ahead of what is painted.
    pub fn picture(&self, file: &Path) -> anyhow::Result<()> {
        let mut last = Vec::new();
        let still = until("a still picture", STILL_S, || {
            let pixels = self.pixels()?;
            let still = pixels == last;
            last = pixels;
            Ok(still.then(|| last.clone()))
        });
        // Something may turn for as long as an agent works.
        let pixels = still.unwrap_or(last);
        let mut encoder = png::Encoder::new(
            BufWriter::new(File::create(file)?),
            u32::from(WIDTH),
            u32::from(HEIGHT),
        );
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header()?.write_image_data(&pixels)?;
        Ok(())
    }

    /// How bright the display is in the middle, from 0 to 255.
    pub fn brightness(&self) -> anyhow::Result<u32> {
        let pixels = self.pixels()?;
        let sum: u64 = pixels.iter().map(|part| u64::from(*part)).sum();
        Ok((sum / pixels.len() as u64) as u32)
    }

    /// Red, green, blue of every pixel.
    fn pixels(&self) -> anyhow::Result<Vec<u8>> {
        let whole = u32::MAX;
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, WIDTH, HEIGHT, whole)?
            .reply()?;
        if image.data.len() != usize::from(WIDTH) * usize::from(HEIGHT) * 4 {
            bail!("a picture of {} bytes", image.data.len());
        }
        let colors = image.data.chunks_exact(4);
        Ok(colors.flat_map(|bgrx| [bgrx[2], bgrx[1], bgrx[0]]).collect())
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
