//! Commits that go with a worktree: those that only its reflogs, or refs of its own, still reach.

use crate::{GitError, command::Checkout, names::full_name};
use std::collections::HashSet;

/// How many of them one snapshot keeps as parents; each keeps what is below it.
const MAX_HEADS: usize = 50;
/// How much of a reflog is looked at, newest first.
const MAX_ENTRIES: &str = "1000";
/// Refs that belong to one worktree alone.
const OWN_REFS: [&str; 3] = ["refs/bisect/", "refs/worktree/", "refs/rewritten/"];

/// The topmost commits that nothing reaches once this worktree and its branch are gone, but for `head`.
pub(crate) fn heads(checkout: &Checkout<'_>, branch: &str, head: &str) -> Result<Vec<String>, GitError> {
    let mut known = reflog(checkout, "HEAD")?;
    known.extend(reflog(checkout, &full_name(branch))?);
    known.extend(own_refs(checkout)?);
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let mut asked = known.join("\n");
    asked.push_str(&format!("\n^{head}\n"));
    let listing = checkout
        .command("look for commits that nothing keeps")
        .args(["rev-list", "--topo-order", "--parents", "--ignore-missing"])
        .arg("--not")
        .args(OWN_REFS.map(|refs| format!("--exclude={refs}*")))
        .args(["--all", "--not", "--stdin"])
        .stdin(asked.into_bytes())
        .run()?;
    Ok(topmost(&String::from_utf8_lossy(&listing.stdout)))
}

/// The commits without a child in a listing of commits with their parents, children first.
fn topmost(listing: &str) -> Vec<String> {
    let mut reached = HashSet::new();
    let mut heads = Vec::new();
    for line in listing.lines() {
        let mut commits = line.split(' ');
        let Some(commit) = commits.next() else { continue };
        if !reached.contains(commit) {
            heads.push(commit.to_owned());
        }
        reached.extend(commits);
    }
    if heads.len() > MAX_HEADS {
        tracing::warn!(
            count = heads.len(),
            "more abandoned commits than a snapshot keeps"
        );
        heads.truncate(MAX_HEADS);
    }
    heads
}

/// What a ref has pointed at. A ref that is not there, or has no reflog, has pointed at nothing.
fn reflog(checkout: &Checkout<'_>, name: &str) -> Result<Vec<String>, GitError> {
    let output = checkout
        .command("read a reflog")
        .args(["rev-list", "--walk-reflogs", "--max-count", MAX_ENTRIES])
        .args(["--end-of-options", name, "--"])
        .accept(&[0, 1, 128])
        .run()?;
    Ok(lines(&output.stdout))
}

fn own_refs(checkout: &Checkout<'_>) -> Result<Vec<String>, GitError> {
    let output = checkout
        .command("list the worktree's own refs")
        .args(["for-each-ref", "--format=%(objectname)"])
        .args(OWN_REFS)
        .run()?;
    Ok(lines(&output.stdout))
}

fn lines(output: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(output);
    text.lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_commits_without_a_child_are_topmost() {
        assert_eq!(topmost("c b\nx\nb a\n"), ["c", "x"]);
        assert_eq!(topmost("m l r\nl a\nr a\na\n"), ["m"]);
        assert_eq!(topmost(""), Vec::<String>::new());
    }
}
