//! `anyon --host`: a host without a window, for as long as something runs or somebody is connected.
//!
//! It says one line on its standard output, that it is there or why not, and from then on nothing: what goes wrong is
//! in its log file.

use super::{Hosted, detached, options};
use crate::cli::{interrupts::Interrupts, out::Out};
use anyon_model::Problem;
use anyon_runtime::{EnvironmentSource, Host};
use serde_json::json;
use std::{path::Path, time::Duration};

/// How long it waits for somebody when it has nothing to do.
const GRACE: Duration = Duration::from_secs(5);
/// Another grace, in milliseconds, for tests.
const GRACE_VARIABLE: &str = "ANYON_HOST_GRACE_MS";

/// Hosts until nobody needs it.
pub fn serve(data_folder: &Path, out: &mut Out) -> Result<(), Problem> {
    detached::leave_session();
    let interrupts = Interrupts::watch();
    let host = Host::start(options(data_folder, EnvironmentSource::LoginShell)?)?;
    for notice in host.notices() {
        tracing::warn!(%notice, "while opening the store");
    }
    let hosted = Hosted::open(host, data_folder);
    out.object(&json!({"event": "host", "pid": std::process::id(), "reachable": hosted.is_open()}));
    hosted.end_when_idle(grace(), &|| interrupts.count() > 0);
    Ok(())
}

/// How long a host without a window waits for somebody when it has nothing to do.
pub fn grace() -> Duration {
    let told = std::env::var(GRACE_VARIABLE).ok();
    let told_ms = told.and_then(|text| text.parse().ok());
    told_ms.map_or(GRACE, Duration::from_millis)
}
