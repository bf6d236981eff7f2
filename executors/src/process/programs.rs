//! Where programs of agents are. Looks only: starts nothing.

use super::{Environment, ProcessPlan};
use std::{
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
};

/// Where an agent's program may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramCandidate {
    /// A name: looked for in `PATH`, then where package managers put programs.
    InPath(&'static str),
    /// A path under the home folder.
    UnderHome(&'static str),
}

/// Where installers and package managers put programs, under the home folder. A `*` stands for each folder there, the
/// newest version first.
const FOLDERS_UNDER_HOME: [&str; 19] = [
    ".local/bin",
    ".claude/local",
    ".npm-global/bin",
    ".npm-packages/bin",
    ".bun/bin",
    ".deno/bin",
    ".volta/bin",
    ".asdf/shims",
    ".local/share/mise/shims",
    ".local/share/pnpm",
    "Library/pnpm",
    ".yarn/bin",
    ".opencode/bin",
    ".cargo/bin",
    "go/bin",
    "n/bin",
    ".nvm/versions/node/*/bin",
    ".local/share/fnm/node-versions/*/installation/bin",
    ".nodenv/versions/*/bin",
];

/// And for all users.
#[cfg(unix)]
const FOLDERS: [&str; 7] = [
    "/opt/homebrew/bin",
    "/home/linuxbrew/.linuxbrew/bin",
    "/usr/local/bin",
    "/usr/bin",
    "/bin",
    "/snap/bin",
    "/run/current-system/sw/bin",
];
#[cfg(windows)]
const FOLDERS: [&str; 0] = [];

impl Environment {
    /// The first of these programs that is there.
    pub fn find_program(&self, candidates: &[ProgramCandidate]) -> Option<PathBuf> {
        let home = self.home();
        candidates.iter().find_map(|candidate| match candidate {
            ProgramCandidate::InPath(name) => in_path(self.variable("PATH"), OsStr::new(name))
                .or_else(|| in_usual_folders(home.as_deref(), OsStr::new(name))),
            ProgramCandidate::UnderHome(path) => runnable(&home.as_ref()?.join(path)),
        })
    }

    /// The program that a person named: a path, or a name that is looked up like an agent's own.
    pub fn find_named(&self, program: &Path) -> Option<PathBuf> {
        if program.components().count() > 1 {
            return program.is_absolute().then(|| runnable(program)).flatten();
        }
        in_path(self.variable("PATH"), program.as_os_str())
            .or_else(|| in_usual_folders(self.home().as_deref(), program.as_os_str()))
    }

    /// The person's home folder.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        self.variable(name)
            .map(PathBuf::from)
            .filter(|home| home.is_absolute())
    }
}

/// A name in the folders of `PATH`. Relative folders are left out: they would mean the repository's files.
pub(super) fn in_path(path: Option<&OsStr>, name: &OsStr) -> Option<PathBuf> {
    std::env::split_paths(path?)
        .filter(|folder| folder.is_absolute())
        .find_map(|folder| runnable(&folder.join(name)))
}

fn in_usual_folders(home: Option<&Path>, name: &OsStr) -> Option<PathBuf> {
    let under_home = FOLDERS_UNDER_HOME
        .iter()
        .flat_map(|folder| home.map(|home| expand(home, folder)));
    under_home
        .flatten()
        .chain(FOLDERS.iter().map(PathBuf::from))
        .find_map(|folder| runnable(&folder.join(name)))
}

/// The folders that a pattern with at most one `*` names.
fn expand(home: &Path, pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once("/*/") else {
        return vec![home.join(pattern)];
    };
    let versions = fs::read_dir(home.join(before)).into_iter().flatten().flatten();
    let mut names: Vec<OsString> = versions.map(|entry| entry.file_name()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(version(&name.to_string_lossy())));
    names
        .into_iter()
        .map(|name| home.join(before).join(name).join(after))
        .collect()
}

/// `v22.11.0` as numbers, so that 22 is newer than 9.
fn version(name: &str) -> Vec<u32> {
    name.split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect()
}

