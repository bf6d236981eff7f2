//! File index and full-text search.
