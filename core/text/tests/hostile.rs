//! Text that was made to hurt: it takes no longer than other text of its size, and nothing of it is lost.

use anyon_model::{Block, DiffLine, DiffLineKind, FileDiff, FileStat, FileStatus, Hunk};
use anyon_text::{Code, DiffStyler, Language, ansi, code_lines, markdown, word_diff};
use std::{
    cell::Cell,
    time::{Duration, Instant},
};

/// Generous: a build without optimisation on a machine with other work.
const LIMIT: Duration = Duration::from_secs(5);
/// Nobody ends the work.
const GO_ON: &dyn Fn() -> bool = &|| false;

fn within_limit<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    let took = began.elapsed();
    assert!(took < LIMIT, "{what} took {took:?}");
    done
}

fn depth(blocks: &[Block]) -> usize {
    let below = |block: &Block| match block {
        Block::Quote { blocks } => 1 + depth(blocks),
        Block::List { items, .. } => 1 + items.iter().map(|item| depth(&item.blocks)).max().unwrap_or(0),
        _ => 0,
    };
    blocks.iter().map(below).max().unwrap_or(0)
}

#[test]
fn deep_nesting_is_cut_and_keeps_its_text() {
    let lists: String = (0..2000)
        .map(|at| format!("{}- item\n", "  ".repeat(at.min(60))))
        .collect();
    for (what, text) in [
        ("quotes", format!("{} deep", ">".repeat(100_000))),
        ("quotes on lines", "> ".repeat(50).repeat(2000) + "deep"),
        ("lists", lists + "deep"),
        ("lists on a line", format!("{}deep", "- ".repeat(50_000))),
        ("emphasis", format!("{}deep", "*".repeat(100_000))),
        ("emphasis in turns", format!("{}deep", "*a _b ".repeat(40_000))),
        ("brackets", format!("{}deep", "[".repeat(100_000))),
        ("links", format!("{}deep", "[a](".repeat(50_000))),
        ("images", format!("{}deep", "![".repeat(100_000))),
        ("code", format!("{}deep", "`a``b```".repeat(25_000))),
        ("html", format!("{}deep", "<a ".repeat(80_000))),
        ("html comments", format!("{}deep", "<!-- ".repeat(50_000))),
        (
            "references",
            format!("{}deep", "[a]: b\n".repeat(30_000) + &"[a]".repeat(10_000)),
        ),
        ("entities", format!("{}deep", "&#x41;".repeat(40_000))),
        ("table", format!("|a|\n|-|\n{}\n\ndeep", "|".repeat(200_000))),
        (
            "wide table",
            format!("{}\n{}\ndeep", "|a".repeat(20_000), "|-".repeat(20_000)),
        ),
    ] {
        let blocks = within_limit(what, || markdown(&text, GO_ON));
        assert!(depth(&blocks) <= 12, "{what}");
        assert!(format!("{blocks:?}").contains("deep"), "{what}");
    }
}

#[test]
fn five_megabytes_are_shown_to_their_end() {
    let text = format!(
        "# Title\n\n{}\nthe end",
        "한 줄의 words, `code` and **more**\n".repeat(200_000)
    );
    assert!(text.len() > 5_000_000);
    let blocks = within_limit("a long text", || markdown(&text, GO_ON));
    let Some(Block::Code { lines, .. }) = blocks.last() else {
        panic!("what is too long to be parsed follows as it is");
    };
    assert_eq!(lines.last().unwrap().text, "the end");
    let one_line = "word ".repeat(1_000_000);
    let blocks = within_limit("a long line", || markdown(&one_line, GO_ON));
    assert_eq!(blocks.len(), 2);
}

#[test]
fn code_that_never_ends_is_highlighted_as_far_as_it_pays() {
    let fence = format!("```rust\n{}", "let x = \"never closed\n".repeat(20_000));
    let blocks = within_limit("an open fence", || markdown(&fence, GO_ON));
    assert!(matches!(&blocks[0], Block::Code { lines, .. } if lines.len() > 10_000));
    let strings = "r#\"".repeat(1000);
    within_limit("open strings", || {
        code_lines(&strings, Language::of_tag("rust"), GO_ON)
    });
    for language in ["rust", "ts", "py", "md", "html", "sh", "json", "cpp"] {
        let nested = format!("{}\n", "{[(<".repeat(300)).repeat(20);
        within_limit(language, || {
            code_lines(&nested, Language::of_tag(language), GO_ON)
        });
    }
}

#[test]
fn terminal_output_of_any_kind_is_read_once() {
    let colours = "\u{1b}[38;5;123;48;2;1;2;3m안\u{1b}[0m".repeat(150_000);
    let lines = within_limit("colours", || ansi(&colours));
    assert_eq!(lines[0].text.chars().count(), 150_000);
    within_limit("open sequences", || ansi(&"\u{1b}[".repeat(1_000_000)));
    within_limit("open strings", || ansi(&"\u{1b}]0;".repeat(1_000_000)));
    let bars = within_limit("progress bars", || ansi(&"50 %\r".repeat(1_000_000)));
    assert_eq!(bars.len(), 1);
}

#[test]
fn words_and_pairs_give_up_above_a_size() {
    let (old, new) = ("a b ".repeat(500), "b a ".repeat(500));
    within_limit("words", || word_diff(&old, &new));
    let side = |kind: DiffLineKind, word: &str| {
        let text = format!("{word} {}", "same ".repeat(100));
        vec![
            DiffLine {
                kind,
                text,
                no_newline: false
            };
            3000
        ]
    };
    let lines = [
        side(DiffLineKind::Removed, "old"),
        side(DiffLineKind::Added, "new"),
    ]
    .concat();
    let hunk = Hunk {
        old_start: 1,
        old_lines: 3000,
        new_start: 1,
        new_lines: 3000,
        lines,
    };
    let stat = FileStat {
        path: "big.rs".into(),
        old_path: None,
        status: FileStatus::Modified,
        additions: 3000,
        deletions: 3000,
        omitted: None,
        before: None,
        after: None,
    };
    let styled = within_limit("pairs", || {
        DiffStyler::new().style(
            FileDiff {
                stat,
                hunks: vec![hunk],
            },
            None,
            &|| true,
        )
    });
    assert_eq!(styled.hunks[0].len(), 6000);
}

#[test]
fn whoever_asks_can_end_the_work() {
    let text = "let x = 1; // words\n".repeat(50_000);
    let asked = Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        asked.get() > 100
    };
    let mut code = Code::new(text, Language::of_tag("rust"));
    let spans = code.spans(0..50_000, &stop);
    assert_eq!(spans.len(), 50_000);
    assert!(!spans[99].is_empty() && spans[100].is_empty());
}
