//! Waiting until an attempt needs somebody.

use super::{Nature, Verb, status};
use crate::{
    call::Call,
    link::News,
    shape::{self, AttemptCard},
};
use anyon_model::{AttemptStatus, Problem};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, timeout},
};

/// Shorter than the minute after which clients give up that were told nothing else.
const USUAL_SECONDS: u32 = 50;
const MOST_SECONDS: u32 = 3_600;
/// How often a caller hears that it is not forgotten.
const BEAT: Duration = Duration::from_secs(3);

/// Waits.
pub struct WaitForAttempt;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Patience {
    /// Id or short id (ANY-12.1)
    attempt_id: String,
    /// 0–3600, default 50; call again while timed_out
    timeout_seconds: Option<u32>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Waited {
    timed_out: bool,
    waited_seconds: u64,
    #[serde(flatten)]
    attempt: AttemptCard,
}

impl Verb for WaitForAttempt {
    type Input = Patience;
    type Output = Waited;
    const NAME: &'static str = "wait_for_attempt";
    const ABOUT: &'static str = "Wait until the agent is idle, asks for an approval or ends; answers as \
                                 get_attempt_status. Cheaper than asking again and again";
    const NATURE: Nature = Nature::Reads;

    async fn run(asked: Patience, call: &Call) -> Result<Waited, Problem> {
        let seconds = asked.timeout_seconds.unwrap_or(USUAL_SECONDS).min(MOST_SECONDS);
        let begun = Instant::now();
        let timed_out = !settled(&asked.attempt_id, seconds, begun, call).await?;
        Ok(Waited {
            timed_out,
            waited_seconds: begun.elapsed().as_secs(),
            attempt: status::card_with_summaries(&asked.attempt_id, call).await?,
        })
    }
}

/// Whether the attempt came to rest before the time was over.
async fn settled(named: &str, seconds: u32, begun: Instant, call: &Call) -> Result<bool, Problem> {
    let limit = begun + Duration::from_secs(u64::from(seconds));
    let mut news = call.news();
    let mut told = String::new();
    let mut next_beat = begun;
    loop {
        let now = Instant::now();
        let (status, words) = look(named, call).await?;
        if !status.is_active() || status == AttemptStatus::Waiting {
            return Ok(true);
        }
        if now >= limit {
            return Ok(false);
        }
        if now >= next_beat || words != told {
            call.tell(
                (begun.elapsed().as_secs_f64() * 10.0).round() / 10.0,
                f64::from(seconds),
                words.clone(),
            )
            .await;
            (told, next_beat) = (words, now + BEAT);
        }
        let until = limit.min(next_beat);
        while let Ok(heard) = timeout(until.saturating_duration_since(Instant::now()), news.recv()).await {
            match heard {
                Ok(News::Entries(_) | News::Diff(_)) => {}
                // Its sender lives as long as the server.
                Ok(News::State | News::Over) | Err(RecvError::Lagged(_) | RecvError::Closed) => break,
            }
        }
    }
}

async fn look(named: &str, call: &Call) -> Result<(AttemptStatus, String), Problem> {
    let sight = call.sight().await?;
    let (shard, attempt) = sight.attempt(named)?;
    let status = shard.attempt_status(attempt.id).unwrap_or(AttemptStatus::Queued);
    let card = AttemptCard::of(&sight.state, shard, attempt);
    let words = match card.detail {
        Some(detail) => format!("{}: {detail}", shape::status_word(shard, attempt)),
        None => card.status,
    };
    Ok((status, words))
}
