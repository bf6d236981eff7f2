//! What the engine makes of inputs, told as scenarios.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a scenario that cannot go on has failed"
)]
#![allow(missing_docs, reason = "the names of the scenarios say what they show")]

mod agents;
mod approvals;
mod board;
mod cloning;
mod conflicts;
mod focus;
mod landing;
mod queue;
mod random;
mod recipient;
mod restart;
mod scenario;
mod sight;
mod starting;
mod stopping;
mod too_long;
mod turns;
