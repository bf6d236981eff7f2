//! Diffs as a reader sees them.

use anyon_model::{DiffLineKind, FileChange, FileStatus, SpanClass, StyledDiff, pieces};
use anyon_text::{DiffStyler, edit_diffs};

const GO_ON: &dyn Fn() -> bool = &|| false;

fn change(path: &str, old: Option<&str>, new: Option<&str>) -> FileChange {
    FileChange {
        path: path.into(),
        old_text: old.map(Into::into),
        new_text: new.map(Into::into),
        partial: false,
    }
}

fn edit(path: &str, old: Option<&str>, new: Option<&str>) -> StyledDiff {
    edit_diffs(&[change(path, old, new)], GO_ON).remove(0)
}

/// Each line with its sign; differing words in brackets; comments in braces.
fn told(styled: &StyledDiff) -> Vec<String> {
    let lines = styled
        .diff
        .hunks
        .iter()
        .zip(&styled.hunks)
        .flat_map(|(hunk, spans)| hunk.lines.iter().zip(spans));
    lines
        .map(|(line, spans)| {
            let mut text = line.text.clone();
            for words in spans.words.iter().rev() {
                text.insert(words.end as usize, ']');
                text.insert(words.start as usize, '[');
            }
            let comment = pieces(&line.text, &spans.spans).any(|(_, class)| class == SpanClass::Comment);
            let sign = match line.kind {
                DiffLineKind::Context => ' ',
                DiffLineKind::Added => '+',
                DiffLineKind::Removed => '-',
            };
            format!("{sign}{text}{}", if comment { " {comment}" } else { "" })
        })
        .collect()
}

#[test]
fn an_edit_shows_its_words_and_what_is_a_comment_although_it_began_above() {
    let old = format!("/*\n{}*/\nlet old_name = 1;\nrest\n", "words\n".repeat(10));
    let new = old
        .replace("old_name", "new_name")
        .replacen("words\n*/", "changed\n*/", 1);
    let styled = edit("a.rs", Some(&old), Some(&new));
    assert_eq!(
        told(&styled),
        [
            " words {comment}",
            " words {comment}",
            " words {comment}",
            "-words {comment}",
            "+changed {comment}",
            " */ {comment}",
            "-let [old_name] = 1;",
            "+let [new_name] = 1;",
            " rest",
        ]
    );
    let hunk = &styled.diff.hunks[0];
    assert_eq!(
        (hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines),
        (8, 7, 8, 7)
    );
    assert_eq!((styled.diff.stat.additions, styled.diff.stat.deletions), (2, 2));
    assert_eq!(styled.hunks[0][6].counterpart, Some(7));
    assert_eq!(styled.hunks[0][7].counterpart, Some(6));
}

#[test]
fn new_and_deleted_files_have_one_side() {
    let added = edit("a.rs", None, Some("// 안녕\nfn a() {}\n"));
    assert_eq!(told(&added), ["+// 안녕 {comment}", "+fn a() {}"]);
    assert_eq!(added.diff.stat.status, FileStatus::Added);
    let deleted = edit("a.rs", Some("// gone\n"), None);
    assert_eq!(told(&deleted), ["-// gone {comment}"]);
    assert_eq!(deleted.diff.stat.status, FileStatus::Deleted);
    assert_eq!(deleted.diff.hunks[0].new_start, 0);
    assert!(edit("a.rs", None, None).hunks.is_empty());
    assert!(edit("a.rs", Some("same"), Some("same")).hunks.is_empty());
}

#[test]
fn an_edit_too_large_to_compare_says_so() {
    let large = "x\n".repeat(300_000);
    let styled = edit("a.rs", Some(&large), Some("x\n"));
    assert!(styled.diff.stat.omitted.is_some() && styled.hunks.is_empty());
}

#[test]
fn a_diff_that_does_not_belong_to_the_file_any_more_is_highlighted_by_itself() {
    let old = "/*\ncomment\n*/\nlet a = 1;\n";
    let new = "/*\ncomment\n*/\nlet b = 1;\n";
    let diff = edit("a.rs", Some(old), Some(new)).diff;
    let mut styler = DiffStyler::new();
    let known = styler.style(diff.clone(), Some(new), GO_ON);
    let unknown = styler.style(diff.clone(), Some("something else\n"), GO_ON);
    assert_eq!(told(&known), told(&unknown), "this hunk begins with the comment");
    assert_eq!(
        known,
        styler.style(diff.clone(), Some(new), GO_ON),
        "and is known again"
    );
    let with_returns = new.replace('\n', "\r\n");
    assert_eq!(known.hunks, styler.style(diff, Some(&with_returns), GO_ON).hunks);
}

#[test]
fn a_styler_that_saw_other_versions_says_the_same_as_a_new_one() {
    let file = |at: usize| {
        let mut lines: Vec<String> = (0..300)
            .map(|line| format!("let x{line} = \"text\"; // note"))
            .collect();
        lines[at] = "/* open".into();
        lines[at + 20] = "closed */".into();
        lines.join("\n") + "\n"
    };
    let base = (0..300)
        .map(|line| format!("let x{line} = \"text\"; // note\n"))
        .collect::<String>();
    let mut styler = DiffStyler::new();
    for at in [250, 100, 10, 260, 64, 128] {
        let new = file(at);
        let diff = edit("a.rs", Some(&base), Some(&new)).diff;
        let seen = styler.style(diff.clone(), Some(&new), GO_ON);
        assert_eq!(seen, DiffStyler::new().style(diff, Some(&new), GO_ON), "at {at}");
    }
}
