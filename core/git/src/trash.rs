//! The trash: ignored files of removed worktrees, in one folder for each removal, until they are too old or too many.

use crate::{GitError, create::make_folders, error::io_at};
use anyon_model::{AttemptId, FilePath, Timestamp};
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// What one removal threw away.
pub(crate) struct Trash {
    /// `<trash>/<attempt>-<snapshot>`. Made when the first thing comes.
    pub folder: PathBuf,
}

/// The files, by their paths in the worktree.
const FILES: &str = "files";
/// The repositories of its submodules.
const MODULES: &str = "modules";

impl Trash {
    /// The folder of one removal.
    pub fn of(trash_folder: &Path, attempt_id: AttemptId, number: u32) -> Self {
        Self {
            folder: trash_folder.join(format!("{attempt_id}-{number}")),
        }
    }

    /// Moves a file or folder of the worktree here.
    pub fn take(&self, worktree: &Path, path: &Path) -> Result<(), GitError> {
        let files = self.folder.join(FILES);
        fs::create_dir_all(&files).map_err(io_at("made", &files))?;
        make_folders(&files, path)
            .and_then(|_| move_into(&worktree.join(path), &files.join(path)))
            .map_err(io_at("moved to the trash", path))
    }

    /// The folder, if anything came.
    pub fn if_filled(&self) -> Option<FilePath> {
        self.folder.exists().then(|| self.folder.as_path().into())
    }

    /// Moves the repositories of submodules here.
    pub fn take_modules(&self, git_dir: &Path) -> Result<(), GitError> {
        let modules = git_dir.join(MODULES);
        if !modules.is_dir() {
            return Ok(());
        }
        fs::create_dir_all(&self.folder).map_err(io_at("made", &self.folder))?;
        move_over(&modules, &self.folder.join(MODULES)).map_err(io_at("moved to the trash", &modules))
    }

    /// Moves everything back. What is in the way stays, and so does what it is in the way of.
    pub fn put_back(&self, worktree: &Path, git_dir: &Path) -> Result<(), GitError> {
        let files = self.folder.join(FILES);
        put_back_folder(&files, worktree, Path::new("")).map_err(io_at("brought back", &files))?;
        let modules = self.folder.join(MODULES);
        if modules.is_dir() && !git_dir.join(MODULES).exists() {
            move_over(&modules, &git_dir.join(MODULES)).map_err(io_at("brought back", &modules))?;
        }
        // Only what is empty goes.
        let _ = fs::remove_dir(&files);
        let _ = fs::remove_dir(&self.folder);
        Ok(())
    }
}

fn put_back_folder(files: &Path, worktree: &Path, folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(files.join(folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        let target = worktree.join(&path);
        match fs::symlink_metadata(&target) {
            Err(_) => {
                if make_folders(worktree, &path)? {
                    move_over(&files.join(&path), &target)?;
                }
            }
            Ok(there) if there.is_dir() && entry.file_type()?.is_dir() => {
                put_back_folder(files, worktree, &path)?;
                let _ = fs::remove_dir(files.join(&path));
            }
            Ok(_) => {}
        }
    }
    Ok(())
}

/// Moves a file or folder, into a folder of its name if there is one. Nothing is overwritten.
fn move_into(from: &Path, to: &Path) -> io::Result<()> {
    match fs::symlink_metadata(to) {
        Err(_) => move_over(from, to),
        Ok(there) if there.is_dir() && is_folder(from) => {
            for entry in fs::read_dir(from)? {
                let name = entry?.file_name();
                move_into(&from.join(&name), &to.join(&name))?;
            }
            fs::remove_dir(from)
        }
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
    }
}

/// Renames, or copies and then removes where the file systems differ. Links stay links.
fn move_over(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            copy_tree(from, to)?;
            remove_tree(from)
        }
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && is_folder(from) => {
            // A folder that may not be written to cannot change its parent.
            let before = fs::symlink_metadata(from)?.permissions();
            make_writable(from)?;
            fs::rename(from, to)?;
            fs::set_permissions(to, before)
        }
        other => other,
    }
}

fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    let meta = fs::symlink_metadata(from)?;
    if meta.is_symlink() {
        return copy_link(from, to);
    }
    if !meta.is_dir() {
        // Sockets and pipes are nothing to keep.
        return if meta.is_file() {
            fs::copy(from, to).map(drop)
        } else {
            Ok(())
        };
    }
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        copy_tree(&from.join(&name), &to.join(&name))?;
    }
    fs::set_permissions(to, meta.permissions())
}

