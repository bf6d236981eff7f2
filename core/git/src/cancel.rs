//! A flag that one thread raises and another looks at.

use crate::GitError;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Asks a running operation to end early. Clones are the same token.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Asks to end.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }
    /// Whether somebody asked to end.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
    /// An error once somebody asked to end.
    pub(crate) fn check(&self) -> Result<(), GitError> {
        if self.is_cancelled() {
            Err(GitError::Cancelled)
        } else {
            Ok(())
        }
    }
}
