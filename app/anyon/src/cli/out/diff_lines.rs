//! Diffs as lines for a person.

use super::{kind_words::kind_words, style::Style};
use anyon_model::{DiffLineKind, DiffSummary, FileDiff, FilePath, FileStat, FileStatus, Omitted};
use anyon_text::sanitize;

/// One line a file and one for the sum.
pub fn summary_lines(summary: &DiffSummary, style: Style) -> Vec<String> {
    if summary.files.is_empty() {
        return vec!["no changes".to_owned()];
    }
    let mut lines: Vec<_> = summary.files.iter().map(|file| stat_line(file, style)).collect();
    lines.push(format!(
        "{} {} changed, {} {}",
        summary.files.len(),
        if summary.files.len() == 1 { "file" } else { "files" },
        style.green(&format!("+{}", summary.additions())),
        style.red(&format!("-{}", summary.deletions())),
    ));
    lines
}

/// All changed regions of a file, as git writes them.
pub fn file_lines(file: &FileDiff, style: Style) -> Vec<String> {
    let mut lines = vec![style.bold(&stat_line(&file.stat, style))];
    for hunk in &file.hunks {
        lines.push(style.cyan(&format!(
            "@@ -{},{} +{},{} @@",
            hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines
        )));
        for line in &hunk.lines {
            let text = sanitize(&line.text).replace('\n', "␍");
            lines.push(match line.kind {
                DiffLineKind::Context => format!(" {text}"),
                DiffLineKind::Added => style.green(&format!("+{text}")),
                DiffLineKind::Removed => style.red(&format!("-{text}")),
            });
            if line.no_newline {
                lines.push("\\ No newline at end of file".to_owned());
            }
        }
    }
    lines
}

fn stat_line(file: &FileStat, style: Style) -> String {
    let letter = match file.status {
        FileStatus::Added | FileStatus::Untracked => style.green("A"),
        FileStatus::Modified => style.yellow("M"),
        FileStatus::Deleted => style.red("D"),
        FileStatus::Renamed => style.cyan("R"),
        FileStatus::TypeChanged => style.yellow("T"),
    };
    let name = |path: &FilePath| sanitize(&path.quoted()).into_owned();
    let path = match &file.old_path {
        Some(old) => format!("{} → {}", name(old), name(&file.path)),
        None => name(&file.path),
    };
    let size = match file.omitted {
        Some(Omitted::Binary) => style.dim("binary"),
        Some(Omitted::TooLarge { bytes }) => style.dim(&format!("{} KiB, not shown", bytes / 1024)),
        None => format!(
            "{} {}",
            style.green(&format!("+{}", file.additions)),
            style.red(&format!("-{}", file.deletions))
        ),
    };
    format!("{letter} {path}  {size}{}", kind_words(file, style))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_forge_a_line() {
        let file = FileStat {
            path: "n\nD payroll.txt  +0 -9".into(),
            old_path: Some("a\u{1b}[2K\u{202e}b".into()),
            status: FileStatus::Renamed,
            additions: 1,
            deletions: 0,
            omitted: None,
            before: None,
            after: None,
        };
        assert_eq!(
            stat_line(&file, Style::plain()),
            r#"R "a\033[2K<U+202E>b" → "n\nD payroll.txt  +0 -9"  +1 -0"#
        );
    }
}
