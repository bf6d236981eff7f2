//! The binary of Anyon.
fn main() {}
