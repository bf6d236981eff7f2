//! A line of a list that can be pressed: a mark, a name, more behind or below it, something at the right.

use super::{
    button::{icon_button, paint_icon},
    clipped, focus_ring,
};
use crate::{Theme, theme::measures::pages};
use egui::{
    Color32, CornerRadius, Rect, Response, Sense, Ui, UiBuilder, Vec2, WidgetInfo, accesskit::Role, pos2,
};
use lucide_icons::Icon;

/// A line of a list.
pub struct Line<'a> {
    /// The mark before it.
    pub icon: Icon,
    /// The mark's colour.
    pub tint: Color32,
    /// Its name.
    pub name: &'a str,
    /// Small print: below the name if the line is tall, else not shown.
    pub more: &'a str,
    /// A word at the right.
    pub right: &'a str,
    /// It is the chosen one.
    pub chosen: bool,
    /// It has two rows of text.
    pub tall: bool,
}

impl Line<'_> {
    /// Paints it over the whole width.
    pub fn show(&self, ui: &mut Ui, theme: &Theme) -> Response {
        let (c, space) = (&theme.colors, &theme.space);
        let height = if self.tall { pages::ROW } else { space.row };
        let size = Vec2::new(ui.available_width(), height);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let response = super::opens(response);
        let label = self.label();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
        super::chosen(&response, self.chosen);
        if self.chosen || response.hovered() {
            let radius = CornerRadius::same(theme.radius.control);
            ui.painter().rect_filled(rect, radius, c.hover);
        }
        let mark = Rect::from_min_size(rect.min + Vec2::new(space.m, 0.0), Vec2::new(space.icon, height));
        paint_icon(ui, theme, self.icon, mark, self.tint);
        let end = self.paint_right(ui, theme, rect);
        self.paint_words(ui, theme, rect, (mark.right() + space.m, end));
        focus_ring(ui, theme, &response, theme.radius.control);
        response
    }

    /// Paints it with a button at its right end, in the middle of its height. Gives the line and the button.
    pub fn show_beside(
        &self,
        ui: &mut Ui,
        theme: &Theme,
        (icon, label): (Icon, &str),
    ) -> (Response, Response) {
        let space = &theme.space;
        let height = if self.tall { pages::ROW } else { space.row };
        let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::hover());
        let right = Rect::from_center_size(
            pos2(rect.right() - space.control / 2.0, rect.center().y),
            Vec2::splat(space.control),
        );
        let left = rect.with_max_x(right.left() - space.xs);
        let inside = |rect: Rect| UiBuilder::new().max_rect(rect);
        let line = ui.scope_builder(inside(left), |ui| self.show(ui, theme)).inner;
        let button = ui.scope_builder(inside(right), |ui| icon_button(ui, theme, icon, label, ""));
        (line, button.inner)
    }

    fn label(&self) -> String {
        let parts = [self.name, self.more, self.right];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    }

    /// Gives the x where it begins.
    fn paint_right(&self, ui: &Ui, theme: &Theme, rect: Rect) -> f32 {
        let space = &theme.space;
        let color = theme.colors.text_soft;
        let text = clipped(ui, self.right, theme.caption(), color, rect.width() / 2.0, 1);
        let at = pos2(
            rect.right() - space.m - text.size().x,
            rect.center().y - text.size().y / 2.0,
        );
        let begins = if self.right.is_empty() { rect.right() } else { at.x };
        ui.painter().galley(at.round(), text, color);
        begins - space.m
    }

    fn paint_words(&self, ui: &Ui, theme: &Theme, rect: Rect, (left, right): (f32, f32)) {
        let c = &theme.colors;
        let width = (right - left).max(0.0);
        let name = clipped(ui, self.name, theme.body(), c.text, width, 1);
        let below = self.tall && !self.more.is_empty();
        let more = below.then(|| clipped(ui, self.more, theme.caption(), c.text_soft, width, 1));
        let tall = name.size().y + more.as_ref().map_or(0.0, |more| more.size().y);
        let top = rect.center().y - tall / 2.0;
        let second = top + name.size().y;
        ui.painter().galley(pos2(left, top).round(), name, c.text);
        if let Some(more) = more {
            ui.painter().galley(pos2(left, second).round(), more, c.text_soft);
        }
    }
}