#[cfg(unix)]
fn runnable(path: &Path) -> Option<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let found = fs::metadata(path).ok()?;
    (found.is_file() && found.permissions().mode() & 0o111 != 0).then(|| path.to_path_buf())
}

#[cfg(windows)]
fn runnable(path: &Path) -> Option<PathBuf> {
    let with_ending = ["exe", "cmd", "bat"].map(|ending| path.with_extension(ending));
    std::iter::once(path.to_path_buf())
        .filter(|path| path.extension().is_some())
        .chain(with_ending)
        .find(|path| path.is_file())
}

/// The value of a variable in an environment.
pub(super) fn variable<'a>(environment: &'a [(OsString, OsString)], name: &str) -> Option<&'a OsStr> {
    environment
        .iter()
        .rfind(|(other, _)| other == name)
        .map(|(_, value)| value.as_os_str())
}

/// Appends the program's own folder to its `PATH`: programs of Node's package managers start with
/// `#!/usr/bin/env node`, and their node lies beside them. Last, so that it hides nothing.
pub(super) fn see_own_folder(plan: &mut ProcessPlan) {
    let Some(own) = plan.program.parent().filter(|folder| folder.is_absolute()) else {
        return;
    };
    let path = variable(&plan.environment, "PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(path)
        .filter(|folder| folder != Path::new(""))
        .collect();
    if folders.iter().any(|folder| folder == own) {
        return;
    }
    folders.push(own.to_path_buf());
    // Fails for a folder with a separator in its name, which no `PATH` can hold.
    if let Ok(path) = std::env::join_paths(folders) {
        plan.environment.retain(|(name, _)| name != "PATH");
        plan.environment.push(("PATH".into(), path));
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::{ProgramCandidate::*, *};
    use std::os::unix::fs::PermissionsExt;

    fn program(path: PathBuf, mode: u32) -> PathBuf {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    fn environment(home: &Path, path: &str) -> Environment {
        Environment::of([("HOME".into(), home.into()), ("PATH".into(), path.into())])
    }

    #[test]
    fn path_comes_before_the_usual_folders() {
        let home = tempfile::tempdir().unwrap();
        let usual = program(home.path().join(".local/bin/agent-x"), 0o755);
        let bin = home.path().join("bin");
        let environment = environment(home.path(), bin.to_str().unwrap());
        assert_eq!(environment.find_program(&[InPath("agent-x")]), Some(usual));
        let not_executable = program(bin.join("agent-x"), 0o644);
        assert_ne!(
            environment.find_program(&[InPath("agent-x")]),
            Some(not_executable)
        );
        let first = program(bin.join("agent-x"), 0o755);
        assert_eq!(environment.find_program(&[InPath("agent-x")]), Some(first));
    }

    #[test]
    fn the_newest_node_is_the_first_looked_at() {
        let home = tempfile::tempdir().unwrap();
        let versions = home.path().join(".nvm/versions/node");
        program(versions.join("v9.11.2/bin/agent-x"), 0o755);
        let newest = program(versions.join("v22.3.0/bin/agent-x"), 0o755);
        assert_eq!(
            environment(home.path(), "").find_program(&[InPath("agent-x")]),
            Some(newest)
        );
    }

    #[test]
    fn candidates_are_tried_in_order_and_may_all_be_missing() {
        let home = tempfile::tempdir().unwrap();
        let environment = environment(home.path(), "");
        let candidates = [InPath("agent-x"), UnderHome("agents/x")];
        assert_eq!(environment.find_program(&candidates), None);
        let found = program(home.path().join("agents/x"), 0o755);
        assert_eq!(environment.find_program(&candidates), Some(found));
        assert_eq!(Environment::of([]).find_program(&[UnderHome("agents/x")]), None);
    }

    #[test]
    fn a_relative_path_never_reaches_into_the_repository() {
        let up = "../".repeat(std::env::current_dir().unwrap().components().count());
        let relative = format!("{up}bin:/nowhere");
        assert!(Path::new(&up).join("bin/sh").exists());
        assert_eq!(in_path(Some(OsStr::new(&relative)), OsStr::new("sh")), None);
        assert_eq!(in_path(None, OsStr::new("sh")), None);
    }
}
