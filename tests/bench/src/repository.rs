//! Repositories to measure with.

use anyhow::{Result, bail};
use std::{fmt::Write as _, path::Path, process::Command};

/// Runs git with the environment of the case.
pub fn git(folder: &Path, args: &[&str]) -> Result<()> {
    let output = Command::new("git").current_dir(folder).args(args).output()?;
    if !output.status.success() {
        bail!(
            "git {}: {}",
            args.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

/// A repository with `files` files of `lines` lines each, at most 50 in a folder.
pub fn make(folder: &Path, files: usize, lines: usize) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    git(folder, &["init", "--quiet"])?;
    for number in 0..files {
        let parent = folder.join(format!("part{:04}", number / 50));
        std::fs::create_dir_all(&parent)?;
        std::fs::write(
            parent.join(format!("file{number:05}.rs")),
            text(number, lines, "as it was"),
        )?;
    }
    git(folder, &["add", "--all"])?;
    git(folder, &["commit", "--quiet", "--message", "Begin"])
}

/// Text of a file: no two lines are the same.
pub fn text(file: usize, lines: usize, word: &str) -> String {
    let mut text = String::with_capacity(lines * 40);
    for line in 0..lines {
        let _ = writeln!(text, "let value_{file}_{line} = \"{word}\";");
    }
    text
}
