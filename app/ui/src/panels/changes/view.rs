//! The diff of one file: loads it, lays it out, paints it and keeps the place of the reader when it changes.

use super::{
    line::{self, Columns, Text},
    reading::{LINES, Reading, lines},
    rows::{self, Gap, Layout, Place, Row, Rows},
    wrap::Heights,
};
use crate::{
    Page, Request, ViewContext, keys,
    theme::measures::changes as sizes,
    widgets::{self, Button, VirtualList},
};
use anyon_model::{
    Answer, AttemptId, CodeLine, DiffLineKind, FileStat, FileStatus, Omitted, Query, StyledDiff,
};
use egui::{CornerRadius, Event, Id, Rect, Sense, Stroke, Ui, WidgetInfo, accesskit::Role, pos2, vec2};
use lucide_icons::Icon;
use std::sync::Arc;

/// A change to go to once the diff is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Jump {
    First,
    Last,
}

/// The diff of one file.
#[derive(Default)]
pub(super) struct FileView {
    list: VirtualList,
    layout: Layout,
    shown: Option<(Arc<StyledDiff>, Layout, Rows)>,
    /// A large file was asked for.
    whole: bool,
    /// How high rows are.
    heights: Heights,
    sideways: f32,
    /// The widest line seen.
    widest: f32,
    jump: Option<Jump>,
    visible: std::ops::Range<u64>,
    /// The change that was gone to.
    at: Option<u64>,
    /// How far below the upper edge it stood in the last frame.
    at_y: Option<f32>,
    /// The room that long lines had in the last frame before they went on below.
    room: Option<f32>,
}

impl FileView {
    /// A file whose place was kept.
    pub fn at(top: f64, jump: Option<Jump>) -> Self {
        let mut view = Self {
            jump,
            ..Self::default()
        };
        view.list.set_top(top);
        view
    }
    /// The place of the reader.
    pub fn top(&self) -> f64 {
        self.list.top()
    }
    /// Goes to the next or previous change. False: there is none in this file.
    pub fn step(&mut self, forward: bool) -> bool {
        let Some((_, _, rows)) = &self.shown else {
            return false;
        };
        let here = self.at.filter(|at| self.visible.contains(at));
        let next = match (here, forward) {
            (Some(at), true) => rows.changes.iter().find(|row| **row > at),
            (None, true) => rows.changes.iter().find(|row| **row >= self.visible.start),
            (Some(at), false) => rows.changes.iter().rfind(|row| **row < at),
            (None, false) => rows.changes.iter().rfind(|row| **row < self.visible.end),
        };
        let next = next.copied();
        if let Some(row) = next {
            self.list.reveal(row);
            self.at = Some(row);
        }
        next.is_some()
    }

    /// Paints the diff of a file.
    pub fn ui(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        attempt_id: AttemptId,
        stat: &FileStat,
        (split, wraps): (bool, bool),
    ) {
        match stat.omitted {
            Some(Omitted::Binary) => return omitted(cx, ui, "changes-binary"),
            Some(Omitted::TooLarge { bytes }) if !self.whole => {
                let size = mebibytes(bytes);
                let title = cx.text.with("changes-large", &[("size", size.into())]);
                return self.whole = large(cx, ui, &title);
            }
            _ => {}
        }
        let query = Query::DiffSpans {
            attempt_id,
            path: stat.path.clone(),
            whole: self.whole,
        };
        match self.load(cx, query) {
            Err(problem) => {
                widgets::padded(ui, cx.theme, |ui| match problem {
                    None => widgets::loading(ui, cx.theme, cx.text),
                    Some(problem) => widgets::problem(ui, cx.theme, &problem),
                });
            }
            Ok(diff) if diff.diff.hunks.is_empty() => omitted(cx, ui, "changes-no-lines"),
            Ok(diff) => {
                self.layout.split = split;
                self.layout.total = total(cx, attempt_id, &diff);
                self.follow(&diff);
                self.paint(cx, ui, (attempt_id, wraps), &diff);
            }
        }
    }

