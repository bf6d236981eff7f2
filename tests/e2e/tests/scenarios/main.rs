//! The product from end to end: the real `anyon`, real git, real processes, a scripted agent.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on ends here and says why"
)]

mod agent_answers;
mod amp;
mod by_hand;
mod cloning;
mod crash;
mod demo;
mod hosting;
mod landing;
mod mcp;
mod mcp_config;
mod opening;
mod own_agents;
mod refusals;
mod sight;
mod strange_output;
mod takeover;
mod together;
mod turns;
