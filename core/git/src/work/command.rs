//! Reading a worktree with the git command: for partial clones, reftable, sparse checkouts and LFS.

use super::{
    Change, Content, Contents, MODE_SUBMODULE, MODE_TYPE, Merged, Side, Unstorable, WorkReader, library,
    rows::{RawRow, parse_raw},
};
use crate::{
    CancelToken, GitError,
    command::{Checkout, Conversation, GitCommand, path_bytes, path_from},
    error::io_at,
    git::Scratch,
    hardening::last_value,
    link::common_dir,
    names::full_name,
    refs,
};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};

/// Compares with the git command. What it has to store for that goes to a private folder.
pub(crate) struct CommandReader<'g> {
    checkout: Checkout<'g>,
    objects: Scratch,
    /// Sizes by object, as far as they were asked for.
    cache: Mutex<HashMap<String, u64>>,
}

impl<'g> CommandReader<'g> {
    pub fn new(checkout: Checkout<'g>) -> Result<Self, GitError> {
        let objects = checkout.git.scratch()?;
        Ok(Self {
            checkout,
            objects,
            cache: Mutex::default(),
        })
    }

    /// Objects are looked up in the repository and written to the private folder.
    fn object_env(&self) -> Result<[(&'static str, OsString); 2], GitError> {
        let real = common_dir(&self.checkout.path)?.join("objects");
        Ok([
            ("GIT_OBJECT_DIRECTORY", self.objects.path.clone().into()),
            ("GIT_ALTERNATE_OBJECT_DIRECTORIES", quoted(&real)),
        ])
    }

    /// The sizes of many objects with one command.
    fn learn_sizes(&self, objects: &[&str]) -> Result<(), GitError> {
        let mut command = self
            .checkout
            .command("read objects")
            .args(["cat-file", "--batch-check=%(objectname) %(objectsize)"])
            .stdin(objects.join("\n").into_bytes());
        for (name, value) in self.object_env()? {
            command = command.env(name, value);
        }
        let output = command.run()?;
        let mut cache = self
            .cache
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            if let Some((object, size)) = line.split_once(' ') {
                cache.insert(object.into(), size.parse().unwrap_or(0));
            }
        }
        Ok(())
    }

    fn size(&self, object: &str) -> u64 {
        let cache = self
            .cache
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        cache.get(object).copied().unwrap_or(0)
    }
}

/// A path as an entry of `GIT_ALTERNATE_OBJECT_DIRECTORIES`, where colons separate and quotes escape.
fn quoted(path: &Path) -> OsString {
    let bytes = path_bytes(path);
    let mut out = vec![b'"'];
    for byte in bytes {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
    path_from(&out).into_os_string()
}

impl WorkReader for CommandReader<'_> {
    fn head(&self) -> Result<String, GitError> {
        refs::resolve(&self.checkout, "HEAD")?.ok_or_else(|| GitError::NoSuchCommit { name: "HEAD".into() })
    }

    fn base_of(&self, head: &str, target: &str, started: &str) -> Result<String, GitError> {
        let target = refs::resolve(&self.checkout, &full_name(target))?;
        let started = refs::resolve(&self.checkout, started)?;
        for other in [target, started].into_iter().flatten() {
            if let Some(base) = refs::merge_base(&self.checkout, &other, head)? {
                return Ok(base);
            }
        }
        Ok(head.to_owned())
    }

    fn changes(
        &self,
        base: &str,
        _: Option<&BTreeSet<PathBuf>>,
        cancel: &CancelToken,
    ) -> Result<Vec<Change>, GitError> {
        let env = self.object_env()?;
        let tree = index_tree(&self.checkout, &env, Unstorable::Fails, cancel)?;
        let untracked: HashSet<PathBuf> = self
            .checkout
            .command("list untracked files")
            .args(["ls-files", "--others", "--exclude-standard", "-z"])
            .cancel(cancel)
            .run()?
            .records()
            .map(path_from)
            .collect();
        self.compare((base, &tree), &untracked, cancel)
    }

    fn changes_between(&self, old: &str, new: &str, cancel: &CancelToken) -> Result<Vec<Change>, GitError> {
        self.compare((old, new), &HashSet::new(), cancel)
    }

    fn side_at(&self, commit: &str, path: &Path) -> Result<Option<Side>, GitError> {
        let listing = self
            .checkout
            .command("read a commit")
            .args(["ls-tree", "-z", "--full-tree", "--end-of-options", commit])
            .arg(path)
            .run()?;
        // The record is `<mode> <type> <object>`, a tab and the path.
        let record = listing.records().next().unwrap_or_default();
        let head = record.split(|byte| *byte == b'\t').next().unwrap_or_default();
        let head = String::from_utf8_lossy(head).into_owned();
        let words: Vec<&str> = head.split(' ').collect();
        let [mode, "blob", object] = words[..] else {
            return Ok(None);
        };
        self.learn_sizes(&[object])?;
        let mode = u32::from_str_radix(mode, 8).unwrap_or(0);
        Ok(Some(self.side(&(mode, object.to_owned()))))
    }

    fn contents(&self) -> Result<Box<dyn Contents + '_>, GitError> {
        let mut command = self.checkout.command("read files").args(["cat-file", "--batch"]);
        for (name, value) in self.object_env()? {
            command = command.env(name, value);
        }
        Ok(Box::new(CommandContents(command.converse()?)))
    }
}

