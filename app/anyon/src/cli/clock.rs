//! Points in time as a person reads them.

use anyon_model::Timestamp;

pub use anyon_runtime::now;

/// Date and time in the person's time zone, which `TZ` may name, and how far that is from UTC.
pub fn local_time(at: Timestamp) -> String {
    match jiff::Timestamp::from_millisecond(at.as_ms()) {
        Ok(time) => time
            .to_zoned(jiff::tz::TimeZone::system())
            .strftime("%Y-%m-%d %H:%M:%S %:z")
            .to_string(),
        Err(_) => String::new(),
    }
}
