//! A diff as the window gets it: with words, counterparts and syntax.

use anyon_model::*;

/// A line of a diff.
pub fn line(kind: DiffLineKind, text: &str) -> DiffLine {
    DiffLine {
        kind,
        text: text.into(),
        no_newline: false,
    }
}

/// Two changes with what stands around them.
pub fn code() -> Vec<DiffLine> {
    use DiffLineKind::{Added as A, Context as C, Removed as R};
    vec![
        line(C, "/// 병합하기 전에 충돌을 확인합니다."),
        line(C, "pub fn land(attempt: &Attempt) -> Result<Commit, Problem> {"),
        line(R, "    let base = find_base(attempt);"),
        line(A, "    let base = find_merge_base(attempt)?;"),
        line(A, "    check_conflicts(&base)?;"),
        line(C, "    let tree = merge_trees(&base, attempt);"),
        line(R, "    commit(tree)"),
        line(A, "    commit(tree, \"Land 🚀\")"),
        line(C, "}"),
    ]
}

/// Its colours; the lines of [`code`] begin after `more` others.
pub fn styled(stat: FileStat, lines: Vec<DiffLine>, more: usize) -> StyledDiff {
    let count = |not: DiffLineKind| lines.iter().filter(|line| line.kind != not).count() as u32;
    let mut spans = vec![LineSpans::default(); lines.len()];
    if lines.len() > more + 3 {
        let span = |len, class| Span { len, class };
        spans[more].spans = vec![span(200, SpanClass::Comment)];
        spans[more + 1].spans = vec![
            span(3, SpanClass::Keyword),
            span(1, SpanClass::Plain),
            span(2, SpanClass::Keyword),
            span(1, SpanClass::Plain),
            span(4, SpanClass::Function),
        ];
        spans[more + 2].words = std::iter::once(15..24).collect();
        spans[more + 2].counterpart = Some((more + 3) as u32);
        spans[more + 3].words = vec![15..30, 39..40];
        spans[more + 3].counterpart = Some((more + 2) as u32);
    }
    let hunk = Hunk {
        old_start: 40,
        old_lines: count(DiffLineKind::Added),
        new_start: 40,
        new_lines: count(DiffLineKind::Removed),
        lines,
    };
    StyledDiff {
        diff: FileDiff {
            hunks: vec![hunk],
            stat,
        },
        hunks: vec![spans],
    }
}
