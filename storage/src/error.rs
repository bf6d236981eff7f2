//! What can go wrong with the store, and how a person is told.

use crate::host::Holder;
use anyon_model::{Problem, ProblemCode};
use std::{
    io,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// What can go wrong with the store.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another process holds the store.
    #[error("the store in {} is open in {}", folder.display(), holder_text(holder.as_ref()))]
    Locked {
        /// The store's folder.
        folder: PathBuf,
        /// Who holds it, if it said so.
        holder: Option<Holder>,
    },
    /// The store's file is not what was written. Nothing was changed.
    #[error("{}: {cause}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        cause: String,
        /// The newest copy made by itself.
        newest_backup: Option<PathBuf>,
    },
    /// A newer version wrote the store. Nothing was changed.
    #[error("{} has format {format}; it needs Anyon {needs} or newer", file.display())]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its format.
        format: u16,
        /// The oldest version that reads it.
        needs: String,
    },
    /// The store or its folder cannot be read and written.
    #[error("{}: {source}", path.display())]
    Unwritable {
        /// What cannot be written.
        path: PathBuf,
        /// The operating system's words.
        source: io::Error,
    },
    /// A file to be made is there already.
    #[error("{} exists already", file.display())]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// The file to restore from cannot be read.
    #[error("{}: {source}", file.display())]
    BackupUnreadable {
        /// The file.
        file: PathBuf,
        /// The operating system's words.
        source: io::Error,
    },
    /// The file to restore from is no whole store. Nothing was changed.
    #[error("{}: {cause}", file.display())]
    BackupDamaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// A row that may not be written; nothing of its transaction was.
    #[error("{kind} {key}: {cause}")]
    Row {
        /// Kind of the entity.
        kind: &'static str,
        /// Its key.
        key: String,
        /// What is wrong with it.
        cause: String,
    },
    /// The store failed while it was open.
    #[error("{doing}: {source}")]
    Failed {
        /// What was done.
        doing: &'static str,
        /// redb's words.
        source: Box<redb::Error>,
    },
}

impl StoreError {
    pub(crate) fn unwritable(path: &Path, source: io::Error) -> Self {
        Self::Unwritable {
            path: path.to_path_buf(),
            source,
        }
    }
    pub(crate) fn failed<E: Into<redb::Error>>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Failed {
            doing,
            source: Box::new(source.into()),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let detail = error.to_string();
        let (code, title, hint) = match error {
            StoreError::Locked { holder, .. } => locked(holder),
            StoreError::Damaged { newest_backup, .. } => damaged(newest_backup),
            StoreError::Newer { needs, .. } => newer(&needs),
            StoreError::Unwritable { path, .. } => unwritable(&path),
            StoreError::Exists { file } => exists(&file),
            StoreError::BackupUnreadable { file, source } => backup_unreadable(&file, &source),
            StoreError::BackupDamaged { .. } => (
                ProblemCode::StoreDamaged,
                "The backup is damaged".into(),
                "Nothing was changed. Choose another backup.".into(),
            ),
            StoreError::Row { kind, .. } => (
                ProblemCode::InvalidRequest,
                format!("The {kind} cannot be stored"),
                "Make it shorter.".into(),
            ),
            StoreError::Failed { doing, .. } => (
                ProblemCode::StoreUnwritable,
                format!("The store failed: {doing}"),
                "Check that the disk is there and not full, then start Anyon again.".into(),
            ),
        };
        Problem::new(code, title).detail(detail).hint(hint)
    }
}

type Parts = (ProblemCode, String, String);

fn locked(holder: Option<Holder>) -> Parts {
    let hint = match holder {
        Some(holder) => format!("Close it (process {}), then try again.", holder.pid),
        None => "Close the other Anyon, then try again.".to_string(),
    };
    (
        ProblemCode::StoreLocked,
        "The store is open in another process".into(),
        hint,
    )
}

fn damaged(newest_backup: Option<PathBuf>) -> Parts {
    let restore = match newest_backup {
        Some(file) => format!(
            "Put the newest backup back with `anyon restore {}`.",
            file.display()
        ),
        None => "If you have a backup, put it back with `anyon restore FILE`.".to_string(),
    };
    (
        ProblemCode::StoreDamaged,
        "The store is damaged".into(),
        format!("Nothing was changed. {restore}"),
    )
}

fn newer(needs: &str) -> Parts {
    (
        ProblemCode::StoreNewer,
        "The store was written by a newer version of Anyon".into(),
        format!("Nothing was changed. Use Anyon {needs} or newer, or another --data-dir."),
    )
}

fn unwritable(path: &Path) -> Parts {
    (
        ProblemCode::StoreUnwritable,
        format!("{} cannot be written", path.display()),
        "Make it a folder that you may write, or choose another with --data-dir.".into(),
    )
}

fn exists(file: &Path) -> Parts {
    (
        ProblemCode::AlreadyExists,
        format!("{} exists already", file.display()),
        "Choose another name; nothing is overwritten.".into(),
    )
}

fn backup_unreadable(file: &Path, source: &io::Error) -> Parts {
    let code = match source.kind() {
        io::ErrorKind::NotFound => ProblemCode::NotFound,
        _ => ProblemCode::Io,
    };
    (
        code,
        format!("The backup {} cannot be read", file.display()),
        "Nothing was changed. Check the path.".into(),
    )
}

fn holder_text(holder: Option<&Holder>) -> String {
    match holder {
        Some(holder) => format!("process {} (Anyon {})", holder.pid, holder.version),
        None => "another process".to_string(),
    }
}
