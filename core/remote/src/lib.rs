//! The local socket between the host and its clients: who may connect, what is said, and the client at its other end.
//!
//! Frames of JSON over a socket file (a named pipe on Windows), never the network. The first one of each side is a
//! greeting with the version of the protocol. A client begins with a snapshot in pieces and then gets every change,
//! so that its state is the host's. Nothing here decides anything: commands and queries are passed on.
//!
//! Threads and blocking reads, two threads a client: there are few clients, and each has little to say.

mod address;
mod client;
mod electing;
mod frame;
mod server;
mod wire;

pub use address::{Address, prepare_folder};
pub use client::{ConnectError, SocketClient};
pub use electing::{ElectingClient, Election};
pub use server::{Admitted, Door, Peer, Server};
pub use wire::{ClientKind, Hello, PROTOCOL, Welcome};

#[cfg(test)]
mod tests;
