//! Parts of pages: a section with its heading, a setting with its words, a line of code to copy.

use super::icon_button;
use crate::{Theme, theme::measures::pages};
use egui::{Align, CornerRadius, Frame, Layout, Stroke, Ui, Vec2};
use lucide_icons::Icon;

/// A card with a heading and a line below it (may be empty).
pub fn section<R>(
    ui: &mut Ui,
    theme: &Theme,
    (title, text): (&str, &str),
    content: impl FnOnce(&mut Ui) -> R,
) -> R {
    Frame::new()
        .fill(theme.colors.column)
        .stroke(Stroke::new(theme.space.hairline, theme.colors.line))
        .corner_radius(CornerRadius::same(theme.radius.column))
        .inner_margin(theme.space.xl)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(theme.rich(title, theme.heading(), theme.colors.text));
            if !text.is_empty() {
                ui.label(theme.soft(text));
            }
            ui.add_space(theme.space.xs);
            content(ui)
        })
        .inner
}

/// What is set on the left with a line that explains it, how on the right; one above the other where it is narrow.
pub fn setting<R>(
    ui: &mut Ui,
    theme: &Theme,
    (label, hint): (&str, &str),
    control: impl FnOnce(&mut Ui) -> R,
) -> R {
    let row = |font| ui.ctx().fonts_mut(|fonts| fonts.row_height(font));
    let (name, small) = (row(&theme.body()), row(&theme.caption()));
    let words = |ui: &mut Ui| {
        ui.label(theme.text(label));
        if !hint.is_empty() {
            ui.label(theme.small(hint));
        }
    };
    let whole = ui.available_width();
    ui.spacing_mut().item_spacing.y = theme.space.xs;
    if whole < pages::CONTROL * 1.6 {
        return ui
            .vertical(|ui| {
                words(ui);
                let shown = control(ui);
                ui.add_space(theme.space.m);
                shown
            })
            .inner;
    }
    let left = whole - pages::CONTROL - theme.space.xxl;
    let shown = ui.horizontal_top(|ui| {
        let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.x, 0.0);
        let down = Layout::top_down(Align::Min);
        ui.allocate_ui_with_layout(Vec2::new(left, 0.0), down, |ui| {
            ui.set_width(left);
            if hint.is_empty() {
                ui.add_space(((theme.space.control - name) / 2.0).max(0.0).round());
            }
            words(ui);
        });
        ui.add_space(theme.space.xxl);
        ui.allocate_ui_with_layout(Vec2::new(pages::CONTROL, 0.0), down, |ui| {
            ui.set_width(pages::CONTROL);
            if !hint.is_empty() {
                let tall = name + theme.space.xs + small;
                ui.add_space(((tall - theme.space.control) / 2.0).max(0.0).round());
            }
            ui.spacing_mut().item_spacing.x = gap;
            control(ui)
        })
        .inner
    });
    ui.add_space(theme.space.m);
    shown.inner
}

/// A row that is filled from the right and no higher than its controls.
pub fn at_right<R>(ui: &mut Ui, theme: &Theme, content: impl FnOnce(&mut Ui) -> R) -> R {
    let size = Vec2::new(ui.available_width(), theme.space.control);
    let layout = Layout::right_to_left(Align::Center);
    ui.allocate_ui_with_layout(size, layout, content).inner
}

/// A line of code with a button that copies it. True: it was pressed.
pub fn code_line(ui: &mut Ui, theme: &Theme, code: &str, copy: &str) -> bool {
    let frame = Frame::new()
        .fill(theme.colors.hover)
        .corner_radius(CornerRadius::same(theme.radius.control))
        .inner_margin(egui::Margin::from(Vec2::new(theme.space.m, 0.0)));
    let shown = frame.show(ui, |ui| {
        at_right(ui, theme, |ui| {
            let pressed = icon_button(ui, theme, Icon::Copy, copy, "").clicked();
            let rest = Layout::left_to_right(Align::Center);
            ui.with_layout(rest, |ui| ui.add(egui::Label::new(theme.code(code)).truncate()));
            pressed
        })
    });
    shown.inner
}
