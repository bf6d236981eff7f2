//! An attempt that waits for a limit of its agent's service to end: until when, and the way not to wait.

use crate::{
    ViewContext,
    panels::task::agent_name,
    phrase,
    theme::measures::composer as measures,
    widgets::{self, Button},
};
use anyon_model::*;
use egui::Ui;
use lucide_icons::Icon;
use std::time::Duration;

const HOUR_MS: i64 = 3_600_000;

/// Paints the line, if the attempt waits for that.
pub fn ui(cx: &ViewContext<'_>, ui: &mut Ui, shard: &ProjectShard, attempt_id: AttemptId) {
    let state = shard
        .last_agent_execution(attempt_id)
        .map(|execution| &execution.state);
    let Some(ExecutionState::Queued {
        why: Some(QueueReason::RateLimit { until }),
    }) = state
    else {
        return;
    };
    let session = shard.last_session(attempt_id);
    let agent = session.map_or_else(String::new, |session| agent_name(cx, &session.profile.executor));
    let left_ms = until.ms_since(cx.now).max(0);
    let time = phrase::duration(cx.text, left_ms);
    let words = cx.text.with(
        "composer-limit",
        &[("agent", agent.into()), ("time", time.into())],
    );
    // From an hour on only minutes are told.
    let next = if left_ms > HOUR_MS {
        measures::LIMIT_TICK
    } else {
        Duration::from_millis(cx.theme.motion.tick_ms)
    };
    ui.ctx().request_repaint_after(next);
    widgets::steady(ui, "limit", |ui| {
        ui.horizontal_wrapped(|ui| {
            widgets::mark(ui, cx.theme, Icon::Hourglass, cx.theme.colors.amber);
            ui.label(cx.theme.soft(&words));
            let now = Button::quiet(cx.text.get("composer-limit-start")).icon(Icon::Play);
            let hint = cx.text.get("composer-limit-hint");
            if now.show(ui, cx.theme).on_hover_text(hint).clicked() {
                cx.send(Command::StartNow { attempt_id });
            }
        });
    });
}
