//! Times between frames that news ask for.

use std::time::Duration;

/// News within this time share a frame.
pub const TOGETHER: Duration = Duration::from_millis(10);
/// From one frame to the next while nobody waits for anything. A frame of a conversation beside its changes costs half a
/// percent of a core a second: five of them stay below three percent.
pub const APART: Duration = Duration::from_millis(200);
/// The same while nobody sees the window: only notifications need it then.
pub const UNSEEN: Duration = Duration::from_millis(1_000);
