//! Local-socket protocol between host and clients.
