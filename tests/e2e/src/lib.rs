//! What end-to-end tests are made of: a scripted model, a scripted agent, and a world of its own for each test.
//!
//! Only tests and benchmarks use it.

pub mod fake_agent;
pub mod model_server;
#[allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends here and says why"
)]
pub mod world;
