//! Sizes that only one panel has, one file a panel. Whatever two panels share is a token of [`super::Space`].

pub mod board;
pub mod widgets;
