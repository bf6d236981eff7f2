//! Reading a worktree with libgit2: in this process, without running anything.

use super::{
    Change, Content, Contents, MODE_LINK, MODE_SUBMODULE, MODE_TYPE, Merged, Side, Unstorable, WorkReader,
    between, broken,
};
use crate::{
    CancelToken, GitError,
    command::path_from,
    error::{io_at, library},
    filters,
    names::full_name,
};
use anyon_model::FileStatus;
use git2::{Delta, DiffOptions, IndexEntry, Oid, Repository};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const READ: &str = "read the repository";

/// Opens exactly this checkout, never one of the folders above.
pub(crate) fn open(path: &Path) -> Result<Repository, GitError> {
    Repository::open(path).map_err(library(READ))
}

/// Whether everything that is needed can be read. An agent may have made the checkout sparse since registration.
pub(super) fn can_read(worktree: &Path) -> bool {
    let plain = open(worktree).and_then(|repo| {
        let is_named = filters::are_named(&repo, worktree).map_err(library(READ))?;
        let config = repo.config().map_err(library(READ))?;
        let is_sparse = config.get_bool("core.sparsecheckout").unwrap_or(false);
        // The library cannot be told to leave this one aside.
        let is_strict = config.get_bool("core.safecrlf").unwrap_or(false);
        let is_partial = config.get_entry("extensions.partialclone").is_ok();
        Ok(!is_named && !is_sparse && !is_strict && !is_partial)
    });
    plain.unwrap_or(false)
}

/// Compares with libgit2.
pub(crate) struct LibraryReader {
    path: PathBuf,
}

impl LibraryReader {
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
        }
    }
}

impl WorkReader for LibraryReader {
    fn head(&self) -> Result<String, GitError> {
        head_of(&open(&self.path)?).map(|head| head.to_string())
    }

    fn base_of(&self, head: &str, target: &str, started: &str) -> Result<String, GitError> {
        let repo = open(&self.path)?;
        let head = Oid::from_str(head).map_err(library(READ))?;
        // The target may be gone; the commit that the attempt started from then takes its place.
        let base = [repo.refname_to_id(&full_name(target)), Oid::from_str(started)]
            .into_iter()
            .flatten()
            .find_map(|other| repo.merge_base(other, head).ok())
            .unwrap_or(head);
        Ok(base.to_string())
    }

    fn changes(
        &self,
        base: &str,
        only: Option<&BTreeSet<PathBuf>>,
        cancel: &CancelToken,
    ) -> Result<Vec<Change>, GitError> {
        let repo = open(&self.path)?;
        let tree = repo
            .revparse_single(base)
            .and_then(|object| object.peel_to_tree())
            .map_err(library(READ))?;
        let index = watchful_index(&repo)?;
        let mut paths = BTreeSet::new();
        let staged = repo
            // What the index says of a submodule is work; only its own files are not looked at.
            .diff_tree_to_index(
                Some(&tree),
                Some(&index),
                Some(limited(only).ignore_submodules(false)),
            )
            .map_err(library(READ))?;
        paths.extend(delta_paths(&repo, &staged));
        cancel.check()?;
        let open_work = repo
            .diff_index_to_workdir(Some(&index), Some(&mut limited(only)))
            .map_err(library(READ))?;
        paths.extend(
            delta_paths(&repo, &open_work)
                .into_iter()
                .filter(|path| !is_skipped(&index, path)),
        );
        cancel.check()?;
        let modes = Modes::of(&repo);
        let odb = repo.odb().map_err(library(READ))?;
        let changes = paths.into_iter().filter_map(|path| {
            let entry = index.get_path(&path, 0);
            let tracked = entry.is_some() || (1..4).any(|stage| index.get_path(&path, stage).is_some());
            let old = between::side(&odb, &tree, &path);
            let new = new_side(&self.path, &path, entry.as_ref(), modes);
            let binary = is_binary(&repo, &path);
            change(path, old, new, tracked, binary)
        });
        Ok(changes.collect())
    }

    fn changes_between(&self, old: &str, new: &str, cancel: &CancelToken) -> Result<Vec<Change>, GitError> {
        between::changes(&open(&self.path)?, (old, new), cancel)
    }

    fn side_at(&self, commit: &str, path: &Path) -> Result<Option<Side>, GitError> {
        between::side_at(&open(&self.path)?, commit, path)
    }

