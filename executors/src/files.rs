//! Files of agents and of the person, read and put right for agents that cannot be asked or would lose something.
//!
//! What is read, what it means and what is to be done is each agent's and pure; here it is only done. Blocks, so it
//! belongs on no thread that paints. Writes nowhere but where an agent's [`Mend`] says.

use crate::{
    agents::{AgentSpec, Fix, Guide, LoginState, Mend, SizedFile, Surroundings, Version},
    process::Environment,
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// How much of a file is read.
const FILE_BYTES: u64 = 4 * 1024 * 1024;

/// The version of a program that a package manager of Node installed, without starting it.
pub fn package_version(program: &Path) -> Option<Version> {
    let file = fs::canonicalize(program).ok()?;
    let package = file.ancestors().skip(1).find(|folder| {
        let above = folder.parent();
        let scope = above.filter(|above| name_of(above).starts_with('@'));
        let holder = scope.map_or(above, Path::parent);
        holder.is_some_and(|holder| name_of(holder) == "node_modules")
    })?;
    let told: Value = serde_json::from_str(&read(&package.join("package.json"))?).ok()?;
    told.get("version")?.as_str()?.parse().ok()
}

fn name_of(folder: &Path) -> &str {
    folder.file_name().and_then(|name| name.to_str()).unwrap_or("")
}

/// Whether an agent is logged in, for those that are not asked but looked at.
pub fn login(spec: &AgentSpec, environment: &Environment) -> Option<LoginState> {
    spec.probes.look.map(|look| look(&Seen(environment)))
}

struct Seen<'a>(&'a Environment);

impl Surroundings for Seen<'_> {
    fn is_set(&self, name: &str) -> bool {
        self.0.variable(name).is_some_and(|value| !value.is_empty())
    }
    fn file(&self, variable: &str, folder: &str, name: &str) -> Option<String> {
        let named = self.0.variable(variable).filter(|value| !value.is_empty());
        let folder = match named {
            Some(named) => PathBuf::from(named),
            None => self.0.home()?.join(folder),
        };
        read(&folder.join(name))
    }
}

