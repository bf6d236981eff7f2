//! What landed where, remembered in the repository: `refs/anyon/landed/<attempt>` moves together with the target, so
//! that a landing whose answer was lost is known again, and never made twice.

use crate::{
    GitError,
    command::Checkout,
    names::full_name,
    refs::{self, Step},
};
use anyon_model::{AttemptId, RefMove};

fn ref_name(attempt_id: AttemptId) -> String {
    format!("refs/anyon/landed/{attempt_id}")
}

/// Moves the target and remembers that it was by this attempt.
pub(crate) fn record(
    repo: &Checkout<'_>,
    attempt_id: AttemptId,
    target: &str,
    before: &str,
    commit: &str,
    why: &str,
) -> Result<RefMove, GitError> {
    let (name, record) = (full_name(target), ref_name(attempt_id));
    let last = refs::resolve(repo, &record)?;
    // The record first: alone it proves nothing, and a landing without one could not be told again.
    let steps = [
        Step::new(&record, last.as_deref(), Some(commit)),
        Step::new(&name, Some(before), Some(commit)),
    ];
    refs::move_refs(repo, &steps, why)?;
    Ok(RefMove {
        name,
        before: Some(before.to_owned()),
        after: Some(commit.to_owned()),
    })
}

/// The last landing of this attempt, if the target (which stands at `tip`) still has it.
pub(crate) fn find(
    repo: &Checkout<'_>,
    attempt_id: AttemptId,
    target: &str,
    tip: &str,
) -> Result<Option<RefMove>, GitError> {
    let Some(commit) = refs::resolve(repo, &ref_name(attempt_id))? else {
        return Ok(None);
    };
    if !refs::is_ancestor(repo, &commit, tip)? {
        return Ok(None);
    }
    Ok(Some(RefMove {
        name: full_name(target),
        before: refs::resolve(repo, &format!("{commit}^1"))?,
        after: Some(commit),
    }))
}

/// Moves the target of a landing back and forgets that it landed.
pub(crate) fn take_back(
    repo: &Checkout<'_>,
    target: &str,
    commit: &str,
    before: &str,
) -> Result<(), GitError> {
    let name = full_name(target);
    let records = records_of(repo, commit)?;
    let mut steps: Vec<Step<'_>> = forgetting(&records, commit);
    steps.push(Step::new(&name, Some(commit), Some(before)));
    refs::move_refs(repo, &steps, "anyon: undo merge")
}

/// Forgets a landing whose target was moved back already.
pub(crate) fn forget(repo: &Checkout<'_>, commit: &str) -> Result<(), GitError> {
    let records = records_of(repo, commit)?;
    if records.is_empty() {
        return Ok(());
    }
    refs::move_refs(repo, &forgetting(&records, commit), "anyon: undo merge")
}

fn forgetting<'a>(records: &'a [String], commit: &'a str) -> Vec<Step<'a>> {
    records
        .iter()
        .map(|name| Step::new(name, Some(commit), None))
        .collect()
}

/// The attempts' records of a landing.
fn records_of(repo: &Checkout<'_>, commit: &str) -> Result<Vec<String>, GitError> {
    let listing = repo
        .command("look for a landing")
        .args(["for-each-ref", "--format=%(refname)"])
        .arg(format!("--points-at={commit}"))
        .arg("refs/anyon/landed/")
        .run()?;
    let text = String::from_utf8_lossy(&listing.stdout);
    Ok(text.lines().map(str::to_owned).collect())
}
