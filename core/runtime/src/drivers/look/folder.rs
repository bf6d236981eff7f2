//! What is in a folder.

use anyon_model::{Answer, DirectoryEntry, DirectoryList, FilePath, Problem, ProblemCode, QueryResult};
use std::{
    cmp::Ordering,
    fs::{self, DirEntry},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// Entries that are listed.
const MAX_ENTRIES: usize = 5000;
/// After this, folders are not looked into for whether they are repositories.
const LOOK_INTO_LIMIT: Duration = Duration::from_millis(700);

/// Lists a folder.
pub fn list(path: Option<FilePath>, hidden: bool) -> QueryResult {
    let path = absolute(
        path.as_ref().map(FilePath::as_path),
        std::env::home_dir().as_deref(),
    )?;
    let read = fs::read_dir(&path).map_err(|error| unreadable(&path, &error))?;
    let mut found: Vec<DirEntry> = read
        .flatten()
        .filter(|entry| hidden || !is_hidden(entry))
        .take(MAX_ENTRIES + 1)
        .collect();
    let more = found.len() > MAX_ENTRIES;
    found.truncate(MAX_ENTRIES);
    let began = Instant::now();
    let mut entries: Vec<DirectoryEntry> = found
        .iter()
        .map(|entry| describe(entry, began.elapsed() < LOOK_INTO_LIMIT))
        .collect();
    entries.sort_by(|one, other| {
        other
            .is_folder
            .cmp(&one.is_folder)
            .then_with(|| as_people_do(&one.name, &other.name))
    });
    Ok(Answer::Directory(Arc::new(DirectoryList {
        parent: path.parent().map(FilePath::from),
        home: std::env::home_dir().map(FilePath::from),
        is_repository: is_repository(&path),
        path: path.into(),
        entries,
        more,
    })))
}

/// Of a look that ended before its time.
pub fn broke_off() -> Problem {
    Problem::new(ProblemCode::Internal, "The look broke off")
        .detail("a fault in Anyon")
        .hint("please report it")
}

/// A git repository's folder: with a `.git` in it, or a bare one.
pub fn is_repository(folder: &Path) -> bool {
    let is_bare =
        || folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir();
    folder.join(".git").exists() || is_bare()
}

fn absolute(path: Option<&Path>, home: Option<&Path>) -> Result<PathBuf, Problem> {
    let relative_to_home = match path {
        None => Some(Path::new("")),
        Some(path) => path.strip_prefix("~").ok(),
    };
    let path = match (relative_to_home, home) {
        (Some(rest), Some(home)) => home.join(rest),
        (Some(_), None) => PathBuf::from(std::path::MAIN_SEPARATOR_STR),
        (None, _) => path.unwrap_or(Path::new("")).to_path_buf(),
    };
    if !path.is_absolute() {
        return Err(Problem::new(
            ProblemCode::InvalidRequest,
            format!("“{}” is not a whole path", path.display()),
        )
        .hint("begin with / or ~"));
    }
    // Links stay as they were written: the person knows the folder by that name. `..` is resolved.
    Ok(
        if path
            .components()
            .any(|part| part == std::path::Component::ParentDir)
        {
            path.canonicalize().map_err(|error| unreadable(&path, &error))?
        } else {
            path.components().collect()
        },
    )
}

fn describe(entry: &DirEntry, look_into: bool) -> DirectoryEntry {
    let path = entry.path();
    let is_folder = match entry.file_type() {
        Ok(kind) if kind.is_symlink() => look_into && path.is_dir(),
        Ok(kind) => kind.is_dir(),
        Err(_) => false,
    };
    DirectoryEntry {
        name: entry.file_name().to_string_lossy().into_owned(),
        is_folder,
        is_hidden: is_hidden(entry),
        is_repository: is_folder && look_into && is_repository(&path),
        path: path.into(),
    }
}

#[cfg(not(windows))]
fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}
#[cfg(windows)]
fn is_hidden(entry: &DirEntry) -> bool {
    use std::os::windows::fs::MetadataExt;
    const HIDDEN: u32 = 2;
    let by_name = entry.file_name().as_encoded_bytes().starts_with(b".");
    by_name
        || entry
            .metadata()
            .is_ok_and(|known| known.file_attributes() & HIDDEN != 0)
}

