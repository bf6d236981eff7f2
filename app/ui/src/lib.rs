//! The window's panels, widgets, theme and text catalogue.
//!
//! Reads snapshots, asks questions and sends commands through [`anyon_model::Client`]; what the desktop has to do
//! (open a browser, copy, quit) it asks of the binary as [`Request`]s. No files, processes, clocks, locks or waiting.

pub mod asked;
pub mod context;
pub mod desk;
pub mod dialog;
pub mod editor;
pub mod kept;
pub mod keys;
mod look;
pub mod overview;
pub mod pace;
pub mod pages;
pub mod panel;
pub mod panels;
pub mod phrase;
pub mod place;
pub mod problem;
pub mod request;
pub mod shell;
pub mod stamp;
pub mod text;
pub mod theme;
pub mod widgets;

pub use context::ViewContext;
pub use desk::{News, Toast, ToastAction, ToastKind};
pub use dialog::{Choose, Confirm, Dialog};
pub use editor::{EditorChoice, FoundEditor};
pub use kept::Kept;
pub use look::{DesktopLook, Motion};
pub use overview::Overview;
pub use pace::Pace;
pub use pages::Page;
pub use panel::Panel;
pub use place::{Place, SettingsPage, Tab};
pub use request::{EditorTarget, NoticeAbout, Request};
pub use shell::{Shell, ShellOptions, Stage, Surroundings};
pub use text::{Catalogue, Language, Said};
pub use theme::Theme;
