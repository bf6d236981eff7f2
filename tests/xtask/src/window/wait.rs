//! Waiting for something to be so, with a limit.

use anyhow::bail;
use std::{
    thread,
    time::{Duration, Instant},
};

/// Between two looks.
const LOOK: Duration = Duration::from_millis(40);

/// Looks again and again until there is something. An error of a look is kept for the message only: a tree that is
/// being rebuilt answers with errors.
pub fn until<T>(
    what: &str,
    limit_s: u64,
    mut look: impl FnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let begun = Instant::now();
    loop {
        let last = match look() {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if begun.elapsed() > Duration::from_secs(limit_s) {
            match last {
                Some(error) => return Err(error.context(format!("waited {limit_s} s: {what}"))),
                None => bail!("waited {limit_s} s: {what}"),
            }
        }
        thread::sleep(LOOK);
    }
}

/// Waits until something holds.
pub fn until_holds(what: &str, limit_s: u64, mut holds: impl FnMut() -> bool) -> anyhow::Result<()> {
    until(what, limit_s, || Ok(holds().then_some(())))
}
