//! Lines that a person types or a program writes on standard input, read on a thread of its own.

use std::{
    io::{BufRead, IsTerminal, stdin},
    sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel},
    thread,
    time::Duration,
};

/// The lines of standard input as they come.
pub struct Lines {
    receiver: Receiver<String>,
    ended: bool,
}

impl Lines {
    /// Starts reading.
    pub fn read() -> Self {
        let (sender, receiver) = channel();
        thread::spawn(move || {
            for line in stdin().lock().lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            receiver,
            ended: false,
        }
    }

    /// A line, if there is one by now.
    pub fn take(&mut self) -> Option<String> {
        match self.receiver.try_recv() {
            Ok(line) => Some(line),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                self.ended = true;
                None
            }
        }
    }

    /// A line, if one comes within this time.
    pub fn wait(&mut self, limit: Duration) -> Option<String> {
        match self.receiver.recv_timeout(limit) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                self.ended = true;
                None
            }
        }
    }

    /// No more lines will come.
    pub fn is_ended(&self) -> bool {
        self.ended
    }
}

/// A person is there to be asked.
pub fn person_is_there() -> bool {
    stdin().is_terminal() && std::io::stderr().is_terminal()
}
