//! File index and full-text search.

mod rank;

pub use rank::best;
