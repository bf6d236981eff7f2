//! Times between frames that news ask for.

use std::time::Duration;

/// News within this time share a frame.
pub const TOGETHER: Duration = Duration::from_millis(10);
/// From one frame to the next while nobody waits for anything.
pub const APART: Duration = Duration::from_millis(120);
/// The same while nobody sees the window: only notifications need it then.
pub const UNSEEN: Duration = Duration::from_millis(1_000);
