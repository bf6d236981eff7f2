//! The window in benchmarks: without a desktop on a headless context, and the real one under Xvfb.

mod display;
mod fed_client;
mod scene;
mod worlds;

pub use display::{Display, Running};
pub use fed_client::FedClient;
pub use scene::{Painted, SIZE, Scene};
pub use worlds::{Board, Conversation, Log, SplitDiff, board, entities, numbered};
