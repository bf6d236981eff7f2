//! Problems in the language of the window. What failed speaks English; its code is what every language has words for.

use crate::{Catalogue, Language};
use anyon_model::{Problem, ProblemCode};

/// The same problem as it is shown. In English the words of what failed are the better ones; elsewhere the code's title
/// and next step come first, and those words are the detail: nothing is lost.
pub fn shown(text: &Catalogue, problem: &Problem) -> Problem {
    let (title, next) = keys(problem.code);
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
