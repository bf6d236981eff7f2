//! The limits of the subscription: how much is used, and when they are over.

use super::Codex;
use crate::protocols::{LineUse, Step, json};
use anyon_model::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// Per cent of a window that are worth a word.
const NEARLY_USED: u64 = 90;

/// The windows of the limits, as they were told last.
#[derive(Debug, Default)]
pub(super) struct Limits {
    windows: BTreeMap<&'static str, Window>,
    /// Windows that a word was said about, and when they end.
    told: BTreeMap<&'static str, i64>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Window {
    used_percent: u64,
    minutes: u64,
    resets_at: Option<i64>,
}

impl Limits {
    /// When the agent may go on: when the last of the windows that are used up is over.
    pub(super) fn resets_at(&self) -> Option<Timestamp> {
        let used_up = self.windows.values().filter(|window| window.used_percent >= 100);
        let seconds = used_up.filter_map(|window| window.resets_at).max()?;
        Some(Timestamp::from_ms(seconds.saturating_mul(1000)))
    }

    /// Windows that are nearly used up and were not spoken of yet.
    fn news(&mut self) -> Vec<Window> {
        let mut news = Vec::new();
        for (name, window) in &self.windows {
            let ends = window.resets_at.unwrap_or(0);
            if window.used_percent >= NEARLY_USED && self.told.insert(name, ends) != Some(ends) {
                news.push(*window);
            }
        }
        news
    }
}

impl Codex {
    pub(super) fn rate_limits(&mut self, params: &Value, step: &mut Step) -> LineUse {
        let told = params.get("rateLimits").unwrap_or(&Value::Null);
        for name in ["primary", "secondary"] {
            if let Some(window) = told.get(name).filter(|window| window.is_object()) {
                self.limits.windows.insert(
                    name,
                    Window {
                        used_percent: window.get("usedPercent").and_then(Value::as_f64).unwrap_or(0.0) as u64,
                        minutes: json::number(window, "windowDurationMins"),
                        resets_at: window.get("resetsAt").and_then(Value::as_i64),
                    },
                );
            }
        }
        let news = self.limits.news();
        for window in &news {
            let text = format!(
                "{} % of the {} limit is used",
                window.used_percent,
                span(window.minutes)
            );
            self.note(&text, step);
        }
        match news.is_empty() {
            true => LineUse::Control,
            false => LineUse::Used,
        }
    }
}

fn span(minutes: u64) -> String {
    match minutes {
        0 => "usage".into(),
        10_080 => "weekly".into(),
        minutes if minutes.is_multiple_of(1440) => format!("{}-day", minutes / 1440),
        minutes if minutes.is_multiple_of(60) => format!("{}-hour", minutes / 60),
        minutes => format!("{minutes}-minute"),
    }
}
