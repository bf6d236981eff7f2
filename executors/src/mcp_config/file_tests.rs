//! Files on a disk: what is written, what stays, and what keeps an edit from being made.

use super::{
    McpAgent, Server, Standing, agent,
    fault::FileError,
    file::{look, write},
};
use crate::process::Environment;
use anyon_model::{McpState, Problem};
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

struct Home {
    folder: TempDir,
    environment: Environment,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment::of([("HOME".into(), folder.path().into())]);
        Self { folder, environment }
    }
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
    fn put(&self, name: &str, text: impl AsRef<[u8]>, mode: u32) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }
    fn write(&self, agent: &McpAgent) -> Result<super::file::Written, FileError> {
        write(agent, &server(), &self.environment)
    }
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn server() -> Server {
    Server::new(Path::new("/opt/anyon/anyon"), &["--mcp"]).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_file_that_is_not_there_is_made_for_the_person_alone() {
    let home = Home::new();
    let codex = agent("codex").unwrap();
    let before = look(codex, &server(), &home.environment);
    assert_eq!(before.state, McpState::Absent);
    assert_eq!(before.change.unwrap().lines.len(), 3);
    assert!(!home.path(".codex").exists(), "looking leaves no trace");
    let written = home.write(codex).unwrap();
    assert_eq!(written.path, home.path(".codex/config.toml"));
    assert_eq!((written.standing, written.backup), (Standing::Absent, None));
    assert_eq!(mode(&written.path), 0o600);
    assert_eq!(home.names(".codex"), ["config.toml"]);
    let after = look(codex, &server(), &home.environment);
    assert_eq!((after.state, after.change), (McpState::Present, None));
}

#[test]
fn the_old_text_is_kept_beside_it_and_both_stay_as_secret_as_they_were() {
    let home = Home::new();
    let text = "{\n  \"apiKey\": \"sk-canary\"\n}\n";
    let path = home.put(".qwen/settings.json", text, 0o640);
    let qwen = agent("QWEN_CODE").unwrap();
    let written = home.write(qwen).unwrap();
    let backup = written.backup.unwrap();
    assert_eq!(backup, home.path(".qwen/settings.json.before-anyon"));
    assert_eq!(fs::read_to_string(&backup).unwrap(), text);
    assert_eq!((mode(&path), mode(&backup)), (0o640, 0o640));
    assert!(fs::read_to_string(&path).unwrap().contains("sk-canary"));

    let inode = |path: &Path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap());
    let first = inode(&path);
    let again = home.write(qwen).unwrap();
    assert_eq!((again.standing, again.backup), (Standing::Present, None));
    assert_eq!(inode(&path), first, "a second run writes nothing");

    // Somebody takes it out by hand: the first backup is still the first.
    home.put(".qwen/settings.json", "{}", 0o600);
    let third = home.write(qwen).unwrap();
    assert_eq!(
        third.backup,
        Some(home.path(".qwen/settings.json.before-anyon.2"))
    );
    assert_eq!(fs::read_to_string(&backup).unwrap(), text);
}

#[test]
fn links_are_followed_and_stay() {
    let home = Home::new();
    let real = home.put("dotfiles/cursor.json", "{}", 0o644);
    fs::create_dir_all(home.path(".cursor")).unwrap();
    symlink(&real, home.path(".cursor/mcp.json")).unwrap();
    let written = home.write(agent("CURSOR").unwrap()).unwrap();
    assert!(
        fs::symlink_metadata(home.path(".cursor/mcp.json"))
            .unwrap()
            .is_symlink()
    );
    assert!(fs::read_to_string(&real).unwrap().contains("/opt/anyon/anyon"));
    let folder = real.parent().unwrap().canonicalize().unwrap();
    assert_eq!(written.backup, Some(folder.join("cursor.json.before-anyon")));

    fs::remove_file(&real).unwrap();
    let dead = home.write(agent("CURSOR").unwrap()).unwrap_err();
    assert!(matches!(dead, FileError::DeadLink(_)), "{dead}");
    assert!(!real.exists());
}

#[test]
fn a_file_that_cannot_be_edited_stays_as_it_is() {
    let home = Home::new();
    let broken = "{\n  \"key\": \"sk-canary\"\n  \"mcpServers\": {}\n}\n";
    for (name, text, mode, said) in [
        (
            "QWEN_CODE .qwen/settings.json",
            broken.as_bytes(),
            0o600,
            "line 2",
        ),
        (
            "GEMINI .gemini/settings.json",
            b"{\n\"a\": \"\xff\"}",
            0o600,
            "line 2",
        ),
        ("AMP .config/amp/settings.json", b"{}", 0o400, "protected"),
    ] {
        let (agent_id, file) = name.split_once(' ').unwrap();
        let path = home.put(file, text, mode);
        let agent = agent(agent_id).unwrap();
        let problem = Problem::from(home.write(agent).unwrap_err());
        let shown = problem.to_string();
        assert!(shown.contains(said) && !shown.contains("sk-canary"), "{shown}");
        assert!(!problem.hint.is_empty());
        assert_eq!(fs::read(&path).unwrap(), text);
        let folder = Path::new(file).parent().unwrap().to_str().unwrap();
        assert_eq!(home.names(folder).len(), 1, "nothing is left beside it");
    }
    let claude = agent("CLAUDE_CODE").unwrap();
    fs::create_dir(home.path(".claude.json")).unwrap();
    assert!(matches!(home.write(claude), Err(FileError::Unreadable { .. })));
    let looked = look(claude, &server(), &home.environment);
    assert!(matches!(looked.state, McpState::Faulty { .. }));
    assert!(
        looked.snippet.contains("mcpServers"),
        "it can be put there by hand"
    );
    let nobody = Environment::of([]);
    assert!(matches!(
        write(claude, &server(), &nobody),
        Err(FileError::NoHome)
    ));
}

#[test]
fn others_may_write_at_the_same_time_and_the_file_stays_whole() {
    let home = Home::new();
    home.put(".claude.json", "{\"count\": 0}", 0o600);
    let path = home.path(".claude.json");
    let others = std::thread::spawn(move || {
        for count in 1..=200 {
            let text = fs::read_to_string(&path).unwrap();
            let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
            value["count"] = count.into();
            let new = path.with_extension("new");
            fs::write(&new, serde_json::to_string_pretty(&value).unwrap()).unwrap();
            fs::rename(&new, &path).unwrap();
        }
    });
    let claude = agent("CLAUDE_CODE").unwrap();
    while !others.is_finished() {
        match home.write(claude) {
            Ok(_) | Err(FileError::Busy(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    others.join().unwrap();
    home.write(claude).unwrap();
    let text = fs::read_to_string(home.path(".claude.json")).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(value["count"].as_u64() >= Some(1), "{value}");
    assert_eq!(value["mcpServers"]["anyon"]["command"], "/opt/anyon/anyon");
}
