//! The conversation of an attempt: entries as cards, virtualised.

mod entry;
mod foot;
mod lay;
mod markdown;
mod paint;
mod rows;
mod since;
mod turn;

pub use lay::{Lines, ansi_line, diff_rows};
pub use paint::visible_lines;
pub use rows::{blocks, edits};
pub use turn::{Turn, last_turn, said_before};

use super::task::agent_name;
use crate::{
    Request, ViewContext, phrase, problem, request::EditorTarget, theme::measures::conversation as measures,
    widgets,
};
use anyon_model::*;
use egui::{Frame, Margin, Ui};
use entry::Source;
use foot::PlanPlace;
use lay::{Laid, Layouter, Press};
use lucide_icons::Icon;
use paint::Did;
use rows::{Part, Row, RowKey};
use since::{SeenBook, Since};
use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

/// Rows whose layout is kept; beyond, those out of sight go.
const KEPT: usize = 600;
/// Milliseconds between two writes of the place.
const WRITE_MS: i64 = 1_000;

/// Seconds after which what is new to a person is known.
const ARRIVAL_S: f64 = 0.6;

/// The conversation.
#[derive(Default)]
pub struct Conversation {
    /// Whose, in the last frame.
    attempt: Option<AttemptId>,
    /// Its rows were known when the person came.
    arrived: bool,
    /// When the person came, in the window's seconds.
    came_s: Option<f64>,
    /// The frame that last painted it.
    frame: u64,
    /// The window had the keyboard then.
    focused: bool,
    list: widgets::VirtualList,
    /// The place that was kept, until the rows around it are there with their heights: a list that is still short
    /// would take its end for the place.
    held: Option<f64>,
    toggled: HashSet<RowKey>,
    all: HashSet<RowKey>,
    laid: RefCell<HashMap<(ExecutionId, u64), Kept>>,
    seen: SeenBook,
    since: Option<Since>,
    plan: Option<PlanPlace>,
    plan_open: bool,
    written: (Timestamp, String),
}

/// A layout and what it was made from.
struct Kept {
    from: From,
    laid: Rc<Laid>,
}

/// What a row's layout was made from.
#[derive(PartialEq)]
struct From {
    width: u32,
    dark: bool,
    glyphs: u64,
    language: crate::Language,
    what: What,
}

#[derive(Clone, PartialEq)]
enum What {
    Entry(Source),
    Head(Arc<Execution>, bool, Option<Speaker>),
    /// How it ended, and whether its agent was started again.
    End(Arc<Execution>, bool),
    Waiting,
}