impl CommandReader<'_> {
    /// What differs between two commits or trees.
    fn compare(
        &self,
        (old, new): (&str, &str),
        untracked: &HashSet<PathBuf>,
        cancel: &CancelToken,
    ) -> Result<Vec<Change>, GitError> {
        let mut command = self.checkout.command("compare the files").args([
            "diff-tree",
            "-r",
            "-z",
            "--raw",
            "--no-renames",
            "--no-abbrev",
            "--end-of-options",
            old,
            new,
        ]);
        for (name, value) in self.object_env()? {
            command = command.env(name, value);
        }
        let raw = command.cancel(cancel).run()?;
        let rows = parse_raw(&raw.stdout);
        let objects: Vec<&str> = rows
            .iter()
            .flat_map(|row| [&row.old, &row.new])
            .flatten()
            .filter(|(mode, _)| mode & MODE_TYPE != MODE_SUBMODULE)
            .map(|(_, object)| object.as_str())
            .collect();
        self.learn_sizes(&objects)?;
        let binary = binary_paths(&self.checkout, &rows)?;
        Ok(rows
            .iter()
            .filter_map(|row| self.change(row, untracked, &binary))
            .collect())
    }

    fn change(
        &self,
        row: &RawRow,
        untracked: &HashSet<PathBuf>,
        binary: &HashSet<PathBuf>,
    ) -> Option<Change> {
        let side = |side: &Option<(u32, String)>| side.as_ref().map(|side| self.side(side));
        let (old, new) = (side(&row.old), side(&row.new));
        let status = library::status(old.as_ref(), new.as_ref(), !untracked.contains(&row.path))?;
        Some(Change {
            path: row.path.clone(),
            old_path: None,
            status,
            old,
            new,
            binary: binary.contains(&row.path),
        })
    }

    fn side(&self, (mode, object): &(u32, String)) -> Side {
        Side {
            mode: *mode,
            content: if mode & MODE_TYPE == MODE_SUBMODULE {
                Content::Submodule(object.clone())
            } else {
                Content::Object(object.clone())
            },
            size: self.size(object),
        }
    }
}

/// Those whose attribute `diff` is unset. Records are path, attribute and value.
fn binary_paths(checkout: &Checkout<'_>, rows: &[RawRow]) -> Result<HashSet<PathBuf>, GitError> {
    let told = checkout
        .command("read attributes")
        .args(["check-attr", "-z", "--stdin", "diff"])
        .stdin_paths(rows.iter().map(|row| row.path.as_path()))
        .run()?;
    let fields: Vec<&[u8]> = told.records().collect();
    let unset = fields.chunks_exact(3).filter(|fields| fields[2] == b"unset");
    Ok(unset.map(|fields| path_from(fields[0])).collect())
}

struct CommandContents(Conversation);

impl Contents for CommandContents {
    fn read(&mut self, side: &Side) -> Result<Vec<u8>, GitError> {
        let object = match &side.content {
            Content::Submodule(commit) => return Ok(format!("Subproject commit {commit}\n").into_bytes()),
            Content::Object(object) => object,
            Content::File(path) => return Err(GitError::NoDifference { path: path.clone() }),
        };
        // The answer is `<object> <type> <size>`, the content, and a newline.
        let head = self.0.ask(object)?;
        let size = head
            .rsplit(' ')
            .next()
            .and_then(|size| size.parse::<usize>().ok())
            .ok_or_else(|| GitError::NoSuchCommit { name: object.clone() })?;
        let mut bytes = self.0.take(size + 1)?;
        bytes.truncate(size);
        Ok(bytes)
    }
}

/// What `git status` lists in a worktree.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Files that differ from the index or `HEAD`, and untracked ones.
    pub open: Vec<PathBuf>,
    /// Repositories inside the worktree that are not submodules.
    pub embedded: Vec<PathBuf>,
    /// Ignored files, and folders in which everything is ignored.
    pub ignored: Vec<PathBuf>,
}

