//! Looks behind links: the engine judges the paths of a question by their names, and a repository may ship links that
//! lead out of the worktree.

use anyon_model::{FilePath, Question};
use std::path::{Component, Path, PathBuf};

/// Words of a command line that are looked at; one with more is not safe for other reasons.
const MOST_WORDS: usize = 2000;

/// What a question names lies, behind links, elsewhere than its name says: outside the worktree, or (for a change) at
/// another place in it.
pub fn misleads(question: &Question, worktree: &Path) -> bool {
    let Ok(root) = worktree.canonicalize() else {
        return true;
    };
    match question {
        Question::Edit { paths } => paths.iter().any(|path| is_elsewhere(path, worktree, &root)),
        Question::Read { paths } => paths
            .iter()
            .any(|path| leads_out(&worktree.join(path.as_path()), &root)),
        Question::Command { command, cwd } => {
            let folder = cwd
                .as_ref()
                .map_or(worktree.to_path_buf(), |cwd| worktree.join(cwd.as_path()));
            command_leads_out(command, &folder, &root)
        }
        _ => false,
    }
}

fn is_elsewhere(path: &FilePath, worktree: &Path, root: &Path) -> bool {
    let named = worktree.join(path.as_path());
    let Ok(below) = named.strip_prefix(worktree).or_else(|_| named.strip_prefix(root)) else {
        // Named outside: the engine sees that by itself.
        return false;
    };
    real(&named) != root.join(below)
}

fn command_leads_out(command: &str, folder: &Path, root: &Path) -> bool {
    let mut words = command.split(|c: char| c.is_whitespace() || "'\"`=:;|&<>(),{}".contains(c));
    let mut seen = 0;
    words.any(|word| {
        seen += 1;
        // What a pattern finds lies in the folder before it, or behind a link in there.
        let word = word.split(['*', '?', '[']).next().unwrap_or_default();
        seen > MOST_WORDS
            || (!word.is_empty() && !word.starts_with('-') && leads_out(&folder.join(word), root))
    })
}

/// Named inside, but the file is not.
fn leads_out(named: &Path, root: &Path) -> bool {
    !real(named).starts_with(root)
}

/// The path with all links of its existing part followed.
fn real(path: &Path) -> PathBuf {
    let mut rest = Vec::new();
    let mut at = path;
    loop {
        if let Ok(real) = at.canonicalize() {
            return rest.iter().rev().fold(real, |path, part| path.join(part));
        }
        // A dangling link is followed by whoever writes through it.
        if at.is_symlink() {
            return PathBuf::new();
        }
        match (at.parent(), at.components().next_back()) {
            (Some(parent), Some(Component::Normal(name))) => {
                rest.push(name);
                at = parent;
            }
            _ => return path.to_path_buf(),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::symlink};

    fn edit(path: &str) -> Question {
        Question::Edit {
            paths: vec![path.into()],
        }
    }
    fn command(command: &str) -> Question {
        Question::Command {
            command: command.into(),
            cwd: None,
        }
    }

    #[test]
    fn links_that_a_repository_ships_are_looked_behind() {
        let home = tempfile::tempdir().unwrap();
        let worktree = home.path().join("worktree");
        fs::create_dir_all(worktree.join("src")).unwrap();
        fs::create_dir_all(worktree.join(".claude")).unwrap();
        fs::write(worktree.join("AGENTS.md"), "").unwrap();
        symlink("AGENTS.md", worktree.join("CLAUDE.md")).unwrap();
        symlink(home.path(), worktree.join("out")).unwrap();
        symlink(".claude", worktree.join("tools")).unwrap();
        symlink("/no/such/place", worktree.join("dangling")).unwrap();

        for honest in ["src/new.rs", "AGENTS.md", "deep/new/file"] {
            assert!(!misleads(&edit(honest), &worktree), "{honest}");
        }
        for link in ["out/.bashrc", "tools/settings.json", "dangling", "out"] {
            assert!(misleads(&edit(link), &worktree), "{link}");
        }
        let absolute = worktree.join("out/.bashrc");
        assert!(misleads(
            &Question::Edit {
                paths: vec![absolute.as_path().into()]
            },
            &worktree
        ));
        assert!(!misleads(
            &Question::Read {
                paths: vec!["CLAUDE.md".into()]
            },
            &worktree
        ));
        assert!(misleads(
            &Question::Read {
                paths: vec!["out/x".into()]
            },
            &worktree
        ));
        for line in [
            "cat out/.bashrc",
            "grep -rn x src 'out'",
            "head --lines=1 out/*",
            "ls out",
        ] {
            assert!(misleads(&command(line), &worktree), "{line}");
        }
        for line in ["cat CLAUDE.md", "cargo test -- out-of-range", "ls src/*.rs"] {
            assert!(!misleads(&command(line), &worktree), "{line}");
        }
    }
}
