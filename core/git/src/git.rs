//! Where git is and where our commands keep their private files.

use crate::{GitError, command::Checkout, error::io_at};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// The oldest git whose commands do all that is asked of them here.
const OLDEST: (u32, u32) = (2, 34);

/// The git of this computer. Cheap to clone; every operation of this crate starts here.
#[derive(Debug, Clone)]
pub struct Git {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    program: PathBuf,
    /// Asked at the first operation: looking around at start-up runs no program.
    version: OnceLock<(u32, u32)>,
    hooks: PathBuf,
    scratch: PathBuf,
    locks: PathBuf,
    home: Option<PathBuf>,
    scratch_count: AtomicU64,
}

impl Git {
    /// Looks git up in PATH. An empty hooks folder, locks and temporary index files are kept under `private_folder`.
    pub fn find(private_folder: &Path) -> Result<Self, GitError> {
        // As git does: what was stored is not hashed again each time it is read, which costs more than a diff.
        git2::opts::strict_hash_verification(false);
        let program = look_up().ok_or(GitError::GitMissing)?;
        let [hooks, scratch, locks] = ["no-hooks", "scratch", "locks"].map(|name| private_folder.join(name));
        for folder in [&hooks, &scratch, &locks] {
            std::fs::create_dir_all(folder).map_err(io_at("made", folder))?;
        }
        let absolute = |path: &Path| std::path::absolute(path).map_err(io_at("found", path));
        Ok(Self {
            inner: Arc::new(Inner {
                program,
                version: OnceLock::new(),
                hooks: absolute(&hooks)?,
                scratch: absolute(&scratch)?,
                locks: absolute(&locks)?,
                home: None,
                scratch_count: AtomicU64::new(0),
            }),
        })
    }

    /// The same git, reading no configuration of a user or the system but that in `home`.
    pub fn isolated(&self, home: &Path) -> Self {
        let inner = &self.inner;
        Self {
            inner: Arc::new(Inner {
                program: inner.program.clone(),
                version: inner.version.clone(),
                hooks: inner.hooks.clone(),
                scratch: inner.scratch.clone(),
                locks: inner.locks.clone(),
                home: Some(home.to_path_buf()),
                scratch_count: AtomicU64::new(0),
            }),
        }
    }

    /// What `git --version` says.
    pub fn version(&self) -> Result<String, GitError> {
        version_text(&self.inner.program)
    }

    /// The program, absolute.
    pub fn program(&self) -> &Path {
        &self.inner.program
    }
    pub(crate) fn at_least(&self, major: u32, minor: u32) -> bool {
        self.checked_version()
            .is_ok_and(|version| version >= (major, minor))
    }
    /// The version, if it is new enough for what is asked of it here.
    pub(crate) fn checked_version(&self) -> Result<(u32, u32), GitError> {
        match self.inner.version.get() {
            Some(version) => Ok(*version),
            None => {
                ask_version(&self.inner.program).map(|version| *self.inner.version.get_or_init(|| version))
            }
        }
    }
    pub(crate) fn hooks(&self) -> &Path {
        &self.inner.hooks
    }
    pub(crate) fn locks(&self) -> &Path {
        &self.inner.locks
    }
    pub(crate) fn home(&self) -> Option<&Path> {
        self.inner.home.as_deref()
    }
    /// A checkout with its configuration read.
    pub(crate) fn open(&self, path: &Path) -> Result<Checkout<'_>, GitError> {
        Checkout::open(self, path)
    }
    /// A new private folder that is gone when it is dropped.
    pub(crate) fn scratch(&self) -> Result<Scratch, GitError> {
        let number = self.inner.scratch_count.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{:p}-{number}", std::process::id(), Arc::as_ptr(&self.inner));
        let path = self.inner.scratch.join(name);
        std::fs::create_dir_all(&path).map_err(io_at("made", &path))?;
        Ok(Scratch { path })
    }
}

/// A private folder for one operation.
pub(crate) struct Scratch {
    pub path: PathBuf,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

fn look_up() -> Option<PathBuf> {
    let name = if cfg!(windows) { "git.exe" } else { "git" };
    std::env::split_paths(&std::env::var_os("PATH")?)
        // A relative entry would mean another program in each folder.
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

fn version_text(program: &Path) -> Result<String, GitError> {
    let output = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(io_at("started", program))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn ask_version(program: &Path) -> Result<(u32, u32), GitError> {
    let text = version_text(program)?;
    match parse_version(&text) {
        Some(version) if version >= OLDEST => Ok(version),
        _ => Err(GitError::GitTooOld {
            found: text,
            needed: "git 2.34",
        }),
    }
}

fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix("git version ")?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_write_versions_in_their_own_way() {
        assert_eq!(parse_version("git version 2.39.5 (Apple Git-154)"), Some((2, 39)));
        assert_eq!(parse_version("git version 2.47.1.windows.2"), Some((2, 47)));
        assert_eq!(parse_version("hub 1"), None);
    }
}