    /// The diff with its colours, until then without.
    fn load(
        &self,
        cx: &ViewContext<'_>,
        query: Query,
    ) -> Result<Arc<StyledDiff>, Option<Arc<anyon_model::Problem>>> {
        let styled = cx.page(query.clone());
        if let Some(Answer::DiffSpans(diff)) = styled.ready() {
            return Ok(diff.clone());
        }
        let Query::DiffSpans {
            attempt_id,
            path,
            whole,
        } = query
        else {
            return Err(None);
        };
        match cx.page(Query::DiffFile {
            attempt_id,
            path,
            whole,
        }) {
            Page::Failed(problem) => Err(Some(problem)),
            Page::Loading => Err(None),
            Page::Ready(answer) => match &*answer {
                Answer::DiffFile(diff) => Ok(self.plain(diff)),
                _ => Err(None),
            },
        }
    }

    /// A diff without colours, made once.
    fn plain(&self, diff: &Arc<anyon_model::FileDiff>) -> Arc<StyledDiff> {
        match &self.shown {
            Some((shown, ..)) if shown.hunks.is_empty() && shown.diff == **diff => shown.clone(),
            _ => Arc::new(StyledDiff {
                diff: (**diff).clone(),
                hunks: Vec::new(),
            }),
        }
    }

    /// Whatever gets another height above the change that was gone to, it stays where it is.
    fn stay(&mut self) {
        if let (Some(at), Some(y)) = (self.at, self.at_y) {
            self.list.put(at, y);
        }
    }

    /// Lays the diff out again if it changed, and keeps what is read where it is.
    fn follow(&mut self, diff: &Arc<StyledDiff>) {
        if let Some((shown, layout, _)) = &self.shown
            && Arc::ptr_eq(shown, diff)
            && *layout == self.layout
        {
            return;
        }
        let new = rows::build(diff, &self.layout);
        if let Some((shown, _, old)) = &self.shown {
            let top = self.list.top();
            // The change that was gone to is what is read, else what stands at the upper edge. At the very top
            // nothing is lost, and a gap above must not push the reader down.
            let read = self.at.filter(|at| self.visible.contains(at));
            if top > 0.0 || read.is_some() {
                let row = read.map_or(top as usize, |at| at as usize);
                let by = rows::moved((shown, old), (diff, &new), row);
                self.list.set_top(top + by as f64);
                self.at = read.and_then(|at| at.checked_add_signed(by));
                self.stay();
            }
            self.list.select(None);
        }
        if let Some(jump) = self.jump.take() {
            let row = match jump {
                Jump::First => new.changes.first(),
                Jump::Last => new.changes.last(),
            };
            self.at = row.copied();
            row.into_iter().for_each(|row| self.list.reveal(*row));
        }
        self.shown = Some((diff.clone(), self.layout.clone(), new));
        self.heights.forget();
    }

    fn paint(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        (attempt_id, wraps): (AttemptId, bool),
        diff: &StyledDiff,
    ) {
        let Some((kept, layout, rows)) = self.shown.take() else {
            return;
        };
        let split = self.layout.split;
        let mut columns = Columns::for_lines(ui, cx.theme, last_line(diff), self.sideways);
        if wraps {
            columns = columns.wrapped(cx.theme, VirtualList::room(ui), split);
        }
        if std::mem::replace(&mut self.room, columns.wrap) != columns.wrap {
            self.stay();
        }
        let reading = Reading {
            cx,
            attempt_id,
            diff,
            rows: &rows,
        };
        let mut painter = Painter {
            cx,
            reading: &reading,
            columns,
            split,
            selected: self.list.selected(),
            at: self.at,
            at_y: None,
            widest: 0.0,
            pressed: None,
            opened: None,
        };
        let count = rows.rows.len() as u64;
        let label = cx.text.get("changes-diff");
        let heights = &mut self.heights;
        let height = |ui: &Ui, row: u64| heights.of(ui, &reading, columns, row);
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        let whole = ui.available_rect_before_wrap();
        let listed = self.list.show(ui, cx.theme, (label, count), height, |ui, row| {
            painter.row(ui, row)
        });
        let (widest, pressed, opened) = (painter.widest, painter.pressed, painter.opened);
        self.at_y = painter.at_y.map(|y| y - whole.top());
        self.visible = listed.rows;
        if let Some(gap) = opened {
            self.layout.opened.push((gap.old, gap.old + gap.count));
            ui.ctx().request_repaint();
        }
        if let Some((row, extend)) = pressed {
            self.list.press(row, extend);
        }
        self.copy(cx, ui, diff, &rows);
        if wraps {
            (self.sideways, self.widest) = (0.0, 0.0);
        } else {
            self.move_sideways(cx, ui, whole, widest, columns);
        }
        self.shown = Some((kept, layout, rows));
    }

