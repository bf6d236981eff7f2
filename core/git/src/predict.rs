//! How a landing would merge, found out in this process: a window that opens asks it of many attempts, and may run
//! nothing for that. What it does not answer, git itself has to.

use crate::{GitError, error::library, filters, link::Link, names::full_name, plain, refs, work};
use anyon_model::AttemptPlace;
use git2::{Oid, Repository};

/// The merge of an attempt's work with its target, in memory; `None` where only git itself can say.
pub(crate) fn by_library(place: &AttemptPlace) -> Result<Option<work::Merged>, GitError> {
    let link = Link::read(place.repo.as_path(), place.worktree.as_path())?;
    for checkout in [&link.worktree, place.repo.as_path()] {
        plain::check(checkout)?;
        if !work::by_library(place.git_reads, checkout) {
            return Ok(None);
        }
    }
    let repo = work::open(&link.worktree)?;
    if refs::in_progress(&link.git_dir).is_some() || !stands_on(&repo, &place.branch) {
        return Ok(None);
    }
    let (Some(target), Some(head)) = (tip(&repo, &full_name(&place.target)), tip(&repo, "HEAD")) else {
        return Ok(None);
    };
    let tree = work::library_tree(&link.worktree)?;
    if needs_command(&repo, head, &tree).map_err(library("read attributes"))? {
        return Ok(None);
    }
    work::library_merge(&link.worktree, &target.to_string(), &head.to_string(), &tree).map(Some)
}

fn stands_on(repo: &Repository, branch: &str) -> bool {
    let head = repo.find_reference("HEAD");
    head.is_ok_and(|head| head.symbolic_target_bytes() == Some(full_name(branch).as_bytes()))
}

fn tip(repo: &Repository, name: &str) -> Option<Oid> {
    let commit = repo.find_reference(name).and_then(|found| found.peel_to_commit());
    commit.map(|commit| commit.id()).ok()
}

/// Whether an attribute of the files that differ says that only git itself can store them.
fn needs_command(repo: &Repository, head: Oid, tree: &str) -> Result<bool, git2::Error> {
    let (old, new) = (
        repo.find_commit(head)?.tree()?,
        repo.find_tree(Oid::from_str(tree)?)?,
    );
    if old.id() == new.id() {
        return Ok(false);
    }
    let diff = repo.diff_tree_to_tree(Some(&old), Some(&new), None)?;
    Ok(diff
        .deltas()
        .filter_map(|delta| delta.new_file().path())
        .any(|path| filters::names_command(repo, path)))
}