impl Conversation {
    /// Paints it for an attempt.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, attempt_id: AttemptId) {
        let (parts, total) = rows::parts(cx, attempt_id);
        self.notice_return(ui, attempt_id);
        self.arrive(cx, ui, &parts, attempt_id);
        self.plan = foot::find_plan(cx, &parts, self.plan);
        let space = &cx.theme.space;
        let margin = Margin::symmetric(space.xl as i8, space.xs as i8);
        let foot = egui::Panel::bottom("conversation foot")
            .frame(Frame::new().inner_margin(margin))
            .resizable(false)
            .show_separator_line(false)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = space.xs;
                foot::activity(cx, ui, &parts);
                if let Some(place) = self.plan {
                    foot::plan(cx, ui, &parts, place, &mut self.plan_open);
                }
            });
        widgets::settled(ui, &foot.response);
        let margin = Margin {
            left: space.xl as i8,
            top: space.m as i8,
            ..Margin::ZERO
        };
        egui::CentralPanel::no_frame()
            .frame(Frame::new().inner_margin(margin))
            .show(ui, |ui| {
                if total == 0 {
                    widgets::loading(ui, cx.theme, cx.text);
                } else {
                    self.rows(cx, ui, &parts, total);
                }
            });
        self.keep_place(cx, ui, attempt_id);
        if self.arrived && self.focused && self.seen.see(cx, &parts, attempt_id) {
            // Nothing else may paint again before it is due.
            let wait = std::time::Duration::from_millis(since::WRITE_MS.unsigned_abs());
            ui.ctx().request_repaint_after(wait);
        }
    }

    /// The person was at another place, or in another window: what came meanwhile is marked as new.
    fn notice_return(&mut self, ui: &Ui, attempt_id: AttemptId) {
        let frame = ui.ctx().cumulative_frame_nr();
        let focused = ui.input(|input| input.focused);
        let was_away = frame > self.frame + 1 || (focused && !self.focused);
        if was_away && self.attempt == Some(attempt_id) {
            self.arrived = false;
            (self.since, self.came_s) = (None, None);
        }
        (self.frame, self.focused) = (frame, focused);
    }

    /// The person comes to an attempt: where they were, or at what is new.
    fn arrive(&mut self, cx: &ViewContext<'_>, ui: &Ui, parts: &[Part], attempt_id: AttemptId) {
        if self.attempt != Some(attempt_id) {
            self.attempt = Some(attempt_id);
            self.arrived = false;
            self.list = widgets::VirtualList::from_end();
            (self.since, self.plan, self.came_s) = (None, None, None);
            let kept = cx.note(&place_note(attempt_id));
            self.held = kept.and_then(|kept| kept.parse().ok());
        }
        let now_s = ui.input(|input| input.time);
        let came_s = *self.came_s.get_or_insert(now_s);
        if !self.arrived && parts.iter().any(|part| part.entries > 0) {
            self.since = self.seen.arrive(cx, parts, attempt_id);
            // What is shown at once may be the pages of before: those of now are given a moment.
            self.arrived = self.since.is_some() || now_s - came_s > ARRIVAL_S;
            ui.ctx()
                .request_repaint_after(std::time::Duration::from_secs_f64(ARRIVAL_S));
            if let Some(since) = &self.since {
                self.held = None;
                let part = parts.iter().find(|part| part.execution.id == since.row.0);
                self.list
                    .reveal(part.map_or(0, |part| part.first + 1 + since.row.1));
            }
        }
        if let Some(since) = &mut self.since {
            since.summarise(cx, attempt_id);
        }
    }

    fn rows(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, parts: &[Part], total: u64) {
        let width = ui.available_width() - cx.theme.space.xl;
        let width = width.min(measures::TEXT_MAX).floor();
        let Self {
            list,
            laid,
            toggled,
            all,
            since,
            held,
            came_s,
            ..
        } = self;
        let waits = Cell::new(false);
        let layout = |ui: &Ui, row: u64| -> Rc<Laid> {
            let what = what(cx, parts, row, (toggled, all), since.as_ref());
            waits.set(waits.get() || what == What::Waiting);
            layout(cx, ui, (width, row_key(parts, row)), what, laid)
        };
        if let Some(top) = *held {
            list.set_top(top);
        }
        let mut did = None;
        let label = cx.text.get("conversation-name");
        let listed = list.show(
            ui,
            cx.theme,
            (label, total),
            |ui, row| layout(ui, row).height,
            |ui, row| {
                let laid = layout(ui, row);
                if let Some(done) = paint::paint(ui, cx.theme, &laid) {
                    did = Some((row, done));
                }
            },
        );
        let since_s = came_s.map_or(0.0, |came_s| ui.input(|input| input.time) - came_s);
        let there = held.is_some_and(|top| list.top() == top) && !waits.get();
        if there || since_s > measures::HELD_S || moves_on(ui) {
            *held = None;
        }
        widgets::focus_ring(ui, cx.theme, &listed.response, cx.theme.radius.control);
        forget(laid, parts, &listed.rows);
        if let Some((row, did)) = did {
            self.does(cx, ui, parts, row, did);
        }
        if !self.list.follows() {
            self.way_to_end(cx, ui);
        }
    }

    /// Goes to the end and stays there.
    pub fn to_end(&mut self) {
        self.list.follow();
    }

    /// The way back to the end, while the person reads above it.
    fn way_to_end(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let (theme, size) = (cx.theme, cx.theme.space.control);
        let corner = ui.max_rect().right_bottom() - egui::Vec2::splat(theme.space.xl + size);
        let rect = egui::Rect::from_min_size(corner, egui::Vec2::splat(size));
        let fill = theme.colors.card;
        ui.painter().rect(
            rect,
            egui::CornerRadius::same(theme.radius.control),
            fill,
            egui::Stroke::new(theme.space.hairline, theme.colors.line_strong),
            egui::StrokeKind::Inside,
        );
        ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
            let label = cx.text.get("conversation-to-end");
            if widgets::icon_button(ui, theme, Icon::ArrowDown, label, "End").clicked() {
                self.list.follow();
            }
        });
    }

    fn does(&mut self, cx: &ViewContext<'_>, ui: &Ui, parts: &[Part], row: u64, did: Did) {
        let key = match rows::row(parts, row) {
            Some(Row::Entry(part, index)) => Some((part.execution.id, index)),
            _ => None,
        };
        match did {
            Did::Pressed(Press::Copy(text)) => cx.ask(Request::CopyText(text)),
            Did::Pressed(Press::Toggle { .. }) => flip(&mut self.toggled, key),
            Did::Pressed(Press::More) => flip(&mut self.all, key),
            Did::Followed(LinkTarget::Web { url }) => cx.ask(Request::OpenUrl(url)),
            Did::Followed(LinkTarget::File { path, line }) => self.open_file(cx, &path, line),
        }
        if self.list.follows() {
            self.list.set_top(self.list.top());
        }
        ui.ctx().request_repaint();
    }

    fn open_file(&self, cx: &ViewContext<'_>, path: &str, line: Option<u32>) {
        let found = self.attempt.and_then(|attempt_id| {
            let shard = cx.state.shard_of_attempt(attempt_id)?;
            shard.attempts.get(&attempt_id)
        });
        if let Some(attempt) = found {
            let path = FilePath::from(attempt.worktree.path.as_path().join(path));
            cx.ask(Request::OpenEditor(EditorTarget { path, line }));
        }
    }

    /// Keeps the place now and then, so that a start finds it.
    fn keep_place(&mut self, cx: &ViewContext<'_>, ui: &Ui, attempt_id: AttemptId) {
        if self.held.is_some() {
            return;
        }
        let place = if self.list.follows() {
            String::new()
        } else {
            format!("{:.3}", self.list.top())
        };
        let (at, written) = &self.written;
        if *written == place {
            return;
        }
        let left_ms = WRITE_MS - cx.now.ms_since(*at);
        if left_ms <= 0 {
            cx.set_note(&place_note(attempt_id), &place);
            self.written = (cx.now, place);
        } else {
            // Perhaps nothing else makes a frame until then.
            let left = std::time::Duration::from_millis(left_ms.unsigned_abs());
            ui.ctx().request_repaint_after(left);
        }
    }
}