    /// Copies the selected lines.
    fn copy(&self, cx: &ViewContext<'_>, ui: &Ui, diff: &StyledDiff, rows: &Rows) {
        let Some(selected) = self.list.selected().filter(|_| keys::free(ui.ctx())) else {
            return;
        };
        if ui.input(|input| input.events.iter().any(|event| matches!(event, Event::Copy))) {
            let chosen = rows
                .rows
                .iter()
                .enumerate()
                .filter(|(at, _)| selected.contains(&(*at as u64)));
            let lines: Vec<&str> = chosen.filter_map(|(_, row)| rows::text(diff, row)).collect();
            cx.ask(Request::CopyText(lines.join("\n")));
        }
    }

    /// Long lines are moved by the wheel, or by the bar at the lower edge.
    fn move_sideways(&mut self, cx: &ViewContext<'_>, ui: &Ui, whole: Rect, widest: f32, columns: Columns) {
        self.widest = self.widest.max(widest);
        let sides = if self.layout.split { 2.0 } else { 1.0 };
        let numbers = if self.layout.split { 1.0 } else { 2.0 };
        let seen = whole.width() / sides - numbers * columns.number - sizes::SIGN - cx.theme.space.xl;
        let most = (self.widest - seen).max(0.0);
        let mut to = self.sideways;
        if ui.rect_contains_pointer(whole) {
            to -= ui.input(|input| input.smooth_scroll_delta().x);
        }
        if most > 0.0 {
            let track = Rect::from_min_max(pos2(whole.left(), whole.bottom() - sizes::SIDEWAYS), whole.max);
            let share = (seen / self.widest).clamp(0.05, 1.0);
            let way = track.width() * (1.0 - share);
            let bar = ui.interact(track, ui.scope_id().with("sideways"), Sense::DRAG);
            to += bar.drag_delta().x * most / way.max(1.0);
            let left = track.left() + way * (self.sideways / most).min(1.0);
            let size = vec2(track.width() * share, track.height());
            let handle = Rect::from_min_size(pos2(left, track.top()), size).shrink(cx.theme.space.hairline);
            let color = if bar.hovered() {
                cx.theme.colors.text_faint
            } else {
                cx.theme.colors.line_strong
            };
            ui.painter()
                .rect_filled(handle, CornerRadius::same(cx.theme.radius.chip), color);
        }
        let to = to.clamp(0.0, most);
        if to != self.sideways {
            self.sideways = to;
            ui.ctx().request_repaint();
        }
    }
}

/// Paints the rows in sight.
struct Painter<'a> {
    cx: &'a ViewContext<'a>,
    reading: &'a Reading<'a>,
    columns: Columns,
    split: bool,
    selected: Option<std::ops::RangeInclusive<u64>>,
    at: Option<u64>,
    at_y: Option<f32>,
    widest: f32,
    pressed: Option<(u64, bool)>,
    opened: Option<Gap>,
}

