//! Everything that Anyon keeps on disk of its own: the store (one redb file with a row per entity), its migrations
//! and backups, and the logs of executions (append-only segments beside it).
//!
//! Only this crate names redb, and only [`codec`] names bincode. It decides nothing: it is given changes and lines
//! and gives them back. Time, ids and folders are passed in; everything here is synchronous.

mod codec;
mod error;
mod host;
pub mod logs;
mod private;
mod rows;
mod stamp;
mod store;
mod stored;

pub use error::StoreError;
pub use host::Holder;
pub use store::{Opened, Store};
