//! Buttons: one primary a view, quiet ones beside it, danger where something is lost.

use super::{clipped, focus_ring};
use crate::Theme;
use egui::{
    Color32, CornerRadius, Key, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    accesskit::Role,
};
use lucide_icons::Icon;

/// A button with text.
pub struct Button<'a> {
    label: &'a str,
    icon: Option<Icon>,
    kind: Kind,
    hint: Option<&'a str>,
    enabled: bool,
    why_not: Option<&'a str>,
    spoken: Option<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Primary,
    Quiet,
    Danger,
    Bare,
}

impl<'a> Button<'a> {
    /// The one thing to do here.
    pub fn primary(label: &'a str) -> Self {
        Self::of(label, Kind::Primary)
    }
    /// Everything else.
    pub fn quiet(label: &'a str) -> Self {
        Self::of(label, Kind::Quiet)
    }
    /// Something is lost.
    pub fn danger(label: &'a str) -> Self {
        Self::of(label, Kind::Danger)
    }
    /// Text only, until the pointer is over it.
    pub fn bare(label: &'a str) -> Self {
        Self::of(label, Kind::Bare)
    }
    /// With an icon before the text.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }
    /// With the key that does the same, shown in the button; none if empty.
    pub fn key(mut self, key: &'a str) -> Self {
        self.hint = Some(key).filter(|key| !key.is_empty());
        self
    }
    /// What a screen reader says instead of its text.
    pub fn spoken(mut self, words: &'a str) -> Self {
        self.spoken = Some(words);
        self
    }
    /// How wide it is where there is room.
    pub fn width(&self, ui: &Ui, theme: &Theme) -> f32 {
        let of = |words, font| {
            clipped(ui, words, font, theme.colors.text, f32::INFINITY, 1)
                .size()
                .x
        };
        let hint = self.hint.map(|hint| of(hint, theme.caption()));
        self.wide(theme, of(self.label, theme.title()), hint)
    }
    /// It can be pressed. If not, `why` is its tooltip.
    pub fn enabled(mut self, enabled: bool, why: &'a str) -> Self {
        self.enabled = enabled;
        self.why_not = (!enabled && !why.is_empty()).then_some(why);
        self
    }
    /// Paints it.
    pub fn show(self, ui: &mut Ui, theme: &Theme) -> Response {
        let (fill, stroke, text) = self.colors(theme);
        let available = ui.available_width();
        let label = clipped(ui, self.label, theme.title(), text, available, 1);
        let hint = self
            .hint
            .map(|hint| clipped(ui, hint, theme.caption(), text, available, 1));
        let space = &theme.space;
        let width = self.wide(theme, label.size().x, hint.as_ref().map(|hint| hint.size().x));
        let sense = if self.enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let (rect, response) = ui.allocate_exact_size(Vec2::new(width, space.control), sense);
        let name = self.spoken.unwrap_or(self.label);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, self.enabled, name));
        let fill = if self.enabled && response.is_pointer_button_down_on() {
            press(theme, fill, self.kind)
        } else if self.enabled && response.hovered() {
            lift(theme, fill, self.kind)
        } else {
            fill
        };
        let radius = CornerRadius::same(theme.radius.control);
        ui.painter().rect(
            rect,
            radius,
            fill,
            Stroke::new(space.hairline, stroke),
            StrokeKind::Inside,
        );
        let mut x = rect.left() + space.l;
        if let Some(icon) = self.icon {
            paint_icon(
                ui,
                theme,
                icon,
                Rect::from_min_size(egui::pos2(x, rect.top()), Vec2::new(space.icon, rect.height())),
                text,
            );
            x += space.icon + space.s;
        }
        let y = rect.center().y;
        ui.painter().galley(
            egui::pos2(x, y - label.size().y / 2.0).round(),
            label.clone(),
            text,
        );
        if let Some(hint) = hint {
            let at = egui::pos2(rect.right() - space.l - hint.size().x, y - hint.size().y / 2.0);
            ui.painter().galley(at.round(), hint, text);
        }
        focus_ring(ui, theme, &response, theme.radius.control);
        match self.why_not {
            Some(why) => response.on_hover_text(why),
            None => response,
        }
    }

    fn wide(&self, theme: &Theme, label: f32, hint: Option<f32>) -> f32 {
        let space = &theme.space;
        let icon = self.icon.map_or(0.0, |_| space.icon + space.s);
        let hint = hint.map_or(0.0, |hint| hint + space.m);
        (label + 2.0 * space.l + icon + hint).ceil()
    }

    fn of(label: &'a str, kind: Kind) -> Self {
        Self {
            label,
            icon: None,
            kind,
            hint: None,
            enabled: true,
            why_not: None,
            spoken: None,
        }
    }

    fn colors(&self, theme: &Theme) -> (Color32, Color32, Color32) {
        let c = &theme.colors;
        if !self.enabled {
            return (c.hover, c.line, c.text_faint);
        }
        match self.kind {
            Kind::Primary => (c.accent_fill, c.accent_fill, c.on_fill),
            Kind::Danger => (c.danger_fill, c.danger_fill, c.on_fill),
            Kind::Quiet => (c.card, c.line_strong, c.text),
            Kind::Bare => (Color32::TRANSPARENT, Color32::TRANSPARENT, c.text_soft),
        }
    }
}

