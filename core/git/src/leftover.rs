//! What is on disk and in no snapshot. It asks the disk, not git: git and libgit2 differ in what they list, and
//! neither lists everything.

use crate::{
    GitError,
    command::{Checkout, path_from},
    error::io_at,
};
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

/// The files of a tree.
pub(crate) struct Kept {
    files: BTreeSet<PathBuf>,
    folders: BTreeSet<PathBuf>,
}

impl Kept {
    /// Reads a tree. Submodules are no files: of them a tree keeps only the name of a commit.
    pub fn of(checkout: &Checkout<'_>, tree: &str) -> Result<Self, GitError> {
        let listing = checkout
            .command("read a snapshot")
            .args(["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", tree])
            .run()?;
        let files: BTreeSet<PathBuf> = listing
            .records()
            .filter(|record| !record.starts_with(b"160000 "))
            .filter_map(|record| record.splitn(2, |byte| *byte == b'\t').nth(1))
            .map(path_from)
            .collect();
        let folders = files
            .iter()
            .flat_map(|path| path.ancestors().skip(1))
            .map(Path::to_path_buf)
            .collect();
        Ok(Self { files, folders })
    }

    /// Files of the worktree that are not in the tree, and folders of which none is.
    pub fn leftovers(&self, worktree: &Path) -> Result<Vec<PathBuf>, GitError> {
        let mut found = Vec::new();
        self.look(worktree, Path::new(""), &mut found)?;
        Ok(found)
    }

    fn look(&self, root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), GitError> {
        let there = root.join(folder);
        for entry in fs::read_dir(&there).map_err(io_at("read", &there))? {
            let entry = entry.map_err(io_at("read", &there))?;
            let path = folder.join(entry.file_name());
            let kind = entry.file_type().map_err(io_at("read", &path))?;
            if path == Path::new(".git") {
                // The link to the repository, which git removes.
                continue;
            }
            if !kind.is_dir() {
                // Sockets and pipes are nothing to keep.
                if (kind.is_file() || kind.is_symlink()) && !self.files.contains(&path) {
                    found.push(path);
                }
            } else if self.folders.contains(&path) {
                self.look(root, &path, found)?;
            } else if holds_files(&root.join(&path)) {
                found.push(path);
            }
        }
        Ok(())
    }
}

/// Whether there is anything but folders in a folder. One that cannot be read may hold anything.
fn holds_files(folder: &Path) -> bool {
    let search = || -> io::Result<bool> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let holds = if kind.is_dir() {
                holds_files(&entry.path())
            } else {
                kind.is_file() || kind.is_symlink()
            };
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    };
    search().unwrap_or(true)
}
