//! A new repository with files in it. Only for folders that Anyon makes itself; the user's are never initialised.

use crate::{
    GitError,
    error::{io_at, library},
};
use git2::{Repository, RepositoryInitOptions, Signature};
use std::{
    fs,
    path::{Component, Path},
};

/// Makes a repository in a folder that does not exist yet, with these files (path, bytes, whether it is executable)
/// in one commit on `main`. Whose commits they are is written into the repository's own configuration, so that it
/// needs none of the user's; no template and no hook of the user's is copied.
pub fn init_with_commit(
    folder: &Path,
    files: &[(&str, &[u8], bool)],
    name: &str,
    email: &str,
    message: &str,
) -> Result<(), GitError> {
    if folder.exists() {
        return Err(GitError::PathExists {
            path: folder.to_path_buf(),
        });
    }
    fs::create_dir_all(folder).map_err(io_at("made", folder))?;
    let mut options = RepositoryInitOptions::new();
    options
        .initial_head("main")
        .external_template(false)
        .no_reinit(true);
    let failed = library("make a repository");
    let repo = Repository::init_opts(folder, &options).map_err(&failed)?;
    for (path, bytes, executable) in files {
        write(folder, path, bytes, *executable)?;
    }
    commit(&repo, files, name, email, message).map_err(&failed)
}

fn commit(
    repo: &Repository,
    files: &[(&str, &[u8], bool)],
    name: &str,
    email: &str,
    message: &str,
) -> Result<(), git2::Error> {
    let mut config = repo.config()?;
    config.set_str("user.name", name)?;
    config.set_str("user.email", email)?;
    // What the user set for all repositories would change these files or ask for a key.
    config.set_bool("core.autocrlf", false)?;
    config.set_bool("commit.gpgsign", false)?;
    let mut index = repo.index()?;
    for (path, ..) in files {
        index.add_path(Path::new(path))?;
    }
    index.write()?;
    let tree = repo.find_tree(index.write_tree()?)?;
    let author = Signature::now(name, email)?;
    repo.commit(Some("HEAD"), &author, &author, message, &tree, &[])?;
    Ok(())
}

fn write(folder: &Path, path: &str, bytes: &[u8], executable: bool) -> Result<(), GitError> {
    let is_inside = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !is_inside {
        return Err(GitError::InvalidName {
            what: "a file",
            name: path.to_owned(),
            why: "it is not a path inside the repository",
        });
    }
    let file = folder.join(path);
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).map_err(io_at("made", parent))?;
    }
    fs::write(&file, bytes).map_err(io_at("written", &file))?;
    match executable {
        true => make_executable(&file),
        false => Ok(()),
    }
}

#[cfg(unix)]
fn make_executable(file: &Path) -> Result<(), GitError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).map_err(io_at("made executable", file))
}
#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result<(), GitError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_clean_and_has_its_own_identity() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("sample");
        let files: &[(&str, &[u8], bool)] = &[
            ("a.sh", b"#!/bin/sh\n", true),
            ("messages/한국어.txt", b"hi\n", false),
        ];
        init_with_commit(&folder, files, "Demo", "demo@anyon.invalid", "First").unwrap();
        let repo = Repository::open(&folder).unwrap();
        assert_eq!(repo.head().unwrap().shorthand().unwrap(), "main");
        assert_eq!(
            repo.head()
                .unwrap()
                .peel_to_commit()
                .unwrap()
                .author()
                .name()
                .unwrap(),
            "Demo"
        );
        assert_eq!(repo.statuses(None).unwrap().len(), 0);
        let tree = repo.head().unwrap().peel_to_tree().unwrap();
        assert_eq!(tree.get_name("a.sh").unwrap().filemode(), 0o100_755);
        assert!(init_with_commit(&folder, files, "Demo", "demo@anyon.invalid", "First").is_err());
    }

    #[test]
    fn a_path_out_of_the_folder_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("sample");
        let files: &[(&str, &[u8], bool)] = &[("../outside", b"x", false)];
        assert!(init_with_commit(&folder, files, "Demo", "demo@anyon.invalid", "First").is_err());
        assert!(!place.path().join("outside").exists());
    }
}
