//! The demo: a real ACP agent without a model, and the sample project that it works on.
//!
//! The agent reaches Anyon like every other one, as a process that speaks its protocol; nothing in the product knows
//! it by more than its name.

mod agent;
mod edits;
pub mod sample;
mod script;
mod wire;

pub use agent::demo_agent;