/// `git status`, by the worktree's index or another one.
fn status(
    checkout: &Checkout<'_>,
    index: Option<&Path>,
    ignored: bool,
    cancel: &CancelToken,
) -> Result<Listing, GitError> {
    let output = by_index(checkout.command("look for changes"), index)
        .args([
            "status",
            "--porcelain=v2",
            "-z",
            "--untracked-files=all",
            "--no-renames",
            "--ignore-submodules=all",
            if ignored {
                "--ignored=matching"
            } else {
                "--ignored=no"
            },
        ])
        .cancel(cancel)
        .run()?;
    let mut listing = Listing::default();
    for record in output.records() {
        let fields = match record.first() {
            Some(b'1') => 9,
            Some(b'u') => 11,
            Some(b'?' | b'!') => 2,
            _ => continue,
        };
        let Some(path) = record.splitn(fields, |byte| *byte == b' ').nth(fields - 1) else {
            continue;
        };
        let list = match (record.first(), path.ends_with(b"/")) {
            (Some(b'!'), _) => &mut listing.ignored,
            (_, true) => &mut listing.embedded,
            _ => &mut listing.open,
        };
        list.push(path_from(path));
    }
    Ok(listing)
}

/// What of a worktree no snapshot can hold: repositories inside it, and ignored files.
pub(crate) fn embedded_and_ignored(checkout: &Checkout<'_>) -> Result<Listing, GitError> {
    status(checkout, None, true, &CancelToken::default())
}

pub(super) fn write_tree(checkout: &Checkout<'_>) -> Result<String, GitError> {
    index_tree(checkout, &[], Unstorable::Fails, &CancelToken::default())
}

pub(super) fn write_storable_tree(checkout: &Checkout<'_>) -> Result<String, GitError> {
    index_tree(checkout, &[], Unstorable::IsLeftOut, &CancelToken::default())
}

fn by_index<'c>(command: GitCommand<'c>, index: Option<&Path>) -> GitCommand<'c> {
    match index {
        Some(index) => command.env("GIT_INDEX_FILE", index),
        None => command,
    }
}

/// The tree of all files of the worktree, by way of a copy of its index.
fn index_tree(
    checkout: &Checkout<'_>,
    env: &[(&'static str, OsString)],
    unstorable: Unstorable,
    cancel: &CancelToken,
) -> Result<String, GitError> {
    let scratch = checkout.git.scratch()?;
    let copy = scratch.path.join("index");
    let index = checkout
        .command("find the index")
        .args(["rev-parse", "--path-format=absolute", "--git-path", "index"])
        .run()?
        .path();
    if index.exists() {
        copy_index(&index, &copy).map_err(io_at("copied", &index))?;
    }
    reveal(checkout, Some(&copy))?;
    let listing = status(checkout, Some(&copy), false, cancel)?;
    let written = Written {
        index: Some(&copy),
        env,
        cancel,
    };
    add(checkout, &listing.open, unstorable, &written)?;
    let tree = written.command(checkout, "write the files").arg("write-tree");
    Ok(tree.run()?.line())
}

pub(super) fn stage_all(checkout: &Checkout<'_>) -> Result<String, GitError> {
    reveal(checkout, None)?;
    let cancel = CancelToken::default();
    let listing = status(checkout, None, false, &cancel)?;
    let written = Written {
        index: None,
        env: &[],
        cancel: &cancel,
    };
    add(checkout, &listing.open, Unstorable::Fails, &written)?;
    checkout.line("write the files", ["write-tree"])
}

/// Copies an index with its time: a file that changed as fast as the index was written is told by that.
fn copy_index(index: &Path, copy: &Path) -> std::io::Result<()> {
    fs::copy(index, copy)?;
    let modified = fs::metadata(index)?.modified()?;
    fs::File::options().write(true).open(copy)?.set_modified(modified)
}

/// Makes git compare every file that is there: entries that it was told to take as unchanged hide work. Files that
/// it was told to skip and that are not there stay as they are.
fn reveal(checkout: &Checkout<'_>, index: Option<&Path>) -> Result<(), GitError> {
    let listing = by_index(checkout.command("list the files"), index)
        .args(["ls-files", "-v", "-z"])
        .run()?;
    let (mut assumed, mut skipped) = (Vec::new(), Vec::new());
    for record in listing.records() {
        let (Some(tag), Some(path)) = (record.first(), record.get(2..)) else {
            continue;
        };
        if tag.is_ascii_lowercase() {
            assumed.push(path_from(path));
        }
        if tag.eq_ignore_ascii_case(&b'S')
            && fs::symlink_metadata(checkout.path.join(path_from(path))).is_ok()
        {
            skipped.push(path_from(path));
        }
    }
    for (flag, paths) in [
        ("--no-assume-unchanged", assumed),
        ("--no-skip-worktree", skipped),
    ] {
        if !paths.is_empty() {
            by_index(checkout.command("compare all files"), index)
                .args(["update-index", flag, "-z", "--stdin"])
                .stdin_paths(paths.iter().map(PathBuf::as_path))
                .run()?;
        }
    }
    Ok(())
}

/// The index that is written and where objects go.
struct Written<'w> {
    /// `None`: the worktree's own.
    index: Option<&'w Path>,
    env: &'w [(&'static str, OsString)],
    cancel: &'w CancelToken,
}

