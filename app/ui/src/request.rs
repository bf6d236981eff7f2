//! What the window asks of the binary around it, because this crate touches neither files nor the desktop.

use anyon_model::{AttemptId, CommandId, FilePath};

/// What the binary is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Open a page in the browser; only `http`, `https` and `mailto`.
    OpenUrl(String),
    /// Open a folder in the file manager.
    OpenFolder(FilePath),
    /// Show a file in the file manager.
    RevealFile(FilePath),
    /// Open a file or folder in the editor.
    OpenEditor(EditorTarget),
    /// Open a terminal in a folder.
    OpenTerminal(FilePath),
    /// Put text on the clipboard.
    CopyText(String),
    /// Ask for a folder with the system's dialog. The answer comes as [`crate::Shell::picked`].
    PickFolder {
        /// Says who asked; the answer carries it back.
        key: String,
    },
    /// Tell the person on the desktop.
    Notify {
        /// One line.
        title: String,
        /// More.
        body: String,
        /// The word for the click.
        open: String,
        /// What it is about: where a click leads.
        about: NoticeAbout,
    },
    /// Mark the window on the desktop as one that wants to be looked at; false: no more.
    Attention(bool),
    /// Zoom in steps of a tenth; `None`: back to 100 %.
    Zoom(Option<i8>),
    /// The kept view state changed: write it.
    Keep,
    /// Begin the demo with its sample project in this store; the window then goes to it.
    StartDemo,
    /// Bring the window to the front.
    ComeToFront,
    /// Close the window and let what runs go on without it.
    QuitAndKeep,
    /// Stop what runs and end.
    Quit,
}

/// What the desktop is told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeAbout {
    /// An attempt.
    Attempt(AttemptId),
    /// What another program asks for, by the command that waits.
    Asked(CommandId),
}

/// A place for an editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditorTarget {
    /// File or folder.
    pub path: FilePath,
    /// Line, from 1.
    pub line: Option<u32>,
}
