//! What is said before a landing, without keeping it.

use crate::cli::{cards::AttemptCard, exchange::Exchange, out::Out};
use anyon_model::{Answer, LargeFile, Query};

/// Names files of unusual size that came with the attempt. Where they cannot be looked for the landing itself says why.
pub fn of_large_files(card: &AttemptCard, exchange: &mut Exchange<'_>, out: &mut Out) {
    let attempt_id = card.attempt.id;
    let Ok(Answer::LandingCheck(check)) = exchange.query(Query::LandingCheck { attempt_id }) else {
        return;
    };
    for file in &check.large_files {
        out.note(&words(file));
    }
}

fn words(file: &LargeFile) -> String {
    let mebibytes = file.bytes as f64 / (1024.0 * 1024.0);
    let path = file.path.quoted();
    format!("unusually large: {path} ({mebibytes:.0} MB) stays in the history once it landed")
}
