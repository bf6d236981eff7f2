//! Points in time as a person reads them.

use anyon_model::Timestamp;

pub use anyon_runtime::now;

/// Date and time in this computer's time zone.
pub fn local_time(at: Timestamp) -> String {
    match jiff::Timestamp::from_millisecond(at.as_ms()) {
        Ok(time) => time
            .to_zoned(jiff::tz::TimeZone::system())
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string(),
        Err(_) => String::new(),
    }
}
