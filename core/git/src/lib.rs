//! Worktrees, diffs, merges and snapshots of git repositories.
