//! The conversation of an attempt, over all its executions, a page at a time.

use super::{Nature, Verb};
use crate::{
    call::{Call, unexpected},
    page, shape, text,
};
use anyon_model::{
    Answer, AttemptId, Entry, EntryKind, Execution, ExecutionId, LogStream, PageRange, PlanStatus, Problem,
    ProjectShard, Query, ToolStatus,
};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Characters of one entry; the raw log has the rest.
const ENTRY_CHARS: usize = 4_000;
/// Characters of a page, so that one call does not fill a context.
const PAGE_CHARS: usize = 40_000;

/// Reads a log.
pub struct GetAttemptLog;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Wanted {
    /// Id or short id (ANY-12.1)
    attempt_id: String,
    /// entries (default): what was said and done; raw: the agent's output
    format: Option<Format>,
    /// next_cursor of the answer before; without one it begins at the start
    cursor: Option<String>,
    /// Without a cursor: begin so many entries before the end
    tail: Option<u32>,
    /// 1–200, default 50
    limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Entries,
    Raw,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Log {
    attempt_id: String,
    entries: Vec<Line>,
    /// Also given at the end: pass it later to get only what is new
    next_cursor: String,
    /// There is more already
    has_more: bool,
}

/// One thing that was said or done, or one line of output.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Line {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    text: String,
}

impl Verb for GetAttemptLog {
    type Input = Wanted;
    type Output = Log;
    const NAME: &'static str = "get_attempt_log";
    const ABOUT: &'static str = "Read the attempt's conversation";
    const NATURE: Nature = Nature::Reads;

    async fn run(wanted: Wanted, call: &Call) -> Result<Log, Problem> {
        let sight = call.sight().await?;
        let (shard, attempt) = sight.attempt(&wanted.attempt_id)?;
        let runs = runs(shard, attempt.id);
        let raw = wanted.format == Some(Format::Raw);
        let mut place = match (&wanted.cursor, wanted.tail) {
            (Some(cursor), _) => Place::read(cursor, &runs).ok_or_else(|| page::unknown(cursor))?,
            (None, Some(tail)) => before_the_end(&runs, u64::from(tail), raw, call).await?,
            (None, None) => Place::default(),
        };
        let (entries, has_more) = read(&runs, &mut place, page::limit(wanted.limit), raw, call).await?;
        Ok(Log {
            attempt_id: attempt.id.to_string(),
            entries,
            next_cursor: place.written(&runs),
            has_more,
        })
    }
}

/// The newest entries of an attempt, a paragraph each.
pub async fn newest(named: &str, call: &Call) -> Result<Vec<String>, Problem> {
    let sight = call.sight().await?;
    let (shard, attempt) = sight.attempt(named)?;
    let runs = runs(shard, attempt.id);
    let mut place = before_the_end(&runs, 200, false, call).await?;
    let (lines, _) = read(&runs, &mut place, 200, false, call).await?;
    let title = format!("# Log of {}", shape::attempt_name(shard, attempt));
    let paragraphs = lines.into_iter().map(|line| match line.status {
        Some(status) => format!("[{}, {status}] {}", line.kind, line.text),
        None => format!("[{}] {}", line.kind, line.text),
    });
    Ok(std::iter::once(title).chain(paragraphs).collect())
}

/// A place in the log of an attempt: so many lines into an execution.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// Its place among those of the attempt.
    run: usize,
    line: u64,
}

impl Place {
    /// `2:17`, the second execution from its 17th line on.
    fn read(cursor: &str, runs: &[Arc<Execution>]) -> Option<Self> {
        let (number, line) = cursor.split_once(':')?;
        let number: u32 = number.parse().ok()?;
        let run = match number {
            0 => 0,
            _ => runs.iter().position(|run| run.number == number)?,
        };
        Some(Self {
            run,
            line: line.parse().ok()?,
        })
    }

    fn written(self, runs: &[Arc<Execution>]) -> String {
        format!("{}:{}", runs.get(self.run).map_or(0, |run| run.number), self.line)
    }
}

/// All executions of an attempt, scripts too, the oldest first.
fn runs(shard: &ProjectShard, attempt_id: AttemptId) -> Vec<Arc<Execution>> {
    let mut runs: Vec<_> = shard
        .executions_of(attempt_id)
        .filter(|execution| !execution.dropped)
        .cloned()
        .collect();
    runs.sort_by_key(|execution| execution.number);
    runs
}