/// Paints blocks of Markdown into a panel, over the width there is.
pub fn show_blocks(cx: &ViewContext<'_>, ui: &mut Ui, blocks: &[Block]) {
    show_blocks_in(cx, ui, blocks, cx.theme.colors.text);
}

/// The same in another colour.
pub fn show_blocks_in(cx: &ViewContext<'_>, ui: &mut Ui, blocks: &[Block], color: egui::Color32) {
    let mut lay = Layouter::new(ui, cx.theme, cx.text, ui.available_width());
    markdown::blocks(&mut lay, blocks, color);
    let laid = lay.done();
    let size = egui::vec2(ui.available_width(), laid.height);
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect));
    match paint::paint(&mut child, cx.theme, &laid) {
        Some(Did::Pressed(Press::Copy(text))) => cx.ask(Request::CopyText(text)),
        Some(Did::Followed(LinkTarget::Web { url })) => cx.ask(Request::OpenUrl(url)),
        _ => {}
    }
}

/// The person wants to be elsewhere than where they were.
fn moves_on(ui: &Ui) -> bool {
    ui.input(|input| {
        let scrolls = input.smooth_scroll_delta().y != 0.0;
        scrolls || input.pointer.any_down() || !input.keys_down.is_empty()
    })
}

fn place_note(attempt_id: AttemptId) -> String {
    format!("scroll/{attempt_id}")
}

