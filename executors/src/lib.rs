//! Agents, their protocols and their processes.
