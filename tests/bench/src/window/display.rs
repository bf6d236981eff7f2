//! A display of our own, what it shows, and programs on it.

use crate::measure;
use anyhow::{Context, Result, bail};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use x11rb::{
    connection::Connection,
    protocol::xproto::{ConnectionExt, ImageFormat, Window},
    rust_connection::RustConnection,
};

/// How long anything on the display may take.
const LIMIT: Duration = Duration::from_secs(30);

/// A virtual screen of 1440 × 900.
pub struct Display {
    server: Child,
    name: String,
    connection: RustConnection,
    root: Window,
}

impl Display {
    /// Starts Xvfb.
    pub fn start() -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1440x900x24",
                "-nolisten",
                "tcp",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb is needed (package xvfb)")?;
        let said = server.stdout.take().context("no output")?;
        let mut number = String::new();
        BufReader::new(said).read_line(&mut number)?;
        let name = format!(":{}", number.trim());
        let (connection, screen) = x11rb::connect(Some(&name))?;
        let root = connection.setup().roots.get(screen).context("no screen")?.root;
        Ok(Self {
            server,
            name,
            connection,
            root,
        })
    }

    /// Starts a program on the display; what it says on its standard error is counted by [`Running::frames`].
    pub fn run(&self, command: &mut Command) -> Result<Running> {
        let began = Instant::now();
        let mut child = command
            .env("DISPLAY", &self.name)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let said = child.stderr.take().context("no standard error")?;
        let frames = Arc::new(AtomicU64::new(0));
        let counted = frames.clone();
        thread::spawn(move || count_frames(BufReader::new(said), &counted));
        Ok(Running { child, began, frames })
    }

    /// Runs a tool of the desktop to its end.
    pub fn tool(&self, program: &str, args: &[&str]) -> Result<()> {
        let status = Command::new(program)
            .args(args)
            .env("DISPLAY", &self.name)
            .stdout(Stdio::null())
            .status()
            .with_context(|| format!("{program} is needed"))?;
        if !status.success() {
            bail!("{program} {} failed", args.join(" "));
        }
        Ok(())
    }

    /// The colour of a point of the screen.
    pub fn color(&self, x: i16, y: i16) -> Result<[u8; 3]> {
        let format = ImageFormat::Z_PIXMAP;
        let image = self
            .connection
            .get_image(format, self.root, x, y, 1, 1, !0)?
            .reply()?;
        match image.data[..] {
            [blue, green, red, ..] => Ok([red, green, blue]),
            _ => bail!("no colour"),
        }
    }

    /// Waits until a point of the screen is as wanted.
    pub fn until_color(&self, (x, y): (i16, i16), wanted: impl Fn([u8; 3]) -> bool) -> Result<Instant> {
        let deadline = Instant::now() + LIMIT;
        loop {
            if wanted(self.color(x, y)?) {
                return Ok(Instant::now());
            }
            if Instant::now() > deadline {
                bail!("nothing was shown in {LIMIT:?}");
            }
            thread::sleep(Duration::from_micros(500));
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Lines that the window writes with `ANYON_LOG=anyon::window=trace`, one a frame.
fn count_frames(said: impl BufRead, frames: &AtomicU64) {
    for line in said.lines().map_while(Result::ok) {
        if line.contains("frame") {
            frames.fetch_add(1, Ordering::Relaxed);
        } else {
            tell(&line);
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "what a program on the display complains about"
)]
fn tell(line: &str) {
    eprintln!("{line}");
}

/// A program on a display.
pub struct Running {
    child: Child,
    /// When it was started.
    pub began: Instant,
    frames: Arc<AtomicU64>,
}

impl Running {
    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
    /// Frames it told of so far.
    pub fn frames(&self) -> u64 {
        self.frames.load(Ordering::Relaxed)
    }
    /// What it does for a while: frames, and processor time by the names of its threads.
    pub fn watch(&self, time: Duration) -> Watched {
        let (frames, before) = (self.frames(), measure::cpu_by_thread(self.pid()));
        thread::sleep(time);
        let after = measure::cpu_by_thread(self.pid());
        let mut cpu: BTreeMap<String, Duration> = BTreeMap::new();
        for (thread, (name, now)) in after {
            let was = before.get(&thread).map_or(Duration::ZERO, |(_, was)| *was);
            *cpu.entry(name).or_default() += now.saturating_sub(was);
        }
        Watched {
            time,
            frames: self.frames() - frames,
            cpu,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a program did for a while.
pub struct Watched {
    time: Duration,
    /// Frames.
    pub frames: u64,
    cpu: BTreeMap<String, Duration>,
}

impl Watched {
    /// Percent of a core that the threads of these names used.
    pub fn percent(&self, named: impl Fn(&str) -> bool) -> f64 {
        let used = self
            .cpu
            .iter()
            .filter(|(name, _)| named(name))
            .map(|(_, used)| *used);
        used.sum::<Duration>().as_secs_f64() / self.time.as_secs_f64() * 100.0
    }
    /// The threads that used most, to be read.
    pub fn told(&self) -> String {
        let part = |(name, used): (&String, &Duration)| {
            let percent = used.as_secs_f64() / self.time.as_secs_f64() * 100.0;
            (percent >= 0.05).then(|| format!("{name} {percent:.1} %"))
        };
        self.cpu.iter().filter_map(part).collect::<Vec<_>>().join(", ")
    }
}
