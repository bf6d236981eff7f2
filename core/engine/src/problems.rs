//! The problems that several handlers tell.

use anyon_model::{Problem, ProblemCode};

/// What was named is not there.
pub fn not_found(what: &str) -> Problem {
    Problem::new(ProblemCode::NotFound, format!("There is no such {what}"))
        .hint("It may have been removed; list them again")
}

/// The request makes no sense.
pub fn invalid(title: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::InvalidRequest, title)
}

/// The thing is not in a state for it.
pub fn wrong_state(title: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::WrongState, title)
}

/// The actor may not do it.
pub fn forbidden(title: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::Forbidden, title).hint("Ask the person at the window or the terminal to do it")
}

/// Why nothing is accepted any more while Anyon ends.
pub fn ending() -> Problem {
    Problem::new(ProblemCode::HostGone, "Anyon is ending").hint("Start it again")
}

/// Why nothing comes to the front.
pub fn no_window() -> Problem {
    wrong_state("No window of Anyon is open").hint("Open one: anyon")
}

/// Why nothing is accepted after the store failed.
pub fn store_failed(cause: &Problem) -> Problem {
    Problem::new(
        ProblemCode::StoreUnwritable,
        "Nothing can be started: the store cannot be written",
    )
    .detail(cause.to_string())
    .hint("Make room or repair the data folder, then start Anyon again")
}