    fn contents(&self) -> Result<Box<dyn Contents + '_>, GitError> {
        let repo = open(&self.path)?;
        let converts = repo
            .config()
            .and_then(|config| config.get_string("core.autocrlf"))
            .is_ok_and(|value| value != "false");
        Ok(Box::new(LibraryContents {
            path: &self.path,
            repo,
            converts,
        }))
    }
}

fn head_of(repo: &Repository) -> Result<Oid, GitError> {
    repo.head()
        .and_then(|head| head.peel_to_commit())
        .map(|commit| commit.id())
        .map_err(library("read HEAD"))
}

fn options() -> DiffOptions {
    let mut options = DiffOptions::new();
    options
        .include_untracked(true)
        .recurse_untracked_dirs(true)
        .include_typechange(true)
        .ignore_submodules(true)
        .skip_binary_check(true);
    options
}

/// Options that look at these files only.
fn limited(only: Option<&BTreeSet<PathBuf>>) -> DiffOptions {
    let mut options = options();
    if let Some(only) = only {
        options.disable_pathspec_match(true);
        only.iter().for_each(|path| {
            options.pathspec(path.as_path());
        });
    }
    options
}

/// The files of a diff. What ends with a slash is a repository inside the worktree, which is left alone, or only
/// looks like one.
fn delta_paths(repo: &Repository, diff: &git2::Diff<'_>) -> Vec<PathBuf> {
    let root = repo.workdir().unwrap_or(repo.path());
    diff.deltas()
        .filter(|delta| delta.status() != Delta::Unmodified)
        .filter_map(|delta| {
            let path = delta.new_file().path_bytes().or(delta.old_file().path_bytes())?;
            Some((path_from(path), path.ends_with(b"/")))
        })
        .flat_map(|(path, is_folder)| match is_folder {
            true => broken::files(repo, root, &path),
            false => vec![path],
        })
        .collect()
}

/// The index as if nobody had told git to take files as unchanged: an agent's `update-index --assume-unchanged` must
/// not hide its work. Files that are told to be skipped and are not there stay as they are.
fn watchful_index(repo: &Repository) -> Result<git2::Index, GitError> {
    let mut index = repo.index().map_err(library(READ))?;
    let root = repo.workdir().unwrap_or(repo.path());
    let hiding: Vec<IndexEntry> = index
        .iter()
        .filter(|entry| entry.flags & ASSUMED != 0 || entry.flags_extended & SKIPPED != 0)
        .collect();
    for mut entry in hiding {
        entry.flags &= !ASSUMED;
        if fs::symlink_metadata(root.join(path_from(&entry.path))).is_ok() {
            entry.flags_extended &= !SKIPPED;
        }
        index.add(&entry).map_err(library(READ))?;
    }
    Ok(index)
}

/// git's flag of entries that are taken as unchanged.
const ASSUMED: u16 = 0x8000;
/// git's flag of entries whose files are not wanted.
const SKIPPED: u16 = 0x4000;

fn is_skipped(index: &git2::Index, path: &Path) -> bool {
    index
        .get_path(path, 0)
        .is_some_and(|entry| entry.flags_extended & SKIPPED != 0)
}

pub(super) fn object(mode: i32, oid: Oid) -> Content {
    if u32::try_from(mode).unwrap_or(0) & MODE_TYPE == MODE_SUBMODULE {
        Content::Submodule(oid.to_string())
    } else {
        Content::Object(oid.to_string())
    }
}

/// What the file system can say of modes.
#[derive(Debug, Clone, Copy)]
struct Modes {
    executable: bool,
    links: bool,
}

impl Modes {
    fn of(repo: &Repository) -> Self {
        let config = repo.config();
        let is_on = |key| {
            config
                .as_ref()
                .ok()
                .and_then(|config| config.get_bool(key).ok())
                .unwrap_or(true)
        };
        Self {
            executable: cfg!(unix) && is_on("core.filemode"),
            links: is_on("core.symlinks"),
        }
    }
}

fn new_side(root: &Path, path: &Path, entry: Option<&IndexEntry>, modes: Modes) -> Option<Side> {
    if let Some(entry) = entry.filter(|entry| entry.mode & MODE_TYPE == MODE_SUBMODULE) {
        return Some(Side {
            mode: entry.mode,
            content: Content::Submodule(entry.id.to_string()),
            size: 0,
        });
    }
    if behind_link(root, path) {
        return None;
    }
    let meta = fs::symlink_metadata(root.join(path)).ok()?;
    let known = entry.map(|entry| entry.mode);
    let mode = if meta.is_symlink() || (!modes.links && known == Some(MODE_LINK)) {
        MODE_LINK
    } else if !meta.is_file() {
        return None;
    } else if modes.executable {
        if is_executable(&meta) {
            0o100_755
        } else {
            0o100_644
        }
    } else {
        known.filter(|mode| *mode != MODE_LINK).unwrap_or(0o100_644)
    };
    Some(Side {
        mode,
        content: Content::File(path.to_path_buf()),
        size: meta.len(),
    })
}