#[cfg(unix)]
fn copy_link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(fs::read_link(from)?, to)
}
#[cfg(windows)]
fn copy_link(from: &Path, to: &Path) -> io::Result<()> {
    let target = fs::read_link(from)?;
    if from.is_dir() {
        std::os::windows::fs::symlink_dir(target, to)
    } else {
        std::os::windows::fs::symlink_file(target, to)
    }
}

/// Removes a file or a folder that was copied or is in the trash. Links are removed, never followed.
fn remove_tree(path: &Path) -> io::Result<()> {
    if !is_folder(path) {
        return fs::remove_file(path);
    }
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            make_tree_writable(path)?;
            fs::remove_dir_all(path)
        }
        other => other,
    }
}

fn make_tree_writable(folder: &Path) -> io::Result<()> {
    make_writable(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            make_tree_writable(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn make_writable(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::symlink_metadata(folder)?.permissions().mode();
    fs::set_permissions(folder, fs::Permissions::from_mode(mode | 0o700))
}
#[cfg(not(unix))]
fn make_writable(folder: &Path) -> io::Result<()> {
    let mut permissions = fs::symlink_metadata(folder)?.permissions();
    #[expect(
        clippy::permissions_set_readonly_false,
        reason = "read-only is all there is to clear here"
    )]
    permissions.set_readonly(false);
    fs::set_permissions(folder, permissions)
}

/// Removes what has been in the trash longer than `max_age_ms`. Then, until `cap_bytes` holds, it makes the oldest
/// removals smaller, by what is largest in them: a build goes before an `.env`. The newest removal stays whole.
pub fn prune_trash(trash_folder: &Path, cap_bytes: u64, max_age_ms: i64, now: Timestamp) -> io::Result<()> {
    let entries = match fs::read_dir(trash_folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut kept = Vec::new();
    for entry in entries {
        let entry = entry?;
        let is_ours = entry.file_name().to_str().is_some_and(is_removal);
        if !is_ours || !entry.file_type()?.is_dir() {
            continue;
        }
        let since = thrown_away_at(&entry.path())?;
        if now.ms_since(since) > max_age_ms {
            remove_tree(&entry.path())?;
        } else {
            kept.push((since, size_of(&entry.path())?, entry.path()));
        }
    }
    kept.sort();
    let mut total: u64 = kept.iter().map(|(_, size, _)| size).sum();
    kept.pop();
    for (_, size, path) in kept {
        let excess = total.saturating_sub(cap_bytes);
        if excess == 0 {
            break;
        }
        total = total.saturating_sub(shrink(&path, size, excess)?);
    }
    Ok(())
}

/// Frees at least `excess` of the `size` bytes of a removal, or all. Tells how many.
fn shrink(removal: &Path, size: u64, excess: u64) -> io::Result<u64> {
    if size <= excess {
        remove_tree(removal)?;
        return Ok(size);
    }
    let mut things = Vec::new();
    things_in(removal, &mut things)?;
    things.sort();
    let mut freed = 0;
    while freed < excess
        && let Some((size, path)) = things.pop()
    {
        remove_tree(&path)?;
        freed += size;
    }
    if things.is_empty() {
        remove_tree(removal)?;
    }
    Ok(freed)
}

/// What was thrown away as one, with its size: what is in the folder of files, and all submodules.
fn things_in(removal: &Path, things: &mut Vec<(u64, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(removal)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // Whoever asked for the removal may have made a folder of that name before us.
        if is_folder(&path) && (name == FILES || is_removal(&name)) {
            things_in(&path, things)?;
        } else {
            things.push((size_of(&path)?, path));
        }
    }
    Ok(())
}

/// `<attempt>-<number>`, as [`Trash::of`] names folders.
fn is_removal(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(attempt, number)| {
        attempt.parse::<AttemptId>().is_ok() && number.parse::<u32>().is_ok()
    })
}

fn thrown_away_at(folder: &Path) -> io::Result<Timestamp> {
    let modified = fs::symlink_metadata(folder)?.modified()?;
    let ms = modified
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    Ok(Timestamp::from_ms(i64::try_from(ms).unwrap_or(i64::MAX)))
}

fn size_of(path: &Path) -> io::Result<u64> {
    let meta = fs::symlink_metadata(path)?;
    if !meta.is_dir() {
        return Ok(meta.len());
    }
    fs::read_dir(path)?.map(|entry| size_of(&entry?.path())).sum()
}
