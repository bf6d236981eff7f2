//! The queued drafts, in the order they will be sent, each to be edited or taken out.

use crate::{
    ViewContext,
    theme::measures::composer as measures,
    widgets::{self, Button, FieldEnd},
};
use anyon_model::*;
use egui::{Id, Layout, ScrollArea, Ui};
use lucide_icons::Icon;
use std::sync::Arc;

/// View state of the queue.
#[derive(Default)]
pub struct Queue {
    /// The draft that is edited, and its text.
    edited: Option<(DraftId, String)>,
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
        ScrollArea::vertical()
            .id_salt("queue")
            .max_height(measures::QUEUE_MAX)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                for (at, draft) in drafts.iter().enumerate() {
                    match &self.edited {
                        Some((edited, _)) if *edited == draft.id => self.edit(cx, ui, draft),
                        _ => self.line(cx, ui, at + 1, draft),
                    }
                }
            });
        ui.add_space(theme.space.xs);
    }

    fn line(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, number: usize, draft: &Draft) {
        let theme = cx.theme;
        let first = draft.text.trim().lines().next().unwrap_or_default();
        ui.horizontal(|ui| {
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
                ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.add(egui::Label::new(theme.text(widgets::shown(first))).truncate());
                });
            });
        });
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

fn field(draft_id: DraftId) -> Id {
    Id::unique(("draft", draft_id))
}
