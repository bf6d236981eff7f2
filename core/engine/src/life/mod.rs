//! The life of an execution: queued, started, in a turn, asking, stopped, over.

pub mod approvals;
pub mod conflicts;
pub mod cut;
pub mod finish;
pub mod operation;
pub mod pause;
pub mod recipient;
pub mod start;
pub mod stop;
pub mod turn;
