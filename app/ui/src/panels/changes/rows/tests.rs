use super::*;
use anyon_model::{DiffLine, FileDiff, FileStat, FileStatus};

/// A diff of one hunk that begins at a line; each line as git writes it.
fn diff(start: u32, lines: &[&str]) -> StyledDiff {
    let line = |line: &&str| DiffLine {
        kind: match &line[..1] {
            "+" => DiffLineKind::Added,
            "-" => DiffLineKind::Removed,
            _ => DiffLineKind::Context,
        },
        text: line[1..].to_owned(),
        no_newline: false,
    };
    let lines: Vec<DiffLine> = lines.iter().map(line).collect();
    let count = |not: DiffLineKind| lines.iter().filter(|line| line.kind != not).count() as u32;
    let hunk = Hunk {
        old_start: start,
        old_lines: count(DiffLineKind::Added),
        new_start: start,
        new_lines: count(DiffLineKind::Removed),
        lines,
    };
    StyledDiff {
        hunks: vec![vec![LineSpans::default(); hunk.lines.len()]],
        diff: FileDiff {
            stat: FileStat {
                path: "a.rs".into(),
                old_path: None,
                status: FileStatus::Modified,
                additions: 0,
                deletions: 0,
                omitted: None,
                before: None,
                after: None,
            },
            hunks: vec![hunk],
        },
    }
}

fn shown(diff: &StyledDiff, rows: &Rows) -> Vec<String> {
    let of = |place: &Option<Place>| {
        let text = place.map(|place| text(diff, &Row::Line(place)).unwrap().to_owned());
        text.unwrap_or_default()
    };
    let row = |row: &Row| match row {
        Row::Gap(gap) => format!("… {}", gap.count),
        Row::Open { old, new } => format!("{old} {new} open"),
        Row::Line(place) => format!("{} {} {}", place.old, place.new, text(diff, row).unwrap()),
        Row::Pair { left, right } => format!("{} | {}", of(left), of(right)),
    };
    rows.rows.iter().map(row).collect()
}

#[test]
fn unchanged_lines_are_left_out_before_and_after() {
    let diff = diff(10, &[" a", "-b", "+c", " d"]);
    let layout = Layout {
        total: Some(20),
        ..Layout::default()
    };
    let rows = build(&diff, &layout);
    assert_eq!(
        shown(&diff, &rows),
        ["… 9", "10 10 a", "11 0 b", "0 11 c", "12 12 d", "… 8"]
    );
    assert_eq!(rows.changes, [2]);
}

#[test]
fn an_opened_gap_stays_open_when_the_change_beside_it_grows() {
    let mut layout = Layout::default();
    layout.opened.push((0, 3));
    let before = diff(4, &[" a", "+b"]);
    assert_eq!(
        shown(&before, &build(&before, &layout))[..3],
        ["0 0 open", "1 1 open", "2 2 open"]
    );
    let after = diff(3, &["+new", " x", " a", "+b"]);
    assert_eq!(
        shown(&after, &build(&after, &layout))[..2],
        ["0 0 open", "1 1 open"]
    );
}

#[test]
fn lines_that_became_one_another_stand_side_by_side() {
    let mut diff = diff(1, &["-one", "-two", "+new", "+TWO", " end"]);
    diff.hunks[0][1].counterpart = Some(3);
    diff.hunks[0][3].counterpart = Some(1);
    let layout = Layout {
        split: true,
        ..Layout::default()
    };
    let rows = build(&diff, &layout);
    assert_eq!(shown(&diff, &rows), ["one | new", "two | TWO", "end | end"]);
}

#[test]
fn pairs_that_would_cross_lose_no_line() {
    let mut diff = diff(1, &["-a", "-b", "+B", "+A"]);
    for (from, to) in [(0, 3), (3, 0), (1, 2), (2, 1)] {
        diff.hunks[0][from].counterpart = Some(to as u32);
    }
    let layout = Layout {
        split: true,
        ..Layout::default()
    };
    let rows = build(&diff, &layout);
    assert_eq!(shown(&diff, &rows), [" | B", "a | A", "b | "]);
}

#[test]
fn a_new_file_and_a_file_that_is_gone_have_no_gaps() {
    let mut added = diff(1, &["+a", "+b"]);
    added.diff.hunks[0].old_start = 0;
    let layout = Layout {
        total: Some(2),
        ..Layout::default()
    };
    assert_eq!(shown(&added, &build(&added, &layout)), ["0 1 a", "0 2 b"]);
    let mut gone = diff(1, &["-a", "-b"]);
    gone.diff.hunks[0].new_start = 0;
    assert_eq!(
        shown(&gone, &build(&gone, &Layout::default())),
        ["1 0 a", "2 0 b"]
    );
}

#[test]
fn what_is_read_stays_when_lines_come_above_it() {
    let before = diff(1, &[" a", "+b", " c", " d", " e", "+f"]);
    let after = diff(1, &[" a", "+b", "+b2", "+b3", " c", " d", " e", "+f"]);
    let layout = Layout::default();
    let (old, new) = (build(&before, &layout), build(&after, &layout));
    assert_eq!(moved((&before, &old), (&after, &new), 2), 2);
    assert_eq!(moved((&before, &old), (&after, &new), 0), 0);
}

#[test]
fn a_line_that_was_rewritten_is_found_by_its_neighbours() {
    let before = diff(1, &[" a", "+x1", "+x2", " c"]);
    let after = diff(1, &["+n", " a", "+y1", "+y2", "+y3", " c"]);
    let layout = Layout::default();
    let (old, new) = (build(&before, &layout), build(&after, &layout));
    assert_eq!(moved((&before, &old), (&after, &new), 1), 2, "by line 2 before");
}
