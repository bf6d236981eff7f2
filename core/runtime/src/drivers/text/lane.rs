//! A thread with what it knows: the states of a syntax cannot move between threads, so who made them keeps them.

use crate::publish::lock;
use std::sync::{Mutex, mpsc};

/// Work for a lane. `None`: there is no thread for it.
type Work<P> = Box<dyn FnOnce(Option<&mut P>) + Send>;

/// A thread that does one piece of work after the other. It is started by the first and ends with the lane.
pub struct Lane<P> {
    name: &'static str,
    thread: Mutex<Option<mpsc::Sender<Work<P>>>>,
}

impl<P: Default + 'static> Lane<P> {
    /// A lane whose thread has this name.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            thread: Mutex::default(),
        }
    }

    /// Does the work after what was given before. Returns at once.
    pub fn run(&self, work: impl FnOnce(Option<&mut P>) + Send + 'static) {
        let mut thread = lock(&self.thread);
        let sender = thread.get_or_insert_with(|| start(self.name));
        if let Err(mpsc::SendError(work)) = sender.send(Box::new(work)) {
            *thread = None;
            work(None);
        }
    }
}

fn start<P: Default + 'static>(name: &'static str) -> mpsc::Sender<Work<P>> {
    let (sender, inbox) = mpsc::channel::<Work<P>>();
    let started = std::thread::Builder::new().name(name.into()).spawn(move || {
        let mut pages = P::default();
        inbox.into_iter().for_each(|work| work(Some(&mut pages)));
    });
    if let Err(error) = started {
        tracing::error!(%error, name, "no thread for text");
    }
    sender
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_in_order_by_one_thread_that_remembers() {
        let lane: Lane<Vec<u32>> = Lane::new("anyon-test");
        let (told, inbox) = mpsc::channel();
        for number in 0..3 {
            let told = told.clone();
            lane.run(move |pages| {
                let pages = pages.unwrap();
                pages.push(number);
                told.send((pages.clone(), std::thread::current().id())).unwrap();
            });
        }
        drop(told);
        let answers: Vec<_> = inbox.into_iter().collect();
        assert_eq!(answers[2].0, [0, 1, 2]);
        assert!(
            answers
                .iter()
                .all(|(_, thread)| *thread == answers[0].1 && *thread != std::thread::current().id())
        );
    }
}
