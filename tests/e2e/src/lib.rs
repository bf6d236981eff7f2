//! Fake agent, model server and end-to-end scenarios.
