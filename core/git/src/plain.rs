//! Files of ours and of git that an agent may have replaced: by a pipe that nobody writes to, a link, something
//! without an end. Reads only what is a plain file, and tells where one is not before git waits for it.

use crate::{GitError, link};
use std::{
    fs,
    io::{self, Read},
    path::Path,
};

/// No file that is meant to be read here is longer; of one that is, only the beginning is read.
const MAX_BYTES: u64 = 1024 * 1024;

/// The content of a plain file.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a plain file"));
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The same as text.
pub(crate) fn read_text(path: &Path) -> Option<String> {
    String::from_utf8(read(path).ok()?).ok()
}

/// Opens without following a link and without waiting for the other end of a pipe.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<fs::File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).map_err(io::Error::other)?;
    fs::File::options().read(true).custom_flags(flags).open(path)
}
#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<fs::File> {
    if fs::symlink_metadata(path)?.is_file() {
        return fs::File::open(path);
    }
    Err(io::Error::other("it is not a plain file"))
}

const IN_WORKTREE: &[&str] = &[".git", ".gitignore", ".gitattributes", ".gitmodules"];
const IN_GIT_DIR: &[&str] = &["HEAD", "index", "commondir", "gitdir", "config.worktree"];
const SHARED: &[&str] = &[
    "config",
    "packed-refs",
    "shallow",
    "info/exclude",
    "info/attributes",
    "info/sparse-checkout",
    "objects/info/alternates",
];

/// Refuses a checkout in which git would wait for something that is no file. Nothing in it need be there.
pub(crate) fn check(checkout: &Path) -> Result<(), GitError> {
    check_each(checkout, IN_WORKTREE)?;
    if let Some(git_dir) = link::git_dir(checkout) {
        check_each(&git_dir, IN_GIT_DIR)?;
    }
    link::common_dir(checkout).map_or(Ok(()), |shared| check_each(&shared, SHARED))
}

fn check_each(folder: &Path, names: &[&str]) -> Result<(), GitError> {
    let mut paths = names.iter().map(|name| folder.join(name));
    // What a link leads to is what would be read.
    match paths.find(|path| fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())) {
        Some(path) => Err(GitError::NotPlain { path }),
        None => Ok(()),
    }
}
