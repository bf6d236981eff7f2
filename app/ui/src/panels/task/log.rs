//! The raw log of an attempt's executions, as a terminal would show it.

mod detail;
mod find;

use crate::{
    Page, Request, ViewContext,
    panels::conversation::ansi_line,
    phrase,
    theme::measures::task as measures,
    widgets::{self, Button},
};
use anyon_model::*;
use egui::{Frame, Key, Margin, Modifiers, Sense, Ui, text::LayoutJob, vec2};
use lucide_icons::Icon;
use std::{collections::HashMap, sync::Arc};

/// Lines of a page.
const PAGE: u64 = 256;
/// Lines that are copied at once at most: what pages hold.
const COPIED: u64 = 2_000;

/// View state of the log.
#[derive(Default)]
pub struct LogView {
    attempt: Option<AttemptId>,
    /// The execution looked at; none: the newest.
    chosen: Option<ExecutionId>,
    lists: HashMap<ExecutionId, widgets::VirtualList>,
    find: find::Find,
    /// The list of what was found.
    found: widgets::VirtualList,
    detail: detail::Detail,
}

impl LogView {
    /// Paints it for an attempt.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, attempt_id: AttemptId) {
        if self.attempt != Some(attempt_id) {
            (self.attempt, self.chosen) = (Some(attempt_id), None);
            self.lists.clear();
            (self.find, self.found) = Default::default();
        }
        let Some(shard) = cx.state.shard_of_attempt(attempt_id) else {
            return;
        };
        let mut executions: Vec<_> = shard.executions_of(attempt_id).collect();
        executions.sort_by_key(|execution| execution.number);
        let chosen = executions
            .iter()
            .find(|execution| Some(execution.id) == self.chosen);
        let Some(execution) = chosen.or(executions.last()).copied() else {
            ui.label(cx.theme.faint(cx.text.get("task-log-empty")));
            return;
        };
        let space = &cx.theme.space;
        let margin = Margin {
            left: space.xl as i8,
            top: space.m as i8,
            ..Margin::ZERO
        };
        Frame::new().inner_margin(margin).show(ui, |ui| {
            self.choose(cx, ui, &executions, execution);
            self.lines(cx, ui, execution);
        });
    }

    fn choose(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, all: &[&Arc<Execution>], open: &Execution) {
        if all.len() < 2 {
            return;
        }
        let button = Button::bare(&name(cx, open))
            .icon(Icon::ChevronDown)
            .show(ui, cx.theme);
        widgets::menu_button(button, |ui| {
            for execution in all {
                let icon = if execution.id == open.id {
                    Icon::Check
                } else {
                    Icon::ScrollText
                };
                if widgets::menu_item(ui, cx.theme, icon, &name(cx, execution), "") {
                    self.chosen = Some(execution.id);
                }
            }
        });
    }

    fn lines(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, execution: &Execution) {
        let execution_id = execution.id;
        let range = PageRange::Last { count: PAGE as u32 };
        let last = match cx.page(Query::AnsiLog { execution_id, range }) {
            Page::Ready(answer) => answer,
            Page::Loading => return widgets::loading(ui, cx.theme, cx.text),
            Page::Failed(problem) => return widgets::problem(ui, cx.theme, &problem),
        };
        let Answer::AnsiLog(last) = last.as_ref() else {
            return;
        };
        if last.total == 0 {
            ui.label(cx.theme.faint(cx.text.get("task-log-empty")));
            return;
        }
        let found = self.find.is_on().then(|| self.find.found(cx, execution_id));
        if self.find.ui(cx, ui, found.as_ref()) {
            self.found = widgets::VirtualList::from_start();
            ui.ctx().request_repaint();
        }
        ui.add_space(measures::LOG_GAP);
        self.open_line(cx, ui, execution_id, found.as_ref());
        self.list(cx, ui, (execution_id, last), found.as_ref());
    }

    /// The list of all lines, or of those that were found.
    fn rows(&mut self, execution_id: ExecutionId, found: bool) -> &mut widgets::VirtualList {
        match found {
            true => &mut self.found,
            false => self
                .lists
                .entry(execution_id)
                .or_insert_with(widgets::VirtualList::from_end),
        }
    }

    /// A single line that is selected is shown in full.
    fn open_line(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        execution_id: ExecutionId,
        found: Option<&find::Found>,
    ) {
        let selected = self.rows(execution_id, found.is_some()).selected();
        let single = selected.filter(|rows| rows.start() == rows.end());
        let Some(number) = single.and_then(|rows| line_of(found, *rows.start())) else {
            return;
        };
        let margin = Margin::same(cx.theme.space.m as i8);
        let most = ui.available_height() * measures::LOG_DETAIL_SHARE;
        let shown = egui::Panel::bottom("log line")
            .frame(Frame::new().fill(cx.theme.colors.column).inner_margin(margin))
            .resizable(true)
            .default_size(measures::LOG_DETAIL)
            .size_range(measures::LOG_DETAIL / 2.0..=most.max(measures::LOG_DETAIL))
            .show(ui, |ui| {
                ui.set_min_height(ui.available_height());
                widgets::steady(ui, "log line", |ui| self.detail.ui(cx, ui, execution_id, number))
            });
        if shown.inner {
            self.rows(execution_id, found.is_some()).select(None);
        }
    }

    fn list(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        (execution_id, last): (ExecutionId, &Arc<AnsiPage>),
        found: Option<&find::Found>,
    ) {
        let rows = found.map_or(last.total, find::Found::count);
        if rows == 0 {
            let whole = found.is_none_or(|found| found.whole);
            let said = if whole {
                "task-log-nothing"
            } else {
                "task-log-looking"
            };
            ui.label(cx.theme.faint(cx.text.get(said)));
            return;
        }
        let line_at = |row: u64| line_at(cx, execution_id, last, line_of(found, row)?);
        let list = self.rows(execution_id, found.is_some());
        let selected = list.selected();
        let mut pressed = None;
        let label = cx.text.get("task-log");
        let listed = list.fixed(ui, cx.theme, (label, rows, measures::LOG_LINE), |ui, row| {
            let is = selected.as_ref().is_some_and(|rows| rows.contains(&row));
            let line = line_at(row);
            if one(cx, ui, line.as_ref().map(|(page, at)| &page.lines[*at]), is) {
                pressed = Some(row);
            }
        });
        widgets::focus_ring(ui, cx.theme, &listed.response, cx.theme.radius.control);
        if let Some(row) = pressed {
            list.press(row, ui.input(|input| input.modifiers.shift));
            // What is shown below takes room from the lines.
            list.reveal(row);
            listed.response.request_focus();
        }
        copy(cx, ui, list, listed.response.has_focus(), line_at);
    }
}