/// `a2` before `a10`, `a` beside `A`.
fn as_people_do(one: &str, other: &str) -> Ordering {
    let folded = pieces(one).cmp(pieces(other));
    folded.then_with(|| one.cmp(other))
}

/// A name as characters and numbers.
fn pieces(name: &str) -> impl Iterator<Item = Piece> {
    let mut chars = name.chars().flat_map(char::to_lowercase).peekable();
    std::iter::from_fn(move || {
        let first = chars.next()?;
        let Some(digit) = first.to_digit(10) else {
            return Some(Piece::Letter(first));
        };
        let mut number = u64::from(digit);
        while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
            number = number.saturating_mul(10).saturating_add(u64::from(digit));
            chars.next();
        }
        Some(Piece::Number(number))
    })
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Number(u64),
    Letter(char),
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let code = match error.kind() {
        io::ErrorKind::NotFound => ProblemCode::NotFound,
        io::ErrorKind::PermissionDenied => ProblemCode::Forbidden,
        _ => ProblemCode::Io,
    };
    Problem::new(code, format!("{} cannot be opened", path.display())).detail(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(path: &Path, hidden: bool) -> DirectoryList {
        match list(Some(path.into()), hidden).unwrap() {
            Answer::Directory(list) => (*list).clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn folders_come_first_and_names_are_sorted_as_people_do() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "b10",
            "B2",
            "a",
            ".hidden",
            "repo/.git",
            "bare.git/objects",
            "bare.git/refs",
        ] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        for name in ["file.txt", "0", "bare.git/HEAD"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let list = listed(folder.path(), false);
        let told: Vec<_> = list
            .entries
            .iter()
            .map(|entry| (entry.name.as_str(), entry.is_repository))
            .collect();
        assert_eq!(
            told,
            [
                ("a", false),
                ("B2", false),
                ("b10", false),
                ("bare.git", true),
                ("repo", true),
                ("0", false),
                ("file.txt", false)
            ]
        );
        assert_eq!(
            list.parent.as_ref().map(FilePath::as_path),
            folder.path().parent()
        );
        assert!(!list.more && !list.is_repository);
        let all = listed(folder.path(), true);
        assert!(
            all.entries
                .iter()
                .any(|entry| entry.name == ".hidden" && entry.is_hidden && entry.is_folder)
        );
    }

    #[test]
    fn a_folder_that_is_too_full_says_so() {
        let folder = tempfile::tempdir().unwrap();
        (0..=MAX_ENTRIES).for_each(|at| fs::write(folder.path().join(at.to_string()), "").unwrap());
        let list = listed(folder.path(), false);
        assert_eq!((list.entries.len(), list.more), (MAX_ENTRIES, true));
    }

    #[test]
    fn paths_begin_at_the_root_or_at_home() {
        let home = Path::new("/home/me");
        let absolute = |path: Option<&str>| absolute(path.map(Path::new), Some(home));
        assert_eq!(absolute(None).unwrap(), home);
        assert_eq!(absolute(Some("~")).unwrap(), home);
        assert_eq!(absolute(Some("~/code/")).unwrap(), home.join("code"));
        assert_eq!(absolute(Some("/a//b/.")).unwrap(), Path::new("/a/b"));
        assert_eq!(
            absolute(Some("code")).unwrap_err().code,
            ProblemCode::InvalidRequest
        );
        assert_eq!(
            absolute(Some("/nothing/..")).unwrap_err().code,
            ProblemCode::NotFound
        );
        assert_eq!(
            list(Some("/nothing here".into()), true).unwrap_err().code,
            ProblemCode::NotFound
        );
    }
}
