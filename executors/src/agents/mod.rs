//! One agent, one file, and the list of them.
