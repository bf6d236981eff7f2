//! Menus: rows of words with their keys, opened by a button or the secondary button of the pointer.

use super::{button::paint_icon, focus_ring, key_hint, paint_row};
use crate::{Theme, theme::measures::widgets as measures};
use egui::{
    CornerRadius, Key, Order, Popup, Rect, Response, Sense, Stroke, Ui, Vec2, WidgetInfo, accesskit::Role,
    containers::menu::SubMenu, pos2,
};
use lucide_icons::Icon;

/// A row of a menu. Closes the menu when pressed.
pub fn menu_item(ui: &mut Ui, theme: &Theme, icon: Icon, label: &str, key: &str) -> bool {
    let response = row(ui, theme, icon, label, |ui| {
        if !key.is_empty() {
            key_hint(ui, theme, key);
        }
    });
    let pressed = response.clicked();
    if pressed {
        ui.close();
    }
    pressed
}

/// A row that opens a further menu beside it.
pub fn submenu(ui: &mut Ui, theme: &Theme, icon: Icon, label: &str, items: impl FnOnce(&mut Ui)) {
    let response = row(ui, theme, icon, label, |ui| {
        super::mark(ui, theme, Icon::ChevronRight, theme.colors.text_soft);
    });
    let open = SubMenu::new().show(ui, &response, |ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        items(ui);
    });
    super::unfolds(&response, open.is_some());
}

/// A line between rows that belong together.
pub fn menu_line(ui: &mut Ui, theme: &Theme) {
    let size = Vec2::new(wide(ui, measures::MENU), 2.0 * theme.space.xs);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let stroke = Stroke::new(theme.space.hairline, theme.colors.line);
    let y = rect.center().y.round();
    ui.painter()
        .hline(rect.shrink2(Vec2::new(theme.space.m, 0.0)).x_range(), y, stroke);
}

/// Paints a row, with what stands at its right end.
fn row(ui: &mut Ui, theme: &Theme, icon: Icon, label: &str, right: impl FnOnce(&mut Ui)) -> Response {
    let space = &theme.space;
    let text = super::clipped(ui, label, theme.body(), theme.colors.text, f32::INFINITY, 1);
    let least = text.size().x + space.icon + 4.0 * space.m;
    let known = wide(ui, least.ceil());
    let (rect, response) = ui.allocate_exact_size(Vec2::new(known, space.row), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, label));
    if response.hovered() || response.has_focus() {
        ui.painter()
            .rect_filled(rect, CornerRadius::same(theme.radius.control), theme.colors.hover);
    }
    let square = Rect::from_min_size(
        rect.min + Vec2::new(space.m, 0.0),
        Vec2::new(space.icon, rect.height()),
    );
    paint_icon(ui, theme, icon, square, theme.colors.text_soft);
    let left = square.right() + space.m;
    // A child that takes no room: the row has its height already.
    let place = rect.shrink2(Vec2::new(space.m, 0.0));
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(place).layout(layout));
    right(&mut child);
    let taken = match child.min_rect() {
        taken if taken.width() > 0.0 => place.right() - taken.left() + space.m,
        _ => 0.0,
    };
    wide(ui, (least + taken).ceil());
    let at = pos2(left, rect.center().y - text.size().y / 2.0);
    let room = rect.right() - left - taken;
    paint_row(ui, at, label, theme.body(), theme.colors.text, room);
    focus_ring(ui, theme, &response, theme.radius.control);
    response
}

/// As wide as the widest row of the menu: a popup alone would take all the room there is.
fn wide(ui: &Ui, least: f32) -> f32 {
    let key = ui.scope_id().with("menu width");
    let known: f32 = ui.data(|kept| kept.get_temp(key)).unwrap_or(measures::MENU);
    if least > known {
        ui.data_mut(|kept| kept.insert_temp(key, least));
        ui.ctx().request_discard("a row of the menu is wider");
    }
    known.max(least).min(ui.ctx().content_rect().width())
}

/// Makes a button open a menu below it.
pub fn menu_button(button: Response, items: impl FnOnce(&mut Ui)) -> Response {
    let popup = Popup::menu(&button);
    let id = popup.get_id();
    menu_of(popup, &button, |ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        items(ui);
    });
    super::unfolds(&button, Popup::is_id_open(&button.ctx, id));
    button
}

/// The menu of something, opened by the secondary button of the pointer where it is, or by a key below the thing itself.
pub fn context_menu(response: &Response, by_key: bool, items: impl FnOnce(&mut Ui)) {
    let ctx = &response.ctx;
    let mut popup = Popup::context_menu(response);
    let id = popup.get_id();
    if by_key {
        Popup::open_id(ctx, id);
    }
    let at_pointer = response.secondary_clicked() || Popup::position_of_id(ctx, id).is_some();
    if !at_pointer {
        popup = popup.anchor(response);
    }
    menu_of(popup, response, |ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        items(ui);
    });
}

/// Shows what a button opens: above the dialog that the button stands in, and with the keyboard back at the button when
/// Escape closes it.
pub fn menu_of(popup: Popup<'_>, button: &Response, items: impl FnOnce(&mut Ui)) {
    let ctx = button.ctx.clone();
    let opened_by_keys =
        ctx.memory(|memory| memory.has_focus(button.id) || memory.had_focus_last_frame(button.id));
    let over_a_dialog = button.layer_id.order == Order::Foreground;
    let was_open = popup.is_open();
    let popup_id = popup.get_id();
    let Some(shown) = popup.show(items) else {
        return;
    };
    if over_a_dialog {
        // egui raises what was pressed and what opens in the same frame by the order they had before: pressed fast, an
        // area that was open once before would stay below its dialog.
        ctx.set_sublayer(button.layer_id, shown.response.layer_id);
    }
    // egui takes the keyboard from everything on Escape.
    let escaped = ctx.input(|input| input.key_pressed(Key::Escape));
    let closed = was_open && !Popup::is_id_open(&ctx, popup_id);
    if closed && escaped && (over_a_dialog || opened_by_keys) {
        button.request_focus();
    }
}
