//! What stands at a path before and after a change: the lines of a diff do not tell a link from a file.

use crate::{
    GitError,
    command::path_from,
    work::{Change, Content, Contents, MODE_LINK, MODE_SUBMODULE, MODE_TYPE, Side},
};
use anyon_model::{FileKind, FilePath};
use std::{
    ffi::OsStr,
    path::{Component, Path},
};

/// No system follows longer ones.
const LONGEST_TARGET_BYTES: u64 = 4096;
/// The bits of git's modes that say that a file can be run.
const MODE_RUN: u32 = 0o111;

/// What stood there and what stands there. Only links are read for that.
pub(super) fn kinds(
    change: &Change,
    contents: &mut dyn Contents,
) -> Result<(Option<FileKind>, Option<FileKind>), GitError> {
    let old_path = change.old_path.as_deref().unwrap_or(&change.path);
    let mut kind = |path: &Path, side: &Option<Side>| match side {
        Some(side) => kind(path, side, contents).map(Some),
        None => Ok(None),
    };
    Ok((kind(old_path, &change.old)?, kind(&change.path, &change.new)?))
}

fn kind(path: &Path, side: &Side, contents: &mut dyn Contents) -> Result<FileKind, GitError> {
    Ok(match (side.mode & MODE_TYPE, &side.content) {
        (MODE_LINK, _) if side.size > LONGEST_TARGET_BYTES => FileKind::Link {
            target: FilePath::default(),
            outside: true,
        },
        (MODE_LINK, _) => link(path, &contents.read(side)?),
        (MODE_SUBMODULE, Content::Submodule(commit)) => FileKind::Submodule {
            commit: commit.clone(),
        },
        _ if side.mode & MODE_RUN != 0 => FileKind::Executable,
        _ => FileKind::Plain,
    })
}

fn link(path: &Path, target: &[u8]) -> FileKind {
    let target = path_from(target);
    FileKind::Link {
        outside: leads_out(path, &target),
        target: target.into(),
    }
}

/// By its words alone: nothing is followed. git's own folder is not part of the work either.
fn leads_out(path: &Path, target: &Path) -> bool {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut here: Vec<&OsStr> = folder.components().map(Component::as_os_str).collect();
    for part in target.components() {
        match part {
            Component::Normal(name) => here.push(name),
            Component::CurDir => {}
            Component::ParentDir if !here.is_empty() => drop(here.pop()),
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return true,
        }
    }
    here.first().is_some_and(|name| name.eq_ignore_ascii_case(".git"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_out_when_its_words_do() {
        let out = |path: &str, target: &str| leads_out(Path::new(path), Path::new(target));
        for (path, target) in [
            ("link", "/etc"),
            ("link", ".."),
            ("a/b/link", "../../../x"),
            ("a/link", "b/../../../repo/x"),
            ("a/link", "../.git/config"),
        ] {
            assert!(out(path, target), "{path} → {target}");
        }
        for (path, target) in [
            ("link", "src/main.rs"),
            ("a/b/link", "../../x"),
            ("a/link", ".."),
            ("link", "./a/../b"),
            ("link", ".gitignore"),
        ] {
            assert!(!out(path, target), "{path} → {target}");
        }
    }
}