/// A folder on the way to the file was replaced by a link: git sees the file as gone, and so do we.
fn behind_link(root: &Path, path: &Path) -> bool {
    let mut folder = root.to_path_buf();
    let parts: Vec<_> = path.components().collect();
    parts.iter().take(parts.len().saturating_sub(1)).any(|part| {
        folder.push(part);
        fs::symlink_metadata(&folder).is_ok_and(|meta| meta.is_symlink())
    })
}

#[cfg(unix)]
fn is_executable(meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o100 != 0
}
#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}

fn change(
    path: PathBuf,
    old: Option<Side>,
    new: Option<Side>,
    tracked: bool,
    binary: bool,
) -> Option<Change> {
    let status = status(old.as_ref(), new.as_ref(), tracked)?;
    Some(Change {
        path,
        old_path: None,
        status,
        old,
        new,
        binary,
    })
}

/// `-diff`, of which `binary` is one spelling.
pub(super) fn is_binary(repo: &Repository, path: &Path) -> bool {
    let told = repo.get_attr_bytes(path, "diff", git2::AttrCheckFlags::default());
    matches!(
        told.map(git2::AttrValue::always_bytes),
        Ok(git2::AttrValue::False)
    )
}

/// What happened, as far as the two sides tell without being read.
pub(super) fn status(old: Option<&Side>, new: Option<&Side>, tracked: bool) -> Option<FileStatus> {
    Some(match (old, new) {
        (None, None) => return None,
        (None, Some(_)) if tracked => FileStatus::Added,
        (None, Some(_)) => FileStatus::Untracked,
        (Some(_), None) => FileStatus::Deleted,
        (Some(old), Some(new)) if old.mode & MODE_TYPE != new.mode & MODE_TYPE => FileStatus::TypeChanged,
        (Some(old), Some(new)) if old.mode == new.mode && old.content == new.content => return None,
        (Some(_), Some(_)) => FileStatus::Modified,
    })
}

struct LibraryContents<'r> {
    path: &'r Path,
    repo: Repository,
    converts: bool,
}

impl Contents for LibraryContents<'_> {
    fn read(&mut self, side: &Side) -> Result<Vec<u8>, GitError> {
        match &side.content {
            Content::Submodule(commit) => Ok(format!("Subproject commit {commit}\n").into_bytes()),
            Content::Object(oid) => {
                let oid = Oid::from_str(oid).map_err(library(READ))?;
                let blob = self.repo.find_blob(oid).map_err(library(READ))?;
                Ok(blob.content().to_vec())
            }
            Content::File(path) if side.mode & MODE_TYPE == MODE_LINK => link_target(&self.path.join(path)),
            Content::File(path) => {
                let bytes = read_file(&self.path.join(path))?;
                if self.may_convert(path, &bytes) {
                    self.converted(path)
                } else {
                    Ok(bytes)
                }
            }
        }
    }
}

impl LibraryContents<'_> {
    /// git changes line endings and `$Id$` on the way into the repository; most files have neither.
    fn may_convert(&self, path: &Path, bytes: &[u8]) -> bool {
        let attributed = |name| {
            self.repo
                .get_attr_bytes(path, name, git2::AttrCheckFlags::default())
                .is_ok_and(|value| value.is_some())
        };
        if bytes.contains(&b'\r') {
            return self.converts || ["text", "eol", "crlf"].into_iter().any(attributed);
        }
        bytes.contains(&b'$') && attributed("ident")
    }

    /// The content as it would be stored, made in memory: nothing is written to the repository.
    fn converted(&self, path: &Path) -> Result<Vec<u8>, GitError> {
        let odb = self.repo.odb().map_err(library(READ))?;
        let memory = odb.add_new_mempack_backend(999).map_err(library(READ))?;
        let oid = self
            .repo
            .blob_path(&self.path.join(path))
            .map_err(library(READ))?;
        let blob = self.repo.find_blob(oid).map_err(library(READ))?;
        let bytes = blob.content().to_vec();
        memory.reset().map_err(library(READ))?;
        Ok(bytes)
    }
}

