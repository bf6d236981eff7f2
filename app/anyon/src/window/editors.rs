//! The editors that are known, how each is told a file and its line, and which of them this computer has.

use anyon_ui::{EditorChoice, EditorTarget, FoundEditor, editor};
use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

/// An editor: its programs, in the order they are looked for, and how it is told a line.
struct Editor {
    id: &'static str,
    name: &'static str,
    programs: &'static [&'static str],
    line: Line,
}

/// How an editor is told a line.
#[derive(Clone, Copy)]
enum Line {
    /// `--goto FILE:LINE`
    Goto,
    /// `FILE:LINE`
    Colon,
    /// `--line LINE FILE`
    Flag,
    /// `+LINE FILE`, in a terminal.
    Plus,
}

const fn known(
    id: &'static str,
    name: &'static str,
    programs: &'static [&'static str],
    line: Line,
) -> Editor {
    Editor {
        id,
        name,
        programs,
        line,
    }
}

const EDITORS: &[Editor] = &[
    known(
        "code",
        "VS Code",
        &["code", "codium", "code-insiders"],
        Line::Goto,
    ),
    known("cursor", "Cursor", &["cursor"], Line::Goto),
    known("windsurf", "Windsurf", &["windsurf"], Line::Goto),
    known("zed", "Zed", &["zed", "zeditor"], Line::Colon),
    known("sublime", "Sublime Text", &["subl"], Line::Colon),
    known("idea", "IntelliJ IDEA", &["idea", "idea.sh"], Line::Flag),
    known(
        "rustrover",
        "RustRover",
        &["rustrover", "rustrover.sh"],
        Line::Flag,
    ),
    known("pycharm", "PyCharm", &["pycharm", "pycharm.sh"], Line::Flag),
    known("webstorm", "WebStorm", &["webstorm", "webstorm.sh"], Line::Flag),
    known("xcode", "Xcode", &["xed"], Line::Flag),
    known("helix", "Helix", &["hx", "helix"], Line::Plus),
    known("nvim", "Neovim", &["nvim"], Line::Plus),
    known("vim", "Vim", &["vim"], Line::Plus),
];

/// Terminals and the words that let them run a program.
const TERMINALS: &[(&str, &[&str])] = &[
    ("x-terminal-emulator", &["-e"]),
    ("gnome-terminal", &["--"]),
    ("konsole", &["-e"]),
    ("xfce4-terminal", &["-x"]),
    ("alacritty", &["-e"]),
    ("kitty", &[]),
    ("xterm", &["-e"]),
];

/// The editors of this computer, in the order in which one is chosen where nobody chose. Looks for files: not in a frame.
pub fn found() -> Vec<FoundEditor> {
    found_in(&folders())
}

fn found_in(folders: &[PathBuf]) -> Vec<FoundEditor> {
    let there = EDITORS.iter().filter(|editor| editor.command(folders).is_some());
    there
        .map(|editor| FoundEditor {
            id: editor.id,
            name: editor.name,
        })
        .collect()
}

/// The commands to try, one after the other, for what is to be opened.
pub fn commands(choice: &EditorChoice, target: &EditorTarget) -> Vec<Vec<OsString>> {
    commands_in(&folders(), choice, target)
}

fn commands_in(folders: &[PathBuf], choice: &EditorChoice, target: &EditorTarget) -> Vec<Vec<OsString>> {
    let words = |editor: &Editor| Some(editor.words(editor.command(folders)?, target));
    match choice {
        EditorChoice::Custom(command) if editor::is_whole(command) => vec![own(command, target)],
        EditorChoice::Known(id) => {
            let chosen = EDITORS.iter().filter(|editor| editor.id == id);
            chosen.filter_map(words).collect()
        }
        EditorChoice::Custom(_) | EditorChoice::First => EDITORS.iter().filter_map(words).collect(),
    }
}

/// A command of the person's own. Each of its words stays one, whatever the path holds.
fn own(command: &str, target: &EditorTarget) -> Vec<OsString> {
    let line = target.line.unwrap_or(1).to_string();
    let word = |word: String| {
        let word = word.replace(editor::LINE, &line);
        let mut whole = OsString::new();
        for (at, part) in word.split(editor::PATH).enumerate() {
            if at > 0 {
                whole.push(target.path.as_path());
            }
            whole.push(part);
        }
        whole
    };
    editor::words(command).into_iter().map(word).collect()
}

impl Editor {
    /// Its program, after a terminal if it needs one.
    fn command(&self, folders: &[PathBuf]) -> Option<Vec<OsString>> {
        let program = self.programs.iter().find_map(|name| program(folders, name))?;
        if !matches!(self.line, Line::Plus) {
            return Some(vec![program]);
        }
        let (terminal, runs) = TERMINALS
            .iter()
            .find_map(|(name, runs)| Some((self::program(folders, name)?, runs)))?;
        let mut command = vec![terminal];
        command.extend(runs.iter().map(OsString::from));
        command.push(program);
        Some(command)
    }

