//! The palette: commands, tasks and attempts by name (Ctrl+K).

mod items;

use crate::{
    ViewContext, keys,
    theme::measures::{palette as measures, widgets::DIALOG},
    widgets::{self, VirtualList, key_hint, paint_icon, paint_row, text_field},
};
use egui::{
    Align, Align2, Area, CornerRadius, Frame, Id, Key, Layout, Modal, Modifiers, Rect, Sense, Ui, UiBuilder,
    WidgetInfo, accesskit::Role, pos2, vec2,
};
use items::Item;

/// The palette, a dialog.
#[derive(Default)]
pub struct Palette {
    text: String,
    chosen: usize,
    list: VirtualList,
    found: Vec<Item>,
    /// What was found for which text in which state.
    found_for: Option<(String, u64)>,
    open: bool,
    /// The field has had the keyboard.
    focused: bool,
}

impl Palette {
    /// Paints it.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let id = Id::unique("palette field");
        if !self.open {
            *self = Self {
                open: true,
                ..Self::default()
            };
        }
        // Not at once: the first frame of a dialog only measures it.
        if !self.focused {
            cx.focus(ui, id);
            ui.ctx().request_repaint();
        }
        self.find(cx);
        let enter = self.keys(ui);
        let place = Area::new(Id::unique("palette")).anchor(Align2::CENTER_TOP, vec2(0.0, measures::TOP));
        let frame = Frame::window(ui.style()).inner_margin(cx.theme.space.m);
        let modal = Modal::new(Id::unique("palette"))
            .area(place)
            .frame(frame)
            .backdrop_color(cx.theme.colors.veil);
        let shown = modal.show(ui.ctx(), |ui| {
            ui.set_width(DIALOG);
            let (label, hint) = (cx.text.get("palette-name"), cx.text.get("palette-hint"));
            let (field, end) = text_field(ui, cx.theme, id, &mut self.text, label, hint);
            self.focused |= field.has_focus();
            let clicked = self.list(cx, ui);
            (end, clicked)
        });
        let (end, clicked) = shown.inner;
        let wanted = if enter || end == widgets::FieldEnd::Enter {
            Some(self.chosen)
        } else {
            clicked
        };
        if let Some(item) = wanted.and_then(|at| self.found.get(at)) {
            // Closed first: what it does may open another dialog.
            let does = item.does.clone();
            self.close(cx);
            does.run(cx, ui.ctx());
        } else if end == widgets::FieldEnd::Escape || shown.should_close() {
            self.close(cx);
        }
    }

    fn close(&mut self, cx: &ViewContext<'_>) {
        self.open = false;
        cx.close_dialog();
    }

    fn find(&mut self, cx: &ViewContext<'_>) {
        let wanted = (self.text.clone(), cx.state.revision);
        if self.found_for.as_ref() == Some(&wanted) {
            return;
        }
        if self.found_for.as_ref().is_none_or(|(text, _)| *text != self.text) {
            self.chosen = 0;
        }
        self.found = items::find(cx, &self.text);
        self.chosen = self.chosen.min(self.found.len().saturating_sub(1));
        self.found_for = Some(wanted);
    }

    /// Up and down move the choice while the field keeps the keyboard.
    fn keys(&mut self, ui: &Ui) -> bool {
        let last = self.found.len().saturating_sub(1);
        if keys::with(ui, Modifiers::NONE, Key::ArrowDown) {
            self.choose(if self.chosen == last { 0 } else { self.chosen + 1 });
        }
        if keys::with(ui, Modifiers::NONE, Key::ArrowUp) {
            self.choose(self.chosen.checked_sub(1).unwrap_or(last));
        }
        keys::with(ui, Modifiers::NONE, Key::Enter)
    }

    fn choose(&mut self, at: usize) {
        self.chosen = at;
        self.list.reveal(at as u64);
    }

    fn list(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) -> Option<usize> {
        ui.add_space(cx.theme.space.xs);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measures::LIST), Sense::hover());
        let mut clicked = None;
        ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
            if self.found.is_empty() {
                ui.add_space(cx.theme.space.xl);
                ui.vertical_centered(|ui| ui.label(cx.theme.faint(cx.text.get("palette-nothing"))));
                return;
            }
            let row = cx.theme.space.row + cx.theme.space.xs;
            let label = cx.text.get("palette-name");
            let (found, chosen) = (&self.found, self.chosen);
            self.list
                .fixed(ui, cx.theme, (label, found.len() as u64, row), |ui, at| {
                    let at = at as usize;
                    if let Some(item) = found.get(at)
                        && row_ui(cx, ui, item, at == chosen)
                    {
                        clicked = Some(at);
                    }
                });
        });
        clicked
    }
}

fn row_ui(cx: &ViewContext<'_>, ui: &mut Ui, item: &Item, chosen: bool) -> bool {
    let theme = cx.theme;
    let rect = ui.max_rect();
    let response = widgets::opens(ui.interact(rect, ui.scope_id().with("item"), Sense::click()));
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &item.name));
    widgets::chosen(&response, chosen);
    if chosen || response.hovered() {
        ui.painter()
            .rect_filled(rect, CornerRadius::same(theme.radius.control), theme.colors.hover);
    }
    let square = Rect::from_min_size(
        rect.min + vec2(theme.space.m, 0.0),
        vec2(theme.space.icon, rect.height()),
    );
    paint_icon(
        ui,
        theme,
        item.icon,
        square,
        if chosen {
            theme.colors.accent
        } else {
            theme.colors.text_soft
        },
    );
    let inside = Rect::from_min_max(
        pos2(square.right() + theme.space.m, rect.top()),
        rect.max - vec2(theme.space.m, 0.0),
    );
    let layout = Layout::right_to_left(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(inside).layout(layout), |ui| {
        if !item.key.is_empty() {
            key_hint(ui, theme, item.key);
        }
        if !item.note.is_empty() {
            ui.label(theme.small(&item.note));
        }
        let left = ui.available_rect_before_wrap();
        let y = rect.center().y - theme.size.body * theme.size.line / 2.0;
        paint_row(
            ui,
            pos2(inside.left(), y),
            &item.name,
            theme.body(),
            theme.colors.text,
            left.width(),
        );
    });
    response.clicked()
}