/// The content of a regular file; a link that took its place meanwhile is not followed.
fn read_file(path: &Path) -> Result<Vec<u8>, GitError> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    let read = |mut file: fs::File| {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).map(|_| bytes)
    };
    options.open(path).and_then(read).map_err(io_at("read", path))
}

fn link_target(path: &Path) -> Result<Vec<u8>, GitError> {
    match fs::read_link(path) {
        Ok(target) => Ok(crate::command::path_bytes(&target)),
        // Without links the file system keeps the target in a plain file.
        Err(_) => read_file(path),
    }
}

/// A file or a link, reached through folders alone.
pub(super) fn is_file(root: &Path, path: &Path) -> bool {
    let there = fs::symlink_metadata(root.join(path)).is_ok_and(|meta| meta.is_file() || meta.is_symlink());
    there && !behind_link(root, path)
}

/// The index with all files of the worktree in it, in memory.
fn full_index(repo: &Repository, unstorable: Unstorable) -> Result<git2::Index, GitError> {
    let mut index = watchful_index(repo)?;
    let diff = repo
        .diff_index_to_workdir(Some(&index), Some(&mut options()))
        .map_err(library(READ))?;
    let root = repo.workdir().unwrap_or(repo.path()).to_path_buf();
    for path in delta_paths(repo, &diff) {
        let done = if is_file(&root, &path) {
            match index.add_path(&path) {
                Err(_) if unstorable == Unstorable::IsLeftOut => leave_out(&mut index, &path),
                done => done,
            }
        } else if is_skipped(&index, &path) {
            Ok(())
        } else {
            leave_out(&mut index, &path)
        };
        done.map_err(library("read a file of the worktree"))?;
    }
    Ok(index)
}

fn leave_out(index: &mut git2::Index, path: &Path) -> Result<(), git2::Error> {
    let _ = index.conflict_remove(path);
    match index.remove_path(path) {
        Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(()),
        done => done,
    }
}

pub(crate) fn write_tree(worktree: &Path) -> Result<String, GitError> {
    write_tree_with(worktree, Unstorable::Fails)
}

pub(super) fn write_storable_tree(worktree: &Path) -> Result<String, GitError> {
    write_tree_with(worktree, Unstorable::IsLeftOut)
}

fn write_tree_with(worktree: &Path, unstorable: Unstorable) -> Result<String, GitError> {
    let repo = open(worktree)?;
    let tree = full_index(&repo, unstorable)?.write_tree_to(&repo);
    tree.map(|tree| tree.to_string())
        .map_err(library("write the files"))
}

pub(super) fn stage_all(worktree: &Path) -> Result<String, GitError> {
    let repo = open(worktree)?;
    let mut index = full_index(&repo, Unstorable::Fails)?;
    let tree = index.write_tree_to(&repo).map_err(library("write the files"))?;
    index.write().map_err(library("write the index"))?;
    Ok(tree.to_string())
}

pub(crate) fn merge(repo: &Path, target: &str, head: &str, tree: &str) -> Result<Merged, GitError> {
    const MERGE: &str = "merge";
    let repo = open(repo)?;
    let oid = |hex: &str| Oid::from_str(hex).map_err(library(MERGE));
    let commit_tree = |id: Oid| repo.find_commit(id).and_then(|commit| commit.tree());
    let (target, head) = (oid(target)?, oid(head)?);
    let base = repo
        .merge_base(target, head)
        .and_then(commit_tree)
        .map_err(library("find the merge base"))?;
    let ours = commit_tree(target).map_err(library(MERGE))?;
    let theirs = repo.find_tree(oid(tree)?).map_err(library(MERGE))?;
    let mut options = git2::MergeOptions::new();
    options.find_renames(true);
    let mut index = repo
        .merge_trees(&base, &ours, &theirs, Some(&options))
        .map_err(library(MERGE))?;
    if index.has_conflicts() {
        let conflicts = index.conflicts().map_err(library(MERGE))?;
        let paths: BTreeSet<PathBuf> = conflicts
            .filter_map(Result::ok)
            .filter_map(|conflict| conflict.our.or(conflict.their).or(conflict.ancestor))
            .map(|entry| path_from(&entry.path))
            .collect();
        return Ok(Merged::Conflicts(paths.into_iter().collect()));
    }
    let tree = index.write_tree_to(&repo).map_err(library(MERGE))?;
    Ok(Merged::Clean(tree.to_string()))
}