fn flip(keys: &mut HashSet<RowKey>, key: Option<RowKey>) {
    if let Some(key) = key
        && !keys.remove(&key)
    {
        keys.insert(key);
    }
}

/// Names a row for as long as its execution has it.
fn row_key(parts: &[Part], row: u64) -> (ExecutionId, u64) {
    match rows::row(parts, row) {
        Some(Row::Entry(part, index)) => (part.execution.id, index),
        Some(Row::Head(part)) => (part.execution.id, u64::MAX),
        Some(Row::End(part)) => (part.execution.id, u64::MAX - 1),
        None => (ExecutionId::from_bytes([0; 16]), row),
    }
}

fn what(
    cx: &ViewContext<'_>,
    parts: &[Part],
    row: u64,
    sets: (&HashSet<RowKey>, &HashSet<RowKey>),
    since: Option<&Since>,
) -> What {
    match rows::row(parts, row) {
        Some(Row::Entry(part, index)) => match rows::entry_at(cx, &part.execution, index) {
            Some(found) => {
                let mut source = rows::source(cx, part, found, sets);
                source.divider = since
                    .filter(|since| since.row == (part.execution.id, index))
                    .map(|since| {
                        let plain = || cx.text.get("conversation-since").to_owned();
                        since.words.clone().unwrap_or_else(plain)
                    });
                What::Entry(source)
            }
            None => What::Waiting,
        },
        Some(Row::Head(part)) => {
            let speaker = speaker(cx, parts, &part.execution);
            What::Head(part.execution.clone(), part.entries == 0, speaker)
        }
        Some(Row::End(part)) => What::End(part.execution.clone(), goes_on(parts, part)),
        None => What::Waiting,
    }
}

fn layout(
    cx: &ViewContext<'_>,
    ui: &Ui,
    (width, key): (f32, (ExecutionId, u64)),
    what: What,
    kept: &RefCell<HashMap<(ExecutionId, u64), Kept>>,
) -> Rc<Laid> {
    let from = From {
        width: width as u32,
        dark: cx.theme.dark,
        glyphs: crate::theme::glyphs(ui.ctx()),
        language: cx.text.language(),
        what,
    };
    if let Some(kept) = kept.borrow().get(&key).filter(|kept| kept.from == from) {
        return kept.laid.clone();
    }
    let laid = Rc::new(match &from.what {
        What::Entry(source) => entry::entry(ui, cx.theme, cx.text, width, source),
        What::Head(execution, empty, speaker) => head(cx, ui, width, (execution, *empty), speaker.as_ref()),
        What::End(execution, goes_on) => end(cx, ui, width, (execution, *goes_on)),
        What::Waiting => Laid {
            height: cx.theme.space.row,
            pieces: Vec::new(),
        },
    });
    kept.borrow_mut().insert(
        key,
        Kept {
            from,
            laid: laid.clone(),
        },
    );
    laid
}

/// The agent was started again after this.
fn goes_on(parts: &[Part], part: &Part) -> bool {
    let later = parts
        .iter()
        .filter(|other| other.execution.number > part.execution.number);
    let mut agents = later.filter(|other| other.execution.run_reason == RunReason::CodingAgent);
    agents.next().is_some()
}

/// An agent that begins to speak.
#[derive(Debug, Clone, PartialEq)]
struct Speaker {
    executor: String,
    words: String,
}

/// Which agent speaks from here on, where the attempt has several: who takes over from whom.
fn speaker(cx: &ViewContext<'_>, parts: &[Part], execution: &Execution) -> Option<Speaker> {
    let shard = cx.state.shard_of_execution(execution.id)?;
    if let Some((to, from)) = shard.handover(execution.id) {
        let name = |session: &Session| agent_name(cx, &session.profile.executor);
        let names = [("to", name(to).into()), ("from", name(from).into())];
        return Some(Speaker {
            executor: to.profile.executor.clone(),
            words: cx.text.with("conversation-takes-over", &names),
        });
    }
    let session_of = |execution: &Execution| shard.sessions.get(&execution.session_id?);
    let own = session_of(execution)?;
    let several = parts
        .iter()
        .filter_map(|part| session_of(&part.execution))
        .any(|session| session.profile.executor != own.profile.executor);
    several.then(|| Speaker {
        executor: own.profile.executor.clone(),
        words: agent_name(cx, &own.profile.executor),
    })
}

