//! What two contents share at both ends need not be compared. Most of a file is that, and comparing costs more than
//! looking.

/// Lines kept on each side of what differs: context, and room for a change to slide to a better place.
const MARGIN_LINES: usize = 64;
/// Compared at once.
const STEP_BYTES: usize = 1024;

/// The middles of two contents, whole lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Middle<'a> {
    pub old: &'a [u8],
    pub new: &'a [u8],
    /// Lines before the middles.
    pub lines_before: u32,
}

/// Cuts off what both contents share, but for a margin.
pub(super) fn middle<'a>(old: &'a [u8], new: &'a [u8]) -> Middle<'a> {
    let start = margin_before(old, shared_start(old, new));
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let shared = margin_after(old_rest, shared_end(old_rest, new_rest));
    Middle {
        old: &old_rest[..old_rest.len() - shared],
        new: &new_rest[..new_rest.len() - shared],
        lines_before: old[..start].iter().filter(|byte| **byte == b'\n').count() as u32,
    }
}

fn shared_start(old: &[u8], new: &[u8]) -> usize {
    let length = old.len().min(new.len());
    let mut same = 0;
    while same + STEP_BYTES <= length && old[same..same + STEP_BYTES] == new[same..same + STEP_BYTES] {
        same += STEP_BYTES;
    }
    while same < length && old[same] == new[same] {
        same += 1;
    }
    same
}

fn shared_end(old: &[u8], new: &[u8]) -> usize {
    let length = old.len().min(new.len());
    let tail = |bytes: &'_ [u8], count: usize| bytes.len() - count;
    let mut same = 0;
    while same + STEP_BYTES <= length {
        let next = same + STEP_BYTES;
        if old[tail(old, next)..tail(old, same)] != new[tail(new, next)..tail(new, same)] {
            break;
        }
        same = next;
    }
    while same < length && old[tail(old, same + 1)] == new[tail(new, same + 1)] {
        same += 1;
    }
    same
}

/// The start of the line that stands so many lines before `place`.
fn margin_before(bytes: &[u8], place: usize) -> usize {
    let mut start = place;
    for _ in 0..=MARGIN_LINES {
        match bytes[..start].iter().rposition(|byte| *byte == b'\n') {
            Some(newline) => start = newline,
            None => return 0,
        }
    }
    start + 1
}

/// How much of a shared end of `count` bytes is left when it begins so many whole lines later.
fn margin_after(bytes: &[u8], count: usize) -> usize {
    let mut start = bytes.len() - count;
    for _ in 0..=MARGIN_LINES {
        match bytes[start..].iter().position(|byte| *byte == b'\n') {
            Some(newline) => start += newline + 1,
            None => return 0,
        }
    }
    bytes.len() - start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(range: std::ops::Range<usize>, changed: usize, word: &str) -> String {
        range
            .map(|line| {
                if line == changed {
                    format!("{word}\n")
                } else {
                    format!("{line}\n")
                }
            })
            .collect()
    }

    #[test]
    fn only_the_lines_around_a_change_are_left() {
        let (old, new) = (lines(0..1000, 500, "old"), lines(0..1000, 500, "new"));
        let middle = middle(old.as_bytes(), new.as_bytes());
        assert_eq!(middle.lines_before, 436);
        assert_eq!(middle.old, lines(436..565, 500, "old").as_bytes());
        assert_eq!(middle.new, lines(436..565, 500, "new").as_bytes());
    }

    #[test]
    fn changes_at_the_ends_and_short_contents_stay_whole() {
        let texts = ["", "x", "x\n", "x\ny", "y\nx\n", "x\nx\nx\n"];
        for old in texts {
            for new in texts {
                let whole = middle(old.as_bytes(), new.as_bytes());
                assert_eq!((whole.old, whole.new), (old.as_bytes(), new.as_bytes()));
            }
        }
        let (old, new) = (lines(0..500, 0, "old"), lines(0..500, 0, "new") + "no newline");
        let all = middle(old.as_bytes(), new.as_bytes());
        assert_eq!((all.lines_before, all.new.len()), (0, new.len()));
    }
}
