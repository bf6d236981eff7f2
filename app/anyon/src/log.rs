//! Where it is written what goes wrong inside. `ANYON_LOG` asks for more than errors.

use std::{
    fs::{self, File},
    io,
    path::Path,
    sync::Mutex,
};
use tracing_subscriber::EnvFilter;

/// A log that is longer begins again, and the one before is kept.
const LONGEST: u64 = 1024 * 1024;

/// On standard error.
pub fn to_stderr() {
    tracing_subscriber::fmt()
        .with_env_filter(filter("error"))
        .with_writer(io::stderr)
        .init();
}

/// In `logs/host.log`, for a process without a standard error. Without that file it is written nowhere.
pub fn to_file(data_folder: &Path) {
    if let Ok(file) = open(&data_folder.join("logs")) {
        tracing_subscriber::fmt()
            .with_env_filter(filter("warn"))
            .with_ansi(false)
            .with_writer(Mutex::new(file))
            .init();
    }
}

fn filter(by_default: &str) -> EnvFilter {
    EnvFilter::try_from_env("ANYON_LOG").unwrap_or_else(|_| EnvFilter::new(by_default))
}

fn open(folder: &Path) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    let path = folder.join("host.log");
    if fs::metadata(&path).is_ok_and(|found| found.len() > LONGEST) {
        fs::rename(&path, folder.join("host.log.1"))?;
    }
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_begins_again_and_the_one_before_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("host.log"), vec![b'x'; LONGEST as usize + 1]).unwrap();
        drop(open(folder.path()).unwrap());
        assert_eq!(fs::read(folder.path().join("host.log")).unwrap(), b"");
        assert!(folder.path().join("host.log.1").is_file());
    }
}
