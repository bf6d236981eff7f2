//! Ctrl+C, counted: once ends the turn, twice stops the agent, the third time ends everything at once.
//!
//! The third one only has to end this process: the supervisors end what they watch as soon as it is gone.

use std::{
    process,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

const AT_ONCE: u32 = 3;

/// How often the person wanted it to end.
#[derive(Debug, Clone, Default)]
pub struct Interrupts(Arc<AtomicU32>);

impl Interrupts {
    /// Starts counting; from now on Ctrl+C does not end this process by itself.
    pub fn watch() -> Self {
        Self::watch_as(Hangup::Ends)
    }

    /// The same for a process that outlives the terminal it was started from: its end means nothing.
    pub fn watch_beyond_the_terminal() -> Self {
        Self::watch_as(Hangup::IsNothing)
    }

    fn watch_as(hangup: Hangup) -> Self {
        let interrupts = Self::default();
        let counter = interrupts.clone();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            // Without a signal handler Ctrl+C ends the process, which is safe as well.
            if let Ok(runtime) = runtime {
                runtime.block_on(count(&counter, hangup));
            }
        });
        interrupts
    }

    /// The number so far.
    pub fn count(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }

    /// Counts from the beginning: what was interrupted is over.
    pub fn forget(&self) {
        self.0.store(0, Ordering::SeqCst);
    }

    /// `status` is what the shell expects of a process that such a signal ended.
    fn add(&self, times: u32, status: i32) {
        if self.0.fetch_add(times, Ordering::SeqCst) + times >= AT_ONCE {
            process::exit(status);
        }
    }
}

/// What the end of the terminal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hangup {
    Ends,
    IsNothing,
}

#[cfg(unix)]
async fn count(interrupts: &Interrupts, on_hangup: Hangup) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
        signal(SignalKind::hangup()),
    ) else {
        return;
    };
    loop {
        tokio::select! {
            _ = interrupt.recv() => interrupts.add(1, 130),
            // Whoever sends these does not want to talk about it: the agent is stopped at once.
            _ = terminate.recv() => interrupts.add(2, 143),
            _ = hangup.recv() => if on_hangup == Hangup::Ends {
                interrupts.add(2, 129);
            },
        }
    }
}

#[cfg(not(unix))]
async fn count(interrupts: &Interrupts, _: Hangup) {
    while tokio::signal::ctrl_c().await.is_ok() {
        interrupts.add(1, 130);
    }
}