impl<'a> Painter<'a> {
    fn row(&mut self, ui: &mut Ui, at: u64) {
        let Some(row) = self.reading.row(at) else {
            return;
        };
        let rect = ui.max_rect();
        if self.at == Some(at) {
            self.at_y = Some(rect.top());
        }
        match row {
            Row::Gap(gap) => self.gap(ui, rect, *gap),
            Row::Open { old, new } => self.open(ui, rect, at, (*old, *new)),
            Row::Line(place) => {
                let Some(text) = self.reading.text(place) else {
                    return;
                };
                let wide = line::paint(
                    ui,
                    self.cx.theme,
                    rect,
                    self.columns,
                    (&[place.old, place.new], &text),
                );
                self.widest = self.widest.max(wide);
                self.pressable(ui, rect, at, &line::said(&text));
            }
            Row::Pair { left, right } => self.pair(ui, rect, at, (left.as_ref(), right.as_ref())),
        }
        self.marks(ui, rect, at);
    }

    fn pair(&mut self, ui: &Ui, rect: Rect, at: u64, (left, right): (Option<&Place>, Option<&Place>)) {
        let theme = self.cx.theme;
        let mut said = Vec::new();
        for (place, is_right) in [(left, false), (right, true)] {
            let side = line::half(rect, is_right);
            let Some((place, text)) = place.and_then(|place| Some((place, self.reading.text(place)?))) else {
                ui.painter().rect_filled(side, 0.0, theme.colors.column);
                continue;
            };
            let number = if is_right { place.new } else { place.old };
            let wide = line::paint(ui, theme, side, self.columns, (&[number], &text));
            if text.kind != DiffLineKind::Context || !is_right {
                said.push(line::said(&text));
            }
            self.widest = self.widest.max(wide);
        }
        line::between(ui, theme, rect, rect.center().x);
        self.pressable(ui, rect, at, &said.join(" → "));
    }

    /// An unchanged line, read from the file by pages.
    fn open(&mut self, ui: &Ui, rect: Rect, at: u64, (old, new): (u32, u32)) {
        let reading = self.reading;
        let empty = CodeLine::default();
        reading.opened(new, |found| {
            let none = Text::opened(&empty);
            let text = found.unwrap_or(&none);
            self.opened_text(ui, rect, at, (old, new, text));
        });
    }

    fn opened_text(&mut self, ui: &Ui, rect: Rect, at: u64, (old, new, text): (u32, u32, &Text<'_>)) {
        let theme = self.cx.theme;
        let wide = if self.split {
            line::paint(
                ui,
                theme,
                line::half(rect, false),
                self.columns,
                (&[old + 1], text),
            );
            line::between(ui, theme, rect, rect.center().x);
            line::paint(
                ui,
                theme,
                line::half(rect, true),
                self.columns,
                (&[new + 1], text),
            )
        } else {
            line::paint(ui, theme, rect, self.columns, (&[old + 1, new + 1], text))
        };
        self.widest = self.widest.max(wide);
        self.pressable(ui, rect, at, &line::said(text));
    }

    /// Unchanged lines that are left out: pressed, they are shown.
    fn gap(&mut self, ui: &mut Ui, rect: Rect, gap: Gap) {
        let theme = self.cx.theme;
        let label = self.cx.text.with("changes-unchanged", &[("n", gap.count.into())]);
        let response = ui.interact(rect, ui.scope_id().with("gap"), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
        let active = response.hovered() || response.has_focus();
        let (fill, color) = if active {
            (theme.colors.hover, theme.colors.text)
        } else {
            (theme.colors.column, theme.colors.text_soft)
        };
        ui.painter().rect_filled(rect, 0.0, fill);
        let icon = char::from(Icon::UnfoldVertical).to_string();
        let left = rect.left() + theme.space.l;
        let middle = egui::Align2::LEFT_CENTER;
        let mark = ui.painter().text(
            pos2(left, rect.center().y).round(),
            middle,
            icon,
            theme.icon(),
            color,
        );
        let at = pos2(
            mark.right() + theme.space.m,
            rect.center().y - theme.size.caption * theme.size.line / 2.0,
        );
        widgets::paint_row(ui, at, &label, theme.caption(), color, rect.right() - at.x);
        if response.has_focus() {
            let ring = Stroke::new(sizes::MARK, theme.colors.accent);
            ui.painter()
                .rect_stroke(rect, 0.0, ring, egui::StrokeKind::Inside);
        }
        if response.clicked() {
            self.opened = Some(gap);
        }
    }

    /// A line can be selected by the pointer, with the lines it is dragged over.
    fn pressable(&mut self, ui: &Ui, rect: Rect, at: u64, said: &str) {
        let response = ui.interact(rect, ui.scope_id().with("line"), Sense::CLICK | Sense::DRAG);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said));
        let dragging = Id::unique("lines of the diff are dragged over");
        if response.clicked() || response.drag_started() {
            self.pressed = Some((at, ui.input(|input| input.modifiers.shift)));
            ui.data_mut(|kept| kept.insert_temp(dragging, response.drag_started()));
        } else if ui.rect_contains_pointer(rect)
            && ui.input(|input| input.pointer.primary_down())
            && ui.data(|kept| kept.get_temp(dragging).unwrap_or(false))
        {
            self.pressed = Some((at, true));
        }
        if ui.input(|input| input.pointer.primary_released()) {
            ui.data_mut(|kept| kept.remove::<bool>(dragging));
        }
    }

