//! The queued drafts, in the order they will be sent, each to be edited, moved or taken out.

use super::recipient::profile_name;
use crate::{
    ViewContext, keys, phrase,
    theme::measures::composer as measures,
    widgets::{self, Button, FieldEnd},
};
use anyon_model::*;
use egui::{
    CursorIcon, Id, Key, Layout, Modifiers, Rect, ScrollArea, Sense, Stroke, Ui, WidgetInfo, accesskit::Role,
};
use lucide_icons::Icon;
use std::sync::Arc;

/// View state of the queue.
#[derive(Default)]
pub struct Queue {
    /// The draft that is edited, and its text.
    edited: Option<(DraftId, String)>,
    /// The draft that is dragged.
    dragged: Option<DraftId>,
}

/// Where a draft is to go: before the one at this place of the list.
struct Move {
    draft_id: DraftId,
    to: usize,
}

impl Queue {
    /// Paints the drafts, if there are any.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, drafts: &[&Arc<Draft>]) {
        if drafts.is_empty() {
            return;
        }
        let theme = cx.theme;
        let words = cx.text.with("composer-queued", &[("n", drafts.len().into())]);
        ui.label(theme.rich(words, theme.caption_bold(), theme.colors.text_soft));
        let (mut rects, mut wanted) = (Vec::new(), None);
        ScrollArea::vertical()
            .id_salt("queue")
            .max_height(measures::QUEUE_MAX)
            .min_scrolled_height(measures::QUEUE_MAX)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                for (at, draft) in drafts.iter().enumerate() {
                    let top = ui.cursor().top();
                    match &self.edited {
                        Some((edited, _)) if *edited == draft.id => self.edit(cx, ui, draft),
                        _ => {
                            let about = (at, drafts.len());
                            let moved = widgets::steady(ui, draft.id, |ui| self.line(cx, ui, about, draft));
                            wanted = moved.or(wanted.take());
                        }
                    }
                    let row = ui.min_rect();
                    rects.push(Rect::from_x_y_ranges(row.x_range(), top..=ui.min_rect().bottom()));
                }
                wanted = self.drop(cx, ui, &rects).or(wanted.take());
            });
        if let Some(Move { draft_id, to }) = wanted {
            let before = drafts.get(to).map(|draft| draft.id);
            cx.send(Command::MoveDraft { draft_id, before });
        }
        ui.add_space(theme.space.xs);
    }

    fn line(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        (at, total): (usize, usize),
        draft: &Draft,
    ) -> Option<Move> {
        let (theme, number) = (cx.theme, at + 1);
        let first = draft.text.trim().lines().next().unwrap_or_default();
        ui.horizontal(|ui| {
            let wanted = self.handle(cx, ui, (at, total), draft);
            ui.label(theme.small(number.to_string()));
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                let remove = cx.text.with("composer-remove-draft", &[("n", number.into())]);
                if widgets::icon_button(ui, theme, Icon::X, &remove, "").clicked() {
                    cx.send(Command::EditDraft {
                        draft_id: draft.id,
                        text: String::new(),
                    });
                }
                let edit = cx.text.with("composer-edit-draft", &[("n", number.into())]);
                if widgets::icon_button(ui, theme, Icon::Pencil, &edit, "").clicked() {
                    self.edited = Some((draft.id, draft.text.clone()));
                    cx.focus(ui, field(draft.id));
                }
                if let Some(words) = recipient(cx, &draft.to) {
                    let profile = draft.to.profile.as_ref();
                    let icon = profile.map_or(Icon::Bot, |profile| phrase::agent_icon(&profile.executor));
                    widgets::chip(ui, theme, Some(icon), &words, theme.colors.text_soft);
                }
                ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.add(egui::Label::new(theme.text(widgets::shown(first))).truncate());
                });
            });
            wanted
        })
        .inner
    }

    /// What a draft is dragged by, and moved by the keyboard.
    fn handle(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        (at, total): (usize, usize),
        draft: &Draft,
    ) -> Option<Move> {
        let theme = cx.theme;
        let label = cx.text.with("composer-move-draft", &[("n", (at + 1).into())]);
        let size = egui::vec2(theme.space.icon, theme.space.control);
        let (_, rect) = ui.allocate_space(size);
        let id = Id::unique(("draft handle", draft.id));
        let response = ui.interact(rect, id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
        let color = if response.hovered() || response.has_focus() {
            theme.colors.text
        } else {
            theme.colors.text_faint
        };
        widgets::paint_icon(ui, theme, Icon::GripVertical, rect, color);
        widgets::focus_ring(ui, theme, &response, theme.radius.chip);
        if response.clicked() {
            response.request_focus();
        }
        if response.drag_started() {
            self.dragged = Some(draft.id);
        }
        let to = step(ui, response.has_focus(), (at, total));
        response.on_hover_text(&label).on_hover_cursor(CursorIcon::Grab);
        to.map(|to| Move {
            draft_id: draft.id,
            to,
        })
    }

    /// Shows where the dragged draft would go, and puts it there when it is let go.
    fn drop(&mut self, cx: &ViewContext<'_>, ui: &Ui, rects: &[Rect]) -> Option<Move> {
        let draft_id = self.dragged?;
        let pointer = ui.ctx().pointer_latest_pos();
        let to = pointer.map(|at| rects.iter().filter(|rect| rect.center().y < at.y).count());
        if ui.input(|input| input.pointer.any_released() || !input.pointer.any_down()) {
            self.dragged = None;
            return to.map(|to| Move { draft_id, to });
        }
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        if let Some(to) = to {
            let y = rects.get(to).map_or_else(
                || rects.last().map_or(0.0, |rect| rect.bottom()),
                |rect| rect.top(),
            );
            let line = Stroke::new(cx.theme.space.xxs, cx.theme.colors.accent);
            ui.painter().hline(ui.min_rect().x_range(), y, line);
        }
        None
    }

    fn edit(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, draft: &Draft) {
        let Some((_, text)) = &mut self.edited else {
            return;
        };
        let words = (cx.text.get("composer-draft"), "");
        let (_, end) = widgets::text_area(ui, cx.theme, field(draft.id), text, words, measures::ROWS);
        let (mut save, mut leave) = (end == FieldEnd::CtrlEnter, end == FieldEnd::Escape);
        ui.horizontal(|ui| {
            let button = Button::primary(cx.text.get("composer-save-draft")).key("Ctrl+Enter");
            save |= button.show(ui, cx.theme).clicked();
            leave |= Button::quiet(cx.text.get("common-cancel"))
                .show(ui, cx.theme)
                .clicked();
        });
        if save {
            cx.send(Command::EditDraft {
                draft_id: draft.id,
                text: text.clone(),
            });
        }
        if save || leave {
            self.edited = None;
        }
    }
}

/// One place up or down by Alt and an arrow: before which place of the list it comes then.
fn step(ui: &Ui, focused: bool, (at, total): (usize, usize)) -> Option<usize> {
    if !focused {
        return None;
    }
    if keys::with(ui, Modifiers::ALT, Key::ArrowUp) {
        return at.checked_sub(1);
    }
    let down = keys::with(ui, Modifiers::ALT, Key::ArrowDown);
    (down && at + 1 < total).then_some(at + 2)
}

fn recipient(cx: &ViewContext<'_>, to: &Recipient) -> Option<String> {
    let profile = to.profile.as_ref().map(|profile| profile_name(cx, profile));
    let model = to.model.clone().filter(|model| !model.is_empty());
    let parts: Vec<String> = profile.into_iter().chain(model).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn field(draft_id: DraftId) -> Id {
    Id::unique(("draft", draft_id))
}
