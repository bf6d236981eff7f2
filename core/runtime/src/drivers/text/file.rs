//! Files of worktrees: the colours of their diffs, and windows of their lines. Reads regular files inside of the
//! worktree and nothing else: an agent may have put a link or a pipe there.

use super::{cache::Cache, no_file};
use crate::drivers::source::LARGE_FILE_BYTES;
use anyon_model::{AttemptId, CodeLine, FileDiff, FileLines, FilePath, PageRange, Problem, StyledDiff};
use anyon_text::{Code, DiffStyler, Language, Stop};
use std::{
    fs::File,
    io::{self, Read},
    path::{Component, Path},
    sync::Arc,
};

/// Larger files are plain.
const PLAIN_FILE_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of the files whose syntax is kept.
const KEPT_FILE_BYTES: usize = 48 * 1024 * 1024;

/// Whose file.
pub type FileKey = (AttemptId, FilePath);

/// What is known of files that differ.
pub struct DiffPages(Cache<FileKey, Styled>);

impl Default for DiffPages {
    fn default() -> Self {
        Self(Cache::new(KEPT_FILE_BYTES))
    }
}

#[derive(Default)]
struct Styled {
    styler: DiffStyler,
    /// The last answer and the text it was made with.
    last: Option<(Option<String>, Arc<StyledDiff>)>,
}

impl DiffPages {
    /// The diff with its colours; the text is that of the whole file.
    pub fn style(
        &mut self,
        key: FileKey,
        text: Option<String>,
        diff: FileDiff,
        stop: Stop<'_>,
    ) -> Arc<StyledDiff> {
        let mut styled = self.0.take(&key).unwrap_or_default();
        let answer = styled.answer(diff, text, stop);
        let cost = styled
            .last
            .as_ref()
            .and_then(|(text, _)| text.as_ref())
            .map_or(0, |text| text.len() * 3);
        self.0.put(key, styled, cost);
        answer
    }
}

impl Styled {
    fn answer(&mut self, diff: FileDiff, text: Option<String>, stop: Stop<'_>) -> Arc<StyledDiff> {
        if let Some((last_text, last)) = &self.last
            && *last_text == text
            && last.diff == diff
        {
            return last.clone();
        }
        let answer = Arc::new(self.styler.style(diff, text.as_deref(), stop));
        // What was stopped is plain for now and is tried again.
        self.last = (!stop()).then(|| (text, answer.clone()));
        answer
    }
}

/// What is known of files that are read.
pub struct FilePages(Cache<FileKey, Code>);

impl Default for FilePages {
    fn default() -> Self {
        Self(Cache::new(KEPT_FILE_BYTES))
    }
}

impl FilePages {
    /// Lines of a file with this text.
    pub fn lines(&mut self, key: FileKey, text: String, range: PageRange, stop: Stop<'_>) -> FileLines {
        let language = language(key.1.as_path(), &text);
        let kept = self.0.take(&key).filter(|code| code.language() == language);
        let mut code = kept.unwrap_or_else(|| Code::new("", language));
        code.replace(text);
        let lines = window(&mut code, range, stop);
        let cost = code.byte_len() * 2;
        self.0.put(key, code, cost);
        lines
    }
}

fn language(path: &Path, text: &str) -> Option<Language> {
    let first_line = text.lines().next().unwrap_or_default();
    if text.len() > PLAIN_FILE_BYTES {
        None
    } else {
        Language::of_file(path, first_line)
    }
}

fn window(code: &mut Code, range: PageRange, stop: Stop<'_>) -> FileLines {
    let total = code.line_count();
    let lines = match range {
        PageRange::From { first, count } => {
            let first = usize::try_from(first).unwrap_or(total).min(total);
            first..(first + count as usize).min(total)
        }
        PageRange::Last { count } => total.saturating_sub(count as usize)..total,
    };
    let spans = code.spans(lines.clone(), stop);
    let line = |(at, spans)| CodeLine {
        text: code.line(at).to_owned(),
        spans,
    };
    FileLines {
        first: lines.start as u64,
        total: total as u64,
        lines: lines.zip(spans).map(line).collect(),
    }
}

/// The text of a file in the worktree; bytes that are not UTF-8 are replaced.
pub fn worktree_text(worktree: &Path, path: &Path) -> Result<String, Problem> {
    read(worktree, path).map_err(|error| no_file(path, &error))
}

