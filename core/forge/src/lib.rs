//! GitHub pull requests.
