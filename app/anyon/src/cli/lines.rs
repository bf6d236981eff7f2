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
            let mut input = stdin().lock();
            while let Some(line) = next_line(&mut input) {
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

/// The next line without its end. What is not UTF-8 in it is replaced: a slip of the keyboard is not the end of input.
fn next_line(input: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    match input.read_until(b'\n', &mut line) {
        Ok(0) | Err(_) => None,
        Ok(_) => {
            let line = line.strip_suffix(b"\n").unwrap_or(&line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            Some(String::from_utf8_lossy(line).into_owned())
        }
    }
}

/// A person is there to be asked.
pub fn person_is_there() -> bool {
    stdin().is_terminal() && std::io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::next_line;

    #[test]
    fn a_line_that_is_not_utf8_is_not_the_end_of_input() {
        let mut input = &b"yes\r\n\xff\xfeno\nlast"[..];
        let lines: Vec<_> = std::iter::from_fn(|| next_line(&mut input)).collect();
        assert_eq!(lines, ["yes", "\u{fffd}\u{fffd}no", "last"]);
    }
}
