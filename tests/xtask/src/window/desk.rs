//! A desk for one story: a home folder, a display, and a session bus with accessibility on. Gone when it is dropped.

use super::display::{Display, Server};
use anyhow::{Context, bail, ensure};
use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;
use zbus::connection::Builder;

/// What is asked of the folders for programs.
const PROGRAMS: [(&str, &str); 6] = [
    ("Xvfb", "xvfb"),
    ("openbox", "openbox"),
    ("xdotool", "xdotool"),
    ("dbus-daemon", "dbus"),
    ("git", "git"),
    ("setsid", "util-linux"),
];
const LAUNCHERS: [&str; 2] = [
    "/usr/libexec/at-spi-bus-launcher",
    "/usr/lib/at-spi2-core/at-spi-bus-launcher",
];

/// The desk.
pub struct Desk {
    /// The display.
    pub display: Display,
    bus_address: String,
    bus: Child,
    home: TempDir,
    shots: PathBuf,
    story: &'static str,
}

impl Desk {
    /// Names what is missing to set one up.
    pub fn check_tools() -> anyhow::Result<()> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let there = |name: &str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
        let mut missing: Vec<&str> = PROGRAMS
            .iter()
            .filter(|(program, _)| !there(program))
            .map(|(_, package)| *package)
            .collect();
        if !LAUNCHERS.iter().any(|launcher| Path::new(launcher).exists()) {
            missing.push("at-spi2-core");
        }
        ensure!(
            missing.is_empty(),
            "missing: sudo apt install {}",
            missing.join(" ")
        );
        Ok(())
    }

    /// A desk whose pictures begin with the story's name.
    pub fn new(story: &'static str, shots: &Path, server: Server) -> anyhow::Result<Self> {
        let home = tempfile::Builder::new().prefix("anyon-window-").tempdir()?;
        let run = home.path().join("run");
        fs::create_dir(&run)?;
        fs::set_permissions(&run, fs::Permissions::from_mode(0o700))?;
        let display = Display::start(server)?;
        let (bus, bus_address) = start_bus(&run, &display)?;
        let desk = Self {
            display,
            bus_address,
            bus,
            home,
            shots: shots.to_path_buf(),
            story,
        };
        desk.turn_accessibility_on().context("the accessibility bus")?;
        Ok(desk)
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A program at this desk: of the surrounding environment it sees nothing that would lead it elsewhere.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address);
        let home = self.home.path();
        settle(&mut command, (home, &home.join("run")), &self.display);
        command
    }

    /// A program that belongs to the desk and not to the product: it has another home, so that it is not looked for
    /// when the product is gone.
    pub fn furniture(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        let run = self.home.path().join("run");
        settle(&mut command, (&run, &run), &self.display);
        command
    }

    /// The address of the bus that carries the accessibility tree.
    pub fn tree_address(&self) -> anyhow::Result<String> {
        async_io::block_on(async {
            let session = Builder::address(self.bus_address.as_str())?.build().await?;
            let to = ("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus");
            let answer = session
                .call_method(Some(to.0), to.1, Some(to.2), "GetAddress", &())
                .await?;
            Ok(answer.body().deserialize()?)
        })
    }

    /// Keeps a picture of the display.
    pub fn picture(&self, name: &str) -> anyhow::Result<()> {
        let file = format!("{}-{name}.png", self.story);
        self.display.picture(&self.shots.join(file))
    }

    fn turn_accessibility_on(&self) -> anyhow::Result<()> {
        async_io::block_on(async {
            let session = Builder::address(self.bus_address.as_str())?.build().await?;
            let value = zbus::zvariant::Value::from(true);
            let body = ("org.a11y.Status", "IsEnabled", value);
            let to = ("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties");
            session
                .call_method(Some(to.0), to.1, Some(to.2), "Set", &body)
                .await?;
            Ok(())
        })
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // The accessibility bus ends with the session bus.
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

fn settle(command: &mut Command, (home, run): (&Path, &Path), display: &Display) {
    for name in [
        "WAYLAND_DISPLAY",
        "AT_SPI_BUS_ADDRESS",
        "ANYON_DATA_DIR",
        "ANYON_RENDERER",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_SESSION_ID",
        "LC_ALL",
        "LC_MESSAGES",
    ] {
        command.env_remove(name);
    }
    command
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", run)
        .env("DISPLAY", display.name())
        .env("LANG", "C.UTF-8")
        .env("SHELL", "/bin/sh")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::null());
}

/// Starts the session bus. It and what it starts live beside the product, not with it.
fn start_bus(run: &Path, display: &Display) -> anyhow::Result<(Child, String)> {
    let mut command = Command::new("dbus-daemon");
    settle(&mut command, (run, run), display);
    let log = fs::File::create(run.join("bus.log"))?;
    let mut bus = command
        .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
        .arg(format!("--address=unix:dir={}", run.display()))
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .context("dbus-daemon")?;
    let mut address = String::new();
    if let Some(stdout) = bus.stdout.take() {
        BufReader::new(stdout).read_line(&mut address)?;
    }
    if address.trim().is_empty() {
        let _ = bus.kill();
        let _ = bus.wait();
        bail!("dbus-daemon told no address");
    }
    Ok((bus, address.trim().to_owned()))
}
