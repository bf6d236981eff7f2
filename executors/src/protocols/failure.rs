//! From what agents and their model servers say about a failure to the kind of it.

use anyon_model::{FailureKind, Timestamp};

/// What was said about a failure.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Told<'a> {
    /// A word of the agent's own, such as `authentication_failed`.
    pub(super) word: &'a str,
    /// An HTTP status, if one was told apart from the text.
    pub(super) status: Option<u64>,
    /// The text for people.
    pub(super) text: &'a str,
    /// When a limit ends, if told before.
    pub(super) resets_at: Option<Timestamp>,
}

/// The kind of a failure. Words decide before statuses, statuses before texts.
pub(super) fn failure_kind(told: Told) -> FailureKind {
    by_word(told)
        .or_else(|| by_status(told.status, told))
        .or_else(|| by_text(told))
        .or_else(|| by_status(status_in(told.text), told))
        .unwrap_or(FailureKind::Other)
}

/// The kind of a failure to go on with an earlier session, and what is said of it. What has no other reason (a login, a
/// limit, the network) is the session's own.
pub(super) fn of_resuming(kind: FailureKind, message: String) -> (FailureKind, String) {
    match kind {
        FailureKind::Other => (
            FailureKind::SessionLost,
            format!("The session cannot be resumed: {message}"),
        ),
        kind => (kind, message),
    }
}

fn by_word(told: Told) -> Option<FailureKind> {
    Some(match told.word {
        "authentication_failed" | "oauth_org_not_allowed" | "authentication_error" | "permission_error" => {
            FailureKind::Auth
        }
        "billing_error" => FailureKind::Quota,
        "rate_limit" | "rate_limit_error" => limit(told),
        "prompt_too_long" | "request_too_large" => FailureKind::ContextTooLong,
        "server_error" | "overloaded" | "overloaded_error" | "api_error" | "model_not_found" => {
            FailureKind::Model
        }
        "connection_error" => FailureKind::Network,
        _ => return None,
    })
}

fn by_status(status: Option<u64>, told: Told) -> Option<FailureKind> {
    Some(match status? {
        401 | 403 => FailureKind::Auth,
        402 => FailureKind::Quota,
        413 => FailureKind::ContextTooLong,
        429 => limit(told),
        404 | 500..=599 => FailureKind::Model,
        _ => return None,
    })
}

fn limit(told: Told) -> FailureKind {
    FailureKind::RateLimit {
        resets_at: told.resets_at,
    }
}

fn by_text(told: Told) -> Option<FailureKind> {
    let text = told.text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&[
        "prompt is too long",
        "context window",
        "context length",
        "maximum context",
    ]) {
        Some(FailureKind::ContextTooLong)
    } else if says(&[
        "credit balance",
        "insufficient_quota",
        "out of credits",
        "payment required",
    ]) {
        Some(FailureKind::Quota)
    } else if says(&[
        "not logged in",
        "authentication",
        "unauthorized",
        "unauthenticated",
        "api key",
    ]) {
        Some(FailureKind::Auth)
    } else if says(&["rate limit", "usage limit", "too many requests"]) {
        Some(limit(told))
    } else if says(&["overloaded", "internal server error", "service unavailable"]) {
        Some(FailureKind::Model)
    } else if says(&NETWORK_WORDS) {
        Some(FailureKind::Network)
    } else {
        None
    }
}

const NETWORK_WORDS: [&str; 11] = [
    "unable to connect",
    "connection error",
    "connection refused",
    "connection reset",
    "econnrefused",
    "econnreset",
    "enotfound",
    "etimedout",
    "fetch failed",
    "socket hang up",
    "network error",
];

/// An HTTP status that stands by itself in a text.
fn status_in(text: &str) -> Option<u64> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() == 3)
        .filter_map(|word| word.parse().ok())
        .find(|status| matches!(status, 401 | 402 | 403 | 413 | 429 | 500..=504 | 529))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_text(text: &str) -> FailureKind {
        failure_kind(Told {
            text,
            ..Told::default()
        })
    }

    #[test]
    fn a_word_decides_before_a_status() {
        let told = Told {
            word: "billing_error",
            status: Some(403),
            ..Told::default()
        };
        assert_eq!(failure_kind(told), FailureKind::Quota);
    }

    #[test]
    fn statuses_have_kinds() {
        for (status, kind) in [
            (401, FailureKind::Auth),
            (403, FailureKind::Auth),
            (429, FailureKind::RateLimit { resets_at: None }),
            (529, FailureKind::Model),
            (418, FailureKind::Other),
        ] {
            let told = Told {
                status: Some(status),
                ..Told::default()
            };
            assert_eq!(failure_kind(told), kind, "{status}");
        }
    }

    #[test]
    fn texts_tell_where_nothing_else_does() {
        assert_eq!(of_text("Internal error: stub says 401"), FailureKind::Auth);
        assert_eq!(of_text("Prompt is too long"), FailureKind::ContextTooLong);
        assert_eq!(
            of_text("Unable to connect to API (ConnectionRefused)"),
            FailureKind::Network
        );
        assert_eq!(of_text("took 4010 ms"), FailureKind::Other);
    }
}