/// The number of the line in a row.
fn line_of(found: Option<&find::Found>, row: u64) -> Option<u64> {
    found.map_or(Some(row), |found| found.line(row))
}

/// Copies the selected lines by Ctrl+C.
fn copy(
    cx: &ViewContext<'_>,
    ui: &Ui,
    list: &widgets::VirtualList,
    focused: bool,
    line_at: impl Fn(u64) -> Option<(Arc<AnsiPage>, usize)>,
) {
    let asked = ui.input_mut(|input| {
        let copies = input
            .events
            .iter()
            .any(|event| matches!(event, egui::Event::Copy));
        copies || input.consume_key(Modifiers::COMMAND, Key::C)
    });
    if let (true, true, Some(rows)) = (focused, asked, list.selected()) {
        let lines = rows.take(COPIED as usize).filter_map(line_at);
        let lines: Vec<String> = lines.map(|(page, at)| page.lines[at].line.text.clone()).collect();
        cx.ask(Request::CopyText(lines.join("\n")));
    }
}

/// A line with its page, if that is there.
fn line_at(
    cx: &ViewContext<'_>,
    execution_id: ExecutionId,
    last: &Arc<AnsiPage>,
    row: u64,
) -> Option<(Arc<AnsiPage>, usize)> {
    let inside = |page: &Arc<AnsiPage>| {
        let at = usize::try_from(row.checked_sub(page.first)?).ok()?;
        (at < page.lines.len()).then(|| (page.clone(), at))
    };
    if let Some(found) = inside(last) {
        return Some(found);
    }
    let range = PageRange::From {
        first: row / PAGE * PAGE,
        count: PAGE as u32,
    };
    match cx.page(Query::AnsiLog { execution_id, range }).ready() {
        Some(Answer::AnsiLog(page)) => inside(page),
        _ => None,
    }
}

/// Time, stream and text of a line. True: it was pressed.
fn one(cx: &ViewContext<'_>, ui: &mut Ui, line: Option<&AnsiLogLine>, selected: bool) -> bool {
    let theme = cx.theme;
    let rect = ui.max_rect();
    let Some(line) = line else {
        return false;
    };
    let sense = Sense::click() - Sense::FOCUSABLE;
    let response = ui.interact(rect, ui.scope_id().with("line"), sense);
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::ListItem, true, &line.line.text));
    widgets::chosen(&response, selected);
    if selected || response.hovered() {
        let fill = match selected {
            true => theme.colors.selection,
            false => theme.colors.hover,
        };
        ui.painter().rect_filled(rect, egui::CornerRadius::ZERO, fill);
    }
    let time = phrase::duration(cx.text, i64::try_from(line.after_ms).unwrap_or(i64::MAX));
    let (stream, color) = stream(cx, line.stream);
    let middle = rect.center().y - theme.size.caption * theme.size.line / 2.0;
    let at = egui::pos2(rect.left(), middle);
    widgets::paint_row(
        ui,
        at,
        &time,
        theme.caption(),
        theme.colors.text_faint,
        measures::LOG_TIME,
    );
    let at = at + vec2(measures::LOG_TIME, 0.0);
    widgets::paint_row(ui, at, stream, theme.caption(), color, measures::LOG_STREAM);
    let left = at.x + measures::LOG_STREAM;
    let mut job = LayoutJob::default();
    job.wrap.max_width = rect.right() - left;
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    ansi_line(&mut job, theme, &line.line);
    let galley = ui.painter().layout_job(job);
    let place = egui::pos2(left, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(place.round(), galley, theme.colors.text);
    response.clicked()
}

/// The word and the colour of a stream.
fn stream<'a>(cx: &'a ViewContext<'_>, stream: LogStream) -> (&'a str, egui::Color32) {
    match stream {
        LogStream::Out => (cx.text.get("task-log-out"), cx.theme.colors.text_faint),
        LogStream::Err => (cx.text.get("task-log-err"), cx.theme.colors.red),
        LogStream::In => (cx.text.get("task-log-in"), cx.theme.colors.blue),
    }
}

fn name(cx: &ViewContext<'_>, execution: &Execution) -> String {
    let what = match execution.run_reason {
        RunReason::CodingAgent => cx.text.get("task-run-agent"),
        RunReason::SetupScript => cx.text.get("conversation-setup"),
        RunReason::CleanupScript => cx.text.get("conversation-cleanup"),
        RunReason::DevServer => cx.text.get("conversation-dev-server"),
    };
    format!("{}. {what}", execution.number)
}
