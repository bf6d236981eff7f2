//! A list that paints only the rows in sight. Its place is a row and a part of it as `f64`, so a million rows keep
//! every pixel (an `f32` offset loses them past 2^24), and rows above may change without moving what is read.

use super::steadily;
use crate::{
    Theme,
    theme::measures::widgets::{BAR, HANDLE},
};
use egui::{CornerRadius, Key, Rect, Response, Sense, Ui, Vec2, WidgetInfo, accesskit::Role, pos2, vec2};
use std::ops::RangeInclusive;

/// The place of a list, and what is selected in it.
#[derive(Debug, Clone, PartialEq)]
pub struct VirtualList {
    /// First row in sight, with the part of it that is above the edge.
    top: f64,
    /// Stays at the end while rows are added.
    follow: bool,
    /// Anchor and moving end of the selection.
    selection: Option<(u64, u64)>,
    /// A row to bring into sight in the next frame.
    wanted: Option<u64>,
    /// A row, and how far below the upper edge it stands in the next frame.
    put: Option<(u64, f32)>,
    /// Points to move by in the next frame.
    nudge: f32,
}

impl Default for VirtualList {
    fn default() -> Self {
        Self::from_start()
    }
}

/// What a frame of a list came to.
pub struct Listed {
    /// The list as a whole.
    pub response: Response,
    /// Rows that were painted.
    pub rows: std::ops::Range<u64>,
}

impl VirtualList {
    /// Begins at the first row.
    pub fn from_start() -> Self {
        Self {
            top: 0.0,
            follow: false,
            selection: None,
            wanted: None,
            put: None,
            nudge: 0.0,
        }
    }
    /// Begins at the last row and stays there while rows are added.
    pub fn from_end() -> Self {
        Self {
            follow: true,
            ..Self::from_start()
        }
    }
    /// The place, to be kept: first row in sight and the part of it above the edge.
    pub fn top(&self) -> f64 {
        self.top
    }
    /// Goes to a place that was kept.
    pub fn set_top(&mut self, top: f64) {
        self.top = if top.is_finite() { top.max(0.0) } else { 0.0 };
        self.follow = false;
    }
    /// It stays at the end while rows are added.
    pub fn follows(&self) -> bool {
        self.follow
    }
    /// Goes to the end and stays there.
    pub fn follow(&mut self) {
        self.follow = true;
    }
    /// Brings a row into sight.
    pub fn reveal(&mut self, row: u64) {
        self.wanted = Some(row);
        self.follow = false;
    }
    /// Lets a row stand so many points below the upper edge, where it stood before rows above it got other heights.
    pub fn put(&mut self, row: u64, below: f32) {
        self.put = Some((row, below));
        self.follow = false;
    }
    /// Moves by so many points: something is dragged to the edge.
    pub fn nudge(&mut self, points: f32) {
        self.nudge += points;
    }
    /// The selected rows.
    pub fn selected(&self) -> Option<RangeInclusive<u64>> {
        self.selection.map(|(from, to)| from.min(to)..=from.max(to))
    }
    /// Selects rows, or none.
    pub fn select(&mut self, rows: Option<(u64, u64)>) {
        self.selection = rows;
    }
    /// A row was pressed: selects it, or up to it with Shift.
    pub fn press(&mut self, row: u64, extend: bool) {
        self.selection = match (self.selection, extend) {
            (Some((anchor, _)), true) => Some((anchor, row)),
            _ => Some((row, row)),
        };
    }

    /// How wide the rows of a list are that takes all the room there is.
    pub fn room(ui: &Ui) -> f32 {
        ui.available_rect_before_wrap().width() - BAR
    }

    /// Paints rows of one height.
    pub fn fixed(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        (label, rows, height): (&str, u64, f32),
        paint: impl FnMut(&mut Ui, u64),
    ) -> Listed {
        self.show(ui, theme, (label, rows), |_, _| height, paint)
    }

