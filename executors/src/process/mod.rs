//! Processes of agents and scripts: how they start, are watched, are ended, and what environment they see.
//!
//! Every process runs under a supervisor of its own: the app's executable started as `anyon --supervise <execution>`.
//! The supervisor adopts whatever the agent starts, ends all of it when the agent ends or the app dies, and never
//! touches the agent's bytes: its three pipes go straight to the app. The app and the supervisor share one socket; its
//! end of file is how each learns of the other's death. On Windows a job object does the supervisor's work.
//!
//! Nothing here knows an agent, a protocol or the store, and nothing here decides *when* something is ended: that is
//! the engine's. Nothing but this module starts agents or scripts.

#[cfg(unix)]
mod ancestry;
mod control;
mod environment;
mod failure;
mod give_way;
mod login_shell;
mod names;
mod os;
mod programs;
#[cfg(unix)]
mod start;
#[cfg(unix)]
mod supervisor;
mod survivors;
#[cfg(unix)]
mod tree;
#[cfg(unix)]
mod watch;
#[cfg(unix)]
mod wire;

#[cfg(unix)]
pub use ancestry::{Ancestry, ancestry};
pub use control::{Control, Exit, ExitWatch, ProcessPlan, Started};
pub use environment::{Environment, MARK};
pub use give_way::give_way;
#[cfg(windows)]
pub use os::start;
pub use programs::ProgramCandidate;
#[cfg(unix)]
pub use start::start;
pub use survivors::end_survivors;

/// Runs a supervisor: `anyon --supervise <execution>` calls this before anything else, and ends with the number that
/// it returns. `args` are the arguments after `--supervise`. No threads, no async runtime: it has to stay small.
pub fn supervise(args: std::env::ArgsOs) -> i32 {
    #[cfg(unix)]
    return supervisor::run(args);
    #[cfg(windows)]
    return {
        drop(args);
        2
    };
}