    fn marks(&self, ui: &Ui, rect: Rect, at: u64) {
        let colors = &self.cx.theme.colors;
        if self.selected.as_ref().is_some_and(|rows| rows.contains(&at)) {
            ui.painter().rect_filled(
                rect,
                0.0,
                colors.selection.gamma_multiply(crate::theme::Colors::HALF),
            );
        }
        if self.at == Some(at) {
            let mark = Rect::from_min_size(rect.min, vec2(sizes::MARK, rect.height()));
            ui.painter().rect_filled(mark, 0.0, colors.accent);
        }
    }
}

/// How many lines the file has, for the gap at its end.
fn total(cx: &ViewContext<'_>, attempt_id: AttemptId, diff: &StyledDiff) -> Option<u32> {
    let stat = &diff.diff.stat;
    let whole_file = matches!(
        stat.status,
        FileStatus::Deleted | FileStatus::Added | FileStatus::Untracked
    );
    let last = diff.diff.hunks.last().filter(|_| !whole_file)?;
    let end = last.new_start.saturating_sub(1) + last.new_lines;
    match lines(cx, attempt_id, &stat.path, end / LINES).ready() {
        Some(Answer::FileLines(lines)) => u32::try_from(lines.total).ok(),
        _ => None,
    }
}

fn last_line(diff: &StyledDiff) -> u32 {
    let ends = diff
        .diff
        .hunks
        .last()
        .map(|hunk| (hunk.old_start + hunk.old_lines).max(hunk.new_start + hunk.new_lines));
    // Opened lines may have one digit more than the last change.
    ends.unwrap_or(0).saturating_mul(2)
}

fn omitted(cx: &ViewContext<'_>, ui: &mut Ui, said: &'static str) {
    ui.vertical_centered(|ui| {
        ui.add_space(cx.theme.space.xxl);
        ui.label(cx.theme.soft(cx.text.get(said)));
    });
}

/// A large file waits until it is asked for.
fn large(cx: &ViewContext<'_>, ui: &mut Ui, title: &str) -> bool {
    let theme = cx.theme;
    let shown = ui.vertical_centered(|ui| {
        ui.add_space(theme.space.xxl);
        ui.label(theme.soft(title));
        ui.add_space(theme.space.s);
        Button::quiet(cx.text.get("changes-show-large"))
            .show(ui, theme)
            .clicked()
    });
    shown.inner
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / (1024.0 * 1024.0))
}