    /// Paints rows of known heights. `height` is asked for the rows in sight and next to them only.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        (label, rows): (&str, u64),
        mut height: impl FnMut(&Ui, u64) -> f32,
        mut paint: impl FnMut(&mut Ui, u64),
    ) -> Listed {
        let rect = ui.available_rect_before_wrap();
        let response = ui.allocate_rect(rect, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::List, true, label));
        let by = self.scrolled(ui, rect, &response) + std::mem::take(&mut self.nudge);
        self.settle(ui, rows, rect.height(), by, &mut height);
        let inner = Rect::from_min_max(rect.min, pos2(rect.right() - BAR, rect.bottom()));
        let mut child = ui.new_child(steadily(ui, ("rows", label)).max_rect(inner));
        child.shrink_clip_rect(rect);
        let first = self.first(rows);
        let mut y = rect.top() - (self.top.fract() as f32) * height(ui, first);
        let mut row = first;
        while row < rows && y < rect.bottom() {
            let tall = height(ui, row);
            let place = Rect::from_min_size(pos2(inner.left(), y.round()), vec2(inner.width(), tall));
            let mut cell = child.new_child(steadily(&child, ("row", row)).max_rect(place));
            paint(&mut cell, row);
            y += tall;
            row += 1;
        }
        self.bar(ui, theme, rect, rows, row - first);
        Listed {
            response,
            rows: first..row,
        }
    }

    fn first(&self, rows: u64) -> u64 {
        (self.top as u64).min(rows.saturating_sub(1))
    }

    /// How far wheel and keys move it, in points; `INFINITY` for the ends.
    fn scrolled(&self, ui: &Ui, rect: Rect, response: &Response) -> f32 {
        let mut by = 0.0;
        if response.contains_pointer() {
            by -= ui.input(|input| input.smooth_scroll_delta().y);
        }
        if response.has_focus() && !crate::keys::composing(ui.ctx()) {
            by += ui.input(|input| {
                let page = rect.height() * 0.9;
                [
                    (Key::PageDown, page),
                    (Key::PageUp, -page),
                    (Key::Home, f32::NEG_INFINITY),
                    (Key::End, f32::INFINITY),
                ]
                .into_iter()
                .filter(|(key, _)| input.key_pressed(*key))
                .map(|(_, by)| by)
                .sum::<f32>()
            });
        }
        by
    }

    /// Moves by so many points and stays inside; knows only heights of rows it passes.
    fn settle(&mut self, ui: &Ui, rows: u64, seen: f32, by: f32, height: &mut impl FnMut(&Ui, u64) -> f32) {
        if rows == 0 {
            self.top = 0.0;
            return;
        }
        let end = end_place(ui, rows, seen, height);
        if let Some(row) = self.wanted.take() {
            self.top = self.revealed(ui, row.min(rows - 1), seen, height);
        }
        if let Some((row, below)) = self.put.take() {
            self.top = moved(ui, row.min(rows - 1) as f64, rows, -below, height);
        }
        if by < 0.0 {
            self.follow = false;
        }
        if by == f32::NEG_INFINITY {
            self.top = 0.0;
        } else if by == f32::INFINITY {
            self.follow = true;
        } else if by != 0.0 {
            self.top = moved(ui, self.top, rows, by, height);
        }
        if self.top >= end {
            self.top = end;
            self.follow |= by > 0.0;
        }
        if self.follow {
            self.top = end;
        }
    }

    /// The place that shows a row: unchanged if it is in sight already, else in the upper third.
    fn revealed(&self, ui: &Ui, row: u64, seen: f32, height: &mut impl FnMut(&Ui, u64) -> f32) -> f64 {
        if row as f64 >= self.top {
            let mut below = 0.0;
            let mut at = self.top as u64;
            while at <= row && below <= seen {
                below += height(ui, at);
                at += 1;
            }
            if at > row && below - (self.top.fract() as f32) * height(ui, self.top as u64) <= seen {
                return self.top;
            }
        }
        moved(ui, row as f64, row + 1, -seen / 3.0, height)
    }

    fn bar(&mut self, ui: &Ui, theme: &Theme, rect: Rect, rows: u64, painted: u64) {
        if rows == 0 || (painted >= rows && self.top == 0.0) {
            return;
        }
        let track = Rect::from_min_max(pos2(rect.right() - BAR, rect.top()), rect.max);
        let share = (painted as f64 / rows as f64) as f32;
        let handle = (track.height() * share).max(HANDLE.min(track.height()));
        let way = track.height() - handle;
        let range = (rows.saturating_sub(painted)).max(1) as f64;
        let y = track.top() + way * ((self.top / range).min(1.0) as f32);
        let rect = Rect::from_min_size(pos2(track.left(), y), vec2(BAR, handle));
        let response = ui.interact(track, ui.scope_id().with("bar"), Sense::click_and_drag());
        if let (true, Some(at)) = (
            response.dragged() || response.clicked(),
            response.interact_pointer_pos(),
        ) {
            let part = ((at.y - track.top() - handle / 2.0) / way.max(1.0)).clamp(0.0, 1.0);
            self.top = f64::from(part) * range;
            self.follow = part >= 1.0;
            ui.ctx().request_repaint();
        }
        let color = if response.hovered() || response.dragged() {
            theme.colors.text_faint
        } else {
            theme.colors.line_strong
        };
        let shrunk = rect.shrink2(Vec2::new(theme.space.xxs, 0.0));
        ui.painter()
            .rect_filled(shrunk, CornerRadius::same(theme.radius.chip), color);
    }
}

/// The place at which the last row ends at the lower edge.
fn end_place(ui: &Ui, rows: u64, seen: f32, height: &mut impl FnMut(&Ui, u64) -> f32) -> f64 {
    let mut left = seen;
    let mut row = rows;
    while row > 0 {
        let tall = height(ui, row - 1).max(1.0);
        if tall >= left {
            return (row - 1) as f64 + f64::from((tall - left) / tall);
        }
        left -= tall;
        row -= 1;
    }
    0.0
}

/// A place moved by so many points.
fn moved(ui: &Ui, top: f64, rows: u64, by: f32, height: &mut impl FnMut(&Ui, u64) -> f32) -> f64 {
    let mut row = (top as u64).min(rows.saturating_sub(1));
    let mut inside = (top.fract() as f32) * height(ui, row) + by;
    while inside < 0.0 && row > 0 {
        row -= 1;
        inside += height(ui, row);
    }
    loop {
        let tall = height(ui, row).max(1.0);
        if inside < tall || row + 1 >= rows {
            return row as f64 + f64::from((inside / tall).clamp(0.0, 0.999_999));
        }
        inside -= tall;
        row += 1;
    }
}
