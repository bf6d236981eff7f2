//! Paints what was laid out: only what is in sight, text that can be selected, places that can be pressed.

use super::lay::{Laid, Lines, Piece, Press};
use crate::{Theme, theme::measures::conversation as measures, widgets};
use anyon_model::LinkTarget;
use egui::{
    Color32, CornerRadius, Galley, Pos2, Rect, Sense, Stroke, Ui, WidgetInfo,
    accesskit::Role,
    text::{CCursor, LayoutJob},
    text_selection::LabelSelectionState,
    vec2,
};
use std::{ops::Range, sync::Arc};

/// What the person did.
pub enum Did {
    /// Pressed a place.
    Pressed(Press),
    /// Followed a link.
    Followed(LinkTarget),
}

/// Paints at the upper left corner of the room there is.
pub fn paint(ui: &mut Ui, theme: &Theme, laid: &Laid) -> Option<Did> {
    let origin = ui.max_rect().min;
    let by = origin.to_vec2();
    let mut did = None;
    for (at, piece) in laid.pieces.iter().enumerate() {
        if let Piece::Press { rect, label, does } = piece {
            let rect = rect.translate(by);
            if ui.is_rect_visible(rect) && press(ui, theme, (rect, at), label, does) {
                did = Some(Did::Pressed(does.clone()));
            }
        }
        if let Piece::Fill { rect, fill, radius } = piece {
            ui.painter()
                .rect_filled(rect.translate(by), CornerRadius::same(*radius), *fill);
        }
    }
    for (at, piece) in laid.pieces.iter().enumerate() {
        match piece {
            Piece::Press { .. } | Piece::Fill { .. } => {}
            Piece::Mark { at: place, galley } => {
                let color = theme.colors.text;
                ui.painter()
                    .galley((origin + *place).round(), galley.clone(), color);
            }
            Piece::Text {
                at: place,
                galley,
                links,
            } => {
                let place = (origin + *place).round();
                if ui.is_rect_visible(Rect::from_min_size(place, galley.size())) {
                    selectable(ui, theme, place, ui.scope_id().with(("text", at)), galley);
                    did = follow(ui, theme, (place, at), galley, links)
                        .map(Did::Followed)
                        .or(did);
                }
            }
            Piece::Lines { rect, lines } => visible_lines(ui, theme, (rect.translate(by), at), lines),
        }
    }
    did
}

/// A text that can be selected across pieces, without the keyboard's focus.
pub fn selectable(ui: &Ui, theme: &Theme, place: Pos2, id: egui::Id, galley: &Arc<Galley>) {
    let sense = Sense::click_and_drag() - Sense::FOCUSABLE;
    let response = ui.interact(Rect::from_min_size(place, galley.size()), id, sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, galley.text()));
    let color = theme.colors.text;
    LabelSelectionState::label_text_selection(ui, &response, place, galley.clone(), color, Stroke::NONE);
}

fn press(ui: &Ui, theme: &Theme, (rect, at): (Rect, usize), label: &str, does: &Press) -> bool {
    let response = ui.interact(rect, ui.scope_id().with(("press", at)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    if let Press::Toggle { open } = does {
        ui.ctx()
            .accesskit_node_builder(response.id, |node| node.set_expanded(*open));
    }
    if response.hovered() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        let radius = CornerRadius::same(theme.radius.control);
        ui.painter().rect_filled(rect, radius, theme.colors.hover);
    }
    widgets::focus_ring(ui, theme, &response, theme.radius.control);
    response.clicked()
}

/// The links of a text, each of which takes the keyboard.
fn follow(
    ui: &Ui,
    theme: &Theme,
    (place, at): (Pos2, usize),
    galley: &Galley,
    links: &[(Range<usize>, LinkTarget)],
) -> Option<LinkTarget> {
    let mut followed = None;
    for (number, (range, target)) in links.iter().enumerate() {
        let cursor = |index: usize| galley.pos_from_cursor(CCursor::new(index));
        let (from, to) = (cursor(range.start), cursor(range.end));
        let one_row = from.top() == to.top();
        let right = if one_row { to.right() } else { galley.size().x };
        let rect = Rect::from_min_max(from.min, egui::pos2(right, from.bottom())).translate(place.to_vec2());
        let response = ui.interact(rect, ui.scope_id().with(("link", at, number)), Sense::click());
        let name: String = galley
            .text()
            .chars()
            .skip(range.start)
            .take(range.len())
            .collect();
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &name));
        widgets::focus_ring(ui, theme, &response, theme.radius.chip);
        if response.hovered() {
            ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        }
        if response.clicked() {
            followed = Some(target.clone());
        }
        let (LinkTarget::Web { url: leads } | LinkTarget::File { path: leads, .. }) = target;
        response.on_hover_text(leads);
    }
    followed
}

/// The lines in sight of lines of one height.
pub fn visible_lines(ui: &Ui, theme: &Theme, (rect, at): (Rect, usize), lines: &Lines) {
    let seen = ui.clip_rect();
    let first = ((seen.top() - rect.top()) / measures::LINE).floor().max(0.0) as usize;
    let last = ((seen.bottom() - rect.top()) / measures::LINE).ceil().max(0.0) as usize;
    for row in first..last.min(lines.count()) {
        let top = rect.top() + row as f32 * measures::LINE;
        let line = Rect::from_min_size(egui::pos2(rect.left(), top), vec2(rect.width(), measures::LINE));
        let (job, behind) = lines.line(theme, row, rect.width());
        one_line(ui, theme, (line, at, row), job, behind);
    }
}

fn one_line(
    ui: &Ui,
    theme: &Theme,
    (rect, at, row): (Rect, usize, usize),
    job: LayoutJob,
    behind: Option<Color32>,
) {
    if let Some(behind) = behind {
        ui.painter().rect_filled(rect, CornerRadius::ZERO, behind);
    }
    let galley = ui.painter().layout_job(job);
    let y = rect.center().y - galley.size().y / 2.0;
    let place = egui::pos2(rect.left(), y).round();
    selectable(ui, theme, place, ui.scope_id().with(("line", at, row)), &galley);
}
