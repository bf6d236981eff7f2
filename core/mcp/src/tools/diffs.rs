//! What an attempt changed: sums, files, lines.

use super::{
    Nature, Verb,
    status::{diff_summary, patch},
};
use crate::{
    call::{Call, unexpected},
    page, text,
};
use anyon_model::{
    Answer, AttemptId, DiffLineKind, FileDiff, FileStat, FileStatus, Omitted, Problem, ProblemCode, Query,
};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Characters of a page of a patch.
const PAGE_CHARS: usize = 40_000;

/// Reads a diff.
pub struct GetAttemptDiff;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Wanted {
    /// Id or short id (ANY-12.1)
    attempt_id: String,
    /// stat: sums; files (default): each file; patch: the lines
    format: Option<Format>,
    /// The lines of this file only
    path: Option<String>,
    /// next_cursor of the answer before
    cursor: Option<String>,
    /// Files a page, 1–200, default 50
    limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Stat,
    Files,
    Patch,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Diff {
    attempt_id: String,
    base_commit: String,
    total_files: usize,
    additions: u64,
    deletions: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Vec<File>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    patch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct File {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_path: Option<String>,
    status: &'static str,
    additions: u32,
    deletions: u32,
    /// Why no lines are shown
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted: Option<&'static str>,
}

impl Verb for GetAttemptDiff {
    type Input = Wanted;
    type Output = Diff;
    const NAME: &'static str = "get_attempt_diff";
    const ABOUT: &'static str = "What the attempt changed against its target branch";
    const NATURE: Nature = Nature::Reads;

    async fn run(wanted: Wanted, call: &Call) -> Result<Diff, Problem> {
        let attempt_id = call.attempt_id(&wanted.attempt_id).await?;
        let summary = diff_summary(attempt_id, false, call).await?;
        let mut diff = Diff {
            attempt_id: attempt_id.to_string(),
            base_commit: summary.base_commit.clone(),
            total_files: summary.files.len(),
            additions: summary.additions(),
            deletions: summary.deletions(),
            files: None,
            patch: None,
            next_cursor: None,
        };
        let lines = match (&wanted.path, wanted.format) {
            (Some(path), _) => Some(of_file(attempt_id, path, &summary.files, call).await?),
            (None, Some(Format::Patch)) => {
                let patch = patch(attempt_id, call).await?;
                Some(shown(&String::from_utf8_lossy(&patch.bytes)))
            }
            (None, Some(Format::Stat)) => None,
            (None, Some(Format::Files) | None) => {
                let files = summary
                    .files
                    .iter()
                    .map(|file| (file.path.quoted(), File::of(file)));
                let asked = page::Wanted {
                    cursor: wanted.cursor.clone(),
                    limit: wanted.limit,
                };
                let page = page::of(files.collect(), &asked)?;
                (diff.files, diff.next_cursor) = (Some(page.items), page.next);
                None
            }
        };
        if let Some(lines) = lines {
            let (part, next) = part(&lines, wanted.cursor.as_deref())?;
            (diff.patch, diff.next_cursor) = (Some(part), next);
        }
        Ok(diff)
    }
}

impl File {
    fn of(stat: &FileStat) -> Self {
        Self {
            path: stat.path.quoted(),
            old_path: stat.old_path.as_ref().map(|path| path.quoted()),
            status: match stat.status {
                FileStatus::Added => "added",
                FileStatus::Untracked => "untracked",
                FileStatus::Modified => "modified",
                FileStatus::Deleted => "deleted",
                FileStatus::Renamed => "renamed",
                FileStatus::TypeChanged => "type_changed",
            },
            additions: stat.additions,
            deletions: stat.deletions,
            omitted: stat.omitted.map(|omitted| match omitted {
                Omitted::Binary => "binary",
                Omitted::TooLarge { .. } => "too large",
            }),
        }
    }
}

/// The lines of a file that differs. No other file is ever looked at, whatever path is given.
async fn of_file(
    attempt_id: AttemptId,
    named: &str,
    files: &[FileStat],
    call: &Call,
) -> Result<String, Problem> {
    let is_it = |file: &&FileStat| file.path.quoted() == named;
    let Some(file) = files.iter().find(is_it) else {
        let title = format!("“{}” does not differ in this attempt", text::quoted(named));
        return Err(Problem::new(ProblemCode::NotFound, title)
            .hint("Call again with format files: it names the paths that differ"));
    };
    let query = Query::DiffFile {
        attempt_id,
        path: file.path.clone(),
        whole: false,
    };
    match call.query(query).await? {
        Answer::DiffFile(diff) => Ok(unified(&diff)),
        _ => Err(unexpected()),
    }
}

fn unified(diff: &FileDiff) -> String {
    let old = diff.stat.old_path.as_ref().unwrap_or(&diff.stat.path).quoted();
    let mut lines = vec![
        format!("--- a/{old}"),
        format!("+++ b/{}", diff.stat.path.quoted()),
    ];
    match diff.stat.omitted {
        Some(Omitted::Binary) => lines.push("(binary)".into()),
        Some(Omitted::TooLarge { bytes }) => lines.push(format!("({bytes} bytes, not shown)")),
        None => {}
    }
    for hunk in &diff.hunks {
        lines.push(format!(
            "@@ -{},{} +{},{} @@",
            hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines
        ));
        for line in &hunk.lines {
            let sign = match line.kind {
                DiffLineKind::Context => ' ',
                DiffLineKind::Added => '+',
                DiffLineKind::Removed => '-',
            };
            lines.push(format!("{sign}{}", line.text));
            if line.no_newline {
                lines.push("\\ No newline at end of file".into());
            }
        }
    }
    lines.join("\n") + "\n"
}

/// A patch as an agent can read it: what is binary in it says nothing to anybody.
pub fn shown(patch: &str) -> String {
    let mut shown = String::with_capacity(patch.len());
    let mut in_binary = false;
    for line in patch.split_inclusive('\n') {
        if line.starts_with("diff --git ") {
            in_binary = false;
        }
        if line.starts_with("GIT binary patch") {
            in_binary = true;
            shown.push_str("(binary)\n");
        }
        if !in_binary {
            shown.push_str(line);
        }
    }
    shown
}

/// A part of a long text that begins where the cursor says and ends with a line, and where the next one begins.
fn part(lines: &str, cursor: Option<&str>) -> Result<(String, Option<String>), Problem> {
    let first = match cursor {
        None => 0,
        Some(cursor) => cursor
            .parse::<usize>()
            .ok()
            .filter(|first| lines.is_char_boundary(*first))
            .ok_or_else(|| page::unknown(cursor))?,
    };
    let rest = &lines[first..];
    if rest.len() <= PAGE_CHARS {
        return Ok((rest.to_owned(), None));
    }
    let mut end = PAGE_CHARS;
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    let end = rest[..end].rfind('\n').map_or(end, |newline| newline + 1);
    Ok((rest[..end].to_owned(), Some((first + end).to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_patch_comes_in_parts_that_are_the_whole() {
        let whole = "+한 줄 of a patch\n".repeat(8_000);
        let (mut cursor, mut read) = (None, String::new());
        loop {
            let (part, next) = part(&whole, cursor.as_deref()).unwrap();
            assert!(part.len() <= PAGE_CHARS && part.ends_with('\n'));
            read.push_str(&part);
            match next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(read, whole);
        for cursor in ["2", "-1", "999999999999", "../etc", ""] {
            assert!(part(&whole, Some(cursor)).is_err(), "{cursor}");
        }
    }

    #[test]
    fn the_bytes_of_a_picture_are_left_out() {
        let patch =
            "diff --git a/x.png b/x.png\nGIT binary patch\nliteral 9\nzcmZ\n\ndiff --git a/y b/y\n+y\n";
        assert_eq!(
            shown(patch),
            "diff --git a/x.png b/x.png\n(binary)\ndiff --git a/y b/y\n+y\n"
        );
    }
}
