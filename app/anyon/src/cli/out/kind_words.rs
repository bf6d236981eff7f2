//! What a file is beside its lines, in words: its mode, where a link leads, which commit a submodule is at.

use super::style::Style;
use anyon_model::{FileKind, FilePath, FileStat};
use anyon_text::sanitize;

/// Empty for plain files that stay plain.
pub fn kind_words(file: &FileStat, style: Style) -> String {
    let words = match (&file.before, &file.after) {
        (Some(before), Some(after)) => changed(before, after),
        (None, Some(FileKind::Executable)) => "executable, mode 100755".into(),
        (None, Some(FileKind::Plain)) | (None, None) => return String::new(),
        (None, Some(after)) => named(after),
        (Some(FileKind::Plain | FileKind::Executable), None) => return String::new(),
        (Some(before), None) => format!("was a {}", named(before)),
    };
    match (&file.after, words.is_empty()) {
        (_, true) => words,
        (Some(FileKind::Link { outside: true, .. }), _) => {
            format!("  {} {}", style.dim(&words), style.yellow("outside the worktree"))
        }
        _ => format!("  {}", style.dim(&words)),
    }
}

fn changed(before: &FileKind, after: &FileKind) -> String {
    use FileKind::{Executable, Link, Plain, Submodule};
    match (before, after) {
        (Plain, Executable) => "mode 100644 → 100755, made executable".into(),
        (Executable, Plain) => "mode 100755 → 100644, no longer executable".into(),
        (Plain | Executable, Plain | Executable) => String::new(),
        (Link { target: old, .. }, Link { target: new, .. }) if old != new => {
            format!("{} (before → {})", named(after), path(old))
        }
        (Submodule { commit: old }, Submodule { commit: new }) if old != new => {
            format!("submodule {} → {}", short(old), short(new))
        }
        (Link { .. }, Link { .. }) | (Submodule { .. }, Submodule { .. }) => named(after),
        _ => format!("was a {}, is a {}", named(before), named(after)),
    }
}

fn named(kind: &FileKind) -> String {
    match kind {
        FileKind::Plain => "file".into(),
        FileKind::Executable => "executable file".into(),
        FileKind::Link { target, .. } => format!("symbolic link → {}", path(target)),
        FileKind::Submodule { commit } => format!("submodule at {}", short(commit)),
    }
}

fn path(target: &FilePath) -> String {
    sanitize(&target.quoted()).into_owned()
}

fn short(commit: &str) -> &str {
    commit.get(..7).unwrap_or(commit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::FileStatus;

    fn words(before: Option<FileKind>, after: Option<FileKind>) -> String {
        let stat = FileStat {
            path: "a".into(),
            old_path: None,
            status: FileStatus::Modified,
            additions: 0,
            deletions: 0,
            omitted: None,
            before,
            after,
        };
        kind_words(&stat, Style::plain()).trim().to_owned()
    }

    fn link(target: &str, outside: bool) -> Option<FileKind> {
        let target = target.into();
        Some(FileKind::Link { target, outside })
    }

    #[test]
    fn a_mode_a_link_and_a_submodule_are_said_and_plain_files_are_not() {
        use FileKind::{Executable, Plain};
        let submodule = |commit: &str| {
            let commit = commit.repeat(10);
            Some(FileKind::Submodule { commit })
        };
        assert_eq!(words(Some(Plain), Some(Plain)), "");
        assert_eq!(words(None, Some(Plain)), "");
        assert_eq!(words(None, None), "");
        assert_eq!(
            words(Some(Plain), Some(Executable)),
            "mode 100644 → 100755, made executable"
        );
        assert_eq!(words(None, link("a", false)), "symbolic link → a");
        assert_eq!(
            words(None, link("/etc", true)),
            "symbolic link → /etc outside the worktree"
        );
        assert_eq!(
            words(link("a", false), link("b", false)),
            "symbolic link → b (before → a)"
        );
        assert_eq!(
            words(Some(Plain), link("n\nM b", false)),
            "was a file, is a symbolic link → \"n\\nM b\""
        );
        assert_eq!(
            words(submodule("abcd"), submodule("1234")),
            "submodule abcdabc → 1234123"
        );
        assert_eq!(words(link("a", false), None), "was a symbolic link → a");
    }
}
