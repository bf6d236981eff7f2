//! Problems in the language of the window. What failed speaks English; its code is what every language has words for.

use crate::{Catalogue, Language};
use anyon_model::{Problem, ProblemCode};

/// The same problem as it is shown. In English the words of what failed are the better ones; elsewhere the code's title
/// and next step come first, and those words are the detail: nothing is lost. Sentences of our own are said in the
/// language of the window, what git, an agent or the system says stays as it is.
pub fn shown(text: &Catalogue, problem: &Problem) -> Problem {
    let known = said(&problem.title);
    let (title, next) = known.unwrap_or_else(|| keys(problem.code));
    let (title, next) = (text.get(title), text.get(next));
    match text.language() {
        Language::English if !problem.title.is_empty() => return problem.clone(),
        Language::English => {
            return Problem::new(problem.code, title)
                .detail(problem.detail.as_str())
                .hint(next);
        }
        Language::Korean => {}
    }
    if let Some(title) = own(text, &problem.title) {
        let hint = own(text, &problem.hint).unwrap_or_else(|| next.to_owned());
        return Problem::new(problem.code, title)
            .detail(own_lines(text, &problem.detail))
            .hint(hint);
    }
    let whole = SAID.iter().any(|(end, _)| *end == problem.title);
    let detail = if whole {
        own_lines(text, &problem.detail)
    } else {
        problem.to_string()
    };
    Problem::new(problem.code, title).detail(detail).hint(next)
}

/// Words of several lines in the language of the window, as far as they are our own.
pub fn own_lines(text: &Catalogue, words: &str) -> String {
    let lines = words
        .lines()
        .map(|line| own(text, line).unwrap_or_else(|| line.to_owned()));
    lines.collect::<Vec<_>>().join("\n")
}

/// A sentence of our own; what is named in it may be one too.
fn own(text: &Catalogue, sentence: &str) -> Option<String> {
    if text.language() == Language::English {
        return None;
    }
    OWN.iter().find_map(|(pattern, key)| {
        let named = named_in(pattern, sentence)?;
        let named = own(text, named).unwrap_or_else(|| named.to_owned());
        Some(text.with(key, &[("a", named.into())]))
    })
}

/// What stands in a sentence where its pattern has `{}`; nothing, if it has none.
fn named_in<'a>(pattern: &str, sentence: &'a str) -> Option<&'a str> {
    match pattern.split_once("{}") {
        Some((before, after)) => sentence.strip_prefix(before)?.strip_suffix(after),
        None => (pattern == sentence).then_some(""),
    }
}

/// The sentences of our own that stand in titles, causes and next steps, with `{}` for what is named in them (`$a` in the
/// catalogue).
pub const OWN: [(&str, &str); 26] = [
    ("The process ended with status {}", "problem-own-exit"),
    ("The process was ended by signal {}", "problem-own-signal"),
    (
        "The process ended in the middle of a turn",
        "problem-own-mid-turn",
    ),
    (
        "The process is gone, and with it its supervisor",
        "problem-own-gone",
    ),
    ("{} of its processes could not be ended", "problem-own-left"),
    ("The setup script failed: {}", "problem-own-setup"),
    ("The script ended with status {}", "problem-own-script-exit"),
    ("Signal {} ended the script", "problem-own-script-signal"),
    ("Nobody saw how the script ended", "problem-own-script-unseen"),
    ("There is no branch to start from", "problem-own-no-base"),
    ("“{}” is not a branch name", "problem-own-not-a-branch"),
    ("“{}” cannot begin a branch name", "problem-own-no-prefix"),
    ("A task needs a title", "problem-own-task-title"),
    ("A project needs a name", "problem-own-project-name"),
    ("A label needs a name", "problem-own-label-name"),
    ("A follow-up needs a text", "problem-own-follow-up"),
    ("Nobody waits for this answer any more", "problem-own-unasked"),
    ("The draft is being sent", "problem-own-draft-leaves"),
    (
        "The worktree cannot be watched for changes",
        "problem-own-unwatched",
    ),
    ("The log of this run cannot be read", "problem-own-log"),
    ("Anyon is ending", "problem-own-ending"),
    (
        "Nothing can be started: the store cannot be written",
        "problem-own-store",
    ),
    ("The agent has not ended its turn yet", "problem-own-turn-goes-on"),
    ("Stop the attempt to end its process", "problem-own-stop-it"),
    ("Start it again", "problem-own-start-again"),
    (
        "Make room or repair the data folder, then start Anyon again",
        "problem-own-make-room",
    ),
];

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
