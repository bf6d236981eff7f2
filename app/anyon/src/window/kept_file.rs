//! View state that outlives the window, in one file beside the store. Damaged or missing it costs the place, no more.

use anyon_ui::Kept;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

const NAME: &str = "window.json";
/// More than this is not ours.
const LIMIT: u64 = 16 * 1024 * 1024;

/// What the last window left.
pub fn read(data_folder: &Path) -> Kept {
    let file = data_folder.join(NAME);
    let small = fs::metadata(&file).is_ok_and(|found| found.len() <= LIMIT);
    let text = small.then(|| fs::read_to_string(&file).ok()).flatten();
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Writes it on a thread of its own, the newest only.
pub struct KeptFile {
    sender: Option<Sender<Kept>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl KeptFile {
    /// Starts the thread.
    pub fn new(data_folder: &Path) -> Self {
        let (sender, receiver) = channel();
        let folder = data_folder.to_path_buf();
        let work = move || write_newest(&folder, &receiver);
        let thread = thread::Builder::new().name("view state".into()).spawn(work).ok();
        Self {
            sender: Some(sender),
            thread,
        }
    }
    /// Writes it soon.
    pub fn write(&self, kept: Kept) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(kept);
        }
    }
}

impl Drop for KeptFile {
    fn drop(&mut self) {
        drop(self.sender.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write_newest(folder: &Path, receiver: &Receiver<Kept>) {
    while let Ok(first) = receiver.recv() {
        let newest = receiver.try_iter().last().unwrap_or(first);
        if let Err(error) = write(folder, &newest) {
            tracing::warn!(%error, "the window's view state could not be written");
        }
    }
}

/// Beside and then over, so that a crash leaves the old or the new.
fn write(folder: &Path, kept: &Kept) -> std::io::Result<()> {
    let json = serde_json::to_vec(kept)?;
    let beside: PathBuf = folder.join(format!("{NAME}.new"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // It holds what was written and not sent yet: nobody else's business.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&beside)?.write_all(&json)?;
    fs::rename(beside, folder.join(NAME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_ui::Place;

    #[test]
    fn the_place_is_there_again_and_damage_costs_no_start() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()), Kept::default());
        let file = KeptFile::new(folder.path());
        file.write(Kept::at(Place::About));
        file.write(Kept::at(Place::Keys));
        drop(file);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(NAME))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(read(folder.path()).place, Place::Keys);
        fs::write(folder.path().join(NAME), "{\"place\":").unwrap();
        assert_eq!(read(folder.path()), Kept::default());
    }
}