/// Above the entries: the prompt until the agent's log has it, who speaks, and the name of a script.
fn head(
    cx: &ViewContext<'_>,
    ui: &Ui,
    width: f32,
    (execution, empty): (&Execution, bool),
    speaker: Option<&Speaker>,
) -> Laid {
    let mut lay = Layouter::new(ui, cx.theme, cx.text, width);
    if let Some(speaker) = speaker {
        entry::speaker(&mut lay, phrase::agent_icon(&speaker.executor), &speaker.words);
    }
    let script = match execution.run_reason {
        RunReason::CodingAgent => None,
        RunReason::SetupScript => Some(cx.text.get("conversation-setup")),
        RunReason::CleanupScript => Some(cx.text.get("conversation-cleanup")),
        RunReason::DevServer => Some(cx.text.get("conversation-dev-server")),
    };
    match script {
        Some(name) => {
            let took = match (execution.started_at, execution.ended_at) {
                (Some(started), Some(ended)) => phrase::duration(cx.text, ended.ms_since(started)),
                _ => String::new(),
            };
            lay.gap(cx.theme.space.xs);
            let words = format!("{name}  {took}");
            lay.plain(
                words.trim_end(),
                cx.theme.caption_bold(),
                cx.theme.colors.text_soft,
            );
        }
        None if empty => {
            lay.gap(cx.theme.space.xs);
            entry::prompt(&mut lay, &execution.prompt, None);
            lay.gap(cx.theme.space.xs);
        }
        None => {}
    }
    lay.done()
}

/// Below the entries: how it ended, if not as it should.
fn end(cx: &ViewContext<'_>, ui: &Ui, width: f32, (execution, goes_on): (&Execution, bool)) -> Laid {
    let mut lay = Layouter::new(ui, cx.theme, cx.text, width);
    let space = cx.theme.space.m;
    if execution.run_reason != RunReason::CodingAgent {
        // How a script ended is its last entry.
        return lay.done();
    }
    match &execution.state {
        ExecutionState::Failed {
            kind: FailureKind::Setup,
            ..
        } => {
            lay.gap(space);
            entry::failure(&mut lay, cx.text.get("conversation-setup-failed"));
            lay.gap(space);
        }
        ExecutionState::Failed {
            kind: FailureKind::Orphaned,
            ..
        } => {
            lay.gap(space);
            entry::failure(&mut lay, cx.text.get("conversation-interrupted"));
            lay.gap(space);
        }
        ExecutionState::Failed {
            kind: FailureKind::SessionLost,
            ..
        } => {
            let key = match goes_on {
                true => "conversation-session-lost",
                false => "conversation-session-lost-waits",
            };
            lay.gap(space);
            entry::report(
                &mut lay,
                Icon::History,
                cx.text.get(key),
                cx.theme.colors.text_soft,
            );
            lay.gap(space);
        }
        ExecutionState::Failed { message, .. } => {
            lay.gap(space);
            entry::failure(&mut lay, &problem::own_lines(cx.text, message));
            lay.gap(space);
        }
        ExecutionState::Killed {
            reason: StopReason::User,
        } => {
            let words = cx.text.get("conversation-stopped");
            lay.gap(space);
            lay.plain(words, cx.theme.caption_bold(), cx.theme.colors.text_soft);
            lay.gap(space);
        }
        _ => {}
    }
    lay.done()
}

/// Lets go of layouts out of sight when there are many.
fn forget(kept: &RefCell<HashMap<(ExecutionId, u64), Kept>>, parts: &[Part], seen: &std::ops::Range<u64>) {
    let mut kept = kept.borrow_mut();
    if kept.len() > KEPT {
        let keys: HashSet<_> = seen.clone().map(|row| row_key(parts, row)).collect();
        kept.retain(|key, _| keys.contains(key));
    }
}
