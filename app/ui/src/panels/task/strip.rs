//! The stage strip: worktree, setup, starting, working, review, with their times.

use crate::{ViewContext, panels::conversation, phrase, widgets};
use anyon_model::*;
use egui::{Color32, Ui, WidgetInfo, accesskit::Role};
use lucide_icons::Icon;

/// How far a stage is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Ahead,
    Now,
    Done,
    /// It waits for a person.
    Waits(AttemptStatus),
    /// A person ended it.
    Stopped,
    Failed,
}

/// A stage.
struct Stage<'a> {
    name: &'a str,
    how: How,
    /// How long it takes or took, or how far it is.
    more: String,
}

/// The stages of an attempt as they fit.
pub struct Strip<'a> {
    stages: Vec<Stage<'a>>,
    /// Which of them are told in words; the others are marks.
    worded: Vec<bool>,
    width: f32,
}

impl<'a> Strip<'a> {
    /// With all words where they take no more than so much room, else with those of the stage at hand.
    pub fn of(cx: &ViewContext<'a>, ui: &Ui, shard: &ProjectShard, attempt: &Attempt, most: f32) -> Self {
        let stages = stages(cx, shard, attempt);
        let mut worded = vec![true; stages.len()];
        let mut width = wide(cx, ui, &stages, &worded);
        if width > most {
            worded = at_hand(&stages);
            width = wide(cx, ui, &stages, &worded);
        }
        Self {
            stages,
            worded,
            width,
        }
    }

    /// How much room it takes.
    pub fn width(&self) -> f32 {
        self.width
    }

    /// Paints it.
    pub fn ui(&self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let theme = cx.theme;
        ui.spacing_mut().item_spacing.x = theme.space.xs;
        for (at, (stage, worded)) in self.stages.iter().zip(&self.worded).enumerate() {
            if at > 0 {
                widgets::mark(ui, theme, Icon::ChevronRight, theme.colors.text_faint);
            }
            one(cx, ui, stage, *worded);
        }
        if self.stages.iter().any(|stage| stage.how == How::Now) {
            ui.ctx()
                .request_repaint_after(std::time::Duration::from_millis(theme.motion.tick_ms));
        }
    }
}

/// The stages that are under way, wait for something or went wrong; else the last one.
fn at_hand(stages: &[Stage<'_>]) -> Vec<bool> {
    let is = |stage: &Stage<'_>| match stage.how {
        How::Done => false,
        How::Ahead => !stage.more.is_empty(),
        How::Now | How::Waits(_) | How::Stopped | How::Failed => true,
    };
    let mut worded: Vec<bool> = stages.iter().map(is).collect();
    if let Some(last) = worded.last_mut().filter(|_| !stages.iter().any(is)) {
        *last = true;
    }
    worded
}

fn wide(cx: &ViewContext<'_>, ui: &Ui, stages: &[Stage<'_>], worded: &[bool]) -> f32 {
    let (theme, space) = (cx.theme, &cx.theme.space);
    let of = |words: &str, font| {
        let color = theme.colors.text;
        widgets::clipped(ui, words, font, color, f32::INFINITY, 1)
            .size()
            .x
            + space.xs
    };
    let one = |(stage, worded): (&Stage<'_>, &bool)| {
        let mut width = 2.0 * (space.icon + space.xs);
        if *worded {
            width += of(stage.name, theme.title()) + 2.0 * space.xs;
            if !stage.more.is_empty() {
                width += of(&stage.more, theme.caption());
            }
        }
        width
    };
    stages.iter().zip(worded).map(one).sum::<f32>().ceil()
}

