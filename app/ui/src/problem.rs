//! Problems in the language of the window. What failed speaks English; its code is what every language has words for.

use crate::{Catalogue, Language};
use anyon_model::{Problem, ProblemCode};

/// The same problem as it is shown. In English the words of what failed are the better ones; elsewhere the code's title
/// and next step come first, and those words are the detail: nothing is lost.
pub fn shown(text: &Catalogue, problem: &Problem) -> Problem {
    let (title, next) = said(&problem.title).unwrap_or_else(|| keys(problem.code));
    let (title, next) = (text.get(title), text.get(next));
    match text.language() {
        Language::English if !problem.title.is_empty() => problem.clone(),
        Language::English => Problem::new(problem.code, title)
            .detail(problem.detail.as_str())
            .hint(next),
        Language::Korean => Problem::new(problem.code, title)
            .detail(problem.to_string())
            .hint(next),
    }
}

/// What is met often, by the end of its English title: the words of its code alone would be too general, or lead the
/// wrong way. Each with a title and a next step in the catalogue.
pub const SAID: [(&str, (&str, &str)); 10] = [
    (
        "stand on top of this landing",
        ("problem-said-covered", "problem-said-covered-next"),
    ),
    (
        "The agent is still at work in this attempt",
        ("problem-said-at-work", "problem-said-at-work-next"),
    ),
    (
        "The attempt is at work already, or waits for its turn",
        ("problem-said-running", "problem-said-running-next"),
    ),
    (
        "The attempt was dropped",
        ("problem-said-dropped", "problem-said-dropped-next"),
    ),
    (
        "The attempt has landed already",
        ("problem-said-landed", "problem-said-landed-next"),
    ),
    (
        "The worktree of the attempt is gone",
        ("problem-said-no-worktree", "problem-said-no-worktree-next"),
    ),
    (
        "The attempt has no worktree yet",
        ("problem-said-worktree-soon", "problem-said-worktree-soon-next"),
    ),
    (
        "Nothing runs in this attempt",
        ("problem-said-nothing-runs", "problem-said-nothing-runs-next"),
    ),
    (
        "The question is not open any more",
        ("problem-said-answered", "problem-said-answered-next"),
    ),
    (
        "Other tasks have to land before this one starts",
        ("problem-said-depends", "problem-said-depends-next"),
    ),
];

fn said(title: &str) -> Option<(&'static str, &'static str)> {
    let known = SAID.iter().find(|(end, _)| title.ends_with(end));
    known.map(|(_, keys)| *keys)
}

/// The title of a code and its next step, in the catalogue.
pub fn keys(code: ProblemCode) -> (&'static str, &'static str) {
    use ProblemCode as C;
    match code {
        C::NotFound => ("problem-not-found", "problem-not-found-next"),
        C::InvalidRequest => ("problem-invalid-request", "problem-invalid-request-next"),
        C::WrongState => ("problem-wrong-state", "problem-wrong-state-next"),
        C::NotARepository => ("problem-not-a-repository", "problem-not-a-repository-next"),
        C::NoCommits => ("problem-no-commits", "problem-no-commits-next"),
        C::AlreadyExists => ("problem-already-exists", "problem-already-exists-next"),
        C::DirtyTarget => ("problem-dirty-target", "problem-dirty-target-next"),
        C::Conflicts => ("problem-conflicts", "problem-conflicts-next"),
        C::TargetMoved => ("problem-target-moved", "problem-target-moved-next"),
        C::NothingToDo => ("problem-nothing-to-do", "problem-nothing-to-do-next"),
        C::NoIdentity => ("problem-no-identity", "problem-no-identity-next"),
        C::Git => ("problem-git", "problem-git-next"),
        C::NotInstalled => ("problem-not-installed", "problem-not-installed-next"),
        C::NotLoggedIn => ("problem-not-logged-in", "problem-not-logged-in-next"),
        C::AgentFailed => ("problem-agent-failed", "problem-agent-failed-next"),
        C::StoreLocked => ("problem-store-locked", "problem-store-locked-next"),
        C::HostGone => ("problem-host-gone", "problem-host-gone-next"),
        C::VersionSkew => ("problem-version-skew", "problem-version-skew-next"),
        C::StoreUnwritable => ("problem-store-unwritable", "problem-store-unwritable-next"),
        C::StoreDamaged => ("problem-store-damaged", "problem-store-damaged-next"),
        C::StoreNewer => ("problem-store-newer", "problem-store-newer-next"),
        C::Io => ("problem-io", "problem-io-next"),
        C::LowResources => ("problem-low-resources", "problem-low-resources-next"),
        C::Forbidden => ("problem-forbidden", "problem-forbidden-next"),
        C::Cancelled => ("problem-cancelled", "problem-cancelled-next"),
        C::Internal => ("problem-internal", "problem-internal-next"),
    }
}
