//! Opens things outside of Anyon: the only place that starts a browser, an editor, a terminal or a file manager.

use super::messages::{Message, Outbox};
use anyon_model::{FilePath, Problem, ProblemCode};
use anyon_ui::EditorTarget;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

/// Opens a page in the browser. Only pages: agents write links too, and a link must not start programs.
pub fn url(url: &str, outbox: &Outbox) {
    let known = ["https://", "http://", "mailto:"];
    if !known
        .iter()
        .any(|scheme| url.to_ascii_lowercase().starts_with(scheme))
    {
        let title = "This link does not lead to a page";
        return outbox.send(Message::Failed(
            Problem::new(ProblemCode::InvalidRequest, title).detail(url),
        ));
    }
    start("browser", vec![system_opener(url.into())], outbox);
}

/// Opens a folder in the file manager.
pub fn folder(path: &FilePath, outbox: &Outbox) {
    start("file manager", vec![system_opener(path.as_path().into())], outbox);
}

/// Shows a file in the file manager; on Linux its folder.
pub fn reveal(path: &FilePath, outbox: &Outbox) {
    let path = path.as_path();
    let words = if cfg!(target_os = "macos") {
        vec!["open".into(), "-R".into(), path.into()]
    } else if cfg!(target_os = "windows") {
        vec!["explorer".into(), format!("/select,{}", path.display()).into()]
    } else {
        system_opener(path.parent().unwrap_or(path).into())
    };
    start("file manager", vec![words], outbox);
}

/// Opens a file or folder in the first editor that is there.
pub fn editor(target: &EditorTarget, outbox: &Outbox) {
    let path = target.path.as_path();
    let mut tries: Vec<Vec<OsString>> = EDITORS
        .iter()
        .map(|editor| editor.words(path, target.line))
        .collect();
    tries.push(system_opener(path.into()));
    start("editor", tries, outbox);
}

/// Opens a terminal in a folder.
pub fn terminal(path: &FilePath, outbox: &Outbox) {
    let folder = path.as_path();
    let tries = if cfg!(target_os = "macos") {
        vec![vec!["open".into(), "-a".into(), "Terminal".into(), folder.into()]]
    } else if cfg!(target_os = "windows") {
        vec![vec!["wt".into(), "-d".into(), folder.into()], vec!["cmd".into()]]
    } else {
        let names = [
            "x-terminal-emulator",
            "gnome-terminal",
            "konsole",
            "xfce4-terminal",
            "kitty",
            "xterm",
        ];
        names.iter().map(|name| vec![OsString::from(name)]).collect()
    };
    start_in("terminal", tries, Some(folder.to_path_buf()), outbox);
}

/// An editor: its program, and whether a line is named by `--goto FILE:LINE`.
struct Editor {
    program: &'static str,
    goto: bool,
}

const EDITORS: [Editor; 6] = [
    Editor {
        program: "code",
        goto: true,
    },
    Editor {
        program: "cursor",
        goto: true,
    },
    Editor {
        program: "windsurf",
        goto: true,
    },
    Editor {
        program: "zed",
        goto: false,
    },
    Editor {
        program: "zeditor",
        goto: false,
    },
    Editor {
        program: "idea",
        goto: false,
    },
];

impl Editor {
    fn words(&self, path: &Path, line: Option<u32>) -> Vec<OsString> {
        let mut place = path.as_os_str().to_owned();
        match line {
            Some(line) if self.goto => {
                place.push(format!(":{line}"));
                vec![self.program.into(), "--goto".into(), place]
            }
            Some(line) if self.program.starts_with("zed") => {
                place.push(format!(":{line}"));
                vec![self.program.into(), place]
            }
            Some(line) => vec![
                self.program.into(),
                "--line".into(),
                line.to_string().into(),
                place,
            ],
            None => vec![self.program.into(), place],
        }
    }
}

fn system_opener(what: OsString) -> Vec<OsString> {
    if cfg!(target_os = "macos") {
        vec!["open".into(), what]
    } else if cfg!(target_os = "windows") {
        vec!["explorer".into(), what]
    } else {
        vec!["xdg-open".into(), what]
    }
}

fn start(what: &'static str, tries: Vec<Vec<OsString>>, outbox: &Outbox) {
    start_in(what, tries, None, outbox);
}

/// Starts the first program that is there, on a thread that also waits for its end: a process nobody waits for
/// stays in the process list.
fn start_in(what: &'static str, tries: Vec<Vec<OsString>>, folder: Option<PathBuf>, outbox: &Outbox) {
    let outbox = outbox.clone();
    let work = move || match first_that_starts(&tries, folder.as_deref()) {
        Some(mut child) => {
            let _ = child.wait();
        }
        None => outbox.send(Message::Failed(nothing_to_open_with(what))),
    };
    if let Err(error) = thread::Builder::new().name("opener".into()).spawn(work) {
        tracing::warn!(%error, "no thread to open something");
    }
}

fn first_that_starts(tries: &[Vec<OsString>], folder: Option<&Path>) -> Option<std::process::Child> {
    tries.iter().find_map(|words| {
        let (program, arguments) = words.split_first()?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        command.spawn().ok()
    })
}

fn nothing_to_open_with(what: &str) -> Problem {
    Problem::new(
        ProblemCode::NotInstalled,
        format!("No {what} was found to open this with"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::TryRecvError;

    #[test]
    fn a_link_that_is_no_page_starts_nothing() {
        let (outbox, inbox) = Outbox::new();
        for link in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "/usr/bin/xterm",
            "-flag",
        ] {
            url(link, &outbox);
            assert!(matches!(inbox.try_recv(), Ok(Message::Failed(_))), "{link}");
        }
        assert!(matches!(inbox.try_recv(), Err(TryRecvError::Empty)));
    }

    #[test]
    fn editors_are_told_the_line_in_their_own_way() {
        let words = EDITORS[0].words(Path::new("/a b.rs"), Some(7));
        assert_eq!(words, ["code", "--goto", "/a b.rs:7"].map(OsString::from));
        let words = EDITORS[5].words(Path::new("/a.rs"), Some(7));
        assert_eq!(words, ["idea", "--line", "7", "/a.rs"].map(OsString::from));
    }
}
