//! What end-to-end tests are made of: a scripted model, a scripted agent, and a world of its own for each test.
//!
//! Only tests and benchmarks use it. Where a test cannot go on, it panics and says why.

pub mod fake_agent;
pub mod model_server;
