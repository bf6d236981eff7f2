//! Whether what is written on standard output arrives.

use std::io;

/// Who is at the other end of standard output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reader {
    /// Somebody reads.
    #[default]
    There,
    /// Nobody reads any more, as behind `head`.
    Gone,
    /// It cannot be written, as on a full disk: why.
    Lost(String),
}

impl Reader {
    /// What a write came to. The first failure counts.
    pub fn take(&mut self, written: io::Result<()>) {
        if let (Self::There, Err(error)) = (&*self, written) {
            *self = match error.kind() {
                io::ErrorKind::BrokenPipe => Self::Gone,
                _ => Self::Lost(error.to_string()),
            };
        }
    }
    /// Nothing more has to be written.
    pub fn is_away(&self) -> bool {
        *self != Self::There
    }
}
