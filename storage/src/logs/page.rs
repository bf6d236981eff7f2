//! Which places a page covers.

use anyon_model::PageRange;
use std::ops::Range;

/// Bytes after which a page ends although more was asked for; it always has one item. Items may have 16 MB each,
/// so a count alone does not bound a page.
pub const PAGE_BYTES: usize = 32 << 20;

/// The places of a page in a log of `total`.
pub(crate) fn places(range: PageRange, total: u64) -> Range<u64> {
    match range {
        PageRange::From { first, count } => {
            let first = first.min(total);
            first..first.saturating_add(u64::from(count)).min(total)
        }
        PageRange::Last { count } => total.saturating_sub(u64::from(count))..total,
    }
}

/// What is left out when a page gets too long: for the last ones the older, else the later.
pub(crate) fn keeps_end(range: PageRange) -> bool {
    matches!(range, PageRange::Last { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_stays_inside_the_log() {
        let from = |first, count| places(PageRange::From { first, count }, 10);
        assert_eq!(from(0, 3), 0..3);
        assert_eq!(from(8, 3), 8..10);
        assert_eq!(from(10, 3), 10..10);
        assert_eq!(from(u64::MAX, u32::MAX), 10..10);
        let last = |count| places(PageRange::Last { count }, 10);
        assert_eq!(last(0), 10..10);
        assert_eq!(last(4), 6..10);
        assert_eq!(last(40), 0..10);
    }
}
