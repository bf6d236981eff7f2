//! The fake agent.
fn main() {}
