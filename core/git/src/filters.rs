//! Files whose content changes on the way into the repository: found by their attributes, and refused where what
//! changes them does not run. Runs no filter.

use crate::{
    GitError,
    command::{Checkout, path_from},
    plain,
    work::TreeChanges,
};
use git2::{IndexEntry, Repository};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// What is told of one file: the attribute and its value.
type Told = (PathBuf, Vec<u8>, Vec<u8>);

/// Whether an attribute of these files says that only git itself can store them.
pub(crate) fn need_command(checkout: &Checkout<'_>, changes: &TreeChanges) -> Result<bool, GitError> {
    let told = attributes(checkout, changes)?;
    Ok(told
        .iter()
        .any(|(_, attribute, value)| attribute == b"working-tree-encoding" || value == b"lfs"))
}

/// The same of one file, as the library reads it.
pub(crate) fn names_command(repo: &Repository, path: &Path) -> bool {
    let told = |name| {
        let value = repo.get_attr_bytes(path, name, git2::AttrCheckFlags::default());
        value.map(git2::AttrValue::always_bytes)
    };
    use git2::AttrValue::Bytes;
    let encoding = told("working-tree-encoding");
    let filter = told("filter");
    encoding.is_ok_and(|value| matches!(value, Bytes(_))) || matches!(filter, Ok(Bytes(b"lfs")))
}

/// Refuses files that would be stored as they are although a filter is set up for them: a secret in plain text.
pub(crate) fn check_kept(checkout: &Checkout<'_>, changes: &TreeChanges) -> Result<(), GitError> {
    check(checkout, changes, |driver| {
        // Without git-lfs whole files would be stored where its pointers belong.
        let is_missing = driver == b"lfs" && !runs(checkout, driver, "clean");
        is_missing || driver != b"lfs" && is_set_up(checkout, driver, "clean")
    })
}

/// Refuses files that would be written to a checkout as they are stored although a filter is set up for them.
pub(crate) fn check_written(checkout: &Checkout<'_>, changes: &TreeChanges) -> Result<(), GitError> {
    check(checkout, changes, |driver| {
        driver != b"lfs" && is_set_up(checkout, driver, "smudge")
    })
}

fn check(
    checkout: &Checkout<'_>,
    changes: &TreeChanges,
    refuses: impl Fn(&[u8]) -> bool,
) -> Result<(), GitError> {
    let mut refused: BTreeMap<Vec<u8>, Vec<PathBuf>> = BTreeMap::new();
    for (path, attribute, driver) in attributes(checkout, changes)? {
        if attribute == b"filter" && refuses(&driver) {
            refused.entry(driver).or_default().push(path);
        }
    }
    match refused.into_iter().next() {
        Some((driver, files)) => Err(GitError::Unfiltered {
            driver: String::from_utf8_lossy(&driver).into_owned(),
            files,
        }),
        None => Ok(()),
    }
}

/// Whether the configuration names a program for this way.
fn is_set_up(checkout: &Checkout<'_>, driver: &[u8], way: &str) -> bool {
    checkout.settings.iter().any(|setting| {
        let names_it = [way, "process"]
            .iter()
            .any(|name| setting.key == key(driver, name));
        names_it && setting.value.as_ref().is_some_and(|value| !value.is_empty())
    })
}

/// Whether our commands run a program for this way.
fn runs(checkout: &Checkout<'_>, driver: &[u8], way: &str) -> bool {
    [way, "process"].iter().any(|name| {
        let answer = checkout.answer(&key(driver, name));
        answer.is_some_and(|value| !value.is_empty())
    })
}

fn key(driver: &[u8], name: &str) -> Vec<u8> {
    [b"filter.", driver, b".", name.as_bytes()].concat()
}

/// The attributes of the files that are new or changed, where they have a value.
fn attributes(checkout: &Checkout<'_>, changes: &TreeChanges) -> Result<Vec<Told>, GitError> {
    let paths = changes.added.iter().chain(&changes.changed);
    let told = checkout
        .command("read attributes")
        .args(["check-attr", "-z", "--stdin", "filter", "working-tree-encoding"])
        .stdin_paths(paths.map(PathBuf::as_path))
        .run()?;
    let fields: Vec<&[u8]> = told.records().collect();
    let told = fields
        .chunks_exact(3)
        .filter(|fields| ![&b"unspecified"[..], b"set", b"unset"].contains(&fields[2]));
    Ok(told
        .map(|fields| (path_from(fields[0]), fields[1].to_vec(), fields[2].to_vec()))
        .collect())
}

/// Whether a file of attributes, wherever it lies, names LFS or another encoding. Those that git does not know yet
/// are looked at when something is stored, by [`need_command`].
pub(crate) fn are_named(repo: &Repository, worktree: &Path) -> Result<bool, git2::Error> {
    let index = repo.index()?;
    let shared = repo.commondir().join("info").join("attributes");
    let mut elsewhere = vec![worktree.join(".gitattributes"), shared];
    elsewhere.extend(users_attributes(repo));
    Ok(elsewhere
        .iter()
        .any(|file| plain::read(file).is_ok_and(|text| names_one(&text)))
        || index
            .iter()
            .filter(|entry| is_attributes(&entry.path))
            .any(|entry| names_one(&text_of(repo, worktree, &entry))))
}

fn users_attributes(repo: &Repository) -> Option<PathBuf> {
    let named = repo
        .config()
        .and_then(|config| config.get_path("core.attributesfile"));
    named.ok().or_else(|| {
        let settings = git2::Config::find_xdg().ok()?;
        Some(settings.parent()?.join("attributes"))
    })
}

fn is_attributes(path: &[u8]) -> bool {
    path.strip_suffix(b".gitattributes")
        .is_some_and(|folder| folder.is_empty() || folder.ends_with(b"/"))
}

/// The file as it is in the worktree, or else as it is staged.
fn text_of(repo: &Repository, worktree: &Path, entry: &IndexEntry) -> Vec<u8> {
    plain::read(&worktree.join(path_from(&entry.path))).unwrap_or_else(|_| {
        let blob = repo.find_blob(entry.id);
        blob.map(|blob| blob.content().to_vec()).unwrap_or_default()
    })
}

fn names_one(attributes: &[u8]) -> bool {
    String::from_utf8_lossy(attributes)
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .any(|line| line.contains("filter=lfs") || line.contains("working-tree-encoding="))
}
