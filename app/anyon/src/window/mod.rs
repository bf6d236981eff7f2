//! The window's glue: opens it, starts the host beside it, and does on the desktop what it asks for.
//!
//! What the window shows is `anyon-ui`'s; nothing here paints more than that. Browser, editor, terminal and file
//! manager are started in [`opener`] only.

mod app;
#[cfg(target_os = "linux")]
mod bus;
mod editors;
mod hosting;
mod kept_file;
mod libraries;
mod look;
mod messages;
pub mod notices;
mod opener;
mod picker;
mod placement;
mod renderer;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod test_bus;
mod tour;

use crate::host::{mcp_arguments, this_program};
use anyon_model::Problem;
use anyon_runtime::{EnvironmentSource, HostOptions};
use anyon_ui::{ShellOptions, Surroundings};
use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
};

/// What a window is opened for.
pub struct WindowOptions {
    /// Folder of the store, logs and worktrees.
    pub data_folder: PathBuf,
    /// The sample project of the demo, when the window is its tour.
    pub tour: Option<PathBuf>,
}

/// There is a display to open a window on.
pub fn display_is_there() -> bool {
    if cfg!(target_os = "linux") {
        let named = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        named("WAYLAND_DISPLAY") || named("DISPLAY")
    } else {
        cfg!(any(target_os = "macos", target_os = "windows"))
    }
}

/// Opens the window and returns when it is closed and the host has ended.
pub fn open(options: WindowOptions) -> Result<(), Problem> {
    libraries::probe()?;
    let hosting = hosting::Hosting::start(
        HostOptions {
            data_folder: options.data_folder.clone(),
            exe: this_program()?,
            environment: environment(),
            mcp_arguments: mcp_arguments(&options.data_folder),
        },
        options.tour.clone(),
    )?;
    let shell = shell_options(&options.data_folder, options.tour.is_some());
    look::follow(hosting.outbox.clone());
    let opened = renderer::run(&shell, &hosting, &options.data_folder);
    hosting.end();
    opened
}

/// A window started by a double click has no useful environment; one from a terminal has the one its user sees.
fn environment() -> EnvironmentSource {
    if std::io::stdin().is_terminal() || std::io::stderr().is_terminal() {
        EnvironmentSource::Inherit
    } else {
        EnvironmentSource::LoginShell
    }
}

fn shell_options(data_folder: &Path, demo: bool) -> ShellOptions {
    ShellOptions {
        locale: locale(),
        reduced_motion: std::env::var_os("ANYON_REDUCED_MOTION").is_some(),
        kept: kept_file::read(data_folder),
        surroundings: Surroundings {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            renderer: String::new(),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            data_folder: data_folder.into(),
            demo,
            editors: Vec::new(),
            frame_ms: 0.0,
        },
    }
}

/// The system's locale, as the environment names it.
pub fn locale() -> String {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let set = names
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    set.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use anyon_executors::agents;
    use anyon_ui::phrase;

    #[test]
    fn no_two_agents_share_a_mark_unless_it_is_that_of_any_agent() {
        let mut marks = Vec::new();
        let any = phrase::agent_icon("ANY_OTHER").unicode();
        let mark = |id| phrase::agent_icon(id).unicode();
        for spec in agents::agents().iter().filter(|spec| mark(spec.id) != any) {
            let mark = mark(spec.id);
            assert!(!marks.contains(&mark), "{} has another's mark", spec.id);
            marks.push(mark);
        }
    }
}
