//! Worlds, clocks and ids for tests: small, fixed, and of the model alone, so that every crate can use them.

mod agents;
mod clock;
mod questions;
mod world;

pub use agents::{agent, agent_that_ends, agents};
pub use clock::Clock;
pub use questions::{asks_choice, asks_command, asks_edit, asks_plan, asks_read};
pub use world::{COMMIT, World, fixed};