    fn words(&self, mut command: Vec<OsString>, target: &EditorTarget) -> Vec<OsString> {
        let mut place = target.path.as_path().as_os_str().to_owned();
        if let Some(line) = target.line {
            match self.line {
                Line::Goto => {
                    command.push("--goto".into());
                    place.push(format!(":{line}"));
                }
                Line::Colon => place.push(format!(":{line}")),
                Line::Flag => command.extend(["--line".into(), line.to_string().into()]),
                Line::Plus => command.push(format!("+{line}").into()),
            }
        }
        command.push(place);
        command
    }
}

/// Where programs are: the path of this process, and where editors put theirs when a desktop's path lacks it.
fn folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Some(home) = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_path_buf()) {
        folders.push(home.join(".local/bin"));
        folders.push(home.join(".local/share/JetBrains/Toolbox/scripts"));
    }
    folders.extend(["/usr/local/bin", "/snap/bin", "/opt/homebrew/bin"].map(PathBuf::from));
    folders
}

fn program(folders: &[PathBuf], name: &str) -> Option<OsString> {
    let endings: &[&str] = if cfg!(target_os = "windows") {
        &["exe", "cmd", "bat"]
    } else {
        &[""]
    };
    let with = |folder: &PathBuf, ending: &str| folder.join(name).with_extension_of(ending);
    let mut paths = folders
        .iter()
        .flat_map(|folder| endings.iter().map(move |ending| with(folder, ending)));
    paths
        .find(|path| can_be_started(path))
        .map(PathBuf::into_os_string)
}

/// A path with an ending, if there is one.
trait WithEnding {
    fn with_extension_of(self, ending: &str) -> PathBuf;
}

impl WithEnding for PathBuf {
    fn with_extension_of(self, ending: &str) -> PathBuf {
        if ending.is_empty() {
            return self;
        }
        let mut whole = self.into_os_string();
        whole.push(OsStr::new("."));
        whole.push(ending);
        whole.into()
    }
}

#[cfg(unix)]
fn can_be_started(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn can_be_started(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    /// A folder with programs of these names.
    fn computer(programs: &[&str]) -> (tempfile::TempDir, Vec<PathBuf>) {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        for name in programs {
            let path = folder.path().join(name);
            std::fs::write(&path, "").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let folders = vec![folder.path().to_path_buf()];
        (folder, folders)
    }

    fn target(line: Option<u32>) -> EditorTarget {
        EditorTarget {
            path: "/a b;$(id)/main.rs".into(),
            line,
        }
    }

    /// The words without the folder that the program is in.
    fn told(folders: &[PathBuf], choice: &EditorChoice, line: Option<u32>) -> Vec<String> {
        let commands = commands_in(folders, choice, &target(line));
        let first = commands.into_iter().next().unwrap_or_default();
        let name = |word: OsString| {
            let word = word.to_string_lossy().into_owned();
            let folder = format!("{}/", folders[0].display());
            word.strip_prefix(&folder).unwrap_or(&word).to_owned()
        };
        first.into_iter().map(name).collect()
    }

    #[test]
    fn what_is_there_is_found_and_an_editor_for_terminals_only_with_one() {
        let ids = |programs: &[&str]| {
            let (_folder, folders) = computer(programs);
            found_in(&folders)
                .iter()
                .map(|editor| editor.id)
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(&["zeditor", "vim", "idea.sh"]), ["zed", "idea"]);
        assert_eq!(ids(&["vim", "xterm"]), ["vim"]);
        assert_eq!(ids(&[]), [""; 0]);
        let (folder, folders) = computer(&["zed"]);
        std::fs::write(folder.path().join("code"), "not a program").unwrap();
        assert_eq!(found_in(&folders).len(), 1);
    }

    #[test]
    fn each_is_told_the_line_in_its_own_way() {
        let (_folder, folders) = computer(&["code", "zed", "idea", "nvim", "kitty", "xterm"]);
        let known = |id: &str| EditorChoice::Known(id.into());
        let path = "/a b;$(id)/main.rs";
        let at = "/a b;$(id)/main.rs:7";
        assert_eq!(told(&folders, &known("code"), Some(7)), ["code", "--goto", at]);
        assert_eq!(told(&folders, &known("zed"), Some(7)), ["zed", at]);
        assert_eq!(
            told(&folders, &known("idea"), Some(7)),
            ["idea", "--line", "7", path]
        );
        assert_eq!(
            told(&folders, &known("nvim"), Some(7)),
            ["kitty", "nvim", "+7", path]
        );
        assert_eq!(told(&folders, &EditorChoice::First, None), ["code", path]);
        assert!(commands_in(&folders, &known("cursor"), &target(None)).is_empty());
    }

    #[test]
    fn a_command_of_ones_own_gets_path_and_line_and_no_shell_reads_it() {
        let (_folder, folders) = computer(&["code"]);
        let own = |command: &str| EditorChoice::Custom(command.into());
        let edit = own("emacsclient -n +{line} '{path}'");
        let path = "/a b;$(id)/main.rs";
        assert_eq!(told(&folders, &edit, Some(7)), ["emacsclient", "-n", "+7", path]);
        assert_eq!(told(&folders, &edit, None), ["emacsclient", "-n", "+1", path]);
        assert_eq!(
            told(&folders, &own("half of"), None)[0],
            "code",
            "what cannot be started counts as not chosen"
        );
    }
}
