//! How soon news get a frame. What a person waits for is shown at once; what agents do by themselves is shown a few
//! times a second, so that one who watches them does not pay for every word with a frame.

use crate::theme::measures::pace::{APART, TOGETHER, UNSEEN};
use std::time::Duration;

/// What decides how soon news get a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// A person waits: for a command to end, or for something that is not shown yet.
    pub awaited: bool,
    /// The window is minimised or covered.
    pub unseen: bool,
}

impl Pace {
    /// How long to wait with a frame for news that come so long after the last one.
    pub fn wait(self, since_frame: Duration) -> Duration {
        let apart = match self {
            Self { awaited: true, .. } => TOGETHER,
            Self { unseen: true, .. } => UNSEEN,
            Self { .. } => APART,
        };
        apart.saturating_sub(since_frame).max(TOGETHER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: Pace = Pace {
        awaited: false,
        unseen: false,
    };

    #[test]
    fn what_is_awaited_is_shown_at_once() {
        let pace = Pace {
            awaited: true,
            unseen: true,
        };
        assert_eq!(pace.wait(Duration::ZERO), TOGETHER);
    }

    #[test]
    fn the_first_news_after_a_pause_are_shown_at_once_and_a_stream_now_and_then() {
        assert_eq!(SEEN.wait(Duration::from_secs(5)), TOGETHER);
        assert_eq!(SEEN.wait(Duration::ZERO), APART);
        assert_eq!(SEEN.wait(APART / 2), APART / 2);
    }

    #[test]
    fn a_window_that_nobody_sees_is_woken_once_a_second() {
        let pace = Pace { unseen: true, ..SEEN };
        assert_eq!(pace.wait(Duration::ZERO), UNSEEN);
    }
}