/// The fill below the pointer. Filled buttons get darker, so their text stays readable.
fn lift(theme: &Theme, fill: Color32, kind: Kind) -> Color32 {
    match kind {
        Kind::Primary | Kind::Danger => fill.lerp_to_gamma(Color32::BLACK, 0.12),
        Kind::Quiet | Kind::Bare => theme.colors.hover,
    }
}

/// The fill while it is held down.
fn press(theme: &Theme, fill: Color32, kind: Kind) -> Color32 {
    match kind {
        Kind::Primary | Kind::Danger => fill.lerp_to_gamma(Color32::BLACK, 0.24),
        Kind::Quiet | Kind::Bare => theme.colors.line,
    }
}

/// A square button with an icon. Its label is its tooltip and what screen readers say; `key` is shown behind it.
pub fn icon_button(ui: &mut Ui, theme: &Theme, icon: Icon, label: &str, key: &str) -> Response {
    icon_square(ui, theme, icon, (label, key), None)
}

/// The same for something that is on or off.
pub fn icon_toggle(ui: &mut Ui, theme: &Theme, icon: Icon, words: (&str, &str), on: bool) -> Response {
    icon_square(ui, theme, icon, words, Some(on))
}

fn icon_square(
    ui: &mut Ui,
    theme: &Theme,
    icon: Icon,
    (label, key): (&str, &str),
    on: Option<bool>,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(theme.space.control), Sense::click());
    response.widget_info(|| match on {
        Some(on) => WidgetInfo::selected(Role::Button, true, on, label),
        None => WidgetInfo::labeled(Role::Button, true, label),
    });
    let is_on = on == Some(true);
    if is_on || response.hovered() || response.has_focus() {
        let fill = match response.is_pointer_button_down_on() {
            true => theme.colors.line,
            false => theme.colors.hover,
        };
        ui.painter()
            .rect_filled(rect, CornerRadius::same(theme.radius.control), fill);
    }
    let color = match (is_on, response.hovered()) {
        (true, _) => theme.colors.accent,
        (false, true) => theme.colors.text,
        (false, false) => theme.colors.text_soft,
    };
    paint_icon(ui, theme, icon, rect, color);
    focus_ring(ui, theme, &response, theme.radius.control);
    response.on_hover_ui(|ui| {
        ui.horizontal(|ui| {
            ui.label(theme.text(label));
            if !key.is_empty() {
                super::key_hint(ui, theme, key);
            }
        });
    })
}

/// An icon in a row of words, in the middle of their line.
pub fn mark(ui: &mut Ui, theme: &Theme, icon: Icon, color: Color32) -> Response {
    let size = Vec2::new(theme.space.icon, (theme.size.body * theme.size.line).ceil());
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    paint_icon(ui, theme, icon, rect, color);
    response
}

/// An icon in the middle of a rectangle.
pub fn paint_icon(ui: &Ui, theme: &Theme, icon: Icon, rect: Rect, color: Color32) {
    let galley = ui
        .painter()
        .layout_no_wrap(char::from(icon).to_string(), theme.icon(), color);
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at.round(), galley, color);
}

/// The widget was pressed: clicked, or Enter or Space while it has the keyboard (egui turns them into clicks).
#[allow(dead_code, reason = "read by panels that paint their own rows")]
pub(crate) fn pressed(response: &Response, ui: &Ui) -> bool {
    response.clicked()
        || (response.has_focus()
            && !crate::keys::composing(ui.ctx())
            && ui.input(|i| i.key_pressed(Key::Enter)))
}