fn one(cx: &ViewContext<'_>, ui: &mut Ui, stage: &Stage<'_>, worded: bool) {
    let theme = cx.theme;
    let (icon, color, words): (_, Color32, Color32) = match stage.how {
        How::Ahead => (Icon::Circle, theme.colors.text_faint, theme.colors.text_faint),
        How::Now => (Icon::CirclePlay, theme.colors.amber, theme.colors.text),
        How::Waits(status) => {
            let (icon, tone) = phrase::mark(status);
            (icon, tone.color(theme), theme.colors.text)
        }
        How::Done => (Icon::CircleCheck, theme.colors.green, theme.colors.text_soft),
        How::Stopped => (Icon::CirclePause, theme.colors.amber, theme.colors.text_soft),
        How::Failed => (Icon::CircleX, theme.colors.red, theme.colors.red),
    };
    let mark = widgets::mark(ui, theme, icon, color);
    if !worded {
        let whole = format!("{} {}", stage.name, stage.more);
        let whole = widgets::shown(whole.trim_end());
        mark.widget_info(|| WidgetInfo::labeled(Role::Label, true, &whole));
        mark.on_hover_text(whole);
        return;
    }
    let font = if matches!(stage.how, How::Now | How::Waits(_)) {
        theme.title()
    } else {
        theme.body()
    };
    ui.label(theme.rich(stage.name, font, words));
    if !stage.more.is_empty() {
        ui.label(theme.small(widgets::shown(&stage.more)));
    }
    ui.add_space(theme.space.xs);
}

fn stages<'a>(cx: &ViewContext<'a>, shard: &ProjectShard, attempt: &Attempt) -> Vec<Stage<'a>> {
    let mut stages = vec![worktree(cx, shard, attempt)];
    let reason = |reason| move |execution: &&std::sync::Arc<Execution>| execution.run_reason == reason;
    let setup = shard
        .executions_of(attempt.id)
        .rfind(reason(RunReason::SetupScript));
    if let Some(setup) = setup {
        let how = match &setup.state {
            ExecutionState::Completed => How::Done,
            ExecutionState::Failed { .. } | ExecutionState::Killed { .. } => How::Failed,
            ExecutionState::Queued { .. } => How::Ahead,
            _ => How::Now,
        };
        let more = took(cx, setup.started_at, setup.ended_at);
        stages.push(Stage {
            name: cx.text.get("task-stage-setup"),
            how,
            more,
        });
    } else if !shard.project.setup_script.is_empty() && shard.last_agent_execution(attempt.id).is_none() {
        stages.push(Stage {
            name: cx.text.get("task-stage-setup"),
            how: How::Ahead,
            more: String::new(),
        });
    }
    let execution = shard.last_agent_execution(attempt.id);
    stages.extend(agent(cx, shard, attempt, execution.map(AsRef::as_ref)));
    stages
}

fn took(cx: &ViewContext<'_>, from: Option<Timestamp>, to: Option<Timestamp>) -> String {
    let ms = from.map(|from| to.unwrap_or(cx.now).ms_since(from));
    // Nothing is said of what was over at once.
    let ms = ms.filter(|ms| *ms >= 1_000);
    ms.map_or(String::new(), |ms| phrase::duration(cx.text, ms))
}

fn worktree<'a>(cx: &ViewContext<'a>, shard: &ProjectShard, attempt: &Attempt) -> Stage<'a> {
    let live = shard
        .executions_of(attempt.id)
        .find_map(|execution| cx.state.live.get(&execution.id));
    let percent = live.and_then(|live| live.worktree_percent);
    let (how, more) = match attempt.worktree.state {
        WorktreeState::Planned => (How::Ahead, String::new()),
        WorktreeState::Creating => {
            let percent = percent.map(|percent| cx.text.with("task-percent", &[("n", percent.into())]));
            (How::Now, percent.unwrap_or_default())
        }
        WorktreeState::Ready | WorktreeState::Removed => (How::Done, String::new()),
    };
    Stage {
        name: cx.text.get("task-stage-worktree"),
        how,
        more,
    }
}

