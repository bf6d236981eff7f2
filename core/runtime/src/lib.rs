//! The imperative part: a dispatcher that feeds the engine, and the drivers that do what it decides.
//!
//! Domain work awaits only here. Nothing here decides a change of the state: it carries inputs to the engine, changes
//! to the store and to clients, and effects to drivers.

mod clock;
mod dispatcher;
mod drivers;
mod host;
mod local_client;
mod publish;
mod recovery;

pub use clock::{ids, now};
pub use host::{Entrance, EnvironmentSource, Host, HostOptions};
pub use local_client::LocalClient;
