//! Worlds, clocks and ids for tests.