/// Starting, working and review, as the agent's execution tells.
fn agent<'a>(
    cx: &ViewContext<'a>,
    shard: &ProjectShard,
    attempt: &Attempt,
    execution: Option<&Execution>,
) -> [Stage<'a>; 3] {
    let stage = |name: &'a str, how, more| Stage { name, how, more };
    let status = shard.attempt_status(attempt.id).unwrap_or(AttemptStatus::Queued);
    let stopped = execution.is_some_and(|execution| execution.turn_stopped);
    let has_begun = execution.is_some_and(|execution| execution.started_at.is_some());
    let (starting, working, review) = match status {
        AttemptStatus::Queued => (How::Ahead, How::Ahead, How::Ahead),
        AttemptStatus::Starting => (How::Now, How::Ahead, How::Ahead),
        AttemptStatus::Running => (How::Done, How::Now, How::Ahead),
        AttemptStatus::Waiting => (How::Done, How::Waits(status), How::Ahead),
        // The setup failed, or the agent did not come up.
        AttemptStatus::Failed | AttemptStatus::Stopped if execution.is_none() => {
            (How::Ahead, How::Ahead, How::Ahead)
        }
        AttemptStatus::Failed | AttemptStatus::Stopped if !has_begun => (How::Failed, How::Ahead, How::Ahead),
        AttemptStatus::Stopped => (How::Done, How::Stopped, How::Ahead),
        AttemptStatus::Failed => (How::Done, How::Failed, How::Ahead),
        AttemptStatus::Idle | AttemptStatus::Conflicted if stopped => {
            (How::Done, How::Stopped, How::Waits(status))
        }
        AttemptStatus::Idle | AttemptStatus::Conflicted => (How::Done, How::Done, How::Waits(status)),
        AttemptStatus::Landed | AttemptStatus::Dropped => (How::Done, How::Done, How::Done),
    };
    let queued = execution.map_or(String::new(), |execution| match execution.state {
        ExecutionState::Queued { why } => why_queued(cx, why),
        _ => took(
            cx,
            Some(execution.created_at),
            execution.started_at.or(execution.ended_at),
        ),
    });
    let turn = execution
        .filter(|_| working != How::Ahead)
        .and_then(|execution| conversation::last_turn(cx, execution));
    let ended = execution.and_then(|execution| work_ended(execution, turn.as_ref()));
    let asked = shard.pending_approvals(attempt.id);
    let asked = asked.map(|approval| approval.created_at).min();
    let worked = match status {
        AttemptStatus::Waiting => took(cx, asked, None),
        _ => took(cx, turn.and_then(|turn| turn.began), ended),
    };
    let name = match status {
        _ if working == How::Ahead => cx.text.get("task-stage-working"),
        AttemptStatus::Waiting | AttemptStatus::Failed | AttemptStatus::Stopped => {
            phrase::status(cx.text, status)
        }
        _ if working == How::Stopped => cx.text.get("task-stage-stopped"),
        _ => cx.text.get("task-stage-working"),
    };
    let last = match status {
        AttemptStatus::Landed | AttemptStatus::Dropped => phrase::status(cx.text, status),
        _ => cx.text.get("task-stage-review"),
    };
    [
        stage(cx.text.get("task-stage-starting"), starting, queued),
        stage(name, working, worked),
        stage(last, review, String::new()),
    ]
}

/// When the work of the newest turn ended. A process may stay long after that.
fn work_ended(execution: &Execution, turn: Option<&conversation::Turn>) -> Option<Timestamp> {
    match execution.state {
        ExecutionState::Running {
            activity: Activity::Idle { since },
        } => Some(since),
        ExecutionState::Completed
        | ExecutionState::Killed {
            reason: StopReason::IdleLimit | StopReason::TurnOver | StopReason::Shutdown,
        }
        | ExecutionState::Failed {
            kind: FailureKind::Orphaned,
            ..
        } => turn.and_then(|turn| turn.last).or(execution.ended_at),
        _ => execution.ended_at,
    }
}

fn why_queued(cx: &ViewContext<'_>, why: Option<QueueReason>) -> String {
    match why {
        Some(QueueReason::Cap { limit }) => cx.text.with("task-queued-cap", &[("n", limit.into())]),
        Some(QueueReason::Memory { free_mib, floor_mib }) => cx.text.with(
            "task-queued-memory",
            &[("free", free_mib.into()), ("floor", floor_mib.into())],
        ),
        Some(QueueReason::Disk { free_mib, floor_mib }) => cx.text.with(
            "task-queued-disk",
            &[("free", free_mib.into()), ("floor", floor_mib.into())],
        ),
        Some(QueueReason::RateLimit { until }) => {
            let time = phrase::short_time(cx.text, until.ms_since(cx.now));
            cx.text.with("task-queued-limit", &[("time", time.into())])
        }
        Some(QueueReason::Worktree) | None => String::new(),
    }
}
