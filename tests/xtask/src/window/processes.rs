//! Which processes belong to a story: all that have its home folder. Agents keep it, whatever else they are not told.

use std::{
    ffi::OsStr,
    fs,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

/// A process of a story.
#[derive(Debug)]
pub struct Found {
    /// Its number.
    pub number: u32,
    /// Its words, for the message.
    #[expect(dead_code, reason = "read by Debug")]
    pub words: String,
}

/// The processes that live in a home folder; those that ended and were not waited for do not live.
pub fn living_in(home: &Path) -> Vec<Found> {
    let lives = |folder: &Path| {
        let all = fs::read(folder.join("environ")).unwrap_or_default();
        all.split(|byte| *byte == 0)
            .filter_map(|entry| entry.strip_prefix(b"HOME="))
            .any(|found| OsStr::from_bytes(found) == home)
    };
    let found = |folder: PathBuf| {
        let number = folder.file_name()?.to_str()?.parse().ok()?;
        lives(&folder).then(|| Found {
            number,
            words: words(&folder),
        })
    };
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    all.filter_map(|entry| found(entry.path())).collect()
}

fn words(folder: &Path) -> String {
    let line = fs::read(folder.join("cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).replace('\0', " ")
}
