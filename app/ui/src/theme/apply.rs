//! How the tokens reach egui's style.

use super::Theme;
use egui::{
    Color32, CornerRadius, FontId, Margin, Shadow, Stroke, Style, TextStyle, Vec2, Visuals,
    style::{ScrollStyle, Selection, WidgetVisuals, Widgets},
};
use std::collections::BTreeMap;

/// Sets the style for both of egui's themes: which one is on is our choice, not egui's.
pub(super) fn apply(theme: &Theme, ctx: &egui::Context) {
    ctx.set_theme(if theme.dark {
        egui::Theme::Dark
    } else {
        egui::Theme::Light
    });
    let reading = theme.clone();
    ctx.all_styles_mut(move |style| restyle(&reading, style));
}

fn restyle(theme: &Theme, style: &mut Style) {
    style.text_styles = text_styles(theme);
    style.animation_time = theme.motion.move_s;
    style.interaction.tooltip_delay = theme.motion.tooltip_s;
    let space = &mut style.spacing;
    space.item_spacing = Vec2::splat(theme.space.m);
    space.button_padding = Vec2::new(theme.space.l, theme.space.xs);
    space.interact_size.y = theme.space.control;
    space.window_margin = Margin::same(16);
    space.menu_margin = Margin::same(6);
    space.icon_width = theme.space.icon;
    space.tooltip_width = 360.0;
    space.menu_width = 220.0;
    space.scroll = ScrollStyle {
        bar_width: 6.0,
        floating_allocated_width: 0.0,
        ..ScrollStyle::floating()
    };
    style.visuals = visuals(theme);
}

fn text_styles(theme: &Theme) -> BTreeMap<TextStyle, FontId> {
    BTreeMap::from([
        (TextStyle::Small, theme.caption()),
        (TextStyle::Body, theme.body()),
        (TextStyle::Button, theme.body()),
        (TextStyle::Monospace, theme.mono()),
        (TextStyle::Heading, theme.heading()),
    ])
}

fn visuals(theme: &Theme) -> Visuals {
    let c = &theme.colors;
    let base = if theme.dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    Visuals {
        override_text_color: None,
        weak_text_color: Some(c.text_soft),
        widgets: widgets(theme),
        selection: Selection {
            bg_fill: c.selection,
            stroke: Stroke::new(1.0, c.accent),
        },
        hyperlink_color: c.accent_text,
        faint_bg_color: c.column,
        extreme_bg_color: c.bg,
        text_edit_bg_color: Some(c.bg),
        code_bg_color: c.hover,
        warn_fg_color: c.amber,
        error_fg_color: c.red,
        window_corner_radius: CornerRadius::same(theme.radius.column),
        window_shadow: shadow(c.shadow, 12, 32),
        window_fill: c.floating,
        window_stroke: Stroke::new(1.0, c.line_strong),
        menu_corner_radius: CornerRadius::same(theme.radius.card),
        panel_fill: c.bg,
        popup_shadow: shadow(c.shadow, 10, 24),
        button_frame: true,
        ..base
    }
}

fn shadow(color: Color32, down: i8, blur: u8) -> Shadow {
    Shadow {
        offset: [0, down],
        blur,
        spread: 0,
        color,
    }
}

fn widgets(theme: &Theme) -> Widgets {
    let c = &theme.colors;
    let of = |fill: Color32, stroke: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, stroke),
        corner_radius: CornerRadius::same(theme.radius.control),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: of(c.column, c.line, c.text),
        inactive: of(c.card, c.line_strong, c.text),
        hovered: of(c.hover, c.line_strong, c.text),
        active: of(c.hover, c.accent, c.text),
        open: of(c.hover, c.line_strong, c.text),
    }
}
