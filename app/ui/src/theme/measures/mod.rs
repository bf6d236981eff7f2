//! Sizes that only one panel has, one file a panel. Whatever two panels share is a token of [`super::Space`].

pub mod approvals;
pub mod board;
pub mod changes;
pub mod chooser;
pub mod classify;
pub mod composer;
pub mod conversation;
pub mod landing;
pub mod needs_you;
pub mod pace;
pub mod pages;
pub mod palette;
pub mod sidebar;
pub mod start_dialog;
pub mod task;
pub mod top_bar;
pub mod widgets;
