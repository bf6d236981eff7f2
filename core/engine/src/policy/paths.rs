//! Which files an agent may touch without asking. Lexical only: the engine cannot follow links, so whoever lets an
//! agent make links out of its worktree has been asked before.

use anyon_model::FilePath;
use std::path::{Component, Path};

/// Folders and files that decide what agents, git and shells run. Editing them is asked.
const PROTECTED: [&str; 17] = [
    ".git",
    ".claude",
    ".gemini",
    ".qwen",
    ".codex",
    ".cursor",
    ".opencode",
    ".amp",
    ".copilot",
    ".mcp.json",
    ".husky",
    ".githooks",
    ".envrc",
    ".vscode",
    ".gitmodules",
    "opencode.json",
    "opencode.jsonc",
];
/// Names that hold secrets. Reading them is asked.
const SECRET: [&str; 12] = [
    ".git",
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
    ".ssh",
    ".aws",
    ".gnupg",
    "id_rsa",
    "id_ed25519",
    ".git-credentials",
    ".docker",
];
/// Endings of names that hold secrets.
const SECRET_ENDINGS: [&str; 4] = [".pem", ".p12", ".pfx", ".key"];

/// It may be read.
pub fn may_read(path: &FilePath, worktree: &Path) -> bool {
    is_inside(path, worktree) && !below(path, worktree).iter().any(|name| is_secret(name))
}

/// It may be changed.
pub fn may_edit(path: &FilePath, worktree: &Path) -> bool {
    let names = below(path, worktree);
    is_inside(path, worktree) && !names.is_empty() && !names.iter().any(|name| is_protected(name))
}

/// It is the worktree or lies in it, as far as its name tells.
pub fn is_inside(path: &FilePath, worktree: &Path) -> bool {
    let path = path.as_path();
    let Some(text) = path.to_str() else {
        return false;
    };
    let is_odd = text.is_empty() || text.starts_with('~') || text.contains(['\\', '\0', '\n', '\r']);
    let climbs = path
        .components()
        .any(|part| matches!(part, Component::ParentDir | Component::Prefix(_)));
    let is_within = path.is_relative() || (worktree.is_absolute() && path.starts_with(worktree));
    !is_odd && !climbs && is_within
}

/// The names below the worktree, as the most forgiving file system would compare them.
fn below(path: &FilePath, worktree: &Path) -> Vec<String> {
    let path = path.as_path();
    let path = path.strip_prefix(worktree).unwrap_or(path);
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(folded(&name.to_string_lossy())),
        _ => None,
    });
    names.collect()
}

/// Case, invisible characters, trailing dots and streams do not make another file everywhere.
fn folded(name: &str) -> String {
    let plain: String = name.chars().filter(char::is_ascii).collect();
    let plain = plain.split(':').next().unwrap_or_default();
    plain.trim_end_matches(['.', ' ']).to_ascii_lowercase()
}

fn is_protected(name: &str) -> bool {
    PROTECTED.contains(&name) || name == "git~1"
}

/// A folded name that holds secrets.
fn is_secret(name: &str) -> bool {
    name.starts_with(".env")
        || name == "git~1"
        || SECRET.contains(&name)
        || SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// An argument of a reading command: inside, no secret, and no pattern that could find one.
pub fn may_read_argument(text: &str, has_glob: bool, worktree: &Path) -> bool {
    if has_glob
        && text
            .split('/')
            .any(|pattern| may_find_secret(pattern, Dots::Named))
    {
        return false;
    }
    names_readable(text, worktree)
}

/// A pattern that a program matches itself (`rg -g`, `grep --include`): it finds hidden files too. One that begins with
/// `!` only leaves files out.
pub fn may_choose(pattern: &str, worktree: &Path) -> bool {
    pattern.starts_with('!')
        || (!pattern.split('/').any(|part| may_find_secret(part, Dots::Any))
            && names_readable(pattern, worktree))
}

fn names_readable(text: &str, worktree: &Path) -> bool {
    // `HEAD:.env` names a file too.
    text == "."
        || text.is_empty()
        || text
            .split(':')
            .all(|part| part.is_empty() || may_read(&FilePath::from(part), worktree))
}

/// Whether a wildcard finds names that begin with a dot.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dots {
    /// As a shell: only when the pattern names the dot.
    Named,
    /// As programs do.
    Any,
}

/// A pattern that could match a name that holds secrets. A lone `*` names everything and so nothing in particular.
fn may_find_secret(pattern: &str, dots: Dots) -> bool {
    if !pattern.contains(['*', '?', '[', '{']) || pattern.trim_matches('*').is_empty() {
        return false;
    }
    if pattern.contains('{') {
        return true;
    }
    let pattern: Vec<char> = pattern.to_ascii_lowercase().chars().collect();
    let examples = [
        ".env",
        ".env.local",
        ".envrc",
        "key.pem",
        "key.p12",
        "key.pfx",
        "server.key",
    ];
    SECRET.iter().chain(&examples).any(|name| {
        let named =
            !name.starts_with('.') || dots == Dots::Any || !matches!(pattern.first(), Some('*' | '?'));
        named && matches(&pattern, &name.chars().collect::<Vec<_>>())
    })
}

/// Wildcards; a bracket stands for any one letter.
fn matches(pattern: &[char], name: &[char]) -> bool {
    match pattern {
        [] => name.is_empty(),
        ['*', rest @ ..] => (0..=name.len()).any(|skipped| matches(rest, &name[skipped..])),
        ['[', rest @ ..] => {
            let after = rest
                .iter()
                .skip(1)
                .position(|c| *c == ']')
                .map_or(rest.len(), |end| end + 2);
            !name.is_empty() && matches(&rest[after.min(rest.len())..], &name[1..])
        }
        ['?', rest @ ..] => !name.is_empty() && matches(rest, &name[1..]),
        [letter, rest @ ..] => name.first() == Some(letter) && matches(rest, &name[1..]),
    }
}
