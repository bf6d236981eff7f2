//! How long the work of the text driver takes: `cargo run --release -p anyon-text --example speed`.

#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use anyon_model::{DiffLine, DiffLineKind, FileDiff, FileStat, FileStatus, Hunk};
use anyon_text::{Code, DiffStyler, Language, ansi, markdown};
use std::time::Instant;

const GO_ON: &dyn Fn() -> bool = &|| false;
const LINES: usize = 50_000;
const VISIBLE: usize = 60;

fn main() {
    let source: Vec<&str> = include_str!("../src/markdown/build.rs").lines().collect();
    let text: String = source
        .iter()
        .cycle()
        .take(LINES)
        .flat_map(|line| [*line, "\n"])
        .collect();
    timed("the syntaxes, once", || Language::of_tag("rust"));
    let rust = Language::of_tag("rust");
    let mut code = Code::new(text.clone(), rust);
    timed("60 lines at the beginning", || code.spans(0..VISIBLE, GO_ON));
    timed("60 lines at the beginning, again", || {
        code.spans(0..VISIBLE, GO_ON)
    });
    timed("60 lines at the end of 50,000: all states", || {
        code.spans(LINES - VISIBLE..LINES, GO_ON)
    });
    timed("60 lines at the end, states known", || {
        code.spans(LINES - VISIBLE..LINES, GO_ON)
    });
    timed("60 lines in the middle, states known", || {
        code.spans(25_000..25_000 + VISIBLE, GO_ON)
    });
    let changed = text.replacen("struct", "enum", 1) + "// more\n";
    timed("a newer text that differs near its beginning", || {
        code.replace(changed)
    });
    diff(&text);
    let answer = include_str!("../../../README.md").repeat(4);
    timed(&format!("Markdown of {} KB", answer.len() / 1024), || {
        markdown(&answer, GO_ON)
    });
    let output = "\u{1b}[32m   Compiling\u{1b}[0m anyon v0.1.0 (/work)\n".repeat(2500);
    timed(&format!("terminal output of {} KB", output.len() / 1024), || {
        ansi(&output)
    });
}

fn diff(text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    let hunks: Vec<Hunk> = (1..=50).map(|at| hunk(&lines, at * 900)).collect();
    let stat = FileStat {
        path: "a.rs".into(),
        old_path: None,
        status: FileStatus::Modified,
        additions: 500,
        deletions: 500,
        omitted: None,
        before: None,
        after: None,
    };
    let new: String = patched(&lines, &hunks);
    let diff = FileDiff { stat, hunks };
    let mut styler = DiffStyler::new();
    timed("50 hunks in 50,000 lines", || {
        styler.style(diff.clone(), Some(&new), GO_ON)
    });
    timed("the same again, states known", || {
        styler.style(diff, Some(&new), GO_ON)
    });
}

fn hunk(lines: &[&str], at: usize) -> Hunk {
    let line = |kind, text: String| DiffLine {
        kind,
        text,
        no_newline: false,
    };
    let removed = lines[at..at + 10]
        .iter()
        .map(|text| line(DiffLineKind::Removed, (*text).to_owned()));
    let added = lines[at..at + 10]
        .iter()
        .map(|text| line(DiffLineKind::Added, format!("{text} changed")));
    let start = u32::try_from(at + 1).unwrap_or(u32::MAX);
    Hunk {
        old_start: start,
        old_lines: 10,
        new_start: start,
        new_lines: 10,
        lines: removed.chain(added).collect(),
    }
}

fn patched(lines: &[&str], hunks: &[Hunk]) -> String {
    let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    for hunk in hunks {
        let start = hunk.new_start as usize - 1;
        lines[start..start + 10]
            .iter_mut()
            .for_each(|line| line.push_str(" changed"));
    }
    lines.join("\n") + "\n"
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    println!("{:>9.2} ms  {what}", began.elapsed().as_secs_f64() * 1000.0);
    done
}
