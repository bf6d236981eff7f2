//! Opens things outside of Anyon: the only place that starts a browser, an editor, a terminal or a file manager.

use super::{
    editors,
    messages::{Message, Outbox},
};
use anyon_model::{FilePath, Problem, ProblemCode};
use anyon_ui::{EditorChoice, EditorTarget};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
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

/// Opens a file or folder in the editor that was chosen, else in the first that is there.
pub fn editor(target: &EditorTarget, choice: &EditorChoice, outbox: &Outbox) {
    let mut tries = editors::commands(choice, target);
    if !matches!(choice, EditorChoice::Known(_)) {
        tries.push(system_opener(target.path.as_path().into()));
    }
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
        Some((words, mut child)) => {
            let opened = child.wait().is_ok_and(|status| status.success());
            if !opened && tells_failure(words) {
                outbox.send(Message::Failed(could_not_open(what, words)));
            }
        }
        None => outbox.send(Message::Failed(nothing_to_open_with(what))),
    };
    if let Err(error) = thread::Builder::new().name("opener".into()).spawn(work) {
        tracing::warn!(%error, "no thread to open something");
    }
}

/// The system's opener ends at once and says whether it found a program. What it or an editor ends with later says
/// nothing about that.
fn tells_failure(words: &[OsString]) -> bool {
    let program = words.first().map(Path::new).and_then(Path::file_name);
    program.is_some_and(|name| name == "xdg-open" || name == "open")
}

fn first_that_starts<'t>(
    tries: &'t [Vec<OsString>],
    folder: Option<&Path>,
) -> Option<(&'t [OsString], Child)> {
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
        Some((words.as_slice(), command.spawn().ok()?))
    })
}

fn could_not_open(what: &str, words: &[OsString]) -> Problem {
    let named: Vec<_> = words.iter().skip(1).map(|word| word.to_string_lossy()).collect();
    let title = format!("The {what} could not be opened");
    Problem::new(ProblemCode::NotInstalled, title)
        .detail(named.join(" "))
        .hint("The desktop has no program for this. Set one in the desktop's settings")
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

    /// A program called `xdg-open` that notes what it was started with, and how it ends.
    #[cfg(unix)]
    fn fake_opener(folder: &Path, ends_with: u8) -> OsString {
        use std::os::unix::fs::PermissionsExt;
        let program = folder.join("xdg-open");
        let noted = folder.join("noted");
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" > '{}'\nexit {ends_with}\n",
            noted.display()
        );
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        program.into()
    }

    #[cfg(unix)]
    #[test]
    fn what_is_opened_arrives_as_one_word_and_a_failure_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let wanted = "/tmp/a b; touch $(id) `x` && \"quoted\" 'too' *";
        let (outbox, inbox) = Outbox::new();
        let words = vec![fake_opener(folder.path(), 3), wanted.into()];
        start("file manager", vec![vec!["/not/there".into()], words], &outbox);
        let Ok(Message::Failed(problem)) = inbox.recv() else {
            panic!("a failure is told");
        };
        assert_eq!(problem.detail, wanted);
        let noted = std::fs::read_to_string(folder.path().join("noted")).unwrap();
        assert_eq!(noted, format!("1\n{wanted}\n"));
    }

    #[cfg(unix)]
    #[test]
    fn what_could_be_opened_is_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let (outbox, inbox) = Outbox::new();
        let words = vec![fake_opener(folder.path(), 0), "https://a".into()];
        start("browser", vec![words], &outbox);
        drop(outbox);
        assert!(inbox.recv().is_err(), "the thread is over and has said nothing");
    }
}
