//! Phrases that many panels say: ages, counts, and how an attempt or a task stands in one line.

use crate::{
    Catalogue,
    overview::AttemptView,
    widgets::{Tone, shown},
};
use anyon_model::{
    Actor, AnsweredBy, ApprovalAnswer, ApprovalRequest, ApprovalState, Attempt, AttemptStatus, Deed,
    ExecutionState, FailureKind, FilePath, Live, Question, QueueReason, State, Timestamp,
};
use lucide_icons::Icon;

/// A number as it is read: `15,739,471`. Both languages write it so.
pub fn figure(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// How long ago, in one short word: `now`, `4m`, `3h`, `2d`; in Korean with the word for it: `4분 전`.
pub fn age(text: &Catalogue, now: Timestamp, then: Timestamp) -> String {
    let seconds = now.ms_since(then) / 1000;
    match seconds {
        ..60 => text.get("age-now").to_owned(),
        _ => text.with("age-ago", &[("time", long(text, seconds).into())]),
    }
}

/// Minutes, hours, days or years.
fn long(text: &Catalogue, seconds: i64) -> String {
    let of = |key: &'static str, n: i64| text.with(key, &[("n", n.into())]);
    match seconds {
        ..3_600 => of("age-minutes", seconds / 60),
        3_600..86_400 => of("age-hours", seconds / 3_600),
        86_400..31_536_000 => of("age-days", seconds / 86_400),
        _ => of("age-years", seconds / 31_536_000),
    }
}

/// How long something takes already, in one short word that does not change each second: `8s`, `4m`, `3h`.
pub fn short_time(text: &Catalogue, ms: i64) -> String {
    if ms < 60_000 {
        duration(text, ms)
    } else {
        long(text, ms / 1000)
    }
}

/// How long something took or takes: `8s`, `4m 10s`, `2h 5m`; zeros are not said: `3h`.
pub fn duration(text: &Catalogue, ms: i64) -> String {
    let seconds = (ms / 1000).max(0);
    let of = |key: &'static str, a: i64, b: i64| text.with(key, &[("a", a.into()), ("b", b.into())]);
    match seconds {
        0..60 => text.with("duration-seconds", &[("n", seconds.into())]),
        60..3_600 if seconds % 60 == 0 => text.with("age-minutes", &[("n", (seconds / 60).into())]),
        3_600.. if seconds % 3_600 < 60 => text.with("age-hours", &[("n", (seconds / 3_600).into())]),
        60..3_600 => of("duration-minutes", seconds / 60, seconds % 60),
        _ => of("duration-hours", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// The word for an attempt's status.
pub fn status(text: &Catalogue, status: AttemptStatus) -> &str {
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

/// The product behind an executor's id. Names are not translated.
pub fn agent_name(executor: &str) -> String {
    match executor {
        "CLAUDE_CODE" => "Claude Code".into(),
        "CODEX" => "Codex".into(),
        "GEMINI" => "Gemini CLI".into(),
        "QWEN_CODE" => "Qwen Code".into(),
        "COPILOT" => "Copilot".into(),
        "OPENCODE" => "OpenCode".into(),
        "CURSOR" => "Cursor".into(),
        "CURSOR_AGENT" => "Cursor Agent".into(),
        "AMP" => "Amp".into(),
        "DEMO" => "Demo".into(),
        other => other.to_owned(),
    }
}

/// The mark of an agent: each of those that Anyon knows has its own, wherever one is named.
pub fn agent_icon(executor: &str) -> Icon {
    match executor {
        "CLAUDE_CODE" => Icon::Asterisk,
        "CODEX" => Icon::Hexagon,
        "GEMINI" => Icon::Sparkle,
        "QWEN_CODE" => Icon::Orbit,
        "COPILOT" => Icon::Plane,
        "OPENCODE" => Icon::SquareTerminal,
        "CURSOR" => Icon::SquareMousePointer,
        "CURSOR_AGENT" => Icon::MousePointer2,
        "AMP" => Icon::Zap,
        "DEMO" => Icon::FlaskConical,
        _ => Icon::Bot,
    }
}

/// Who did something. Names come from outside: they are made fit to be shown.
pub fn actor(text: &Catalogue, state: &State, actor: &Actor) -> String {
    match actor {
        Actor::Person => text.get("actor-person").to_owned(),
        Actor::System => text.get("actor-system").to_owned(),
        Actor::Mcp { client } => text.with("actor-mcp", &[("client", shown(client).into())]),
        Actor::Agent { attempt_id } => {
            let shard = state.shard_of_attempt(*attempt_id);
            let attempt = shard.and_then(|shard| shard.attempts.get(attempt_id));
            let session = shard.and_then(|shard| shard.last_session(*attempt_id));
            let task = attempt.and_then(|attempt| state.short_id(attempt.task_id));
            match (session, task) {
                (Some(session), Some(task)) => text.with(
                    "actor-agent",
                    &[
                        ("agent", agent_name(&session.profile.executor).into()),
                        ("task", task.into()),
                    ],
                ),
                _ => text.get("actor-agent-gone").to_owned(),
            }
        }
    }
}

/// What somebody did: `Landed by claude-code over MCP`. `None`: it has no words of its own.
pub fn did(text: &Catalogue, state: &State, deed: Deed, by: &Actor) -> Option<String> {
    let key = match deed {
        Deed::Create => "actor-did-create",
        Deed::Update => "actor-did-update",
        Deed::Start => "actor-did-start",
        Deed::Prompt => "actor-did-prompt",
        Deed::Stop => "actor-did-stop",
        Deed::ChangeApproval => "actor-did-change-approval",
        Deed::Commit => "actor-did-commit",
        Deed::Merge => "actor-did-merge",
        Deed::UndoMerge => "actor-did-undo-merge",
        Deed::Drop => "actor-did-drop",
        Deed::Restore => "actor-did-restore",
        Deed::Other => return None,
    };
    Some(text.with(key, &[("who", actor(text, state, by).into())]))
}

/// Who answered a question, and how. `None`: nobody did, or what an attempt may do anyway.
pub fn answered(text: &Catalogue, state: &State, approval: &ApprovalState) -> Option<String> {
    let ApprovalState::Answered { answer, by } = approval else {
        return None;
    };
    let who = match by {
        AnsweredBy::Actor { actor: by } => actor(text, state, by),
        AnsweredBy::Rule { .. } => text.get("actor-rule").to_owned(),
        AnsweredBy::Mode => return None,
    };
    let key = match answer {
        ApprovalAnswer::Approved { .. } => "actor-did-allow",
        ApprovalAnswer::Denied { .. } => "actor-did-deny",
        ApprovalAnswer::Answered { .. } => "actor-did-answer",
    };
    Some(text.with(key, &[("who", who.into())]))
}

/// The mark of who did something.
pub fn actor_icon(actor: &Actor) -> Icon {
    match actor {
        Actor::Person => Icon::User,
        Actor::System => Icon::Settings,
        Actor::Mcp { .. } => Icon::Plug,
        Actor::Agent { .. } => Icon::Bot,
    }
}

/// In which way something failed, in two or three words.
pub fn failure<'a>(text: &'a Catalogue, kind: &FailureKind) -> &'a str {
    text.get(match kind {
        FailureKind::Spawn => "failure-spawn",
        FailureKind::NotInstalled => "failure-not-installed",
        FailureKind::UnsupportedVersion => "failure-version",
        FailureKind::Auth => "failure-auth",
        FailureKind::RateLimit { .. } => "failure-rate-limit",
        FailureKind::Quota => "failure-quota",
        FailureKind::ContextTooLong => "failure-context",
        FailureKind::Network => "failure-network",
        FailureKind::Model => "failure-model",
        FailureKind::Exit { .. } | FailureKind::Signal { .. } => "failure-exit",
        FailureKind::Protocol => "failure-protocol",
        FailureKind::Orphaned => "failure-orphaned",
        FailureKind::Worktree => "failure-worktree",
        FailureKind::Setup => "failure-setup",
        FailureKind::Other => "failure-other",
        FailureKind::SessionLost => "failure-session-lost",
    })
}

/// Who asks for what, without its words.
pub fn asks(text: &Catalogue, agent: &str, question: &Question) -> String {
    let agent = [("agent", agent.into())];
    match question {
        Question::Command { .. } => text.with("approvals-asks-command", &agent),
        Question::Edit { .. } => text.with("approvals-asks-edit", &agent),
        Question::Read { .. } => text.with("approvals-asks-read", &agent),
        Question::Fetch { .. } => text.with("approvals-asks-fetch", &agent),
        Question::Tool { .. } => text.with("approvals-asks-tool", &agent),
        Question::Plan { .. } => text.with("approvals-asks-plan", &agent),
        Question::Choice { .. } => text.with("approvals-asks-choice", &agent),
    }
}

/// What the desktop is told of an attempt. Nothing that an agent wrote: it may hold secrets.
pub fn notice(text: &Catalogue, view: &AttemptView) -> String {
    let session = view.session.as_ref();
    let agent = session.map_or_else(String::new, |session| agent_name(&session.profile.executor));
    match (
        view.approvals.last(),
        view.execution.as_ref().map(|execution| &execution.state),
    ) {
        (Some(approval), _) => asks(text, &agent, &approval.request.question),
        (None, Some(ExecutionState::Failed { kind, .. })) => {
            let why = failure(text, kind);
            text.with(
                "common-notice-failed",
                &[("agent", agent.into()), ("why", why.into())],
            )
        }
        _ => text.with("common-notice-done", &[("agent", agent.into())]),
    }
}

/// The object of a question in one line: the command, the file, the address.
pub fn asked(text: &Catalogue, request: &ApprovalRequest) -> String {
    let first = |paths: &[FilePath]| match paths {
        [] => request.tool.clone(),
        [one] => one.to_string(),
        [one, others @ ..] => format!("{one} +{}", others.len()),
    };
    let line = match &request.question {
        Question::Command { command, .. } => command.clone(),
        Question::Edit { paths } | Question::Read { paths } => first(paths),
        Question::Fetch { target } => target.clone(),
        Question::Plan { .. } => text.get("approvals-plan").to_owned(),
        Question::Tool { .. } => request.tool.clone(),
        Question::Choice { questions } => questions
            .first()
            .map_or_else(|| request.tool.clone(), |question| question.question.clone()),
    };
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How an attempt stands, in one line with its object: `Asks: npm test`, `4m · editing main.rs`. `diff`: lines added
/// and removed, once known.
pub fn state_line(
    text: &Catalogue,
    now: Timestamp,
    (attempt, view, live): (&Attempt, &AttemptView, Option<&Live>),
    diff: Option<(u64, u64)>,
) -> String {
    match view.status {
        AttemptStatus::Waiting => match view.approvals.first() {
            Some(approval) => text.with("state-asks", &[("what", asked(text, &approval.request).into())]),
            None => status(text, view.status).to_owned(),
        },
        AttemptStatus::Failed => match view.execution.as_ref().map(|execution| &execution.state) {
            Some(ExecutionState::Failed { kind, .. }) => {
                text.with("state-failed-because", &[("why", failure(text, kind).into())])
            }
            _ => status(text, view.status).to_owned(),
        },
        AttemptStatus::Idle => match diff {
            Some((0, 0)) => text.get("state-no-changes").to_owned(),
            Some((added, removed)) => text.with(
                "state-review-diff",
                &[
                    ("added", figure(added).into()),
                    ("removed", figure(removed).into()),
                ],
            ),
            None => status(text, view.status).to_owned(),
        },
        AttemptStatus::Running => at_work(text, now, view, live),
        AttemptStatus::Starting => match live.and_then(|live| live.worktree_percent) {
            Some(percent) => text.with("state-worktree", &[("percent", i64::from(percent).into())]),
            None => status(text, view.status).to_owned(),
        },
        AttemptStatus::Queued => queued(text, now, view),
        AttemptStatus::Landed => text.with("state-landed-on", &[("target", attempt.target.as_str().into())]),
        AttemptStatus::Conflicted => conflicts(text, view),
        AttemptStatus::Stopped if view.was_interrupted() => text.get("state-interrupted").to_owned(),
        AttemptStatus::Stopped | AttemptStatus::Dropped => status(text, view.status).to_owned(),
    }
}

/// How many files conflict: `Conflicts: 2 files`.
pub fn conflicts(text: &Catalogue, view: &AttemptView) -> String {
    let files = view
        .conflicts
        .as_ref()
        .map_or(0, |conflicts| conflicts.files.len());
    text.with("state-conflicts", &[("n", files.into())])
}

fn at_work(text: &Catalogue, now: Timestamp, view: &AttemptView, live: Option<&Live>) -> String {
    let started = view.execution.as_ref().and_then(|execution| execution.started_at);
    let since = live.and_then(|live| live.turn_since).or(started);
    let time = since.map_or_else(String::new, |since| short_time(text, now.ms_since(since)));
    let doing = live
        .map(|live| live.retrying.as_deref().unwrap_or(&live.activity))
        .unwrap_or_default();
    let doing = if doing.is_empty() {
        text.get("state-working")
    } else {
        doing
    };
    text.with("state-at-work", &[("time", time.into()), ("doing", doing.into())])
}

fn queued(text: &Catalogue, now: Timestamp, view: &AttemptView) -> String {
    let why = view
        .execution
        .as_ref()
        .and_then(|execution| match execution.state {
            ExecutionState::Queued { why } => why,
            _ => None,
        });
    match why {
        Some(QueueReason::Cap { limit }) => {
            text.with("state-queued-cap", &[("limit", i64::from(limit).into())])
        }
        Some(QueueReason::Memory { .. }) => text.get("state-queued-memory").to_owned(),
        Some(QueueReason::Disk { .. }) => text.get("state-queued-disk").to_owned(),
        Some(QueueReason::RateLimit { until }) => text.with(
            "state-queued-limit",
            &[("time", short_time(text, until.ms_since(now)).into())],
        ),
        Some(QueueReason::Worktree) | None => text.get("state-queued").to_owned(),
    }
}
