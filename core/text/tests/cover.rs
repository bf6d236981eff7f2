//! Whatever the text: spans cover it, nothing is lost, nothing panics.

use anyon_model::{Block, FileChange, RichText, Span, StyledLine, pieces};
use anyon_text::{Code, DiffStyler, Language, ansi, code_lines, edit_diffs, markdown, sanitize, word_diff};
use proptest::prelude::*;

const GO_ON: &dyn Fn() -> bool = &|| false;
const LANGUAGES: [&str; 8] = ["rust", "tsx", "python", "html", "md", "sh", "yaml", "json"];

fn covers<C: Copy + Default + PartialEq + std::fmt::Debug>(text: &str, spans: &[Span<C>]) {
    let len: u32 = spans.iter().map(|span| span.len).sum();
    assert!(
        spans.is_empty() || len as usize == text.len(),
        "{text:?} {spans:?}"
    );
    assert!(spans.iter().all(|span| span.len > 0), "{spans:?}");
    assert!(
        spans.windows(2).all(|pair| pair[0].class != pair[1].class),
        "{spans:?}"
    );
    let joined: String = pieces(text, spans).map(|(piece, _)| piece).collect();
    assert_eq!(joined, text);
    // Each span ends between two characters.
    let mut end = 0;
    for span in spans {
        end += span.len as usize;
        assert!(text.is_char_boundary(end));
    }
}

fn line_covers<C: Copy + Default + PartialEq + std::fmt::Debug>(line: &StyledLine<C>) {
    covers(&line.text, &line.spans);
}

fn rich_covers(text: &RichText) {
    line_covers(&text.line);
    let links = text.line.spans.iter().filter_map(|span| span.class.link);
    links.for_each(|link| assert!(usize::from(link) < text.links.len()));
}

fn blocks_cover(blocks: &[Block]) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph { text } => rich_covers(text),
            Block::List { items, .. } => items.iter().for_each(|item| blocks_cover(&item.blocks)),
            Block::Code { lines, .. } => lines.iter().for_each(line_covers),
            Block::Quote { blocks } => blocks_cover(blocks),
            Block::Table {
                columns,
                header,
                rows,
            } => {
                assert!(rows.iter().chain([header]).all(|row| row.len() == columns.len()));
                header.iter().chain(rows.iter().flatten()).for_each(rich_covers);
            }
            Block::Rule => {}
        }
    }
}

/// Text of pieces that mean something to what reads it.
fn text_of(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![3 => prop::sample::select(pieces).prop_map(str::to_owned), 1 => "\\PC{0,6}"];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

const MARKDOWN: &[&str] = &[
    "# ",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "> ",
    "**",
    "*",
    "_",
    "`",
    "```rust\n",
    "```\n",
    "~~",
    "|",
    "|-|\n",
    "[a](",
    "](b)",
    "![",
    ")",
    "<b>",
    "<!--",
    "https://a.b/c ",
    "안녕 ",
    "👩‍💻",
    "    ",
    "[x] ",
    "&amp;",
    "\\",
    "let x = 1;\n",
    "---\n",
];
const CODE: &[&str] = &[
    "fn ",
    "\"",
    "'",
    "/*",
    "*/",
    "//",
    "\n",
    "{",
    "}",
    "<",
    ">",
    "`",
    "${",
    "#",
    "\\",
    "r#\"",
    "\"\"\"",
    "안녕",
    "👩‍💻",
    "1.5",
    "\r\n",
    "\t",
    "<script>",
    "</script>",
    "---\n",
    "$(",
    "<<EOF\n",
    "EOF\n",
    ": ",
    "- ",
];
const TERMINAL: &[&str] = &[
    "\u{1b}[",
    "31m",
    "\u{1b}[1;32m",
    "\u{1b}[0m",
    "38;5;",
    "\u{1b}]0;",
    "\u{7}",
    "\r",
    "\n",
    "\r\n",
    "안녕",
    "\u{202e}",
    "\u{1b}",
    "\u{9b}",
    "m",
    ";",
    "999",
    "\u{8}",
    "\u{1b}(B",
    "text ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn blocks_cover_their_text(text in text_of(MARKDOWN)) {
        let blocks = markdown(&text, GO_ON);
        blocks_cover(&blocks);
        let shown = format!("{blocks:?}");
        // A word behind a fence names the language, and what an address or a title holds is not shown.
        if !text.contains(['`', '[', '<']) {
            prop_assert_eq!(shown.matches("안녕").count(), text.matches("안녕").count());
        }
    }

    #[test]
    fn code_is_covered_and_windows_agree_with_the_whole(
        text in text_of(CODE), language in prop::sample::select(&LANGUAGES[..]), from in 0_usize..40,
    ) {
        let language = Language::of_tag(language);
        let lines = code_lines(&text, language, GO_ON);
        lines.iter().for_each(line_covers);
        let shown: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        prop_assert_eq!(shown, text.lines().collect::<Vec<_>>());
        let window = Code::new(text, language).spans(from..from + 5, GO_ON);
        let whole: Vec<_> = lines.into_iter().skip(from).take(5).map(|line| line.spans).collect();
        prop_assert_eq!(window, whole);
    }

    #[test]
    fn terminal_output_keeps_what_can_be_read(text in text_of(TERMINAL)) {
        let lines = ansi(&text);
        lines.iter().for_each(line_covers);
        let shown: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        if !text.contains('\r') {
            let clean = sanitize(&text).into_owned();
            prop_assert_eq!(shown.join("\n"), clean.strip_suffix('\n').unwrap_or(&clean).to_owned());
        }
        for line in &lines {
            prop_assert_eq!(sanitize(&line.text), line.text.as_str());
        }
    }

    #[test]
    fn words_lie_in_their_lines(old in text_of(CODE), new in text_of(CODE)) {
        let (gone, come) = word_diff(&old, &new);
        for (line, ranges) in [(&old, gone), (&new, come)] {
            let mut end = 0;
            for range in ranges {
                prop_assert!(range.start < range.end && range.start as usize >= end);
                prop_assert!(line.get(range.start as usize..range.end as usize).is_some());
                end = range.end as usize + 1;
            }
        }
    }

    #[test]
    fn a_diff_has_spans_for_each_line_and_its_texts_come_back(old in text_of(CODE), new in text_of(CODE)) {
        let change = FileChange {
            path: "a.rs".into(), old_text: Some(old.clone()), new_text: Some(new.clone()), partial: false,
        };
        let styled = edit_diffs(&[change], GO_ON).remove(0);
        prop_assert_eq!(styled.hunks.len(), styled.diff.hunks.len());
        for (hunk, spans) in styled.diff.hunks.iter().zip(&styled.hunks) {
            prop_assert_eq!(hunk.lines.len(), spans.len());
            for (line, spans) in hunk.lines.iter().zip(spans) {
                covers(line.text.trim_end_matches('\r'), &spans.spans);
            }
            for (at, line) in spans.iter().enumerate() {
                if let Some(other) = line.counterpart {
                    prop_assert_eq!(spans[other as usize].counterpart, Some(at as u32));
                }
            }
        }
        let again = DiffStyler::new().style(styled.diff.clone(), Some(&new), GO_ON);
        prop_assert_eq!(again, styled);
    }
}