/// Lines from a place on, which moves past them; whether there are more already.
async fn read(
    runs: &[Arc<Execution>],
    place: &mut Place,
    limit: usize,
    raw: bool,
    call: &Call,
) -> Result<(Vec<Line>, bool), Problem> {
    let (mut lines, mut chars) = (Vec::new(), 0);
    while let Some(run) = runs.get(place.run) {
        let wanted = limit - lines.len();
        let (found, total) = page_of(run.id, place.line, wanted, raw, call).await?;
        for line in found {
            chars += line.text.len();
            if chars > PAGE_CHARS && !lines.is_empty() {
                return Ok((lines, true));
            }
            place.line += 1;
            lines.push(line);
        }
        let is_read = place.line >= total;
        let is_last = place.run + 1 >= runs.len();
        if is_read && is_last {
            return Ok((lines, false));
        }
        if lines.len() >= limit || !is_read {
            return Ok((lines, true));
        }
        *place = Place {
            run: place.run + 1,
            line: 0,
        };
    }
    Ok((lines, false))
}

/// The place that has so many lines after it.
async fn before_the_end(
    runs: &[Arc<Execution>],
    tail: u64,
    raw: bool,
    call: &Call,
) -> Result<Place, Problem> {
    let mut missing = tail;
    for (run, execution) in runs.iter().enumerate().rev() {
        let (_, total) = page_of(execution.id, 0, 0, raw, call).await?;
        if total >= missing {
            return Ok(Place {
                run,
                line: total - missing,
            });
        }
        missing -= total;
    }
    Ok(Place::default())
}

/// Lines of one execution, and how many it has.
async fn page_of(
    execution_id: ExecutionId,
    first: u64,
    count: usize,
    raw: bool,
    call: &Call,
) -> Result<(Vec<Line>, u64), Problem> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let range = PageRange::From { first, count };
    let query = match raw {
        true => Query::RawLog { execution_id, range },
        false => Query::Entries { execution_id, range },
    };
    match call.query(query).await? {
        Answer::Entries(page) => {
            let lines = page.entries.iter().map(|entry| line(entry)).collect();
            Ok((lines, page.total))
        }
        Answer::RawLog(page) => {
            let raw_line = |line: &anyon_model::LogLine| Line {
                kind: match line.stream {
                    LogStream::Out => "out",
                    LogStream::Err => "err",
                    LogStream::In => "in",
                },
                status: None,
                text: text::cut(&String::from_utf8_lossy(&line.bytes), ENTRY_CHARS),
            };
            Ok((page.lines.iter().map(raw_line).collect(), page.total))
        }
        _ => Err(unexpected()),
    }
}

fn line(entry: &Entry) -> Line {
    let (kind, status, said) = match &entry.kind {
        EntryKind::UserMessage { text } => ("user_message", None, text.clone()),
        EntryKind::AssistantMessage { text } => ("assistant_message", None, text.clone()),
        EntryKind::Thinking { text } => ("thinking", None, text.clone()),
        EntryKind::SystemMessage { text } => ("system_message", None, text.clone()),
        EntryKind::ErrorMessage { text, .. } => ("error_message", None, text.clone()),
        EntryKind::Raw { text, .. } => ("raw", None, text.clone()),
        EntryKind::TokenUsage { usage } => (
            "token_usage",
            None,
            format!("{} in, {} out", usage.input, usage.output),
        ),
        EntryKind::Plan { items } => {
            let steps = items
                .iter()
                .map(|item| format!("[{}] {}", mark(item.status), item.text));
            ("plan", None, steps.collect::<Vec<_>>().join("\n"))
        }
        EntryKind::ToolUse(tool) => {
            let output = tool.output.as_ref().map(|output| output.text.trim_end());
            let said = match output.filter(|output| !output.is_empty()) {
                Some(output) => format!("{}: {}\n{output}", tool.tool, tool.title),
                None => format!("{}: {}", tool.tool, tool.title),
            };
            ("tool_use", Some(tool_status(&tool.status)), said)
        }
    };
    Line {
        kind,
        status,
        text: text::cut(&said, ENTRY_CHARS),
    }
}

fn mark(status: PlanStatus) -> char {
    match status {
        PlanStatus::Pending => ' ',
        PlanStatus::InProgress => '~',
        PlanStatus::Completed => 'x',
    }
}

fn tool_status(status: &ToolStatus) -> &'static str {
    match status {
        ToolStatus::Created => "created",
        ToolStatus::PendingApproval => "pending_approval",
        ToolStatus::Success => "success",
        ToolStatus::Failed => "failed",
        ToolStatus::Denied { .. } => "denied",
        ToolStatus::TimedOut => "timed_out",
    }
}