impl Written<'_> {
    fn command<'c>(&'c self, checkout: &'c Checkout<'_>, what: &'static str) -> GitCommand<'c> {
        let command = by_index(checkout.command(what), self.index).cancel(self.cancel);
        let with =
            |command: GitCommand<'c>, (name, value): &(&'static str, OsString)| command.env(name, value);
        self.env.iter().fold(command, with)
    }
}

/// Makes the index agree with these files. What is gone, or behind a link that took a folder's place, goes first.
fn add(
    checkout: &Checkout<'_>,
    paths: &[PathBuf],
    unstorable: Unstorable,
    written: &Written<'_>,
) -> Result<(), GitError> {
    let (there, gone): (Vec<&Path>, Vec<&Path>) = paths
        .iter()
        .map(PathBuf::as_path)
        .partition(|path| library::is_file(&checkout.path, path));
    leave_out(checkout, &gone, written)?;
    store(checkout, &there, unstorable, written)
}

fn leave_out(checkout: &Checkout<'_>, paths: &[&Path], written: &Written<'_>) -> Result<(), GitError> {
    if paths.is_empty() {
        return Ok(());
    }
    let sha256 =
        last_value(&checkout.settings, b"extensions.objectformat").is_some_and(|name| name == b"sha256");
    let nothing = format!("0 {}\t", "0".repeat(if sha256 { 64 } else { 40 }));
    let mut records = Vec::new();
    for path in paths {
        records.extend(nothing.as_bytes());
        records.extend(path_bytes(path));
        records.push(0);
    }
    written
        .command(checkout, "leave out what is gone")
        .args(["update-index", "-z", "--index-info"])
        .stdin(records)
        .run()
        .map(drop)
}

/// One file that git refuses fails the whole command; halving finds it.
fn store(
    checkout: &Checkout<'_>,
    paths: &[&Path],
    unstorable: Unstorable,
    written: &Written<'_>,
) -> Result<(), GitError> {
    if paths.is_empty() {
        return Ok(());
    }
    let command = written.command(checkout, "read the files").args([
        "update-index",
        "--add",
        "--replace",
        "-z",
        "--stdin",
    ]);
    match command.stdin_paths(paths.iter().copied()).run() {
        Err(GitError::Command { .. }) if unstorable == Unstorable::IsLeftOut => {}
        done => return done.map(drop),
    }
    if let [path] = paths {
        // git refuses such a name here too; then it was never in.
        return match leave_out(checkout, &[path], written) {
            Err(GitError::Command { .. }) => Ok(()),
            done => done,
        };
    }
    let (first, second) = paths.split_at(paths.len() / 2);
    store(checkout, first, unstorable, written)?;
    store(checkout, second, unstorable, written)
}

pub(super) fn merge(
    checkout: &Checkout<'_>,
    target: &str,
    head: &str,
    tree: &str,
) -> Result<Merged, GitError> {
    if !checkout.git.at_least(2, 38) {
        return Err(GitError::GitTooOld {
            found: checkout.git.version()?,
            needed: "git 2.38 for merging in a repository of this kind",
        });
    }
    let theirs = refs::write_commit(
        checkout,
        tree,
        &[head],
        "Work to be merged",
        refs::Identity::Anyon,
    )?;
    let output = checkout
        .command("merge")
        .args(["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages"])
        .args(["--end-of-options", target, &theirs])
        .accept(&[0, 1])
        .run()?;
    let mut records = output.records();
    let merged = records
        .next()
        .map(|tree| String::from_utf8_lossy(tree).into_owned());
    match merged {
        Some(tree) if output.status == 0 => Ok(Merged::Clean(tree)),
        _ => Ok(Merged::Conflicts(records.map(path_from).collect())),
    }
}
