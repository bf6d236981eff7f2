//! What the host tells: snapshots and events, and what follows from them for pages, toasts and the place.

use super::{Shell, Stage};
use crate::{
    NoticeAbout, Place, Request, asked,
    desk::{Sent, Toast},
    overview::Waiting,
    panels::landing,
    phrase,
};
use anyon_model::{AttemptId, Client, Event, FocusOn, Problem, ProblemCode, Query, State};
use egui::Context;

impl Shell {
    pub(super) fn follow_state(&mut self, ctx: &Context) {
        let before = self.overview.waiting().to_vec();
        let changed = self.overview.follow(&self.state);
        if self.stage == Stage::Open {
            self.call_for(ctx, &before);
        }
        if changed.is_empty() {
            return;
        }
        // Nobody watches these worktrees: a new status is the sign that their files may have changed.
        self.desk.borrow_mut().pages.forget(|query| match query {
            Query::DiffSummary { attempt_id, .. } | Query::LandingCheck { attempt_id } => {
                changed.contains(attempt_id)
            }
            _ => false,
        });
    }

    /// What waits for the person now and did not before is told where nobody looks at the window.
    fn call_for(&mut self, ctx: &Context, before: &[Waiting]) {
        if is_looked_at(ctx) {
            return;
        }
        let known = |one: &&Waiting| before.iter().any(|other| other.is_same(one));
        let mut news = self
            .overview
            .waiting()
            .iter()
            .filter(|one| !known(one))
            .peekable();
        if news.peek().is_none() {
            return;
        }
        let mut desk = self.desk.borrow_mut();
        desk.requests.push(Request::Attention(true));
        for one in news {
            // Attempts are told of by the engine.
            if let Waiting::Asked { command_id, .. } = one
                && let Some(asked) = self.state.confirmations.get(command_id)
            {
                desk.requests.push(Request::Notify {
                    title: asked::title(&self.text, &self.state, asked),
                    body: asked::words(&self.text, &self.state, &asked.command),
                    open: self.text.get("common-notice-open").to_owned(),
                    about: NoticeAbout::Asked(*command_id),
                });
            }
        }
        self.calls = true;
    }

    /// The person comes back from elsewhere, where they may have worked on the files of an attempt: the figures of cards
    /// in sight are asked again. Watching the worktree of each card would cost far more.
    pub(super) fn look_again_on_return(&mut self, ctx: &Context) {
        let focused = ctx.input(|input| input.raw.focused);
        if focused && !std::mem::replace(&mut self.focused, focused) {
            self.desk
                .borrow_mut()
                .pages
                .forget(|query| matches!(query, Query::DiffSummary { watch: false, .. }));
        }
        self.focused = focused;
    }

    /// The person looks at the window: it need not call any more.
    pub(super) fn rest_when_seen(&mut self, ctx: &Context) {
        if self.calls && is_looked_at(ctx) {
            self.calls = false;
            self.desk.borrow_mut().requests.push(Request::Attention(false));
        }
    }

    pub(super) fn on_event(&mut self, client: &dyn Client, ctx: &Context, event: Event) {
        let mut desk = self.desk.borrow_mut();
        desk.pages.on_event(&event);
        match event {
            Event::CommandDone {
                command_id, result, ..
            } => {
                if let (Some(sent), Ok(outcome)) = (desk.done(command_id, &result), &result) {
                    let told = landing::told(&self.state, (&sent.command, sent.about), outcome);
                    desk.new_toasts.extend(told.toast.filter(|_| !sent.follows));
                    if let Some(command) = told.next {
                        let sent = Sent::following(&self.state, command.clone());
                        desk.sent(client.send(command), sent, false);
                    }
                    // Where the target moved, other attempts may conflict now.
                    desk.pages
                        .forget(|query| matches!(query, Query::LandingCheck { .. }));
                }
            }
            Event::Failed(problem) => {
                desk.new_toasts.push(Toast::fault(&problem));
                self.last_failure = Some(problem);
            }
            // The new host may know less of what the old one said last.
            Event::HostChanged => desk.pages.forget(|_| true),
            Event::Focus { on } => {
                desk.requests.push(Request::ComeToFront);
                drop(desk);
                self.focus(on);
            }
            Event::Ended => {
                drop(desk);
                self.no_host();
            }
            Event::Notify {
                title, attempt_id, ..
            } => {
                let seen = is_looked_at(ctx) && shows(&self.place, &self.state, attempt_id);
                if let (false, Some((_, view))) = (seen, self.overview.attempt(attempt_id)) {
                    // Desktops show it on locked screens and keep it: no word of an agent, no command.
                    desk.requests.push(Request::Notify {
                        title,
                        body: phrase::notice(&self.text, view),
                        open: self.text.get("common-notice-open").to_owned(),
                        about: NoticeAbout::Attempt(attempt_id),
                    });
                }
            }
            _ => {}
        }
    }

    /// Another program wants the person to look here, at this.
    fn focus(&mut self, on: Option<FocusOn>) {
        let place = match on {
            None => None,
            Some(FocusOn::Project { project_id }) => Some(Place::Board {
                project: Some(project_id),
            }),
            Some(FocusOn::Task { task_id }) => Some(Place::task(task_id)),
            Some(FocusOn::Attempt { attempt_id }) => {
                let shard = self.state.shard_of_attempt(attempt_id);
                let attempt = shard.and_then(|shard| shard.attempts.get(&attempt_id));
                attempt.map(|attempt| Place::attempt(attempt.task_id, attempt_id))
            }
        };
        if let Some(place) = place {
            self.go(place);
        }
    }

    /// There is no host any more, and there will be none.
    fn no_host(&mut self) {
        let why = self.last_failure.take();
        let unknown = || Problem::new(ProblemCode::HostGone, self.text.get("common-host-gone"));
        self.stage = Stage::Failed(why.unwrap_or_else(unknown));
    }
}

/// The window has the keyboard and is on the screen. Read from the raw input: while the window is hidden there are no
/// frames, and egui's own word is that of the last one.
fn is_looked_at(ctx: &Context) -> bool {
    ctx.input(|input| input.raw.focused && input.raw.viewport().visible() != Some(false))
}

fn shows(place: &Place, state: &State, attempt: AttemptId) -> bool {
    let Place::Task {
        task_id, attempt_id, ..
    } = place
    else {
        return false;
    };
    let shard = state.shard_of_attempt(attempt);
    let newest = shard
        .and_then(|shard| shard.attempts_of(*task_id).last())
        .map(|newest| newest.id);
    attempt_id.or(newest) == Some(attempt)
}
