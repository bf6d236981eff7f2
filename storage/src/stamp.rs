//! Times in file names.

use anyon_model::Timestamp;

/// `20261122-143005` in UTC: sorts like the time.
pub(crate) fn stamp(time: Timestamp) -> String {
    let time = jiff::Timestamp::from_millisecond(time.as_ms()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y%m%d-%H%M%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_sort_like_times() {
        assert_eq!(stamp(Timestamp::from_ms(1_700_000_000_000)), "20231114-221320");
        assert_eq!(stamp(Timestamp::from_ms(i64::MAX)), "19700101-000000");
    }
}
