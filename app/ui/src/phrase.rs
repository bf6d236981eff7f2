//! Phrases that many panels say: ages, counts, and how an attempt or a task stands in one line.

use crate::{Catalogue, widgets::Tone};
use anyon_model::{AttemptStatus, Timestamp};
use lucide_icons::Icon;

/// How long ago, in one short word: `now`, `4m`, `3h`, `2d`.
pub fn age(text: &Catalogue, now: Timestamp, then: Timestamp) -> String {
    let seconds = now.ms_since(then) / 1000;
    let of = |key: &'static str, n: i64| text.with(key, &[("n", n.into())]);
    match seconds {
        0..60 => text.get("age-now").to_owned(),
        60..3_600 => of("age-minutes", seconds / 60),
        3_600..86_400 => of("age-hours", seconds / 3_600),
        86_400..31_536_000 => of("age-days", seconds / 86_400),
        _ => of("age-years", seconds / 31_536_000),
    }
}

/// How long something took or takes: `8s`, `4m 10s`, `2h 5m`.
pub fn duration(text: &Catalogue, ms: i64) -> String {
    let seconds = (ms / 1000).max(0);
    let of = |key: &'static str, a: i64, b: i64| text.with(key, &[("a", a.into()), ("b", b.into())]);
    match seconds {
        0..60 => text.with("duration-seconds", &[("n", seconds.into())]),
        60..3_600 => of("duration-minutes", seconds / 60, seconds % 60),
        _ => of("duration-hours", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// The word for an attempt's status.
pub fn status<'a>(text: &'a Catalogue, status: AttemptStatus) -> &'a str {
    text.get(match status {
        AttemptStatus::Queued => "state-queued",
        AttemptStatus::Starting => "state-starting",
        AttemptStatus::Running => "state-running",
        AttemptStatus::Waiting => "state-waiting",
        AttemptStatus::Idle => "state-review",
        AttemptStatus::Failed => "state-failed",
        AttemptStatus::Stopped => "state-stopped",
        AttemptStatus::Conflicted => "state-conflicted",
        AttemptStatus::Landed => "state-landed",
        AttemptStatus::Dropped => "state-dropped",
    })
}

/// The mark and tone of an attempt's status.
pub fn mark(status: AttemptStatus) -> (Icon, Tone) {
    match status {
        AttemptStatus::Queued => (Icon::Clock, Tone::Quiet),
        AttemptStatus::Starting => (Icon::CircleDashed, Tone::Busy),
        AttemptStatus::Running => (Icon::CirclePlay, Tone::Busy),
        AttemptStatus::Waiting => (Icon::CircleQuestionMark, Tone::Asks),
        AttemptStatus::Idle => (Icon::Eye, Tone::Look),
        AttemptStatus::Failed => (Icon::CircleX, Tone::Bad),
        AttemptStatus::Stopped => (Icon::CirclePause, Tone::Look),
        AttemptStatus::Conflicted => (Icon::GitMerge, Tone::Bad),
        AttemptStatus::Landed => (Icon::CircleCheck, Tone::Good),
        AttemptStatus::Dropped => (Icon::CircleSlash, Tone::Quiet),
    }
}
