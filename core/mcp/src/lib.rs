//! MCP tools over commands and queries.