fn read(file: &Path) -> Option<String> {
    let mut text = String::new();
    let file = fs::File::open(file).ok()?;
    file.take(FILE_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}

/// How much a repository may say to an agent that does not read it by itself.
const GUIDE_BYTES: u64 = 128 * 1024;

/// What a repository says to an agent that would leave it unread: the first of its files that is there, a file of the
/// worktree and of a size that is meant to be read.
pub fn guide(spec: &AgentSpec, worktree: &Path) -> Option<Guide> {
    let worktree = fs::canonicalize(worktree).ok()?;
    spec.guides.iter().find_map(|name| {
        let path = fs::canonicalize(worktree.join(name)).ok()?;
        let about = fs::metadata(&path).ok()?;
        // A link may name any file of the person's, and the repository's owner is somebody else.
        let is_its = path.starts_with(&worktree) && !path.starts_with(worktree.join(".git"));
        let fits = about.is_file() && (1..=GUIDE_BYTES).contains(&about.len());
        // Looked at before it is opened: a pipe would keep whoever opens it waiting for ever.
        let text = (is_its && fits).then(|| read(&path)).flatten()?;
        Some(Guide {
            name: (*name).to_owned(),
            path,
            text,
        })
    })
}

/// Puts right what an agent's files need before it is started in this worktree; `set` are the variables that it is
/// started with beside its environment. How many things were done.
pub fn mend(
    mend: &Mend,
    environment: &Environment,
    set: &BTreeMap<String, String>,
    worktree: &Path,
    session: Option<&str>,
) -> io::Result<usize> {
    let named = set.get(mend.home_variable).map(PathBuf::from);
    let named = named.or_else(|| environment.variable(mend.home_variable).map(PathBuf::from));
    let home = named
        .filter(|home| home.is_absolute())
        .or_else(|| environment.home());
    let Some(home) = home else { return Ok(0) };
    let Some(index) = read(&home.join(mend.index)) else {
        return Ok(0);
    };
    // The agent writes down the folder as the system names it.
    let real = fs::canonicalize(worktree).ok();
    let folder = [Some(worktree), real.as_deref()]
        .into_iter()
        .flatten()
        .find_map(|worktree| (mend.folder)(&index, worktree));
    let Some(folder) = folder.map(|folder| home.join(folder)) else {
        return Ok(0);
    };
    let fixes = (mend.plan)(&files_in(&folder)?, session);
    for fix in &fixes {
        match fix {
            Fix::Remove(name) => fs::remove_file(folder.join(name))?,
            Fix::Rename { from, to } => fs::rename(folder.join(from), folder.join(to))?,
        }
    }
    Ok(fixes.len())
}

/// Names and sizes of the plain files in a folder.
fn files_in(folder: &Path) -> io::Result<Vec<SizedFile>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let mut files = Vec::new();
    for entry in entries.flatten() {
        let Ok(met) = entry.metadata() else { continue };
        if let (true, Ok(name)) = (met.is_file(), entry.file_name().into_string()) {
            files.push((name, met.len()));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::agent;

    fn home_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = home.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        home
    }

    fn environment(home: &Path) -> Environment {
        Environment::of([("HOME".into(), home.as_os_str().to_owned())])
    }

    #[cfg(unix)]
    #[test]
    fn a_repository_speaks_by_a_file_of_its_own_alone() {
        let secret = home_with(&[("id_ed25519", "a key")]);
        let claude = agent("CLAUDE_CODE").unwrap();
        let said = |worktree: &tempfile::TempDir| guide(claude, worktree.path()).map(|guide| guide.text);
        let link = |worktree: &tempfile::TempDir, to: &Path| {
            std::os::unix::fs::symlink(to, worktree.path().join("CLAUDE.md")).unwrap();
        };

        let plain = home_with(&[("CLAUDE.md", "use tabs"), (".claude/CLAUDE.md", "or not")]);
        assert_eq!(said(&plain).as_deref(), Some("use tabs"));
        let linked = home_with(&[("AGENTS.md", "use spaces")]);
        link(&linked, Path::new("AGENTS.md"));
        assert_eq!(said(&linked).as_deref(), Some("use spaces"));
        let outside = home_with(&[(".claude/CLAUDE.md", "the other")]);
        link(&outside, &secret.path().join("id_ed25519"));
        assert_eq!(
            said(&outside).as_deref(),
            Some("the other"),
            "never what lies outside"
        );
        let device = home_with(&[]);
        link(&device, Path::new("/dev/zero"));
        assert_eq!(said(&device), None);
        let pipe = home_with(&[]);
        let made = std::process::Command::new("mkfifo")
            .arg(pipe.path().join("CLAUDE.md"))
            .status();
        assert!(made.unwrap().success());
        assert_eq!(said(&pipe), None);
        let endless = home_with(&[("CLAUDE.md", &"x".repeat(GUIDE_BYTES as usize + 1))]);
        assert_eq!(said(&endless), None);
    }

    #[test]
    fn a_session_of_gemini_survives_the_next_start() {
        let worktree = tempfile::tempdir().unwrap();
        let index = serde_json::json!({"projects": {(worktree.path().to_str().unwrap()): "shop-1"}});
        let chats = ".gemini/tmp/shop-1/chats";
        let home = home_with(&[
            (".gemini/projects.json", &index.to_string()),
            (
                &format!("{chats}/session-2026-11-22T10-15-0a1b2c3d.jsonl"),
                "the whole talk",
            ),
            (&format!("{chats}/session-2026-11-22T10-17-0a1b2c3d.jsonl"), "{}"),
        ]);
        let spec = agent("GEMINI").unwrap().mend.unwrap();
        let mend = || {
            let (environment, set) = (environment(home.path()), BTreeMap::new());
            mend(&spec, &environment, &set, worktree.path(), Some("0a1b2c3d-rest")).unwrap()
        };
        assert_eq!(mend(), 2);
        assert_eq!(mend(), 0, "a second time there is nothing to do");
        let left = files_in(&home.path().join(chats)).unwrap();
        assert_eq!(left, [("session-2000-01-01T00-00-0a1b2c3d.jsonl".to_owned(), 14)]);
    }

    #[test]
    fn where_nothing_is_known_nothing_is_done() {
        let home = home_with(&[]);
        let spec = agent("GEMINI").unwrap().mend.unwrap();
        let (environment, set) = (environment(home.path()), BTreeMap::new());
        let done = mend(&spec, &environment, &set, Path::new("/w"), Some("0a1b2c3d"));
        assert_eq!(done.unwrap(), 0);
    }

    #[test]
    fn a_version_is_read_where_the_package_lies() {
        let home = home_with(&[
            ("lib/node_modules/@x/agent/dist/agent.js", ""),
            (
                "lib/node_modules/@x/agent/package.json",
                r#"{"version":"1.2.3-linux-x64"}"#,
            ),
            ("bin/other", ""),
        ]);
        let program = home.path().join("lib/node_modules/@x/agent/dist/agent.js");
        assert_eq!(package_version(&program), Some(Version(1, 2, 3)));
        assert_eq!(package_version(&home.path().join("bin/other")), None);
    }

    #[test]
    fn a_login_is_seen_in_the_agents_own_files() {
        let chosen = r#"{"security":{"auth":{"selectedType":"gemini-api-key"}}}"#;
        let home = home_with(&[
            (".gemini/settings.json", chosen),
            (
                ".local/share/opencode/auth.json",
                r#"{"anthropic":{"key":"canary"}}"#,
            ),
        ]);
        let environment = environment(home.path());
        let login = |agent_id| format!("{:?}", login(agent(agent_id).unwrap(), &environment));
        assert!(login("GEMINI").contains("gemini-api-key"));
        assert!(login("QWEN_CODE").contains("LoggedOut"));
        assert!(login("COPILOT").contains("Unknown"));
        let opencode = login("OPENCODE");
        assert!(
            opencode.contains("anthropic") && !opencode.contains("canary"),
            "{opencode}"
        );
    }
}