fn read(worktree: &Path, path: &Path) -> io::Result<String> {
    let is_inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let worktree = worktree.canonicalize()?;
    let whole = worktree.join(path);
    let folder = whole.parent().unwrap_or(&worktree).canonicalize()?;
    if !is_inside || !folder.starts_with(&worktree) {
        return Err(io::Error::other("it is not in the worktree"));
    }
    let file = open(&whole)?;
    let known = file.metadata()?;
    if !known.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    if known.len() > LARGE_FILE_BYTES {
        return Err(io::Error::other("it is too large to be shown"));
    }
    let mut bytes = Vec::new();
    file.take(LARGE_FILE_BYTES).read_to_end(&mut bytes)?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// Follows no link and waits for nobody at the other end of a pipe.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}
#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    if path.is_symlink() {
        return Err(io::Error::other("it is a link"));
    }
    File::open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::{FileStat, FileStatus, IdSource, SpanClass, Timestamp};

    const GO_ON: Stop<'static> = &|| false;

    fn key(path: &str) -> FileKey {
        (IdSource::new(Timestamp::from_ms(1), 1).make(), path.into())
    }

    #[test]
    fn a_window_of_a_file_has_its_syntax_and_follows_the_file() {
        let worktree = tempfile::tempdir().unwrap();
        let mut pages = FilePages::default();
        let file = worktree.path().join("a.rs");
        std::fs::write(&file, format!("/*\n{}*/\nlet a = 1;\n", "words\n".repeat(100))).unwrap();
        let text = || read(worktree.path(), Path::new("a.rs")).unwrap();
        let mut lines = |range| pages.lines(key("a.rs"), text(), range, GO_ON);
        let page = lines(PageRange::From { first: 50, count: 2 });
        assert_eq!((page.first, page.total, page.lines.len()), (50, 103, 2));
        assert_eq!(page.lines[0].spans[0].class, SpanClass::Comment);
        assert_eq!(lines(PageRange::Last { count: 1 }).lines[0].text, "let a = 1;");
        assert!(lines(PageRange::From { first: 999, count: 9 }).lines.is_empty());
        std::fs::write(&file, "let b = 2;\n").unwrap();
        assert_eq!(
            lines(PageRange::From { first: 0, count: 9 }).lines[0].text,
            "let b = 2;"
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_regular_files_of_the_worktree_are_read() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret"), "secret").unwrap();
        let worktree = tempfile::tempdir().unwrap();
        let at = |name: &str| worktree.path().join(name);
        std::fs::write(at("plain"), "plain").unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret"), at("link")).unwrap();
        std::os::unix::fs::symlink(outside.path(), at("folder")).unwrap();
        let pipe = std::process::Command::new("mkfifo")
            .arg(at("pipe"))
            .status()
            .unwrap();
        assert!(pipe.success());
        assert_eq!(read(worktree.path(), Path::new("plain")).unwrap(), "plain");
        for path in [
            "link",
            "folder/secret",
            "folder",
            "pipe",
            "../secret",
            "/etc/passwd",
            "nothing",
            "",
        ] {
            assert!(read(worktree.path(), Path::new(path)).is_err(), "{path}");
        }
    }

    #[test]
    fn the_same_diff_of_the_same_text_is_made_once() {
        let worktree = tempfile::tempdir().unwrap();
        std::fs::write(worktree.path().join("a.rs"), "let a = 1;\n").unwrap();
        let stat = FileStat {
            path: "a.rs".into(),
            old_path: None,
            status: FileStatus::Modified,
            additions: 0,
            deletions: 0,
            omitted: None,
            before: None,
            after: None,
        };
        let diff = FileDiff {
            stat,
            hunks: Vec::new(),
        };
        let mut pages = DiffPages::default();
        let text = || read(worktree.path(), Path::new("a.rs")).ok();
        let mut style = || pages.style(key("a.rs"), text(), diff.clone(), GO_ON);
        let first = style();
        assert!(Arc::ptr_eq(&first, &style()));
        std::fs::write(worktree.path().join("a.rs"), "let b = 1;\n").unwrap();
        assert!(!Arc::ptr_eq(&first, &style()));
    }
}
