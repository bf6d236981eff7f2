//! Worktrees, diffs, merges and snapshots of git repositories, as synchronous functions of [`Git`].
//!
//! Reads are made by libgit2 in this process where it reads the repository right, else by the git command; writes go
//! through the one command builder (`command`). Nothing here starts a program but git, asks the network (but a clone
//! that somebody asked for), or touches a checkout of the user but the one that a landing has to follow, in the files concerned, when they are clean.

mod cancel;
mod clone;
mod command;
mod commit;
mod create;
mod diff;
mod error;
mod filters;
mod follow;
mod git;
mod hardening;
mod init;
mod inspect;
mod land;
mod landed;
mod large;
mod leftover;
mod link;
mod lock;
mod lost;
mod names;
mod plain;
mod predict;
mod refs;
mod remove;
mod restore;
mod snapshot;
mod sweep;
mod trash;
mod watch;
mod work;

pub use cancel::CancelToken;
pub use diff::{Kept, Since};
pub use error::{CloneFault, GitError};
pub use git::Git;
pub use init::init_with_commit;
pub use link::Marker;
pub use names::branch_name;
pub use trash::prune_trash;
pub use watch::{WatchFilter, branches_on_disk, watch_filter};
